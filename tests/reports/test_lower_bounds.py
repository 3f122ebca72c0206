"""A result that is only a lower bound keeps "hơn" wherever it or its percent is shown."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import override

from archiveportal.accounts.scope import EVERYTHING
from criteria.inspections.models import Round
from reports.checks.on_scheme import check_scheme
from reports.dashboard.charts.picture import Size
from reports.dashboard.charts.training import against_targets
from reports.dashboard.data import Dashboard
from reports.documents import course_lines, report_file
from reports.documents.context import SchemeContext
from reports.frozen.changes import compared
from reports.frozen.figures import figures_of
from reports.ledger.entries import load_entries
from reports.models import Closing
from reports.passages.proposals import proposals
from reports.workbooks import attainment_workbook
from tests.support.books import data_of, parts, whole
from tests.support.papers import grid, words
from training.models import Course, Scheme

SHORT_COURSES = "Bồi dưỡng nghiệp vụ ngắn hạn"
RESULT, SHARE = "hơn 1.272", "hơn 269,49%"


@pytest.fixture
def scheme(cast) -> Scheme:
    """Of 370 + 822 + 80 the 80 becomes a lower bound, and so does the one intermediate class (40,60%)."""
    Course.objects.filter(report_key__in=["boi-duong-so-hoa", "trung-cap-thanh-pho"]).update(is_lower_bound=True)
    return Scheme.objects.get()


@pytest.fixture
def vietnamese():
    with override("vi"):
        yield


def shown_in(client, address: str) -> str:
    """Return what a page shows, without its marks and with single spaces."""
    return " ".join(re.sub(r"<[^>]*>", " ", client.get(address).content.decode()).split())


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("home", []), ("training:attainment", ["02-2014"]), ("reports:courses", ["02-2014", "ngan-han"])],
)
def test_pages(scheme, cast, sign_in, name, arguments):
    client = sign_in(cast.leader)
    text = shown_in(client, reverse(name, args=arguments))
    for number in ("1.272", "269,49%"):
        assert number in text
        assert not re.search(rf"(?<!hơn ){re.escape(number)}", text), number
    page = client.get(reverse(name, args=arguments)).content.decode()
    assert f'aria-label="{SHORT_COURSES}: {RESULT} so với chỉ tiêu 472, đạt {SHARE}"' in page


def test_the_rows_behind_the_sum(scheme, cast, sign_in):
    text = shown_in(sign_in(cast.leader), reverse("reports:courses", args=["02-2014", "ngan-han"]))
    assert "370 + 822 + hơn 80" in text


def test_the_english_screen(scheme, cast, sign_in):
    client = sign_in(cast.leader)
    client.cookies["django_language"] = "en"
    text = shown_in(client, reverse("training:attainment", args=["02-2014"]))
    assert "more than 269.49%" in text and "more than 1,272 /472" in text.replace("1,272/", "1,272 /")


def test_the_word_file(scheme):
    content = report_file(user=EVERYTHING, subject=scheme)
    row = next(row for row in grid(content, 1) if row[1] == SHORT_COURSES)
    assert row[3:] == [RESULT, "472", "hơn 269,49"]
    assert f"{RESULT} lượt CB.CC.VC đạt {SHARE} so với chỉ tiêu" in words(content)


def test_the_workbook_has_numbers_that_show_the_word(scheme):
    data = data_of(attainment_workbook(EVERYTHING, scheme))
    book = whole(data)
    sheet = book["Theo nội dung"]
    row = next(row for row in sheet.iter_rows() if row[1].value == SHORT_COURSES)
    assert (row[3].value, row[3].number_format) == (1272, '"hơn "#,##0')
    assert (Decimal(str(row[6].value)), row[6].number_format) == (Decimal("269.49"), '"hơn "0.00')
    drawn = next(row for row in book["Biểu đồ"].iter_rows() if row[0].value == SHORT_COURSES)
    assert drawn[1].number_format == '"hơn "0.00'
    chart = parts(data)["xl/charts/chart1.xml"]
    # The intermediate class and the short courses, the second and the fourth bar.
    assert re.findall(r'<(?:c:)?dLbl><(?:c:)?idx val="(\d)" ?/>', chart) == ["1", "3"] and "hơn" in chart


def test_the_picture(scheme, cast, vietnamese):
    dashboard = Dashboard(cast.leader, Round.objects.get(code="gd1-2019"))
    picture = against_targets(dashboard, Size(480, 300))
    row = next(row for row in picture.rows if row[0].text == SHORT_COURSES)
    assert [cell.text for cell in row[1:]] == [RESULT, "472", SHARE]
    assert f"{SHORT_COURSES}: {SHARE}" in picture.description
    assert f"{SHORT_COURSES}: {SHARE} ({RESULT}/472)" in picture.drawing.ways


def test_the_ledger(scheme):
    now = {entry.code: entry.now for entry in load_entries()}
    assert now["2710-32"].display == RESULT and now["2710-32"].working == "370 + 822 + hơn 80"
    assert now["2710-34"].display == "hơn 269,49 %" and now["2710-34"].working == f"{RESULT}/472"


def test_a_changed_percent_of_the_ledger_is_subtracted_exactly(scheme):
    Course.objects.filter(report_key="trung-cap-thanh-pho").update(
        participants=322, as_reported={"participants": 320, "is_lower_bound": False}
    )
    entry = next(entry for entry in load_entries() if entry.code == "2710-28")
    # 40,60 and 40,86 are cut off: their difference would be 0,26.
    assert (entry.reported.display, entry.now.display) == ("40,60 %", "hơn 40,86 %")
    assert entry.difference == "+0,25"


def test_closing_figures(scheme, vietnamese):
    by_key = {figure["key"]: figure for figure in figures_of(scheme)}
    share = by_key["line.ngan-han.percent"]
    assert (share["value"], share["of"]) == (SHARE, ["1272", "472", "truncated"])
    assert by_key["line.tap-huan.percent"]["value"] == "—"
    found = [each.text for each in check_scheme(scheme)]
    assert not [text for text in found if "269,49" in text]
    # 40,60 is cut off: the check says what rounding would give, of a lower bound too.
    assert [text for text in found if "40,60" in text] == [
        "Trung cấp: hơn 40,60% là lấy hai số thập phân, không làm tròn; nếu làm tròn là hơn 40,61%."
    ]


def test_a_closing_from_before_still_reads_as_unchanged(scheme):
    """Earlier closings kept the word with the result and not with its percent."""
    figures = figures_of(scheme)
    stored = [dict(each) for each in figures]
    for each in stored:
        if each["key"].endswith(".percent"):
            each["value"] = each["value"].removeprefix("hơn ")
    assert not [line.label for line in compared(Closing(figures=stored), figures) if line.is_changed]
    Course.objects.filter(report_key="boi-duong-so-hoa").update(is_lower_bound=False)
    changed = [line.then["key"] for line in compared(Closing(figures=stored), figures_of(scheme)) if line.is_changed]
    assert changed == ["line.ngan-han.actual", "line.ngan-han.0"]


def test_nobody_says_that_a_lower_bound_misses_its_target(scheme):
    texts = [each.text for each in proposals(SchemeContext(EVERYTHING, scheme))]
    intermediate = next(text for text in texts if text.startswith("Trung cấp"))
    assert intermediate.endswith("(chưa có số chính xác để kết luận đạt hay chưa đạt chỉ tiêu).")
    assert any(text.startswith(SHORT_COURSES) and text.endswith("(vượt chỉ tiêu).") for text in texts)


def test_many_rows_of_the_word_file_are_added_up_where_they_are_alike(scheme, monkeypatch):
    monkeypatch.setattr(course_lines, "MOST_ROWS", 0)
    text = words(report_file(user=EVERYTHING, subject=scheme))
    assert "Bồi dưỡng nghiệp vụ ngắn hạn: hơn 1.272 lượt người tham gia." in text
    assert "trong nước: 45 lượt người tham gia." in text and "415" not in text
