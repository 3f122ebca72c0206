"""Every address for every role, for own and for foreign rows. An address that is missing here fails the test."""

import logging

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from archiveportal.accounts.models import Role
from archiveportal.history.models import Event
from criteria.inspections.models import Enrolment
from criteria.models import LegalAct
from reports.models import Closing
from tests.support import access_rows as rows
from tests.support.access_rules import MATRIX, PEOPLE, ROWS, SIGN_IN
from tests.support.sheets import import_addresses
from training.models import Course

MINUTES_PAGES = ("minutes-sign", "minutes-supplement")


def addresses(resolver=None, namespace: str = ""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from addresses(pattern, namespace + inner)
        else:
            yield f"{namespace}{pattern.name}"


def _closing(enrolment, cast) -> int:
    """Figures closed, without files."""
    values = {"figures": [], "digest": "", "as_of": timezone.now(), "closed_by": cast.approver}
    of = {"kind": "round", "round": enrolment.round, "sequence": 1}
    return Closing.objects.get_or_create(**of, defaults=values)[0].pk


def address_of(name: str, unit: str, cast) -> str:
    enrolment = Enrolment.objects.get(ward__code="27676" if unit == "cangio" else "27202")
    course = Course.objects.get(report_key="quan-11-cu-nhan")
    arguments = {
        "accounts:reset-confirm": ["MQ", "set-password"],
        "accounts:edit": [cast.leader.pk],
        "accounts:hand-over": [cast.leader.pk],
        "stand-ins:end": [rows.stand_in(cast)] if name == "stand-ins:end" else [],
        "accounts:new-password": [cast.leader.pk],
        **{f"wards:{page}": [rows.group().grouping_id] for page in ("grouping", "grouping-edit", "grouping-assign")},
        **{f"wards:{page}": [rows.group().pk] for page in ("group-edit", "group-remove")},
        "wards:predecessor-remove": [enrolment.ward_id, 10**9],
        **{f"wards:{page}": [enrolment.ward_id] for page in ("detail", "contact", "edit", "predecessors")},
        "wards:district": [enrolment.ward.district_id],
        "wards:district-edit": [enrolment.ward.district_id],
        **{
            f"criteria:{page}": [enrolment.round.criteria_set_id]
            for page in ("detail", "copy", "edit", "publish", "stock", "recommendations")
        },
        **{f"inspections:{page}": ["gd1-2019"] for page in rows.ROUND_PAGES},
        **{
            f"inspections:{page}": ["gd1-2019", enrolment.pk]
            for page in ("round-remove", "ward-reopen", "ward-reopening-end", "plan-ward", "plan-special")
        },
        **{
            f"inspections:{page}": ["gd1-2019", rows.document(enrolment)]
            for page in ("round-document", "round-document-file")
        },
        **{f"inspections:{page}": ["gd1-2019", rows.team(enrolment)] for page in ("team-edit", "team-remove")},
        **{f"inspections:{page}": ["gd1-2019", rows.paper(enrolment, cast)] for page in rows.PAPER_PAGES},
        "inspections:unit-file": [enrolment.pk],
        **{f"inspections:{page}": [enrolment.pk] for page in ("checklist", "blank", "submit", "return", "approve")},
        **{f"inspections:{page}": [enrolment.pk] for page in ("reopen", "minutes", *MINUTES_PAGES)},
        "inspections:mending": [enrolment.pk],
        **{f"inspections:{page}": [enrolment.pk] for page in ("save", "history", "stock", "guidance", "evidence")},
        **{
            f"inspections:minutes-{page}": [enrolment.pk, 1]
            for page in ("word", "print", "add-scans", "scan", "scan-picture")
        },
        **{f"inspections:{page}": [rows.minutes(enrolment, cast), "0000-0000"] for page in ("verify", "verify-qr")},
        "inspections:settle": [enrolment.pk, 1],
        "inspections:evidence-add": [enrolment.pk, "TC05"],
        **{
            f"inspections:evidence-{page}": [enrolment.pk, 1]
            for page in ("item", "describe", "void", "picture", "file")
        },
        **{f"inspections:{page}": [enrolment.pk, "TC01"] for page in ("finding-write", "finding-withdraw")},
        **rows.finding_addresses(enrolment, cast, name),
        **rows.decision_addresses(enrolment, cast, name),
        **rows.approval_addresses(enrolment, cast, name),
        **rows.question_addresses(enrolment, cast, name),
        **rows.self_addresses(enrolment, name),
        **rows.report_addresses(enrolment, cast, f"{name}@{unit}" if unit else name),
        **import_addresses(cast, name) | rows.office_addresses(),
        "inspections:notice": [10**9],
        "accounts:first-use": [1, "sai"],
        **rows.building_addresses(name),
        "criteria:preview": [enrolment.round.criteria_set_id],
        "criteria:act-edit": [LegalAct.objects.get(number="33/2024/QH15").pk],
        "criteria:citations": [enrolment.round.criteria_set_id],
        "criteria:citation-remove": [enrolment.round.criteria_set_id, 10**9],
        **{f"training:{page}": ["02-2014"] for page in ("attainment", "quotas", "funds", "courses", "course-create")},
        **rows.scheme_addresses(name),
        **{f"training:{page}": [course.pk] for page in ("course", "course-edit", "course-void")},
        **{
            f"reports:{page}": ["gd1-2019"]
            for page in ("summary", "summary-workbook", "bands", "districts", "criteria", "holdings")
        },
        **{f"reports:{page}": ["gd1-2019"] for page in ("units", "dashboard")},
        **{f"reports:picture-{kind}": ["gd1-2019", "so-sanh"] for kind in ("svg", "png")},
        "reports:courses": ["02-2014", "ngan-han"],
        "reports:criterion": ["gd1-2019", "TC15"],
        "reports:attainment-workbook": ["02-2014"],
        "reports:closings": ["dot-kiem-tra", "gd1-2019"],
        **{f"reports:closing{page}": [_closing(enrolment, cast)] for page in ("", "-issue", "-signed")},
        "reports:closing-file": [_closing(enrolment, cast), 1],
        "reports:round-workbook": ["gd1-2019", "bang-tong-hop-quan-huyen"],
        "reports:scheme-workbook": ["02-2014", "lop"],
        "reports:round-document": ["gd1-2019"],
        "reports:scheme-document": ["02-2014"],
        "reports:template-own": ["de-an"],
        **{f"reports:template-{page}": [1] for page in ("file", "withdraw")},
        **{f"reports:{page}": ["dot-kiem-tra", "gd1-2019"] for page in ("passages", "proposal", "correction")},
        "reports:passage": ["dot-kiem-tra", "gd1-2019", "directions"],
    }
    return reverse(name, args=arguments.get(name, []))


def test_no_address_is_missing():
    assert {place.partition("@")[0] for place in MATRIX} == set(addresses())


def test_what_only_posts_is_asked_with_a_post_too():
    refusing_get = {place for place, rules in MATRIX.items() if rules.get("get") and rules["get"].answer == 405}
    assert {place for place in refusing_get if "post" not in MATRIX[place]} == set()


def test_every_role_and_every_group_is_in_the_table(cast):
    assert {getattr(cast, person).role for person in PEOPLE} == set(Role)
    known = set(" ".join(PEOPLE.values()).split()) | {"strangers", "strangers_who_answer"}
    named = " ".join(f"{rule.groups} {rule.hidden_from}" for _method, rule, _places in ROWS)
    assert set(named.split()) == known


#: Units of other districts, which a page for Quận 10 never names.
FOREIGN_NAMES = ["Thạnh An", "Cần Thạnh", "An Thới Đông", "Bình Khánh", "Long Hòa", "Tân Quý", "Hiệp Phú"]


def foreign_names_in(response) -> list[str]:
    """Return the names of other districts' units on a page; files and redirects have none to read."""
    if (
        response.status_code != 200
        or response.streaming
        or response["Content-Type"].startswith(("application/", "image/png"))
    ):
        return []
    page = response.content.decode()
    return [name for name in FOREIGN_NAMES if name in page]


#: files that say nothing of the records
UNMARKED = {"inspections:verify-qr", "inspections:worker", "reports:template-own"}

#: what lines about a file that is handed out end with
HANDED_OUT = (" downloaded", "picture shown")


def is_file(response) -> bool:
    """Tell whether something is handed out, to be saved or shown, that is no page."""
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    return response.status_code == 200 and kind not in ("text/html", "text/plain", "application/json")


def _hold_that_it_is_told_once(name: str, caplog, where: str) -> None:
    """Hold that a file which is handed out is one line of the log, but for those that say nothing."""
    told = [record.getMessage() for record in caplog.records if record.getMessage().endswith(HANDED_OUT)]
    assert len(told) == (name not in UNMARKED), f"{where}: {told}"


@pytest.mark.parametrize("place", MATRIX)
def test_every_role_at_every_address(cast, sign_in, client, place, caplog, monkeypatch):
    name, _at, unit = place.partition("@")
    monkeypatch.setattr(logging.getLogger("portal"), "handlers", [caplog.handler])
    events = Event.objects.count()
    visitors = {"nobody": client} | {person: sign_in(getattr(cast, person)) for person in PEOPLE}
    address = address_of(name, unit, cast)
    for method, rule in MATRIX[place].items():
        for person, visitor in visitors.items():
            expected = rule.answer_for(person, unit)
            caplog.clear()
            response = getattr(visitor, method)(address)
            where = f"{method} {place} as {person}"
            assert "no-store" in response.headers.get("Cache-Control", ""), where
            if is_file(response):
                _hold_that_it_is_told_once(name, caplog, where)
            if expected == SIGN_IN:
                assert response.status_code == 302, where
                assert response.url.startswith(reverse("accounts:sign-in")), where
            else:
                assert response.status_code == expected, where
            if method == "get" and person == "quan10":
                assert foreign_names_in(response) == [], where
            if rule.writes and expected == rule.answer:
                assert Event.objects.count() > events, where
                events = Event.objects.count()
                # The deed may have taken the row away that the next person asks for.
                address = address_of(name, unit, cast)
    # None of the other requests carried a valid form, and a refusal changes nothing.
    assert Event.objects.count() == events
