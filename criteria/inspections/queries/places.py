"""Where the files of inspections belong: evidence, scans of minutes, answers to findings,
threads of questions, documents and papers of a round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.files.models import StoredFile
from archiveportal.files.places import FilePlace, Keeper
from archiveportal.scope import Viewer
from criteria.inspections.models import (
    Enrolment,
    Evidence,
    Finding,
    FindingReply,
    OfficialPaper,
    PlanApproval,
    Question,
    QuestionMessage,
    RoundDocument,
    Scan,
    SelfEvidence,
    SelfPaper,
)
from criteria.inspections.services.signed_papers import forget_comparison

#: the files that a paper keeps
FILES_OF_PAPERS = ("to_sign", "numbered", "signed")
UNIT = "enrolment__ward", "enrolment__round"


class InspectionFiles(Keeper):
    def place_of(self, file: StoredFile, viewer: Viewer | None) -> FilePlace | None:
        """Return the place of a file, if the viewer sees it; for None whoever asks. Else None."""
        return next((place for find in FINDERS if (place := find(file, viewer))), None)

    def kept(self) -> Sequence[QuerySet]:
        """Return queries for the keys of all files that rows of the app keep."""
        return [
            Evidence.objects.exclude(file=None).values("file"),
            SelfEvidence.objects.exclude(file=None).values("file"),
            SelfPaper.objects.values("file"),
            Scan.objects.values("file"),
            FindingReply.objects.exclude(files=None).values("files"),
            QuestionMessage.objects.exclude(files=None).values("files"),
            RoundDocument.objects.exclude(file=None).values("file"),
            PlanApproval.objects.exclude(file=None).values("file"),
            *(OfficialPaper.objects.exclude(**{name: None}).values(name) for name in FILES_OF_PAPERS),
        ]

    def forget(self, file: StoredFile, *, by: User, via: str) -> None:
        """Drop the lines of a signed copy that were compared with the portal's file."""
        forget_comparison(file)


def _seen_by(viewer: Viewer | None, model: Any, **hidden: Any) -> QuerySet:
    """Return the rows that a viewer sees; `hidden` are conditions for those who do not work on checklists."""
    if viewer is None:
        return model.objects.all()
    rows = model.objects.visible_to(viewer)
    return rows if viewer.scope.sees_unapproved_results else rows.filter(**hidden)


def _unit(enrolment: Enrolment) -> str:
    return f"{enrolment.ward.full_title}, {enrolment.round.name}"


def _evidence(file: StoredFile, viewer: Viewer | None) -> FilePlace | None:
    rows = _seen_by(viewer, Evidence, voided_at__isnull=True).filter(file=file)
    found = rows.select_related("criterion", *(f"inspection__{path}" for path in UNIT)).first()
    if found is None:
        return None
    enrolment = found.inspection.enrolment
    address = reverse("inspections:evidence-item", args=[enrolment.pk, found.pk])
    title = _("Evidence: %(unit)s") % {"unit": f"{_unit(enrolment)}, {found.criterion.printed_name}"}
    # The unit uploaded what the team took over.
    put_by = frozenset([found.added_by_id])
    return FilePlace(title, address, about=found.inspection, part=str(found.criterion), put_by=put_by)


def _of_unit(file: StoredFile, viewer: Viewer | None) -> FilePlace | None:
    """Return where a unit showed a file with its self-assessment; what the team took over is found before."""
    for model in (SelfEvidence, SelfPaper):
        rows = _seen_by(viewer, model).filter(file=file)
        found = rows.select_related(*(f"assessment__{path}" for path in UNIT)).first()
        if found:
            enrolment = found.assessment.enrolment
            address = reverse("inspections:self-assessment", args=[enrolment.pk])
            title = _("Self-assessment: %(unit)s") % {"unit": _unit(enrolment)}
            return FilePlace(title, address, about=found.assessment)
    return None


def _scan(file: StoredFile, viewer: Viewer | None) -> FilePlace | None:
    rows = _seen_by(viewer, Scan).filter(file=file)
    found = rows.select_related(*(f"minutes__inspection__{path}" for path in UNIT)).first()
    if found is None:
        return None
    enrolment = found.minutes.inspection.enrolment
    address = reverse("inspections:minutes", args=[enrolment.pk])
    title = _("Scan of the signed minutes: %(unit)s") % {"unit": _unit(enrolment)}
    return FilePlace(title, address, about=found.minutes.inspection)


def _answer(file: StoredFile, viewer: Viewer | None) -> FilePlace | None:
    findings = _seen_by(viewer, Finding)
    rows = FindingReply.objects.filter(files=file, finding__in=findings)
    found = rows.select_related(*(f"finding__inspection__{path}" for path in UNIT)).first()
    if found is None:
        return None
    address = reverse("inspections:finding", args=[found.finding_id])
    title = _("Answer to a recommendation: %(unit)s") % {"unit": _unit(found.finding.inspection.enrolment)}
    return FilePlace(title, address, about=found.finding)


def _question(file: StoredFile, viewer: Viewer | None) -> FilePlace | None:
    rows = QuestionMessage.objects.filter(files=file, question__in=_seen_by(viewer, Question))
    related = ("question__criterion", *(f"question__inspection__{path}" for path in UNIT))
    found = rows.select_related(*related).first()
    if found is None:
        return None
    question = found.question
    enrolment = question.inspection.enrolment
    address = reverse("inspections:question", args=[enrolment.pk, question.criterion.code])
    title = _("Question to the unit: %(unit)s") % {"unit": f"{_unit(enrolment)}, {question.criterion.printed_name}"}
    return FilePlace(title, address, about=question)


def _of_round(file: StoredFile, viewer: Viewer | None) -> FilePlace | None:
    """Return the document of a round, or the approval of its plan, that a file belongs to."""
    texts = (
        (RoundDocument, "round-documents", _("Document of a round: %(document)s")),
        (PlanApproval, "round-papers", _("Approval of a plan: %(document)s")),
    )
    for model, page, text in texts:
        rows = _seen_by(viewer, model, voided_at__isnull=True).filter(file=file)
        found = rows.select_related("round").first()
        if found:
            title = text % {"document": f"{found.number}, {found.round.name}"}
            return FilePlace(title, reverse(f"inspections:{page}", args=[found.round.code]), about=found)
    return None


def _paper(file: StoredFile, viewer: Viewer | None) -> FilePlace | None:
    is_its_file = Q()
    for name in FILES_OF_PAPERS:
        is_its_file |= Q(**{name: file})
    found = _seen_by(viewer, OfficialPaper, voided_at__isnull=True).filter(is_its_file).select_related("round").first()
    if found is None:
        return None
    address = reverse("inspections:round-paper", args=[found.round.code, found.pk])
    title = _("Paper of an inspection: %(paper)s") % {"paper": f"{found}, {found.round.name}"}
    refusal = "" if found.signed_id == file.pk else _("What the portal made itself is not withdrawn.")
    return FilePlace(title, address, about=found, refusal=refusal)


FINDERS: tuple[Callable[[StoredFile, Viewer | None], FilePlace | None], ...] = (
    _evidence,
    _scan,
    _answer,
    _question,
    _of_unit,
    _of_round,
    _paper,
)
