"""Whom to remind, and of which findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from django.utils import timezone

from archiveportal.scope import Viewer
from criteria.inspections.models import Finding, Round
from criteria.inspections.queries.areas import NOTHING, Division, division_of_wards
from criteria.inspections.queries.sections import LONG
from criteria.inspections.querysets import FindingQuerySet
from criteria.inspections.services.letters import Reminder
from wards.models import District, Ward


def reminders(findings: FindingQuerySet) -> list[Reminder]:
    """Return one reminder per district, or per ward where there is no district, by name. One query."""
    today = timezone.localdate()
    units: dict[tuple[str, int], District | Ward] = {}
    rows: dict[tuple[str, int], list[Finding]] = {}
    for finding in findings.to_remind():
        ward = finding.inspection.enrolment.ward
        unit = ward.district or ward
        key = (str(unit._meta.model_name), unit.pk)
        units[key] = unit
        rows.setdefault(key, []).append(finding)
    order = sorted(units, key=lambda key: (key[0], units[key].sort_key, key[1]))
    return [Reminder(units[key], rows[key], today) for key in order]


@dataclass(frozen=True)
class ReminderSection:
    """Reminders to units of one group; without a title those that no group divides."""

    title: str
    reminders: list[Reminder]
    is_folded: bool = False


def in_groups(listed: Sequence[Reminder], user: Viewer) -> list[ReminderSection]:
    """Return the reminders by group, as the newest of their rounds with groups has them; letters to districts first."""
    to_districts = [each for each in listed if isinstance(each.unit, District)]
    to_wards = {each.unit: each for each in listed if isinstance(each.unit, Ward)}
    divided = _division_of(to_wards, listed, user)
    if not divided:
        return [ReminderSection("", list(listed))] if listed else []
    by_key: dict[int | None, list[Reminder]] = {area.pk: [] for area in divided.areas}
    for ward, reminder in to_wards.items():
        by_key.setdefault(divided.key_of(ward), []).append(reminder)
    titles = {area.pk: area.title for area in divided.areas}
    is_folded = len(listed) > LONG
    sections = [
        ReminderSection(titles.get(key or 0, divided.rest), some, is_folded=is_folded) for key, some in by_key.items()
    ]
    return [*([ReminderSection("", to_districts)] if to_districts else []), *sections]


def _division_of(wards: Iterable[Ward], listed: Sequence[Reminder], user: Viewer) -> Division:
    findings = chain.from_iterable(reminder.findings for reminder in listed)
    rounds = {finding.inspection.enrolment.round_id for finding in findings}
    grouped = Round.objects.filter(pk__in=rounds, grouping__isnull=False).select_related("grouping")
    newest = grouped.order_by("-starts_on", "pk").first()
    if newest is None:
        return NOTHING
    units = Ward.objects.filter(pk__in=[ward.pk for ward in wards])
    return division_of_wards(user, units, grouping=newest.grouping, day=newest.starts_on)
