"""A new release while copies of the one before lie on a device."""

from django.conf import settings as portal_settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import StaticFilesStorage

from tests.e2e.conftest import until
from tests.e2e.test_offline import load_checklists, open_checklist, sign_in


class Numbered(StaticFilesStorage):
    """Addresses that differ from one release to the next, as those with a hash do.

    In release 1 all scripts lie in one folder, as they once did; later releases do not answer
    those addresses any more.
    """

    release = 1

    def url(self, name):
        if self.release == 1 and name.startswith("js/"):
            name = f"js/{name.rpartition('/')[2]}"
        return f"{super().url(name)}?v={self.release}"


class OneFolder(BaseFinder):
    """Finds the scripts where release 1 has them."""

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False, **kwargs):
        folder, _slash, name = path.rpartition("/")
        if Numbered.release != 1 or folder != "js":
            return []
        return str(next((portal_settings.BASE_DIR / "static/js").glob(f"*/{name}")))

    def list(self, ignore_patterns):
        return []


def test_a_copy_works_whatever_release_it_is_of(device, portal, two, settings, monkeypatch):
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": f"{__name__}.Numbered"}}
    settings.STATICFILES_FINDERS = [*settings.STATICFILES_FINDERS, f"{__name__}.OneFolder"]
    url = two[0][0]
    context = device()
    page = context.pages[0]
    sign_in(page, portal)
    load_checklists(page, portal)
    # Renewed after the checklists were loaded: the new worker has other addresses than the copies.
    monkeypatch.setattr(Numbered, "release", 2)
    page.goto(f"{portal}/")
    page.evaluate(ASK_FOR_THE_NEXT)
    until(page, RENEWED)
    assert page.evaluate("async () => (await fetch('/static/js/summary.js?v=1')).status") == 404
    assert opened_without_a_network(context, url) == "1"
    # Renewed while the page with the button stays open: the copies are of the new release, and so is what they name.
    page.goto(f"{portal}/")
    monkeypatch.setattr(Numbered, "release", 3)
    page.locator("[data-load-all]").click()
    until(page, "!document.querySelector('[data-load-all]').disabled")
    until(page, INSTALLED)
    assert opened_without_a_network(context, url) == "3"


# What is being fetched for the next worker may not be cut off. It may go on waiting for the present one, which the
# browser replaces once that has had nothing to do for a while: the copy works under either.
INSTALLED = """async () => {
    const registration = await navigator.serviceWorker.ready;
    return !registration.installing && registration.active.state === 'activated';
}"""

# After a visit the browser asks by itself, but not before the worker has had nothing to do for a second.
ASK_FOR_THE_NEXT = """async () => {
    await (await navigator.serviceWorker.ready).update();
}"""

# Read from the store alone: a request of the page would keep the worker busy.
RENEWED = """async () => {
    const registration = await navigator.serviceWorker.ready;
    const assets = (await caches.keys()).filter((name) => name.startsWith('assets-'));
    const renewed = await caches.match('/static/js/device/device.js?v=2', { cacheName: assets[0] });
    return assets.length === 1 && Boolean(renewed)
        && !registration.installing && !registration.waiting && registration.active.state === 'activated';
}"""


def opened_without_a_network(context, url: str) -> str:
    """The release of the copy, which has its scripts and its styles."""
    context.set_offline(True)
    page = context.pages[0]
    # What the browser itself kept of earlier visits does not count.
    context.new_cdp_session(page).send("Network.clearBrowserCache")
    open_checklist(page, url)
    styles = page.locator("link[rel=stylesheet]")
    assert styles.evaluate_all("links => links.every((link) => link.sheet && link.sheet.cssRules.length)")
    until(page, "document.querySelector('.head-actions .icon use').getBBox().width > 0")
    release = page.locator("script[src*='autosave.js']").get_attribute("src").rpartition("=")[2]
    context.set_offline(False)
    return release
