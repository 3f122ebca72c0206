"""Who may witness that a unit does not sign the minutes (NĐ 217/2025/NĐ-CP, art. 15.3a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.refusal import Refused
from archiveportal.vietnamese import normalise
from criteria.inspections.models import Inspection, Participant, TeamMember
from criteria.inspections.services.minutes_merge import Person
from wards.titles import OFFICES

Side, Part = Participant.Side, Participant.Part


@dataclass(frozen=True)
class WitnessFault:
    """What is wrong with the refusal to sign; `place` is that of the witness among those typed, None: the reason."""

    message: str
    place: int | None = None


def is_commune(inspection: Inspection) -> bool:
    """Tell whether a UBND cấp xã is inspected: then its own authority confirms nothing."""
    return inspection.enrolment.ward.kind not in OFFICES


def witness_fault(inspection: Inspection, people: Sequence[Person], refusal_reason: str) -> WitnessFault | None:
    """Return what is wrong with the witnesses; whether there is one at all is asked at the signing."""
    witnesses = [each for each in people if each.side == Side.WITNESS]
    if not witnesses:
        return None
    if not refusal_reason.strip():
        return WitnessFault(_("Say why the unit does not sign, or take the witness out."))
    of_team = _names_of_team(inspection) | _names(people, Side.TEAM)
    of_unit = _names_of_unit(inspection) | _names(people, Side.WARD)
    for place, each in enumerate(witnesses):
        if _plain(each.full_name) in of_team:
            message = _("%(name)s is in the inspection team; a witness belongs neither to the team nor to the unit.")
            return WitnessFault(message % {"name": each.full_name}, place)
        if _plain(each.full_name) in of_unit:
            message = _("%(name)s is of the inspected unit; a witness belongs neither to the team nor to the unit.")
            return WitnessFault(message % {"name": each.full_name}, place)
        if each.part == Part.AUTHORITY and is_commune(inspection):
            message = _("The inspected unit is the authority of the commune itself: only a witness confirms this.")
            return WitnessFault(message, place)
    return None


def refuse_wrong_witnesses(inspection: Inspection, people: Sequence[Person], refusal_reason: str) -> None:
    if fault := witness_fault(inspection, people, refusal_reason):
        raise Refused(fault.message, code="witness")


def refuse_refusal_without_witness(people: Sequence[Person], refusal_reason: str) -> None:
    """Refuse to record the signing of minutes that the unit does not sign and nobody witnesses."""
    if refusal_reason.strip() and not any(each.side == Side.WITNESS for each in people):
        raise Refused(
            _("The unit does not sign: name at least one witness in the minutes, who signs in its place."),
            code="witness",
        )


def _plain(name: str) -> str:
    return normalise(name).casefold()


def _names(people: Sequence[Person], side: str) -> set[str]:
    return {_plain(each.full_name) for each in people if each.side == side}


def _names_of_team(inspection: Inspection) -> set[str]:
    rows = TeamMember.objects.filter(team=inspection.enrolment.team_id).values_list("full_name", flat=True)
    return {_plain(name) for name in rows}


def _names_of_unit(inspection: Inspection) -> set[str]:
    rows = User.objects.filter(ward=inspection.enrolment.ward_id).values_list("full_name", flat=True)
    return {_plain(name) for name in rows}
