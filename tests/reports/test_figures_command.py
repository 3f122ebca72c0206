"""`manage.py figures`: what it prints, and when it fails."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from archiveportal.history.models import Via
from criteria.inspections.models import Enrolment
from criteria.inspections.services import approve_inspection
from tests.support.factories import answer, enrol, make_ward, submit_signed
from training.models import Course, Funding, Quota, WorkforceCount
from wards.models import District, Ward


def ledger() -> tuple[int, dict[str, dict]]:
    """Exit code and the figures by code."""
    out = StringIO()
    try:
        call_command("figures", "--json", stdout=out)
        status = 0
    except CommandError as error:
        status = error.returncode
    return status, {row["code"]: row for row in json.loads(out.getvalue())}


def set_aside(row, **values) -> None:
    """A correction as the services make it: the report's values are kept, then the row changes."""
    row.as_reported = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=["as_reported", *values])


def test_prints_every_figure_and_their_count(baseline):
    out = StringIO()
    call_command("figures", stdout=out)
    lines = out.getvalue().splitlines()
    assert len({line[:7] for line in lines if line.startswith(("5355-", "2710-"))}) == 90
    (line,) = [line for line in lines if line.startswith("2710-28")]
    assert line.split("  ")[0] == "2710-28"
    assert line.count("40,60 %") == 3
    assert lines[-1].startswith("90 ")


def test_json_is_an_array_of_objects(baseline):
    status, rows = ledger()
    assert status == 0
    assert len(rows) == 90
    row = rows["5355-05"]
    assert (row["printed"], row["reported"], row["now"]) == ("6", "4", "4")
    assert (row["verdict"], row["explained_by"]) == ("explained", "D05")
    assert row["discrepancies"] == ["D05"]
    assert {tuple(row) for row in rows.values()} == {tuple(row)}
    assert all(isinstance(row["printed"], str) and isinstance(row["discrepancies"], list) for row in rows.values())


def test_without_the_data_of_the_reports(db):
    with pytest.raises(CommandError, match="load_baseline") as caught:
        call_command("figures", stdout=StringIO())
    assert caught.value.returncode == 2


MUTATIONS = {
    "participants": (
        lambda: Course.objects.filter(report_key="boi-duong-chinh-ly").update(participants=371),
        "2710-06",
    ),
    "summary flag": (
        lambda: Course.objects.filter(report_key="quan-11-cu-nhan").update(enters_summary=True),
        "2710-23",
    ),
    "lower bound": (
        lambda: Course.objects.filter(report_key="hoc-tap-kinh-nghiem").update(is_lower_bound=False),
        "2710-16",
    ),
    "province": (
        lambda: Course.objects.filter(report_key="hoc-tap-kinh-nghiem").update(provinces="An Giang"),
        "2710-15",
    ),
    "score": (lambda: Enrolment.objects.filter(position=1).update(published_score=12), "5355-23"),
    "score and band": (lambda: Enrolment.objects.filter(position=1).update(published_score=12), "5355-16"),
    "quota": (lambda: Quota.objects.filter(target=788).update(target=789), "2710-28"),
    "workforce": (lambda: WorkforceCount.objects.update(qualified=1303), "2710-42"),
    "funding": (lambda: Funding.objects.update(amount=4_607_679_000), "2710-39"),
    "district of a ward": (
        lambda: Ward.objects.filter(code="27202").update(district=District.objects.get(code="769")),
        "5355-06",
    ),
    "district in force": (lambda: District.objects.filter(code="769").update(valid_to="2017-12-31"), "5355-01"),
    "not of the report": (
        lambda: Course.objects.filter(report_key="trung-cap-quan").update(is_baseline=False),
        "2710-20",
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_changed_row_of_the_report_is_found(baseline, name):
    change, code = MUTATIONS[name]
    change()
    status, rows = ledger()
    assert status == 1
    assert rows[code]["verdict"] == "unexplained"
    assert rows[code]["reported"] != rows[code]["printed"]


def test_a_documented_difference_excuses_no_other_value(baseline):
    """Seven districts with two to five wards would not be the four that D05 speaks of."""
    single = Ward.objects.filter(code__in=["26734", "27133", "27286", "27310", "27466", "27397"])
    district = dict(single.values_list("code", "district_id"))
    for taker, giver in (("26734", "27133"), ("27286", "27310"), ("27466", "27397")):
        Ward.objects.filter(code=giver).update(district=district[taker])
    status, rows = ledger()
    assert status == 1
    assert rows["5355-05"]["reported"] == "7"
    assert rows["5355-05"]["verdict"] == "unexplained"


def test_corrections_change_today_and_leave_the_report_alone(baseline):
    course = Course.objects.get(report_key="boi-duong-chinh-ly")
    set_aside(course, participants=400, classes=16)
    set_aside(Quota.objects.get(target=472), target=500)
    set_aside(WorkforceCount.objects.get(), qualified=1400)
    set_aside(Enrolment.objects.get(position=3).ward, name="Ba")
    status, rows = ledger()
    assert status == 0
    assert (rows["2710-06"]["reported"], rows["2710-06"]["now"], rows["2710-06"]["difference"]) == ("370", "400", "+30")
    assert (rows["2710-05"]["reported"], rows["2710-05"]["now"]) == ("15", "16")
    assert (rows["2710-32"]["reported"], rows["2710-32"]["now"]) == ("1.272", "1.302")
    assert (rows["2710-34"]["reported"], rows["2710-34"]["now"]) == ("269,49 %", "260,40 %")
    assert (rows["2710-42"]["reported"], rows["2710-42"]["now"]) == ("32,59%", "35,04%")
    assert rows["2710-42"]["verdict"] == "label_does_not_fit"


def test_a_voided_row_of_the_report_still_counts_as_reported(cast):
    course = Course.objects.get(report_key="boi-duong-so-hoa")
    Course.objects.filter(pk=course.pk).update(
        voided_at="2026-01-01T00:00:00Z", voided_by=cast.inspector, void_reason="Nhập trùng"
    )
    status, rows = ledger()
    assert status == 0
    assert (rows["2710-10"]["reported"], rows["2710-10"]["now"]) == ("80", "—")
    assert (rows["2710-32"]["reported"], rows["2710-32"]["now"]) == ("1.272", "1.192")


def test_rows_that_people_add_count_today_alone(baseline):
    template = Course.objects.get(report_key="boi-duong-10-ngay")
    Course(
        category=template.category,
        name="Lớp mới",
        participants=28,
        unit=template.unit,
        organiser=template.organiser,
        enters_summary=True,
    ).save()
    ward = make_ward(District.objects.get(code="769"), "Thử")
    enrol(Enrolment.objects.first().round, ward)
    status, rows = ledger()
    assert status == 0
    assert (rows["2710-32"]["reported"], rows["2710-32"]["now"]) == ("1.272", "1.300")
    assert (rows["2710-08"]["reported"], rows["2710-08"]["now"]) == ("822", "822")
    assert (rows["5355-04"]["reported"], rows["5355-04"]["now"]) == ("26", "27")
    assert (rows["5355-06"]["reported"], rows["5355-06"]["now"]) == ("0", "1")
    assert rows["5355-06"]["verdict"] == "explained"


def test_an_approved_checklist_changes_today_and_leaves_the_report_alone(cast):
    enrolment = Enrolment.objects.get(ward__code="27202")
    answer(enrolment, cast.inspector, {number: "met" if number <= 14 else "not_met" for number in range(1, 24)})
    enrolment.inspection.refresh_from_db()
    submit_signed(inspection=enrolment.inspection, by=cast.inspector, via=Via.PAGE)
    before = ledger()[1]
    assert before["5355-33"]["now"] == "11"
    enrolment.inspection.refresh_from_db()
    approve_inspection(inspection=enrolment.inspection, by=cast.approver)
    status, rows = ledger()
    assert status == 0
    assert (rows["5355-33"]["reported"], rows["5355-33"]["now"], rows["5355-33"]["difference"]) == ("11", "14", "+3")
    assert (rows["5355-16"]["reported"], rows["5355-16"]["now"]) == ("9", "10")
    assert (rows["5355-19"]["reported"], rows["5355-19"]["now"]) == ("16", "15")
    assert rows["5355-33"]["changed"] is True
    assert {row["verdict"] for row in rows.values()} == {row["verdict"] for row in before.values()}
