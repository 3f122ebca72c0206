"""Every page of every role: nothing inline, nothing from elsewhere, nothing cut off, nothing unreadable."""

from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

ROLES = ["kiemtra", "lanhdaochicuc", "quan10", "thanhan", "lanhdaoso", "quantri"]
#: pages that download or that end the session
LEFT_OUT = (".xlsx", ".docx", "tai=xlsx", "dang-xuat", ".svg", ".png")
#: of a kind of page (the address without its numbers) so many are opened
OF_A_KIND = 1


def kind_of(address: str) -> str:
    parts = urlsplit(address)
    return "".join("0" if letter.isdigit() else letter for letter in parts.path)


def pages_of(page, portal: str):
    """Follows the links from home, a few of each kind."""
    waiting, seen, kinds = [f"{portal}/"], set(), {}
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if address in seen or kinds.get(kind, 0) >= OF_A_KIND or any(part in address for part in LEFT_OUT):
            continue
        seen.add(address)
        kinds[kind] = kinds.get(kind, 0) + 1
        response = page.goto(address)
        assert response.status == 200, f"{address}: {response.status}"
        yield address
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
        found = (urljoin(address, link).partition("#")[0] for link in links)
        waiting += [link for link in found if link.startswith(portal)]


@pytest.mark.parametrize("role", ROLES)
def test_every_page(portal, open_page, role):
    page = open_page(role, 390)
    faults, requests = [], []
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    axe, opened = Axe(), 0
    for address in pages_of(page, portal):
        opened += 1
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            faults.append(f"{address} is wider than the screen")
        for violation in axe.run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                faults.append(f"{address}: {violation['id']}: {violation['nodes'][0]['html'][:160]}")
    assert opened >= 5
    assert not faults, "\n".join(faults)
    assert {urlsplit(url).netloc for url in requests if url.startswith("http")} == {urlsplit(portal).netloc}
