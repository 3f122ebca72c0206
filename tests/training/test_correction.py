"""Correcting and voiding: history, colleagues at the same time, the unchanged report's column."""

from decimal import Decimal

import pytest

from archiveportal.history.models import Action, Event
from archiveportal.refusal import Refused
from tests.support.training import as_form, make_category, make_course, make_scheme
from training.entered_values import corrections, values_of
from training.models import Category, Course, Scheme
from training.queries import summary_lines
from training.services.courses import edit_course, void_course
from wards.models import District


@pytest.fixture
def course(cast) -> Course:
    return Course.objects.get(report_key="cu-nhan-van-bang-2")


def address(course: Course, what: str = "sua") -> str:
    return f"/dao-tao/khoa/{course.pk}/{what}/"


def reported() -> dict:
    return {
        line.category.code: (line.attainment.actual, line.attainment.target, line.attainment.percent)
        for line in summary_lines(Scheme.objects.get(code="02-2014"), as_reported=True)
    }


def now(code: str) -> int:
    lines = summary_lines(Scheme.objects.get(code="02-2014"))
    return next(line.attainment.actual for line in lines if line.category.code == code)


def test_a_correction_writes_who_when_from_what_to_what(cast, sign_in, course):
    client = sign_in(cast.inspector)
    data = as_form(client.get(address(course))) | {"participants": "43", "place": "Quận 1"}
    assert client.post(address(course), data).url == f"/dao-tao/khoa/{course.pk}/"
    course.refresh_from_db()
    assert (course.participants, course.version, course.changed_by) == (43, 2, cast.inspector)
    event = Event.objects.about(course).first()
    assert (event.action, event.actor_id) == (Action.CHANGED, cast.inspector.pk)
    assert event.changes == {"participants": [41, 43], "place": ["", "Quận 1"]}
    page = client.get(f"/dao-tao/khoa/{course.pk}/").content.decode()
    assert "<del>41</del> → <ins>43</ins>" in page


def test_districts_are_in_the_history(cast, sign_in):
    course = Course.objects.get(report_key="trung-cap-quan")
    client = sign_in(cast.inspector)
    quan8 = District.objects.get(code="776")
    client.post(address(course), as_form(client.get(address(course))) | {"organiser_districts": [str(quan8.pk)]})
    assert list(course.organiser_districts.all()) == [quan8]
    ((before, after),) = Event.objects.about(course).first().changes.values()
    assert after == "Quận 8"
    assert set(before.split("; ")) == {"Quận 8", "Quận Tân Bình", "Quận Tân Phú"}
    course.refresh_from_db()
    assert len(course.as_reported["organiser_districts"]) == 3


def test_saving_unchanged_values_writes_nothing(cast, sign_in, course):
    client = sign_in(cast.inspector)
    before = Event.objects.count()
    for row in Course.objects.all():
        client.post(address(row), as_form(client.get(address(row))))
    assert Event.objects.count() == before
    assert set(Course.objects.values_list("version", flat=True)) == {1}
    assert not Course.objects.exclude(as_reported=None).exists()


def test_a_stale_form_is_not_saved_and_shows_both_values(cast, sign_in, course):
    mine, theirs = sign_in(cast.inspector), sign_in(cast.inspector2)
    opened = as_form(mine.get(address(course)))
    theirs.post(address(course), opened | {"participants": "42", "place": "Thủ Đức"})
    response = mine.post(address(course), opened | {"participants": "45", "partner": "Trường khác"})
    assert response.status_code == 200
    course.refresh_from_db()
    assert (course.participants, course.version) == (42, 2)
    page = response.content.decode()
    assert str(cast.inspector2) in page
    clash = {row["label"]: (row["theirs"], row["mine"], row["was_typed"]) for row in response.context["clashes"]}
    assert ("42", "45", True) in clash.values()
    assert ("Thủ Đức", "—", False) in clash.values()
    form = response.context["form"]
    assert form["participants"].value() == "45"  # what was typed is kept
    assert form["partner"].value() == "Trường khác"
    assert form["place"].value() == "Thủ Đức"  # what was left alone is not undone
    # saving again with both values in sight is a decision
    assert mine.post(address(course), as_form(response)).status_code == 302
    course.refresh_from_db()
    assert (course.participants, course.place, course.partner) == (45, "Thủ Đức", "Trường khác")


@pytest.mark.parametrize("version", ["", "0", "-1", "99", "x"])
def test_a_forged_version_saves_nothing(cast, sign_in, course, version):
    client = sign_in(cast.inspector)
    data = as_form(client.get(address(course))) | {"participants": "99", "version": version}
    response = client.post(address(course), data)
    assert response.status_code == 200
    course.refresh_from_db()
    assert course.participants == 41


def test_the_double_press_of_a_correction_is_one_change(cast, sign_in, course):
    client = sign_in(cast.inspector)
    data = as_form(client.get(address(course))) | {"participants": "43"}
    assert [client.post(address(course), data).status_code for _press in range(3)] == [302, 302, 302]
    course.refresh_from_db()
    assert course.version == 2


def test_bad_values_are_not_saved(cast, sign_in, course):
    client = sign_in(cast.inspector)
    response = client.post(address(course), as_form(client.get(address(course))) | {"participants": "12345678"})
    assert "participants" in response.context["form"].errors
    course.refresh_from_db()
    assert (course.participants, course.version, course.as_reported) == (41, 1, None)


def test_the_report_column_stands_after_corrections(cast, course):
    before = reported()
    other = Category.objects.get(code="trung-cap")
    for number, values in enumerate(
        [{"participants": 50}, {"category": other}, {"is_lower_bound": True}, {"enters_summary": False}], start=1
    ):
        course = Course.objects.get(pk=course.pk)
        edit_course(course=course, values=values_of(course) | values, base_version=number, by=cast.inspector)
        assert reported() == before, values
    course.refresh_from_db()
    assert course.as_reported["participants"] == 41  # the first values, not the last but one
    assert now("dai-hoc") == 0


def test_the_report_column_stands_after_a_void(cast, course):
    before = reported()
    void_course(course=course, reason="Trùng", base_version=1, by=cast.inspector)
    assert reported() == before
    assert now("dai-hoc") == 0


def test_a_new_row_does_not_enter_the_report_column(cast):
    before = reported()
    make_course(Category.objects.get(code="dai-hoc"), cast.inspector, participants=9)
    assert reported() == before
    assert now("dai-hoc") == 50


def test_the_page_shows_the_report_beside_the_correction(cast, sign_in):
    course = Course.objects.get(report_key="trung-cap-quan")
    values = values_of(course) | {
        "participants": 215,
        "is_lower_bound": False,
        "organiser_share": Decimal("40.00"),
        "participant_share": Decimal("60.00"),
    }
    edit_course(course=course, values=values, base_version=1, by=cast.inspector)
    course.refresh_from_db()
    shown = [(row["before"], row["after"]) for row in corrections(course)]
    assert len(shown) == 4
    assert [pair for pair in shown if pair[0][0].isdigit()] == [("200", "215"), ("50%", "40%"), ("50%", "60%")]
    page = sign_in(cast.leader).get(f"/dao-tao/khoa/{course.pk}/").content.decode()
    assert '<td class="published">200</td><td>215</td>' in page


def test_rows_that_people_entered_keep_no_report_values(cast):
    course = make_course(make_category(make_scheme()), cast.inspector)
    edit_course(course=course, values=values_of(course) | {"name": "Khác"}, base_version=1, by=cast.inspector)
    course.refresh_from_db()
    assert (course.name, course.as_reported) == ("Khác", None)


def test_voiding_needs_a_reason_and_keeps_the_row(cast, sign_in, course):
    client = sign_in(cast.inspector)
    response = client.post(address(course, "huy"), {"version": 1, "reason": "  "})
    assert response.context["form"].errors
    course.refresh_from_db()
    assert not course.is_voided
    client.post(address(course, "huy"), {"version": 1, "reason": "Nhập trùng"})
    course.refresh_from_db()
    assert (course.void_reason, course.voided_by) == ("Nhập trùng", cast.inspector)
    event = Event.objects.about(course).first()
    assert (event.action, event.reason) == (Action.VOIDED, "Nhập trùng")
    assert "Nhập trùng" in client.get(f"/dao-tao/khoa/{course.pk}/").content.decode()


def test_the_service_asks_for_the_reason_too(cast, course):
    with pytest.raises(Refused):
        void_course(course=course, reason=" ", base_version=course.version, by=cast.inspector)
    course.refresh_from_db()
    assert not course.is_voided and not Event.objects.about(course).filter(action=Action.VOIDED).exists()


def test_a_row_changed_meanwhile_is_not_voided_unseen(cast, sign_in, course):
    edit_course(course=course, values=values_of(course) | {"participants": 42}, base_version=1, by=cast.inspector2)
    client = sign_in(cast.inspector)
    response = client.post(address(course, "huy"), {"version": 1, "reason": "Trùng"})
    assert str(cast.inspector2) in response.content.decode()
    assert response.context["form"]["reason"].value() == "Trùng"
    course.refresh_from_db()
    assert not course.is_voided
    client.post(address(course, "huy"), as_form(response))
    course.refresh_from_db()
    assert course.is_voided


def test_a_voided_row_does_not_change_any_more(cast, sign_in, course):
    client = sign_in(cast.inspector)
    data = as_form(client.get(address(course))) | {"participants": "43"}
    void_course(course=course, reason="Trùng", base_version=1, by=cast.inspector2)
    response = client.post(address(course), data)
    assert response.status_code == 200
    assert response.context["form"]["participants"].value() == "43"
    assert str(cast.inspector2) in response.content.decode()
    assert client.get(address(course)).status_code == 302
    assert client.get(address(course, "huy")).status_code == 302
    assert client.post(address(course, "huy"), {"version": 2, "reason": "Lần hai"}).status_code == 302
    course.refresh_from_db()
    assert (course.participants, course.void_reason) == (41, "Trùng")
    with pytest.raises(Refused):
        edit_course(course=course, values=values_of(course), base_version=2, by=cast.inspector)


def test_the_services_refuse_other_roles(cast, course):
    for user in (cast.leader, cast.quan10, cast.thanhan, cast.administrator):
        with pytest.raises(Refused):
            edit_course(course=course, values=values_of(course) | {"note": "x"}, base_version=1, by=user)
        with pytest.raises(Refused):
            void_course(course=course, reason="x", base_version=1, by=user)
    course.refresh_from_db()
    assert course.version == 1
