"""What a paper lacks before it is signed: said beside it, and forbidding nothing but what the law asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.office.kinds import PaperKind
from criteria.inspections.models import Decision, Inspection, TeamMember
from criteria.inspections.papers.official.reading import PaperSubject
from criteria.inspections.papers.official.words import DOTS, PaperWords
from criteria.inspections.services.rounds import first_ward_names


@dataclass(frozen=True)
class Lack:
    """What a paper lacks, in a sentence; `page` names the address of the round where it is entered."""

    text: str
    page: str = ""


NO_APPROVAL = gettext_lazy("The approval of the plan is not recorded.")


def lacking_in(subject: PaperSubject, words: PaperWords) -> list[Lack]:
    """Return what a paper lacks."""
    approval = [Lack(str(NO_APPROVAL), "inspections:plan-approval")] if lacks_approval(subject) else []
    of_decision = _of_decision(subject, subject.decision) if subject.decision else ()
    found = [*of_decision, *_by_kind(subject), *_in_words(words)]
    return [*approval, *map(Lack, dict.fromkeys(found))]


def lacks_approval(subject: PaperSubject) -> bool:
    """Tell whether a paper rests on the approval of the plan and it is not recorded."""
    decision = subject.decision
    is_by_plan = decision is not None and decision.ground == Decision.Ground.PLAN
    rests_on_it = subject.kind == PaperKind.PLAN or (subject.kind == PaperKind.DECISION and is_by_plan)
    return rests_on_it and subject.reading.is_specialised and subject.reading.approval is None


def _by_kind(subject: PaperSubject) -> Iterator[str]:
    match subject.kind:
        case PaperKind.EXTENSION if not hasattr(subject.decision, "extension"):
            yield _("The extension is not recorded: days, ground and reason are left open.")
        case PaperKind.PAUSE | PaperKind.STOP if subject.suspension is None:
            yield _("The pause or stop is not recorded: its first day and its reason are left open.")
        case PaperKind.TEAM_CHANGE if not subject.team_changes:
            yield _("The change of the team is not recorded: who leaves and who comes is left open.")
        case PaperKind.ANNOUNCEMENT if subject.decision_unit and subject.decision_unit.announced_on is None:
            yield _("The day of the announcement is not entered.")
        case PaperKind.RESULT_REPORT | PaperKind.REMEDY_LETTER if names := _without_result(subject):
            yield _("No approved result yet: %(units)s.") % {"units": names}
        case PaperKind.REMEDY_LETTER if not subject.findings:
            yield _("The unit has no recommendation that could be put right.")
        case PaperKind.VISIT_NOTICE if subject.enrolment and subject.enrolment.planned_on is None:
            yield _("The unit has no planned day.")
        case PaperKind.PLAN if not subject.enrolments:
            yield _("The round has no units.")


def _without_result(subject: PaperSubject) -> str:
    """Name the units whose checklist is not approved, the first few."""
    units = [each for each in subject.enrolments if each.inspection.status != Inspection.Status.APPROVED]
    return first_ward_names([each.ward for each in units])


def _of_decision(subject: PaperSubject, decision: Decision) -> Iterator[str]:
    members = subject.members
    if not decision.units.all():
        yield _("The decision names no unit.")
    if not any(each.part == TeamMember.Part.HEAD for each in members):
        yield _("The team has no head.")
    if not decision.contents.strip():
        yield _("The decision does not say what is inspected.")
    if not decision.period_from:
        yield _("The decision does not say which period is inspected.")
    if subject.kind == PaperKind.DECISION:
        unreviewed = [each.full_name for each in members if each.conditions_reviewed_on is None]
        if unreviewed:
            yield _("The conditions of these members are not reviewed: %(names)s.") % {"names": ", ".join(unreviewed)}
    elif decision.issued_on is None:
        yield _("The decision that the paper follows has no number and no day.")


def _in_words(words: PaperWords) -> Iterator[str]:
    if words.authority and not words.grounds:
        yield _("The decision has no ground.")
    if words.titles and not words.name:
        yield _("The name of who signs is left open.")
    blanks = sum(DOTS in line for line in (*words.grounds, *words.body))
    if blanks:
        yield _("%(count)d lines have places to be filled in (%(dots)s).") % {"count": blanks, "dots": DOTS}
