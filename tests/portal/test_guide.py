"""The guide: two pages for each role, with names that the screens have, and the contact of the office."""

import re
from itertools import chain

import polib
import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image

from archiveportal.accounts.models import Role
from archiveportal.guide.sheets import GUIDES

MOST_BYTES = 90_000


def test_every_role_has_two_pages():
    assert set(GUIDES) == set(Role)
    assert all(len(sheets) == 2 and all(4 <= len(sheet.steps) <= 6 for sheet in sheets) for sheets in GUIDES.values())


def test_names_in_the_guide_are_those_of_the_screens():
    """A button that gets another name is renamed in the guide, too."""
    catalogue = polib.pofile(str(settings.BASE_DIR / "locale/vi/LC_MESSAGES/django.po"))
    shown = {entry.msgstr.rstrip(":…. ") for entry in catalogue}
    sheets = list(chain.from_iterable(GUIDES.values()))
    texts = [*chain.from_iterable(sheet.steps for sheet in sheets), *(sheet.picture.caption for sheet in sheets)]
    named = set(re.findall(r"“([^”]+)”", " ".join(texts)))
    assert len(named) > 20
    assert named - shown == set()


def test_pictures_are_there_small_and_in_the_shape_of_their_page():
    for sheet in chain.from_iterable(GUIDES.values()):
        path = settings.BASE_DIR / "static" / sheet.picture.file
        assert path.stat().st_size < MOST_BYTES, path.name
        with Image.open(path) as shown:
            width, height = shown.size
        assert abs(width / height - sheet.picture.width / sheet.picture.height) < 0.01, path.name


@pytest.mark.parametrize("name", ["inspector", "approver", "quan10", "thanhan", "leader", "administrator"])
def test_each_person_sees_the_guide_of_the_own_role(cast, sign_in, settings, name, django_assert_max_num_queries):
    settings.OFFICE_CONTACT = "Phòng Quản lý Văn thư - Lưu trữ, ĐT 028 1234 5678"
    person = getattr(cast, name)
    client = sign_in(person)
    with django_assert_max_num_queries(6):
        page = client.get(reverse("guide")).content.decode()
    assert all(sheet.title in page for sheet in GUIDES[person.role])
    # In the guide and in the foot.
    assert page.count("028 1234 5678") == 2
    assert reverse("guide") in client.get(reverse("home")).content.decode()


def test_the_contact_stands_where_one_cannot_sign_in(client, db, settings):
    settings.OFFICE_CONTACT = "ĐT 028 1234 5678"
    assert "028 1234 5678" in client.get(reverse("accounts:sign-in")).content.decode()
