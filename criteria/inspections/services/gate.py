"""Who may change a checklist now, and the messages that say why not."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.own_words import in_own_words
from archiveportal.refusal import Refused
from criteria.inspections.models import Inspection
from criteria.models import Bar


def locked(inspection: Inspection) -> Inspection:
    """Return the row as it is now, held until the transaction ends (on SQLite the transaction
    itself holds it).

    The criteria that the caller has read already are kept: a set in use does not change. `is_bar_possible`
    says whether the score has to ask for the bars of the set.
    """
    criteria_set = inspection.enrolment.round.criteria_set
    fresh = (
        Inspection.objects.select_related("enrolment__round", "enrolment__ward__district")
        .annotate(is_bar_possible=Exists(Bar.objects.filter(criteria_set=OuterRef("enrolment__round__criteria_set"))))
        .select_for_update(of=("self",))
        .get(pk=inspection.pk)
    )
    fresh.enrolment.round.criteria_set = criteria_set
    return fresh


def refuse_unless_editable(inspection: Inspection, by: User) -> None:
    refuse_unless_inspecting(inspection, by)
    if inspection.status == Inspection.Status.SUBMITTED:
        raise Refused(_("This checklist is waiting for approval. It can be changed once it is returned."))
    if inspection.status == Inspection.Status.APPROVED:
        raise Refused(_("This checklist is approved and does not change any more."))
    if inspection.is_locked:
        raise Refused(
            _("The minutes are signed. The answers change only by a supplement to the minutes, with its reason.")
        )


def refuse_unless_inspecting(inspection: Inspection, by: User) -> None:
    """The person fills in checklists, a team inspects the ward, and the round is open for it."""
    if not by.can_inspect:
        raise Refused(_("Your role does not fill in checklists."))
    if inspection.enrolment.is_left_out:
        raise Refused(_("This unit is left out of the plan of the round."))
    if inspection.enrolment.only_reports:
        raise Refused(_("This unit assesses itself and reports. No team fills in its checklist."))
    if not inspection.enrolment.is_open_now:
        raise Refused(in_own_words(_("This round is closed. Ask %(leader)s to open it again.")))


def refuse_unseen(inspection: Inspection, seen: int | None) -> None:
    if seen is not None and inspection.version != seen:
        raise Refused(_("A colleague changed this checklist after you opened it. Look at it again, then decide."))
