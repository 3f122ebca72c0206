"""Chromium against a live server. In CI a missing browser is a failure; on a person's machine it skips and says so."""

import os
import shutil
import time
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from archiveportal.accounts.models import User
from archiveportal.management.commands.demo_accounts import PEOPLE
from criteria.inspections.models import Enrolment
from criteria.inspections.queries import work_of
from tests.kept import load_reports_data
from tests.support.sessions import begin_session

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the tests

#: The headless shell has the same engine without windows: a page costs it a quarter of the CPU.
BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
# Room for young objects: each page and each run of axe makes many, and collecting them takes a tenth of the CPU.
SWITCHES += ["--js-flags=--min-semi-space-size=32 --max-semi-space-size=64"]
PASSWORD = "vtlt-demo-2019"


#: nothing that works takes so long, not on a busy machine either
PATIENCE = 60


def until(page, script: str, seconds: float = PATIENCE) -> None:
    """Wait until the script returns something true; run it from outside, as the page forbids eval."""
    end = time.monotonic() + seconds
    while not page.evaluate(script):
        assert time.monotonic() < end, f"not within {seconds} s: {script}"
        page.wait_for_timeout(40)


def until_true(page, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Waits until the condition holds, which is asked here; the browser's events arrive meanwhile."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s"
        page.wait_for_timeout(40)


def give(page, number: int, outcome: str) -> None:
    """Answers by keyboard, which no page moves away from: after a click the next open criterion comes into view."""
    page.locator(f"input[name=TC{number:02d}-outcome][value={outcome}]").press("Space")


# What a page sends after its worker has taken it over passes by whatever a test would hold back on the way, unless the
# worker was there before the page.
WORKER_IS_THERE = """async () => {
    const device = typeof portal === "undefined" ? null : portal.device;
    const worker = await device?.worker?.catch(() => null);
    if (worker) await navigator.serviceWorker.ready;
}"""


def policy_faults(page) -> list[str]:
    """Fills with what the content security policy refuses from now on."""
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if "Security Policy" in message.text else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return faults


def pytest_collection_modifyitems(items):
    here = os.path.dirname(__file__)  # noqa: PTH120
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.django_db(transaction=True))
            if not CHROMIUM and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine; install it to run these tests"))


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import expect, sync_playwright

    assert CHROMIUM, "Chromium is not installed"
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def portal(transactional_db, live_server, browser):
    """The portal as `make run` serves it: the reports' data and the demo accounts, which have signed in before."""
    load_reports_data()
    call_command("demo_accounts", verbosity=0)
    User.objects.filter(is_demo=True).update(last_login=timezone.now())
    yield live_server.url
    # A page that a test left open keeps its connection, and emptying the tables would wait for it.
    for context in browser.contexts:
        context.close()


@pytest.fixture
def ward(portal):
    """The checklist of Phường 6, Quận 10: its address and its row."""
    enrolment = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")
    return f"{portal}/phieu/{enrolment.pk}/", enrolment


@pytest.fixture
def open_page(browser, portal):
    """`open_page(name, width)`: a page in a context of its own, signed in as a demo account."""
    contexts = []

    def make(name: str, width: int = 1440, **options):
        context = browser.new_context(viewport={"width": width, "height": 844}, locale="vi-VN", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        key = begin_session(User.objects.get(username=name))
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": portal}])
        page.goto(f"{portal}/")
        page.evaluate(WORKER_IS_THERE)
        return page

    yield make
    for context in contexts:
        # What is on its way at the end of a test fails nobody else's.
        for routed in (*context.pages, context):
            routed.unroute_all(behavior="ignoreErrors")
        context.close()
    assert User.objects.filter(is_demo=True).count() == len(PEOPLE)


@pytest.fixture
def device(browser, portal, tmp_path):
    """`device()` opens the browser of one telephone; closed and opened again it keeps what it kept."""
    opened = []

    def start(**options):
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "device", executable_path=CHROMIUM, args=SWITCHES, locale="vi-VN", reduced_motion="reduce",
            viewport={"width": 390, "height": 844}, **options,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE * 1000)
        opened.append(context)
        return context

    yield start
    for context in opened:
        context.close()


@pytest.fixture
def two(portal):
    """Two of the checklists that an inspector's first page lists: address and row."""
    work = work_of(User.objects.get(username="kiemtra"))[:2]
    return [(f"{portal}/phieu/{enrolment.pk}/", enrolment) for enrolment in work]
