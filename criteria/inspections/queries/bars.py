"""Why a checklist is held at a band: the bars of its set that its answers make true, in words of the screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from criteria.given import given_in_words
from criteria.inspections.models import Inspection, Result
from criteria.models import Band, Bar, BarCondition, CriteriaSet, Criterion
from criteria.outcomes import OPEN, outcome_of
from criteria.scoring import Condition, band_of, is_barred, lower_bound


def bars_that_lower(true_bars: Iterable[Bar], bands: Iterable[Band], *, points: Decimal, maximum: Decimal) -> list[Bar]:
    """Return the bars, of those true of the answers, that put a unit in its band.

    A bar at or above the band that the score gives by itself changes nothing, nor does one above another that is true.
    """
    reached = band_of(points, maximum, bands)
    if reached is None:
        return []
    lowering = [bar for bar in true_bars if lower_bound(bar.highest_band) < lower_bound(reached)]
    lowest = min((lower_bound(bar.highest_band) for bar in lowering), default=None)
    return [bar for bar in lowering if lower_bound(bar.highest_band) == lowest]


def is_true_of(bar: Bar, outcomes: Mapping[int, str], options: Mapping[int, int | None]) -> bool:
    """Tell whether a bar is true of answers by the key of their criterion."""
    conditions = [Condition(each.criterion_id, each.outcome, each.option_id) for each in bar.conditions.all()]
    return is_barred(conditions, outcomes, options)


def reasons_of_bars(
    inspection: Inspection, results: Mapping[int, Result], *, bands: Iterable[Band], bars: Iterable[Bar] | None = None
) -> list[str]:
    """Return a sentence for each bar that lowers the band of the checklist.

    A checklist that no bar holds is not asked about, and one that is not complete has no band. `results` are by the
    key of the criterion; `bars` are those of its set, where they were read for several.
    """
    if inspection.highest_band_id is None or inspection.open_criteria:
        return []
    outcomes = {key: result.outcome or OPEN for key, result in results.items()}
    options = {key: result.option_id for key, result in results.items()}
    if bars is None:
        bars = bars_with_conditions(inspection.enrolment.round.criteria_set)
    true_bars = [bar for bar in bars if is_true_of(bar, outcomes, options)]
    lowering = bars_that_lower(true_bars, bands, points=inspection.score, maximum=inspection.maximum)
    return [
        _reason(bar, [_words(each, results.get(each.criterion_id)) for each in bar.conditions.all()])
        for bar in lowering
    ]


def bars_with_conditions(criteria_set: CriteriaSet) -> list[Bar]:
    """Return the bars of a set with all that their sentences say."""
    bars = criteria_set.bars.select_related("highest_band")
    return list(bars.prefetch_related("conditions__criterion", "conditions__option"))


def _reason(bar: Bar, answers: list[str]) -> str:
    words = ", ".join(answers[:-1])
    if words:
        words = _("%(first)s and %(last)s") % {"first": words, "last": answers[-1]}
    values = {"band": bar.highest_band.label, "answers": words or answers[-1]}
    return _("The band is at most “%(band)s” because %(answers)s.") % values


def _words(condition: BarCondition, result: Result | None) -> str:
    """Return a criterion with its answer: the option or the size that was given, else its outcome."""
    name = condition.criterion.local_name
    given = _given(condition, result)
    if given and condition.criterion.kind == Criterion.Kind.CHOICE:
        return _("the choice at criterion “%(criterion)s” is “%(option)s”") % {
            "criterion": name,
            "option": given,
        }
    outcome = outcome_of(result.outcome if result and result.outcome else OPEN)
    return _("the answer to criterion “%(criterion)s” is “%(answer)s”") % {
        "criterion": name,
        "answer": given or outcome.label_in_sentence,
    }


def _given(condition: BarCondition, result: Result | None) -> str:
    """Return what an answer gives, without its points; blank where its outcome says all."""
    if condition.option is not None:
        return condition.option.text
    if result is None or not outcome_of(result.outcome or OPEN).applies:
        return ""
    names = ("option_id", "number", "of_number", "day")
    values = {name.removesuffix("_id"): getattr(result, name) for name in names}
    return given_in_words(condition.criterion, values)
