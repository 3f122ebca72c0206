"""What is done to a criteria set that is being built, for the test of the history."""

from decimal import Decimal

from archiveportal.history.services import digest
from criteria.building.services import bands, crosswalk, leaves, sections, sets
from criteria.models import Bar, CriteriaSet, Criterion, LegalAct, Section


def build_a_set(watch, cast):
    """From nothing: head, sections, criteria, bands, a bar; then proposed and taken back."""
    by = cast.approver
    made = watch(sets.create_set, criteria_set=CriteriaSet(code="dung-thu", name="Bộ dựng thử"), by=by)
    made_on = sets.head_digest(made)
    made.announced_total, made.allows_excused = Decimal(4), True
    rows = sets.HeadRows([(LegalAct.objects.first(), "Điều 1")], ["xa"])
    watch(sets.edit_head, criteria_set=made, rows=rows, made_on=made_on, by=by)
    one, two, three = (
        watch(sections.add_section, section=Section(criteria_set=made, title=title), by=by)
        for title in ("Một", "Hai", "Ba")
    )
    _build_leaves(watch, made, one, two, by)
    watch(sections.move_section, section=two, is_up=True, by=by)
    one.refresh_from_db()
    made_on = digest(one, sections.SECTION_FIELDS)
    one.points = Decimal(1)
    watch(sections.edit_section, section=one, made_on=made_on, by=by)
    watch(sections.remove_section, section=three, by=by)
    _build_bands(watch, made, by)
    made.refresh_from_db()
    two.refresh_from_db()
    watch(leaves.group_leaves, criteria_set=made, criteria=[one.leaves.first()], section=two, by=by)
    watch(sets.propose_set, criteria_set=made, by=by)
    watch(sets.take_back_to_draft, criteria_set=made, by=by)


def _build_leaves(watch, made, one, two, by):
    for section, points in ((one, 2), (one, 1), (two, 1)):
        fresh = Criterion(criteria_set=made, section=section, name=f"Có kho {points}", points=Decimal(points))
        leaf = watch(leaves.add_leaf, criterion=fresh, by=by)
    gone = watch(leaves.add_leaf, criterion=Criterion(criteria_set=made, section=two, name="Thừa"), by=by)
    watch(leaves.move_leaf, criterion=gone, is_up=True, by=by)
    watch(leaves.remove_leaf, criterion=gone, by=by)
    leaf.refresh_from_db()
    made_on = leaves.leaf_digest(leaf)
    leaf.kind, leaf.points = "choice", Decimal(1)
    rows = leaves.LeafRows(
        options=[("Đủ", Decimal(1)), ("Không", Decimal(0))],
        citations=[(LegalAct.objects.first(), "Điều 2")],
        notes=["Chưa có."],
        recommendation="Bố trí kho",
    )
    watch(leaves.edit_leaf, criterion=leaf, rows=rows, made_on=made_on, by=by)


def _build_bands(watch, made, by):
    typed = [
        bands.TypedBand(key=None, label="", lower=Decimal(50), upper=None),
        bands.TypedBand(key=None, label="Chưa đạt", lower=Decimal(0), upper=Decimal(50)),
    ]
    watch(
        bands.edit_bands,
        criteria_set=made,
        bands_by="percent",
        bands=typed,
        made_on=bands.bands_digest(made),
        by=by,
    )
    lowest, criterion = made.bands.last(), made.criteria.first()
    bar = Bar(criteria_set=made, highest_band=lowest)
    bar = watch(bands.add_bar, bar=bar, conditions=[bands.TypedCondition(criterion, "not_met")], by=by)
    other = [bands.TypedCondition(criterion, "excused")]
    watch(bands.edit_bar, bar=bar, conditions=other, made_on=bands.bar_digest(bar), by=by)
    watch(bands.remove_bar, bar=bar, by=by)


def compare_sets(watch, cast):
    """A copy under another code, whose crosswalk is corrected; plain groups become sections."""
    source = CriteriaSet.objects.get(code="gd1", version=1)
    copied = CriteriaSet(code="sao-thu", name="Bộ sao thử")
    made = watch(sets.create_set, criteria_set=copied, copied_from=source, by=cast.approver)
    watch(sets.make_sections_of_groups, criteria_set=made, by=cast.approver)
    stored = crosswalk.crosswalk_of(made)
    first = stored.lines[0]
    watch(
        crosswalk.edit_crosswalk,
        criteria_set=made,
        lines=[crosswalk.CrosswalkLine(first.new, (), "new")],
        dropped=first.old,
        made_on=stored.digest,
        by=cast.approver,
    )


STORIES = (build_a_set, compare_sets)
