"""The queue of an approver: what to look at first in a checklist, and the way to the next one."""

import pytest
from django.urls import reverse
from django.utils import timezone

from criteria.inspections.models import Enrolment, SelfAnswer, SelfAssessment
from criteria.inspections.queries.deciding import next_waiting, noteworthy, with_noteworthy
from criteria.inspections.queries.work import waiting_for
from tests.support.factories import answer, enrol, make_round, make_set, make_ward, submit_signed


def submitted(cast, inspection_round, outcomes: dict[int, str]) -> Enrolment:
    enrolment = enrol(inspection_round, make_ward())
    answer(enrolment, cast.inspector, outcomes)
    submit_signed(inspection=enrolment.inspection, by=cast.inspector)
    return Enrolment.objects.select_related("inspection", "ward", "round").get(pk=enrolment.pk)


@pytest.fixture
def queue(cast) -> list[Enrolment]:
    """Two checklists: the unit of the first one answered criterion 1 differently."""
    inspection_round = make_round(make_set(3), asks_self_assessment=True)
    first = submitted(cast, inspection_round, {1: "met", 2: "not_met", 3: "met"})
    second = submitted(cast, inspection_round, {1: "met", 2: "met", 3: "met"})
    done = {"handed_in_by": cast.thanhan, "handed_in_at": timezone.now()}
    assessment = SelfAssessment.objects.create(enrolment=first, version=1, **done)
    for criterion, outcome in zip(inspection_round.criteria_set.criteria.all(), ("not_met", "not_met"), strict=False):
        values = {"outcome": outcome, "changed_by": cast.thanhan, "changed_at": timezone.now()}
        SelfAnswer.objects.create(assessment=assessment, criterion=criterion, **values)
    return [first, second]


def test_what_is_not_met_and_what_differs_comes_first(queue, cast):
    first, second = queue
    found = noteworthy(first)
    assert [criterion.number for criterion in found.failed] == [2]
    assert [criterion.number for criterion in found.differing] == [1]
    assert not noteworthy(second)
    counted = {row.pk: (row.failed, row.differing) for row in with_noteworthy(waiting_for(cast.approver))}
    assert counted == {first.pk: (1, 1), second.pk: (0, 0)}


def test_the_page_names_them_before_the_answers(queue, cast, sign_in):
    page = sign_in(cast.approver).get(reverse("inspections:checklist", args=[queue[0].pk])).content.decode()
    assert page.index('href="#TC02"') < page.index('id="TC01"')
    assert reverse("inspections:checklist", args=[queue[1].pk]) in page
    of_inspector = sign_in(cast.inspector).get(reverse("inspections:checklist", args=[queue[0].pk]))
    assert of_inspector.context["noteworthy"] is None


def test_a_decision_leads_to_the_next_checklist(queue, cast, sign_in):
    first, second = queue
    assert next_waiting(cast.approver, first) == second
    assert next_waiting(cast.approver, second) == first
    values = {"version": first.inspection.version}
    response = sign_in(cast.approver).post(reverse("inspections:approve", args=[first.pk]), values, follow=True)
    (message,) = response.context["messages"]
    assert reverse("inspections:checklist", args=[second.pk]) in str(message)
    assert next_waiting(cast.approver, second) is None
    assert next_waiting(cast.inspector, second) is None
