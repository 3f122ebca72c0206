"""Which step tells whom: one function for each kind of step, called by the service that takes it."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain

from archiveportal.accounts.models import User
from criteria.inspections.models import (
    Enrolment,
    Finding,
    Inspection,
    Notice,
    Question,
    Round,
    SelfAssessment,
    TeamMember,
)
from criteria.inspections.models.notices import ABOUT_SELF
from criteria.inspections.services.hands import deciders_on, hands_in
from criteria.inspections.services.notices import (
    Matter,
    inspectors_of,
    of_finding,
    of_question,
    of_unit,
    people_of,
    people_of_units,
    settle,
    tell,
    tell_each,
)

KIND = Notice.Kind
ASKED_OF_UNIT = (KIND.FINDING_DUE, KIND.FINDING_LATE, KIND.FINDING_REFUSED)
ABOUT_QUESTION = (KIND.QUESTION_ASKED, KIND.QUESTION_DUE, KIND.QUESTION_LATE, KIND.QUESTION_ANSWERED)
ABOUT_FINDING = (*ASKED_OF_UNIT, KIND.FINDING_ANSWERED)


def checklist_moved(inspection: Inspection, *, by: User) -> None:
    """A checklist was submitted, returned, approved or opened again."""
    matter, status = of_unit(inspection.enrolment), inspection.status
    settle([KIND.SUBMITTED, KIND.RETURNED, KIND.APPROVED], enrolment=inspection.enrolment)
    if status == Inspection.Status.SUBMITTED:
        tell(deciders_on(hands_in(inspection)), KIND.SUBMITTED, [matter], by=by)
    elif status == Inspection.Status.RETURNED:
        tell(inspectors_of(inspection), KIND.RETURNED, [matter], by=by)
    elif status == Inspection.Status.APPROVED:
        settle([*ABOUT_QUESTION, KIND.VISIT_PLANNED], enrolment=inspection.enrolment)
        people = [*people_of(inspection.enrolment), *inspectors_of(inspection)]
        tell(people, KIND.APPROVED, [matter], by=by)


def self_assessment_moved(assessment: SelfAssessment, *, by: User) -> None:
    """A self-assessment was handed in, confirmed or accepted, or is a draft again."""
    enrolment = assessment.enrolment
    settle(ABOUT_SELF, enrolment=enrolment)
    if assessment.handed_in_at is None:
        if assessment.return_reason:
            tell(people_of(enrolment), KIND.SELF_RETURNED, [of_unit(enrolment)], by=by)
        return
    # The opening of the round asked for it.
    settle([KIND.ROUND_OPENED], round=enrolment.round, person__ward=enrolment.ward_id)
    if assessment.confirmed_at is None:
        leaders = [person for person in people_of(enrolment) if person.confirms_self_assessment]
        tell(leaders, KIND.SELF_TO_CONFIRM, [of_unit(enrolment)], by=by)
    elif assessment.is_accepted:
        tell(people_of(enrolment), KIND.SELF_ACCEPTED, [of_unit(enrolment)], by=by)


def finding_moved(finding: Finding, *, is_refused: bool = False, by: User) -> None:
    """A recommendation was answered, judged, closed or withdrawn."""
    matter = of_finding(finding)
    settle(ABOUT_FINDING, finding=finding)
    if finding.status == Finding.Status.ANSWERED:
        people = [*inspectors_of(finding.inspection), finding.created_by]
        tell(people, KIND.FINDING_ANSWERED, [matter], by=by)
    elif is_refused:
        tell(people_of(finding.inspection.enrolment), KIND.FINDING_REFUSED, [matter], by=by)


def question_moved(question: Question, *, by: User) -> None:
    """A question was asked, answered or settled."""
    settle(ABOUT_QUESTION, question=question)
    matter = of_question(question)
    if question.status == Question.Status.ASKED:
        tell(people_of(question.inspection.enrolment), KIND.QUESTION_ASKED, [matter], day=question.due_on, by=by)
    elif question.status == Question.Status.ANSWERED:
        people = [*inspectors_of(question.inspection), question.asked_by]
        tell(people, KIND.QUESTION_ANSWERED, [matter], by=by)


def visits_planned(enrolments: Collection[Enrolment], *, by: User) -> None:
    """The days of visits changed; a draft is told when it is opened."""
    begun = [row for row in enrolments if row.is_open_now]
    settle([KIND.VISIT_PLANNED], enrolment__in=[row.pk for row in begun if row.planned_on is None])
    planned = [row for row in begun if row.planned_on]
    people = people_of_units(planned)
    wanted = []
    for row in planned:
        told = {person.pk for person in people[row.pk]} - {by.pk}
        wanted += [(person, of_unit(row), row.planned_on) for person in told]
    tell_each(wanted, KIND.VISIT_PLANNED)


def round_opened(inspection_round: Round, enrolments: Collection[Enrolment], *, by: User) -> None:
    """Tell the people of these units, and the teams: the round asks something of them from now on."""
    people = {person.pk: person for person in chain.from_iterable(people_of_units(enrolments).values())}
    members = TeamMember.objects.filter(team__round=inspection_round, person__isnull=False).select_related("person")
    people |= {row.person.pk: row.person for row in members if row.person}
    day = inspection_round.self_assessment_due if inspection_round.asks_self_assessment else None
    tell(people.values(), KIND.ROUND_OPENED, [Matter(inspection_round)], day=day, by=by)
