"""Checks of figures and records before a report is published: pure functions that return findings.

Nothing here stops anybody. A finding says what does not fit and leads to the place where it can be put right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archiveportal.percent import format_percent, mean, percent_of
from archiveportal.vietnamese import MORE_THAN, normalise, number
from reports.checks.found import SEVERITY, Addition, Found, first_names
from reports.documents.passages import PassagePlace
from reports.ledger.entries import Entry
from wards.models import District


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


#: code in the `of` of a figure that is an average; all others are codes of Rounding
MEAN = "mean"


def _computed(numerator: Decimal, denominator: Decimal, rule: str) -> str:
    if rule == MEAN:
        return format_percent(mean(numerator, int(denominator)), sign="")
    return format_percent(percent_of(numerator, denominator, rule))


def percents_follow(figures: Iterable[dict[str, Any]], address: str = "") -> list[Found]:
    """A percentage, or an average, is what its numerator and denominator give by its rule."""
    findings = []
    text = _("%(label)s: %(value)s does not follow from %(numerator)s/%(denominator)s, which gives %(computed)s.")
    for figure in figures:
        if not figure.get("of"):
            continue
        numerator, denominator, rule = figure["of"]
        computed = _computed(Decimal(numerator), Decimal(denominator), rule)
        if computed != figure["value"].removeprefix(MORE_THAN):
            ends = {"numerator": number(Decimal(numerator)), "denominator": number(Decimal(denominator))}
            values = {"label": figure["label"], "value": figure["value"], "computed": computed} | ends
            findings.append(Found(SEVERITY.HIGH, text % values, address))
    return findings


@dataclass(slots=True)
class CheckedWard:
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

    @property
    def is_approved(self) -> bool:
        return self.status == "approved"

    @property
    def is_only_reported(self) -> bool:
        """Return whether its score is published, without an approved checklist behind it."""
        return self.score is not None and not self.is_approved


@dataclass(frozen=True)
class Rule:
    """A rule on the result of a unit: `is_broken` finds the units that `text` is said of."""

    severity: str
    text: str
    is_broken: Callable[[CheckedWard], bool]
    #: narrows the list of units to which the finding leads
    query: str = ""


def results_are_whole(units: Sequence[CheckedWard], *, maximum: Decimal, page: str) -> list[Found]:
    """Without a score, not approved, undecided, other than published, other than the answers give."""
    rules = [
        *RESULT_RULES,
        Rule(
            SEVERITY.MEDIUM,
            gettext_noop("Published score out of another maximum than that of the set"),
            lambda unit: unit.is_only_reported and unit.maximum != maximum,
        ),
        ONLY_REPORTED,
    ]
    broken = [(rule, [unit.name for unit in units if rule.is_broken(unit)]) for rule in rules]
    return [
        Found(
            rule.severity,
            f"{_(rule.text)} ({number(len(names))}): {first_names(names)}.",
            f"{page}{rule.query}",
        )
        for rule, names in broken
        if names
    ]


RESULT_RULES = [
    Rule(
        SEVERITY.HIGH,
        gettext_noop("Score that is not the sum of its answers"),
        lambda unit: unit.is_approved and unit.answered not in (None, unit.score),
    ),
    Rule(
        SEVERITY.HIGH,
        gettext_noop("Score above its maximum"),
        lambda unit: unit.score is not None and unit.score > (unit.maximum or 0),
    ),
    Rule(
        SEVERITY.MEDIUM,
        gettext_noop("Without a score"),
        lambda unit: unit.score is None,
        query="?scored=0",
    ),
    Rule(
        SEVERITY.MEDIUM,
        gettext_noop("Checklist begun and not approved: it is in no figure"),
        lambda unit: unit.is_started and not unit.is_approved,
    ),
    Rule(
        SEVERITY.MEDIUM,
        gettext_noop("Answers that nobody has decided on"),
        lambda unit: unit.undecided > 0,
    ),
    Rule(
        SEVERITY.MEDIUM,
        gettext_noop("Approved score other than the published one"),
        lambda unit: unit.is_approved and unit.published not in (None, unit.score),
    ),
]
ONLY_REPORTED = Rule(
    SEVERITY.LOW,
    gettext_noop("Score from a report, without an approved checklist behind it"),
    lambda unit: unit.is_only_reported,
)


def districts_have_results(units: Sequence[CheckedWard], in_force: Sequence[str], address: str = "") -> list[Found]:
    """List districts with wards in the round and no result, and those without a ward in it."""
    enrolled = list(dict.fromkeys(unit.district for unit in units if unit.district))
    if not enrolled:
        return []
    scored = {unit.district for unit in units if unit.score is not None}
    without = [name for name in enrolled if name not in scored]
    absent = [name for name in in_force if name not in enrolled]
    findings = []
    if without:
        text = _("Districts with enrolled units and no result (%(count)s): %(names)s.")
        values = {"count": len(without), "names": first_names(without)}
        findings.append(Found(SEVERITY.MEDIUM, text % values, address))
    if absent:
        text = _("Districts in force without an enrolled unit (%(count)s): %(names)s.")
        values = {"count": len(absent), "names": first_names(absent)}
        findings.append(Found(SEVERITY.LOW, text % values, address))
    return findings


def districts_named(
    texts: Iterable[str], districts: Iterable[District], enrolled: Collection[int | None], *, address: str = ""
) -> list[Found]:
    """A passage names a district that has no unit in the round, and does not say just this of it."""
    text = _SAID_TO_HAVE_NONE.sub("", normalise(" ".join(texts)))
    without_units = [district for district in districts if district.pk not in enrolled]
    titles = [district.title for district in without_units if _names(text, district)]
    if not titles:
        return []
    message = _("A passage names districts that have no unit in this round (%(count)s): %(names)s.")
    values = {"count": len(titles), "names": first_names(titles)}
    return [Found(SEVERITY.MEDIUM, message % values, address)]


_SAID_TO_HAVE_NONE = re.compile(r"(?:chưa|không) có đơn vị[^.:;]*:[^.]*", re.IGNORECASE)


def _names(text: str, district: District) -> bool:
    """ "Quận 2", "Quận 1, 2 và 5"; a name of words also without its kind, but not as the name of a ward."""
    name = re.escape(district.name)
    if district.name.isdigit():
        return re.search(rf"\bquận (?:\d+(?:, | và ))*{name}\b", text, re.IGNORECASE) is not None
    return re.search(rf"(?<!phường )(?<!xã )(?<!trấn )\b{name}\b", text) is not None


def ledger_is_explained(entries: Iterable[Entry], severities: dict[str, str], page: str) -> list[Found]:
    """Printed figures that the records of the report do not give, or whose words do not fit them."""
    findings = []
    for entry in entries:
        if entry.verdict in ("unexplained", "explained", "label_does_not_fit"):
            severity = severities.get(entry.explained_by, SEVERITY.HIGH)
            findings.append(Found(severity, f"{entry.figure.label}: {entry.reason}", f"{page}#f{entry.code}"))
    return findings


def units_have_results(units: Sequence[CheckedWard], *, page: str, results: str) -> list[Found]:
    """No unit takes part, or none of them has a result yet."""
    if not units:
        return [Found(SEVERITY.HIGH, _("No unit takes part in this round: the report would be empty."), page)]
    if all(unit.score is None for unit in units):
        text = _("None of the %(count)s units of this round has a result yet.") % {"count": number(len(units))}
        return [Found(SEVERITY.HIGH, text, results)]
    return []


def passages_are_written(places: Iterable[PassagePlace], texts: Mapping[str, str], address: str = "") -> list[Found]:
    """A passage that nobody has written is printed as a row of dots."""
    missing = [f"“{place.title}”" for place in places if place.is_printed_as_dots(texts.get(place.key, ""))]
    if not missing:
        return []
    text = _("Passages not written yet, printed as dots (%(count)s): %(names)s.")
    return [Found(SEVERITY.MEDIUM, text % {"count": len(missing), "names": "; ".join(missing)}, address)]
