"""Notes between inspector and approver on a criterion: added, never changed, and in no paper."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from archiveportal.refusal import Refused
from criteria.inspections.models import Inspection, InternalNote
from criteria.inspections.services.gate import locked
from criteria.models import Criterion

MOST_NOTES = 200


@transaction.atomic
def add_internal_note(
    *,
    inspection: Inspection,
    criterion: Criterion,
    text: str,
    submission_id: uuid.UUID,
    by: User,
    via: str = Via.PAGE,
) -> InternalNote:
    """Add a note, of an approved checklist too: it changes nothing. The same note sent twice is one.

    The event is about the note itself: units read events of the checklist.
    """
    if not by.can_inspect:
        raise Refused(_("Internal notes are written by those who inspect or approve."))
    if criterion.criteria_set_id != inspection.enrolment.round.criteria_set_id:
        raise Refused(_("This criterion does not belong to the criteria set of the round."))
    # Two taps at the same moment are one note: the second one waits for the first.
    inspection, text = locked(inspection), text.strip()
    earlier = InternalNote.objects.filter(submission_id=submission_id).first()
    place = (inspection.pk, criterion.pk, by.pk, text)
    if earlier and (earlier.inspection_id, earlier.criterion_id, earlier.written_by_id, earlier.text) == place:
        return earlier
    if earlier:
        raise Refused(_("Another message was sent from this page already. Open the page again, then send yours."))
    if not text:
        raise Refused(_("Write the note."), code="text")
    if inspection.internal_notes.filter(criterion=criterion).count() >= MOST_NOTES:
        raise Refused(_("A criterion takes %(count)d internal notes at most.") % {"count": MOST_NOTES})
    note = InternalNote.objects.create(
        inspection=inspection,
        criterion=criterion,
        submission_id=submission_id,
        text=text,
        written_by=by,
        written_at=timezone.now(),
    )
    record(about=note, by=by, via=via, action=Action.CREATED, changes={"text": (None, text)})
    return note
