"""Entering a course: what is refused and how, and that one press makes one row."""

import unicodedata
import uuid

import pytest
from django.core.exceptions import ValidationError

from archiveportal.history.models import Action, Event
from archiveportal.refusal import Refused
from tests.support.training import as_form, course_values, make_category, make_course, make_scheme
from training.models import Category, Course
from training.services import courses as services
from training.services.courses import create_course
from wards.models import District

ADD = "/dao-tao/de-an/02-2014/khoa/them/"


@pytest.fixture
def client(cast, sign_in):
    return sign_in(cast.inspector)


def filled(client, **values) -> dict:
    category = Category.objects.get(scheme__code="02-2014", code="ngan-han")
    return as_form(client.get(ADD)) | {
        "category": str(category.pk),
        "name": "Lớp số hóa 2019",
        "held_from": "15/10/2019",
        "held_to": "20/10/2019",
        "participants": "1.200",
        "unit": "attendances",
        "organiser": "city",
        "enters_summary": "on",
        **values,
    }


def test_a_course_is_entered_with_history(client, cast):
    response = client.post(ADD, filled(client, organiser_share="62,5", participant_share="37,5"), follow=True)
    course = Course.objects.get(name="Lớp số hóa 2019")
    assert response.redirect_chain[-1][0] == f"/dao-tao/khoa/{course.pk}/"
    assert (course.participants, course.is_baseline, course.changed_by) == (1200, False, cast.inspector)
    assert str(course.held_from) == "2019-10-15"
    (event,) = Event.objects.about(course)
    assert (event.action, event.actor_name) == (Action.CREATED, str(cast.inspector))
    assert event.changes["participants"] == [None, 1200]
    assert event.changes["category"] == [None, "Bồi dưỡng nghiệp vụ ngắn hạn"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"name": "a" * 10_000}, "name"),
        ({"note": "a" * 10_000}, "note"),
        ({"name": "Lớp\x07 số hóa"}, "name"),
        ({"place": "Sở\x00"}, "place"),
        ({"participants": "12345678"}, "participants"),
        ({"participants": "-5"}, "participants"),
        ({"participants": "mười"}, "participants"),
        ({"participants": "10,5"}, "participants"),
        ({"participants": ""}, "participants"),
        ({"classes": "99999999"}, "classes"),
        ({"category": "999999"}, "category"),
        ({"category": "dai-hoc"}, "category"),
        ({"unit": "heads"}, "unit"),
        ({"unit": "persons"}, "unit"),
        ({"organiser": "ward"}, "organiser"),
        ({"organiser": "district", "organiser_districts": ["999999"]}, "organiser_districts"),
        ({"organiser": "district", "organiser_districts": ["x"]}, "organiser_districts"),
        ({"organiser": "district", "organiser_districts": [str(2**63)]}, "organiser_districts"),
        ({"held_to": "14/10/2019"}, "held_to"),
        ({"held_from": "2019-15-10"}, "held_from"),
        ({"held_from": "31/02/2019"}, "held_from"),
        ({"attended": "10", "certified": "11"}, "certified"),
        ({"organiser_share": "100,5"}, "organiser_share"),
        ({"participant_share": "101"}, "participant_share"),
        ({"organiser_share": "60", "participant_share": "50"}, "participant_share"),
        ({"organiser_share": "33,333", "participant_share": "66,667"}, "organiser_share"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_is_saved(client, field, wrong):
    before = Course.objects.count(), Event.objects.count()
    response = client.post(ADD, filled(client, **field))
    assert response.status_code == 200
    form = response.context["form"]
    assert wrong in form.errors
    assert (Course.objects.count(), Event.objects.count()) == before
    page = response.content.decode()
    assert "Lớp số hóa 2019" in page or "name" in field  # what was typed is still there
    assert 'class="field has-error"' in page


def test_districts_only_where_districts_organise(client):
    quan8 = District.objects.get(code="776")
    response = client.post(ADD, filled(client, organiser_districts=[str(quan8.pk)]))
    assert "organiser_districts" in response.context["form"].errors
    client.post(ADD, filled(client, organiser="district", organiser_districts=[str(quan8.pk)]))
    assert list(Course.objects.get(name="Lớp số hóa 2019").organiser_districts.all()) == [quan8]


def test_a_category_of_another_scheme_is_refused(client, cast):
    foreign = make_category(make_scheme(), unit="attendances")
    response = client.post(ADD, filled(client, category=str(foreign.pk)))
    assert "category" in response.context["form"].errors
    assert not Course.objects.filter(name="Lớp số hóa 2019").exists()


def test_a_decomposed_name_is_stored_composed(client):
    client.post(ADD, filled(client, name=unicodedata.normalize("NFD", "Lớp  số hóa tại Huế")))
    assert Course.objects.filter(name="Lớp số hóa tại Huế").exists()


def test_the_longest_texts_fit(client):
    long = dict.fromkeys(("name", "partner", "place", "provinces"), "ắ" * 300)
    client.post(ADD, filled(client, **long))
    assert Course.objects.filter(name="ắ" * 300).exists()


def test_a_double_press_makes_one_row(client):
    data = filled(client)
    answers = [client.post(ADD, data).url for _press in range(3)]
    assert len(set(answers)) == 1
    assert Course.objects.filter(name="Lớp số hóa 2019").count() == 1
    assert Event.objects.about(Course.objects.get(name="Lớp số hóa 2019")).count() == 1


def test_back_and_change_is_neither_doubled_nor_lost(client):
    data = filled(client)
    client.post(ADD, data)
    response = client.post(ADD, data | {"name": "Lớp khác"})
    assert response.status_code == 200
    assert response.context["repeated"].name == "Lớp số hóa 2019"
    assert response.context["form"]["name"].value() == "Lớp khác"
    assert not Course.objects.filter(name="Lớp khác").exists()
    again = data | {"name": "Lớp khác", "submission_id": response.context["form"]["submission_id"].value()}
    client.post(ADD, again)
    assert Course.objects.filter(name__in=["Lớp số hóa 2019", "Lớp khác"]).count() == 2


def test_a_key_that_cannot_be_read_is_no_obstacle(client):
    assert client.post(ADD, filled(client, submission_id="x")).status_code == 302


def test_the_service_refuses_what_the_form_refuses(cast):
    category = make_category(make_scheme())
    bad = [
        {"participants": 99_999_999},
        {"organiser_share": 50, "participant_share": 60},
        {"attended": 1, "certified": 2},
        {"unit": "attendances"},
        {"unit": "heads", "enters_summary": False},
        {"name": "a" * 301},
    ]
    for values in bad:
        with pytest.raises(ValidationError):
            make_course(category, cast.inspector, **values)
    with pytest.raises(Refused):
        make_course(category, cast.leader)
    with pytest.raises(Refused):
        create_course(
            scheme=make_scheme(), values=course_values(category), by=cast.inspector, submission_id=uuid.uuid4()
        )
    assert not Course.objects.filter(category=category).exists()


def test_two_presses_at_the_same_moment_make_one_row(cast, monkeypatch):
    """The other press saves between the look for an earlier row and the own save."""
    category, key = make_category(make_scheme()), uuid.uuid4()
    check = services._refuse_bad_values

    def check_while_the_other_saves(course, scheme):
        monkeypatch.setattr(services, "_refuse_bad_values", check)
        create_course(scheme=scheme, values=course_values(category), by=cast.inspector, submission_id=key)
        check(course, scheme)

    monkeypatch.setattr(services, "_refuse_bad_values", check_while_the_other_saves)
    saved = create_course(scheme=category.scheme, values=course_values(category), by=cast.inspector, submission_id=key)
    assert saved.is_repeat
    assert list(Course.objects.filter(category=category)) == [saved.course]
