"""Leaves of every kind are answered by page and by device, compared, told in words and printed in the minutes."""

import datetime
import re
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from criteria.inspections.models import KeptAnswer, Round, SelfAnswer
from criteria.inspections.papers.minutes import paper_of
from criteria.inspections.services import sign_minutes
from tests.support.factories import enrol, make_district, make_round, make_user, make_ward, visit_today
from tests.support.mixed_sets import make_mixed_set

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def enrolment(db):
    return enrol(make_round(make_mixed_set()), make_ward(make_district()))


@pytest.fixture
def option(enrolment):
    """The middle one: 1,25 of 3 points."""
    return enrolment.round.criteria_set.criteria.get(code="CHOICE").options.get(text="Một phần")


@pytest.fixture
def given(option):
    return {
        "MET": {"outcome": "met"},
        "CHOICE": {"outcome": str(option.pk)},
        "RATIO": {"number": "30", "of_number": "40"},
        "MEASURE": {"number": "20,5"},
        "DATE": {"day": "1/7/2026"},
        "PART1": {"number": "0,2"},
        "PART2": {"number": "1,5"},
        "MINUS": {"outcome": "not_met"},
        "PLUS": {"outcome": "met"},
        "FACT": {"number": "12,5"},
    }


@pytest.fixture
def inspector(db):
    return make_user()


@pytest.fixture
def client(inspector, sign_in):
    return sign_in(inspector)


@pytest.fixture
def address(enrolment):
    return reverse("inspections:checklist", args=[enrolment.pk])


def results(enrolment):
    rows = enrolment.inspection.results.select_related("criterion")
    return {row.criterion.code: row for row in rows}


def test_a_form_without_a_script_saves_every_kind(client, enrolment, address, form_data, given, option):
    assert client.post(address, form_data(enrolment, **given)).status_code == 302
    rows = results(enrolment)
    assert {code: (row.outcome, row.earned) for code, row in rows.items()} == {
        "MET": ("met", None),
        "CHOICE": ("partly", Decimal("1.25")),
        "RATIO": ("partly", Decimal("2.5")),
        "MEASURE": ("met", Decimal("0.5")),
        "DATE": ("not_met", 0),
        "PART1": ("met", Decimal("0.2")),
        "PART2": ("partly", Decimal("1.5")),
        "MINUS": ("not_met", None),
        "PLUS": ("met", None),
        "FACT": ("", None),
    }
    assert (rows["CHOICE"].option, rows["DATE"].day) == (option, datetime.date(2026, 7, 1))
    enrolment.inspection.refresh_from_db()
    inspection = enrolment.inspection
    assert (inspection.score, inspection.deducted, inspection.bonus, inspection.open_criteria) == (
        Decimal("12.45"), 2, 1, 0,
    )  # fmt: skip


def fields_of(page: str) -> dict[str, str]:
    """What a browser without scripts sends back: each field of the checklist as the page has it."""
    form = page[page.index('class="checklist"') :]
    data = {}
    for tag in re.findall(r"<input\s[^>]*>", form):
        attributes = dict(re.findall(r"([\w-]+)=\"?([^\"\s>]*)", tag))
        if "name" in attributes and (attributes.get("type") != "radio" or "checked" in tag):
            data[attributes["name"]] = attributes.get("value", "")
    return data | dict.fromkeys(re.findall(r"<textarea\s+name=\"?([\w-]+)", form), "")


def test_what_the_page_shows_sent_back_changes_nothing(client, enrolment, address, form_data, given):
    client.post(address, form_data(enrolment, **given))
    page = client.get(address).content.decode()
    assert client.post(address, fields_of(page)).status_code == 302
    assert {row.version for row in results(enrolment).values()} == {1}
    changed = fields_of(page) | {"RATIO-number": "32", "submission_id": str(uuid.uuid4())}
    assert client.post(address, changed).status_code == 302
    assert {code for code, row in results(enrolment).items() if row.version == 2} == {"RATIO"}


@pytest.mark.parametrize(
    ("code", "typed", "refusal"),
    [
        ("PART2", {"number": "2,9"}, "Ở đây chấm tối đa 2,8 điểm"),
        ("RATIO", {"number": "3", "of_number": "0"}, "lớn hơn 0"),
        ("MET", {"outcome": "excused"}, "lý do khách quan"),
        ("CHOICE", {"outcome": "excused"}, "lý do khách quan"),
        ("DATE", {"day": "hôm qua"}, "15/10/2019"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(client, enrolment, address, form_data, code, typed, refusal):
    response = client.post(address, form_data(enrolment, **{code: typed}))
    assert response.status_code == 200
    page = response.content.decode()
    place = page[page.index(f"id={code} ") :]
    assert refusal in place[: place.index("</fieldset>")]
    assert not enrolment.inspection.results.exists()


def sent(enrolment, by, code, **parts):
    now = timezone.now().isoformat()
    asked = {"user": by.pk, "set": enrolment.round.criteria_set_id, "criterion": code, "base_version": 0}
    asked |= {"submission_id": str(uuid.uuid4()), "via": "offline", "made_at": now, "device_now": now}
    return asked | {"outcome": "", "number": "", "text": "", "note": ""} | parts


def test_a_device_sends_an_option_and_hears_what_it_gave(client, enrolment, inspector, option):
    url = reverse("inspections:save", args=[enrolment.pk])
    answer = client.post(url, sent(enrolment, inspector, "CHOICE", option=str(option.pk)), **JSON).json()
    assert answer["state"] == "saved"
    assert answer["values"] == {"outcome": "", "number": "", "text": "", "note": "", "option": str(option.pk)}
    assert answer["checklist"]["points"] == 1.25
    excused = sent(enrolment, inspector, "CHOICE", option="", outcome="excused", note="Mới sáp nhập", base_version=1)
    assert client.post(url, excused, **JSON).json()["values"]["outcome"] == "excused"
    assert results(enrolment)["CHOICE"].option is None


def test_two_people_see_what_each_gave_in_words(client, enrolment, inspector, sign_in, option):
    url, colleague = reverse("inspections:save", args=[enrolment.pk]), make_user()
    other = sign_in(colleague)
    for code, first, second in (
        ("CHOICE", {"option": str(option.pk)}, {"outcome": "not_shown", "option": ""}),
        ("RATIO", {"number": "30", "of_number": "40"}, {"number": "10", "of_number": "40"}),
        ("DATE", {"day": "01/07/2026"}, {"day": "30/06/2026"}),
    ):
        assert other.post(url, sent(enrolment, colleague, code, **first), **JSON).json()["state"] == "saved"
        answer = client.post(url, sent(enrolment, inspector, code, **second), **JSON).json()
        assert answer["state"] == "conflict"
    boxes = {kept.criterion.code: kept for kept in KeptAnswer.objects.select_related("criterion")}
    page = client.get(reverse("inspections:checklist", args=[enrolment.pk])).content.decode()
    words = [re.sub(r"\s+", " ", page[page.index(f'data-kept="{kept.pk}"') :][:2200]) for kept in boxes.values()]
    for box, texts in zip(words, (["Không xuất trình được", "Một phần (1,25/3 điểm)"],
                                  ["10/40 = 25%", "30/40 = 75% (2,5/4 điểm)"],
                                  ["30/06/2026, hạn 30/06/2026", "01/07/2026"]), strict=True):  # fmt: skip
        assert all(text in box for text in texts), box
    settle = reverse("inspections:settle", args=[enrolment.pk, boxes["RATIO"].pk])
    taken = client.post(settle, {"take": "1", "seen": "1", "user": inspector.pk}, **JSON).json()
    assert (taken["values"]["outcome"], taken["values"]["of_number"]) == ("", "40")


def test_the_minutes_print_what_was_given_and_the_points(client, enrolment, address, form_data, given, inspector):
    client.post(address, form_data(enrolment, **given))
    visit_today(enrolment.inspection)
    paper = paper_of(sign_minutes(inspection=enrolment.inspection, signed_on=timezone.localdate(), by=inspector))
    grid = next(block for block in paper.blocks if hasattr(block, "rows"))
    rows = {row[1].removeprefix("Nội dung "): row for row in grid.rows}
    assert "PARTS" not in rows and "Gồm hai thành phần" not in rows
    assert rows["CHOICE"][:4] == ["1.1.2", "Nội dung CHOICE", "Đạt một phần", "Một phần (1,25/3 điểm)"]
    assert rows["MET"][2:4] == ["Đạt", "7,5/7,5 điểm"] and rows["MINUS (điểm trừ)"][3] == "−2 điểm"
    assert rows["RATIO"][3] == "30/40 = 75% (2,5/4 điểm)"
    assert rows["MEASURE"][2:4] == ["Đạt", "20,5 m², ít nhất 20 m² (0,5/0,5 điểm)"]
    assert rows["DATE"][2:4] == ["Chưa đạt", "01/07/2026, hạn 30/06/2026 (0/2 điểm)"]
    total = next(block.text for block in paper.blocks if getattr(block, "text", "").startswith("Tổng số"))
    assert "12,45/20 điểm" in total and "điểm trừ 2" in total and "điểm thưởng 1" in total
    assert "chưa đạt 01 tiêu chí (1.1.5)" in total and "đạt một phần 03 tiêu chí (1.1.2, 1.1.3, 1.1.7)" in total


def test_a_unit_answers_every_kind_for_itself(enrolment, form_data, given, sign_in):
    Round.objects.filter(pk=enrolment.round_id).update(asks_self_assessment=True)
    unit = make_user("ward", ward=enrolment.ward)
    address = reverse("inspections:self-assessment", args=[enrolment.pk])
    client = sign_in(unit)
    page = client.get(address).content.decode()
    assert "data-kind=ratio" in page and "name=DATE-day" in page
    assert client.post(address, form_data(enrolment, **given)).status_code == 302
    answers = {row.criterion.code: row for row in SelfAnswer.objects.select_related("criterion")}
    assert (answers["RATIO"].outcome, answers["PART2"].earned) == ("partly", Decimal("1.5"))


def test_a_heading_that_is_the_name_is_not_said_twice(client, db):
    criteria_set = make_mixed_set()
    choice = criteria_set.criteria.get(code="CHOICE")
    choice.heading = choice.name
    choice.save()
    enrolment = enrol(make_round(criteria_set), make_ward(make_district()))
    page = client.get(reverse("inspections:checklist", args=[enrolment.pk])).content.decode()
    assert re.search(r"</legend\s*><p>MET · 7,5 điểm", place_of(page, "MET"))
    assert re.search(r"</legend\s*><p>3 điểm", place_of(page, "CHOICE"))


def place_of(page: str, code: str) -> str:
    place = page[page.index(f"id={code} ") :]
    return place[: place.index("</fieldset>")]


def test_what_was_measured_is_called_a_number(client, address):
    place = place_of(client.get(address).content.decode(), "MEASURE")
    assert "Số liệu <b>ít nhất 20 m²</b>" in re.sub(r"\s+", " ", place) and "ký hiệu" not in place
