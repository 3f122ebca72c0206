"""Who may do what with a self-assessment now, and the messages that say why not."""

from __future__ import annotations

from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Event
from archiveportal.own_words import in_own_words
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment, Inspection, SelfAssessment

#: a hand in a self-assessment; confirming and reading it are none
WRITING = (Action.CHANGED, Action.CREATED, Action.HANDED_IN)
STATUS = Inspection.Status


def why_closed(enrolment: Enrolment) -> str:
    """Say why the round takes no self-assessment of this ward now; blank if it does."""
    if why := _why_not_now(enrolment):
        return why
    if enrolment.is_late:
        last_day = f"{enrolment.hands_in_until:%d/%m/%Y}"
        return _("The self-assessment could be handed in until %(day)s.") % {"day": last_day}
    return ""


def _why_not_now(enrolment: Enrolment) -> str:
    if not enrolment.round.asks_self_assessment:
        return _("This round does not ask for a self-assessment.")
    return "" if enrolment.is_open_now else _("This round is closed.")


def locked_assessment(assessment: SelfAssessment) -> SelfAssessment:
    """Return the row as it is now, held until the transaction ends; its enrolment is held before it."""
    Enrolment.objects.select_for_update(of=("self",)).get(pk=assessment.enrolment_id)
    rows = SelfAssessment.objects.select_related(
        "enrolment__round__criteria_set", "enrolment__ward__district", "enrolment__inspection"
    )
    return rows.select_for_update(of=("self",)).get(pk=assessment.pk)


def refuse_strangers(assessment: SelfAssessment, by: User) -> None:
    """Refuse whoever answers for other units, or for none."""
    if not by.answers_for_units or not SelfAssessment.objects.visible_to(by).filter(pk=assessment.pk).exists():
        raise Refused(_("A self-assessment is made by the ward or its district."))


def has_begun(inspection: Inspection) -> bool:
    """Tell whether the team recorded something of this unit."""
    return inspection.is_started or inspection.status != STATUS.DRAFT


def why_not_shown(assessment: SelfAssessment) -> str:
    """Say why the unit can add or replace no evidence now; blank if it can.

    Once it is handed in, also after the last day: the team may ask for more until it has decided.
    """
    enrolment = assessment.enrolment
    if why := (_why_not_now(enrolment) if assessment.handed_in_at else why_closed(enrolment)):
        return why
    if assessment.is_accepted:
        return in_own_words(_("This self-assessment was accepted by %(division_word)s; it takes no more evidence."))
    if enrolment.inspection.status not in (STATUS.DRAFT, STATUS.RETURNED):
        return _("The team has recorded its result; what the unit shows does not change any more.")
    return ""


def authors_of(assessment: SelfAssessment) -> set[int]:
    """Return the keys of the accounts that answered, added evidence or handed it in, now or earlier."""
    events = Event.objects.about(assessment).filter(action__in=WRITING, actor_id__isnull=False)
    people: set[int] = set(events.order_by().values_list("actor_id", flat=True))
    people.update(assessment.answers.exclude(changed_by=None).values_list("changed_by_id", flat=True))
    people.update(assessment.evidence.order_by().values_list("added_by_id", flat=True))
    return people | ({assessment.handed_in_by_id} if assessment.handed_in_by_id else set())


def stood_by(assessment: SelfAssessment) -> set[int]:
    """Return the keys of the accounts that confirmed it as it is now, or attached the paper that its leader signed."""
    people = set(assessment.papers.filter(ended_at=None).values_list("added_by_id", flat=True))
    return people | ({assessment.confirmed_by_id} if assessment.confirmed_by_id else set())
