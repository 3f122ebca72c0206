"""Schemes, categories and targets from a sheet: planned, refused with their row, written once."""

import datetime

import pytest

from archiveportal.sheets.checking import make_plan
from archiveportal.sheets.kinds import Order
from archiveportal.sheets.rows import Deed
from tests.support.sheets import workbook
from training.models import Category, Scheme, YearTarget
from training.scheme_sheet import COLUMNS, SchemeSheet

HEADINGS = [column.heading for column in COLUMNS]
NEW = {"Tên đề án": "Đề án 2026 - 2030", "Căn cứ pháp lý": "QĐ 12/QĐ-UBND", "Từ năm": 2026, "Đến năm": "2030"}
TARGET = {"Quyết định giao chỉ tiêu": "QĐ 12/QĐ-UBND", "Ngày quyết định": "15/01/2026"}


def row(category="Đại học", code="12-2026", **cells):
    named = {"Mã đề án": code, "Loại hình": category, "Nhóm": "Đào tạo", "Đơn vị tính": "người"}
    values = named | {key.replace("_", " "): value for key, value in cells.items()}
    return [values.get(heading) for heading in HEADINGS]


def plan_of(*rows, by=None):
    return make_plan(workbook([HEADINGS, *rows]), "a.xlsx", kind=SchemeSheet(), order=order(by))


def order(by=None):
    return Order(by, datetime.date(2026, 11, 1))


def applied(plan, by):
    lines = [line for line in plan.lines if line.step]
    return SchemeSheet().apply(lines, order(by), batch=None)


def faults(plan):
    return [{fault.heading for fault in line.faults} for line in plan.lines]


@pytest.fixture
def rows():
    return [
        row(**NEW, **TARGET, Năm=2026, Chỉ_tiêu=20),
        row(**TARGET, Năm=2027, Chỉ_tiêu="1.020"),
        row("Tập huấn", Nhóm="tập huấn", Đơn_vị_tính="lượt", Lớp_được_tính="Mọi lớp"),
    ]


def test_a_scheme_begins_with_its_categories_and_targets(cast, rows):
    plan = plan_of(*rows)
    assert [line.deed for line in plan.lines] == [Deed.BEGIN, Deed.CHANGE, Deed.BEGIN]
    assert plan.is_clean
    assert not Scheme.objects.filter(code="12-2026").exists()
    applied(plan, cast.approver)
    scheme = Scheme.objects.get(code="12-2026")
    assert [(each.name, each.unit, each.summary_rule) for each in scheme.categories.all()] == [
        ("Đại học", "persons", ""),
        ("Tập huấn", "attendances", "all"),
    ]
    targets = YearTarget.objects.values_list("year", "target", "decision", "decided_on")
    assert list(targets) == [
        (2026, 20, "QĐ 12/QĐ-UBND", datetime.date(2026, 1, 15)),
        (2027, 1020, "QĐ 12/QĐ-UBND", datetime.date(2026, 1, 15)),
    ]
    assert [line.deed for line in plan_of(*rows).lines] == [Deed.STAY] * 3


def test_a_later_sheet_adjusts(cast, rows):
    applied(plan_of(*rows), cast.approver)
    later = {"Quyết định giao chỉ tiêu": "QĐ 20/QĐ-UBND", "Ngày quyết định": "01/9/2026"}
    plan = plan_of(row(**later, Năm=2026, Chỉ_tiêu=25), row("Tập huấn", **{"Nhóm": None, "Lớp được tính": "Không"}))
    assert [(change.old, change.new) for change in plan.lines[0].changes] == [("20", "25")]
    applied(plan, cast.approver)
    assert YearTarget.objects.get(year=2026, ordinal=1).target == 25
    assert Category.objects.get(name="Tập huấn", scheme__code="12-2026").summary_rule == "none"


@pytest.mark.parametrize(
    ("cells", "heading"),
    [
        ({"Từ năm": None}, "Từ năm"),
        ({"Tên đề án": None}, "Tên đề án"),
        ({"Đến năm": 2020}, "Đến năm"),
        ({"Từ năm": 26}, "Từ năm"),
        ({"Mã đề án": "12/2026"}, "Mã đề án"),
        ({"Mã đề án": "02-2014"}, "Mã đề án"),
        ({"Nhóm": None}, "Nhóm"),
        ({"Nhóm": "Hội thảo"}, "Nhóm"),
        ({"Năm": 2031}, "Năm"),
        ({"Năm": None}, "Năm"),
        ({"Chỉ tiêu": "20,5"}, "Chỉ tiêu"),
        ({"Chỉ tiêu": -3}, "Chỉ tiêu"),
        ({"Quyết định giao chỉ tiêu": None}, "Quyết định giao chỉ tiêu"),
        ({"Ngày quyết định": "31/02/2026"}, "Ngày quyết định"),
    ],
)
def test_each_error_has_its_cell(cast, cells, heading):
    values = {**NEW, **TARGET, "Năm": 2026, "Chỉ tiêu": 20} | cells
    plan = plan_of(row(**values))
    assert faults(plan) == [{heading}]
    assert not plan.changes_something


def test_the_same_category_and_year_twice_is_told(cast):
    first = row(**NEW, **TARGET, Năm=2026, Chỉ_tiêu=20)
    plan = plan_of(first, row(**TARGET, Năm=2026, Chỉ_tiêu=21))
    assert faults(plan)[1] == {"Loại hình"}
    assert "Danh sách, 2" in plan.lines[1].faults[0].expected


def test_the_same_category_and_year_on_another_sheet_is_told(cast):
    """The rows have the same number there."""

    def add_sheet(book):
        sheet = book.create_sheet("Bổ sung")
        for cells in (HEADINGS, row(**TARGET, Năm=2026, Chỉ_tiêu=21)):
            sheet.append(cells)

    content = workbook([HEADINGS, row(**NEW, **TARGET, Năm=2026, Chỉ_tiêu=20)], change=add_sheet)
    plan = make_plan(content, "a.xlsx", kind=SchemeSheet(), order=order())
    assert faults(plan) == [set(), {"Loại hình"}]
    assert "Danh sách, 2" in plan.lines[1].faults[0].expected


STOP = {"Dừng từ sau ngày": "31/12/2026", "Lý do dừng": "Thôi tuyển sinh"}


def test_a_category_is_stopped_once_its_later_targets_are_zero(cast, rows):
    applied(plan_of(*rows), cast.approver)
    early = plan_of(row(**STOP))
    assert faults(early) == [{"Dừng từ sau ngày"}] and "2027" in early.lines[0].faults[0].expected
    zero = row(**TARGET, Năm=2027, Chỉ_tiêu=0)
    plan = plan_of(zero, row(**STOP))
    assert plan.is_clean, faults(plan)
    applied(plan, cast.approver)
    stopped = Category.objects.get(name="Đại học", scheme__code="12-2026")
    assert (stopped.stopped_on, stopped.stop_reason) == (datetime.date(2026, 12, 31), "Thôi tuyển sinh")
    assert [line.deed for line in plan_of(zero, row(**STOP)).lines] == [Deed.STAY] * 2


@pytest.mark.parametrize(
    ("cells", "heading"),
    [
        (STOP | {"Lý do dừng": None}, "Lý do dừng"),
        (STOP | {"Dừng từ sau ngày": None}, "Dừng từ sau ngày"),
        (STOP | {"Dừng từ sau ngày": "31/02/2027"}, "Dừng từ sau ngày"),
    ],
)
def test_what_a_stop_lacks_is_told_at_its_cell(cast, cells, heading):
    assert faults(plan_of(row(**NEW, **cells))) == [{heading}]


def test_a_new_category_begins_stopped_and_takes_no_later_target(cast):
    target = row(**NEW, **TARGET, **STOP, Năm=2026, Chỉ_tiêu=5)
    plan = plan_of(target, row(**TARGET, Năm=2028, Chỉ_tiêu=9))
    assert faults(plan) == [set(), {"Chỉ tiêu"}]
    applied(plan_of(target), cast.approver)
    assert Category.objects.get(scheme__code="12-2026").stopped_on == datetime.date(2026, 12, 31)
