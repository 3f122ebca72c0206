"""Reports on sets that count points: every figure is plain arithmetic, and points are never called criteria."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain

import pytest
from django.urls import reverse

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.vietnamese import number
from reports.checks.on_round import check_round
from reports.documents import report_file
from reports.frozen.figures import figures_of
from reports.results.bands import band_counts
from reports.workbooks.catalogue import ROUND_KINDS, Choices
from reports.workbooks.form import Reader
from tests.support.books import data_of, opened, values, whole
from tests.support.factories import enrol, make_round, make_ward
from tests.support.pages import squeeze
from tests.support.papers import grid, words
from tests.support.planted_sets import PlantedRound, plant_24_points, plant_100_leaves, plant_100_points

pytestmark = pytest.mark.django_db

PLANTED = {"24 points": plant_24_points, "100 points": plant_100_points, "100 leaves": plant_100_leaves}


@pytest.fixture(params=PLANTED)
def planted(request, db) -> PlantedRound:
    return PLANTED[request.param]()


def scores_of(planted: PlantedRound) -> dict[str, Decimal]:
    return {name: planted.score(name) for name in planted.met}


def average_of(planted: PlantedRound) -> Decimal:
    scores = scores_of(planted)
    return (sum(scores.values()) / len(scores)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def said_of_criteria(text: str) -> set[str]:
    """Return the numbers that are said to be numbers of criteria."""
    text = re.sub(r"<[^>]+>", "", text).replace("\u00a0", " ")
    found = re.findall(r"([\d.,]*\d(?:/[\d.,]*\d)?) tiêu chí(?! khác)", text)
    assert "Số tiêu chí đạt" not in text
    assert "số tiêu chí đạt" not in text
    assert "tiêu chí đạt bình quân" not in text
    assert "Số lượng tiêu chí đạt được" not in text
    return set(found)


def assert_criteria_are_counted(text: str, planted: PlantedRound) -> None:
    assert said_of_criteria(text) <= {str(len(planted.points))}


def text_of(data: bytes) -> str:
    rows = chain.from_iterable(values(sheet) for sheet in whole(data).worksheets)
    return "\n".join(str(cell) for cell in chain.from_iterable(rows) if cell is not None)


PAGES = ("summary", "bands", "districts", "criteria", "units", "dashboard")


def test_pages_call_points_points(client, planted):
    client.force_login(planted.leader)
    addresses = [reverse(f"reports:{name}", args=[planted.round.code]) for name in PAGES]
    addresses += [
        "/",
        reverse("inspections:round", args=[planted.round.code]),
        reverse("wards:detail", args=[planted.enrolments["An"].ward_id]),
        reverse("wards:district", args=[planted.enrolments["An"].ward.district_id]),
        f"{addresses[4]}?score={planted.score('Bình')}",
        f"{addresses[4]}?at_least=50&under=90",
    ]
    for address in addresses:
        page = client.get(address).content.decode()
        assert_criteria_are_counted(page, planted)
        assert "theo báo cáo" not in page
    table = client.get(addresses[0]).content.decode().replace("\u00a0", " ")
    for score in scores_of(planted).values():
        assert f"{number(score)}<small\n        >/{number(planted.maximum)}" in table
    assert f"Bình quân đạt {number(average_of(planted), 2)} điểm" in squeeze(table)
    behind = client.get(addresses[-2]).content.decode()
    assert f"đạt {number(planted.score('Bình'))}/{number(planted.maximum)} điểm" in behind.replace("\u00a0", " ")


@pytest.mark.parametrize("kind", [kind for kind in ROUND_KINDS if kind != "comparison"])
@pytest.mark.parametrize("is_data", [False, True])
def test_workbooks_call_points_points(planted, kind, is_data):
    book = ROUND_KINDS[kind].writer(is_data=is_data)(Reader(EVERYTHING), planted.round, Choices())
    text = text_of(data_of(book))
    assert_criteria_are_counted(text, planted)
    assert "báo cáo đã công bố" not in text.replace("Số báo cáo đã công bố", "")


def test_the_summary_workbook_adds_points(planted):
    book = ROUND_KINDS["summary"].write(Reader(EVERYTHING), planted.round, Choices())
    data = data_of(book)
    sheet = opened(data)
    by_ward = {row[1].value: row[3 + len(planted.points)] for row in sheet.iter_rows() if len(row) > 4}
    for name, score in scores_of(planted).items():
        assert Decimal(str(by_ward[f"Phường {name}"].value)) == score
    total = next(row for row in sheet.iter_rows() if row[0].value == "Cộng")[3 + len(planted.points)]
    assert Decimal(str(total.value)) == sum(scores_of(planted).values())
    # A half is not rounded away by the format of its cell.
    assert total.number_format == ("#,##0" if total.value == int(total.value) else "#,##0.0")
    text = text_of(data)
    assert f"Bình quân: {number(average_of(planted), 2)} điểm" in text
    assert "Tổng số điểm đạt được" in text


def test_the_bands_workbook_shows_halves(planted):
    book = ROUND_KINDS["bands"].write(Reader(EVERYTHING), planted.round, Choices())
    rows = list(whole(data_of(book)).worksheets[1].iter_rows())
    by_ward = {row[1].value: row for row in rows if isinstance(row[0].value, int)}
    for name, score in scores_of(planted).items():
        cell = by_ward[f"Phường {name}"][3]
        assert Decimal(str(cell.value)) == score
        assert cell.number_format == ("#,##0" if score == int(score) else "#,##0.0")


def test_the_word_report_speaks_of_points(planted):
    content = report_file(user=planted.leader, subject=planted.round)
    text = words(content)
    assert_criteria_are_counted(text, planted)
    assert f"({len(planted.points)} tiêu chí, {number(planted.maximum)} điểm)" in text
    assert f"{number(planted.maximum)}/{number(planted.maximum)} điểm" in text
    rows = grid(content)
    by_ward = {row[1]: row[-1] for row in rows}
    for name, score in scores_of(planted).items():
        assert by_ward[f"Phường {name}"] == number(score)
    assert rows[-1][-1] == number(sum(scores_of(planted).values()))


def test_bands_hold_what_arithmetic_gives(planted):
    expected = {count.band.label: [] for count in band_counts(EVERYTHING, planted.round).bands}
    bands = list(planted.round.criteria_set.bands.all())
    for name, score in scores_of(planted).items():
        share = score * 100 / planted.maximum
        fitting = [b for b in bands if b.lower_percent <= share and (b.upper_percent or 101) > share]
        expected[fitting[0].label].append(name)
    counts = band_counts(EVERYTHING, planted.round).bands
    assert {count.band.label: [row.ward.name for row in count.enrolments] for count in counts} == expected


def test_frozen_sentences_speak_of_points(planted):
    sentences = " ".join(figure["sentence"] for figure in figures_of(planted.round))
    assert said_of_criteria(sentences) == set()
    assert f"Bình quân {number(average_of(planted), 2)} điểm trên" in sentences
    name = planted.enrolments["An"].ward.full_in_sentence
    said = f"{name[:1].upper()}{name[1:]} đạt {number(planted.maximum)}/{number(planted.maximum)} điểm (100%)."
    assert said in sentences


def test_nothing_is_found_where_everything_adds_up(planted):
    texts = [found.text for found in check_round(planted.round)]
    assert not [text for text in texts if "not the sum" in text or "không khớp" in text or "vượt quá" in text]


def test_a_comparison_does_not_mix_criteria_and_points(planted):
    other = make_round(starts_on=planted.round.starts_on.replace(year=2025))
    enrol(other, make_ward(None, "Khác"))
    book = ROUND_KINDS["comparison"].write(Reader(EVERYTHING), planted.round, Choices(other=other))
    text = text_of(data_of(book))
    assert "Hai đợt tính kết quả theo đơn vị khác nhau" in text
    assert "Đợt sau: số điểm đạt" in text
    assert "Đợt trước: số tiêu chí đạt" in text
    assert "Tăng (+), giảm (-) số" not in text
