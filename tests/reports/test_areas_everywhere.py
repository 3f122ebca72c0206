"""A round of units of today: nothing of it speaks of districts, and its groups stand where districts stood."""

from __future__ import annotations

import datetime
import html
import io
import re
import zipfile
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import load_workbook

from criteria.inspections.models import Enrolment, Round, Team
from criteria.inspections.services import add_wards, approve_inspection
from criteria.inspections.services.teams import Member, save_team
from criteria.models import CriteriaSet
from reports.dashboard.charts import KINDS
from reports.workbooks.catalogue import ROUND_KINDS
from tests.support.factories import answer, make_district, make_grouping, submit_signed
from wards.models import District, Ward

FIRST_DAY = datetime.date(2026, 3, 1)
#: of a row that ended, as the history of units has it
OLD_WORDS = re.compile(r"\b(quận|huyện|thị trấn)\b", re.IGNORECASE)
#: of scores and words that a report printed, where there is no report
REPORT_WORDS = re.compile(r"\b((?<!kèm )theo báo cáo|báo cáo ghi|như báo cáo|chữ quét|bản quét)\b", re.IGNORECASE)
KINDS_OF_TODAY, UNITS = ("dac_khu", "phuong", "xa"), 168
NOUN, GROUPS = "Khu vực", ["Khu vực 1", "Khu vực 2", "Khu vực 3"]


@pytest.fixture(params=["grouped", "undivided"])
def inspection_round(request, cast, city) -> Round:
    """A round over all 168 units of today, with an approved checklist, a team, and with or without groups."""
    wards = list(Ward.objects.in_force_on(FIRST_DAY).filter(kind__in=KINDS_OF_TODAY).order_by("kind", "code"))
    assert len(wards) == UNITS
    grouping = None
    if request.param == "grouped":
        grouping = make_grouping(NOUN, {title: wards[place::3] for place, title in enumerate(GROUPS)})
    inspection_round = Round.objects.create(
        code="kt-2026-1",
        name="Đợt kiểm tra năm 2026",
        criteria_set=CriteriaSet.objects.get(code="gd1"),
        starts_on=FIRST_DAY,
        ends_on=datetime.date(2027, 12, 31),
        asks_self_assessment=True,
        self_assessment_due=datetime.date(2027, 6, 30),
        grouping=grouping,
    )
    enrolments = add_wards(inspection_round=inspection_round, wards=wards, by=cast.approver)
    team = Team(round=inspection_round, name="Đoàn số 1")
    save_team(team=team, members=[Member("head", "Nguyễn Văn An")], by=cast.approver)
    answer(enrolments[0], cast.inspector, "met")
    inspection = submit_signed(inspection=enrolments[0].inspection, by=cast.inspector)
    approve_inspection(inspection=inspection, by=cast.approver)
    return inspection_round


def addresses(inspection_round: Round) -> list[str]:
    code = [inspection_round.code]
    enrolment = inspection_round.enrolments.order_by("position")[1]
    pages = ["round", "round-progress", "round-edit", "round-enrol", "round-close", "round-documents", "teams", "plan"]
    pages += ["round-overview", "round-overview-units", "visits-by-month", "round-funding", "round-document-add"]
    pages += ["team-add"]
    found = [reverse(f"inspections:{name}", args=code) for name in (*pages, "self-round")]
    found += [reverse(f"reports:{name}", args=code) for name in ("summary", "districts", "bands", "criteria", "units")]
    found += [reverse("reports:criterion", args=[*code, "TC01"]), reverse("reports:dashboard", args=code)]
    found += [f"{reverse('reports:dashboard', args=code)}?xep-hang=1"]
    found += [reverse(f"inspections:{name}", args=[enrolment.pk]) for name in ("checklist", "blank")]
    found += [reverse("inspections:plan-ward", args=[*code, enrolment.pk])]
    approved = inspection_round.enrolments.get(inspection__status="approved").pk
    found += [reverse("inspections:minutes", args=[approved]), reverse("inspections:minutes-print", args=[approved, 1])]
    found += [f"{reverse('inspections:round', args=code)}?page={page}" for page in (2, 3)]
    found += [f"{reverse('inspections:findings')}?round={inspection_round.code}"]
    return found


def words_of_page(content: str) -> str:
    """Return what a page of the round says, without the frame around it."""
    main = content.split("<main", 1)[1].split("</main>", 1)[0]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def words_of_archive(content: bytes) -> str:
    """Return all text of a workbook or a document, names of sheets included."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")]
    return html.unescape(re.sub(r"<[^>]+>", " ", " ".join(parts) + " ".join(re.findall(r'name="([^"]+)"', parts[0]))))


def files(inspection_round: Round) -> list[str]:
    code = inspection_round.code
    kinds = [kind for kind in ROUND_KINDS.values() if not kind.needs_other]
    found = [reverse("reports:round-workbook", args=[code, kind.slug]) for kind in kinds]
    found += [f"{address}?du-lieu=1" for address in list(found)]
    found += [f"{reverse('inspections:findings')}?round={code}&tai=xlsx"]
    found += [f"{reverse('inspections:round', args=[code])}?tai=xlsx", reverse("reports:round-document", args=[code])]
    approved = inspection_round.enrolments.get(inspection__status="approved").pk
    found += [reverse("inspections:minutes-word", args=[approved, 1])]
    papers = ["round-late-document", "round-late-workbook", "round-letter"]
    return found + [reverse(f"inspections:{name}", args=[code]) for name in papers]


def old_words(text: str) -> list[str]:
    """Return where a text speaks of districts, or of a report."""
    text = " ".join(text.split())
    matches = [*OLD_WORDS.finditer(text), *REPORT_WORDS.finditer(text)]
    return [text[max(match.start() - 60, 0) : match.end() + 40] for match in matches]


def test_no_page_and_no_paper_speaks_of_districts_or_of_a_report(inspection_round, cast, sign_in, client):
    client = sign_in(cast.approver)
    faults: dict[str, Any] = {}
    said = []
    for address in addresses(inspection_round):
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        text = words_of_page(response.content.decode())
        said.append(NOUN.lower() in text.lower())
        if found := old_words(text):
            faults[address] = found[:3]
    for address in files(inspection_round):
        response = client.get(address)
        assert response.status_code == 200, address
        content = b"".join(response.streaming_content) if response.streaming else response.content
        text = words_of_archive(content)
        if found := old_words(text):
            faults[address] = found[:3]
    for slug in KINDS:
        response = client.get(reverse("reports:picture-svg", args=[inspection_round.code, slug]))
        if response.status_code == 200 and (found := old_words(html.unescape(response.content.decode()))):
            faults[slug] = found[:3]
    assert faults == {}
    assert any(said) == (inspection_round.grouping_id is not None)


def kinds_of_page(address: str) -> set[tuple[str, str]]:
    """Return what pages of one kind have in common: their address without keys, and with each parameter."""
    parts = urlsplit(address)
    path = re.sub(r"\d+|TC\d\d", "0", parts.path)
    return {(path, name) for name in ("", *parse_qs(parts.query))}


def is_file(address: str) -> bool:
    """Tell whether an address gives a workbook, a paper or a picture, which are all asked for by their names."""
    parts = urlsplit(address)
    return "." in parts.path or bool({"tai", "du-lieu", "zip"} & set(parse_qs(parts.query)))


def links_of(page: str, address: str, inspection_round: Round) -> list[str]:
    """Return the addresses of the round to which a page leads."""
    main = page.split("<main", 1)[1]
    keys = set(inspection_round.enrolments.values_list("pk", flat=True))
    found = [urljoin(address, html.unescape(link)) for link in re.findall(r'href="([^"#]+)', main)]
    of_unit = [re.match(r"/(?:phieu|tu-kiem-tra)/(\d+)/", link) for link in found]
    is_of_round = [f"/{inspection_round.code}" in urlsplit(link).path for link in found]
    pairs = zip(found, of_unit, is_of_round, strict=True)
    return [link for link, unit, is_own in pairs if is_own or (unit and int(unit[1]) in keys)]


@pytest.mark.parametrize("inspection_round", ["grouped"], indirect=True)
@pytest.mark.parametrize("person", ["approver", "inspector", "leader", "administrator"])
def test_no_page_that_links_lead_to_speaks_of_districts(inspection_round, cast, sign_in, person):
    """A page that is added later is met by its link, one page of each kind, and one with each of its parameters."""
    client = sign_in(getattr(cast, person))
    code = inspection_round.code
    waiting = [reverse(f"inspections:{name}", args=[code]) for name in ("round", "round-overview", "round-prepare")]
    waiting += [reverse("reports:passages", args=["dot-kiem-tra", code]), reverse("reports:index")]
    met: set[tuple[str, str]] = set()
    faults = {}
    while waiting:
        address = waiting.pop(0)
        if is_file(address) or kinds_of_page(address) <= met:
            continue
        met |= kinds_of_page(address)
        response = client.get(address, follow=True)
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            continue
        content = response.content.decode()
        waiting += links_of(content, address, inspection_round)
        text = words_of_page(content)
        if f"/{code}" in address and OLD_WORDS.search(text):
            faults[address] = old_words(text)[:3]
    assert faults == {}
    assert len(met) > 20 or person == "administrator"


@pytest.mark.parametrize("inspection_round", ["grouped"], indirect=True)
def test_groups_stand_where_districts_stood(inspection_round, cast, sign_in):
    client, code = sign_in(cast.approver), inspection_round.code
    findings = client.get(f"{reverse('inspections:findings')}?round={code}").context
    assert [title for key, title in findings["filter"].form.fields["group"].choices if key] == GROUPS
    assert findings["table"].columns["district"].header == NOUN
    report = words_of_archive(client.get(reverse("reports:round-document", args=[code])).content)
    assert "Kết quả theo khu vực" in report and GROUPS[2] in report.partition("Kết quả theo khu vực")[2]
    for name in ("inspections:round", "inspections:plan", "inspections:round-progress", "reports:summary"):
        form = client.get(reverse(name, args=[code])).context["filter"].form
        assert [title for key, title in form.fields["group"].choices if key] == GROUPS
    first = inspection_round.grouping.groups.order_by("position")[0]
    rows = client.get(f"{reverse('inspections:round', args=[code])}?group={first.pk}").context["table"].data
    assert {row.ward_id for row in rows} == set(first.memberships.values_list("ward", flat=True))
    scores = client.get(reverse("reports:districts", args=[code])).context["rows"]
    assert [score.district.title for score, _bands in scores] == GROUPS
    assert sum(score.enrolled for score, _bands in scores) == UNITS
    board = client.get(f"{reverse('reports:dashboard', args=[code])}?nhom={first.pk}").context["dashboard"]
    assert (board.enrolled, board.unit_count) == (UNITS // 3, UNITS // 3)
    kinds = client.get(reverse("inspections:round", args=[code])).context["filter"].form.fields["kind"].choices
    occurring = set(inspection_round.enrolments.values_list("ward__kind", flat=True))
    assert {key for key, _title in kinds if key} == occurring


@pytest.mark.parametrize("inspection_round", ["grouped"], indirect=True)
def test_a_comparison_does_not_put_districts_into_the_column_of_groups(inspection_round, cast, sign_in):
    """A district and a group may have the same key: its code must not stand beside the other's name."""
    key = inspection_round.grouping.groups.values_list("pk", flat=True)[0]
    if not District.objects.filter(pk=key).exists():
        make_district("Quận thử", pk=key)
    Ward.objects.filter(pk=Enrolment.objects.filter(round__code="gd1-2019").values("ward")[:1]).update(district=key)
    address = reverse("reports:round-workbook", args=[inspection_round.code, "so-sanh"])
    response = sign_in(cast.approver).get(f"{address}?voi=gd1-2019&du-lieu=1")
    book = load_workbook(io.BytesIO(b"".join(response)))
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    code, area = head.index("Mã khu vực"), head.index("Khu vực")
    groups = {(group.code, group.name) for group in inspection_round.grouping.groups.all()}
    assert {(row[code], row[area]) for row in rows} == {*groups, (None, None)}


def rows_of(content: bytes) -> list[dict[str, Any]]:
    """Return the records of a table to compute with."""
    head, *rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize("inspection_round", ["grouped"], indirect=True)
def test_a_workbook_is_narrowed_to_a_group_on_the_page_and_by_the_command(inspection_round, cast, sign_in, tmp_path):
    client, code = sign_in(cast.approver), inspection_round.code
    second = inspection_round.grouping.groups.order_by("position")[1]
    inside = set(second.memberships.values_list("ward__code", flat=True))
    page = client.get(reverse("reports:index")).content.decode()
    assert 'name="nhom"><option value="">tất cả</option>' in page and f'value="{second.pk}"' in page
    for kind in ROUND_KINDS.values():
        address = f"{reverse('reports:round-workbook', args=[code, kind.slug])}?nhom={second.pk}"
        if not kind.needs_other:
            assert client.get(address).status_code == 200
    address = f"{reverse('reports:round-workbook', args=[code, 'bang-tong-hop'])}?du-lieu=1"
    made = rows_of(b"".join(client.get(f"{address}&nhom={second.pk}")))
    assert {row["Mã đơn vị"] for row in made} == inside and len(made) == UNITS // 3
    stranger = make_grouping("Cụm", {"Cụm 1": []}).groups.get()
    assert client.get(f"{address}&nhom={stranger.pk}").status_code == 404
    file = tmp_path / "a.xlsx"
    call_command("export", "summary", "--round", code, "--group", second.code, "--data", "--output", str(file))
    assert [row["Mã đơn vị"] for row in rows_of(file.read_bytes())] == [row["Mã đơn vị"] for row in made]
    with pytest.raises(CommandError, match="no group cum-1"):
        call_command("export", "summary", "--round", code, "--group", "cum-1", "--output", str(file))
