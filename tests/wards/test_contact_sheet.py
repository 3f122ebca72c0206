"""The directory from a sheet: what is written, what is named as an error, and that twice is once."""

import datetime
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from archiveportal.accounts.models import Role
from archiveportal.history.models import Event, Via
from archiveportal.imports.models import ImportPlan
from archiveportal.sheets.checking import make_plan
from archiveportal.sheets.kinds import KINDS, Order
from archiveportal.sheets.rows import Deed
from archiveportal.sheets.templates import template_workbook
from tests.support.factories import make_district, make_user, make_ward
from tests.support.sheets import workbook
from wards.contacts import UnitContact

HEADINGS = [column.heading for column in KINDS["directory"].columns]
DAY = datetime.date(2026, 11, 2)
ENTRY = (
    "phuong@tphcm.gov.vn",
    2838291234,
    "1 Nguyễn Du",
    "2 Lê Lợi;  3 Lê Lai\n4 Lê Duẩn",
    "Trần Bê",
    "Nguyễn An, công chức, 0912 345 678\nLê Chi",
    "02/11/2026",
)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def administrator(db):
    return make_user(Role.ADMINISTRATOR)


@pytest.fixture
def ward(db):
    return make_ward(make_district("10"), "Tân Định", code="26737")


def order_of(person):
    return Order(by=person, as_of=timezone.localdate())


def plan_of(person, *rows, headings=HEADINGS):
    return make_plan(workbook([headings, *rows]), "x.xlsx", kind=KINDS["directory"], order=order_of(person))


def apply(plan, person):
    lines = [line for line in plan.lines if line.step]
    return KINDS["directory"].apply(lines, order_of(person), batch=None)


def test_an_entry_is_made_corrected_and_left_as_it_is(administrator, ward):
    plan = plan_of(administrator, ("26737", "", *ENTRY))
    assert [line.deed for line in plan.lines] == [Deed.BEGIN], plan.lines[0].faults
    apply(plan, administrator)
    entry = UnitContact.objects.get(ward=ward)
    assert entry.telephone == "02838291234"
    assert entry.stores == "2 Lê Lợi\n3 Lê Lai\n4 Lê Duẩn"
    assert entry.officers == "Nguyễn An, công chức, 0912 345 678\nLê Chi"
    assert (entry.seat, entry.chairman, entry.confirmed_on) == ("1 Nguyễn Du", "Trần Bê", DAY)
    assert [event.via for event in Event.objects.about(entry)] == [Via.IMPORT]
    again = plan_of(administrator, ("", "P. Tân Định", *ENTRY))
    assert [line.deed for line in again.lines] == [Deed.STAY] and not again.changes_something
    # Blank cells change nothing, and the day of the confirmation stays.
    moved = plan_of(administrator, ("26737", "", "", "", "9 Nguyễn Du", "", "", "", ""))
    (line,) = moved.lines
    assert [(change.old, change.new) for change in line.changes] == [("1 Nguyễn Du", "9 Nguyễn Du")]
    apply(moved, administrator)
    entry.refresh_from_db()
    assert (entry.seat, entry.mailbox, entry.confirmed_on) == ("9 Nguyễn Du", "phuong@tphcm.gov.vn", DAY)


def test_the_workbook_of_the_directory_comes_in_again(administrator, ward, sign_in):
    UnitContact(ward=ward, mailbox="a@b.vn", stores="2 Lê Lợi\n3 Lê Lai", confirmed_on=DAY).save()
    make_ward(None, "Không có gì")
    downloaded = sign_in(administrator).get("/don-vi/danh-ba/?tai=xlsx").content
    plan = make_plan(downloaded, "danh-ba.xlsx", kind=KINDS["directory"], order=order_of(administrator))
    assert [line.deed for line in plan.lines] == [Deed.STAY, Deed.STAY], [line.faults for line in plan.lines]


def test_the_rows_of_the_template_are_no_records(administrator):
    template = template_workbook(KINDS["directory"])
    with pytest.raises(ValidationError) as refused:
        make_plan(template, "mau.xlsx", kind=KINDS["directory"], order=order_of(administrator))
    assert refused.value.error_list[0].code == "no_rows"


def test_each_error_is_named_with_its_cell(administrator, ward):
    make_ward(None, "Cũ", code="77777", valid_to=datetime.date(2025, 6, 30))
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    blank = ("",) * 7
    rows = [
        ("26737", "", "không có", "gọi sau", *blank[2:]),
        ("77777", "", "a@b.vn", *blank[1:]),
        ("99999", "", "a@b.vn", *blank[1:]),
        ("", "", "a@b.vn", *blank[1:]),
        ("", "Tân Định", *blank[:6], tomorrow),
    ]
    lines = plan_of(administrator, *rows).lines
    columns = [[fault.column for fault in line.faults] for line in lines]
    assert columns == [["C", "D"], ["A"], ["A"], ["B"], ["B", "I"]]
    assert "30/06/2025" in lines[1].faults[0].expected
    assert "row Danh sách, 2 is about the same one" in lines[4].faults[0].expected
    assert all(line.deed == Deed.REFUSE for line in lines)


def test_what_the_unit_confirmed_later_is_not_written_over(administrator, ward):
    UnitContact(ward=ward, seat="1 Nguyễn Du", confirmed_on=DAY).save()
    older = ("", "", "9 Lê Lợi", "", "", "", "01/10/2026")
    (line,) = plan_of(administrator, ("26737", "", *older)).lines
    assert [(fault.column, "02/11/2026" in fault.expected) for fault in line.faults] == [("I", True)]
    (same,) = plan_of(administrator, ("26737", "", "", "", "1 Nguyễn Du", "", "", "", "01/10/2026")).lines
    assert same.deed == Deed.STAY
    (corrected,) = plan_of(administrator, ("26737", "", *older[:6], "")).lines
    assert corrected.deed == Deed.CHANGE


def test_a_colleague_who_wrote_meanwhile_is_not_overwritten(administrator, ward):
    plan = plan_of(administrator, ("26737", "", *ENTRY))
    UnitContact(ward=ward, seat="7 Lê Lợi").save()
    with pytest.raises(ValidationError, match="changed since this sheet was checked"):
        apply(plan, administrator)
    assert UnitContact.objects.get().seat == "7 Lê Lợi"


def test_pages_and_command_take_the_sheet(administrator, ward, sign_in, tmp_path, capsys):
    path = tmp_path / "danh-ba.xlsx"
    path.write_bytes(workbook([["DANH BẠ"], HEADINGS, ("26737", "", *ENTRY)]))
    call_command("import_sheet", "directory", str(path), dry_run=True, json=True)
    assert json.loads(capsys.readouterr().out)["counts"]["begin"] == 1 and not UnitContact.objects.exists()
    client = sign_in(administrator)
    sent = client.post("/danh-ba/nhap-tu-bang/", {"file": SimpleUploadedFile("danh-ba.xlsx", path.read_bytes())})
    preview = client.get(sent["Location"])
    assert "2 Lê Lợi; 3 Lê Lai; 4 Lê Duẩn" in preview.content.decode() and not UnitContact.objects.exists()
    client.post(f"{sent['Location']}xac-nhan/", {"shown": ImportPlan.objects.get().digest})
    assert UnitContact.objects.get().chairman == "Trần Bê"
    before = Event.objects.count()
    call_command("import_sheet", "directory", str(path))
    assert Event.objects.count() == before
    path.write_bytes(workbook([HEADINGS, ("99999", "", *ENTRY)]))
    with pytest.raises(CommandError):
        call_command("import_sheet", "directory", str(path))
    for role in (Role.APPROVER, Role.INSPECTOR):
        assert sign_in(make_user(role)).get("/danh-ba/nhap-tu-bang/").status_code in (403, 404)
