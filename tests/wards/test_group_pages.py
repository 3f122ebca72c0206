"""Pages and the sheet of groups: made, renamed, filled by ticks or from a sheet; what is wrong is named."""

import datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from archiveportal.accounts.models import Role
from archiveportal.sheets.checking import make_plan
from archiveportal.sheets.kinds import KINDS, Order
from archiveportal.sheets.rows import Deed
from tests.support.factories import make_grouping, make_user, make_ward
from tests.support.sheets import workbook
from wards.models import Grouping, GroupMembership, UnitGroup

DAY = datetime.date(2026, 3, 1)
HEADINGS = ("Mã đơn vị", "Tên đơn vị", "Nhóm", "Cách chia nhóm", "Từ ngày")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def approver(db):
    return make_user(Role.APPROVER)


@pytest.fixture
def client(approver, sign_in):
    return sign_in(approver)


def test_a_grouping_is_made_filled_and_corrected(client):
    wards = [make_ward(None, f"Đơn vị {number}") for number in range(40)]
    client.post(reverse("wards:groupings"), {"name": "Khu vực", "code": ""})
    grouping = Grouping.objects.get(code="khu-vuc")
    page = reverse("wards:grouping", args=[grouping.pk])
    for name in ("Khu vực 1", "Khu vực 2"):
        client.post(page, {"name": name, "code": "", "position": ""})
    first, second = grouping.groups.all()
    assert (first.code, first.position, second.position) == ("khu-vuc-1", 1, 2)
    ticks = {"ward": [ward.pk for ward in wards[:30]], "group": first.pk}
    client.post(reverse("wards:grouping-assign", args=[grouping.pk]), ticks)
    sections = client.get(page).context["sections"]
    assert [(section.title, len(section.rows), section.is_folded) for section in sections] == [
        ("Đơn vị chưa xếp nhóm", 10, True),
        ("Khu vực 1", 30, True),
        ("Khu vực 2", 0, True),
    ]
    out = {"ward": [wards[0].pk], "group": "none"}
    client.post(reverse("wards:grouping-assign", args=[grouping.pk]), out)
    assert first.memberships.count() == 29
    edit = reverse("wards:group-edit", args=[second.pk])
    made_on = client.get(edit).context["form"]["made_on"].value()
    client.post(edit, {"name": "Khu vực Nam", "code": "khu-vuc-2", "position": "2", "made_on": made_on})
    assert UnitGroup.objects.get(pk=second.pk).name == "Khu vực Nam"
    client.post(reverse("wards:group-remove", args=[second.pk]))
    client.post(reverse("wards:group-remove", args=[first.pk]))
    assert list(grouping.groups.all()) == [first]


def test_what_is_missing_is_said(client):
    grouping = make_grouping("Khu vực", ["Khu vực 1"])
    assign = reverse("wards:grouping-assign", args=[grouping.pk])
    ward = make_ward(None, "Một")
    assert client.post(assign, {"group": grouping.groups.get().pk}).context["assigning"].errors
    response = client.post(assign, {"ward": [ward.pk], "group": ""})
    assert response.context["assigning"].errors["group"]
    assert response.context["ticked"] == [ward.pk]
    page = reverse("wards:grouping", args=[grouping.pk])
    assert client.post(page, {"name": "Khu vực 1", "code": "khac"}).context["form"].errors


def test_queries_do_not_grow(client):
    grouping = make_grouping("Khu vực", {"Một": [make_ward(None)], "Hai": []})
    page = reverse("wards:grouping", args=[grouping.pk])

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(page)
        return len(captured)

    before = count()
    for number in range(60):
        make_ward(None, f"Thêm {number}")
    assert count() == before <= 12


def plan_of(approver, *rows):
    content, order = workbook([HEADINGS, *rows]), Order(by=approver, as_of=DAY)
    return make_plan(content, "nhom.xlsx", kind=KINDS["groups"], order=order)


def apply(plan, approver):
    KINDS["groups"].apply([line for line in plan.lines if line.step], Order(by=approver, as_of=DAY), batch=None)


def test_a_sheet_makes_groups_and_moves_units(approver):
    one = make_ward(None, "Một")
    make_ward(None, "Hai")
    rows = [(one.code, "", "Khu vực 1", "Khu vực", ""), ("", "Phường Hai", "Khu vực 2", "khu vuc", "")]
    plan = plan_of(approver, *rows)
    assert [line.deed for line in plan.lines] == [Deed.BEGIN, Deed.BEGIN], [line.faults for line in plan.lines]
    apply(plan, approver)
    assert set(GroupMembership.objects.values_list("ward__name", "group__name", "grouping__name")) == {
        ("Một", "Khu vực 1", "Khu vực"),
        ("Hai", "Khu vực 2", "Khu vực"),
    }
    assert [line.deed for line in plan_of(approver, *rows).lines] == [Deed.STAY, Deed.STAY]
    moving = plan_of(approver, (one.code, "", "khu vực 2", "", "01/04/2026"))
    assert [line.deed for line in moving.lines] == [Deed.CHANGE]
    apply(moving, approver)
    assert [str(row.group) for row in one.memberships.on_day(DAY)] == ["Khu vực 1"]
    assert [str(row.group) for row in one.memberships.filter(last_day=None)] == ["Khu vực 2"]
    earlier = plan_of(approver, (one.code, "", "Khu vực 1", "", "01/02/2026"))
    assert "01/04/2026 or a later day" in earlier.lines[0].faults[0].expected


def test_each_error_is_named_with_its_cell(approver):
    one = make_ward(None, "Một")
    make_ward(None, "Cũ", code="77777", valid_to=datetime.date(2025, 6, 30))
    rows = [
        (one.code, "", "Khu vực 1", "Khu vực", ""),
        (one.code, "", "Khu vực 2", "Khu vực", ""),
        ("77777", "", "Khu vực 1", "Khu vực", ""),
        ("", "", "Khu vực 1", "Khu vực", ""),
        (one.code, "", "", "Khu vực", ""),
        (one.code, "Phường Hai", "Khu vực 1", "", ""),
    ]
    lines = plan_of(approver, *rows).lines
    faults = [[(fault.column, fault.expected) for fault in line.faults] for line in lines]
    assert faults[0] == []
    assert faults[1][0][0] == "A"
    assert "row Danh sách, 2 is about the same one" in faults[1][0][1]
    assert "in force on the day" in faults[2][0][1]
    assert faults[3] == [("B", "the unit, by name or by code")]
    assert faults[4][0][0] == "C"
    assert {column for column, _expected in faults[5]} == {"B", "D"}


def test_the_command_takes_the_sheet(approver, tmp_path):
    ward, path = make_ward(None, "Một"), tmp_path / "nhom.xlsx"
    path.write_bytes(workbook([HEADINGS, (ward.code, "", "Khu vực 1", "Khu vực", "")]))
    call_command("import_sheet", "groups", str(path), as_of=str(DAY))
    assert str(ward.memberships.get().group) == "Khu vực 1"
