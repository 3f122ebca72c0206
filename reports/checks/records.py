"""What is looked at before a report is published: pure functions over figures and records, each a list of findings.

Nothing here stops anybody. A finding says what does not fit and leads to the place where it can be put right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.percent import exact_percent, mean, truncated_percent, whole_percent
from archiveportal.vietnamese import normalise, number
from criteria.scoring import gaps, whole_score_bounds
from reports.models import Discrepancy

SEVERITY = Discrepancy.Severity
#: a sentence names so many units at most
NAMED = 8


@dataclass(frozen=True)
class Found:
    """Something that does not fit. `address` is where it can be looked at; blank where there is no such page."""

    severity: str
    text: str
    address: str = ""

    @property
    def severity_label(self) -> str:
        return SEVERITY(self.severity).label


@dataclass(frozen=True)
class Addition:
    """A total and the parts that it should be the sum of."""

    name: str
    total: Decimal | int
    parts: Sequence[Decimal | int]
    address: str = ""


def named(names: Sequence[str]) -> str:
    """ "Phường 1; Phường 2 (+21)": the first of them, and how many more there are."""
    left = len(names) - NAMED
    return "; ".join(names[:NAMED]) + (f" (+{number(left)})" if left > 0 else "")


# Bands and their words


def bands_cover(bands: Sequence[Any], address: str = "") -> list[Found]:
    """Every score from 0 to 100% belongs to one band."""
    faults = gaps(bands) if bands else ["0–100"]
    if not faults:
        return []
    text = _("The bands do not cover every score exactly once: %(spans)s%%.")
    return [Found(SEVERITY.HIGH, text % {"spans": ", ".join(faults)}, address)]


def labels_fit(bands: Sequence[Any], maximum: int, address: str = "", *, is_printed: bool = True) -> list[Found]:
    """The words of a band, in scores or in percent, say the scores that belong to it.

    The words of the issued report are looked at only where it `is_printed`: other rounds print the true bounds.
    """
    found = []
    for band in bands:
        bounds = whole_score_bounds(band, maximum)
        true = set(range(bounds[0], bounds[1] + 1)) if bounds else set()
        printed = band.printed_label if is_printed else ""
        for words, severity in ((band.label, SEVERITY.HIGH), (printed, SEVERITY.MEDIUM)):
            wrong: dict[str, list[str]] = {}
            for said, scores in scores_said(words, maximum):
                if scores != true:
                    wrong.setdefault(spans(scores), []).append(f"“{said}”")
            text = _("“%(words)s” does not fit its band: %(said)s means %(scores)s, the band holds %(true)s.")
            for scores, said in wrong.items():
                values = {"words": words, "said": ", ".join(said), "scores": scores, "true": spans(true)}
                found.append(Found(severity, text % values, address))
    return found


def printed_bands_cover(bands: Sequence[Any], maximum: int, address: str = "") -> list[Found]:
    """The printed words of all bands together leave no score out."""
    said = [scores_said(band.printed_label, maximum) for band in bands if band.printed_label]
    if not said or not all(said):
        return []
    left = set(range(maximum + 1)) - set().union(*(words[0][1] for words in said))
    if not left:
        return []
    text = _("The printed words of the bands leave scores out: %(scores)s.")
    return [Found(SEVERITY.MEDIUM, text % {"scores": spans(left)}, address)]


_NUMBER = r"(\d+(?:,\d+)?)"
_BY_SCORE = (
    (r"(\d+)\s*(?:-|–|đến)\s*(\d+)/(\d+)", lambda low, high, top: (low, high)),
    (r"dưới (\d+)/(\d+)", lambda high, top: (0, high - 1)),
    (r"(?:từ )?(\d+)/(\d+) trở xuống", lambda high, top: (0, high)),
    (r"trên (\d+)/(\d+)", lambda low, top: (low + 1, top)),
    (r"từ (\d+)/(\d+)|(\d+)/(\d+) trở lên", lambda low, top: (low, top)),
    (r"(\d+)/(\d+)", lambda score, top: (score, score)),
)
_BY_PERCENT = (
    (rf"từ {_NUMBER}% đến dưới {_NUMBER}%", lambda share, low, high: low <= share < high),
    (rf"từ {_NUMBER}% đến {_NUMBER}%", lambda share, low, high: low <= share <= high),
    (rf"{_NUMBER}%? ?(?:-|–) ?{_NUMBER}%", lambda share, low, high: low <= share <= high),
    (rf"dưới {_NUMBER}%", lambda share, high: share < high),
    (rf"từ {_NUMBER}%", lambda share, low: share >= low),
    (rf"trên {_NUMBER}%", lambda share, low: share > low),
    (rf"{_NUMBER}%", lambda share, exact: share == exact),
)


def scores_said(words: str, maximum: int) -> list[tuple[str, set[int]]]:
    """The whole scores that words like "12 - 20/23" and "từ 50% đến 87%" mean: [("12 - 20/23", {12, ..., 20}), ...]."""
    found, words = [], normalise(words)
    for pattern, bounds in _BY_SCORE:
        if match := re.search(pattern, words, re.IGNORECASE):
            numbers = [int(digits) for digits in match.groups() if digits]
            low, high = bounds(*numbers)
            scores = range(low, min(high, maximum + 1) + 1) if numbers[-1] == maximum else []
            found.append((match.group(), set(scores)))
            break
    for pattern, holds in _BY_PERCENT:
        if match := re.search(pattern, words, re.IGNORECASE):
            ends = [Decimal(digits.replace(",", ".")) for digits in match.groups()]
            shares = {score: Decimal(score * 100) / maximum for score in range(maximum + 1)} if maximum else {}
            found.append((match.group(), {score for score, share in shares.items() if holds(share, *ends)}))
            break
    return found


def spans(scores: Iterable[int]) -> str:
    """{0, 1, 2, 5} is "0–2, 5"."""
    runs: list[list[int]] = []
    for score in sorted(scores):
        if runs and score == runs[-1][1] + 1:
            runs[-1][1] = score
        else:
            runs.append([score, score])
    return ", ".join(str(low) if low == high else f"{low}–{high}" for low, high in runs) or "—"


# Arithmetic


def totals_add_up(additions: Iterable[Addition]) -> list[Found]:
    text = _("%(name)s: the total %(total)s is not the sum of its parts, %(sum)s.")
    return [
        Found(
            SEVERITY.HIGH,
            text % {"name": each.name, "total": number(each.total), "sum": number(sum(each.parts))},
            each.address,
        )
        for each in additions
        if each.total != sum(each.parts)
    ]


RULES = {
    "truncated": (truncated_percent, "%"),
    "whole": (whole_percent, "%"),
    "exact": (exact_percent, "%"),
    "mean": (lambda total, count: mean(total, int(count)), ""),
}


def percents_follow(figures: Iterable[dict[str, Any]], address: str = "") -> list[Found]:
    """A percentage, or an average, is what its numerator and denominator give by its rule."""
    found = []
    text = _("%(label)s: %(value)s does not follow from %(numerator)s/%(denominator)s, which gives %(computed)s.")
    for figure in figures:
        if not figure.get("of"):
            continue
        numerator, denominator, rule = figure["of"]
        compute, sign = RULES[rule]
        result = compute(Decimal(numerator), Decimal(denominator))
        computed = "—" if result is None else f"{number(result, -result.as_tuple().exponent)}{sign}"
        if computed != figure["value"]:
            ends = {"numerator": number(Decimal(numerator)), "denominator": number(Decimal(denominator))}
            values = {"label": figure["label"], "value": figure["value"], "computed": computed} | ends
            found.append(Found(SEVERITY.HIGH, text % values, address))
    return found


def rounding_differs(lines: Iterable[Any], address: str = "") -> list[Found]:
    """Percentages of 2710/BC-SNV are cut off; where rounding gives another figure, readers will ask."""
    found = []
    text = _("%(name)s: %(cut)s%% is cut off to two decimals; rounded it would be %(rounded)s%%.")
    for line in lines:
        cut, rounded = line.attainment.percent, exact_percent(line.attainment.actual, line.attainment.target)
        if cut is not None and cut != rounded:
            values = {"name": line.category.name, "cut": number(cut, 2), "rounded": number(rounded, 2)}
            found.append(Found(SEVERITY.LOW, text % values, address))
    return found


# Units and their results


@dataclass(frozen=True)
class Unit:
    """A ward of the round as the checks need it."""

    name: str
    district: str
    status: str
    is_started: bool
    score: Decimal | None
    maximum: Decimal | None
    published: Decimal | None
    published_maximum: Decimal | None
    #: points of the approved answers; None where no checklist is approved
    answered: Decimal | None = None
    undecided: int = 0


def results_are_whole(units: Sequence[Unit], *, maximum: Decimal, page: str) -> list[Found]:
    """Without a score, not approved, undecided, other than published, other than the answers give."""
    approved = [unit for unit in units if unit.status == "approved"]
    drafts = [unit for unit in units if unit.is_started and unit.status != "approved"]
    differing = [unit for unit in approved if unit.published is not None and unit.published != unit.score]
    wrong = [unit for unit in approved if unit.answered is not None and unit.answered != unit.score]
    beyond = [unit for unit in units if unit.score is not None and unit.score > (unit.maximum or 0)]
    reported = [unit for unit in units if unit.score is not None and unit.status != "approved"]
    other = [unit for unit in reported if unit.maximum != maximum]
    return [
        *_units(SEVERITY.HIGH, _("Score that is not the sum of its answers"), wrong, page),
        *_units(SEVERITY.HIGH, _("Score above its maximum"), beyond, page),
        *_units(SEVERITY.MEDIUM, _("Without a score"), [u for u in units if u.score is None], f"{page}?scored=0"),
        *_units(SEVERITY.MEDIUM, _("Checklist begun and not approved: it is in no figure"), drafts, page),
        *_units(SEVERITY.MEDIUM, _("Answers that nobody has decided on"), [u for u in units if u.undecided], page),
        *_units(SEVERITY.MEDIUM, _("Approved score other than the published one"), differing, page),
        *_units(SEVERITY.MEDIUM, _("Published score out of another maximum than that of the set"), other, page),
        *_units(SEVERITY.LOW, _("Score from a report, without an approved checklist behind it"), reported, page),
    ]


def _units(severity: str, what: str, units: Sequence[Unit], address: str) -> list[Found]:
    if not units:
        return []
    names = named([unit.name for unit in units])
    return [Found(severity, f"{what} ({number(len(units))}): {names}.", address)]


def districts_have_results(units: Sequence[Unit], in_force: Sequence[str], address: str = "") -> list[Found]:
    """Districts with wards in the round and no result; districts in force without a ward in it."""
    enrolled = list(dict.fromkeys(unit.district for unit in units if unit.district))
    scored = {unit.district for unit in units if unit.score is not None}
    without = [name for name in enrolled if name not in scored]
    absent = [name for name in in_force if name not in enrolled] if enrolled else []
    found = []
    if without:
        text = _("Districts with enrolled units and no result (%(count)s): %(names)s.")
        found.append(Found(SEVERITY.MEDIUM, text % {"count": len(without), "names": named(without)}, address))
    if absent:
        text = _("Districts in force without an enrolled unit (%(count)s): %(names)s.")
        found.append(Found(SEVERITY.LOW, text % {"count": len(absent), "names": named(absent)}, address))
    return found


def districts_named(
    texts: Iterable[str], districts: Iterable[Any], enrolled: set[int], address: str = ""
) -> list[Found]:
    """A passage names a district that has no unit in the round, and does not say just this of it."""
    text = _SAID_TO_HAVE_NONE.sub("", normalise(" ".join(texts)))
    found = [row.title for row in districts if row.pk not in enrolled and _names(text, row)]
    if not found:
        return []
    message = _("A passage names districts that have no unit in this round (%(count)s): %(names)s.")
    return [Found(SEVERITY.MEDIUM, message % {"count": len(found), "names": named(found)}, address)]


_SAID_TO_HAVE_NONE = re.compile(r"(?:chưa|không) có đơn vị[^.:;]*:[^.]*", re.IGNORECASE)


def _names(text: str, district: Any) -> bool:
    """ "Quận 2", "Quận 1, 2 và 5"; a name of words also without its kind, but not as the name of a ward."""
    name = re.escape(district.name)
    if district.name.isdigit():
        return re.search(rf"\bquận (?:\d+(?:, | và ))*{name}\b", text, re.IGNORECASE) is not None
    return re.search(rf"(?<!phường )(?<!xã )(?<!trấn )\b{name}\b", text) is not None


# Training


def targets_are_set(lines: Iterable[Any], address: str = "") -> list[Found]:
    """No target, or a target of zero: the line has no percentage."""
    rows = list(lines)
    missing = [line.category.name for line in rows if line.attainment.target is None and line.category.kind in TARGETED]
    zero = [line.category.name for line in rows if line.attainment.target == 0]
    found = []
    if missing:
        text = _("No target is recorded, so there is no percentage: %(names)s.")
        found.append(Found(SEVERITY.LOW, text % {"names": named(missing)}, address))
    if zero:
        text = _("The target is zero, so there is no percentage: %(names)s.")
        found.append(Found(SEVERITY.MEDIUM, text % {"names": named(zero)}, address))
    return found


TARGETED = {"degree", "professional"}


def courses_are_counted_once(lines: Iterable[Any], outside: Iterable[Any], address: str = "") -> list[Found]:
    """Voided but counted; counted in another unit; kept out of a line that has a target; lower bounds."""
    rows = list(lines)
    counted = [(line, course) for line in rows for course in line.courses]
    with_target = {line.category.pk for line in rows if line.attainment.target}
    left_out = [course for course in outside if course.category_id in with_target]
    several = {
        _("Voided, but counted"): (SEVERITY.HIGH, [c for _line, c in counted if c.is_voided]),
        _("Counted in another unit than its line"): (
            SEVERITY.HIGH,
            [c for line, c in counted if c.unit != line.category.unit],
        ),
        _("The number is a lower bound (“more than”), and so is the sum"): (
            SEVERITY.LOW,
            [c for _line, c in counted if c.is_lower_bound],
        ),
        _("Not counted, although the line has a target"): (SEVERITY.MEDIUM, left_out),
        _("More attended than registered, or more certified than attended"): (
            SEVERITY.MEDIUM,
            [c for _line, c in counted if _falls(c)],
        ),
    }
    return [
        Found(severity, f"{what} ({len(courses)}): {named([course.name for course in courses])}.", address)
        for what, (severity, courses) in several.items()
        if courses
    ]


def _falls(course: Any) -> bool:
    steps = [value for value in (course.registered, course.attended, course.certified) if value is not None]
    return steps != sorted(steps, reverse=True)


def units_of_targets_fit(lines: Iterable[Any], address: str = "") -> list[Found]:
    """Persons and attendances are not the same (E07)."""
    rows = [line for line in lines if line.quota and line.attainment.target is not None]
    mixed = [line.category.name for line in rows if line.quota.unit != line.category.unit]
    if not mixed:
        return []
    text = _("The target is set in persons and the result counted in attendances, or the other way: %(names)s.")
    return [Found(SEVERITY.MEDIUM, text % {"names": named(mixed)}, address)]


def money_and_people_are_there(
    scheme: Any, fundings: Sequence[Any], workforce: Sequence[Any], page: str
) -> list[Found]:
    found = []
    if not fundings:
        found.append(Found(SEVERITY.MEDIUM, _("No funding is recorded."), page))
    if not workforce:
        found.append(Found(SEVERITY.MEDIUM, _("No count of the workforce is recorded."), page))
    found += [
        Found(SEVERITY.HIGH, _("More people qualified than there are."), page)
        for count in workforce
        if count.qualified > count.total
    ]
    if scheme.cut_off_on and scheme.cut_off_on.year <= scheme.ends_year and (scheme.cut_off_on.month, 0) < (12, 0):
        text = _("The figures end on %(day)s, before the end of the period %(first)s – %(last)s.")
        values = {"day": f"{scheme.cut_off_on:%d/%m/%Y}", "first": scheme.starts_year, "last": scheme.ends_year}
        found.append(Found(SEVERITY.LOW, text % values, page))
    return found


# The ledger of the two reports


def ledger_is_explained(entries: Iterable[Any], severities: dict[str, str], page: str) -> list[Found]:
    """Printed figures that the records of the report do not give, or whose words do not fit them."""
    found = []
    for entry in entries:
        if entry.verdict in ("unexplained", "explained", "label_does_not_fit"):
            severity = severities.get(entry.explained_by, SEVERITY.HIGH)
            found.append(Found(severity, f"{entry.figure.label}: {entry.reason}", f"{page}#f{entry.code}"))
    return found
