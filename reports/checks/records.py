"""What is looked at before a report is published: pure functions over figures and records, each a list of findings.

Nothing here stops anybody. A finding says what does not fit and leads to the place where it can be put right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.percent import exact_percent, mean, truncated_percent, whole_percent
from archiveportal.vietnamese import normalise, number
from reports.checks.found import SEVERITY, Addition, Found, named
from reports.documents.passages import Place

# Bands and their words


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


# The ledger of the two reports


def ledger_is_explained(entries: Iterable[Any], severities: dict[str, str], page: str) -> list[Found]:
    """Printed figures that the records of the report do not give, or whose words do not fit them."""
    found = []
    for entry in entries:
        if entry.verdict in ("unexplained", "explained", "label_does_not_fit"):
            severity = severities.get(entry.explained_by, SEVERITY.HIGH)
            found.append(Found(severity, f"{entry.figure.label}: {entry.reason}", f"{page}#f{entry.code}"))
    return found


def units_have_results(units: Sequence[Unit], *, page: str, results: str) -> list[Found]:
    """No unit takes part, or none of them has a result yet."""
    if not units:
        return [Found(SEVERITY.HIGH, _("No unit takes part in this round: the report would be empty."), page)]
    if all(unit.score is None for unit in units):
        text = _("None of the %(count)s units of this round has a result yet.") % {"count": number(len(units))}
        return [Found(SEVERITY.HIGH, text, results)]
    return []


def passages_are_written(places: Iterable[Place], texts: Mapping[str, str], address: str = "") -> list[Found]:
    """A passage that nobody has written is printed as a row of dots."""
    missing = [f"“{place.title}”" for place in places if place.is_printed_as_dots(texts.get(place.key, ""))]
    if not missing:
        return []
    text = _("Passages not written yet, printed as dots (%(count)s): %(names)s.")
    return [Found(SEVERITY.MEDIUM, text % {"count": len(missing), "names": "; ".join(missing)}, address)]
