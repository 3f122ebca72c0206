"""What a unit says of itself, taken over into the checklist by the inspector, one answer or piece at a time.

Taking over is answering: the inspector stands for it, and does not approve the checklist.
"""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Via
from archiveportal.history.services import event
from archiveportal.refusal import Refused
from criteria.inspections.models import Evidence, Inspection, Result, SelfAnswer, SelfEvidence
from criteria.inspections.services.answers import SavedAnswers, save_results
from criteria.inspections.services.evidence import refuse_unless_adding
from criteria.inspections.services.gate import locked
from criteria.inspections.services.values import Change, as_given, values_of


def take_over_answer(
    *, inspection: Inspection, answer: SelfAnswer, seen: int, shown: int, by: User, via: str = Via.PAGE
) -> SavedAnswers:
    """Write the unit's answer into the checklist. `seen` is the version of the team's answer that the page showed
    (0: none), `shown` that of the unit's.

    A colleague's newer answer is not overwritten.
    """
    current = SelfAnswer.objects.select_related("criterion", "assessment").get(pk=answer.pk)
    if current.assessment.enrolment_id != inspection.enrolment_id or current.assessment.handed_in_at is None:
        raise Refused(_("The unit has not handed in its self-assessment yet."))
    if current.version != shown:
        raise Refused(_("The unit changed its self-assessment after you opened it. Look at it again, then decide."))
    values = as_given(current.criterion, values_of(current))
    change = Change(current.criterion, seen, values)
    saved = save_results(
        inspection=inspection,
        changes=[change],
        by=by,
        via=via,
        submission_id=uuid.uuid4(),
        reason=_("taken over from the self-assessment"),
    )
    if saved.is_refused:
        raise Refused(_("A colleague answered this criterion meanwhile. Look at both answers, then decide."))
    return saved


@transaction.atomic
def take_over_evidence(*, inspection: Inspection, piece: SelfEvidence, by: User, via: str = Via.PAGE) -> Evidence:
    """Show a piece of the unit's evidence in the checklist too; both have one file. The second tap changes nothing."""
    inspection = locked(inspection)
    piece = SelfEvidence.objects.select_related("criterion", "file__withdrawal", "assessment").get(pk=piece.pk)
    if piece.assessment.enrolment_id != inspection.enrolment_id or piece.assessment.handed_in_at is None:
        raise Refused(_("The unit has not handed in its self-assessment yet."))
    taken = Evidence.objects.filter(taken_from=piece).first()
    if taken and not taken.voided_at:
        return taken
    refuse_unless_adding(inspection, by)
    if taken:
        raise Refused(_("This piece was taken over before and taken back. Ask the unit for a further version."))
    if piece.voided_at or piece.replaced_at or (piece.file and piece.file.withdrawn):
        raise Refused(_("The unit does not show this piece any more. Load the page again."))
    shown = {name: getattr(piece, name) for name in ("file", "number", "issued_on", "issuer", "caption")}
    evidence = Evidence(
        inspection=inspection,
        criterion=piece.criterion,
        upload_id=uuid.uuid4(),
        added_by=by,
        taken_from=piece,
        **shown,
    )
    evidence.save(force_insert=True)
    reason = _("taken over from the self-assessment")
    changes = {"evidence": (None, str(evidence))}
    entry = event(about=inspection, by=by, via=via, action=Action.CREATED, changes=changes, reason=reason)
    entry.object_name = str(piece.criterion)[:300]
    entry.save(force_insert=True)
    return evidence


def is_taken(answer: SelfAnswer, result: Result | None) -> bool:
    """Tell whether the team gives the same answer."""
    return result is not None and values_of(answer) == values_of(result)
