"""A criteria set from a sheet: planned, refused where it has to be, written once; the next version by it."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from archiveportal.history.models import Event
from archiveportal.sheets.checking import make_plan
from archiveportal.sheets.kinds import Order
from archiveportal.sheets.rows import Deed
from criteria import illustrations
from criteria.building.services.whole_set import specification_of
from criteria.models import Bar, BarCondition, Citation, CriteriaSet, LegalAct, Section, SetBasis
from criteria.set_sheet.kind import SetSheet
from criteria.specification import SetSpecification
from tests.support.sheets import workbook

HEADINGS = ["STT", "Tiêu chí", "Điểm tối đa", "Cách chấm"]
ABOVE = [["Mã: bo-thu"], ["BỘ TIÊU CHÍ THỬ"]]
ROWS = [
    ["I", "Văn thư", 5],
    ["1", "Đăng ký văn bản", 3, "Đủ: 3; Thiếu: 1; Không: 0"],
    ["2", "Quy chế", 2],
    ["II", "Lưu trữ", 4],
    ["1", "Diện tích kho", 4, "Tối thiểu 20 m²"],
]
VERSION_2 = [["I", "Văn thư", 5], *ROWS[1:3], ["II", "Lưu trữ", 5], ROWS[4]]
BANDS = [["Xếp loại", "Mức đạt"], ["Tốt", "≥ 80%"], ["Đạt", "< 80%"]]


def sheet(*rows, above=ABOVE, bands=BANDS):
    def add(book):
        further = book.create_sheet("Xếp loại")
        for row in bands:
            further.append(row)

    return workbook([*above, HEADINGS, *(rows or ROWS)], change=add if bands else None)


def order(by=None):
    return Order(by, datetime.date(2026, 11, 1))


def plan_of(content, *, by=None, answers=None):
    return make_plan(content, "bo.xlsx", kind=SetSheet(), order=order(by), answers=answers)


def applied(plan, by=None):
    lines = [line for line in plan.lines if line.step and line.deed in (Deed.BEGIN, Deed.CHANGE)]
    return CriteriaSet.objects.get(pk=SetSheet().apply(lines, order(by), batch=None)["set"])


def faults(plan):
    return {line.row: [fault.heading for fault in line.faults] for line in plan.lines if line.faults}


def named(plan, text):
    return next(line for line in plan.lines if text in line.name)


@pytest.fixture
def made(cast):
    return applied(plan_of(sheet()), cast.approver)


def test_a_set_begins_as_a_draft_with_all_its_parts(cast):
    plan = plan_of(sheet())
    assert plan.is_clean
    assert not CriteriaSet.objects.filter(code="bo-thu").exists()
    made = applied(plan, cast.approver)
    assert (made.name, made.version, made.status) == ("BỘ TIÊU CHÍ THỬ", 1, "draft")
    assert [str(section) for section in made.sections.order_by("position")] == ["I. Văn thư", "II. Lưu trữ"]
    leaves = {leaf.code: leaf for leaf in made.criteria.all()}
    assert [(leaf.kind, leaf.points, leaf.group) for leaf in leaves.values()] == [
        ("choice", 3, "Văn thư"),
        ("met", 2, "Văn thư"),
        ("measure", 4, "Lưu trữ"),
    ]
    assert [option.points for option in leaves["I-1"].options.order_by("position")] == [3, 1, 0]
    assert [(leaf.threshold, leaf.fact_unit) for leaf in [leaves["II-1"]]] == [(20, "m²")]
    assert [(band.label, band.lower_percent, band.upper_percent) for band in made.bands.all()] == [
        ("Tốt", 80, None),
        ("Đạt", 0, 80),
    ]
    assert {event.actor_id for event in Event.objects.about(made, *leaves.values())} == {cast.approver.pk}


def test_the_same_sheet_twice_changes_nothing(made):
    plan = plan_of(sheet())
    assert {line.deed for line in plan.lines} == {Deed.STAY}
    assert not plan.changes_something


def test_what_is_stored_is_what_the_sheet_said(made):
    specification = specification_of(made)
    assert SetSpecification.from_json(specification.to_json()) == specification


def test_a_draft_is_changed_by_code_and_keeps_its_acts(cast, made):
    criterion = made.criteria.get(code="I-2")
    Citation(criteria_set=made, criterion=criterion, act=LegalAct.objects.first()).save()
    rows = [list(row) for row in ROWS]
    rows[2] = ["2", "Quy chế văn thư", 2]
    rows[4:] = [["1", "Diện tích kho", 3, "Tối thiểu 20 m²"], ["2", "Giá, kệ", 1]]
    plan = plan_of(sheet(*rows))
    assert named(plan, "Quy chế").deed == Deed.CHANGE
    assert named(plan, "Giá, kệ").deed == Deed.BEGIN
    assert named(plan, "Đăng ký").deed == Deed.STAY
    applied(plan, cast.approver)
    assert made.criteria.get(code="I-2").pk == criterion.pk
    assert criterion.citations.count() == 1
    assert made.criteria.count() == 4
    assert [leaf.number for leaf in made.criteria.order_by("position")] == [1, 2, 3, 4]
    assert specification_of(made) == specification_of(CriteriaSet.objects.get(pk=made.pk))
    without = [row for row in rows if row[1] != "Quy chế văn thư"]
    without[0] = ["I", "Văn thư", 3]
    plan = plan_of(sheet(*without))
    assert plan.lines[-1].changes[0].old == "I-2"
    applied(plan, cast.approver)
    assert not made.criteria.filter(code="I-2").exists()
    assert Event.objects.about(criterion).order_by("pk").last().action == "voided"


def test_a_set_in_use_is_refused_and_the_next_version_gets_a_crosswalk(cast, made):
    CriteriaSet.objects.filter(pk=made.pk).update(frozen_at=timezone.now())
    assert not plan_of(sheet()).changes_something
    rows = [*ROWS[:2], ["2", "Quy chế văn thư", 2], *ROWS[3:], ["2", "Giá, kệ", 1]]
    rows[3] = ["II", "Lưu trữ", 5]
    plan = plan_of(sheet(*rows))
    assert faults(plan) == {1: [""]}
    assert "Phiên bản" in plan.lines[0].faults[0].expected
    plan = plan_of(sheet(*rows, above=[*ABOVE, ["Phiên bản: 2"]], bands=None))
    assert plan.is_clean
    following = applied(plan, cast.approver)
    assert (following.version, following.replaces, following.status) == (2, made, "draft")
    crossings = [
        (row.old_criterion and row.old_criterion.code, row.new_criterion and row.new_criterion.code, row.relation)
        for row in following.crossings.all()
    ]
    assert crossings == [
        ("I-1", "I-1", "same"),
        ("I-2", "I-2", "reworded"),
        ("II-1", "II-1", "same"),
        (None, "II-2", "new"),
    ]
    # What the sheet is silent on stays as it was: the grades.
    assert following.bands.count() == 2
    assert plan_of(sheet(*rows, above=[*ABOVE, ["Phiên bản: 2"]], bands=None)).changes_something is False
    assert faults(plan_of(sheet(*rows, above=[*ABOVE, ["Phiên bản: 9"]]))) == {1: [""]}


@pytest.fixture
def following(cast, made):
    """Return the next version, with one line of its crosswalk decided by hand."""
    CriteriaSet.objects.filter(pk=made.pk).update(frozen_at=timezone.now())
    rows = [*VERSION_2, ["2", "Giá, kệ", 1]]
    plan = plan_of(sheet(*rows, above=[*ABOVE, ["Phiên bản: 2"]]))
    following = applied(plan, cast.approver)
    following.crossings.filter(new_criterion__code="I-1").update(relation="reworded", note="Theo Luật 33/2024")
    following.criteria.filter(code="II-1").update(needs_explanation=True)
    return following


def crosswalk(criteria_set):
    ordered = criteria_set.crossings.order_by("new_criterion__position")
    rows = ordered.values_list("new_criterion__code", "relation", "note")
    return [row for row in rows if row[0]]


def test_a_draft_that_comes_in_again_keeps_its_crosswalk(cast, following):
    rows = [*VERSION_2[:2], ["2", "Quy chế văn thư", 2], *VERSION_2[3:], ["2", "Giá, kệ, tủ", 1]]
    plan = plan_of(sheet(*rows, above=[*ABOVE, ["Phiên bản: 2"]]))
    assert plan.is_clean
    applied(plan, cast.approver)
    assert crosswalk(following) == [
        ("I-1", "reworded", "Theo Luật 33/2024"),
        ("I-2", "reworded", ""),
        ("II-1", "same", ""),
        ("II-2", "new", ""),
    ]
    assert following.criteria.get(code="II-1").needs_explanation


def test_a_version_takes_over_what_no_sheet_says(cast, made):
    made.sections.filter(number="I").update(title_en="Records")
    own = {"name_en": "Register of records", "printed_group": "Văn bản", "fact_kind": "integer", "fact_label": "Số sổ"}
    own |= {"fact_unit": "sổ", "fact_label_en": "Registers", "fact_minimum": 2, "indicator": "registers_open"}
    made.criteria.filter(code="I-1").update(**own, needs_explanation=True)
    made.criteria.filter(code="I-2").update(name_en="Rules", is_counted=False, number=None)
    made.criteria.filter(code="II-1").update(indicator="store_area")
    act = LegalAct.objects.first()
    Citation(criteria_set=made, criterion=made.criteria.get(code="I-1"), act=act, articles="Điều 1").save()
    SetBasis(criteria_set=made, act=act, articles="Điều 2").save()
    CriteriaSet.objects.filter(pk=made.pk).update(frozen_at=timezone.now())
    rows = [*ROWS[:2], ["2", "Quy chế văn thư", 2], ["II", "Công tác lưu trữ", 5], ROWS[4], ["2", "Giá, kệ", 1]]
    content = sheet(*rows, above=[*ABOVE, ["Phiên bản: 2"]], bands=None)
    following = applied(plan_of(content), cast.approver)
    leaves = {leaf.code: leaf for leaf in following.criteria.all()}
    assert {name: getattr(leaves["I-1"], name) for name in own} == own
    assert (leaves["I-1"].group_en, leaves["I-1"].needs_explanation) == ("Records", True)
    # In other words now, so that the English ones are those of another question; it still does not count.
    assert (leaves["I-2"].name_en, leaves["I-2"].is_counted, leaves["I-2"].number) == ("", False, None)
    assert [leaves[code].number for code in ("I-1", "II-1", "II-2")] == [1, 2, 3]
    assert leaves["II-1"].indicator == "store_area"
    assert list(following.sections.order_by("position").values_list("title_en", flat=True)) == ["Records", ""]
    assert list(following.citations.values_list("criterion__code", "articles")) == [("I-1", "Điều 1")]
    assert list(following.bases.values_list("articles", flat=True)) == ["Điều 2"]
    assert not plan_of(content).changes_something


def test_a_bar_whose_answer_is_no_more_is_dropped_with_a_word(cast, made):
    bar = Bar.objects.create(criteria_set=made, position=1, highest_band=made.bands.get(label="Đạt"))
    option = made.criteria.get(code="I-1").options.get(text="Không")
    BarCondition.objects.create(criteria_set=made, bar=bar, criterion=option.criterion, option=option)
    rows = [ROWS[0], ["1", "Đăng ký văn bản", 3, "Đủ: 3; Thiếu: 1; Chưa: 0"], *ROWS[2:]]
    plan = plan_of(sheet(*rows))
    assert plan.is_clean
    assert [bool(line.notes) for line in plan.lines].index(True) == 0
    applied(plan, cast.approver)
    assert made.bars.count() == 0
    assert not plan_of(sheet()).lines[0].notes


def test_of_two_sections_with_one_number_one_stays(cast, made):
    Section.objects.create(criteria_set=made, position=3, number="II", title="Lưu trữ khác")
    applied(plan_of(sheet()), cast.approver)
    assert [str(section) for section in made.sections.order_by("position")] == ["I. Văn thư", "II. Lưu trữ"]
    assert [section.position for section in made.sections.order_by("position")] == [1, 2]


def sheet_with_crosswalk(*lines, rows):
    def add(book):
        further = book.create_sheet("Đối chiếu")
        for row in (["Tiêu chí cũ", "Tiêu chí mới", "Quan hệ", "Ghi chú"], *lines):
            further.append(row)

    return workbook([*ABOVE, ["Phiên bản: 2"], HEADINGS, *rows], change=add)


def test_a_crosswalk_alone_is_corrected_by_the_sheet(cast, following):
    rows = [*VERSION_2, ["2", "Giá, kệ", 1]]
    split = (["II.1", "II.2", "Tách", "Từ diện tích kho"], ["II.1", "II.1", "Tách", ""])
    content = sheet_with_crosswalk(*split, rows=rows)
    plan = plan_of(content)
    assert plan.is_clean
    assert plan.changes_something
    applied(plan, cast.approver)
    assert crosswalk(following) == [
        ("I-1", "reworded", "Theo Luật 33/2024"),
        ("I-2", "same", ""),
        ("II-1", "split", ""),
        ("II-2", "split", "Từ diện tích kho"),
    ]
    assert not plan_of(content).changes_something


def test_a_fact_that_becomes_text_is_added_up_no_more(cast, following):
    following.criteria.filter(code="II-1").update(indicator="store_area")
    rows = [*VERSION_2[:3], ["II", "Lưu trữ", 1], ["1", "Diện tích kho", None, "Không chấm điểm"], ["2", "Giá, kệ", 1]]
    plan = plan_of(sheet(*rows, above=[*ABOVE, ["Phiên bản: 2"]]))
    assert plan.is_clean
    applied(plan, cast.approver)
    assert following.criteria.get(code="II-1").indicator == ""


def test_a_sheet_without_a_code_asks_which_set_it_is(made):
    plan = plan_of(sheet(above=[["BỘ TIÊU CHÍ MỚI"]]))
    (question,) = plan.lines[0].questions
    assert question.options[0][0] == "bo-tieu-chi-moi"
    assert "bo-thu" in {value for value, _label in question.options}
    plan = plan_of(sheet(above=[["BỘ TIÊU CHÍ MỚI"]]), answers={question.key: "bo-tieu-chi-moi"})
    assert plan.is_clean
    assert applied(plan).name == "BỘ TIÊU CHÍ MỚI"


def test_a_set_changed_since_the_preview_is_refused_whole(cast, made):
    plan = plan_of(sheet(*ROWS[:-1], ["1", "Diện tích kho lưu trữ", 4, "Tối thiểu 20 m²"]))
    Section.objects.filter(criteria_set=made, number="I").update(title="Công tác văn thư")
    with pytest.raises(Exception, match=r"preview|xem trước"):
        applied(plan, cast.approver)


def test_nobody_but_an_approver_writes_a_set(cast):
    with pytest.raises(Exception, match=r"role|Vai trò"):
        applied(plan_of(sheet()), cast.inspector)
    assert not CriteriaSet.objects.filter(code="bo-thu").exists()


@pytest.mark.parametrize("code", illustrations.CODES)
def test_a_made_up_set_comes_in_by_its_sheet_alone(db, code):
    plan = plan_of(illustrations.workbook_of(code))
    assert plan.is_clean
    made = applied(plan)
    assert "minh họa" in made.name
    assert specification_of(made).maximum == made.announced_total
    assert not plan_of(illustrations.workbook_of(code)).changes_something


def test_made_up_sets_are_loaded_once(db, capsys):
    assert [made.code for made in illustrations.load()] == list(illustrations.CODES)
    assert illustrations.load() == []


def test_the_command_checks_and_takes_in(cast, tmp_path, capsys):
    path = tmp_path / "bo.xlsx"
    path.write_bytes(sheet())
    call_command("import_criteria", str(path), "--dry-run", "--json")
    assert '"code": "bo-thu"' in capsys.readouterr().out
    assert not CriteriaSet.objects.filter(code="bo-thu").exists()
    call_command("import_criteria", str(path), "--as", "approver")
    assert CriteriaSet.objects.filter(code="bo-thu").count() == 1
    path.write_bytes(sheet(["I", "Văn thư"], ["1", "Một", "=A1"]))
    with pytest.raises(CommandError):
        call_command("import_criteria", str(path))


def test_the_pages_take_a_set_in(cast, sign_in):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = sign_in(cast.approver)
    start = client.get("/bo-tieu-chi/nhap-tu-bang/")
    assert start.status_code == 200
    template = client.get("/bo-tieu-chi/nhap-tu-bang/mau/")
    assert template.content[:2] == b"PK"
    upload = SimpleUploadedFile("bo.xlsx", sheet())
    preview = client.post("/bo-tieu-chi/nhap-tu-bang/", {"file": upload}, follow=True)
    assert "Đăng ký văn bản" in preview.content.decode()
    done = client.post(preview.redirect_chain[-1][0] + "xac-nhan/", {"shown": preview.context["digest"]}, follow=True)
    made = CriteriaSet.objects.get(code="bo-thu")
    assert f"/bo-tieu-chi/{made.pk}/" in done.content.decode()
    assert sign_in(cast.inspector).get("/bo-tieu-chi/nhap-tu-bang/").status_code == 403
