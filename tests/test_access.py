"""Every address for every role, for own and for foreign rows. An address that is missing here fails the test."""

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from archiveportal.history.models import Event
from criteria.inspections.models import Enrolment, Minutes, Round, RoundDocument, Team
from reports.models import Closing
from tests.support.inspections import answered_file, published_finding
from training.models import Course

PEOPLE = ["nobody", "inspector", "approver", "quan10", "cangio", "thanhan", "leader", "administrator"]
SIGN_IN = "→"  # answered by the way to the sign-in page

#: Rows: `own10` is Phường 6 of Quận 10, `cangio` is xã Thạnh An of Cần Giờ, `q11` a course of Quận 11.
#: Per address: method, then the answer for each of PEOPLE. 302 of a POST is the redirect after the action,
#: 200 the form shown again with its errors.
ALL = "→ 200 200 200 200 200 200 200"
RESULTS = "→ 200 200 200 200 200 200 403"
ADMIN = "→ 403 403 403 403 403 403 200"
OWN10 = "→ 200 200 200 404 404 200 403"
CANGIO = "→ 200 200 404 200 200 200 403"
LEDGER = "→ 200 200 403 403 403 403 200"
APPROVER = "→ 403 200 403 403 403 403 403"
INSPECTING = "→ 200 200 403 403 403 403 403"
MINUTES_PAGES = ("minutes-sign", "minutes-supplement")
POST_ONLY = "→ 405 405 405 405 405 405 405"

MATRIX = {
    "home": [("get", ALL)],
    "set_language": [("post", "302 302 302 302 302 302 302 302")],
    "healthz": [("get", "200 200 200 200 200 200 200 200")],
    "readyz": [("get", "200 200 200 200 200 200 200 200")],
    "accounts:sign-in": [("get", "200 302 302 302 302 302 302 302")],
    "accounts:sign-out": [("get", "405 405 405 405 405 405 405 405")],
    "accounts:change-password": [("get", ALL)],
    "accounts:reset": [("get", "200 200 200 200 200 200 200 200")],
    "accounts:reset-done": [("get", "200 200 200 200 200 200 200 200")],
    "accounts:reset-complete": [("get", "200 200 200 200 200 200 200 200")],
    "accounts:reset-confirm": [("get", "200 200 200 200 200 200 200 200")],
    "accounts:list": [("get", ADMIN)],
    "accounts:create": [("get", ADMIN), ("post", ADMIN)],
    "accounts:edit": [("get", ADMIN), ("post", ADMIN)],
    "accounts:new-password": [("get", "→ 405 405 405 405 405 405 405")],
    "wards:list": [("get", ALL)],
    "wards:create": [("get", ADMIN), ("post", ADMIN)],
    "wards:edit": [("get", ADMIN), ("post", ADMIN)],
    "wards:district-create": [("get", ADMIN), ("post", ADMIN)],
    "wards:district-edit": [("get", ADMIN), ("post", ADMIN)],
    "wards:detail own10": [("get", "→ 200 200 200 404 404 200 200")],
    "wards:detail cangio": [("get", "→ 200 200 404 200 200 200 200")],
    "wards:district own10": [("get", "→ 200 200 200 404 404 200 200")],
    "wards:district cangio": [("get", "→ 200 200 404 200 200 200 200")],
    "criteria:list": [("get", RESULTS)],
    "criteria:detail": [("get", RESULTS)],
    "criteria:copy": [("get", "→ 405 405 405 405 405 405 405")],
    "criteria:edit": [("get", "→ 403 302 403 403 403 403 403"), ("post", "→ 403 302 403 403 403 403 403")],
    "criteria:stock": [("get", "→ 403 200 403 403 403 403 403"), ("post", "→ 403 200 403 403 403 403 403")],
    "criteria:publish": [("get", "→ 405 405 405 405 405 405 405")],
    "inspections:rounds": [("get", RESULTS)],
    "inspections:round": [("get", RESULTS)],
    "inspections:round-open": [("get", APPROVER), ("post", APPROVER)],
    "inspections:round-progress": [("get", "→ 200 200 403 403 403 403 403")],
    "inspections:round-edit": [("get", APPROVER), ("post", APPROVER)],
    "inspections:round-enrol": [("get", APPROVER), ("post", "→ 403 302 403 403 403 403 403")],
    "inspections:round-remove own10": [("get", POST_ONLY), ("post", "→ 403 302 403 403 403 403 403")],
    "inspections:round-close": [("get", APPROVER), ("post", "→ 403 302 403 403 403 403 403")],
    "inspections:round-reopen": [
        ("get", "→ 403 302 403 403 403 403 403"),
        ("post", "→ 403 302 403 403 403 403 403"),
    ],
    "inspections:ward-reopen own10": [
        ("get", "→ 403 302 403 403 403 403 403"),
        ("post", "→ 403 302 403 403 403 403 403"),
    ],
    "inspections:ward-reopening-end own10": [("get", POST_ONLY), ("post", "→ 403 302 403 403 403 403 403")],
    "inspections:round-documents": [("get", RESULTS)],
    "inspections:round-document-add": [("get", APPROVER), ("post", APPROVER)],
    "inspections:round-document": [("get", APPROVER), ("post", APPROVER)],
    "inspections:round-document-file": [("get", "→ 404 404 404 404 404 404 403")],
    "inspections:teams": [("get", RESULTS)],
    "inspections:team-add": [("get", APPROVER), ("post", APPROVER)],
    "inspections:team-edit": [("get", APPROVER), ("post", APPROVER)],
    "inspections:team-remove": [("get", POST_ONLY)],
    "inspections:plan": [("get", APPROVER), ("post", APPROVER)],
    "inspections:plan-ward own10": [("get", APPROVER), ("post", APPROVER)],
    "inspections:checklist own10": [("get", OWN10), ("post", "→ 200 200 403 404 404 403 403")],
    "inspections:checklist cangio": [("get", CANGIO), ("post", "→ 200 200 404 403 403 403 403")],
    "inspections:blank own10": [("get", OWN10)],
    "inspections:blank cangio": [("get", CANGIO)],
    "inspections:history own10": [("get", "→ 200 200 403 403 403 403 403")],
    "inspections:stock own10": [("get", "→ 200 200 403 403 403 403 403")],
    "inspections:save own10": [("get", "→ 405 405 405 405 405 405 405"), ("post", "→ 400 400 403 403 403 403 403")],
    "inspections:settle own10": [("get", "→ 405 405 405 405 405 405 405"), ("post", "→ 404 404 403 403 403 403 403")],
    "inspections:evidence own10": [
        ("get", "→ 405 405 405 405 405 405 405"),
        ("post", "→ 302 302 403 403 403 403 403"),
    ],
    "inspections:evidence-add own10": [("get", "→ 200 200 403 403 403 403 403")],
    "inspections:evidence-item own10": [("get", "→ 404 404 404 404 404 404 403")],
    "inspections:evidence-void own10": [
        ("get", "→ 405 405 405 405 405 405 405"),
        ("post", "→ 404 404 403 403 403 403 403"),
    ],
    "inspections:evidence-describe own10": [
        ("get", "→ 405 405 405 405 405 405 405"),
        ("post", "→ 404 404 403 403 403 403 403"),
    ],
    "inspections:evidence-picture own10": [("get", "→ 404 404 404 404 404 404 403")],
    "inspections:evidence-file own10": [("get", "→ 404 404 404 404 404 404 403")],
    "inspections:submit own10": [("get", "→ 405 405 405 405 405 405 405"), ("post", "→ 302 302 403 403 403 403 403")],
    "inspections:return own10": [("get", "→ 405 405 405 405 405 405 405"), ("post", "→ 403 200 403 403 403 403 403")],
    "inspections:reopen own10": [("get", APPROVER), ("post", APPROVER)],
    "inspections:minutes own10": [
        ("get", "→ 200 200 404 404 404 404 403"),
        ("post", "→ 200 200 403 403 403 403 403"),
    ],
    "inspections:minutes-sign own10": [("get", INSPECTING), ("post", INSPECTING)],
    "inspections:minutes-supplement own10": [("get", INSPECTING), ("post", INSPECTING)],
    "inspections:minutes-word own10": [("get", "→ 200 200 404 404 404 404 403")],
    "inspections:minutes-print own10": [("get", "→ 200 200 404 404 404 404 403")],
    "inspections:minutes-add-scans own10": [("get", POST_ONLY), ("post", "→ 302 302 403 403 403 403 403")],
    "inspections:minutes-scan own10": [("get", "→ 404 404 404 404 404 404 403")],
    "inspections:minutes-scan-picture own10": [("get", "→ 404 404 404 404 404 404 403")],
    "inspections:verify-search": [("get", RESULTS)],
    "inspections:verify own10": [("get", OWN10)],
    "inspections:verify cangio": [("get", CANGIO)],
    "inspections:verify-qr own10": [("get", RESULTS)],
    "inspections:approve own10": [("get", "→ 405 405 405 405 405 405 405"), ("post", "→ 403 302 403 403 403 403 403")],
    "inspections:worker": [("get", "200 200 200 200 200 200 200 200")],
    "inspections:waiting": [("get", "200 200 200 200 200 200 200 200")],
    "inspections:findings": [("get", RESULTS)],
    "inspections:reminders": [("get", "→ 200 200 403 403 403 403 403")],
    "inspections:reminders-send": [("get", "→ 405 405 405 405 405 405 405"), ("post", "→ 403 404 403 403 403 403 403")],
    "inspections:finding own10": [("get", OWN10)],
    "inspections:finding cangio": [("get", CANGIO)],
    "inspections:finding-answer own10": [("post", "→ 403 403 200 404 404 403 403")],
    "inspections:finding-answer cangio": [("post", "→ 403 403 404 200 200 403 403")],
    "inspections:finding-judge own10": [("post", "→ 200 200 403 403 403 403 403")],
    "inspections:finding-deadline own10": [("post", "→ 200 200 403 403 403 403 403")],
    "inspections:finding-close own10": [("post", "→ 200 200 403 403 403 403 403")],
    "inspections:finding-file own10": [("get", OWN10)],
    "inspections:finding-file cangio": [("get", CANGIO)],
    "inspections:finding-picture own10": [("get", OWN10)],
    "inspections:finding-write own10": [
        ("get", "→ 200 200 403 403 403 403 403"),
        ("post", "→ 200 200 403 403 403 403 403"),
    ],
    "inspections:finding-withdraw own10": [
        ("get", "→ 405 405 405 405 405 405 405"),
        ("post", "→ 200 200 403 403 403 403 403"),
    ],
    "inspections:self-assessment own10": [
        ("get", "→ 200 200 200 404 404 403 403"),
        ("post", "→ 403 403 200 404 404 403 403"),
    ],
    "inspections:self-assessment cangio": [
        ("get", "→ 200 200 404 200 200 403 403"),
        ("post", "→ 403 403 404 200 200 403 403"),
    ],
    "inspections:self-return own10": [
        ("get", "→ 405 405 405 405 405 405 405"),
        ("post", "→ 404 404 403 403 403 403 403"),
    ],
    "inspections:self-round": [("get", "→ 200 200 200 200 200 403 403")],
    "training:overview": [("get", "→ 302 302 302 302 302 302 403")],
    "training:attainment": [("get", RESULTS)],
    "training:quotas": [("get", "→ 403 200 403 403 403 403 403"), ("post", "→ 403 200 403 403 403 403 403")],
    "training:funds": [("get", "→ 200 200 403 403 403 403 403"), ("post", "→ 200 200 403 403 403 403 403")],
    "training:courses": [("get", RESULTS)],
    "training:course-create": [("get", "→ 200 200 403 403 403 403 403"), ("post", "→ 200 200 403 403 403 403 403")],
    "training:course": [("get", "→ 200 200 404 404 404 200 403")],
    "training:course-edit": [("get", "→ 200 200 403 403 403 403 403"), ("post", "→ 200 200 403 403 403 403 403")],
    "training:course-void": [("get", "→ 200 200 403 403 403 403 403"), ("post", "→ 200 200 403 403 403 403 403")],
    "reports:index": [("get", ALL)],
    "reports:summary": [("get", RESULTS)],
    "reports:summary-workbook": [("get", RESULTS)],
    "reports:bands": [("get", RESULTS)],
    "reports:districts": [("get", RESULTS)],
    "reports:criteria": [("get", RESULTS)],
    "reports:criterion": [("get", RESULTS)],
    "reports:units": [("get", RESULTS)],
    "reports:courses": [("get", RESULTS)],
    "reports:dashboard": [("get", "→ 200 200 200 200 403 200 403")],
    "reports:picture-svg": [("get", "→ 200 200 200 200 403 200 403")],
    "reports:picture-png": [("get", "→ 200 200 200 200 403 200 403")],
    "reports:figures": [("get", LEDGER)],
    "reports:discrepancies": [("get", LEDGER)],
    "reports:attainment-workbook": [("get", RESULTS)],
    "reports:round-workbook": [("get", RESULTS)],
    "reports:round-document": [("get", "→ 200 200 403 403 403 200 403")],
    "reports:passages": [("get", "→ 200 200 403 403 403 200 403")],
    "reports:passage": [("get", APPROVER), ("post", "→ 403 302 403 403 403 403 403")],
    "reports:proposal": [("get", POST_ONLY), ("post", "→ 403 302 403 403 403 403 403")],
    "reports:templates": [("get", APPROVER), ("post", APPROVER)],
    "reports:template-own": [("get", APPROVER)],
    "reports:template-file": [("get", "→ 403 404 403 403 403 403 403")],
    "reports:template-withdraw": [("get", POST_ONLY), ("post", "→ 403 404 403 403 403 403 403")],
    "reports:scheme-document": [("get", "→ 200 200 403 403 403 200 403")],
    "reports:scheme-workbook": [("get", RESULTS)],
    "reports:closings": [("get", "→ 200 200 403 403 403 200 403"), ("post", APPROVER)],
    "reports:closing": [("get", "→ 200 200 403 403 403 200 403")],
    "reports:closing-issue": [("get", APPROVER), ("post", APPROVER)],
    "reports:closing-signed": [("get", "→ 404 404 403 403 403 404 403")],
    "reports:closing-file": [("get", "→ 404 404 403 403 403 404 403")],
}


def addresses(resolver=None, namespace: str = ""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from addresses(pattern, namespace + inner)
        else:
            yield f"{namespace}{pattern.name}"


def finding_addresses(enrolment: Enrolment, cast, name: str) -> dict[str, list[int]]:
    """Made only where it is asked for: most addresses are better off without a finding."""
    if not name.startswith("inspections:finding"):
        return {}
    finding = published_finding(enrolment, cast.inspector)
    file = answered_file(finding, cast.quan10)
    pages = ("finding", "finding-answer", "finding-judge", "finding-deadline", "finding-close")
    return {
        **{f"inspections:{page}": [finding.pk] for page in pages},
        **{f"inspections:{page}": [finding.pk, file.pk] for page in ("finding-file", "finding-picture")},
    }


def _minutes(enrolment, cast) -> str:
    """The code of minutes not signed yet."""
    values = {"code": f"MNT{enrolment.pk:05d}", "opened_by": cast.inspector}
    return Minutes.objects.get_or_create(inspection=enrolment.inspection, defaults=values)[0].code


def _team(enrolment) -> int:
    return Team.objects.get_or_create(round=enrolment.round, name="Đoàn 1")[0].pk


def _document(enrolment) -> int:
    values = {"number": "12/KH-SNV", "kind": "plan", "issued_on": "2018-10-15"}
    return RoundDocument.objects.get_or_create(round=enrolment.round, **values)[0].pk


def _closing(enrolment, cast) -> int:
    """Figures closed, without files."""
    values = {"figures": [], "digest": "", "as_of": timezone.now(), "closed_by": cast.approver}
    of = {"kind": "round", "round": enrolment.round, "sequence": 1}
    return Closing.objects.get_or_create(**of, defaults=values)[0].pk


def self_addresses(enrolment: Enrolment, name: str) -> dict[str, list]:
    """The round asks for self-assessment where one of its pages is asked for."""
    if not name.startswith("inspections:self"):
        return {}
    Round.objects.filter(pk=enrolment.round_id).update(asks_self_assessment=True)
    pages = ("self-assessment", "self-return")
    return {f"inspections:{page}": [enrolment.pk] for page in pages} | {
        "inspections:self-round": [enrolment.round.code]
    }


def address_of(name: str, row: str, cast) -> str:
    enrolment = Enrolment.objects.get(ward__code="27676" if row == "cangio" else "27202")
    course = Course.objects.get(report_key="quan-11-cu-nhan")
    arguments = {
        "accounts:reset-confirm": ["MQ", "set-password"],
        "accounts:edit": [cast.leader.pk],
        "accounts:new-password": [cast.leader.pk],
        "wards:edit": [enrolment.ward_id],
        "wards:detail": [enrolment.ward_id],
        "wards:district": [enrolment.ward.district_id],
        "wards:district-edit": [enrolment.ward.district_id],
        **{
            f"criteria:{page}": [enrolment.round.criteria_set_id]
            for page in ("detail", "copy", "edit", "publish", "stock")
        },
        **{
            f"inspections:{page}": ["gd1-2019"]
            for page in ("round", "round-progress", "round-edit", "round-enrol", "round-close", "round-reopen")
        },
        **{
            f"inspections:{page}": ["gd1-2019"]
            for page in ("round-documents", "round-document-add", "teams", "team-add", "plan")
        },
        **{
            f"inspections:{page}": ["gd1-2019", enrolment.pk]
            for page in ("round-remove", "ward-reopen", "ward-reopening-end", "plan-ward")
        },
        **{
            f"inspections:{page}": ["gd1-2019", _document(enrolment)]
            for page in ("round-document", "round-document-file")
        },
        **{f"inspections:{page}": ["gd1-2019", _team(enrolment)] for page in ("team-edit", "team-remove")},
        **{f"inspections:{page}": [enrolment.pk] for page in ("checklist", "blank", "submit", "return", "approve")},
        **{f"inspections:{page}": [enrolment.pk] for page in ("reopen", "minutes", *MINUTES_PAGES)},
        **{f"inspections:minutes-{page}": [enrolment.pk, 1] for page in ("word", "print", "add-scans")},
        **{f"inspections:minutes-{page}": [enrolment.pk, 1] for page in ("scan", "scan-picture")},
        **{f"inspections:{page}": [_minutes(enrolment, cast), "0000-0000"] for page in ("verify", "verify-qr")},
        "inspections:save": [enrolment.pk],
        "inspections:history": [enrolment.pk],
        "inspections:stock": [enrolment.pk],
        "inspections:settle": [enrolment.pk, 1],
        "inspections:evidence": [enrolment.pk],
        "inspections:evidence-add": [enrolment.pk, "TC05"],
        **{
            f"inspections:evidence-{page}": [enrolment.pk, 1]
            for page in ("item", "describe", "void", "picture", "file")
        },
        **{f"inspections:{page}": [enrolment.pk, "TC01"] for page in ("finding-write", "finding-withdraw")},
        **finding_addresses(enrolment, cast, name),
        **self_addresses(enrolment, name),
        **{f"training:{page}": ["02-2014"] for page in ("attainment", "quotas", "funds", "courses", "course-create")},
        **{f"training:{page}": [course.pk] for page in ("course", "course-edit", "course-void")},
        **{
            f"reports:{page}": ["gd1-2019"]
            for page in ("summary", "summary-workbook", "bands", "districts", "criteria")
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
        **{f"reports:{page}": ["dot-kiem-tra", "gd1-2019"] for page in ("passages", "proposal")},
        "reports:passage": ["dot-kiem-tra", "gd1-2019", "directions"],
    }
    return reverse(name, args=arguments.get(name, []))


def test_no_address_is_missing():
    assert {name.split()[0] for name in MATRIX} == set(addresses())


@pytest.mark.parametrize("place", MATRIX)
def test_every_role_at_every_address(cast, sign_in, client, place):
    name, _space, row = place.partition(" ")
    events = Event.objects.count()
    for method, answers in MATRIX[place]:
        for person, expected in zip(PEOPLE, answers.split(), strict=True):
            visitor = client if person == "nobody" else sign_in(getattr(cast, person))
            response = getattr(visitor, method)(address_of(name, row, cast))
            where = f"{method} {place} as {person}"
            if expected == SIGN_IN:
                assert response.status_code == 302, where
                assert response.url.startswith(reverse("accounts:sign-in")), where
            else:
                assert response.status_code == int(expected), where
    # None of these requests carried a valid form, and a refusal changes nothing.
    assert Event.objects.count() == events


NAMES = ["Thạnh An", "Cần Thạnh", "An Thới Đông", "Bình Khánh", "Long Hòa", "Tân Quý", "Hiệp Phú"]


@pytest.mark.parametrize("place", [place for place in MATRIX if MATRIX[place][0][0] == "get"])
def test_a_district_reads_no_name_of_another(cast, sign_in, place):
    name, _space, row = place.partition(" ")
    response = sign_in(cast.quan10).get(address_of(name, row, cast))
    if (
        response.status_code != 200
        or response.streaming
        or response["Content-Type"].startswith(("application/", "image/png"))
    ):
        return
    page = response.content.decode()
    assert not [foreign for foreign in NAMES if foreign in page]
