"""Schemes and categories that people set up: made, copied, corrected, stopped; never those of a report."""

import datetime

import pytest

from archiveportal.history.models import Action, Event
from archiveportal.history.services import Stale, digest
from archiveportal.refusal import Refused
from tests.support.training import course_values, make_category, make_course, make_scheme
from training.models import Category, Course, Scheme
from training.queries import summary_lines
from training.scheme_forms import CategoryForm
from training.services.categories import (
    CATEGORY_FIELDS,
    add_category,
    edit_category,
    move_category,
    remove_category,
)
from training.services.courses import edit_course
from training.services.schemes import SCHEME_FIELDS, create_scheme, edit_scheme, remove_scheme

LIST = "/dao-tao/de-an/"


def typed(**values) -> dict:
    return {
        "code": "12-2026",
        "name": "Đề án giai đoạn 2026 - 2030",
        "legal_basis": "Quyết định số 12/QĐ-UBND",
        "decided_on": "15012026",
        "starts_year": "2026",
        "ends_year": "2030",
        "cut_off_on": "",
        "rounding": "exact",
        "copied_from": "",
    } | values


def edited(category: Category, by, **values) -> int:
    made_on = digest(category, CATEGORY_FIELDS)
    for name, value in values.items():
        setattr(category, name, value)
    return edit_category(category=category, made_on=made_on, by=by)


def test_a_scheme_is_made_with_the_categories_of_another(cast, sign_in):
    source = Scheme.objects.get(code="02-2014")
    response = sign_in(cast.approver).post(f"{LIST}them/", typed(copied_from=source.pk))
    assert response.headers["Location"] == f"{LIST}12-2026/loai-hinh/"
    scheme = Scheme.objects.get(code="12-2026")
    assert (scheme.decided_on, scheme.is_baseline) == (datetime.date(2026, 1, 15), False)
    assert [each.name for each in scheme.categories.all()] == [each.name for each in source.categories.all()]
    assert [line.attainment.target for line in summary_lines(scheme)] == [None] * scheme.categories.count()
    assert Event.objects.about(scheme).get().action == Action.CREATED
    page = sign_in(cast.approver).get(f"{LIST}12-2026/sua/").content.decode()
    assert 'value="2026"' in page and "2.026" not in page


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "12/2026"}, "code"),
        ({"code": "them"}, "code"),
        ({"code": "02-2014"}, "code"),
        ({"code": "Đề án"}, "code"),
        ({"starts_year": "26"}, "starts_year"),
        ({"ends_year": "2025"}, "ends_year"),
        ({"ends_year": "2060"}, "ends_year"),
        ({"name": ""}, "name"),
        ({"legal_basis": ""}, "legal_basis"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(cast, sign_in, values, field):
    response = sign_in(cast.approver).post(f"{LIST}them/", typed(**values))
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert "slug" not in response.content.decode(), "the words of the portal, not those of Django"
    assert 'value="Đề án giai đoạn' in response.content.decode() or field == "name"
    assert Scheme.objects.count() == 1


def test_a_scheme_of_a_report_stays_as_it_is(cast, sign_in):
    scheme = Scheme.objects.get(code="02-2014")
    category = scheme.categories.first()
    by = cast.approver
    new = Category(scheme=scheme, name="Khác", kind="degree", unit="persons")
    for way in (
        lambda: edit_scheme(scheme=scheme, made_on=digest(scheme, SCHEME_FIELDS), by=by),
        lambda: remove_scheme(scheme=scheme, by=by),
        lambda: add_category(category=new, by=by),
        lambda: edited(category, by, name="Khác"),
        lambda: move_category(category=category, is_up=False, by=by),
        lambda: remove_category(category=category, by=by),
    ):
        with pytest.raises(Refused):
            way()
    client = sign_in(by)
    pages = ("sua", "loai-hinh", f"loai-hinh/{category.code}", "chi-tieu-nam")
    assert [client.get(f"{LIST}02-2014/{page}/").headers["Location"] for page in pages] == [LIST] * 4


def test_a_colleagues_change_is_seen_before_it_is_overwritten(cast, sign_in):
    scheme, client = make_scheme(), sign_in(cast.approver)
    page = f"{LIST}{scheme.code}/sua/"
    opened = client.get(page).context["form"]["made_on"].value()
    Scheme.objects.filter(pk=scheme.pk).update(legal_basis="Quyết định của đồng nghiệp")
    data = typed(made_on=opened, legal_basis="Quyết định của tôi")
    shown = client.post(page, data)
    assert "Quyết định của đồng nghiệp" in shown.content.decode()
    assert 'value="Quyết định của tôi"' in shown.content.decode()
    again = data | {"made_on": shown.context["form"]["made_on"].value()}
    assert client.post(page, again).status_code == 302
    assert Scheme.objects.get(pk=scheme.pk).legal_basis == "Quyết định của tôi"
    with pytest.raises(Stale):
        edit_scheme(scheme=scheme, made_on=opened, by=cast.approver)


@pytest.mark.parametrize(("years", "field"), [((2022, 2025), "starts_year"), ((2021, 2023), "ends_year")])
def test_a_year_with_a_target_stays_within_its_scheme(cast, years, field):
    scheme = make_scheme()
    for year in (2021, 2024):
        make_category(scheme).year_targets.create(year=year, target=5, decision="QĐ 1")
    made_on = digest(scheme, SCHEME_FIELDS)
    scheme.starts_year, scheme.ends_year = years
    with pytest.raises(Refused) as refused:
        edit_scheme(scheme=scheme, made_on=made_on, by=cast.approver)
    assert list(refused.value.message_dict) == [field]
    scheme.starts_year, scheme.ends_year = 2021, 2024
    edit_scheme(scheme=scheme, made_on=made_on, by=cast.approver)


def test_only_an_empty_scheme_is_removed(cast, sign_in):
    empty, used = make_scheme(), make_scheme()
    make_category(empty)
    make_course(make_category(used), by=cast.inspector)
    client = sign_in(cast.approver)
    client.post(f"{LIST}{used.code}/xoa/")
    client.post(f"{LIST}{empty.code}/xoa/")
    assert set(Scheme.objects.values_list("code", flat=True)) == {"02-2014", used.code}


def test_categories_are_added_and_change_places(cast, sign_in):
    scheme, client = make_scheme(), sign_in(cast.approver)
    page = f"{LIST}{scheme.code}/loai-hinh/"
    for name in ("Đại học", "Trung cấp", "Đại học (văn bằng 2)"):
        values = {"name": name, "kind": "degree", "unit": "persons", "summary_rule": "", "stopped_on": ""}
        assert client.post(page, values).status_code == 302
    assert list(scheme.categories.values_list("code", flat=True)) == ["dai-hoc", "trung-cap", "dai-hoc-van-bang-2"]
    client.post(f"{page}dai-hoc-van-bang-2/doi-cho/", {"to": "up"})
    client.post(f"{page}dai-hoc/doi-cho/", {"to": "up"})
    assert list(scheme.categories.values_list("name", flat=True)) == ["Đại học", "Đại học (văn bằng 2)", "Trung cấp"]
    again = client.post(page, {"name": "đại  học", "kind": "degree", "unit": "persons"})
    assert list(again.context["form"].errors) == ["name"]


def test_a_category_in_use_is_stopped_not_removed(cast, sign_in):
    category = make_category(make_scheme())
    make_course(category, by=cast.inspector, held_from=datetime.date(2022, 5, 4))
    with pytest.raises(Refused):
        remove_category(category=category, by=cast.approver)
    with pytest.raises(Refused, match="Lớp thử"):
        edited(category, cast.approver, stopped_on=datetime.date(2021, 12, 31), stop_reason="Thôi tuyển sinh")
    category.refresh_from_db()
    edited(category, cast.approver, stopped_on=datetime.date(2022, 12, 31), stop_reason="Thôi tuyển sinh")
    late = course_values(category, held_from=datetime.date(2023, 1, 9))
    with pytest.raises(Refused) as refused:
        make_course(**late, by=cast.inspector)
    assert "31/12/2022" in str(refused.value)
    page = sign_in(cast.leader).get(f"{LIST}{category.scheme.code}/").content.decode()
    assert "Thôi tuyển sinh" in page


def test_a_stop_needs_its_reason_and_no_targets_behind_it(cast):
    category = make_category(make_scheme())
    category.year_targets.create(year=2024, target=30, decision="QĐ 1")
    with pytest.raises(Refused) as refused:
        edited(category, cast.approver, stopped_on=datetime.date(2023, 12, 31), stop_reason="")
    assert "stop_reason" in refused.value.message_dict
    typed = {"name": "A", "kind": category.kind, "unit": category.unit, "stopped_on": "31/12/2023"}
    assert CategoryForm(typed, instance=category).is_valid(), "what a stop lacks is said by the service, at its field"
    category.refresh_from_db()
    with pytest.raises(Refused) as refused:
        edited(category, cast.approver, stopped_on=datetime.date(2023, 12, 31), stop_reason="Thôi mở lớp")
    assert "30" in refused.value.message_dict["stopped_on"][0]


@pytest.mark.parametrize(("rule", "entering"), [("all", {"city", "department"}), ("city", {"city"}), ("none", set())])
def test_courses_follow_the_rule_of_their_category(cast, rule, entering):
    category = make_category(make_scheme())
    for organiser in ("city", "department"):
        make_course(category, cast.inspector, organiser=organiser, follows_rule=True, enters_summary=False)
    make_course(category, cast.inspector, unit="attendances", follows_rule=True, enters_summary=False)
    own = make_course(category, cast.inspector, name="Quyết định riêng", enters_summary=True)
    # Without a rule nobody follows one: the form's answer stands.
    assert set(category.courses.values_list("follows_rule", flat=True)) == {False}
    category.courses.exclude(pk=own.pk).update(follows_rule=True)
    assert edited(category, cast.approver, summary_rule=rule) == len(entering)
    following = category.courses.filter(follows_rule=True, enters_summary=True)
    assert set(following.values_list("organiser", flat=True)) == entering
    assert Course.objects.get(pk=own.pk).enters_summary
    for course in following:
        assert Event.objects.about(course).first().changes == {"enters_summary": [False, True]}


def test_a_row_overrides_the_rule(cast):
    category = make_category(make_scheme(), summary_rule="all")
    course = make_course(category, cast.inspector, follows_rule=True, enters_summary=False)
    assert course.enters_summary
    values = course_values(category, follows_rule=False, enters_summary=False, note="Lớp của đề án khác")
    saved = edit_course(course=course, values=values, base_version=course.version, by=cast.inspector)
    assert (saved.course.follows_rule, saved.course.enters_summary) == (False, False)
    edited(category, cast.approver, summary_rule="city")
    assert not Course.objects.get(pk=course.pk).enters_summary


def test_nobody_else_sets_up_schemes(cast):
    scheme = make_scheme()
    category = make_category(scheme)
    for person in (cast.inspector, cast.leader, cast.administrator):
        with pytest.raises(Refused):
            create_scheme(scheme=Scheme(code="x-1", name="X", legal_basis="X"), by=person)
        with pytest.raises(Refused):
            edited(category, person, name="Khác")
