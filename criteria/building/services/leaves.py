"""Writing the criteria of a set that is being built, with their options, steps, acts and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, count
from typing import Any

from django.db import transaction
from django.db.models import F, Model, ProtectedError
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Via
from archiveportal.history.services import Stale, differences, digest, digest_of_values, record, refuse_stale
from archiveportal.refusal import Refused
from archiveportal.vietnamese import number
from criteria.building.outline import MOST_CRITERIA, outline_of
from criteria.building.services.arranging import arrange, locked_set, numbers_that_follow, write_arrangement
from criteria.models import Citation, CriteriaSet, Criterion, Crossing, LegalAct, Option, RatioStep, Section
from criteria.recommendations import own_sentence, write_sentence
from criteria.services import ASKED_FIELDS, REWORDED, mark_reworded
from criteria.stock_notes import stock_notes, write_notes

#: what people enter of a criterion
LEAF_FIELDS = (
    *("section", "parent", "kind", "printed_number", "name", "name_en", "heading", "points", "sign", "is_counted"),
    *("fact_kind", "fact_label", "fact_unit", "fact_minimum", "threshold", "threshold_rule", "deadline"),
    *("indicator", "check_way", "evidence_needed", "needs_evidence", "needs_explanation", "guidance", "legal_basis"),
)
#: what follows from its kind and its place
FOLLOWING_FIELDS = ("has_outcome", "number", "position", "group", "group_en")
#: places of options step aside by so much while they are written anew
OPTIONS_ASIDE = 1_000
Kind = Criterion.Kind
#: what a kind has and others have not, with the value for the others
OF_KIND: dict[str, tuple[Any, set[str]]] = {
    "threshold": (None, {Kind.MEASURE}),
    "threshold_rule": (Criterion.ThresholdRule.AT_LEAST, {Kind.MEASURE}),
    "deadline": (None, {Kind.DATE}),
}


@dataclass(frozen=True)
class LeafRows:
    """The rows of a criterion, in order."""

    #: words and points
    options: Sequence[tuple[str, Decimal]] = ()
    #: lowest percentage and points
    steps: Sequence[tuple[Decimal, Decimal]] = ()
    #: acts with their articles
    citations: Sequence[tuple[LegalAct, str]] = ()
    #: stock sentences, which hold for all versions of the set
    notes: Sequence[str] = field(default_factory=list)
    #: proposed where it is not met, in all versions of the set
    recommendation: str = ""

    @property
    def words(self) -> dict[str, str]:
        """Return the rows as one text each, for the history and the digest."""
        return {
            "options": "; ".join(f"{text} = {number(points)}" for text, points in self.options),
            "steps": "; ".join(f"≥ {number(percent)}% = {number(points)}" for percent, points in self.steps),
            "citations": "; ".join(", ".join(filter(None, [articles, str(act)])) for act, articles in self.citations),
            "stock_notes": "\n".join(self.notes),
            "recommendation": self.recommendation,
        }


def rows_of(criterion: Criterion) -> LeafRows:
    """Return the stored rows of a criterion, in five queries."""
    options, steps = Option.objects.filter(criterion=criterion), RatioStep.objects.filter(criterion=criterion)
    citations = Citation.objects.filter(criterion=criterion).select_related("act")
    return LeafRows(
        options=[(row.text, row.points) for row in options.order_by("position")],
        steps=[(row.lower_percent, row.points) for row in steps.order_by("lower_percent")],
        citations=[(row.act, row.articles) for row in citations.order_by("pk")],
        notes=stock_notes(criterion.criteria_set).get(criterion.code, []),
        recommendation=own_sentence(criterion),
    )


def leaf_digest(criterion: Criterion, rows: LeafRows | None = None) -> str:
    """Digest a stored criterion and its rows, to see later whether a colleague changed them."""
    words = (rows or rows_of(criterion)).words
    return f"{digest(criterion, LEAF_FIELDS)}.{digest_of_values(list(words.values()))}"


@transaction.atomic
def add_leaf(*, criterion: Criterion, rows: LeafRows | None = None, by: User, via: str = Via.PAGE) -> Criterion:
    """Add a criterion as the last one of its section, or of the parts of its parent."""
    criteria_set = locked_set(criterion.criteria_set, by)
    outline = outline_of(criteria_set)
    stored = [*outline.criteria, *outline.lost_criteria]
    if len(stored) >= MOST_CRITERIA:
        raise Refused(_("A set has %(count)d criteria at most.") % {"count": MOST_CRITERIA})
    rows = rows or LeafRows()
    _settle(criterion, rows, stored)
    following = numbers_that_follow(outline)
    criterion.code = _free_code({row.code for row in stored}, is_fact=criterion.kind == Kind.FACT)
    criterion.position = len(stored) + 1
    if criterion.is_counted:
        criterion.number = len(stored) + 1
    criterion.save(force_insert=True)
    arrange(criteria_set, following)
    _write_rows(criterion, rows)
    criterion.refresh_from_db()
    names = (*LEAF_FIELDS, *FOLLOWING_FIELDS)
    stated = {name: (None, getattr(criterion, name)) for name in names if getattr(criterion, name)}
    words = {name: (None, text) for name, text in rows.words.items() if text}
    record(about=criterion, by=by, via=via, action=Action.CREATED, changes=stated | words)
    return criterion


@transaction.atomic
def edit_leaf(*, criterion: Criterion, rows: LeafRows, made_on: str, by: User, via: str = Via.PAGE) -> None:
    """Save what differs of a criterion and of its rows; in another section it becomes the last one.

    Raises `Stale`, and `Refused` for what cannot be, each by its field.
    """
    criteria_set = locked_set(criterion.criteria_set, by)
    outline = outline_of(criteria_set)
    before = Criterion.objects.select_related("criteria_set").get(pk=criterion.pk)
    stored_rows = rows_of(before)
    _refuse_stale_leaf(before, criterion, rows=stored_rows, made_on=made_on)
    _settle(criterion, rows, outline.criteria)
    changes = differences(before, criterion, LEAF_FIELDS)
    pairs = zip(stored_rows.words.items(), rows.words.values(), strict=True)
    changes |= {name: (old, new) for (name, old), new in pairs if old != new}
    if not changes:
        return
    following = numbers_that_follow(outline)
    if "printed_number" in changes:
        following -= {("criterion", criterion.pk)}
    if {"section", "parent"} & changes.keys():
        criterion.position = len(outline.criteria) + len(outline.lost_criteria) + 1
    criterion.number = _number_meanwhile(criterion, before, len(outline.criteria))
    criterion.save()
    arrange(criteria_set, following)
    _write_rows(criterion, rows)
    if changes.keys() & ASKED_FIELDS and mark_reworded(criterion):
        changes |= {"relation": REWORDED}
    changes |= differences(before, Criterion.objects.get(pk=criterion.pk), (*LEAF_FIELDS, *FOLLOWING_FIELDS))
    record(about=before, by=by, via=via, changes=changes)


def _number_meanwhile(criterion: Criterion, before: Criterion, most: int) -> int | None:
    """Return a running number that no other criterion has, until all are numbered anew."""
    if not criterion.is_counted:
        return None
    return before.number or most + 1


@transaction.atomic
def move_leaf(*, criterion: Criterion, is_up: bool, by: User, via: str = Via.PAGE) -> None:
    """Change places with the criterion above or below, within the section; at the end nothing happens."""
    criteria_set = locked_set(criterion.criteria_set, by)
    outline = outline_of(criteria_set)
    following = numbers_that_follow(outline)
    siblings = outline.siblings_of(criterion)
    place = next(place for place, leaf in enumerate(siblings) if leaf.criterion.pk == criterion.pk)
    beside = place - 1 if is_up else place + 1
    if beside not in range(len(siblings)):
        return
    siblings[place], siblings[beside] = siblings[beside], siblings[place]
    write_arrangement(outline, following)
    record(about=criteria_set, by=by, via=via, name=str(criterion), changes={"place": (place + 1, beside + 1)})


@transaction.atomic
def group_leaves(
    *, criteria_set: CriteriaSet, criteria: Sequence[Criterion], section: Section, by: User, via: str = Via.PAGE
) -> int:
    """Put criteria, in their order, at the end of a section; return how many. Parts go with their whole."""
    criteria_set = locked_set(criteria_set, by)
    if section.criteria_set_id != criteria_set.pk:
        raise Refused(_("Choose a section of this set."))
    outline = outline_of(criteria_set)
    following = numbers_that_follow(outline)
    chosen = {criterion.pk for criterion in criteria}
    standing = chain.from_iterable(branch.leaves for branch in outline.top.walk())
    moved = [leaf for leaf in standing if leaf.criterion.pk in chosen]
    if not moved:
        raise Refused(_("Choose the criteria first."))
    last = len(outline.criteria)
    for leaf in moved:
        for each in (leaf, *leaf.parts):
            last += 1
            each.criterion.section, each.criterion.position = section, last
            each.criterion.save(update_fields=["section", "position"])
    arrange(criteria_set, following)
    names = "; ".join(str(leaf.criterion) for leaf in moved)
    record(about=criteria_set, by=by, via=via, name=names, changes={"section": (None, section.title)})
    return len(moved)


@transaction.atomic
def remove_leaf(*, criterion: Criterion, by: User, via: str = Via.PAGE) -> None:
    """Take away a criterion with its parts. Raises `Refused` where something rests on it."""
    criteria_set = locked_set(criterion.criteria_set, by)
    outline = outline_of(criteria_set)
    following = numbers_that_follow(outline)
    leaf = outline.leaf_of(criterion)
    gone = [*(part.criterion for part in leaf.parts), leaf.criterion]
    keys = [row.pk for row in gone]
    # What was said of how it came about goes with it; its forerunner is undecided again.
    Crossing.objects.filter(criteria_set=criteria_set, new_criterion__in=keys).delete()
    for model in (Option, RatioStep, Citation):
        _refuse_kept(lambda model=model: model.objects.filter(criterion__in=keys).delete())
    for row in gone:
        _refuse_kept(row.delete)
    arrange(criteria_set, following)
    record(about=criteria_set, by=by, via=via, name=str(criterion), changes={"criterion": (criterion.name, None)})


def _refuse_kept(delete: Any) -> None:
    try:
        delete()
    except ProtectedError as kept:
        raise Refused(_why_kept({type(row) for row in kept.protected_objects})) from kept


def _why_kept(kinds: set[type[Model]]) -> str:
    """Say what rests on a row that was to go, and what to change first."""
    if Crossing in kinds:
        return _("The crosswalk of a later version names a criterion that would go. Change that version.")
    if Criterion in kinds:
        return _("Another criterion goes with this one. Remove that one first.")
    return _("It has answers, or a bar names it, so it stays. Change the bar first.")


def _settle(criterion: Criterion, rows: LeafRows, stored: Sequence[Criterion]) -> None:
    """Fill in what follows from the kind, and refuse what cannot be."""
    criterion.has_outcome = criterion.kind not in Criterion.UNSCORED
    criterion.is_counted = criterion.is_counted and criterion.has_outcome
    for name, (empty, kinds) in OF_KIND.items():
        if criterion.kind not in kinds:
            setattr(criterion, name, empty)
    criterion.heading = criterion.heading or _shortened(criterion.name, 80)
    if criterion.section and criterion.section.criteria_set_id != criterion.criteria_set_id:
        raise Refused({"section": _("Choose a section of this set.")})
    if criterion.section_id is None and not criterion.group:
        criterion.group = criterion.criteria_set.name[:300]
    _settle_parent(criterion, stored)
    _refuse_bad_points(criterion, rows)
    _refuse_bad_indicator(criterion, stored)


def _settle_parent(criterion: Criterion, stored: Sequence[Criterion]) -> None:
    """Parts stand in the section of what they add up to."""
    by_key: dict[int | None, Criterion] = {row.pk: row for row in stored}
    before, whole = by_key.get(criterion.pk), by_key.get(criterion.parent_id)
    if before and before.kind == Kind.PARTS != criterion.kind and _has_parts(criterion, stored):
        raise Refused({"kind": _("It has parts. Remove them, or give them another place, first.")})
    is_own_part = whole is not None and criterion.pk is not None and whole.parent_id == criterion.pk
    if is_own_part or (criterion.parent_id and whole is None):
        raise Refused({"parent": _("Choose another criterion of this set, not one of its own parts.")})
    if whole is None or whole.kind != Kind.PARTS:
        return
    if criterion.kind == Kind.PARTS:
        raise Refused({"kind": _("A part has no parts of its own.")})
    criterion.section = whole.section


def _has_parts(criterion: Criterion, stored: Sequence[Criterion]) -> bool:
    return any(row.parent_id == criterion.pk for row in stored)


def _refuse_bad_points(criterion: Criterion, rows: LeafRows) -> None:
    if criterion.kind == Kind.FACT:
        return
    if criterion.is_counted and not criterion.points:
        raise Refused({"points": _("A criterion has more than 0 points.")})
    highest = max((points for _words, points in (*rows.options, *rows.steps)), default=Decimal(0))
    if highest > criterion.points:
        message = _("A row below gives %(points)s points, more than the criterion has.")
        raise Refused({"points": message % {"points": number(highest)}})


def _refuse_bad_indicator(criterion: Criterion, stored: Sequence[Criterion]) -> None:
    """A number is added up over the units, and once a set."""
    if not criterion.indicator:
        return
    kinds = (Criterion.FactKind.INTEGER, Criterion.FactKind.DECIMAL)
    if criterion.kind != Kind.MEASURE and criterion.fact_kind not in kinds:
        raise Refused({"indicator": _("Only a number is added up.")})
    others = [row for row in stored if row.indicator == criterion.indicator and row.pk != criterion.pk]
    if others:
        raise Refused({"indicator": _("“%(criterion)s” is added up as this already.") % {"criterion": others[0]}})


def _refuse_stale_leaf(stored: Criterion, typed: Criterion, *, rows: LeafRows, made_on: str) -> None:
    of_fields, _dot, of_rows = made_on.partition(".")
    refuse_stale(stored=stored, typed=typed, names=LEAF_FIELDS, made_on=of_fields)
    if digest_of_values(list(rows.words.values())) != of_rows:
        raise Stale(
            _(
                "Not saved: a colleague changed the rows of this criterion after you opened the page. What you typed "
                "stands below; save once more to keep it."
            )
        )


def _write_rows(criterion: Criterion, rows: LeafRows) -> None:
    """Put these rows in place of the stored ones where they differ."""
    stored = rows_of(criterion)
    common = {"criteria_set": criterion.criteria_set, "criterion": criterion}
    if stored.words["options"] != rows.words["options"]:
        _write_options(common, rows)
    if stored.words["steps"] != rows.words["steps"]:
        RatioStep.objects.filter(criterion=criterion).delete()
        RatioStep.objects.bulk_create(
            RatioStep(**common, lower_percent=percent, points=points) for percent, points in rows.steps
        )
    if stored.words["citations"] != rows.words["citations"]:
        Citation.objects.filter(criterion=criterion).delete()
        Citation.objects.bulk_create(Citation(**common, act=act, articles=articles) for act, articles in rows.citations)
    if list(stored.notes) != list(rows.notes):
        write_notes(criterion.criteria_set, criterion.code, rows.notes)
    if stored.recommendation != rows.recommendation:
        write_sentence(criterion.criteria_set, criterion.code, rows.recommendation)


def _write_options(common: dict[str, Any], rows: LeafRows) -> None:
    """Keep the row of an option with the same words, else the one in its place: bars name it."""
    stored = Option.objects.filter(criterion=common["criterion"])
    by_words = {option.text: option for option in stored}
    by_place = {option.position: option for option in stored if option.text not in dict(rows.options)}
    wanted: list[Option] = []
    for place, (text, points) in enumerate(rows.options, start=1):
        option = by_words.get(text) or by_place.pop(place, None) or Option(**common)
        option.text, option.points, option.position = text, points, place
        wanted.append(option)
    for option in by_place.values():
        _refuse_kept(option.delete)
    # Places are unique: all step aside before each takes its own.
    stored.update(position=F("position") + OPTIONS_ASIDE)
    for option in wanted:
        option.save()


def _free_code(taken: set[str], *, is_fact: bool) -> str:
    stem = "TT" if is_fact else "TC"
    return next(code for ordinal in count(1) if (code := f"{stem}{ordinal:02d}") not in taken)


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
