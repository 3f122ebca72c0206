"""What waits on a device under the scripts and pages of the last release, while the server gets this one.

device.tar.xz beside the stored release has its scripts and those templates that make the pages a
device keeps. As the old release did, the portal serves the scripts from one folder until it is
upgraded; then it answers their addresses no more.
"""

import copy
import tarfile
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import StaticFilesStorage

from criteria.inspections.models import Evidence, KeptAnswer, Submission
from tests import releases
from tests.e2e.conftest import until
from tests.e2e.test_autosave import choose, doubled, result, wait_for_state
from tests.e2e.test_offline import all_sent, answer, load_checklists, open_checklist, photograph, sign_in

STORED = Path(releases.__file__).parent / "2026-11" / "device.tar.xz"
MET, NOT_MET = range(1, 8), range(8, 11)


class Release:
    """The release that the portal serves: the old one while `folder` names its files."""

    folder: Path | None = None


class OldAddresses(StaticFilesStorage):
    def url(self, name):
        old_name = f"js/{name.rpartition('/')[2]}"
        # The worker of this release, which the view makes, also names scripts that the old one had not.
        if Release.folder and name.startswith("js/") and (Release.folder / "static" / old_name).is_file():
            name = old_name
        return super().url(name)


class OldScripts(BaseFinder):
    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False, **kwargs):
        file = Release.folder / "static" / path if Release.folder else None
        return str(file) if file and path.startswith("js/") and file.is_file() else []

    def list(self, ignore_patterns):
        return []


@pytest.fixture
def upgrade(settings, tmp_path, monkeypatch):
    """The portal is of the last release until `upgrade()` is called."""
    new_templates = settings.TEMPLATES
    old_templates = copy.deepcopy(new_templates)
    with tarfile.open(STORED) as stored:
        stored.extractall(tmp_path / "release", filter="data")
    monkeypatch.setattr(Release, "folder", tmp_path / "release")
    old_templates[0]["DIRS"].insert(0, tmp_path / "release" / "templates")
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": f"{__name__}.OldAddresses"}}
    settings.STATICFILES_FINDERS = [*settings.STATICFILES_FINDERS, f"{__name__}.OldScripts"]
    settings.TEMPLATES = old_templates

    def to_this_release() -> None:
        Release.folder = None
        settings.TEMPLATES = new_templates

    return to_this_release


def is_of_old_release(page) -> bool:
    return page.locator("script[src$='/js/autosave.js']").count() == 1


def is_here_once(enrolment) -> None:
    """Ten answers and three photographs are in the record, each of them once."""
    outcomes = {number: result(enrolment, number).outcome for number in (*MET, *NOT_MET)}
    assert outcomes == dict.fromkeys(MET, "met") | dict.fromkeys(NOT_MET, "not_met")
    assert set(enrolment.inspection.results.values_list("version", flat=True)) == {1}
    assert enrolment.inspection.results.count() == Submission.objects.count() == 10
    assert Evidence.objects.filter(inspection=enrolment.inspection).count() == 3
    assert not KeptAnswer.objects.exists()
    assert doubled(enrolment) == []


@pytest.mark.parametrize("way", ["the page stays open", "the browser is opened again"])
def test_what_waits_under_the_old_release_arrives_once(device, portal, two, upgrade, way):
    (url, enrolment), _other = two
    context = device()
    page = context.pages[0]
    sign_in(page, portal)
    load_checklists(page, portal)
    context.set_offline(True)
    open_checklist(page, url)
    assert is_of_old_release(page)
    answer(page, MET)
    answer(page, NOT_MET, "not_met")
    page.locator("#TC15 input[type=file]").set_input_files([photograph(1), photograph(2)])
    page.locator("#TC16 input[type=file]").set_input_files([photograph(3)])
    until(page, "async () => (await portal.store.entries(portal.autosave.user)).length === 13")

    upgrade()
    if way == "the page stays open":
        context.set_offline(False)
    else:
        context.close()
        context = device()
        page = context.pages[0]
        page.goto(f"{portal}/ngoai-tuyen/")
        assert page.locator("script[src$='/js/device/queue.js']").count() == 1
    all_sent(page)
    is_here_once(enrolment)
    # The page of this release shows it all, and its copy opens without a network again.
    open_checklist(page, url)
    assert not is_of_old_release(page)
    assert page.locator("input[value=not_met]:checked").count() == len(NOT_MET)
    assert page.locator("[data-evidence-list] img").count() == 3


def test_an_old_page_beside_a_new_one(device, portal, two, upgrade):
    (url, enrolment), _other = two
    context = device()
    old = context.pages[0]
    sign_in(old, portal)
    open_checklist(old, url)
    assert is_of_old_release(old)
    upgrade()
    new = context.new_page()
    open_checklist(new, url)
    assert not is_of_old_release(new)
    # Each shows what was given in the other.
    choose(old, 1, "met")
    wait_for_state(new, "TC01", "saved")
    choose(new, 2, "not_met")
    until(old, "document.querySelector('input[name=TC02-outcome][value=not_met]').checked")
    wait_for_state(old, "TC02", "saved")
    # Without a network both give parts of it; whichever sends, each arrives once.
    context.set_offline(True)
    # The old scripts miss what is given while they draw, until it is sent: each step waits until they rest.
    for page in (old, new):
        until(page, "portal.queue.status.paused === 'network'")
    old.wait_for_timeout(100)
    choose(old, 3, "met")
    until(new, "document.querySelector('input[name=TC03-outcome][value=met]').checked")
    wait_for_state(old, "TC03", "waiting")
    choose(new, 4, "met")
    until(old, "document.querySelector('input[name=TC04-outcome][value=met]').checked")
    wait_for_state(old, "TC04", "waiting")
    choose(new, 3, "not_met")
    until(old, "document.querySelector('input[name=TC03-outcome][value=not_met]').checked")
    context.set_offline(False)
    all_sent(new)
    outcomes = [result(enrolment, number).outcome for number in (1, 2, 3, 4)]
    assert outcomes == ["met", "not_met", "not_met", "met"]
    assert not KeptAnswer.objects.exists()
    assert doubled(enrolment) == []
