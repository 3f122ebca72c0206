"""A round that follows up an earlier one asks only for what was not met: the other answers are taken over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.history.models import Event
from archiveportal.history.services import event, record_all
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment, Inspection, Result, Round, SelfAnswer, SelfAssessment
from criteria.inspections.models.checklists import Answer
from criteria.inspections.services.scores import SCORE_FIELDS, bars_of, update_score
from criteria.inspections.services.values import COLUMNS, Change, as_given, settle, values_of
from criteria.leaves import leaves_of
from criteria.models import Bar, Criterion
from criteria.outcomes import outcome_of

#: answers written in one statement
BATCH = 500


def refuse_unfit_follows(inspection_round: Round) -> None:
    """Refuse to follow a round with other criteria, a later one, a draft, or a rehearsal where this one counts."""
    earlier = inspection_round.follows
    if earlier is None:
        return
    if earlier.pk == inspection_round.pk or earlier.starts_on >= inspection_round.starts_on:
        raise Refused(_("A round follows up an earlier one. Choose a round that began before."), code="follows")
    if earlier.criteria_set.code != inspection_round.criteria_set.code:
        raise Refused(_("The earlier round has another criteria set: what was not met there is not asked here."))
    if earlier.is_draft or (earlier.is_trial and not inspection_round.is_trial):
        raise Refused(_("A draft or a trial round has no results to follow up."), code="follows")


def refuse_changed_follows(stored: Round) -> None:
    """Refuse another earlier round once the answers of the first one are taken over."""
    if not stored.is_draft:
        raise Refused(_("This round is open: what it follows up does not change any more."), code="follows")


def take_over_met(inspection_round: Round, enrolments: Iterable[Enrolment], *, via: str) -> None:
    """Begin the checklists of a round that is opened with what the earlier one found in order.

    Units without an approved checklist there are asked everything. The answers are nobody's: who gives
    one anew has a hand in it, and nobody else. A checklist that somebody began stays as it is.
    """
    if inspection_round.follows_id is None:
        return
    enrolled = {row.ward_id: row for row in enrolments}
    earlier = Result.objects.filter(
        inspection__status=Inspection.Status.APPROVED,
        inspection__enrolment__round=inspection_round.follows_id,
        inspection__enrolment__ward__in=enrolled,
    )
    criteria = {each.code: each for each in leaves_of(inspection_round.criteria_set)}
    asked = _Asked(inspection_round, criteria, list(bars_of(inspection_round.criteria_set)))
    found: dict[int, list[Result]] = {}
    for result in earlier.select_related("criterion", "option", "inspection__enrolment__round"):
        if result.criterion.code in criteria:
            found.setdefault(result.inspection.enrolment.ward_id, []).append(result)
    for ward, results in found.items():
        _take_over(enrolled[ward], results, asked, via=via)


def is_taken_over(inspection_round: Round, answer: Answer | None) -> bool:
    """Tell whether an answer is that of the earlier round, which nobody was asked for."""
    return inspection_round.follows_id is not None and answer is not None and answer.changed_by_id is None


def _is_settled(code: str) -> bool:
    """Tell whether an answer is taken over: given, and not a failure. A fact without an outcome is asked anew."""
    outcome = outcome_of(code)
    return not (outcome.is_open or outcome.is_failure)


@dataclass(frozen=True)
class _Asked:
    """What the round asks: its criteria by code, and its bars, read once for all units."""

    round: Round
    criteria: dict[str, Criterion]
    bars: list[Bar]


def _take_over(enrolment: Enrolment, earlier: list[Result], asked: _Asked, *, via: str) -> None:
    inspection = Inspection.objects.select_for_update().get(enrolment=enrolment)
    if inspection.version:
        return
    inspection.enrolment, enrolment.round = enrolment, asked.round
    kept = [(old, values) for old in earlier if (values := _values_here(inspection, old, asked))]
    if not kept:
        return
    now, results, own, events = timezone.now(), [], [], []
    assessment = _assessment_of(enrolment)
    for old, values in kept:
        common = {"criterion": asked.criteria[old.criterion.code], "changed_at": now, "changed_by": None, **values}
        results.append(Result(inspection=inspection, **common))
        events.append(_event(inspection, results[-1], old, via=via))
        if assessment:
            own.append(SelfAnswer(assessment=assessment, **common))
            events.append(_event(assessment, own[-1], old, via=via))
    Result.objects.bulk_create(results, batch_size=BATCH)
    SelfAnswer.objects.bulk_create(own, batch_size=BATCH)
    answers = {row.criterion_id: row for row in results}
    update_score(inspection, answers, list(asked.criteria.values()), bars=asked.bars)
    inspection.save(update_fields=list(SCORE_FIELDS))
    record_all(events)


def _values_here(inspection: Inspection, old: Result, asked: _Asked) -> dict[str, Any] | None:
    """Return the columns of an answer as this round has them; None where it is asked anew.

    In another version of the set options, thresholds and points may differ: what follows from the
    values is derived again, and what the criterion does not take any more is asked.
    """
    criterion = asked.criteria[old.criterion.code]
    values, earned = values_of(old), old.earned
    if old.criterion_id != criterion.pk:
        values["option"] = _same_option(old, criterion)
        try:
            change = settle(inspection, Change(criterion, 0, as_given(criterion, values)))
        except Refused:
            return None
        values, earned = dict(change.values), change.earned
    if not _is_settled(values["outcome"]):
        return None
    return {"option_id": values.pop("option"), "earned": earned, **values}


def _same_option(old: Result, criterion: Criterion) -> int | None:
    """Return the key of the option with the same words."""
    if old.option is None or criterion.kind != Criterion.Kind.CHOICE:
        return None
    text = old.option.text
    return next((option.pk for option in criterion.options.all() if option.text == text), None)


def _assessment_of(enrolment: Enrolment) -> SelfAssessment | None:
    """Return a self-assessment to begin, where the round asks for one and none was begun."""
    if not enrolment.round.asks_self_assessment or SelfAssessment.objects.filter(enrolment=enrolment).exists():
        return None
    return SelfAssessment.objects.create(enrolment=enrolment)


def _event(about: Inspection | SelfAssessment, answer: Result | SelfAnswer, old: Result, *, via: str) -> Event:
    """Tell what was taken over, as the portal's own deed."""
    blank = {"outcome": "", "text": "", "note": ""}
    changes = {}
    for name in COLUMNS:
        # The words of an option are the same in every version.
        value = str(old.option) if name == "option" and answer.option_id else getattr(answer, name)
        if value not in (None, ""):
            changes[name] = (blank.get(name), value)
    reason = f"Giữ kết quả của đợt: {old.inspection.enrolment.round.name}"
    return event(about=about, by=None, via=via, changes=changes, name=str(answer.criterion), reason=reason)
