"""What is asked of a unit, criterion by criterion, with what it says of itself and what the team found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from archiveportal.accounts.models import User
from criteria.inspections.models import (
    Enrolment,
    InternalNote,
    Question,
    QuestionMessage,
    Result,
    SelfAnswer,
)
from criteria.inspections.queries.units import self_answers
from criteria.inspections.services.distant import distant_criteria
from criteria.leaves import answered_of, leaves_of
from criteria.models import Criterion

#: messages on one page of a thread
MESSAGES_PER_PAGE = 50
SHOWN = 8


@dataclass(frozen=True)
class AskedLine:
    """One criterion: the answer of the unit, the verified one, its thread, and what is noted about it."""

    criterion: Criterion
    own: SelfAnswer | None
    verified: Result | None
    question: Question | None
    notes: int = 0
    is_distant: bool = False


def asked_lines(enrolment: Enrolment, user: User) -> list[AskedLine]:
    """Return every criterion for those who inspect; for the unit those that it was asked about."""
    inspection = enrolment.inspection
    questions = {each.criterion_id: each for each in Question.objects.visible_to(user).filter(inspection=inspection)}
    criteria = answered_of(leaves_of(enrolment.round.criteria_set))
    if not user.sees_unapproved_results:
        criteria = [each for each in criteria if each.pk in questions]
    own = self_answers(enrolment, user)
    results = Result.objects.visible_to(user).filter(inspection=inspection).select_related("option")
    verified = {each.criterion_id: each for each in results}
    noted = InternalNote.objects.visible_to(user).filter(inspection=inspection).order_by()
    notes = dict(noted.values_list("criterion").annotate(count=Count("pk")))
    distant = distant_criteria(inspection)
    return [
        AskedLine(
            criterion=each,
            own=own.get(each.pk),
            verified=verified.get(each.pk),
            question=questions.get(each.pk),
            notes=notes.get(each.pk, 0),
            is_distant=each.pk in distant,
        )
        for each in criteria
    ]


@dataclass(frozen=True)
class Thread:
    """The newest messages of a thread, or a page of older ones; oldest first. Three queries however long it is."""

    page: Page

    @property
    def messages(self) -> list[QuestionMessage]:
        return list(reversed(self.page.object_list))


def thread_of(question: Question, data: Mapping[str, str]) -> Thread:
    rows = question.messages.select_related("written_by").prefetch_related("files__withdrawal__withdrawn_by")
    pages = Paginator(rows.order_by("-written_at", "-pk"), MESSAGES_PER_PAGE)
    return Thread(pages.get_page(data.get("page", "")))


@dataclass(frozen=True)
class Waiting:
    """Questions that wait for a step of this person's side: the first few, and how many there are."""

    questions: list[Question]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.questions)


def waiting_questions(user: User) -> Waiting:
    """Return what the unit has to answer, or the answers that those who inspect have to look at. Two queries."""
    rows = _of_own_teams(Question.objects.waiting_for(user), user)
    related = ["criterion", "inspection__enrolment__ward__district", "inspection__enrolment__round"]
    shown = list(rows.select_related(*related).order_by("due_on", "pk")[:SHOWN])
    return Waiting(shown, rows.count() if len(shown) == SHOWN else len(shown))


def _of_own_teams(rows: QuerySet[Question], user: User) -> QuerySet[Question]:
    """Leave to each inspector the units of the own teams, those of no team, and what the person asked."""
    if user.speaks_for_units:
        return rows
    path = "inspection__enrolment__team"
    own = Q(**{f"{path}__members__person": user.pk}) | Q(**{f"{path}__isnull": True}) | Q(asked_by=user.pk)
    return rows.filter(own).distinct()
