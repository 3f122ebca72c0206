"""The screen of a whole round: what is counted, the units behind a number, and the papers on them."""

import datetime
import io

import docx
import pytest
from django.urls import reverse
from django.utils import timezone

from archiveportal.accounts.models import Role
from criteria.inspections.models import Enrolment, Inspection, Round, SelfAssessment
from criteria.inspections.queries.areas import division
from criteria.inspections.queries.overview import Step, steps_by_area, total_of
from tests.support.books import download
from tests.support.factories import answer, enrol, make_grouping, make_round, make_user, make_ward, submit_signed

TODAY = timezone.localdate
DAY = datetime.timedelta(days=1)
NAMES = ("Nộp", "Làm", "Chưa", "Bỏ", "Gia hạn")


@pytest.fixture
def watched(cast) -> Round:
    """A round whose self-assessment was due yesterday: one unit handed in, one is at work, one has not begun, one is
    left out of the plan and one has more time."""
    wards = {name: make_ward(None, name) for name in NAMES}
    grouping = make_grouping("Khu vực", {"Khu vực 1": [wards["Nộp"], wards["Làm"]], "Khu vực 2": [wards["Chưa"]]})
    inspection_round = make_round(
        grouping=grouping,
        asks_self_assessment=True,
        self_assessment_due=TODAY() - DAY,
        starts_on=TODAY() - 30 * DAY,
        ends_on=TODAY() + 30 * DAY,
    )
    rows = {name: enrol(inspection_round, ward) for name, ward in wards.items()}
    officer = make_user(Role.WARD, ward=wards["Nộp"], telephone="028 3829 1111", last_login=timezone.now())
    make_user(Role.WARD, ward=wards["Làm"])
    done = {"handed_in_by": officer, "handed_in_at": timezone.now()}
    SelfAssessment.objects.create(enrolment=rows["Nộp"], version=2, **done)
    SelfAssessment.objects.create(enrolment=rows["Làm"], version=1)
    Enrolment.objects.filter(pk=rows["Bỏ"].pk).update(is_left_out=True, left_out_reason="Kiểm toán")
    later = {"extended_until": TODAY() + DAY, "extension_ground": "Mưa bão"}
    Enrolment.objects.filter(pk=rows["Gia hạn"].pk).update(**later)
    answer(rows["Chưa"], cast.inspector, {1: "met"})
    return inspection_round


def page(name: str, inspection_round: Round, query: str = "") -> str:
    return reverse(f"inspections:{name}", args=[inspection_round.code]) + query


def test_steps_are_counted_by_area(watched, cast):
    rows = watched.enrolments.visible_to(cast.approver)
    by_area = steps_by_area(rows, watched, division(cast.approver, watched), today=TODAY())
    counts = {row.area.title if row.area else "": row.counts for row in by_area}
    assert list(counts) == ["Khu vực 1", "Khu vực 2", ""]
    of_first = counts["Khu vực 1"]
    assert (of_first[Step.ENROLLED], of_first[Step.ACTIVATED], of_first[Step.WORKING]) == (2, 1, 1)
    assert (of_first[Step.HANDED_IN], of_first[Step.MISSING], of_first[Step.LATE]) == (1, 1, 1)
    assert (counts["Khu vực 2"][Step.LATE], counts["Khu vực 2"][Step.INSPECTED]) == (1, 1)
    # Left out of the plan: nothing is owed. More time: not late yet.
    assert (counts[""][Step.MISSING], counts[""][Step.LATE]) == (1, 0)
    assert total_of(by_area)[Step.ENROLLED] == 5


def test_handed_in_owed_and_nothing_owed_make_up_all_units(watched, cast, sign_in):
    """Also with minutes signed before the self-assessment, and without a self-assessment at all."""
    first = watched.enrolments.get(ward__name="Chưa")
    answer(first, cast.inspector, "met")
    submit_signed(inspection=Inspection.objects.get(enrolment=first), by=cast.inspector)
    client = sign_in(cast.approver)
    for asks in (True, False):
        Round.objects.filter(pk=watched.pk).update(asks_self_assessment=asks)
        response = client.get(page("round-overview", watched))
        counts = {figure.step: figure.count for figure in response.context["total"]}
        parts = [counts[step] for step in (Step.HANDED_IN, Step.MISSING, Step.OWES_NOTHING)]
        assert parts == ([1, 2, 2] if asks else [1, 3, 1])
        assert sum(parts) == counts[Step.ENROLLED]
        assert "cộng lại là tổng số đơn vị" in response.content.decode()


def test_a_later_day_for_the_self_assessment_alone_is_a_day_to_hand_in(watched, cast, sign_in):
    """Not overdue before it, and the list of the late names it."""
    later = TODAY() + 5 * DAY
    own = {"self_extended_until": later, "self_extension_ground": "Chuyển trụ sở"}
    watched.enrolments.filter(ward__name="Làm").update(**own)
    rows = watched.enrolments.visible_to(cast.approver)
    total = total_of(steps_by_area(rows, watched, division(cast.approver, watched), today=TODAY()))
    assert (total[Step.MISSING], total[Step.LATE]) == (3, 1)
    book = download(sign_in(cast.approver), page("round-late-workbook", watched))
    due = {row[1]: row[3] for row in book.iter_rows(min_row=5, values_only=True)}
    assert due["Phường Làm"].date() == later and due["Phường Chưa"].date() == TODAY() - DAY


def test_without_self_assessment_the_checklist_is_what_is_handed_in(watched, cast):
    Round.objects.filter(pk=watched.pk).update(asks_self_assessment=False, deadline=TODAY() - DAY)
    watched.refresh_from_db()
    rows = watched.enrolments.visible_to(cast.approver)
    total = total_of(steps_by_area(rows, watched, division(cast.approver, watched), today=TODAY()))
    assert (total[Step.WORKING], total[Step.HANDED_IN], total[Step.MISSING], total[Step.LATE]) == (1, 0, 4, 3)


def test_the_page_of_self_assessments_names_those_who_owe_one(watched, cast, sign_in):
    Inspection.objects.filter(enrolment__ward__name="Chưa").update(status="signed", signed_at=timezone.now())
    rows = steps_by_area(watched.enrolments.all(), watched, division(cast.approver, watched), today=TODAY())
    context = sign_in(cast.inspector).get(page("self-round", watched)).context
    assert [ward.name for ward in context["not_handed_in"]] == ["Làm", "Gia hạn"]
    assert context["late"] == total_of(rows)[Step.MISSING]


def test_every_number_opens_its_units(watched, cast, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.approver)
    address = page("round-overview", watched)
    client.get(address)
    with django_assert_max_num_queries(12):
        context = client.get(address).context
    figures = list(context["total"])
    for _row, of_area in context["rows"]:
        figures += of_area
    assert len(figures) == 4 * len(Step)
    for figure in figures:
        listed = client.get(figure.address)
        assert listed.context["table"].paginator.count == figure.count, figure.address
    for wrong in ("?step=all", "?group=999999", "?group=x"):
        assert client.get(page("round-overview-units", watched, wrong)).status_code == 404


def test_lists_of_a_step_name_officer_and_telephone(watched, cast, sign_in):
    client = sign_in(cast.approver)
    address = page("round-overview-units", watched, "?step=handed_in&tai=xlsx")
    rows = list(download(client, address).iter_rows(min_row=4, values_only=True))
    assert "028 3829 1111" in rows[1]
    assert "Phường Nộp" in rows[1]


def test_the_late_are_listed_for_word_and_excel(watched, cast, sign_in):
    client = sign_in(cast.approver)
    book = download(client, page("round-late-workbook", watched))
    rows = list(book.iter_rows(min_row=5, values_only=True))
    states = {row[1]: (row[2], row[4], row[5]) for row in rows}
    assert states["Phường Làm"] == ("Khu vực 1", "Đang thực hiện", "Chưa kích hoạt")
    assert states["Phường Chưa"] == ("Khu vực 2", "Chưa thực hiện", "Chưa có")
    assert len(states) == 3 and "Phường Bỏ" not in states and "Phường Nộp" not in states
    paper = word(client, page("round-late-document", watched))
    text = plain("\n".join(paragraph.text for paragraph in paper.paragraphs))
    assert "DANH SÁCH ĐƠN VỊ CHƯA NỘP KẾT QUẢ TỰ KIỂM TRA" in text
    assert "còn 03 đơn vị chưa nộp" in text
    assert units_of(paper) == [row[1] for row in rows]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("round-late-workbook", ""),
        ("round-overview-units", "?step=missing&tai=xlsx"),
        ("round", "?tai=xlsx"),
        ("self-round", "?tai=xlsx"),
    ],
)
def test_workbooks_of_a_trial_say_so(watched, cast, sign_in, name, query):
    client = sign_in(cast.approver)
    assert "ĐỢT THỬ" not in (download(client, page(name, watched, query))["A3"].value or "")
    watched.is_trial = True
    watched.save()
    assert download(client, page(name, watched, query))["A3"].value.startswith("ĐỢT THỬ")


def test_without_self_assessment_the_late_list_says_how_far_checklists_are(watched, cast, sign_in):
    watched.asks_self_assessment, watched.self_assessment_due = False, None
    watched.save()
    book = download(sign_in(cast.approver), page("round-late-workbook", watched))
    states = {row[1]: row[4] for row in book.iter_rows(min_row=5, values_only=True)}
    assert states["Phường Chưa"] == "Đang thực hiện"
    assert states["Phường Làm"] == "Chưa thực hiện"


def test_the_covering_letter_names_deadline_contact_and_units(watched, cast, sign_in):
    cast.approver.telephone = "028 3822 2222"
    cast.approver.save()
    paper = word(sign_in(cast.approver), page("round-letter", watched))
    text = plain("\n".join(paragraph.text for paragraph in paper.paragraphs))
    head = plain("\n".join(cell.text for cell in paper.tables[0].rows[0].cells))
    assert "V/v triển khai tự kiểm tra và kiểm tra" in head
    assert "Kính gửi: Ủy ban nhân dân các phường" in text
    assert "04 đơn vị theo danh sách tại Phụ lục" in text
    assert f"chậm nhất ngày {(TODAY() - DAY):%d}/" in text and "028 3822 2222" in text
    units = units_of(paper)
    assert units == ["Phường Nộp", "Phường Làm", "Phường Chưa", "Phường Gia hạn"]


def word(client, address: str):
    response = client.get(address)
    assert response.status_code == 200
    return docx.Document(io.BytesIO(response.content))


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def units_of(paper) -> list[str]:
    """Return the units of the annex."""
    return [plain(row.cells[1].text) for row in paper.tables[-1].rows][1:]
