"""New links for first use to more people than a page has time for: one press, one job."""

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from archiveportal.accounts.models import FirstLink, Role, User
from archiveportal.jobs.models import Job
from archiveportal.jobs.services import JobCancelled, JobHandle, JobInterrupted
from tests.support.factories import make_user, make_ward


@pytest.fixture
def administrator(db):
    return make_user(Role.ADMINISTRATOR, full_name="Bùi Gia Huy")


@pytest.fixture
def people(db):
    ward = make_ward(name="Tân Định", code="26737")
    return [
        make_user(
            Role.WARD,
            username=f"n{number:02d}",
            full_name=f"Người {number:02d}",
            ward=ward,
            email=f"n{number:02d}@thu.vn",
            must_change_password=True,
        )
        for number in range(12)
    ]


@pytest.fixture
def job(administrator, people, sign_in):
    answer = sign_in(administrator).post(reverse("accounts:first-links-send"), {"all": "on"})
    ordered = Job.objects.get(kind="accounts.first_links")
    assert answer["Location"] == reverse("jobs:detail", args=[ordered.pk])
    assert not mail.outbox and not FirstLink.objects.exists()
    return ordered


def run(job):
    call_command("run_jobs", once=True)
    job.refresh_from_db()
    return [letter.to[0] for letter in mail.outbox]


def test_one_press_reaches_all_who_are_chosen_and_names_those_it_does_not(job, people):
    without, used, gone = people[3:6]
    User.objects.filter(pk=without.pk).update(email="")
    User.objects.filter(pk=used.pk).update(last_login=timezone.now())
    User.objects.filter(pk=gone.pk).update(is_active=False)
    left = [person.email for person in people if person not in (without, used, gone)]
    assert run(job) == left
    assert job.status == "done" and "9 trong 12" in job.message
    assert "Người 03" in job.message and "Người 04" in job.message
    assert set(FirstLink.objects.values_list("made_by", flat=True)) == {job.ordered_by_id}


def test_whom_a_killed_worker_reached_gets_no_second_mail_and_a_cancelled_job_says_how_far_it_came(
    job, people, monkeypatch
):
    told = []

    def tell(handle, *, done, **_words):
        told.append(done)
        if len(told) == 5:
            raise JobInterrupted
        if len(told) == 10:
            raise JobCancelled

    monkeypatch.setattr(JobHandle, "tell", tell)
    assert run(job) == [person.email for person in people[:8]]
    assert job.status == "cancelled" and "8 trong 12" in job.message
    assert FirstLink.objects.count() == 8


def test_whoever_may_no_longer_manage_accounts_sends_no_links(job):
    User.objects.filter(pk=job.ordered_by_id).update(is_active=False)
    assert run(job) == []
    assert job.status == "failed" and not FirstLink.objects.exists()
