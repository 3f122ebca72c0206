"""Minutes of a visit: opened, signed, supplemented."""

from __future__ import annotations

import datetime
import hashlib
import json
import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from criteria.inspections.models import Inspection, Minutes
from criteria.inspections.services.gate import (
    Refused,
    locked,
    refuse_unless_editable,
    refuse_unless_inspecting,
    refuse_unseen,
)

#: without letters and digits that are mistaken for each other on paper
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_code() -> str:
    """Eight characters: 39 bits, so that nobody meets another's record by chance."""
    return "".join(secrets.choice(LETTERS) for _place in range(8))


def open_minutes(*, inspection: Inspection, by: Any) -> Minutes:
    """The minutes (or supplement) being written; made when there is none. The caller holds the checklist."""
    found = inspection.minutes.filter(signed_at__isnull=True).first()
    return found or Minutes.objects.create(inspection=inspection, code=new_code(), opened_by=by)


def content_of(inspection: Inspection) -> dict[str, Any]:
    """What the paper says of the record, in plain values."""
    results = inspection.results.filter(criterion__isnull=False).order_by("criterion__position")
    lines = [[r.criterion.code, r.outcome, str(r.number or ""), r.text, r.note] for r in results]
    return {"inspected_on": str(inspection.inspected_on or ""), "lines": lines}


def digest_of(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def sign_minutes(
    *, inspection: Inspection, signed_on: datetime.date, seen: int | None = None, by: Any, via: str = Via.PAGE
) -> Minutes:
    """Records that the paper is signed: from now on the answers stand as it has them."""
    inspection = locked(inspection)
    refuse_unseen(inspection, seen)
    refuse_unless_editable(inspection, by)
    minutes = open_minutes(inspection=inspection, by=by)
    minutes.content = content_of(inspection)
    minutes.digest = digest_of(minutes.content)
    minutes.signed_on, minutes.signed_at, minutes.signed_by = signed_on, timezone.now(), by
    minutes.save(update_fields=["content", "digest", "signed_on", "signed_at", "signed_by"])
    before, inspection.status = inspection.status, Inspection.Status.SIGNED
    inspection.signed_at = minutes.signed_at
    inspection.save(update_fields=["status", "signed_at"])
    changes = {"status": (before, inspection.status), "signed_on": (None, signed_on)}
    record(about=inspection, by=by, via=via, action=Action.SIGNED, changes=changes)
    log_event("minutes signed", user=by.pk, inspection=inspection.pk)
    return minutes


@transaction.atomic
def open_supplement(
    *, inspection: Inspection, reason: str, seen: int | None = None, by: Any, via: str = Via.PAGE
) -> Minutes:
    """Opens the answers again after signing; the supplement says why. A returned checklist stays returned."""
    inspection = locked(inspection)
    refuse_unless_inspecting(inspection, by)
    refuse_unseen(inspection, seen)
    if inspection.signed_at is None or inspection.status not in (
        Inspection.Status.SIGNED,
        Inspection.Status.RETURNED,
    ):
        raise Refused(
            _("A supplement can be opened once the minutes are signed and before the checklist is submitted.")
        )
    if not reason.strip():
        raise Refused(_("Say why the minutes are supplemented."))
    last = inspection.minutes.order_by("-sequence").first()
    sequence = last.sequence + 1 if last else 1
    minutes = Minutes.objects.create(
        inspection=inspection, sequence=sequence, code=new_code(), reason=reason.strip(), opened_by=by
    )
    before = inspection.status
    inspection.signed_at = None
    if inspection.status == Inspection.Status.SIGNED:
        inspection.status = Inspection.Status.DRAFT
    inspection.save(update_fields=["status", "signed_at"])
    changes = {"status": (before, inspection.status)} if before != inspection.status else {}
    record(about=inspection, by=by, via=via, action=Action.SUPPLEMENT, changes=changes, reason=reason.strip())
    return minutes
