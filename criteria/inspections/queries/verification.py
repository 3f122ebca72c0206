"""Whether a printed paper still says what the record says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from archiveportal.accounts.models import User
from criteria.inspections.models import Enrolment, Inspection, Minutes
from criteria.inspections.services.minutes_content import check_of, content_of, differences, digest_of, record_of

SAME, CHANGED, OTHER = "same", "changed", "other"


@dataclass(frozen=True)
class PaperVerdict:
    """`state`: the paper says what the record says (SAME); it is the signed paper but the record changed since
    (CHANGED, with `changes` for those who see the answers); or the paper is another one (OTHER).

    `supplement` is the last signed one after a changed paper. With `is_covered` the record is as
    that supplement has it: nothing changed but what was signed for."""

    minutes: Minutes
    state: str
    sees_answers: bool
    changes: list[dict[str, Any]] = field(default_factory=list)
    supplement: Minutes | None = None
    is_covered: bool = False


def verify(*, code: str, check: str, user: User) -> PaperVerdict | None:
    """None for an unknown code and for the code of a ward that the person does not see.

    Who sees the ward may verify its paper also before the approval; the answers stay hidden until then.
    """
    related = ["inspection__enrolment__round__criteria_set", "inspection__enrolment__ward__district"]
    minutes = (
        Minutes.objects.select_related(*related, "inspection__enrolment__team")
        .filter(code=code, inspection__enrolment__in=Enrolment.objects.visible_to(user))
        .first()
    )
    if minutes is None:
        return None
    inspection = minutes.inspection
    sees_answers = user.sees_unapproved_results or inspection.status == Inspection.Status.APPROVED
    digest = minutes.digest if minutes.signed_at else digest_of(content_of(minutes))
    if check != check_of(digest):
        return PaperVerdict(minutes, OTHER, sees_answers)
    record = record_of(inspection)
    changes = differences(minutes.content, record) if minutes.signed_at else []
    if not changes:
        return PaperVerdict(minutes, SAME, sees_answers)
    signed = inspection.minutes.filter(signed_at__isnull=False, sequence__gt=minutes.sequence)
    supplement = signed.order_by("sequence").last()
    is_covered = supplement is not None and not differences(supplement.content, record)
    return PaperVerdict(minutes, CHANGED, sees_answers, changes if sees_answers else [], supplement, is_covered)
