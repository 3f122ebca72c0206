"""The first page of each role: what this person does next. And the pages that a monitor asks."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import public
from archiveportal.accounts.models import Role, User
from archiveportal.accounts.sessions import IS_NEW
from archiveportal.context import Frame
from archiveportal.database import within
from archiveportal.files.services import can_write
from archiveportal.history.sealing import unsealed_since
from archiveportal.jobs.services import state_of_workers
from criteria.inspections.models import Enrolment, Inspection, Round
from criteria.inspections.queries import progress, turns, waiting_for, with_kept_answers, with_progress, work_of
from criteria.inspections.queries.clocks import urgent_clocks
from criteria.inspections.queries.deciding import with_noteworthy
from criteria.inspections.queries.findings import due
from criteria.inspections.queries.plan_approvals import unapproved_plans
from criteria.inspections.queries.questions import waiting_questions
from criteria.inspections.queries.self_assessment import WaitingReports, to_assess, to_confirm, to_read
from criteria.inspections.queries.work import ANY_DAY
from criteria.scoring import band_of
from reports.closing.kept_files import count_damaged
from reports.closing.word_reports import word_reports
from reports.frozen.events import with_closing
from reports.models import Discrepancy, Figure
from reports.results.bands import band_totals
from training.bullets import bullet
from training.models import Scheme
from training.queries import summary_lines
from wards.models import District, Ward

#: so many checklists the first page shows; the rest is behind the progress of the round beside them
SHOWN = 12
#: seconds that the monitor's question waits for the database
LONGEST_READY = 3
#: wards with a day to visit them are shown for longer: a team plans its week by them
SHOWN_PLANNED = 60
#: most open rounds without a result that the first page of leadership names
SHOWN_OPEN = 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    if request.session.pop(IS_NEW, False):
        return redirect("guide")
    shows_all, frame = request.GET.get("viec") == "tat-ca", Frame.of(request)
    parts = {
        Role.INSPECTOR: partial(_inspector, frame=frame, shows_all=shows_all),
        Role.APPROVER: partial(_approver, frame=frame, shows_all=shows_all),
        Role.DISTRICT: _own_wards,
        Role.WARD: _own_wards,
        Role.UNIT_LEADER: _own_wards,
        Role.LEADERSHIP: partial(_leadership, chosen=request.session.get("round")),
        Role.ADMINISTRATOR: _administrator,
    }
    return render(request, f"home/{user.role}.html", parts[user.role](user))


def _inspector(user: User, *, frame: Frame, shows_all: bool) -> dict[str, Any]:
    return _work(user, shows_all=shows_all) | {
        "kept": with_kept_answers(user)[:SHOWN],
        "open_rounds": _open_rounds(frame),
        "due": due(user),
        "questions": waiting_questions(user),
        "clocks": urgent_clocks(user),
        "reports": _reports(user, frame),
    }


def _work(user: User, *, shows_all: bool) -> dict[str, Any]:
    """Return what waits for the person: returned ones, today, coming days, a few wards without a
    day.

    Who has wards by a team sees only these, and what the person began; the others are counted and
    one press away.
    """
    every = mine = work_of(user)
    of_turn = every.aggregate(
        all=Count("pk"), assigned=Count("pk", filter=Q(is_assigned=True)), own=Count("pk", filter=Q(is_own=True))
    )
    has_own, total = of_turn["assigned"] > 0, of_turn["all"]
    if has_own and not shows_all:
        mine, total = every.filter(is_own=True), of_turn["own"]
    planned = list(mine[:SHOWN_PLANNED])
    undated = [row for row in planned if row.turn == ANY_DAY]
    work = [row for row in planned if row.turn != ANY_DAY] + undated[:SHOWN]
    others = of_turn["all"] - total
    # A device has little room: what the own team visits is loaded first.
    to_load = sorted(work, key=lambda row: not row.is_assigned)
    context = {"work": work, "turns": turns(work), "to_load": to_load, "more_work": total - len(work)}
    return context | {"other_work": others, "shows_all_work": has_own and shows_all}


def _approver(user: User, *, frame: Frame, shows_all: bool) -> dict[str, Any]:
    waiting = list(with_noteworthy(waiting_for(user))[: SHOWN + 1])
    more = waiting_for(user).count() - SHOWN if len(waiting) > SHOWN else 0
    return _work(user, shows_all=shows_all) | {
        "waiting": waiting[:SHOWN],
        "more_waiting": more,
        "unapproved_plans": unapproved_plans(user, frame.rounds),
        "kept": with_kept_answers(user)[:SHOWN],
        "open_rounds": _open_rounds(frame),
        "due": due(user),
        "questions": waiting_questions(user),
        "clocks": urgent_clocks(user),
        "reports": _reports(user, frame),
    }


def _reports(user: User, frame: Frame) -> WaitingReports:
    """Return the reports of units to read; nothing is asked where no open round asks units for any."""
    if any(each.is_open and each.asks_self_assessment for each in frame.rounds):
        return to_read(user)
    return WaitingReports([], 0)


def _open_rounds(frame: Frame) -> list[Round]:
    """Open rounds, the nearest deadline first, each with its progress. The frame has read the rounds."""
    open_ones = [each for each in frame.rounds if each.is_open]
    rounds = sorted(open_ones, key=lambda each: (each.deadline is None, each.deadline))[:3]
    today = timezone.localdate()
    for each in rounds:
        each.days_left = (each.deadline - today).days if each.deadline else None
    return with_progress(rounds, Enrolment.objects.visible_to(frame.user).filter(round__in=rounds).with_standing())


def _own_wards(user: User) -> dict[str, Any]:
    """Return the wards of the own district, or the own ward, in every round they are in; newest
    round first."""
    enrolments = Enrolment.objects.visible_to(user).with_standing()
    enrolments = list(
        enrolments.select_related("ward__district", "round__criteria_set", "inspection", "self_assessment")
        .prefetch_related("round__criteria_set__bands")
        .order_by("-round__starts_on", "ward__sort_key")[:60]
    )
    for enrolment in enrolments:
        bands = enrolment.round.criteria_set.bands.all()
        scored = enrolment.standing_score is not None
        result = (enrolment.standing_score, enrolment.standing_maximum, bands)
        enrolment.band = band_of(*result, bar=enrolment.standing_bar) if scored else None
    return {
        "enrolments": enrolments,
        "unit": user.district or user.ward,
        "due": due(user),
        "questions": waiting_questions(user),
        "clocks": urgent_clocks(user),
        "to_assess": to_assess(user)[:SHOWN],
        "to_confirm": to_confirm(user)[:SHOWN],
        "news": list(filter(None, map(_news_of, enrolments))) if user.ward_id else [],
    }


@dataclass(frozen=True)
class UnitNews:
    """What a unit has done in an open round, when the team comes, and that it was there."""

    enrolment: Enrolment
    handed_in_at: datetime.datetime | None = None
    visit_on: datetime.date | None = None
    #: its result is not approved yet
    is_inspected: bool = False


def _news_of(enrolment: Enrolment) -> UnitNews | None:
    """Return the news of a unit; None where there is none."""
    status = enrolment.inspection.status
    if not enrolment.is_open_now or status == Inspection.Status.APPROVED:
        return None
    if status != Inspection.Status.DRAFT:
        return UnitNews(enrolment, is_inspected=True)
    assessment = enrolment.own_assessment
    planned, today = enrolment.planned_on, timezone.localdate()
    visit_on = planned if planned and planned >= today and enrolment.is_visited else None
    handed_in_at = assessment.handed_in_at if assessment else None
    return UnitNews(enrolment, handed_in_at, visit_on) if handed_in_at or visit_on else None


def _leadership(user: User, chosen: str | None) -> dict[str, Any]:
    """Five figures, two pictures, the reports to download: of the round that was last opened, else of the newest that
    has a result. A round that was just opened has no figures yet and gets a line beside it."""
    scored = Enrolment.objects.visible_to(user).with_standing().filter(standing_score__isnull=False)
    rounds = with_closing(Round.objects.visible_to(user).counted(), user).annotate(
        has_results=Exists(scored.filter(round=OuterRef("pk")).order_by())
    )
    chosen_round = rounds.filter(code=chosen).first() if chosen else None
    inspection_round = chosen_round or rounds.filter(has_results=True).first() or rounds.first()
    scheme = with_closing(Scheme.objects.visible_to(user), user).first()
    context: dict[str, Any] = {"round": inspection_round, "scheme": scheme, "clocks": urgent_clocks(user)}
    context["papers"] = word_reports(user, filter(None, [inspection_round, scheme]))
    if inspection_round:
        enrolments = inspection_round.enrolments.visible_to(user).with_standing()
        context["progress"] = progress(enrolments, inspection_round.rounding)
        context["bands"] = band_totals(user, inspection_round)
        empty = rounds.filter(has_results=False, status=Round.Status.OPEN)
        context["without_results"] = empty.exclude(pk=inspection_round.pk)[:SHOWN_OPEN]
        context["newest_with_results"] = None
        if not inspection_round.has_results:
            context["newest_with_results"] = rounds.filter(has_results=True).first()
    if scheme:
        context["lines"] = [(line, bullet(line.attainment.percent)) for line in summary_lines(scheme)]
    return context


def _administrator(user: User) -> dict[str, Any]:
    return {
        "accounts": User.objects.filter(is_active=True).count(),
        "districts": District.objects.visible_to(user).count(),
        "wards": Ward.objects.visible_to(user).standing_today().count(),
        "figures": Figure.objects.count(),
        "discrepancies": Discrepancy.objects.standing().count(),
    }


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@public
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, migrations and storage are there; 503 and the name of what is missing otherwise.

    Further lines count the closed files that are missing or of another size, say that no worker
    lives that works on jobs and since when events wait for their seal, and tell the free space.
    """
    for name, check in (("database", _database_answers), ("migrations", _migrated), ("storage", can_write)):
        try:
            with within(LONGEST_READY):
                ready = check()
        except (DatabaseError, OSError):
            ready = False
        if not ready:
            return HttpResponse(f"{name}: not ready", status=503, content_type="text/plain")
    damaged, kept = count_damaged()
    # The portal serves all the same: other files are whole, and the damaged ones are not handed out.
    details = f"\nclosed files: {damaged} of {kept} damaged, see manage.py check_files" if damaged else ""
    # Pages are served without a worker too; long work waits for one.
    workers = state_of_workers()
    details += f"\njobs: {workers}" if workers else ""
    return HttpResponse(f"ok{details}{_late_seal()}{_free_space()}", content_type="text/plain")


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _late_seal() -> str:
    """Return since when events should have been sealed; blank while all that should are."""
    since = unsealed_since()
    if since is None:
        return ""
    moment = timezone.localtime(since).strftime("%d/%m/%Y %H:%M")
    return f"\nhistory: events since {moment} are not sealed, see manage.py seal_history"


def _free_space() -> str:
    """Return the room that is left for files, as the monitor reads it."""
    folder = Path(settings.MEDIA_ROOT)
    if not folder.exists():
        return ""
    disk = shutil.disk_usage(folder)
    return f"\nfree for files: {disk.free // 2**20} MB of {disk.total // 2**20} MB"
