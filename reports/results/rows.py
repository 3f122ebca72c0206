"""Which wards of a round a scope holds, and which of them count."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from archiveportal.own_words import own_words
from archiveportal.scope import Viewer
from criteria.inspections.models import Enrolment, Inspection, Round
from criteria.inspections.queries.progress import COUNTS
from criteria.inspections.querysets import EnrolmentQuerySet, is_visited

APPROVED = Inspection.Status.APPROVED
#: counts of wards without a verified result to come
UNVERIFIED = ("reporting", "reported", "accepted", "left_out")


def visible_enrolments(user: Viewer, inspection_round: Round) -> EnrolmentQuerySet:
    """Return the rows of a round that a person sees and a team inspects, with standing scores, in
    printed order.

    Wards that only report, or are left out of the plan, have no verified result: they are told apart
    (`unverified_counts`).
    """
    rows = Enrolment.objects.visible_to(user).filter(is_visited(), round=inspection_round)
    return rows.with_standing().order_by("position")


def approved_count(user: Viewer, inspection_round: Round) -> int:
    """So many wards have an approved checklist: what is counted by criterion is counted over them."""
    return visible_enrolments(user, inspection_round).filter(inspection__status=APPROVED).count()


@dataclass(frozen=True)
class Unverified:
    """Wards of a round without a verified result to come: they report themselves, or are left out."""

    reporting: int
    reported: int
    accepted: int
    left_out: int

    @property
    def sentence(self) -> str:
        """Say in Vietnamese what tables of verified results leave out; blank where they have all wards."""
        parts = []
        if self.reporting:
            accepted = f"; {own_words('vi').division_word} đã chấp nhận: {self.accepted}" if self.accepted else ""
            parts.append(f"{self.reporting} đơn vị tự kiểm tra, báo cáo (đã báo cáo: {self.reported}{accepted})")
        if self.left_out:
            parts.append(f"{self.left_out} đơn vị đưa ra khỏi kế hoạch")
        return f"Không gồm {' và '.join(parts)}." if parts else ""


def with_unverified(rounds: QuerySet[Round], user: Viewer) -> QuerySet[Round]:
    """Add what `unverified` says of each round, so that a page needs no query of its own for it."""
    rows = Enrolment.objects.visible_to(user).filter(round=OuterRef("pk")).order_by().values("round")
    counted = {
        f"wards_{name}": Coalesce(Subquery(rows.annotate(count=COUNTS[name]).values("count")), 0) for name in UNVERIFIED
    }
    return rounds.annotate(**counted)


def known_unverified(inspection_round: Round) -> Unverified | None:
    """Return the same of a round from `with_unverified`; None of any other."""
    if not hasattr(inspection_round, f"wards_{UNVERIFIED[0]}"):
        return None
    return Unverified(**{name: getattr(inspection_round, f"wards_{name}") for name in UNVERIFIED})


def unverified(user: Viewer, inspection_round: Round) -> Unverified:
    """Count the wards that `visible_enrolments` leaves out, by kind."""
    known = known_unverified(inspection_round)
    if known is not None:
        return known
    rows = Enrolment.objects.visible_to(user).filter(round=inspection_round)
    return Unverified(**rows.aggregate(**{name: COUNTS[name] for name in UNVERIFIED}))
