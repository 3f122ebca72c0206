"""Ordering, taking, running, cancelling and ending jobs.

A job is taken by one conditional UPDATE, and looking for one is a mere SELECT: a worker that polls
holds no lock, which matters on SQLite. It is finished by another conditional UPDATE, inside the
transaction of what the job wrote: a worker that was thought dead finds that the job is no longer
its own, and what it wrote is undone.
"""

from __future__ import annotations

import datetime
import logging
import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.errors import says_full
from archiveportal.files.services import write_whole
from archiveportal.jobs.kinds import JOB_KINDS
from archiveportal.jobs.models import Job, WorkerBeat
from archiveportal.logs import log_event

#: a worker without a sign of life for so long has lost its job
LEASE = datetime.timedelta(seconds=60)
#: a worker says so often that it lives
BEAT = datetime.timedelta(seconds=10)
#: seconds between two writes of progress
SECONDS_BETWEEN_TELLING = 1.0
#: days for which the file of a job is kept: it can be made anew
KEPT_DAYS = 7
#: a job that its workers did not survive is begun so often
MOST_ATTEMPTS = 3


class JobCancelled(Exception):
    """The person asked that the job end."""


class JobInterrupted(Exception):
    """The worker is told to end; another one takes the job up."""


class JobLost(Exception):
    """Another worker has the job."""


def new_worker_name() -> str:
    """Return a name that no other process has: host, process, and something random."""
    return f"{socket.gethostname()[:60]}/{os.getpid()}/{secrets.token_hex(6)}"


def order_job(*, kind: str, title: str, arguments: dict[str, Any], by: User | None) -> Job:
    """Store a job for the next worker. `by` is the person, None for the command line."""
    assert kind in JOB_KINDS, f"no such job: {kind}"
    job = Job(kind=kind, title=title[:200], arguments=arguments, ordered_by=by)
    job.save(force_insert=True)
    log_event("job ordered", job=job.pk, kind=kind, user=getattr(by, "pk", None))
    return job


def same_job(*, kind: str, arguments: dict[str, Any], by: User) -> Job | None:
    """Return a job of the same work that the person ordered and that is not over: pressed twice, it is one."""
    own = Job.objects.filter(kind=kind, ordered_by=by, status__in=(Job.Status.WAITING, Job.Status.RUNNING))
    return next((job for job in own if job.arguments == arguments), None)


def sweep_results() -> int:
    """Remove the files of jobs that ended long ago. Return how many went."""
    oldest = timezone.now() - datetime.timedelta(days=KEPT_DAYS)
    swept = 0
    for job in Job.objects.exclude(result_file="").filter(finished_at__lt=oldest):
        job.result_file.storage.delete(str(job.result_file.name))
        swept += Job.objects.filter(pk=job.pk).update(result_file="")
    return swept


def run_at_once(job: Job) -> Job:
    """Run a small job in this very process, and return it as it ended."""
    if claim(job, worker=new_worker_name()):
        run_claimed(Job.objects.get(pk=job.pk))
    job.refresh_from_db()
    return job


def claim(job: Job, *, worker: str) -> bool:
    """Take a waiting job; False where another worker was quicker or it was cancelled."""
    now = timezone.now()
    taken = Job.objects.filter(pk=job.pk, status=Job.Status.WAITING).update(
        status=Job.Status.RUNNING,
        worker=worker,
        started_at=now,
        beat_at=now,
        attempts=F("attempts") + 1,
        step="",
        done=0,
        total=0,
    )
    return bool(taken)


def next_job(worker: str) -> Job | None:
    """Take the oldest waiting job, or return None."""
    for job in Job.objects.waiting()[:3]:
        if claim(job, worker=worker):
            return Job.objects.get(pk=job.pk)
    return None


class JobHandle:
    """What a function of a job has of it: telling how far it is, and finishing."""

    def __init__(self, job: Job, is_stopping: Any = None) -> None:
        self.job = job
        self._is_stopping = is_stopping or (lambda: False)
        self._told_at = 0.0

    @property
    def arguments(self) -> dict[str, Any]:
        return self.job.arguments

    def tell(self, *, step: str = "", done: int = 0, total: int = 0) -> None:
        """Say how far it is, at most once a second. Raise where the job is to end.

        Never called inside the transaction of the result: on SQLite nobody else could write.
        """
        is_new_step = bool(step) and step != self.job.step
        now = time.monotonic()
        if not is_new_step and now - self._told_at < SECONDS_BETWEEN_TELLING:
            return
        self._told_at = now
        if self._is_stopping():
            raise JobInterrupted
        self.job.step, self.job.done, self.job.total = (step or self.job.step)[:100], done, total
        told = {"step": self.job.step, "done": done, "total": total, "beat_at": timezone.now()}
        if not self._own().update(**told):
            raise JobLost
        if Job.objects.filter(pk=self.job.pk, cancel_asked=True).exists():
            raise JobCancelled

    @contextmanager
    def commit(self) -> Iterator[None]:
        """Open the one transaction of the result; within, the job is this worker's alone.

        The row of the job is written first: on PostgreSQL it is then locked, so that nobody takes
        the job up meanwhile, however long the transaction is.
        """
        with transaction.atomic():
            if not self._own().filter(cancel_asked=False).update(beat_at=timezone.now()):
                raise JobCancelled if self._own().exists() else JobLost
            yield

    def finish(self, message: str) -> None:
        """End the job with its result. Raise `JobLost` where another worker has it."""
        if not self._end(Job.Status.DONE, message):
            raise JobLost

    def cancel(self, message: str) -> None:
        """End the job as the person asked, with what it had done until then."""
        self._end(Job.Status.CANCELLED, message)

    def finish_with_file(self, message: str, *, name: str, content: IO[bytes]) -> None:
        """End the job with a file for the person who ordered it. Raise `JobLost` where another worker has it.

        The file is written first: of a worker that is killed before the end it has no row, and is swept away.
        """
        kept = self.job.result_file
        write_whole(kept, content)
        try:
            with self.commit():
                self._own().update(result_file=kept.name, result_name=name[:120])
                self.finish(message)
        except BaseException:
            kept.storage.delete(str(kept.name))
            raise

    def fail(self, message: str) -> None:
        """End the job with the reason why there is no result."""
        self._end(Job.Status.FAILED, message)

    def _end(self, status: str, message: str) -> int:
        ended = self._own().update(status=status, message=message, finished_at=timezone.now(), step="")
        if ended:
            log_event("job ended", job=self.job.pk, kind=self.job.kind, status=str(status))
        return ended

    def _own(self) -> Any:
        return Job.objects.filter(pk=self.job.pk, worker=self.job.worker, status=Job.Status.RUNNING)


def run_claimed(job: Job, is_stopping: Any = None) -> None:
    """Run a job that this process has taken. Whatever happens in it, the job ends with words."""
    handle = JobHandle(job, is_stopping)
    try:
        JOB_KINDS[job.kind](handle)
    except JobLost:
        log_event("job lost", job=job.pk, kind=job.kind, worker=job.worker)
    except JobInterrupted:
        _give_back(job)
    except JobCancelled:
        handle._end(Job.Status.CANCELLED, _("Cancelled. Nothing was changed."))  # noqa: SLF001
    except ValidationError as refusal:
        handle.fail(" ".join(refusal.messages))
    except Exception as error:
        handle.fail(_why_failed(job, error))
        raise
    else:
        # A function that ends without a word has done its work all the same.
        handle._end(Job.Status.DONE, "")  # noqa: SLF001


def _why_failed(job: Job, error: Exception) -> str:
    """Write a line about what ended a job, and return it in words."""
    facts = {"job": job.pk, "kind": job.kind, "error": repr(error)}
    if says_full(error):
        log_event("no room in the store", **facts)
        return _("The disk of the server is full. Nothing was kept. Once there is room, order it once more.")
    logging.getLogger("portal").exception("job failed", extra={"event": facts})
    message = _(
        "The job ended by a fault of the portal. Nothing of it was kept. Tell the administrator the number %(number)s; "
        "the fault is in the log under it."
    )
    return message % {"number": job.pk}


def _give_back(job: Job) -> None:
    """Let another worker begin the job anew; this attempt does not count."""
    own = Job.objects.filter(pk=job.pk, worker=job.worker, status=Job.Status.RUNNING)
    own.update(status=Job.Status.WAITING, worker="", beat_at=None, attempts=F("attempts") - 1)


def cancel_job(*, job: Job, by: User) -> None:
    """End a waiting job; ask the worker of a running one to end it. Sent twice, it is one."""
    log_event("job cancelled", job=job.pk, user=by.pk)
    waiting = Job.objects.filter(pk=job.pk, status=Job.Status.WAITING)
    message = _("Cancelled before it began. Nothing was changed.")
    if not waiting.update(status=Job.Status.CANCELLED, message=message, finished_at=timezone.now()):
        Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING).update(cancel_asked=True)


def take_up_abandoned() -> int:
    """Let jobs wait again whose workers are gone; end those that no worker survived. Return how many."""
    count = 0
    running = Job.objects.filter(status=Job.Status.RUNNING)
    silent = set(Job.objects.without_sign_since(timezone.now() - LEASE).values_list("pk", flat=True))
    for job in running:
        if job.pk in silent or _is_dead_here(job.worker):
            count += _take_up(job)
    return count


def _take_up(job: Job) -> int:
    own = Job.objects.filter(pk=job.pk, worker=job.worker, status=Job.Status.RUNNING)
    if job.attempts < MOST_ATTEMPTS:
        return own.update(status=Job.Status.WAITING, worker="", beat_at=None)
    message = _(
        "The job was begun %(count)s times, and each time the process that worked on it was ended from outside. "
        "Nothing of it was kept. Begin it anew; if it ends again, tell the administrator."
    )
    values = {"status": Job.Status.FAILED, "finished_at": timezone.now(), "step": ""}
    return own.update(message=message % {"count": job.attempts}, **values)


def _is_dead_here(worker: str) -> bool:
    """Tell whether a worker was a process of this machine that has ended."""
    host, _slash, rest = worker.partition("/")
    process = rest.partition("/")[0]
    if host != socket.gethostname()[:60] or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def beat(worker: str, started_at: datetime.datetime) -> None:
    """Say that a worker lives. The rows of workers that ended long ago go."""
    now = timezone.now()
    WorkerBeat.objects.update_or_create(worker=worker, defaults={"started_at": started_at, "beat_at": now})
    WorkerBeat.objects.filter(beat_at__lt=now - datetime.timedelta(days=1)).delete()


def leave(worker: str) -> None:
    """Take the sign of a worker away that ends in good order."""
    WorkerBeat.objects.filter(worker=worker).delete()


def state_of_workers() -> str:
    """Return a line for the monitor: nothing where a worker lives, else what is wrong."""
    newest = WorkerBeat.objects.order_by("-beat_at").values_list("beat_at", flat=True).first()
    waiting = Job.objects.waiting().count()
    if newest is None:
        return f"no worker is running (manage.py run_jobs), {waiting} waiting"
    silence = timezone.now() - newest
    if silence > LEASE:
        return f"the worker is dead: no sign of life for {int(silence.total_seconds())} s, {waiting} waiting"
    return ""
