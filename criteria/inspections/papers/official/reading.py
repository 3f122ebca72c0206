"""What the papers of a round are written from, read in a fixed number of queries for any number of papers."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch
from django.utils import timezone

from archiveportal.office.kinds import PaperKind
from archiveportal.office.models import Office
from archiveportal.office.queries import Signing, signings_on
from archiveportal.scope import Viewer
from criteria.inspections.models import (
    Decision,
    DecisionUnit,
    Enrolment,
    Extension,
    Finding,
    OfficialPaper,
    PlanApproval,
    Round,
    RoundDocument,
    Suspension,
    Team,
    TeamChange,
    TeamMember,
)
from criteria.inspections.models.official_papers import OF_WHOLE_DECISION
from criteria.inspections.services.teams import ORDER
from criteria.leaves import leaves_of
from criteria.measures import Measure, measure_of_row, with_measure


@dataclass
class Reading:
    """A round with what all its papers share; the ways papers are issued are read once for each day."""

    round: Round
    viewer: Viewer
    _signings: dict[datetime.date, dict[PaperKind, Signing]] = field(default_factory=dict)

    def signing(self, kind: PaperKind, day: datetime.date | None) -> Signing:
        day = day or timezone.localdate()
        if day not in self._signings:
            self._signings[day] = signings_on(day)
        return self._signings[day][kind]

    @cached_property
    def plan(self) -> RoundDocument | OfficialPaper | None:
        """Return the plan that the round follows, as it was listed, else as the portal issued it."""
        plans = RoundDocument.objects.visible_to(self.viewer).filter(round=self.round, voided_at=None)
        listed = plans.filter(kind=RoundDocument.Kind.PLAN).order_by("issued_on", "pk").last()
        if listed is not None:
            return listed
        issued = OfficialPaper.objects.visible_to(self.viewer).standing().filter(round=self.round, state="issued")
        return issued.filter(kind=PaperKind.PLAN).defer("content", "words").order_by("issued_on", "pk").last()

    @cached_property
    def approval(self) -> PlanApproval | None:
        """Return the approval of the plan that stands."""
        return PlanApproval.objects.visible_to(self.viewer).standing().filter(round=self.round).first()

    @cached_property
    def measure(self) -> Measure:
        return measure_of_row(with_measure(Round.objects.visible_to(self.viewer)).get(pk=self.round.pk))

    @cached_property
    def listed_numbers(self) -> dict[int, str]:
        """Return the numbers by which lists without headings name the criteria, by key."""
        return {criterion.pk: criterion.listed_number for criterion in leaves_of(self.round.criteria_set)}

    @cached_property
    def units(self) -> list[Enrolment]:
        """Return the units of the plan, in printed order."""
        rows = Enrolment.objects.visible_to(self.viewer).filter(round=self.round, is_left_out=False)
        return list(rows.select_related("ward__district", "team").order_by("position"))

    @property
    def is_specialised(self) -> bool:
        return self.round.kind == Round.Kind.SPECIALISED


@dataclass(frozen=True)
class PaperSubject:
    """What one paper is written from: a kind, with the decision or the unit that it is about."""

    reading: Reading
    kind: PaperKind
    decision: Decision | None = None
    enrolment: Enrolment | None = None
    day: datetime.date | None = None
    #: key of the paper itself
    paper: int | None = None

    @property
    def round(self) -> Round:
        return self.reading.round

    @property
    def signing(self) -> Signing:
        return self.reading.signing(self.kind, self.day)

    @property
    def office(self) -> Office:
        return self.signing.office

    @property
    def enrolments(self) -> list[Enrolment]:
        """Return the units that the paper is about."""
        if self.enrolment is not None and self.kind not in OF_WHOLE_DECISION:
            return [self.enrolment]
        if self.decision is not None:
            return [unit.enrolment for unit in self.decision.units.all()]
        return self.reading.units

    @property
    def decision_unit(self) -> DecisionUnit | None:
        """Return the unit of the decision that the paper is about."""
        if self.decision is None or self.enrolment is None:
            return None
        return next((unit for unit in self.decision.units.all() if unit.enrolment_id == self.enrolment.pk), None)

    @property
    def team(self) -> Team | None:
        """Return the team of the decision, else that of the unit."""
        whole = self.decision or self.enrolment
        return whole.team if whole else None

    @property
    def members(self) -> list[TeamMember]:
        """Return the team, its head first: as it was on the day of the decision or of its announcement, if the
        paper is of that day, else as it is."""
        team = self.team
        if team is None:
            return []
        members = list(team.members.all())
        for change in reversed(self._changes_since):
            members = before_change(members, change)
        return sorted(members, key=lambda member: (ORDER[member.part], member.order))

    @property
    def _changes_since(self) -> list[TeamChange]:
        """Return the changes of the team that came after what the paper is on, in their order."""
        changes = sorted(self.decision.team_changes.all(), key=lambda row: row.pk) if self.decision else []
        if self.kind == PaperKind.DECISION:
            return changes
        unit = self.decision_unit if self.kind == PaperKind.ANNOUNCEMENT else None
        day = unit.announced_on if unit else None
        return [change for change in changes if day and change.issued_on > day]

    @property
    def decisions(self) -> list[Decision]:
        """Return the decision of a change of the team with the others that the same paper changes it for."""
        decision = self.decision
        if decision is None:
            return []
        numbers = {row.number for row in self.team_changes}
        others = [row for row in decision.team.decisions.all() if row.pk != decision.pk]
        changed = [row for row in others if numbers & {each.number for each in row.team_changes.all()}]
        return sorted([decision, *changed], key=lambda row: (row.issued_on or datetime.date.max, row.pk))

    @property
    def suspension(self) -> Suspension | None:
        """Return the recorded pause or stop that the paper is on, by its kind."""
        rows = self.decision.suspensions.all() if self.decision else []
        of_kind = [row for row in rows if row.kind == self.kind]
        number = self._number_of(of_kind)
        return next((row for row in of_kind if row.number == number), None)

    @property
    def team_changes(self) -> list[TeamChange]:
        """Return the recorded changes of the team that the paper is on: all of one number."""
        rows = list(self.decision.team_changes.all()) if self.decision else []
        number = self._number_of(rows)
        return [row for row in rows if row.number == number]

    @property
    def record(self) -> Extension | Suspension | TeamChange | None:
        """Return the record whose number and day the paper gets."""
        if self.kind == PaperKind.EXTENSION:
            return getattr(self.decision, "extension", None)
        if self.kind == PaperKind.TEAM_CHANGE:
            return next(iter(self.team_changes), None)
        return self.suspension

    def _number_of(self, rows: Sequence[Suspension | TeamChange]) -> str | None:
        """Return the number of the first record that has no paper yet; None where all have theirs.

        An issued paper has the record of its number. One that is not issued yet, or whose number no
        record has, takes the next one that is left.
        """
        papers: list[OfficialPaper] = getattr(self.decision, "papers_with_words", [])
        others = [each for each in papers if each.kind == self.kind and each.pk != self.paper]
        numbers = list(dict.fromkeys(row.number for row in sorted(rows, key=lambda row: row.pk)))
        issued = {each.number for each in others}
        left = [number for number in numbers if number not in issued]
        taken = sum(each.number not in numbers for each in others)
        return left[taken] if len(left) > taken else None

    @property
    def findings(self) -> list[Finding]:
        """Return what one unit has to put right, in the order of the criteria."""
        if self.enrolment is None:
            return []
        rows = self.enrolment.inspection.findings.all()
        standing = [row for row in rows if row.status != Finding.Status.WITHDRAWN]
        return sorted(standing, key=lambda row: (row.criterion.position, row.pk))


def before_change(members: Sequence[TeamMember], change: TeamChange) -> list[TeamMember]:
    """Return a team as it was before a change; of who left, name, part and office are known."""
    came = [each for each in members if each.full_name == change.comes_name and each.part == change.part]
    left = [each for each in members if each not in came[-1:]]
    if change.leaves_name:
        place = came[-1].order if came else len(members)
        part, position = change.part_left, change.leaves_position
        left.append(TeamMember(full_name=change.leaves_name, part=part, position=position, order=place))
    return left


_FINDINGS = Prefetch("inspection__findings", Finding.objects.select_related("criterion"))


def _enrolments(papers: Sequence[OfficialPaper], viewer: Viewer) -> dict[int, Enrolment]:
    """Return the units of papers with all that papers on them say, by key."""
    keys = {paper.enrolment_id for paper in papers if paper.enrolment_id}
    rows = Enrolment.objects.visible_to(viewer).filter(pk__in=keys)
    rows = rows.select_related("ward__district", "team", "inspection")
    return {row.pk: row for row in rows.prefetch_related("team__members", _FINDINGS)}


def _decisions(papers: Sequence[OfficialPaper], viewer: Viewer) -> dict[int, Decision]:
    """Return the decisions of papers with all that papers on them say, by key."""
    keys = {paper.decision_id for paper in papers if paper.decision_id}
    units = DecisionUnit.objects.visible_to(viewer)
    units = units.select_related("enrolment__ward__district", "enrolment__inspection", "enrolment__team")
    units = units.prefetch_related(
        Prefetch("enrolment__inspection__findings", Finding.objects.select_related("criterion"))
    )
    same_team = Decision.objects.visible_to(viewer).standing().filter(issued_on__isnull=False)
    parts = (
        "team__members",
        Prefetch("team__decisions", same_team.prefetch_related("team_changes")),
        Prefetch("units", units),
        "suspensions__unit__enrolment__ward",
        "team_changes",
    )
    with_words = OfficialPaper.objects.visible_to(viewer).standing().filter(content__isnull=False)
    made = Prefetch("papers", with_words.defer("content", "words"), to_attr="papers_with_words")
    rows = Decision.objects.visible_to(viewer).filter(pk__in=keys).select_related("team", "extension")
    return {row.pk: row for row in rows.prefetch_related(*parts, made)}


def subjects_of(papers: Sequence[OfficialPaper], viewer: Viewer) -> list[PaperSubject]:
    """Return what papers of one round are written from, in their order; of papers that the viewer writes or drafts
    that the viewer sees."""
    if not papers:
        return []
    reading = Reading(papers[0].round, viewer)
    decisions, enrolments = _decisions(papers, viewer), _enrolments(papers, viewer)
    return [
        PaperSubject(
            reading,
            paper.paper_kind,
            decisions[paper.decision_id] if paper.decision_id else None,
            enrolments[paper.enrolment_id] if paper.enrolment_id else None,
            paper.issued_on,
            paper.pk,
        )
        for paper in papers
    ]


def subject_of(paper: OfficialPaper, viewer: Viewer) -> PaperSubject:
    """Return what one paper is written from."""
    return subjects_of([paper], viewer)[0]
