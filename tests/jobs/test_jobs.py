"""Jobs: taken once, finished once, taken up when their worker is gone."""

import datetime
import errno
import os
import socket
import subprocess
import sys
from io import BytesIO

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from archiveportal.accounts.models import User
from archiveportal.jobs import services
from archiveportal.jobs.kinds import JOB_KINDS
from archiveportal.jobs.management.commands import run_jobs
from archiveportal.jobs.models import Job, WorkerBeat
from archiveportal.refusal import Refused
from tests.support.factories import make_user


@pytest.fixture
def work(monkeypatch):
    """Let a job of the kind "test" call a function of the test."""

    def make(function):
        monkeypatch.setitem(JOB_KINDS, "test", function)

    return make


def order(by=None, **arguments):
    return services.order_job(kind="test", title="Việc thử", arguments=arguments, by=by)


def wait_no_beat(job):
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - 2 * services.LEASE)


@pytest.mark.django_db
def test_a_job_is_done_once_with_words(work):
    work(lambda handle: handle.finish(f"xong {handle.arguments['number']}"))
    job = services.run_at_once(order(number=3))
    assert (job.status, job.message, job.attempts) == ("done", "xong 3", 1)
    assert services.next_job("a") is None


@pytest.mark.django_db
def test_two_workers_take_a_job_once(work):
    work(lambda handle: None)
    job = order()
    assert services.claim(job, worker="one")
    assert not services.claim(job, worker="two")


@pytest.mark.django_db
def test_the_oldest_job_comes_first(work):
    work(lambda handle: None)
    first, _second = order(), order()
    assert services.next_job("a").pk == first.pk


@pytest.mark.django_db
def test_a_refusal_ends_the_job_with_its_message(work):
    def refuse(handle):
        raise Refused("Không được")

    work(refuse)
    job = services.run_at_once(order())
    assert (job.status, job.message) == ("failed", "Không được")


@pytest.mark.django_db
def test_a_fault_ends_the_job_with_words_and_nothing_written(work):
    def fail(handle):
        with handle.commit():
            make_user(username="nua-chung")
            raise ZeroDivisionError

    work(fail)
    job = order()
    with pytest.raises(ZeroDivisionError):
        services.run_at_once(job)
    job.refresh_from_db()
    assert job.status == "failed"
    assert str(job.pk) in job.message
    assert not User.objects.filter(username="nua-chung").exists()


@pytest.mark.django_db
def test_progress_and_cancelling(work):
    seen = []

    def long(handle):
        handle.tell(step="đọc", done=5, total=10)
        job = Job.objects.get(pk=handle.job.pk)
        seen.append((job.step, job.percent))
        services.cancel_job(job=job, by=make_user())
        handle.tell(step="ghi")

    work(long)
    job = services.run_at_once(order())
    assert seen == [("đọc", 50)]
    assert job.status == "cancelled"


@pytest.mark.django_db
def test_a_waiting_job_is_cancelled_at_once_and_never_begun(work):
    work(lambda handle: pytest.fail("was begun"))
    job = order()
    services.cancel_job(job=job, by=make_user())
    assert services.next_job("a") is None
    assert Job.objects.get().status == "cancelled"


@pytest.mark.django_db
def test_cancelling_stops_the_commit(work):
    def late(handle):
        Job.objects.filter(pk=handle.job.pk).update(cancel_asked=True)
        with handle.commit():
            make_user(username="khong-con")

    work(late)
    assert services.run_at_once(order()).status == "cancelled"
    assert not User.objects.filter(username="khong-con").exists()


@pytest.mark.django_db
def test_a_silent_worker_loses_its_job_and_what_it_writes(work):
    """A worker that stood still and comes back finds that another one has the job."""

    def slow(handle):
        wait_no_beat(handle.job)
        services.take_up_abandoned()
        other = services.next_job("another")
        assert other is not None
        with handle.commit():
            make_user(username="hai-lan")

    work(slow)
    job = services.run_at_once(order())
    assert (job.status, job.worker) == ("running", "another")
    assert not User.objects.filter(username="hai-lan").exists()


@pytest.mark.django_db
def test_losing_the_job_before_the_end_undoes_the_transaction(work):
    def lost(handle):
        with handle.commit():
            make_user(username="mat-viec")
            Job.objects.filter(pk=handle.job.pk).update(worker="another")
            handle.finish("xong")

    work(lost)
    services.run_at_once(order())
    assert not User.objects.filter(username="mat-viec").exists()


@pytest.mark.django_db
def test_a_job_that_no_worker_survives_ends_with_words(work):
    work(lambda handle: None)
    job = order()
    for number in range(services.MOST_ATTEMPTS):
        assert services.claim(Job.objects.get(), worker=f"w{number}")
        wait_no_beat(job)
        services.take_up_abandoned()
    job.refresh_from_db()
    assert job.status == "failed"
    assert job.message
    assert services.take_up_abandoned() == 0


@pytest.mark.django_db
def test_a_dead_process_of_this_machine_is_noticed_at_once(work):
    work(lambda handle: None)
    job = order()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    services.claim(job, worker=f"{socket.gethostname()[:60]}/{ended.pid}/x")
    assert services.take_up_abandoned() == 1
    services.claim(job, worker=f"{socket.gethostname()[:60]}/{os.getpid()}/x")
    assert services.take_up_abandoned() == 0


@pytest.mark.django_db
def test_a_worker_that_is_told_to_end_gives_the_job_back(work):
    work(lambda handle: handle.tell(step="đọc"))
    order()
    job = services.next_job("a")
    services.run_claimed(job, lambda: True)
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("waiting", 0)


@pytest.mark.django_db
def test_the_command_works_on_what_waits(work):
    work(lambda handle: handle.finish("xong"))
    order()
    order()
    call_command("run_jobs", once=True)
    assert set(Job.objects.values_list("status", flat=True)) == {"done"}
    assert not WorkerBeat.objects.exists()


@pytest.mark.django_db
def test_the_monitor_reads_whether_a_worker_lives(client):
    assert "no worker is running" in client.get("/readyz").content.decode()
    now = timezone.now()
    services.beat("a", now)
    assert "jobs:" not in client.get("/readyz").content.decode()
    WorkerBeat.objects.update(beat_at=now - datetime.timedelta(minutes=3))
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert "the worker is dead" in answer.content.decode()


@pytest.mark.django_db
def test_everybody_sees_the_own_jobs_alone(cast, work):
    work(lambda handle: None)
    own, other = order(by=cast.inspector), order(by=cast.approver)
    assert list(Job.objects.visible_to(cast.inspector)) == [own]
    assert set(Job.objects.visible_to(cast.administrator)) == {own, other}
    assert not Job.objects.visible_to(cast.inspector.scope).exists()


@pytest.mark.django_db
def test_looking_for_a_job_takes_no_lock(work, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        assert services.next_job("a") is None
    assert queries.captured_queries[0]["sql"].startswith("SELECT")


def no_room(*_arguments):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.django_db
def test_a_job_without_room_for_its_file_says_so_and_leaves_nothing(work, cast, settings, tmp_path, monkeypatch):
    """It is no fault of the portal: one line of the log without a trace."""
    settings.STORAGES = settings.STORAGES | {"default": in_folder(tmp_path)}
    work(lambda handle: handle.finish_with_file("xong", name="a.zip", content=BytesIO(b"x" * 100_000)))
    order(by=cast.inspector)
    with monkeypatch.context() as full:
        full.setattr(FileSystemStorage, "_save", no_room)
        call_command("run_jobs", once=True)
    job = Job.objects.get()
    assert (job.status, job.result_file.name) == ("failed", "")
    assert "hết" in job.message and "lỗi của phần mềm" not in job.message
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    # On the way to the file, too.
    monkeypatch.setitem(JOB_KINDS, "test", no_room)
    order(by=cast.inspector)
    call_command("run_jobs", once=True)
    assert "hết chỗ" in Job.objects.earliest("-pk").message
    work(lambda handle: handle.finish_with_file("xong", name="a.zip", content=BytesIO(b"x")))
    order(by=cast.inspector)
    call_command("run_jobs", once=True)
    assert Job.objects.earliest("-pk").status == "done"


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError("database or disk is full"), InterfaceError("connection closed")])
def test_a_worker_waits_for_a_database_that_is_away(work, monkeypatch, error):
    """It ends in good order and leaves the job to be done once the database is back."""
    work(lambda handle: handle.finish("xong"))
    order()
    told = []
    monkeypatch.setattr(run_jobs, "log_event", lambda name, **facts: told.append(name))

    def away(*_arguments):
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(services, "next_job", away)
        call_command("run_jobs", once=True)
    assert told == ["worker waits for the database"]
    assert Job.objects.get().status == "waiting"
    call_command("run_jobs", once=True)
    assert Job.objects.get().status == "done"


def in_folder(folder):
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}
