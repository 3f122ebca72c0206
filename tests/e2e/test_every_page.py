"""Every page of every role, with work of every kind in it.

Nothing is inline or from elsewhere, nothing is cut off, nothing is unreadable.
"""

from collections.abc import Iterable
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.tokens import default_token_generator
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.http import urlsafe_base64_encode

from archiveportal.accounts.first_links import path_of
from archiveportal.accounts.models import FirstLink, User
from archiveportal.office.kinds import PaperKind
from archiveportal.office.models import Signatory
from archiveportal.office.services import enter_signatory
from criteria import services as sets
from criteria.inspections.models import (
    Decision,
    Enrolment,
    Finding,
    Minutes,
    OfficialPaper,
    Round,
    SelfAssessment,
)
from criteria.inspections.papers.minutes import paper_of
from criteria.inspections.services import official_papers as papers
from criteria.inspections.services import rounds
from criteria.inspections.services.decision_changes import suspend_decision
from criteria.models import CriteriaSet
from reports.models import Closing
from tests.e2e.targets import small_targets
from tests.releases import checklists
from tests.releases.story import let_everything_happen
from tests.support.decisions import announce, make_decision, suspension
from tests.support.factories import enrol, make_round
from tests.support.mixed_sets import make_mixed_set
from tests.test_access import addresses
from training import illustration
from wards.models import Grouping, UnitGroup
from wards.services import groups

PHONE, DESK, HEIGHT = 390, 1440, 844
#: pages that a person reaches without signing in are walked as the last
NOBODY = ""
ROLES = ["lanhdaochicuc", "kiemtra", "lanhdaoso", "quan10", "thanhan", "quantri", NOBODY]

#: Addresses that show no page: they take a POST, send a file or what scripts read, or lead elsewhere.
NO_PAGES = """
    set_language healthz readyz accounts:sign-out accounts:new-password
    accounts:first-links-send accounts:slips jobs:state jobs:file jobs:cancel
    wards:predecessor-remove wards:grouping-assign wards:group-remove
    imports:template imports:answer imports:check imports:confirm imports:drop imports:errors imports:copy
    stand-ins:end criteria:copy
    criteria:publish training:overview inspections:round-remove inspections:round-document-file
    inspections:round-paper-word inspections:round-paper-file inspections:round-papers-all
    inspections:plan-approval-file
    inspections:ward-reopening-end inspections:team-remove inspections:save
    inspections:settle inspections:stock inspections:guidance inspections:submit
    inspections:return inspections:approve inspections:evidence inspections:evidence-describe
    inspections:evidence-void inspections:evidence-picture inspections:evidence-file
    inspections:round-late-document inspections:round-late-workbook inspections:round-letter
    inspections:minutes-scan inspections:minutes-scan-picture inspections:minutes-word
    inspections:minutes-add-scans inspections:verify-qr inspections:reminders-send
    inspections:finding-answer inspections:finding-judge inspections:finding-deadline
    inspections:finding-close inspections:finding-file inspections:finding-picture
    inspections:question-ask inspections:question-answer inspections:question-close
    inspections:question-note inspections:question-distant inspections:result-word
    inspections:question-file inspections:question-picture
    inspections:finding-withdraw inspections:self-return
    inspections:self-confirm inspections:self-accept inspections:self-withdraw inspections:self-paper
    inspections:self-paper-file inspections:self-evidence-item inspections:self-evidence-picture
    inspections:self-evidence-file inspections:worker reports:summary-workbook
    reports:round-workbook reports:scheme-workbook reports:attainment-workbook
    reports:picture-svg reports:picture-png reports:round-document reports:scheme-document
    reports:template-file reports:template-own reports:template-withdraw reports:proposal
    reports:correction
    reports:closing-signed reports:closing-file
    training:scheme-remove training:category-move training:category-remove
    criteria:citation-remove inspections:plan-special
    criteria:build-arrange criteria:build-status criteria:build-sections criteria:build-section-remove
    criteria:build-leaf-remove criteria:build-bar-remove
    inspections:notice inspections:notices-read inspections:notices-mail
"""

PAGES_OF_A_ROUND = ["round", "plan", "round-documents", "teams"]

# What stands on a page, each kind once: tag and classes of a node and of the one around it.
KINDS_OF_NODES = """() => {
    const kind = (node) => `${node.localName}.${node.getAttribute('class')}`;
    const nodes = [...document.body.querySelectorAll('*')];
    return [...new Set(nodes.map((node) => `${kind(node.parentElement)} ${kind(node)} ${node.getAttribute('role')}`))];
}"""

# Long lists keep three rows of a kind: the hundredth says nothing new and takes axe as long as the first.
THIN_OUT = """() => {
    const kind = (node) => `${node.localName}.${node.getAttribute('class')}`;
    for (const list of document.querySelectorAll('tbody, ul, ol')) {
        const seen = {};
        for (const row of [...list.children]) {
            const kinds = [row, ...row.querySelectorAll('*')].map(kind).join();
            seen[kinds] = (seen[kinds] ?? 0) + 1;
            if (seen[kinds] > 3) row.remove();
        }
    }
}"""


# A label points at the first of two fields with one id, whichever it means.
IDS_TWICE = """() => {
    const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
    return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""


#: what is typed in one go, beside a button: the code of a round to delete it, a reason to take something back
TYPED_IN_ONE_GO = ["code", "reason"]
# Forms whose text would be lost with the session or the network: no device keeps it (static/js/device/draft.js).
UNKEPT = """(inOneGo) => {
    const isTyped = (field) => field.matches("textarea, input:not([type]), [type=text], [type=email], [type=file]")
        && field.name && !field.readOnly;
    const isLost = (form) => form.method === "post" && !form.matches("[data-draft], [data-checklist], [data-ticks]")
        && ![...form.elements].some((field) => field.matches("[type=password], [autocomplete=username]"));
    return [...document.querySelectorAll("main form")].filter(isLost).flatMap((form) =>
        [...form.elements].filter(isTyped).map((field) => field.name)).filter((name) => !inOneGo.includes(name));
}"""


# Tables that a phone shows as cards have their words cut off where a card is wider than its place.
CUT_CARDS = """() => {
    const isCut = (table) => getComputedStyle(table).display !== "table" && table.scrollWidth > table.clientWidth + 1;
    return [...document.querySelectorAll("table")].filter(isCut).map((table) => table.className);
}"""


def name_of(address: str) -> str:
    return resolve(urlsplit(address).path).view_name


class Walk:
    """Opens pages and notes what is wrong with them. What axe has seen of the portal it is not asked again."""

    def __init__(self, portal: str):
        self.portal = portal
        self.axe = Axe()
        #: width and colours in which the page is shown: each change lays it out anew
        self.shown: tuple[int, str] | None = None
        self.left_out = set(NO_PAGES.split())
        self.faults: list[str] = []
        self.requested: set[str] = set()
        self.names: set[str] = set()
        self.kinds: set[str] = set()

    def follow(self, page, starts: Iterable[str]) -> None:
        """Open the starts and, by links, one page of every other address."""
        self.shown = None
        page.on("console", self.note_console)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self.requested.add(request.url))
        waiting = [f"{self.portal}{start}" for start in starts]
        left_to_open, names = set(waiting), set()
        while waiting:
            address = waiting.pop(0)
            name = name_of(address)
            if name in self.left_out or (name in names and address not in left_to_open):
                continue
            left_to_open.discard(address)
            waiting += self.open(page, address)
            # What leads elsewhere was not seen itself, but is not opened a second time.
            names.add(name)
            self.names.add(name_of(page.url))

    def note_console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(message.text)

    def links_of(self, page, address: str) -> list[str]:
        script = "links => links.map(link => link.getAttribute('href'))"
        links = page.eval_on_selector_all("a[href]", script)
        whole = [urljoin(address, link).partition("#")[0] for link in links]
        return [link for link in whole if link.startswith(self.portal)]

    def open(self, page, address: str) -> list[str]:
        """Return the links of the page; what axe or the widths find is noted."""
        self.show(page, PHONE, "light")
        response = page.goto(address)
        if response.status != 200:
            self.faults.append(f"{address}: {response.status}")
            return []
        twice = page.evaluate(IDS_TWICE)
        if twice:
            self.faults.append(f"{address} has twice: {', '.join(twice)}")
        unkept = page.evaluate(UNKEPT, TYPED_IN_ONE_GO)
        if unkept:
            self.faults.append(f"{address} loses with the session: {', '.join(unkept)}")
        cut = page.evaluate(CUT_CARDS)
        if cut:
            self.faults.append(f"{address} cuts off: {', '.join(cut)}")
        small = small_targets(page)
        if small:
            self.faults.append(f"{address} is too small for a finger: {'; '.join(small)}")
        for width in (PHONE, DESK):
            self.show(page, width, "light")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                self.faults.append(f"{address} is wider than {width}")
        links, kinds = self.links_of(page, address), set(page.evaluate(KINDS_OF_NODES))
        if kinds - self.kinds or name_of(page.url) not in self.names:
            page.evaluate(THIN_OUT)
            page.evaluate(self.axe.axe_script)
            for width, colours in ((PHONE, "light"), (DESK, "dark")):
                self.show(page, width, colours)
                self.ask_axe(page, address)
            self.kinds |= kinds
        return links

    def show(self, page, width: int, colours: str) -> None:
        former_width, former_colours = self.shown or (None, None)
        if width != former_width:
            page.set_viewport_size({"width": width, "height": HEIGHT})
        if colours != former_colours:
            page.emulate_media(color_scheme=colours)
        self.shown = (width, colours)

    def ask_axe(self, page, address: str) -> None:
        # The rules that want the style sheets once more are none of the usual ones.
        options = {"resultTypes": ["violations"], "preload": False}
        # Without `Axe.run`, which would have the browser read the 570 kB of the script each time.
        for violation in page.evaluate("options => axe.run(options)", options)["violations"]:
            if violation["impact"] in ("serious", "critical"):
                where = violation["nodes"][0]["html"][:160]
                self.faults.append(f"{address}: {violation['id']}: {where}")


@pytest.fixture
def everything(portal):
    """A portal in which everything has happened; a set is being edited, minutes are to be signed."""
    let_everything_happen()
    illustration.load()
    checklists.write_minutes(draft_of_reports(), User.objects.get(username="kiemtra"))
    approver, newest = User.objects.get(username="lanhdaochicuc"), CriteriaSet.objects.order_by("pk").last()
    make_mixed_set(status="draft")
    today = timezone.localdate()
    draft = Round(
        code="dot-nhap",
        name="Đợt đang soạn",
        status=Round.Status.DRAFT,
        criteria_set=draft_of_reports().round.criteria_set,
    )
    draft.starts_on, draft.ends_on = today, today
    rounds.open_round(inspection_round=draft, by=approver)
    about = papers.About(PaperKind.PLAN, draft_of_reports().round)
    papers.draft_paper(about=about, by=approver)
    announced_decision(approver)
    signatory = Signatory(kind=PaperKind.PLAN, first_day=today, level="department", titles="GIÁM ĐỐC", symbol="KH-SNV")
    enter_signatory(signatory=signatory, by=User.objects.get(username="quantri"))
    grouping = groups.create_grouping(grouping=Grouping(code="khu-vuc-thu", name="Khu vực thử"), by=approver)
    groups.create_group(group=UnitGroup(grouping=grouping, code="kv-1", name="Khu vực một"), by=approver)
    asked = make_round(newest, code="tu-kiem-tra", asks_self_assessment=True)
    enrol(asked, User.objects.get(username="thanhan").ward)
    # The newest of all sets, by which its pages are found.
    sets.copy_set(criteria_set=newest, by=approver)
    return portal


def announced_decision(approver: User) -> None:
    """Decide a specialised inspection of a unit, announced and paused."""
    people = SimpleNamespace(inspector=User.objects.get(username="kiemtra"), approver=approver)
    decided = make_decision(people, units=1)
    # The round for trying things out may have a visit of the same head on this day.
    announce(decided, people, timezone.localdate(), is_confirmed=True)
    suspend_decision(suspension=suspension(decided), by=approver)


def draft_of_reports() -> Enrolment:
    rows = Enrolment.objects.select_related("round__criteria_set", "ward")
    return rows.get(round__code="gd1-2019", ward__code="27676")


def starts_of(role: str) -> list[str]:
    """Where a walk begins: rows in every state, and what no page links to."""
    of_2026 = Enrolment.objects.filter(round__code="dot-2026").order_by("position")
    findings = [f"/kien-nghi/{finding.pk}/" for finding in Finding.objects.order_by("pk")]
    of_checklists = [f"/phieu/{enrolment.pk}/" for enrolment in of_2026]
    of_papers = [f"/dot-kiem-tra/{paper.round.code}/ho-so/{paper.pk}/" for paper in OfficialPaper.objects.all()]
    if role == "lanhdaochicuc":
        assessed = SelfAssessment.objects.order_by("pk").first().enrolment_id
        sides = [reverse(f"inspections:{name}", args=[assessed]) for name in ("self-time", "self-both")]
        return ["/", *of_checklists, *findings, *of_papers, *sides, *desk_of_approvers(of_2026)]
    if role == "kiemtra":
        return ["/", *of_checklists, *desk_of_inspectors(of_2026)]
    if role == "quan10":
        minutes = Minutes.objects.filter(sequence=1, inspection__enrolment__round__code="gd2-2019")
        paper = paper_of(minutes.get(signed_on__isnull=False))
        return ["/", reverse("inspections:verify", args=[paper.code, paper.check])]
    if role == "thanhan":
        unit = Enrolment.objects.get(round__code="tu-kiem-tra")
        return [
            "/",
            reverse("inspections:self-print", args=[unit.pk]),
            reverse("inspections:self-evidence-add", args=[unit.pk, unit.round.criteria_set.criteria.first().code]),
        ]
    if role == "quantri":
        officer = User.objects.get(username="thanhan")
        signs = reverse("office:signatory-edit", args=[Signatory.objects.get().pk])
        starts = ["/", signs, f"{reverse('office:signatory-add')}?kind=plan"]
        return [*starts, reverse("imports:start", args=["tai-khoan"]), reverse("accounts:hand-over", args=[officer.pk])]
    if role == NOBODY:
        person = User.objects.get(username="thanhan")
        link = [urlsafe_base64_encode(str(person.pk).encode()), default_token_generator.make_token(person)]
        pages = ["accounts:sign-in", "accounts:reset", "accounts:reset-done", "accounts:reset-complete"]
        first_link = FirstLink.objects.select_related("account").get(used_at=None, ended_at=None)
        return [*map(reverse, pages), reverse("accounts:reset-confirm", args=link), path_of(first_link)]
    return ["/"]


def desk_of_approvers(of_2026) -> list[str]:
    closed = Round.objects.get(code="gd2-2019")
    shut = closed.enrolments.order_by("position").last()
    edited = CriteriaSet.objects.order_by("pk").last()
    approved = of_2026.filter(inspection__status="approved").first()
    closings = [reverse("reports:closing", args=[closing.pk]) for closing in Closing.objects.all()]
    group = UnitGroup.objects.get(code="kv-1")
    return [
        *closings,
        # The pages of an open round say more than those of a draft, which is the first in the list.
        *[reverse(f"inspections:{name}", args=["dot-2026"]) for name in PAGES_OF_A_ROUND],
        reverse("inspections:decisions", args=[Decision.objects.last().round.code]),
        reverse("reports:holdings", args=["dot-2026"]),
        *[reverse(f"inspections:{name}", args=["dot-nhap"]) for name in ("round-prepare", "round-delete")],
        reverse("wards:grouping-edit", args=[group.grouping_id]),
        reverse("wards:group-edit", args=[group.pk]),
        reverse("criteria:edit", args=[edited.pk]),
        *[reverse(f"criteria:{name}", args=[edited.pk]) for name in ("build", "build-crosswalk")],
        *pages_of_a_mixed_set(),
        reverse("training:attainment", args=["02-2014"]),
        reverse("inspections:reopen", args=[approved.pk]),
        reverse("inspections:history", args=[approved.pk]),
        reverse("inspections:round-reopen", args=[closed.code]),
        reverse("inspections:ward-reopen", args=[closed.code, shut.pk]),
    ]


def pages_of_a_mixed_set() -> list[str]:
    """A set that is being built, with a bar; leaves of the kinds whose pages differ most."""
    mixed = CriteriaSet.objects.get(bars__isnull=False)
    shown = [mixed.criteria.filter(kind=kind).first() for kind in ("choice", "ratio", "measure")]
    leaves = [reverse("criteria:build-leaf", args=[mixed.pk, leaf.pk]) for leaf in shown]
    ways = [f"{reverse('criteria:preview', args=[mixed.pk])}?xem={way}" for way in ("phieu", "bieu", "bang")]
    bar = reverse("criteria:build-bar", args=[mixed.pk, mixed.bars.get().pk])
    return [reverse("criteria:build", args=[mixed.pk]), bar, *leaves, *ways]


def desk_of_inspectors(of_2026) -> list[str]:
    draft = draft_of_reports()
    states = [reverse("inspections:history", args=[each.pk]) for each in of_2026]
    return [
        *states,
        reverse("inspections:finding-write", args=[draft.pk, "TC02"]),
        reverse("inspections:evidence-add", args=[draft.pk, "TC02"]),
        reverse("inspections:minutes", args=[draft.pk]),
        reverse("inspections:minutes-sign", args=[draft.pk]),
        *[reverse("inspections:minutes", args=[each.pk]) for each in of_2026],
    ]


def test_every_page(everything, open_page, browser):
    walk = Walk(everything)
    for role in ROLES:
        page = open_page(role, PHONE) if role else browser.new_page()
        walk.follow(page, starts_of(role))
    assert not walk.faults, "\n".join(walk.faults)
    # An address that shows a page and was not reached needs a start; one that shows none says so.
    pages = set(addresses()) - walk.left_out
    assert " ".join(sorted(pages - walk.names)) == ""
    assert sorted(walk.names - pages) == []
    hosts = {urlsplit(url).netloc for url in walk.requested if url.startswith("http")}
    assert hosts == {urlsplit(everything).netloc}
