"""The guide: its pictures show the portal of today, and it is shown once to whoever is new."""

import io
import json
import os
import re
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import expect

from archiveportal.accounts.models import User
from archiveportal.guide.sheets import GUIDES
from criteria.inspections.models import Enrolment, Round, SelfAssessment
from tests.e2e.conftest import PASSWORD
from tests.support.inspections import published_finding
from tests.support.self_assessments import handed_in

LEADER = "ldthanhan"
#: those of a unit's leader come last: they show what the officer has handed in in a round that is open again
PICTURES = sorted(
    (sheet.picture for sheet in chain.from_iterable(GUIDES.values())), key=lambda each: each.user == LEADER
)
FOLDER = settings.BASE_DIR / "static/img/guide"
WORDS = Path(__file__).parent / "guide_words.json"
#: a picture of a page is older than the page when these of its words changed: the fixed ones, without numbers and names
FIXED = "main h1, main h2, main button, main th, .top nav a, .bottom-bar > a, main .figure small"
RECOMMENDED = "Trang bị phương tiện phòng cháy, chữa cháy tại Kho lưu trữ theo quy định."
AGAIN = "run python -m tests.guide_pictures"


def words_on(page) -> list[str]:
    """Return the fixed words of a page as a reader sees them."""
    seen = page.eval_on_selector_all(FIXED, "all => all.filter((one) => one.offsetParent).map((one) => one.innerText)")
    plain = {" ".join(re.sub(r"[\d/.,%:]+", " ", words).split()) for words in seen}
    return sorted(plain - {""})


@pytest.fixture
def opened(open_page, portal):
    """`opened(picture)`: the page of a picture, as its demo account sees it."""
    checklist = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202").pk
    for enrolment in Enrolment.objects.filter(round__code="gd1-2019", ward__code__in=["27202", "27676"]):
        published_finding(enrolment, User.objects.get(username="kiemtra"), "TC16", recommendation=RECOMMENDED)
    own = Enrolment.objects.get(round__code="gd1-2019", ward__code="27676")
    pages = {}

    def make(picture):
        if picture.user == LEADER and not SelfAssessment.objects.exists():
            Round.objects.filter(pk=own.round_id).update(status="open", asks_self_assessment=True)
            own.refresh_from_db()
            handed_in(own, User.objects.get(username="thanhan"))
        key = picture.user, picture.width
        if key not in pages:
            options = {"device_scale_factor": 1.5} if picture.width < picture.height else {}
            pages[key] = open_page(
                picture.user, picture.width, reduced_motion="reduce", color_scheme="light", **options
            )
        page = pages[key]
        page.set_viewport_size({"width": picture.width, "height": picture.height})
        page.goto(portal + picture.address.format(checklist=checklist, self_assessment=own.pk))
        page.wait_for_load_state("networkidle")
        return page

    return make


def test_the_pictures_are_as_old_as_the_words_of_their_pages(opened):
    kept = json.loads(WORDS.read_text()) if WORDS.exists() else {}
    writes = "GUIDE_PICTURES" in os.environ
    for picture in PICTURES:
        page = opened(picture)
        words = words_on(page)
        if writes:
            kept[picture.name] = words
            shown = Image.open(io.BytesIO(page.screenshot()))
            shown.convert("RGB").save(
                FOLDER / f"{picture.name}.webp", "WEBP", quality=40 if picture.is_wide else 60, method=6
            )
        assert words == kept[picture.name], f"{picture.name} is older than its page: {AGAIN}"
    if writes:
        WORDS.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def test_whoever_is_new_is_led_through_the_guide_once(browser, portal):
    User.objects.filter(username="thanhan").update(last_login=None)
    page = browser.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN").new_page()
    page.goto(f"{portal}/")
    page.fill("input[name=username]", "thanhan")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/bat-dau/")
    expect(page.locator(".guide-sheet")).to_have_count(2)
    for image in page.locator(".guide-sheet img").all():
        image.scroll_into_view_if_needed()
        page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=image.element_handle())
    page.locator(".head-actions a.main").click()
    page.wait_for_url(f"{portal}/")
    page.locator(".foot a[href='/bat-dau/']").click()
    page.wait_for_url("**/bat-dau/")
    page.goto(f"{portal}/")
    assert page.url == f"{portal}/"
    page.context.close()
