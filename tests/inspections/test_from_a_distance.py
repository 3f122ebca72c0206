"""Inspection from a distance: its marks in the minutes, and the PDF that both sides signed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from archiveportal.accounts.models import Role
from archiveportal.refusal import Refused
from criteria.inspections.models import Inspection
from criteria.inspections.papers.minutes import paper_of
from criteria.inspections.services.distant import mark_distant
from criteria.inspections.services.minutes import keep_scans, sign_minutes
from criteria.inspections.services.minutes_content import answer_in_words
from criteria.inspections.services.workflow import submit_inspection
from tests.support.factories import answer, enrol, make_district, make_round, make_user, make_ward, visit_today
from tests.support.inspections import photograph
from tests.support.pdf import pdf_of

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def inspector(db):
    return make_user(Role.INSPECTOR)


def inspection_of(inspector, way: str) -> Inspection:
    enrolment = enrol(make_round(), make_ward(make_district()))
    enrolment.way = way
    enrolment.save(update_fields=["way"])
    answer(enrolment, inspector, "met")
    visit_today(enrolment.inspection)
    return Inspection.objects.select_related("enrolment__round__criteria_set").get(enrolment=enrolment)


def signed_pdf(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("bien-ban.pdf", pdf_of([list(lines)]), "application/pdf")


def texts(paper) -> str:
    return "\n".join(block.text for block in paper.blocks if block.kind == "text")


def test_a_unit_inspected_from_a_distance_says_so_once_in_its_minutes(inspector):
    minutes = sign_minutes(inspection=inspection_of(inspector, "remote"), signed_on=localdate(), by=inspector)
    words = texts(paper_of(minutes))
    assert "tiến hành kiểm tra từ xa công tác" in words and "xác minh từ xa, trên cơ sở" in words
    assert not any(line.get("is_distant") for line in minutes.content["lines"])


def test_single_criteria_are_marked_in_their_lines_and_others_print_as_before(inspector):
    inspection = inspection_of(inspector, "on_site")
    criterion = inspection.enrolment.round.criteria_set.criteria.first()
    mark_distant(inspection=inspection, criterion=criterion, is_distant=True, by=inspector)
    minutes = sign_minutes(inspection=inspection, signed_on=localdate(), by=inspector)
    first, *others = minutes.content["lines"]
    assert first["is_distant"] and "xác minh từ xa" in answer_in_words(first)
    assert not any("is_distant" in line for line in others) and "is_distant" not in minutes.content
    (grid,) = [block for block in paper_of(minutes).blocks if block.kind == "grid"]
    assert [row[3] for row in grid.rows] == ["xác minh từ xa", "", "", ""]
    assert "từ xa" not in texts(paper_of(minutes))


def test_the_minutes_of_a_distance_need_the_pdf_that_both_signed(inspector):
    inspection = inspection_of(inspector, "remote")
    minutes = sign_minutes(inspection=inspection, signed_on=localdate(), by=inspector)
    with pytest.raises(Refused, match="PDF có chữ ký của hai bên"):
        submit_inspection(inspection=inspection, by=inspector)
    with pytest.raises(Refused, match="một tệp PDF"):
        keep_scans(minutes=minutes, uploads=[photograph()], by=inspector)
    with pytest.raises(Refused, match="biên bản khác"):
        keep_scans(minutes=minutes, uploads=[signed_pdf("BIEN BAN", "Mã: AAAA-BBBB")], by=inspector)
    assert not minutes.scans.exists()
    code = f"{minutes.code[:4]}-{minutes.code[4:]}"
    keep_scans(minutes=minutes, uploads=[signed_pdf("BIEN BAN", f"Mã: {code}")], by=inspector)
    submit_inspection(inspection=inspection, by=inspector)
    inspection.refresh_from_db()
    assert inspection.status == "submitted"


def test_an_inspection_on_the_spot_takes_photographs_as_before(inspector):
    inspection = inspection_of(inspector, "on_site")
    minutes = sign_minutes(inspection=inspection, signed_on=localdate(), uploads=[photograph()], by=inspector)
    submit_inspection(inspection=inspection, by=inspector)
    assert minutes.scans.count() == 1
