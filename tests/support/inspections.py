"""Makers of findings and questions for tests."""

import io
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from archiveportal.accounts.models import User
from archiveportal.files.models import StoredFile
from archiveportal.files.services import keep_file
from criteria.inspections.models import Enrolment, Finding, FindingReply, Question


def photograph(name: str = "kho.jpg", size: tuple[int, int] = (40, 30)) -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def published_finding(enrolment: Enrolment, by: User, code: str = "TC01", **values) -> Finding:
    """A finding that its unit sees, without the way that led there."""
    criterion = enrolment.round.criteria_set.criteria.get(code=code)
    defaults = {"recommendation": "Bố trí kho lưu trữ", "created_by": by, "published_at": timezone.now()}
    finding, _is_new = Finding.objects.get_or_create(
        inspection=enrolment.inspection, criterion=criterion, defaults=defaults | values
    )
    return finding


def answered_file(finding: Finding, by: User) -> StoredFile:
    """The photograph of an answer to the finding."""
    reply, is_new = FindingReply.objects.get_or_create(
        finding=finding, text="Đã bố trí", answered_by=by, defaults={"submission_id": uuid.uuid4()}
    )
    if is_new:
        reply.files.add(keep_file(upload=photograph(), by=by))
    return reply.files.get()


def asked_question(enrolment: Enrolment, by: User, code: str = "TC01", **values) -> Question:
    """A question that waits for the unit, without the way that led there."""
    criterion = enrolment.round.criteria_set.criteria.get(code=code)
    defaults = {"due_on": timezone.localdate(), "asked_by": by, "asked_at": timezone.now()}
    question, _is_new = Question.objects.get_or_create(
        inspection=enrolment.inspection, criterion=criterion, defaults=defaults | values
    )
    return question


def answered_question_file(question: Question, by: User) -> StoredFile:
    """The photograph of an answer to the question."""
    values = {"text": "Có kho riêng", "written_by": by, "is_of_unit": True}
    defaults = {"submission_id": uuid.uuid4(), "written_at": timezone.now()}
    message, is_new = question.messages.get_or_create(**values, defaults=defaults)
    if is_new:
        message.files.add(keep_file(upload=photograph(), by=by))
    return message.files.get()
