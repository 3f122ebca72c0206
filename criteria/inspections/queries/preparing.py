"""What is still to be done for a round, and which of its visits clash with something."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archiveportal.accounts.models import Role, User
from archiveportal.vietnamese import document_date
from criteria.inspections.models import Enrolment, Round, RoundDocument, SwappedDay, TeamMember
from criteria.inspections.queries.plan_approvals import lacks_plan_approval

#: so many wards a team visits on one day: one in the morning, one in the afternoon
A_DAY = 2
#: one kind of clash names so many visits
NAMED = 20


@dataclass(frozen=True)
class ClashingVisit:
    """One thing to look at; `enrolment` is the ward whose plan it is about."""

    text: str
    enrolment: int | None = None


@dataclass
class VisitClash:
    title: str
    lines: list[ClashingVisit] = field(default_factory=list)

    @property
    def shown(self) -> list[ClashingVisit]:
        return self.lines[:NAMED]

    @property
    def more(self) -> int:
        return max(len(self.lines) - NAMED, 0)


@dataclass(frozen=True)
class Preparation:
    """`open_points` are worth doing, `clashes` are possible and hardly meant; neither keeps a round closed.

    `blanks` are documents of the earlier round, to be entered anew by their kind and subject.
    """

    open_points: list[str]
    clashes: list[VisitClash]
    blanks: list[RoundDocument]
    #: the round has a plan whose approval is not recorded
    lacks_approval: bool = False


def preparation(inspection_round: Round) -> Preparation:
    """Look through the plan of a round. A constant number of queries."""
    rows = list(inspection_round.enrolments.select_related("ward__district", "team").order_by("planned_on", "position"))
    for row in rows:
        row.round = inspection_round
    visits = [row for row in rows if row.is_visited]
    planned = [row for row in visits if row.planned_on]
    clashes = [
        VisitClash(_("Before the self-assessments are due"), list(_before_self_assessment(inspection_round, planned))),
        VisitClash(_("After the deadline or outside of the round"), list(_outside(inspection_round, planned))),
        VisitClash(_("On days that are not worked"), list(_days_off(planned))),
        VisitClash(_("More visits than a day holds"), list(_crowded(planned))),
        VisitClash(_("One person in two places"), list(_in_two_places(inspection_round, planned))),
    ]
    documents = _documents_of_both(inspection_round)
    return Preparation(
        open_points=list(_open_points(inspection_round, visits, documents)),
        clashes=[clash for clash in clashes if clash.lines],
        blanks=_blanks_among(inspection_round, documents),
        lacks_approval=lacks_plan_approval(inspection_round),
    )


def _open_points(inspection_round: Round, visits: list[Enrolment], documents: list[RoundDocument]) -> Iterator[str]:
    without_team = sum(row.team_id is None for row in visits)
    without_day = sum(row.planned_on is None for row in visits)
    if without_team:
        yield ngettext(
            "%(count)d unit to be visited has no team.", "%(count)d units to be visited have no team.", without_team
        ) % {"count": without_team}
    if without_day:
        yield ngettext(
            "%(count)d unit to be visited has no day.", "%(count)d units to be visited have no day.", without_day
        ) % {"count": without_day}
    if inspection_round.deadline is None:
        yield _("The round has no deadline.")
    yield from _of_self_assessments(inspection_round)
    for kind in _missing_documents(inspection_round, documents):
        yield _("Not entered yet: %(document)s, which the earlier round had.") % {"document": kind}


def _of_self_assessments(inspection_round: Round) -> Iterator[str]:
    """Yield what keeps units from handing in: a day that has passed, and accounts that are missing."""
    if not inspection_round.asks_self_assessment or inspection_round.is_closed:
        return
    due = inspection_round.self_assessment_due
    if due and due < timezone.localdate():
        yield _("Self-assessments were due by %(day)s, which has passed.") % {"day": document_date(due)}
    officers = User.objects.able_to_sign_in().filter(role=Role.WARD, ward=OuterRef("ward"))
    without = inspection_round.enrolments.filter(~Exists(officers), is_left_out=False).count()
    if without:
        yield ngettext(
            "%(count)d unit has no account to hand in its self-assessment with.",
            "%(count)d units have no account to hand in their self-assessment with.",
            without,
        ) % {"count": without}


def document_blanks(inspection_round: Round) -> list[RoundDocument]:
    """Return the documents of the round that this one is a copy of and that were not entered for it
    yet, at most one query.

    As many of a kind as this round has of it are taken as entered.
    """
    return _blanks_among(inspection_round, _documents_of_both(inspection_round))


def _documents_of_both(inspection_round: Round) -> list[RoundDocument]:
    """Return the documents of a copied round and of the earlier one; none of a round that is no copy."""
    if inspection_round.copied_from_id is None:
        return []
    rounds = [inspection_round.pk, inspection_round.copied_from_id]
    return list(RoundDocument.objects.filter(round__in=rounds, voided_at__isnull=True))


def _blanks_among(inspection_round: Round, documents: list[RoundDocument]) -> list[RoundDocument]:
    entered = Counter(document.kind for document in documents if document.round_id == inspection_round.pk)
    blanks = []
    for document in documents:
        if document.round_id == inspection_round.pk:
            continue
        if entered[document.kind]:
            entered[document.kind] -= 1
        else:
            blanks.append(document)
    return blanks


def _missing_documents(inspection_round: Round, documents: list[RoundDocument]) -> list[str]:
    """Return the kinds of documents of the round that this one is a copy of, and that it lacks."""
    own = {document.kind for document in documents if document.round_id == inspection_round.pk}
    earlier = {document.kind for document in documents if document.round_id != inspection_round.pk}
    return [str(label) for kind, label in RoundDocument.Kind.choices if kind in earlier - own]


def _words(enrolment: Enrolment, rest: str = "") -> ClashingVisit:
    day = f", {document_date(enrolment.planned_on)}" if enrolment.planned_on else ""
    return ClashingVisit(f"{enrolment.ward.full_title}{day}{f': {rest}' if rest else ''}", enrolment.pk)


def _before_self_assessment(inspection_round: Round, planned: list[Enrolment]) -> Iterator[ClashingVisit]:
    due = inspection_round.self_assessment_due
    if not inspection_round.asks_self_assessment or due is None:
        return
    for row in planned:
        if row.planned_on and row.planned_on <= due:
            yield _words(row)


def _outside(inspection_round: Round, planned: list[Enrolment]) -> Iterator[ClashingVisit]:
    for row in planned:
        last = row.due_on or inspection_round.ends_on
        if row.planned_on and not inspection_round.starts_on <= row.planned_on <= last:
            yield _words(row)


def _days_off(planned: list[Enrolment]) -> Iterator[ClashingVisit]:
    days = SwappedDay.objects.workdays()
    for row in planned:
        if row.planned_on and (why := days.why_off(row.planned_on)):
            yield _words(row, why)


def _by_team_and_day(planned: Iterable[Enrolment]) -> dict[tuple[int, datetime.date], list[Enrolment]]:
    by_day: dict[tuple[int, datetime.date], list[Enrolment]] = defaultdict(list)
    for row in planned:
        if row.team_id and row.planned_on:
            by_day[row.team_id, row.planned_on].append(row)
    return by_day


def _crowded(planned: list[Enrolment]) -> Iterator[ClashingVisit]:
    for (_team, day), rows in _by_team_and_day(planned).items():
        if len(rows) > A_DAY:
            names = "; ".join(row.ward.full_title for row in rows)
            yield ClashingVisit(f"{rows[0].team}, {document_date(day)}: {names}", rows[-1].pk)


def _in_two_places(inspection_round: Round, planned: list[Enrolment]) -> Iterator[ClashingVisit]:
    """Find people who are in two teams that go out on one day, also in another round that counts."""
    days = {row.planned_on for row in planned}
    own = {row.team_id for row in planned}
    people = set(TeamMember.objects.filter(team__in=own, person__isnull=False).values_list("person", flat=True))
    members = TeamMember.objects.filter(
        Q(team__round=inspection_round) | Q(team__round__is_trial=False),
        person__in=people,
        team__enrolments__planned_on__in=days,
        team__enrolments__is_left_out=False,
        team__round__status__in=[Round.Status.DRAFT, Round.Status.OPEN],
    )
    found = members.order_by("full_name", "team").values_list(
        "person", "full_name", "team", "team__name", "team__enrolments__planned_on", "team__round__name"
    )
    goes: dict[tuple[int, datetime.date], dict[int, tuple[str, str, str]]] = defaultdict(dict)
    for person, name, team, team_name, day, round_name in found.distinct():
        if day:
            goes[person, day][team] = (name, team_name, round_name)
    first = {(row.team_id, row.planned_on): row.pk for row in reversed(planned)}
    for (_person, day), teams in sorted(goes.items(), key=lambda pair: pair[0][1]):
        here = next((first[team, day] for team in teams if (team, day) in first), None)
        if len(teams) > 1 and here:
            places = "; ".join(f"{team_name} ({round_name})" for _name, team_name, round_name in teams.values())
            name = next(iter(teams.values()))[0]
            yield ClashingVisit(f"{name}, {document_date(day)}: {places}", here)
