"""Texts about a round, ready to be copied into a letter. Vietnamese, whatever the language of the screen."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from archiveportal.vietnamese import count_in_text, document_date, weekday
from criteria.inspections.models import Enrolment
from criteria.inspections.queries.teams import TeamPlan
from criteria.inspections.services.teams import IN_VIETNAMESE

#: a sentence names so many units at most
NAMED = 400


def names(enrolments: Sequence[Enrolment]) -> str:
    return "; ".join(enrolment.ward.full_in_sentence for enrolment in enrolments)


def not_handed_in_sentence(enrolments: Sequence[Enrolment], count: int, day: datetime.date) -> str:
    """ "Đến ngày 22/11/2026, còn 02 đơn vị chưa được trình duyệt phiếu kiểm tra, gồm: ..." """
    beginning = f"Đến ngày {document_date(day)},"
    if not count:
        return f"{beginning} tất cả đơn vị đã được trình duyệt phiếu kiểm tra."
    sentence = f"{beginning} còn {count_in_text(count)} đơn vị chưa được trình duyệt phiếu kiểm tra"
    return f"{sentence}, gồm: {names(enrolments)}." if count <= NAMED else f"{sentence}."


def schedule_text(plan: TeamPlan) -> str:
    """Return the visits of a team, a line for each day: "- Thứ Hai, ngày 23/11/2026: Phường 6, Quận
    10; ..."."""
    members = [
        f"{IN_VIETNAMESE[member.part]}: {member.full_name}{f', {member.position}' if member.position else ''}"
        for member in plan.members
    ]
    lines = [f"{plan.team.name} ({'; '.join(members)}):" if members else f"{plan.team.name}:"]
    for day, enrolments in plan.days:
        when = f"{_at_the_beginning(weekday(day))}, ngày {document_date(day)}" if day else "Ngày ……/……/………"
        lines.append(f"- {when}: {names(enrolments)}.")
    return "\n".join(lines)


def _at_the_beginning(text: str) -> str:
    return text[:1].upper() + text[1:]
