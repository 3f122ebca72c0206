"""Every place that takes a file says that state secrets are not handed in, and what is covered."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from archiveportal.fields import NO_SECRETS, Upload
from tests.support.factories import enrol, make_round, make_user, make_ward
from tests.test_house import modules

ROOT = Path(settings.BASE_DIR)
IN_VIETNAMESE = (
    "Không tải lên tài liệu chứa bí mật nhà nước. Chụp kho, bìa và mục lục hồ sơ; che thông tin cá nhân của công dân."
)


def subclasses(of: type) -> Iterator[type]:
    for each in of.__subclasses__():
        yield each
        yield from subclasses(each)


def forms_with_files() -> list[type[forms.BaseForm]]:
    for module, _path in modules():
        if "forms" in module.split("."):
            importlib.import_module(module)
    own = {each for each in subclasses(forms.BaseForm) if each.__module__.partition(".")[0] != "django"}
    taking = [
        form
        for form in own
        if any(isinstance(field, forms.FileField) for field in getattr(form, "base_fields", {}).values())
    ]
    return sorted(taking, key=lambda form: form.__qualname__)


def test_every_field_that_takes_a_file_says_it_beside_the_field():
    taking = forms_with_files()
    assert len(taking) > 5
    for form in taking:
        for name, field in form.base_fields.items():
            if not isinstance(field, forms.FileField):
                continue
            assert isinstance(field, Upload), form
            with translation.override("vi"):
                # The last sentence of the help, which screen readers read with the field.
                assert str(field.help_text).endswith(IN_VIETNAMESE), (form, name)


def inputs() -> list[tuple[str, str, str]]:
    """Return template, its text and the identifier of what describes it, of each field written by hand."""
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for tag in re.findall(r"<input[^>]*type=\"?file[^>]*>", text):
            described = re.search(r'aria-describedby="([^"]+)"', tag)
            found.append((path.name, text, described[1] if described else ""))
    return found


def test_every_field_that_is_written_by_hand_says_it():
    assert len(inputs()) >= 2
    for name, text, described in inputs():
        assert described, name
        assert f'id="{described}">{{% no_secrets %}}<' in text, name


def test_the_one_script_that_takes_files_works_on_a_page_that_says_it():
    """A script that offers a field for files belongs to a page; a new one is added here with its page."""
    scripts = [path for path in (ROOT / "static/js").rglob("*.js") if re.search(r"type: ?\"file\"", path.read_text())]
    assert [path.name for path in scripts] == ["photos.js"]


@pytest.mark.django_db
def test_the_self_assessment_says_it_once(cast, sign_in):
    enrolment = enrol(make_round(asks_self_assessment=True), cast.thanhan.ward)
    address = reverse("inspections:self-assessment", args=[enrolment.pk])
    page = sign_in(cast.thanhan).get(address).content.decode()
    assert "js/checklist/photos" in page
    assert page.count(IN_VIETNAMESE) == 1


@pytest.mark.django_db
def test_the_checklist_says_it_once(sign_in):
    enrolment = enrol(make_round(), make_ward())
    page = sign_in(make_user()).get(reverse("inspections:checklist", args=[enrolment.pk])).content.decode()
    assert "js/checklist/photos" in page
    assert page.count(IN_VIETNAMESE) == 1


def test_the_words_are_those_of_the_order():
    with translation.override("vi"):
        assert str(NO_SECRETS) == IN_VIETNAMESE
