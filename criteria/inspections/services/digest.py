"""Once a day: tell of days that come near or have passed, and mail to each person what is unread.

A mail leaves once for each notice, and never for a matter that is closed meanwhile.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from archiveportal.accounts.models import User
from archiveportal.logs import log_event
from archiveportal.own_words import in_vietnamese
from criteria.inspections.models import Enrolment, Finding, Inspection, Notice, Question
from criteria.inspections.question_querysets import is_open_of_question
from criteria.inspections.services.clock_notices import tell_of_clocks
from criteria.inspections.services.digest_papers import papers_behind
from criteria.inspections.services.notices import (
    KIND,
    Matter,
    of_finding,
    of_question,
    of_unit,
    people_of_units,
    tell_each,
)

#: a self-assessment is due soon within so many days
SOON = datetime.timedelta(days=3)
FOOT = "Tin nhắc tự động, không thay thế văn bản của %(office)s."
SUBJECT = "Cổng thông tin văn thư, lưu trữ: {count} thông báo chưa đọc"

#: (kind, unit of the round, what it is about, last day)
Due = tuple[str, Enrolment, Matter, datetime.date]


@transaction.atomic
def tell_what_is_due() -> int:
    """Tell units of self-assessments, recommendations and questions that are due or late; each once for each day set.

    Return how many notices are new.
    """
    due = [*_self_assessments(), *_findings(), *_questions()]
    people = people_of_units([enrolment for _kind, enrolment, _matter, _day in due])
    told_already = _told({matter.round.pk for _kind, _enrolment, matter, _day in due})
    wanted: dict[str, list[tuple[int, Matter, datetime.date | None]]] = defaultdict(list)
    for kind, enrolment, matter, day in due:
        for person in people[enrolment.pk]:
            if (person.pk, kind, *list(matter.keys.values())[1:], day) not in told_already:
                wanted[kind].append((person.pk, matter, day))
    for kind, rows in wanted.items():
        tell_each(rows, kind)
    return sum(map(len, wanted.values())) + tell_of_clocks()


def _self_assessments() -> Iterable[Due]:
    """Yield units that still owe their self-assessment: none once its minutes are signed."""
    today = timezone.localdate()
    rows = Enrolment.objects.filter(
        Q(self_assessment__isnull=True) | Q(self_assessment__handed_in_at__isnull=True),
        round__status="open",
        round__asks_self_assessment=True,
        round__self_assessment_due__isnull=False,
        is_left_out=False,
        inspection__status=Inspection.Status.DRAFT,
    )
    for row in rows.select_related("round", "ward"):
        day = row.hands_in_until
        if day and day <= today + SOON:
            yield (KIND.SELF_LATE if day < today else KIND.SELF_DUE), row, of_unit(row), day


def _findings() -> Iterable[Due]:
    today = timezone.localdate()
    for row in Finding.objects.to_remind().select_related("inspection__enrolment__round"):
        if row.due_on:
            kind = KIND.FINDING_LATE if row.due_on < today else KIND.FINDING_DUE
            yield kind, row.inspection.enrolment, of_finding(row), row.due_on


def _questions() -> Iterable[Due]:
    today = timezone.localdate()
    rows = Question.objects.filter(
        is_open_of_question(),
        status=Question.Status.ASKED,
        due_on__lte=today + SOON,
    ).exclude(inspection__status=Inspection.Status.APPROVED)
    for row in rows.select_related("inspection__enrolment__round", "inspection__enrolment__ward"):
        kind = KIND.QUESTION_LATE if row.due_on < today else KIND.QUESTION_DUE
        yield kind, row.inspection.enrolment, of_question(row), row.due_on


def _told(rounds: set[int]) -> set[tuple[Any, ...]]:
    """Return what was told already: (person, kind, enrolment, finding, question, day)."""
    kinds = (
        *(KIND.SELF_DUE, KIND.SELF_LATE, KIND.FINDING_DUE, KIND.FINDING_LATE),
        *(KIND.QUESTION_DUE, KIND.QUESTION_LATE),
    )
    rows = Notice.objects.filter(round__in=rounds, kind__in=kinds)
    return set(rows.order_by().values_list("person", "kind", "enrolment", "finding", "question", "day"))


def is_current(notice: Notice, today: datetime.date) -> bool:
    """Tell whether the matter still stands as the notice says."""
    if notice.finding:
        status = Finding.Status.ANSWERED if notice.kind == KIND.FINDING_ANSWERED else Finding.Status.OPEN
        return notice.finding.status == status
    if notice.question:
        awaited = Question.Status.ANSWERED if notice.kind == KIND.QUESTION_ANSWERED else Question.Status.ASKED
        return notice.question.status == awaited
    if notice.kind == KIND.APPROVED:
        return True
    if notice.kind == KIND.VISIT_PLANNED and (notice.day is None or notice.day < today):
        return False
    return notice.enrolment.is_open_now if notice.enrolment else notice.round.is_open


@dataclass(frozen=True)
class Digest:
    """The mail of one day to one person."""

    person: User
    notices: Sequence[Notice]

    @property
    def subject(self) -> str:
        return SUBJECT.format(count=len(self.notices))

    @property
    def text(self) -> str:
        """Return the mail in Vietnamese, whatever the screen speaks."""
        with translation.override("vi"):
            lines = [f"- {_with_round(each)}" for each in self.notices]
            papers = papers_behind(self.notices, self.person)
        parts = [f"Kính gửi: {self.person.full_name or self.person.username}.", *lines, "", in_vietnamese(FOOT)]
        return "\n".join([*parts, *papers])


def _with_round(notice: Notice) -> str:
    """Return the sentence, one about a unit with its round: a rehearsal is marked in it."""
    if not notice.enrolment_id:
        return notice.text
    return f"{notice.text.rstrip('.')} ({notice.round.marked_name})."


def digests() -> list[Digest]:
    """Return the mails of today: to people who want one and have an address."""
    people = User.objects.able_to_sign_in().filter(wants_daily_mail=True).exclude(email="")
    rows = Notice.objects.unread().filter(mailed_at__isnull=True, person__in=people)
    rows = rows.with_words().select_related("person__ward", "person__district")
    today = timezone.localdate()
    current = [row for row in rows.order_by("person_id", "posted_at", "pk") if is_current(row, today)]
    found = []
    for _key, own in groupby(current, key=lambda row: row.person_id):
        notices = list(own)
        person = notices[0].person
        # What one sees depends on the person: a question each, as each gets a mail.
        seen = set(Notice.objects.visible_to(person).unread().values_list("pk", flat=True))
        if notices := [row for row in notices if row.pk in seen]:
            found.append(Digest(person, notices))
    return found


def mail_digest(digest: Digest) -> None:
    """Mail it, with its day on record before it leaves; where it cannot be sent, the next run tries again.

    Raises `SMTPException` and `OSError`.
    """
    keys = [each.pk for each in digest.notices]
    with transaction.atomic():
        waiting = Notice.objects.unread().filter(pk__in=keys, mailed_at__isnull=True).select_for_update()
        if len(waiting) != len(keys):
            # Read or mailed meanwhile: the next run looks again.
            return
        Notice.objects.filter(pk__in=keys).update(mailed_at=timezone.now())
    try:
        EmailMessage(digest.subject, digest.text, to=[digest.person.email]).send()
    except (SMTPException, OSError):
        Notice.objects.filter(pk__in=keys).update(mailed_at=None)
        raise
    log_event("notices mailed", user=digest.person.pk, notices=len(keys))


#: what was read is kept so long
KEPT = datetime.timedelta(days=180)


def sweep() -> int:
    """Delete notices that were read long ago; the deeds themselves are in the history."""
    deleted, _by_model = Notice.objects.filter(read_at__lt=timezone.now() - KEPT).delete()
    return deleted
