"""The file of one inspection: what the unit showed and answered, once each, and what is missing from it."""

import datetime
import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from archiveportal.files.checking import FileNotAsKept, State, read_as_kept
from criteria.inspections.models import Enrolment, Evidence, Minutes, Notice, SelfAssessment, SelfEvidence
from criteria.inspections.papers.official import archive as archive_module
from criteria.inspections.services.taking_over import take_over_evidence
from tests.support.factories import enrol, make_round, make_set, make_ward
from tests.support.inspections import answered_question_file, asked_question
from tests.support.papers import words
from tests.support.self_assessments import of_unit, paper_of_unit

DAY = datetime.date(2026, 3, 2)


@pytest.fixture
def unit(cast) -> Enrolment:
    return enrol(make_round(make_set(3), asks_self_assessment=True), make_ward())


def handed_in(cast, unit: Enrolment) -> SelfAssessment:
    done = {"handed_in_by": cast.thanhan, "handed_in_at": timezone.now()}
    return SelfAssessment.objects.create(enrolment=unit, version=1, **done)


def titles_of(client, unit: Enrolment) -> list[str]:
    page = client.get(reverse("inspections:unit-file", args=[unit.pk]))
    return [each.title.split(":")[0] for each in page.context["files"]]


def test_it_has_what_the_unit_showed_and_answered(cast, unit, sign_in):
    assessment = handed_in(cast, unit)
    piece = of_unit(assessment, cast.thanhan)
    paper_of_unit(assessment, cast.thanhan)
    answered_question_file(asked_question(unit, cast.inspector), cast.thanhan)
    client = sign_in(cast.approver)
    own = "Minh chứng của bản tự kiểm tra"
    assert titles_of(client, unit) == ["Bản tự kiểm tra đã ký", own, "Hỏi đáp, trả lời của đơn vị"]
    # Taken over, it is the team's evidence, and its file is there once.
    take_over_evidence(inspection=unit.inspection, piece=piece, by=cast.inspector)
    assert Evidence.objects.filter(taken_from=piece).exists()
    listed = titles_of(client, unit)
    assert listed == ["Tài liệu minh chứng", "Bản tự kiểm tra đã ký", "Hỏi đáp, trả lời của đơn vị"]


def test_a_version_that_was_replaced_is_not_in_it(cast, unit, sign_in):
    piece = of_unit(handed_in(cast, unit), cast.thanhan)
    assert len(titles_of(sign_in(cast.approver), unit)) == 1
    SelfEvidence.objects.filter(pk=piece.pk).update(replaced_at=timezone.now())
    assert titles_of(sign_in(cast.approver), unit) == []


def test_signed_minutes_without_their_signed_copy_are_named(cast, unit, sign_in):
    Minutes.objects.create(
        inspection=unit.inspection, code="ABCD2345", opened_by=cast.inspector, signed_by=cast.inspector,
        signed_on=DAY, signed_at=timezone.now(), digest="0" * 64,
    )  # fmt: skip
    client, address = sign_in(cast.approver), reverse("inspections:unit-file", args=[unit.pk])
    assert "Chưa đính kèm bản chụp biên bản đã ký" in client.get(address).content.decode()
    content = b"".join(client.get(address, {"zip": 1}).streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "Chưa có bản chụp biên bản đã ký: mã ABCD2345." in words(archive.read("00-muc-luc.docx"))


def test_a_notice_names_the_criterion_where_numbers_begin_anew(cast, unit):
    question = asked_question(unit, cast.inspector)
    notice = Notice(kind="question_asked", round=unit.round, enrolment=unit, question=question)
    assert f"tiêu chí {question.criterion.number}." in str(notice)
    question.criterion.printed_number = "1"
    assert f"tiêu chí “{question.criterion.name}”." in str(notice)


def test_its_zip_is_sent_while_it_is_read_and_names_what_is_damaged(cast, unit, sign_in, monkeypatch):
    assessment = handed_in(cast, unit)
    for _file in range(2):
        of_unit(assessment, cast.thanhan)
    answered_question_file(asked_question(unit, cast.inspector), cast.thanhan)
    read = []

    def read_all_but_the_second(file):
        read.append(file)
        if len(read) == 2:
            raise FileNotAsKept(file, State.ALTERED)
        return read_as_kept(file)

    monkeypatch.setattr(archive_module, "read_as_kept", read_all_but_the_second)
    address = reverse("inspections:unit-file", args=[unit.pk])
    response = sign_in(cast.approver).get(address, {"zip": 1})
    assert response.streaming and not read
    assert response["Content-Disposition"] == f'attachment; filename="ho-so-kiem-tra-{unit.pk}.zip"'
    pieces = iter(response.streaming_content)
    first = next(pieces)
    assert len(read) == 1
    with zipfile.ZipFile(io.BytesIO(first + b"".join(pieces))) as archive:
        numbers = sorted(name[:2] for name in archive.namelist())
        assert numbers == ["00", "01", "03"] and archive.testzip() is None
        assert "Tệp không còn nguyên như khi lưu: số 2." in words(archive.read("00-muc-luc.docx"))
