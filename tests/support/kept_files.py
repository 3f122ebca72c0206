"""Files of every kind that people upload, at their places, for tests of withdrawing them."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from archiveportal.files.models import Destruction, StoredFile, Withdrawal
from archiveportal.files.services import keep_file
from archiveportal.files.withdrawing import record_destruction, withdraw_file
from criteria.inspections.models import (
    Evidence,
    FindingReply,
    Minutes,
    OfficialPaper,
    Question,
    QuestionMessage,
    RoundDocument,
    Scan,
)
from reports.models import Closing, DocumentTemplate
from tests.support import access_rows
from tests.support.inspections import published_finding
from tests.support.pictures import PDF, upload, word_file
from tests.support.self_assessments import handed_in_by_hand, of_unit, paper_of_unit

REASON = "Ảnh chụp cả nội dung hồ sơ"


@dataclass
class Kept:
    """A file of one kind: where it is handed out, and the pages that list it."""

    file: StoredFile
    handed_out: list[str]
    pages: list[str]
    #: who sees it, beside the approvers
    readers: tuple[str, ...]


def of_evidence(inspection, cast) -> Kept:
    file = keep_file(upload=upload(), by=cast.inspector)
    criterion = inspection.enrolment.round.criteria_set.criteria.first()
    made = Evidence.objects.create(
        inspection=inspection,
        criterion=criterion,
        upload_id=uuid.uuid4(),
        file=file,
        caption="Danh sách có tên công dân",
        added_by=cast.inspector,
    )
    keys = [inspection.enrolment_id, made.pk]
    handed_out = [reverse(f"inspections:evidence-{name}", args=keys) for name in ("file", "picture")]
    pages = [
        reverse("inspections:checklist", args=keys[:1]),
        reverse("inspections:evidence-item", args=keys),
    ]
    return Kept(file, handed_out, pages, ("inspector", "leader"))


def of_self_evidence(inspection, cast) -> Kept:
    made = of_unit(handed_in_by_hand(inspection.enrolment), cast.thanhan)
    keys = [inspection.enrolment_id, made.pk]
    handed_out = [reverse(f"inspections:self-evidence-{name}", args=keys) for name in ("file", "picture")]
    pages = [
        reverse("inspections:self-assessment", args=keys[:1]),
        reverse("inspections:self-evidence-item", args=keys),
    ]
    return Kept(made.file, handed_out, pages, ("inspector",))


def of_self_paper(inspection, cast) -> Kept:
    made = paper_of_unit(handed_in_by_hand(inspection.enrolment), cast.thanhan)
    handed_out = [reverse("inspections:self-paper-file", args=[inspection.enrolment_id, made.pk])]
    return Kept(made.file, handed_out, [], ("inspector",))


def of_scan(inspection, cast) -> Kept:
    minutes = Minutes.objects.create(
        inspection=inspection,
        code="ABCD2345",
        opened_by=cast.inspector,
        signed_by=cast.inspector,
        signed_on=timezone.localdate(),
        signed_at=timezone.now(),
        digest="0" * 64,
    )
    file = keep_file(upload=upload(), by=cast.inspector)
    made = Scan.objects.create(minutes=minutes, file=file)
    keys = [inspection.enrolment_id, made.pk]
    handed_out = [reverse(f"inspections:minutes-{name}", args=keys) for name in ("scan", "scan-picture")]
    pages = [reverse("inspections:minutes", args=keys[:1]), reverse("inspections:checklist", args=keys[:1])]
    return Kept(file, handed_out, pages, ("inspector", "leader"))


def of_answer(inspection, cast) -> Kept:
    finding = published_finding(inspection.enrolment, cast.inspector)
    reply = FindingReply.objects.create(
        finding=finding, text="Đã bố trí", answered_by=cast.thanhan, submission_id=uuid.uuid4()
    )
    file = keep_file(upload=upload(), by=cast.thanhan)
    reply.files.add(file)
    handed_out = [reverse(f"inspections:finding-{name}", args=[finding.pk, file.pk]) for name in ("file", "picture")]
    return Kept(file, handed_out, [reverse("inspections:finding", args=[finding.pk])], ("inspector", "leader"))


def of_question(inspection, cast) -> Kept:
    criterion, now = inspection.enrolment.round.criteria_set.criteria.first(), timezone.now()
    question = Question.objects.create(
        inspection=inspection, criterion=criterion, due_on=now.date(), asked_by=cast.inspector, asked_at=now
    )
    message = QuestionMessage.objects.create(
        question=question,
        submission_id=uuid.uuid4(),
        is_of_unit=True,
        text="x",
        written_by=cast.thanhan,
        written_at=now,
    )
    file = keep_file(upload=upload(), by=cast.thanhan)
    message.files.add(file)
    unit = inspection.enrolment_id
    handed_out = [reverse(f"inspections:question-{name}", args=[unit, file.pk]) for name in ("file", "picture")]
    return Kept(file, handed_out, [reverse("inspections:question", args=[unit, criterion.code])], ("inspector",))


def of_paper(inspection, cast) -> Kept:
    """The signed copy of an issued paper; the two others are made by the portal itself."""
    of, by = inspection.enrolment.round, cast.approver
    file, to_sign = (keep_file(upload=upload(PDF, name), by=by) for name in ("ky.pdf", "trinh.pdf"))
    made = OfficialPaper.objects.create(
        round=of,
        kind="plan",
        state="issued",
        number="9/KH-SNV",
        issued_on=timezone.localdate(),
        to_sign=to_sign,
        signed=file,
        made_by=by,
    )
    keys = [of.code, made.pk]
    handed_out = [f"{reverse('inspections:round-paper-file', args=keys)}?tep=da-ky"]
    return Kept(file, handed_out, [reverse("inspections:round-paper", args=keys)], ("inspector",))


def of_document(inspection, cast) -> Kept:
    file = keep_file(upload=upload(PDF, "kh.pdf"), by=cast.approver)
    of = inspection.enrolment.round
    made = RoundDocument.objects.create(round=of, kind="plan", number="9/KH", issued_on=timezone.localdate(), file=file)
    handed_out = [reverse("inspections:round-document-file", args=[of.code, made.pk])]
    return Kept(file, handed_out, [reverse("inspections:round-documents", args=[of.code])], ("inspector", "quan10"))


def of_approval(inspection, cast) -> Kept:
    file, of = keep_file(upload=upload(PDF, "qd.pdf"), by=cast.approver), inspection.enrolment.round
    made = access_rows.approval(of, cast, file=file)
    handed_out = [reverse("inspections:plan-approval-file", args=[of.code, made.pk])]
    return Kept(file, handed_out, [reverse("inspections:round-papers", args=[of.code])], ("inspector", "quan10"))


def of_signed_copy(inspection, cast) -> Kept:
    file = keep_file(upload=upload(PDF, "bc.pdf"), by=cast.approver)
    closing = Closing.objects.create(
        kind="round",
        round=inspection.enrolment.round,
        figures=[],
        digest="",
        as_of=timezone.now(),
        closed_by=cast.approver,
        number="9/BC-SNV",
        issued_on=timezone.localdate(),
        signed_copy=file,
        signed_comparison={"legibility": "text", "total": 1, "lines": [["", "Tên công dân"]], "number": "9/BC-SNV"},
    )
    handed_out = [reverse("reports:closing-signed", args=[closing.pk])]
    return Kept(file, handed_out, [reverse("reports:closing", args=[closing.pk])], ("leader", "inspector"))


def of_template(inspection, cast) -> Kept:
    file = keep_file(upload=upload(word_file(), "mau.docx"), by=cast.approver, kinds=["word"])
    values = {"withdrawn_at": timezone.now(), "withdrawn_by": cast.approver, "uploaded_by": cast.approver}
    made = DocumentTemplate.objects.create(kind="round", file=file, **values)
    return Kept(file, [reverse("reports:template-file", args=[made.pk])], [], ())


#: {the field that keeps files: what makes one, None for files that the portal makes itself}
KINDS: dict[str, Callable | None] = {
    "inspections.evidence.file": of_evidence,
    "inspections.selfevidence.file": of_self_evidence,
    "inspections.selfpaper.file": of_self_paper,
    "inspections.scan.file": of_scan,
    "inspections.findingreply.files": of_answer,
    "inspections.rounddocument.file": of_document,
    "inspections.questionmessage.files": of_question,
    "inspections.planapproval.file": of_approval,
    "inspections.officialpaper.signed": of_paper,
    "inspections.officialpaper.to_sign": None,
    "inspections.officialpaper.numbered": None,
    "reports.closing.signed_copy": of_signed_copy,
    "reports.documenttemplate.file": of_template,
    "reports.closedfile.file": None,
}
UPLOADED = [make for make in KINDS.values() if make]


def other_than(file: StoredFile, cast):
    return cast.approver2 if file.stored_by == cast.approver else cast.approver


def withdrawn(kept: Kept, cast) -> Withdrawal:
    return withdraw_file(file=kept.file, reason=REASON, by=other_than(kept.file, cast))


def decided(kept: Kept, cast, by) -> Destruction:
    if not kept.file.withdrawn:
        withdrawn(kept, cast)
    return record_destruction(file=kept.file, number="12/QĐ-SNV", decided_on=timezone.localdate(), by=by)
