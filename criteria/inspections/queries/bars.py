"""Why a checklist is held at a band: the bars of its set that its answers make true, in words of the screen."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from criteria.inspections.models import Inspection, Result
from criteria.models import Bar, BarCondition
from criteria.outcomes import OPEN, outcome_of
from criteria.scoring import Condition, is_barred


def reasons_of_bars(inspection: Inspection, results: Mapping[int, Result]) -> list[str]:
    """Return a sentence for each bar that holds the checklist, by the key of the criterion of its answers.

    A checklist that no bar holds is not asked about.
    """
    if inspection.highest_band_id is None:
        return []
    bars = inspection.enrolment.round.criteria_set.bars.select_related("highest_band")
    outcomes = {key: result.outcome or OPEN for key, result in results.items()}
    options = {key: result.option_id for key, result in results.items()}
    reasons = []
    for bar in bars.prefetch_related("conditions__criterion", "conditions__option"):
        conditions = bar.conditions.all()
        asked = [Condition(each.criterion_id, each.outcome, each.option_id) for each in conditions]
        if is_barred(asked, outcomes, options):
            reasons.append(_reason(bar, [_words(each, outcomes) for each in conditions]))
    return reasons


def _reason(bar: Bar, answers: list[str]) -> str:
    words = ", ".join(answers[:-1])
    if words:
        words = _("%(first)s and %(last)s") % {"first": words, "last": answers[-1]}
    values = {"band": bar.highest_band.label, "answers": words or answers[-1]}
    return _("The band is at most “%(band)s” because %(answers)s.") % values


def _words(condition: BarCondition, outcomes: Mapping[int, str]) -> str:
    """Return a criterion with its answer: its option where the bar asks for one, else its outcome."""
    name = condition.criterion.local_name
    if condition.option is not None:
        return _("the choice at criterion “%(criterion)s” is “%(option)s”") % {
            "criterion": name,
            "option": condition.option.text,
        }
    outcome = outcome_of(outcomes[condition.criterion_id])
    return _("the answer to criterion “%(criterion)s” is “%(answer)s”") % {
        "criterion": name,
        "answer": outcome.label_in_sentence,
    }
