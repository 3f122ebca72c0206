"""A report that is made anew from the records carries number, day and signature only while it is the issued one."""

import pytest
from django.urls import reverse

from archiveportal.accounts.scope import EVERYTHING
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services import approve_inspection, reopen_inspection, submit_inspection
from reports.closing.services import close_figures, record_issue
from reports.documents import report_file
from reports.frozen import changes as closing_changes
from reports.passages.services import write_passage
from tests.reports.test_closing import approve, details, store  # noqa: F401 (a fixture)
from tests.support.factories import answer, enrol, make_district, make_round, make_ward, submit_signed
from tests.support.papers import footnotes, words
from training.entered_values import values_of
from training.models import Course, Quota, Scheme
from training.services.courses import edit_course
from training.services.quotas import QuotaChange, set_quotas
from wards.services import update_district, update_ward

DRAFT = "Số: ………/BC-SNV"


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
    issue(found, cast, "77/BC-SNV")
    return found


def issue(subject, cast, number: str, *, seen: int = 0):
    closing = close_figures(subject=subject, seen=seen, by=cast.approver)
    values = details(number=number, signatory="deputy", signatory_name="Lê Văn Ký")
    record_issue(closing=closing, details=values, version=1, by=cast.approver)
    return closing


def text_of(subject) -> str:
    return words(report_file(user=EVERYTHING, subject=type(subject).objects.get(pk=subject.pk)))


def head_of(subject) -> tuple[str, bool]:
    """The line of the number, and whether the document has a day and a name."""
    text = text_of(subject)
    number = next(line for line in text.split("\n") if line.startswith("Số: "))
    return number, "Lê Văn Ký" in text


def target(scheme, cast, number: int, *, before: int) -> None:
    quota = Quota.objects.get(category__code="ngan-han")
    change = QuotaChange(quota.category, shown=(before, quota.unit), typed=(number, quota.unit))
    assert set_quotas(scheme=scheme, changes=[change], by=cast.approver) == {}


def test_the_number_stands_while_every_figure_is_that_of_the_closing(mine, cast):
    assert head_of(mine) == ("Số: 77/BC-SNV", True)
    text = text_of(mine)
    assert "(Kèm theo Báo cáo số 77/BC-SNV ngày" in text and "KT. GIÁM ĐỐC" in text


def test_a_changed_figure_makes_a_draft_and_the_figure_as_it_was_none(mine, cast):
    inspection = Enrolment.objects.get(round=mine, position=1).inspection
    reopen_inspection(inspection=inspection, by=cast.approver, reason="Nhầm")
    assert head_of(mine) == (DRAFT, False)
    text = text_of(mine)
    assert "(Kèm theo Báo cáo số ………/BC-SNV ngày … tháng … năm ……" in text and "KT. GIÁM ĐỐC" not in text
    for step, person in ((submit_inspection, cast.inspector), (approve_inspection, cast.approver)):
        inspection.refresh_from_db()
        step(inspection=inspection, by=person)
    assert head_of(mine) == ("Số: 77/BC-SNV", True)


def test_a_corrected_name_makes_a_draft(mine, cast):
    ward = Enrolment.objects.select_related("ward").get(round=mine, position=1).ward
    ward.name = "Mới"
    update_ward(ward=ward, by=cast.administrator)
    assert head_of(mine) == (DRAFT, False)


def test_a_passage_written_after_the_number_makes_a_draft(mine, cast):
    write_passage(subject=mine, key="achieved", text="Lời khác", seen=0, by=cast.approver)
    assert head_of(mine) == (DRAFT, False)


def test_passages_that_were_written_before_the_number_are_its_own(cast):
    found = make_round()
    closing = close_figures(subject=found, seen=0, by=cast.approver)
    write_passage(subject=found, key="achieved", text="Lời của báo cáo", seen=0, by=cast.approver)
    record_issue(closing=closing, details=details(number="5/BC-SNV"), version=1, by=cast.approver)
    assert head_of(found)[0] == "Số: 05/BC-SNV"


def test_figures_closed_again_without_a_number_leave_the_issued_one(mine, cast):
    close_figures(subject=mine, seen=1, by=cast.approver)
    assert head_of(mine) == ("Số: 77/BC-SNV", True)


def test_the_newest_number_counts(scheme, cast):
    issue(scheme, cast, "88/BC-SNV")
    target(scheme, cast, 500, before=472)
    assert head_of(scheme) == (DRAFT, False)
    issue(scheme, cast, "89/BC-SNV", seen=1)
    assert head_of(scheme) == ("Số: 89/BC-SNV", True)


@pytest.mark.parametrize("kind", ["round", "scheme"])
def test_the_signed_reports_keep_their_number_while_their_records_are_their_own(cast, inspection_round, scheme, kind):
    """A closing, a look at the page, or another load of the same data changes nothing."""
    subject, number = {"round": (inspection_round, "5355/BC-SNV"), "scheme": (scheme, "2710/BC-SNV")}[kind]
    close_figures(subject=subject, seen=0, by=cast.approver)
    answer(Enrolment.objects.get(round=inspection_round, position=1), cast.inspector, {1: "met"})
    assert head_of(subject)[0] == f"Số: {number}"


def test_a_record_of_the_signed_report_on_the_round_that_people_changed(cast, inspection_round):
    enrolment = Enrolment.objects.select_related("inspection").get(round=inspection_round, position=1)
    answer(enrolment, cast.inspector, "met")
    enrolment.inspection.refresh_from_db()
    submit_signed(inspection=enrolment.inspection, by=cast.inspector)
    assert head_of(inspection_round)[0] == "Số: 5355/BC-SNV"
    enrolment.inspection.refresh_from_db()
    approve_inspection(inspection=enrolment.inspection, by=cast.approver)
    content = report_file(user=EVERYTHING, subject=Round.objects.get(pk=inspection_round.pk))
    assert DRAFT in words(content) and "30 tháng 12 năm 2019 của Sở" not in words(content)
    assert any("Báo cáo số 5355/BC-SNV in" in note and "hồ sơ hiện nay là" in note for note in footnotes(content))


def test_a_corrected_district_is_a_changed_record_too(cast, inspection_round):
    district = Enrolment.objects.select_related("ward__district").get(round=inspection_round, position=1).ward.district
    district.name = "Khác"
    update_district(district=district, by=cast.administrator)
    assert head_of(inspection_round)[0] == DRAFT


def test_a_record_of_the_signed_report_on_the_scheme_that_people_changed(cast, scheme):
    course = Course.objects.filter(category__code="ngan-han", enters_summary=True).earliest("pk")
    values = values_of(course) | {"participants": course.participants + 1}
    edit_course(course=course, values=values, base_version=course.version, by=cast.inspector)
    content = report_file(user=EVERYTHING, subject=scheme)
    assert DRAFT in words(content) and "ngày 03 tháng 7 năm 2020" not in words(content)
    assert any("Báo cáo số 2710/BC-SNV in" in note and "hồ sơ hiện nay là" in note for note in footnotes(content))


def test_the_page_leads_to_the_frozen_files(mine, cast, sign_in):
    client, index = sign_in(cast.leader), reverse("reports:index")
    shown = {found.code: found for found, _offer in client.get(index).context["rounds"]}
    assert not shown[mine.code].may_be_draft and shown[mine.code].issued_number == "77/BC-SNV"
    inspection = Enrolment.objects.get(round=mine, position=1).inspection
    reopen_inspection(inspection=inspection, by=cast.approver, reason="Nhầm")
    page = client.get(index)
    shown = {found.code: found for found, _offer in page.context["rounds"]}
    assert shown[mine.code].may_be_draft and not shown["gd1-2019"].may_be_draft
    closing = reverse("reports:closing", args=[shown[mine.code].issued_pk])
    assert f'href="{closing}#tep"' in page.content.decode() and 'id="tep"' in client.get(closing).content.decode()
    # Units take no report of the City away and hear nothing of it.
    assert "#tep" not in sign_in(cast.quan10).get(index).content.decode()


def test_the_page_says_that_a_signed_report_became_a_draft(cast, scheme, sign_in):
    client, index = sign_in(cast.leader), reverse("reports:index")
    before = client.get(index).content.decode().count("notice-line")
    target(scheme, cast, 500, before=472)
    page = client.get(index)
    assert [found.may_be_draft for found in page.context["schemes"]] == [True]
    assert page.content.decode().count("notice-line") == before + 1
    target(scheme, cast, 472, before=500)
    # History says that people changed it, although it is as it was: the page may be more careful than the truth.
    assert head_of(scheme)[0] == DRAFT


def test_figures_are_compared_only_where_a_document_is_made(mine, cast, sign_in, monkeypatch):
    monkeypatch.setattr(closing_changes, "figures_of", lambda subject: 1 / 0)
    for page in (reverse("reports:index"), reverse("reports:dashboard", args=[mine.code]), reverse("home")):
        assert sign_in(cast.leader).get(page).status_code == 200
    with pytest.raises(ZeroDivisionError):
        text_of(mine)
