"""What a decision on an inspection must have, by Nghị định 217/2025/NĐ-CP, and where a head can be."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from archiveportal.days import refuse_far_days
from archiveportal.refusal import Refused
from criteria.inspections.models import Decision, DecisionUnit, Enrolment, Team, TeamMember
from criteria.inspections.models.decisions import LONGEST_DAYS
from criteria.inspections.services.rounds import first_ward_names


def head_of(team: Team) -> TeamMember | None:
    """Return the head of a team as it is now."""
    return TeamMember.objects.filter(team=team, part=TeamMember.Part.HEAD).select_related("person").first()


def refuse_wrong_values(decision: Decision, enrolments: Collection[Enrolment]) -> None:
    """Refuse a decision that lacks what art. 11 asks for, each at its field."""
    faults = {
        "title": (not decision.title.strip(), _("Write the title of the decision.")),
        "ground": (decision.ground not in Decision.Ground.values, _("Choose the ground of the decision (art. 11.2).")),
        "grounds": (not decision.grounds.strip(), _("A decision on an inspection needs its ground (art. 11.2).")),
        "contents": (not decision.contents.strip(), _("Write what is inspected (art. 11.3).")),
        "units": (not enrolments, _("Choose the units that the decision names.")),
        "days_allowed": (
            not 1 <= (decision.days_allowed or 0) <= LONGEST_DAYS,
            _("An inspection lasts 10 days at most (art. 13.2b)."),
        ),
    }
    lacking = {name: message for name, (is_wrong, message) in faults.items() if is_wrong}
    first, last = decision.period_from, decision.period_to
    if first and last and last < first:
        lacking["period_to"] = _("The last day must not come before the first day.")
    if lacking:
        raise ValidationError(lacking)
    refuse_far_days(first, last)


def refuse_unready_units(decision: Decision, enrolments: Collection[Enrolment]) -> None:
    """Refuse units that no team visits, that another team visits, and a team of another round."""
    if decision.team.round_id != decision.round_id:
        raise ValidationError({"team": _("This team belongs to another round.")})
    if any(row.round_id != decision.round_id for row in enrolments):
        raise Refused(_("One of the wards is not in this round any more. Look at the list again."))
    unvisited = [row.ward for row in enrolments if not row.is_visited]
    if unvisited:
        message = _("No team inspects %(units)s; a decision does not name them.")
        raise ValidationError({"units": message % {"units": first_ward_names(unvisited)}})
    elsewhere = [row.ward for row in enrolments if row.team_id not in (None, decision.team_id)]
    if elsewhere:
        message = _("Another team visits %(units)s. Give them to the team of the decision first.")
        raise ValidationError({"units": message % {"units": first_ward_names(elsewhere)}})


def refuse_other_decision(decision: Decision, enrolments: Collection[Enrolment]) -> None:
    """Refuse units that another standing decision of the round names (art. 4.2: nothing is inspected twice)."""
    others = DecisionUnit.objects.filter(enrolment__in=list(enrolments), decision__voided_at__isnull=True)
    others = others.exclude(decision=decision.pk).select_related("enrolment__ward__district")
    if named := [row.enrolment.ward for row in others]:
        message = _("Another decision names %(units)s already.")
        raise ValidationError({"units": message % {"units": first_ward_names(named)}})


def refuse_elsewhere(decision: Decision, days: Iterable[datetime.date], *, field: str) -> None:
    """Refuse a day on which the head of the team is with another team."""
    head = head_of(decision.team)
    if head is None:
        return
    elsewhere = visits_elsewhere(decision, head.person_id, head.full_name, days=days)
    if elsewhere:
        row, day = elsewhere[0]
        message = _("%(name)s is at %(unit)s on %(day)s, with another team. Check the day, or confirm it below.")
        facts = {"name": head.full_name, "unit": row.ward.full_title, "day": f"{day:%d/%m/%Y}"}
        raise Refused({field: message % facts}, code="elsewhere")


def visits_elsewhere(
    decision: Decision, person: int | None, full_name: str, *, days: Iterable[datetime.date]
) -> list[tuple[Enrolment, datetime.date]]:
    """Return the visits of other teams on these days that a person is in, as planned or as announced."""
    members = TeamMember.objects.exclude(team=decision.team_id)
    members = members.filter(person=person) if person else members.filter(person__isnull=True, full_name=full_name)
    teams, wanted = members.values("team"), list(days)
    planned = Enrolment.objects.filter(team__in=teams, planned_on__in=wanted, is_left_out=False)
    planned = planned.exclude(round__status="closed").select_related("ward__district")
    announced = DecisionUnit.objects.filter(
        decision__team__in=teams, decision__voided_at__isnull=True, announced_on__in=wanted
    ).select_related("enrolment__ward__district")
    found = [(row.enrolment, row.announced_on) for row in announced if row.announced_on]
    return found + [(row, row.planned_on) for row in planned.order_by("planned_on", "position") if row.planned_on]
