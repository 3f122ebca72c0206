"""A report as a file."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from archiveportal.vietnamese import number
from archiveportal.word import Block, Head, Title, word_file
from archiveportal.word_report import Addressee, End, NewSection, Rule
from criteria.inspections.models import Round
from criteria.inspections.services import Refused
from reports.documents import round_report, scheme_report
from reports.documents.context import RoundContext, SchemeContext
from reports.documents.issue import Issue
from reports.queries import visible_enrolments
from training.models import Scheme

AGENCY = ["ỦY BAN NHÂN DÂN", "THÀNH PHỐ HỒ CHÍ MINH", "SỞ NỘI VỤ"]
#: a longer appendix is no paper that anyone signs
MOST_WARDS = 1500


class TooManyWards(Refused):
    """The round has more wards than one document holds."""


def report_file(
    *,
    user: Any,
    subject: Round | Scheme,
    made_at: datetime.datetime | None = None,
    issue: Issue | None = None,
) -> bytes:
    """The report on a round or on a training scheme, as it follows from the records now.

    `issue` gives number, day and signature; without it, what is recorded of them. Raises `TooManyWards`.
    """
    made_at = made_at or timezone.now()
    with override("vi"):
        if isinstance(subject, Round):
            _refuse_too_many(user, subject)
            return _round_file(RoundContext(user, subject, issue), made_at)
        return _scheme_file(SchemeContext(user, subject, issue), made_at)


def report_name(subject: Round | Scheme) -> str:
    return f"bao-cao-{'so-ket' if isinstance(subject, Round) else 'tong-ket'}-{subject.code}"


def _refuse_too_many(user: Any, round: Round) -> None:
    count = visible_enrolments(user, round).count()
    if count > MOST_WARDS:
        message = _(
            "The round has %(count)s wards; a report in Word holds %(most)s at most. Take the summary table as a "
            "workbook instead, or the report of a round with fewer wards."
        )
        raise TooManyWards(message % {"count": number(count), "most": number(MOST_WARDS)}, code="too_many")


def _round_file(context: RoundContext, made_at: datetime.datetime) -> bytes:
    found = round_report.parts(context)
    blocks: list[Block] = [
        *_front(context.issue, round_report.subject(context)),
        *(block for name, part in found.items() if name != "phu_luc" for block in part),
        End(round_report.receivers(context), context.issue.titles, context.issue.name),
        NewSection(is_landscape=True),
        *found["phu_luc"],
    ]
    return word_file(blocks, title=round_report.subject(context), made_at=made_at)


def _scheme_file(context: SchemeContext, made_at: datetime.datetime) -> bytes:
    blocks: list[Block] = [
        *_front(context.issue, scheme_report.subject(context)),
        Addressee(scheme_report.addressee(context)),
        *(block for part in scheme_report.parts(context).values() for block in part),
        End(scheme_report.receivers(context), context.issue.titles, context.issue.name),
    ]
    return word_file(blocks, title=scheme_report.subject(context), made_at=made_at)


def _front(issue: Issue, subject: str) -> list[Block]:
    return [Head(AGENCY, issue.number_line, issue.place_and_date), Title("BÁO CÁO", subject), Rule()]
