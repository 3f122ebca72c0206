"""A report that is made from the records is a draft, whatever was issued; the pages say what was."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from archiveportal.accounts.scope import EVERYTHING
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services import approve_inspection
from reports.closing.services import close_figures, record_issue
from reports.documents import comparing, report_file
from tests.reports.test_closing import approve, details, store  # noqa: F401 (a fixture)
from tests.support.factories import answer, enrol, make_district, make_round, make_ward, submit_signed
from tests.support.papers import footnotes, words
from training.entered_values import values_of
from training.models import Course, Scheme
from training.services.courses import edit_course

NUMBER, MARK = "Số: ………/BC-SNV", "DỰ THẢO"


@pytest.fixture
def inspection_round(cast) -> Round:
    return Round.objects.get(code="gd1-2019")


@pytest.fixture
def scheme(cast) -> Scheme:
    return Scheme.objects.get(code="02-2014")


@pytest.fixture
def mine(cast) -> Round:
    """A round of two wards, one of them approved; its report is issued."""
    found = make_round()
    approve(enrol(found, make_ward(make_district("Mười"), name="Cũ")), cast)
    enrol(found, make_ward(make_district()))
    closing = close_figures(subject=found, seen=0, by=cast.approver)
    values = details(number="77/BC-SNV", signatory="deputy", signatory_name="Lê Văn Ký")
    record_issue(closing=closing, details=values, version=closing.version, by=cast.approver)
    return found


def text_of(subject, **options) -> str:
    return words(report_file(user=EVERYTHING, subject=type(subject).objects.get(pk=subject.pk), **options))


@pytest.mark.parametrize("options", [{}, {"has_notes": False}])
def test_the_records_give_a_draft_although_nothing_changed_since_the_issue(mine, options):
    text = text_of(mine, **options)
    assert f"{NUMBER}\n{MARK}\n" in text and "ngày … tháng … năm ……" in text
    for issued in ("77/BC-SNV", "Lê Văn Ký", "KT. GIÁM ĐỐC"):
        assert issued not in text


@pytest.mark.parametrize(
    ("kind", "signed", "day"),
    [("round", "Số: 5355/BC-SNV", "ngày 30 tháng 12 năm 2019 của Sở"), ("scheme", "Số: 2710", "ngày 03 tháng 7 năm")],
)
def test_the_reports_that_were_signed_before_give_drafts_too(inspection_round, scheme, kind, signed, day):
    text = text_of({"round": inspection_round, "scheme": scheme}[kind])
    assert f"{NUMBER}\n{MARK}\n" in text and signed not in text and day not in text


def test_a_record_of_the_signed_report_on_the_round_that_people_changed(cast, inspection_round):
    enrolment = Enrolment.objects.select_related("inspection").get(round=inspection_round, position=1)
    answer(enrolment, cast.inspector, "met")
    enrolment.inspection.refresh_from_db()
    submit_signed(inspection=enrolment.inspection, by=cast.inspector)
    enrolment.inspection.refresh_from_db()
    approve_inspection(inspection=enrolment.inspection, by=cast.approver)
    content = report_file(user=EVERYTHING, subject=Round.objects.get(pk=inspection_round.pk))
    assert any("Báo cáo số 5355/BC-SNV in" in note and "hồ sơ hiện nay là" in note for note in footnotes(content))


def test_a_record_of_the_signed_report_on_the_scheme_that_people_changed(cast, scheme):
    course = Course.objects.filter(category__code="ngan-han", enters_summary=True).earliest("pk")
    values = values_of(course) | {"participants": course.participants + 1}
    edit_course(course=course, values=values, base_version=course.version, by=cast.inspector)
    content = report_file(user=EVERYTHING, subject=scheme)
    assert any("Báo cáo số 2710/BC-SNV in" in note and "hồ sơ hiện nay là" in note for note in footnotes(content))


def test_the_page_says_what_was_issued_and_leads_to_the_files(mine, cast, sign_in):
    client, index = sign_in(cast.leader), reverse("reports:index")
    page = client.get(index)
    shown = {found.code: found for found, _offer in page.context["rounds"]}
    assert shown[mine.code].issued_number == "77/BC-SNV" and not shown["gd1-2019"].issued_pk
    text = page.content.decode()
    closing = reverse("reports:closing", args=[shown[mine.code].issued_pk])
    assert f'href="{closing}#tep"' in text and 'id="tep"' in client.get(closing).content.decode()
    for number in ("77/BC-SNV", "5355/BC-SNV", "2710/BC-SNV"):
        assert f"đã phát hành với số {number}" in " ".join(text.split())
    # Units take no report of the City away and hear nothing of it.
    assert "#tep" not in sign_in(cast.quan10).get(index).content.decode()


def test_no_figure_is_compared_where_a_document_is_made(mine, cast, sign_in, monkeypatch):
    monkeypatch.setattr(comparing, "figures_of", lambda *given: 1 / 0)
    for page in (reverse("reports:index"), reverse("reports:dashboard", args=[mine.code]), reverse("home")):
        assert sign_in(cast.leader).get(page).status_code == 200
    assert MARK in text_of(mine)


@pytest.mark.parametrize(
    ("number", "day"), [("5355/BC-SNV", datetime.date(2019, 12, 30)), ("2710/BC-SNV", datetime.date(2020, 7, 31))]
)
def test_no_new_paper_bears_the_number_of_a_report_that_was_signed_before(cast, inspection_round, number, day):
    moment = timezone.make_aware(datetime.datetime(2019, 12, 30, 17))
    closing = close_figures(subject=inspection_round, as_of=moment, seen=0, by=cast.approver)
    with pytest.raises(ValidationError, match=number):
        record_issue(closing=closing, details=details(number=number, issued_on=day), version=1, by=cast.approver)
    assert not closing.files.filter(role="numbered").exists()
    # The same number counts anew each year.
    record_issue(closing=closing, details=details(number=number), version=1, by=cast.approver)
