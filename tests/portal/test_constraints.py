"""What must hold of one row is held by the database, also where a value is missing."""

import pytest
from django.db import IntegrityError, transaction

from archiveportal.accounts.models import User
from criteria.inspections.models import Enrolment, Inspection, Result
from training.models import Course, Quota


def refused(rows, **values):
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**values)


@pytest.mark.parametrize("values", [{"published_maximum": None}, {"published_score": 24}, {"published_score": -1}])
def test_a_published_score_needs_its_maximum(baseline, values):
    refused(Enrolment.objects.filter(position=1), **values)


def test_a_maximum_is_never_zero(baseline):
    refused(Enrolment.objects.filter(position=1), published_score=0, published_maximum=0)


@pytest.mark.parametrize(
    "values",
    [
        {"status": "lost"},
        {"status": "submitted"},
        {"status": "returned"},
        {"status": "approved"},
        {"score": 24},
    ],
)
def test_a_checklist_keeps_to_its_way(baseline, values):
    refused(Inspection.objects.filter(enrolment__position=1), **values)


def test_what_does_not_apply_says_why(baseline):
    refused(Result.objects.all()[:1].model.objects.filter(pk=Result.objects.first().pk), outcome="not_applicable")


def test_two_shares_are_one_whole_and_one_share_is_a_part_of_it(baseline):
    course = Course.objects.filter(report_key="quan-11-cao-dang")
    refused(course, organiser_share=30, participant_share=60)
    refused(course, organiser_share=101, participant_share=None)
    refused(course, organiser_share=None, participant_share=-1)
    course.update(organiser_share=30, participant_share=None)


def test_counts_have_seven_digits(baseline):
    refused(Course.objects.filter(report_key="quan-11-cao-dang"), registered=10_000_000)
    refused(Quota.objects.all(), target=10_000_000)


def test_everybody_has_a_role(cast):
    refused(User.objects.filter(pk=cast.leader.pk), role="")
