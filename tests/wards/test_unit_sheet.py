"""Units from a sheet: lists of one day, units over time with their lines, and what is refused."""

import csv
import datetime
import hashlib
import io
import json
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from archiveportal.accounts.models import Role
from archiveportal.history.models import Event
from archiveportal.sheets.checking import make_plan
from archiveportal.sheets.kinds import Order
from archiveportal.sheets.rows import Deed
from tests.support.factories import make_district, make_user, make_ward
from tests.support.sheets import workbook
from wards.checking import find_faults
from wards.models import District, Province, Succession, Ward
from wards.sources import DATA
from wards.unit_sheet import UnitSheet

DAY = datetime.date(2025, 7, 1)
HEADINGS = (
    "Mã đơn vị",
    "Tên đơn vị",
    "Ngày đầu",
    "Ngày cuối",
    "Mã đơn vị tiền thân",
    "Đơn vị tiền thân",
    "Tỉnh cũ",
    "Phạm vi",
)
#: {day: (the day before, digest of the published list as "code|name|code of the district|district", sorted)}
PUBLISHED = {
    "2019-12-01": "6c7eb58a9c837071",
    "2021-01-01": "e21a93a1cd785c8c",
    "2025-01-01": "0995fa1a4b782917",
    "2025-07-01": "915c332414826ae4",
}


def plan_of(*rows, headings=HEADINGS, day=DAY, answers=None):
    content = workbook([headings, *rows])
    return make_plan(content, "a.xlsx", kind=UnitSheet(), order=Order(None, day), answers=answers)


def take_in(plan, day=DAY):
    assert plan.is_clean, [line.to_json() for line in plan.lines if line.deed == Deed.REFUSE][:3]
    lines = [line for line in plan.lines if line.step]
    return UnitSheet().apply(lines, Order(None, day), batch=None)


def faults(plan):
    """Return {row: {heading: what is expected}} of the refused rows."""
    return {line.row: {each.heading: each.expected for each in line.faults} for line in plan.lines if line.faults}


def city_rows(name):
    with (DATA / "city" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def districts():
    return city_rows("districts.csv")


def district_on(code, day):
    """Return the title of the district that had a code on a day; codes were given again."""
    for row in districts():
        if row["code"] == code and row["valid_from"] <= day <= (row["valid_to"] or "9999"):
            return f"{District.Kind(row['kind']).label} {row['name']}"
    return ""


def of_the_city(day: str) -> set[tuple[str, str, str, str]]:
    wards = Ward.objects.in_force_on(datetime.date.fromisoformat(day)).select_related("district")
    return {
        (
            ward.code,
            ward.title,
            ward.district.code if ward.district else "",
            ward.district.title if ward.district else "",
        )
        for ward in wards
    }


def digest_of_list(units) -> str:
    return hashlib.sha256("\n".join("|".join(unit) for unit in sorted(units)).encode()).hexdigest()[:16]


def published_lists():
    """Return the four lists as the statistics office lays them out, from the files of the portal."""
    for day in PUBLISHED:
        yield (
            day,
            [
                (
                    ward["code"],
                    f"{Ward.Kind(ward['kind']).label} {ward['name']}",
                    ward["district"],
                    district_on(ward["district"], day),
                )
                for ward in city_rows("wards.csv")
                if ward["valid_from"] <= day <= (ward["valid_to"] or "9999")
            ],
        )


def test_the_four_lists_one_after_the_other(db, tmp_path: Path):
    for text, rows in published_lists():
        day = datetime.date.fromisoformat(text)
        file = tmp_path / f"{text}.csv"
        with file.open("w", encoding="utf-8") as out:
            csv.writer(out).writerows([("Mã PX", "Phường Xã", "Mã QH", "Quận Huyện"), *rows])
        answer = f"danh muc {day.day}/{day.month}/{day.year}=whole"
        call_command("import_units", file, as_of=day, answer=[answer], stdout=io.StringIO())
        assert digest_of_list(of_the_city(text)) == PUBLISHED[text]
        events = Event.objects.count()
        call_command("import_units", file, as_of=day, stdout=io.StringIO())
        assert Event.objects.count() == events
    assert [District.objects.in_force_on(datetime.date.fromisoformat(day)).count() for day in PUBLISHED] == [
        24,
        22,
        22,
        0,
    ]
    assert find_faults() == []
    assert Ward.objects.filter(valid_from=None).count() == 322
    assert (
        Event.objects.filter(via="import", object_type="wards.ward", action="created").count() == Ward.objects.count()
    )


def own_rows():
    """Return the City over time with its lines, one row for each former unit."""
    former: dict[str, list] = {}
    for row in city_rows("successions.csv"):
        extent = {"whole": "Toàn bộ", "part": "một phần"}[row["extent"]]
        former.setdefault(row["heir"], []).append((row["predecessor"].partition("/")[0], "", "", extent))
    for row in city_rows("predecessors_elsewhere.csv"):
        former.setdefault(row["heir"], []).append(("", row["predecessors"], row["province"], ""))
    for ward in city_rows("wards.csv"):
        name = f"{Ward.Kind(ward['kind']).label} {ward['name']}"
        place = (ward["code"], name, ward["district"], district_on(ward["district"], ward["valid_to"]))
        for line in former.get(f"{ward['code']}/{ward['valid_from']}", [("", "", "", "")]):
            yield (*place, ward["valid_from"], ward["valid_to"], *line)


def test_the_city_over_time_with_its_lines(db, django_assert_max_num_queries):
    for code, kind, name in (
        ("79", "thanh_pho", "Hồ Chí Minh"),
        ("74", "tinh", "Bình Dương"),
        ("77", "tinh", "Bà Rịa - Vũng Tàu"),
    ):
        Province(code=code, kind=kind, name=name).save()
    headings = (*HEADINGS[:2], "Mã quận, huyện", "Quận, huyện", *HEADINGS[2:])
    rows = list(own_rows())
    with django_assert_max_num_queries(8):
        plan = plan_of(*rows, headings=headings)
    assert len(rows) > 568 and plan.counts["begin"] == 568
    with django_assert_max_num_queries(60):
        result = take_in(plan)
    assert result == {"units": 568, "districts": 25, "successions": 440 + 66}
    for day, digest in PUBLISHED.items():
        assert digest_of_list(of_the_city(day)) == digest
    joined = {
        (
            f"{each.successor.code}/{each.successor.valid_from}",
            f"{each.predecessor.code}/{each.predecessor.valid_from or ''}",
            each.extent,
        )
        for each in Succession.objects.exclude(predecessor=None).select_related("predecessor", "successor")
    }
    assert joined == {(row["heir"], row["predecessor"], row["extent"]) for row in city_rows("successions.csv")}
    assert Succession.objects.filter(predecessor_province__code="74").count() == 36
    thu_duc = District.objects.get(code="769", kind="thanh_pho")
    assert (thu_duc.valid_from, thu_duc.valid_to) == (datetime.date(2021, 1, 1), datetime.date(2025, 6, 30))
    assert find_faults() == []
    again = plan_of(*rows, headings=headings)
    assert not again.changes_something and again.is_clean


@pytest.mark.parametrize(
    ("rows", "row", "heading"),
    [
        # One code for two units on one day, and one that stands already.
        ([("30001", "Phường A", "01/01/2026"), ("30001", "Phường B", "01/6/2026")], 3, "Mã đơn vị"),
        ([("27664", "Xã Mới", "01/01/2027")], 2, "Mã đơn vị"),
        ([("30001", "Phường A", "01/01/2026"), ("30001", "Phường A", "01/01/2026")], 3, "Mã đơn vị"),
        # A former unit that nobody knows, or that is not in force.
        ([("30001", "Phường A", "01/01/2027", None, "39999", None, None, "Toàn bộ")], 2, "Mã đơn vị tiền thân"),
        ([("30001", "Phường A", "01/01/2025", None, "27664", None, None, "Toàn bộ")], 2, "Mã đơn vị tiền thân"),
        ([("30001", "Phường A", "01/01/2027", None, None, "Xã Không Có", None, "Toàn bộ")], 2, "Đơn vị tiền thân"),
        # An heir that begins before its predecessor ends.
        ([("30001", "Phường A", "01/01/2027", None, "27664", None, None, "Toàn bộ")], 2, "Mã đơn vị tiền thân"),
        # A circle.
        (
            [
                ("30001", "Phường A", "01/01/2026", None, "30002", None, None, "Một phần"),
                ("30002", "Phường B", "01/01/2025", None, "30001", None, None, "Một phần"),
            ],
            3,
            "Mã đơn vị tiền thân",
        ),
        # A part, and nobody who has the rest; a unit that goes whole to two.
        (
            [
                ("27664", "Xã Cần Giờ", "01/7/2025", "31/12/2026"),
                ("30001", "Xã A", "01/01/2027", None, "27664", None, None, "Một phần"),
            ],
            3,
            "Phạm vi",
        ),
        (
            [
                ("27664", "Xã Cần Giờ", "01/7/2025", "31/12/2026"),
                ("30001", "Xã A", "01/01/2027", None, "27664", None, None, "Toàn bộ"),
                ("30002", "Xã B", "01/01/2027", None, "27664", None, None, "Toàn bộ"),
            ],
            4,
            "Phạm vi",
        ),
        ([("30001", "Xã A", "01/01/2027", None, "27664", None, None, None)], 2, "Phạm vi"),
        ([("30001", "Xã A", None, None, "27664", None, None, "Toàn bộ")], 2, "Ngày đầu"),
        # Days and names that cannot be.
        ([("30001", "Phường A", "01/01/2027", "31/12/2026")], 2, "Ngày cuối"),
        ([("30001", "Không loại", "01/01/2027")], 2, "Tên đơn vị"),
        ([("3x", "Phường A", "01/01/2027")], 2, "Mã đơn vị"),
        # One unit by its first day and without it.
        ([("27664", "Xã Cần Giờ"), ("27664", "Xã Cần Giờ", "01/7/2025", "31/12/2026")], 3, "Mã đơn vị"),
        # With its province a former unit is named by more than a row of the portal holds.
        ([("30001", "Phường A", "01/01/2027", None, None, "x" * 495, "Tỉnh Xa")], 2, "Đơn vị tiền thân"),
    ],
)
def test_what_cannot_be_is_named_with_its_row(db, rows, row, heading):
    make_ward(None, "Cần Giờ", code="27664", kind="xa", valid_from=DAY)
    plan = plan_of(*rows)
    assert heading in faults(plan)[row], faults(plan)
    assert all(faults(plan)[row].values())


def test_a_gap_that_is_not_marked_says_where_to_mark_it(db):
    ended = ("30002", "Phường Cũ", "01/01/2020", "31/12/2025")
    heir = ("30001", "Phường Mới", "01/3/2026", None, "30002", None, None, "Toàn bộ")
    expected = faults(plan_of(ended, heir))[3]["Mã đơn vị tiền thân"]
    assert "Có khoảng trống" in expected and "28/02/2026" in expected
    assert plan_of(ended, (*heir, "Có"), headings=(*HEADINGS, "Có khoảng trống")).is_clean


def test_a_circle_through_recorded_units(db):
    first = make_ward(None, "A", code="30001", valid_from=DAY)
    second = make_ward(None, "B", code="30002", valid_from=DAY)
    Succession(
        predecessor=first, successor=second, successor_code="30002", extent="part", took_effect_on="2026-01-01"
    ).save()
    plan = plan_of(("30001", "Phường A", "01/7/2025", None, "30002", None, None, "Một phần"))
    assert "Mã đơn vị tiền thân" in faults(plan)[2]


def test_missing_and_merged_headings_are_named(db):
    with pytest.raises(Exception, match="Tên đơn vị"):
        plan_of(("27664", "Xã Cần Giờ"), headings=("Mã đơn vị", "Ngày đầu"))

    def merge(book):
        book.active.merge_cells("A1:B1")

    content = workbook([("Mã đơn vị", None), ("27664", "Xã Cần Giờ")], change=merge)
    with pytest.raises(Exception, match="Tên đơn vị"):
        make_plan(content, "a.xlsx", kind=UnitSheet(), order=Order(None, DAY))


LIST = ("Mã", "Tên", "Cấp")


def test_what_a_difference_means_is_asked_once(db):
    kept, renamed, gone = (
        make_ward(None, name, code=code, valid_from=DAY)
        for name, code in (("A", "30001"), ("B", "30002"), ("C", "30003"))
    )
    rows = (("30001", "A", "Phường"), ("30002", "Bê", "Phường"), ("30004", "D", "Xã"))
    day = datetime.date(2027, 1, 1)
    plan = plan_of(*rows, headings=LIST, day=day)
    questions = {each.key for each in chain.from_iterable(line.questions for line in plan.lines)}
    assert plan.counts == {"begin": 0, "change": 0, "stay": 1, "refuse": 3} and len(questions) == 1
    (key,) = questions
    part = plan_of(*rows, headings=LIST, day=day, answers={key: "part"})
    assert part.counts == {"begin": 1, "change": 1, "stay": 1, "refuse": 0}
    whole = plan_of(*rows, headings=LIST, day=day, answers={key: "whole"})
    assert whole.counts == {"begin": 2, "change": 1, "stay": 1, "refuse": 0}
    take_in(whole, day)
    last = datetime.date(2026, 12, 31)
    assert [Ward.objects.get(pk=each.pk).valid_to for each in (kept, renamed, gone)] == [None, last, last]
    assert Ward.objects.get(code="30002", valid_to=None).valid_from == day
    again = plan_of(*rows, headings=LIST, day=day)
    assert again.is_clean and not again.changes_something


def test_rows_of_another_province_are_left_out(db):
    headings = ("Tỉnh / Thành Phố", "Mã TP", "Mã PX", "Phường Xã")
    plan = plan_of(
        ("Thành phố Hồ Chí Minh", "79", "27664", "Xã Cần Giờ"),
        ("Thành phố Hà Nội", "1", "00004", "Phường Ba Đình"),
        headings=headings,
    )
    assert [line.deed for line in plan.lines] == [Deed.BEGIN, Deed.STAY] and plan.lines[1].notes


def test_a_unit_changed_meanwhile_undoes_all(db):
    ward = make_ward(None, "Cần Giờ", code="27664", kind="xa", valid_from=DAY)
    plan = plan_of(("27664", "Xã Cần Giờ", "01/7/2025", "31/12/2026"), ("30001", "Xã A", "01/01/2027"))
    Ward.objects.filter(pk=ward.pk).update(name="Cần Giờ Mới")
    with pytest.raises(Exception, match="đã sửa"):
        take_in(plan)
    assert not Ward.objects.filter(code="30001").exists()


def test_a_district_does_not_end_before_its_units(db):
    district = make_district("5", valid_to=datetime.date(2025, 6, 30))
    District.objects.filter(pk=district.pk).update(code="774")
    headings = (*LIST, "Mã quận, huyện", "Ngày đầu")
    plan = plan_of(("30001", "A", "Phường", "774", "01/01/2025"), headings=headings)
    assert district.title in faults(plan)[2]["Mã quận, huyện"]


def test_the_command_tells_what_is_asked(db, tmp_path):
    make_ward(None, "A", code="30001", valid_from=DAY)
    file = tmp_path / "a.csv"
    file.write_text("Mã;Tên;Cấp\n30002;B;Phường\n30003;C;Phường\n", encoding="utf-8")
    out = io.StringIO()
    with pytest.raises(CommandError, match="chưa có gì được ghi"):
        call_command("import_units", file, as_of=DAY, stdout=out)
    # What the file means is asked once, and says for how many rows.
    assert out.getvalue().count("--answer 'danh muc 1/7/2025=…': whole = ") == 1
    assert "? (3 dòng) --answer" in out.getvalue() and "“”" not in out.getvalue()
    assert Ward.objects.count() == 1
    out = io.StringIO()
    call_command("import_units", file, as_of=DAY, answer=["danh muc 1/7/2025=part"], json=True, stdout=out)
    assert json.loads(out.getvalue())["counts"]["begin"] == 2 and Ward.objects.count() == 3


def test_who_may_hand_it_in(db, sign_in):
    address = reverse("imports:start", args=["don-vi"])
    for role in Role:
        allowed = role == Role.ADMINISTRATOR
        places = {
            Role.DISTRICT: {"district": make_district()},
            Role.WARD: {"ward": make_ward()},
            Role.UNIT_LEADER: {"ward": make_ward()},
        }
        person = make_user(role, **places.get(role, {}))
        assert sign_in(person).get(address).status_code == (200 if allowed else 403), role
    page = sign_in(make_user(Role.ADMINISTRATOR)).get("/don-vi/").content.decode()
    assert address in page


def test_two_new_districts_do_not_share_a_code(db):
    headings = ("Mã đơn vị", "Tên đơn vị", "Mã quận, huyện", "Quận, huyện", "Ngày đầu")
    rows = [
        ("30001", "Phường A", "999", "Quận Một", "01/01/2024"),
        ("30002", "Phường B", "999", "Quận Hai", "01/01/2024"),
    ]
    assert list(faults(plan_of(*rows, headings=headings))[3]) == ["Mã quận, huyện"]


def ends_of_a_whole_list(*listed):
    """Return what a whole list expects of the units that it does not have, by their names."""
    asked = plan_of(*listed, headings=HEADINGS[:2])
    key = next(chain.from_iterable(line.questions for line in asked.lines)).key
    plan = plan_of(*listed, headings=HEADINGS[:2], answers={key: "whole"})
    return {line.name: [fault.expected for fault in line.faults] for line in plan.lines if line.faults}


def test_a_unit_that_began_on_the_day_of_a_whole_list_does_not_end_before(db):
    make_ward(None, "A", code="30001", valid_from=DAY)
    make_ward(None, "B", code="30002", valid_from=DAY - datetime.timedelta(days=1))
    (expected,) = ends_of_a_whole_list(("30002", "Phường B"))["Phường A"]
    assert "01/07/2025" in expected


def test_a_district_does_not_end_by_a_whole_list_before_its_wards(db):
    district = make_district("Quận 99", valid_from=datetime.date(2020, 1, 1))
    make_ward(district, "A", code="30001", valid_from=datetime.date(2020, 1, 1))
    make_ward(district, "Sau này", code="30003", valid_from=datetime.date(2026, 1, 1))
    make_ward(None, "B", code="30002", valid_from=datetime.date(2020, 1, 1))
    (expected,) = ends_of_a_whole_list(("30002", "Phường B"))[district.title]
    assert "Sau này" in expected
