"""Small makers of training rows for tests."""

import uuid
from itertools import count

from archiveportal.accounts.models import User
from training.entered_values import FIELDS
from training.models import Category, CountingUnit, Course, Quota, Scheme
from training.services.courses import SavedCourse, create_course

_numbers = count(1)


def make_scheme(**values) -> Scheme:
    number = next(_numbers)
    defaults = {"code": f"de-an-{number}", "name": f"Đề án {number}", "legal_basis": "Quyết định thử"}
    return Scheme.objects.create(**defaults | {"starts_year": 2021, "ends_year": 2025} | values)


def make_category(scheme: Scheme, *, target: int | None = None, **values) -> Category:
    number = next(_numbers)
    defaults = {"position": number, "code": f"loai-{number}", "name": f"Loại {number}", "kind": Category.Kind.DEGREE}
    category = Category.objects.create(scheme=scheme, **defaults | {"unit": CountingUnit.PERSONS} | values)
    if target is not None:
        Quota.objects.create(category=category, target=target, unit=CountingUnit.PERSONS)
    return category


def course_values(category: Category, **values) -> dict:
    """A complete set of values for the services."""
    blank = dict.fromkeys(FIELDS)
    return blank | {
        "category": category,
        "name": "Lớp thử",
        "partner": "",
        "provinces": "",
        "place": "",
        "audience": "",
        "subjects": "",
        "fund_source": "",
        "participants": 10,
        "is_lower_bound": False,
        "unit": category.unit,
        "organiser": Course.Organiser.CITY,
        "organiser_districts": [],
        "enters_summary": True,
        "note": "",
        **values,
    }


def make_course(category: Category, by: User, **values) -> Course:
    saved: SavedCourse = create_course(
        scheme=category.scheme, values=course_values(category, **values), by=by, submission_id=uuid.uuid4()
    )
    return saved.course


def as_form(response) -> dict:
    """What a browser would send back from the form on the page, untouched."""
    form = response.context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, list):
            data[bound.name] = [str(getattr(item, "pk", item)) for item in value]
        elif isinstance(value, bool):
            if value:
                data[bound.name] = "on"
        elif hasattr(value, "strftime"):
            data[bound.name] = value.strftime("%d/%m/%Y")
        elif value is not None:
            data[bound.name] = str(getattr(value, "pk", value))
    return data
