"""What prevents a set from being published, and what is worth a look, each with the page where it is put right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archiveportal.refusal import Refused
from archiveportal.vietnamese import number
from criteria.building.bounds import bounds_of, contradictions, gaps_between
from criteria.building.outline import MOST_CRITERIA, Leaf, Outline, named, outline_of
from criteria.models import Band, Bar, BarCondition, CriteriaSet, Criterion, Crossing, Option, RatioStep
from criteria.models.sections import MOST_LEVELS
from criteria.outcomes import offered_in
from criteria.scoring import DERIVED_OUTCOMES

#: a refusal names so many faults
NAMED = 3
Kind = Criterion.Kind


@dataclass(frozen=True)
class OpenPoint:
    """One thing to put right. `is_advice`: worth a look, but the set can be published with it."""

    words: str
    #: name of the page, and keys of its address after that of the set
    page: str
    keys: tuple[int, ...] = ()
    is_advice: bool = False


@dataclass(frozen=True)
class Readiness:
    criteria_set: CriteriaSet
    faults: list[OpenPoint]
    advice: list[OpenPoint]

    @property
    def is_ready(self) -> bool:
        return not self.faults

    def linked(self) -> list[tuple[OpenPoint, str]]:
        """Return each fault, and each advice after them, with the address of its page."""
        key = self.criteria_set.pk
        return [(each, reverse(f"criteria:{each.page}", args=[key, *each.keys])) for each in self.faults + self.advice]


def readiness_of(criteria_set: CriteriaSet, outline: Outline | None = None) -> Readiness:
    """Look through a set, in a number of queries that does not grow with it."""
    outline = outline or outline_of(criteria_set)
    bands = list(criteria_set.bands.order_by("position"))
    found = [
        *_of_tree(outline),
        *_of_sections(outline),
        *_of_leaves(outline),
        *_of_totals(outline),
        *_of_bands(outline, bands),
        *_of_bars(criteria_set, bands),
        *_of_crosswalk(outline),
    ]
    faults = [fault for fault in found if not fault.is_advice]
    return Readiness(criteria_set, faults, [fault for fault in found if fault.is_advice])


def refuse_unready(criteria_set: CriteriaSet) -> None:
    """Refuse to publish or to use a set while something prevents it. Raises `Refused`."""
    faults = readiness_of(criteria_set).faults
    if not faults:
        return
    words = " ".join(fault.words for fault in faults[:NAMED])
    more = len(faults) - NAMED
    if more > 0:
        words += " " + ngettext("And %(count)d point more.", "And %(count)d points more.", more) % {"count": more}
    raise Refused(_("This set is not complete yet. %(faults)s") % {"faults": words}, code="unready")


def _of_tree(outline: Outline) -> Iterator[OpenPoint]:
    criteria = outline.criteria
    if not any(criterion.is_counted for criterion in criteria):
        yield OpenPoint(_("At least one criterion has to count."), "build")
    if len(criteria) > MOST_CRITERIA:
        message = _("The set has %(count)d criteria; at most %(most)d can be filled in.")
        yield OpenPoint(message % {"count": len(criteria), "most": MOST_CRITERIA}, "build")
    for section in outline.lost_sections:
        message = _("Section “%(name)s” stands below itself. Choose another section above it.")
        yield OpenPoint(message % {"name": section}, "build-section", (section.pk,))
    for criterion in outline.lost_criteria:
        message = _("“%(name)s” has no place: what it stands below goes round in a circle.")
        yield OpenPoint(message % {"name": named(criterion)}, "build-leaf", (criterion.pk,))


def _of_sections(outline: Outline) -> Iterator[OpenPoint]:
    for branch in outline.branches:
        assert branch.section
        keys = (branch.section.pk,)
        if branch.is_empty:
            yield OpenPoint(_("Section “%(name)s” is empty.") % {"name": branch.section}, "build-section", keys)
        if branch.level > MOST_LEVELS:
            message = _("Section “%(name)s” lies deeper than %(count)d levels.")
            yield OpenPoint(message % {"name": branch.section, "count": MOST_LEVELS}, "build-section", keys)
        announced = branch.section.points
        if announced is not None and announced != branch.points:
            yield OpenPoint(_differs(str(branch.section), branch.points, announced), "build-section", keys)
    if outline.branches:
        for leaf in outline.top.leaves:
            message = _("“%(name)s” stands in no section.")
            yield OpenPoint(message % {"name": named(leaf.criterion)}, "build-leaf", (leaf.criterion.pk,))


def _differs(name: str, points: Decimal, announced: Decimal) -> str:
    message = _("“%(name)s”: the criteria add up to %(points)s points, announced are %(announced)s.")
    return message % {"name": name, "points": number(points), "announced": number(announced)}


def _of_leaves(outline: Outline) -> Iterator[OpenPoint]:
    options: dict[int, list[Option]] = {}
    for option in Option.objects.filter(criteria_set=outline.criteria_set).order_by("position"):
        options.setdefault(option.criterion_id, []).append(option)
    steps: dict[int, list[RatioStep]] = {}
    for step in RatioStep.objects.filter(criteria_set=outline.criteria_set).order_by("lower_percent"):
        steps.setdefault(step.criterion_id, []).append(step)
    for leaf in outline.leaves:
        criterion = leaf.criterion
        found = [
            *_of_kind(leaf),
            *_of_options(criterion, options.get(criterion.pk, [])),
            *_of_steps(criterion, steps.get(criterion.pk, [])),
        ]
        for words, is_advice in found:
            yield OpenPoint(f"“{named(criterion)}”: {words}", "build-leaf", (criterion.pk,), is_advice)
    yield from _of_numbers(outline)


def _of_kind(leaf: Leaf) -> Iterator[tuple[str, bool]]:
    criterion = leaf.criterion
    if criterion.kind == Kind.PARTS:
        if not leaf.parts:
            yield _("it has no parts."), False
        elif criterion.points != leaf.points:
            message = _("the parts add up to %(points)s points, announced are %(announced)s.")
            yield message % {"points": number(leaf.points), "announced": number(criterion.points)}, False
    if criterion.kind == Kind.MEASURE and criterion.threshold is None:
        yield _("the threshold is missing."), False
    if criterion.kind == Kind.DATE and criterion.deadline is None:
        yield _("the deadline is missing."), False
    if criterion.kind == Kind.FACT and not criterion.fact_kind:
        yield _("say whether the fact is a number or a text."), False


def _of_options(criterion: Criterion, options: list[Option]) -> Iterator[tuple[str, bool]]:
    if criterion.kind != Kind.CHOICE:
        return
    if len(options) < 2:
        yield _("a choice needs two options at least."), False
        return
    above = [option for option in options if option.points > criterion.points]
    for option in above:
        message = _("the option “%(option)s” gives more than %(points)s points.")
        yield message % {"option": option, "points": number(criterion.points)}, False
    if not above and max(option.points for option in options) < criterion.points:
        yield _("no option gives the full points."), True


def _of_steps(criterion: Criterion, steps: list[RatioStep]) -> Iterator[tuple[str, bool]]:
    if criterion.kind != Kind.RATIO:
        return
    if not steps:
        yield _("the steps of the ratio are missing."), False
        return
    if steps[0].lower_percent:
        yield _("no step begins at 0 percent."), False
    points = [step.points for step in steps]
    order = sorted(points, reverse=criterion.sign == Criterion.Sign.DEDUCTION)
    if points != order or len(set(points)) < len(points):
        yield _("the points of the steps do not rise with the ratio."), False
    if max(points) > criterion.points:
        message = _("a step gives more than %(points)s points.")
        yield message % {"points": number(criterion.points)}, False
    elif max(points) < criterion.points:
        yield _("no step gives the full points."), True


def _of_numbers(outline: Outline) -> Iterator[OpenPoint]:
    """A printed number that two criteria of one section, or two sections, have."""
    for branch in outline.top.walk():
        printed = Counter(leaf.criterion.shown_number for leaf in branch.leaves)
        printed.update(below.section.number for below in branch.branches if below.section)
        for shown, count in printed.items():
            if shown and count > 1:
                message = _("The number %(number)s is printed twice in “%(name)s”.")
                name = branch.section or outline.criteria_set
                yield OpenPoint(message % {"number": shown, "name": name}, "build", (), is_advice=True)


def _of_totals(outline: Outline) -> Iterator[OpenPoint]:
    announced = outline.criteria_set.announced_total
    if announced is not None and announced != outline.maximum:
        yield OpenPoint(_differs(str(outline.criteria_set), outline.maximum, announced), "build-head")


def _of_bands(outline: Outline, bands: list[Band]) -> Iterator[OpenPoint]:
    criteria_set = outline.criteria_set
    if not bands:
        yield OpenPoint(_("The set has no bands yet."), "build-bands")
        return
    is_by_points = criteria_set.bands_by == CriteriaSet.BandsBy.POINTS
    most = outline.maximum if is_by_points else Decimal(100)
    bounds = bounds_of(criteria_set, bands)
    for words in gaps_between(bounds, most):
        unit = _("points") if is_by_points else "%"
        yield OpenPoint(_("Bands (%(unit)s): %(where)s.") % {"unit": unit, "where": words}, "build-bands")
    for each in bounds:
        if is_by_points and each.lower > most:
            message = _("The band “%(band)s” begins above the %(points)s points that can be reached.")
            yield OpenPoint(message % {"band": each.band, "points": number(most)}, "build-bands")
        for words in contradictions(each, label=each.band.label, maximum=outline.maximum, is_by_points=is_by_points):
            yield OpenPoint(f"“{each.band}”: {words}.", "build-bands", is_advice=True)


def _of_bars(criteria_set: CriteriaSet, bands: list[Band]) -> Iterator[OpenPoint]:
    bars = Bar.objects.filter(criteria_set=criteria_set).select_related("highest_band")
    best = min((band.position for band in bands), default=0)
    offered = {each.code for each in offered_in(criteria_set)} | DERIVED_OUTCOMES
    for bar in bars.prefetch_related("conditions__criterion"):
        words = _("Bar to “%(band)s”: ") % {"band": bar.highest_band}
        if not list(bar.conditions.all()):
            yield OpenPoint(words + _("it has no conditions."), "build-bar", (bar.pk,))
        if bar.highest_band.position == best:
            yield OpenPoint(
                words + _("this is the highest band, so that it bars nothing."), "build-bar", (bar.pk,), True
            )
        for condition in bar.conditions.all():
            why = _why_never(condition, offered)
            if why:
                yield OpenPoint(words + why % {"criterion": named(condition.criterion)}, "build-bar", (bar.pk,))


def _why_never(condition: BarCondition, offered: Collection[str]) -> str:
    """Say why an answer that a bar asks for is never given; blank where it can be."""
    if not condition.criterion.has_outcome:
        return _("“%(criterion)s” is not scored, so that the bar never holds.")
    if condition.outcome and condition.outcome not in offered:
        return _("the set does not offer this answer to “%(criterion)s”, so that the bar never holds.")
    return ""


def _of_crosswalk(outline: Outline) -> Iterator[OpenPoint]:
    criteria_set = outline.criteria_set
    if criteria_set.replaces_id is None:
        return
    crossings = Crossing.objects.filter(criteria_set=criteria_set)
    pairs = list(crossings.values_list("old_criterion", "new_criterion"))
    new = {criterion.pk for criterion in outline.criteria} - {pair[1] for pair in pairs}
    old = set(Criterion.objects.filter(criteria_set=criteria_set.replaces_id).values_list("pk", flat=True))
    undecided = len(new) + len(old - {pair[0] for pair in pairs})
    if undecided:
        message = ngettext(
            "The crosswalk to the version before leaves %(count)d criterion undecided.",
            "The crosswalk to the version before leaves %(count)d criteria undecided.",
            undecided,
        )
        yield OpenPoint(message % {"count": undecided}, "build-crosswalk", is_advice=True)
