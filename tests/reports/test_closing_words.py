"""Words that change after a closing are told, on its page and on the list of reports alike."""

import pytest
from django.urls import reverse

from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services import reopen_inspection
from reports.checks.wording import standing_errors
from reports.closing.services import close_figures
from reports.documents import comparing
from reports.documents.comparing import Differences, changed_words, context_for, differences
from reports.frozen.events import may_differ
from reports.models import Closing
from reports.passages.services import keep_words, write_passage
from reports.subjects import report_of
from tests.history.test_behind_the_portal import behind  # noqa: F401 (a fixture)
from tests.reports.test_closing import approve, is_touched, noted, store  # noqa: F401 (a fixture)
from tests.support.factories import enrol, make_district, make_round, make_ward
from tests.support.known_errors import correct_known_errors
from tests.support.pages import squeeze
from training.entered_values import values_of
from training.models import Course, Scheme
from training.services.courses import edit_course
from wards.services import update_district, update_ward


@pytest.fixture
def mine(cast) -> Round:
    """A round of two wards, one of them approved."""
    found = make_round(legal_basis="Kế hoạch số 7/KH-SNV")
    approve(enrol(found, make_ward(make_district("Mười"), name="Cũ")), cast)
    enrol(found, make_ward(make_district()))
    return found


@pytest.fixture
def scheme(cast) -> Scheme:
    found = Scheme.objects.get(code="02-2014")
    correct_known_errors(found, cast.approver2)
    return found


def found_of(subject):
    subject = type(subject).objects.get(pk=subject.pk)
    closing = Closing.objects.filter(**report_of(subject).owner).order_by("-sequence").first()
    return subject, closing


def state(subject, cast) -> tuple[Differences, list[tuple[str, str]]]:
    """What differs in all, and the lines of the text that differ; pages that list closings say the same."""
    subject, closing = found_of(subject)
    # What nothing happened to is not compared at all.
    counted = differences(closing, subject) if may_differ(closing, subject) else Differences()
    words = changed_words(closing, context_for(closing, subject))
    assert counted.lines == len(words) and is_touched(subject, cast.leader) >= bool(counted)
    return counted, [(line.then, line.now) for line in words]


def test_a_passage_is_told_on_both_pages_and_no_figure_differs(mine, cast, sign_in):
    write_passage(subject=mine, key="limits", text="Kho chật.\nThiếu người.", seen=0, by=cast.approver2)
    closing = close_figures(subject=mine, seen=0, by=cast.approver)
    assert state(mine, cast) == (Differences(), [])
    write_passage(subject=mine, key="limits", text="Kho chật.\nThiếu nhiều người.", seen=1, by=cast.approver2)
    assert state(mine, cast) == (Differences(0, 1), [("Thiếu người.", "Thiếu nhiều người.")])
    client = sign_in(cast.leader)
    page = squeeze(client.get(reverse("reports:closing", args=[closing.pk])).content.decode())
    assert "Có 1 dòng lời văn thay đổi" in page and "nhiều </ins>" in page
    for address in (
        reverse("reports:index"),
        reverse("reports:closings", args=["dot-kiem-tra", mine.code]),
        reverse("reports:dashboard", args=[mine.code]),
    ):
        assert "1 dòng lời văn" in client.get(address).content.decode()


def test_figures_are_told_alike_on_both_pages(mine, cast, sign_in):
    closing = close_figures(subject=mine, seen=0, by=cast.approver)
    inspection = Enrolment.objects.get(round=mine, position=1).inspection
    reopen_inspection(inspection=inspection, by=cast.approver, reason="Nhầm")
    counted, _lines = state(mine, cast)
    client = sign_in(cast.leader)
    assert client.get(reverse("reports:closing", args=[closing.pk])).context["changed"] == counted.figures > 0
    page = squeeze(client.get(reverse("reports:index")).content.decode())
    assert f"{counted.figures} số liệu, {counted.lines} dòng lời văn" in page


def test_a_change_that_was_taken_back_is_told_nowhere(mine, cast, sign_in):
    closing = close_figures(subject=mine, seen=0, by=cast.approver)
    write_passage(subject=mine, key="limits", text="Khác", seen=0, by=cast.approver2)
    write_passage(subject=mine, key="limits", text="", seen=1, by=cast.approver2)
    assert state(mine, cast) == (Differences(), []) and is_touched(mine, cast.leader)
    client = sign_in(cast.leader)
    for address in (reverse("reports:index"), reverse("reports:closing", args=[closing.pk])):
        assert "thay đổi sau khi chốt" not in client.get(address).content.decode()


ON_ROUND = {
    "UPDATE inspections_round SET name = 'Tên khác' WHERE id = {pk}": "Tên khác",
    "UPDATE inspections_round SET legal_basis = 'Quyết định số 9999' WHERE id = {pk}": "9999",
    "UPDATE inspections_round SET ends_on = '2040-03-31' WHERE id = {pk}": "tháng 3 năm 2040",
    "UPDATE reports_passageversion SET text = 'Chữ khác'": "Chữ khác",
    "UPDATE wards_district SET name = 'Không có phường' WHERE name = 'Ngoài'": "Không có phường",
    "UPDATE wards_ward SET name = 'Mới' WHERE name = 'Cũ'": "Mới",
    "UPDATE inspections_rounddocument SET title = 'tên mới' WHERE round_id = {pk}": "tên mới",
    "DELETE FROM inspections_rounddocument WHERE round_id = {pk}": "",
}


@pytest.mark.parametrize("statement", ON_ROUND)
def test_words_of_a_round_that_sql_changed(mine, cast, behind, statement):  # noqa: F811
    mine.documents.create(kind="plan", number="7/KH-SNV", title="tên cũ", issued_on=mine.starts_on)
    make_district("Ngoài")
    write_passage(subject=mine, key="limits", text="Lời cũ", seen=0, by=cast.approver2)
    close_figures(subject=mine, seen=0, by=cast.approver)
    assert state(mine, cast) == (Differences(), [])
    behind.execute(statement.format(pk=mine.pk))
    counted, lines = state(mine, cast)
    assert counted.lines and ON_ROUND[statement] in "\n".join(now for _then, now in lines)


@pytest.mark.parametrize("name", ["name", "partner", "place"])
def test_words_of_a_course(scheme, cast, name):
    close_figures(subject=scheme, seen=0, by=cast.approver)
    course = Course.objects.get(report_key="boi-duong-3-thang")
    values = values_of(course) | {name: "Lời khác"}
    edit_course(course=course, values=values, base_version=course.version, by=cast.inspector)
    counted, ((then, now),) = state(scheme, cast)
    assert counted == Differences(0, 1) and "ời khác" in now and "ời khác" not in then


def test_words_that_are_kept_after_a_closing(scheme, cast):
    """The clean copy had them corrected."""
    close_figures(subject=scheme, seen=0, by=cast.approver)
    standing = next(each for each in standing_errors(scheme) if each.passage and each.error.corrected)
    keep_words(subject=scheme, error=standing.error.digest, reason="Nguyên văn", by=cast.approver2)
    counted, lines = state(scheme, cast)
    assert counted.lines == 1 and standing.error.printed in lines[0][1]


def test_names_of_units(mine, cast):
    close_figures(subject=mine, seen=0, by=cast.approver)
    ward = Enrolment.objects.select_related("ward__district").get(round=mine, position=1).ward
    ward.name, ward.district.name = "Mới", "Mười Một"
    update_ward(ward=ward, by=cast.administrator)
    update_district(district=ward.district, by=cast.administrator)
    lines = "\n".join(now for _then, now in state(mine, cast)[1])
    assert "Mới" in lines and "Mười Một" in lines


def test_an_older_edition_is_compared_by_the_words_of_people(mine, cast, monkeypatch):
    close_figures(subject=mine, seen=0, by=cast.approver)
    monkeypatch.setattr(comparing, "EDITION", comparing.EDITION + 1)
    monkeypatch.setattr(comparing, "clean_data_of", lambda context: 1 / 0)
    assert state(mine, cast) == (Differences(), [])
    write_passage(subject=mine, key="limits", text="Lời mới", seen=0, by=cast.approver2)
    assert state(mine, cast) == (Differences(0, 1), [("", "Lời mới")])


def test_a_closing_without_words_says_so_and_tells_of_figures_alone(mine, cast, sign_in):
    closing = close_figures(subject=mine, seen=0, by=cast.approver)
    older = Closing(
        kind="round", round=mine, sequence=2, as_of=closing.as_of, figures=closing.figures, digest=closing.digest,
        closed_by=cast.approver,
    )  # fmt: skip
    older.save()
    write_passage(subject=mine, key="limits", text="Lời mới", seen=0, by=cast.approver2)
    assert not noted(mine, cast.leader).closing_is_touched
    assert state(mine, cast) == (Differences(), [])
    client = sign_in(cast.leader)
    page = squeeze(client.get(reverse("reports:closing", args=[older.pk])).content.decode())
    assert "Lời văn không được đối chiếu" in page
    assert "dòng lời văn" not in client.get(reverse("reports:index")).content.decode()


def test_nothing_is_compared_where_nothing_happened(mine, cast, sign_in, monkeypatch):
    close_figures(subject=mine, seen=0, by=cast.approver)
    monkeypatch.setattr(comparing, "context_for", lambda *given: 1 / 0)
    for address in (reverse("reports:index"), reverse("reports:closings", args=["dot-kiem-tra", mine.code])):
        assert sign_in(cast.leader).get(address).status_code == 200


def test_a_very_long_report_is_not_counted_in_lists(mine, cast, monkeypatch):
    close_figures(subject=mine, seen=0, by=cast.approver)
    write_passage(subject=mine, key="limits", text="Lời mới", seen=0, by=cast.approver2)
    monkeypatch.setattr(comparing, "MOST_COUNTED", 1)
    subject, closing = found_of(mine)
    assert differences(closing, subject) == Differences(is_uncounted=True)
