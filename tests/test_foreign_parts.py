"""S2: a part is found below its own whole alone: no file, finding or team of another one by its number."""

import logging
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from django.utils import timezone

from archiveportal.files.services import keep_file
from archiveportal.history.models import Event
from archiveportal.imports.services import begin_import
from archiveportal.sheets.kinds import KINDS
from criteria.inspections.models import (
    Enrolment,
    Evidence,
    KeptAnswer,
    Minutes,
    OfficialPaper,
    RoundDocument,
    Scan,
    SelfAssessment,
    Team,
)
from criteria.models import LegalAct
from reports.models import ClosedFile, Closing
from tests.support import access_rows
from tests.support.access_rows import target_of_year
from tests.support.factories import enrol, make_round, make_set
from tests.support.inspections import (
    answered_file,
    answered_question_file,
    asked_question,
    photograph,
    published_finding,
)
from tests.support.mixed_sets import make_mixed_set
from tests.support.self_assessments import handed_in_by_hand, of_unit, paper_of_unit
from tests.support.sheets import accounts_sheet
from tests.support.training import make_scheme
from wards.models import Succession, Ward

PEOPLE = ["inspector", "approver", "quan10", "cangio", "thanhan", "ldthanhan", "leader", "administrator"]
OWN, OTHER = "27676", "27202"


def enrolment_of(ward: str) -> Enrolment:
    return Enrolment.objects.get(round__code="gd1-2019", ward__code=ward)


def evidence(cast) -> tuple[Any, Any, Any]:
    """Return a piece of evidence: its whole, another whole, the part."""
    own = enrolment_of(OWN)
    criterion = own.round.criteria_set.criteria.get(code="TC05")
    file = keep_file(upload=photograph(), by=cast.inspector)
    piece = Evidence.objects.create(
        inspection=own.inspection, criterion=criterion, upload_id=uuid.uuid4(), file=file, added_by=cast.inspector
    )
    return own.pk, enrolment_of(OTHER).pk, piece.pk


def shown_by_a_unit(cast) -> tuple[Any, Any, Any]:
    return _handed_in().enrolment_id, enrolment_of(OTHER).pk, of_unit(_handed_in(), cast.thanhan).pk


def signed_by_a_unit(cast) -> tuple[Any, Any, Any]:
    return _handed_in().enrolment_id, enrolment_of(OTHER).pk, paper_of_unit(_handed_in(), cast.thanhan).pk


def _handed_in() -> SelfAssessment:
    return handed_in_by_hand(enrolment_of(OWN))


def kept_answer(cast) -> tuple[Any, Any, Any]:
    own = enrolment_of(OWN)
    kept = KeptAnswer.objects.create(
        inspection=own.inspection, criterion=own.round.criteria_set.criteria.get(code="TC05"),
        criteria_set=own.round.criteria_set, values={"outcome": "met", "number": "", "text": "", "note": ""},
        base_version=0, reason="conflict", submission_id=uuid.uuid4(), via="autosave", sent_by=cast.inspector,
        made_at=timezone.now(),
    )  # fmt: skip
    return own.pk, enrolment_of(OTHER).pk, kept.pk


def scan(cast) -> tuple[Any, Any, Any]:
    own, other = enrolment_of(OWN), enrolment_of(OTHER)
    for number, enrolment in enumerate((own, other)):
        Minutes.objects.create(inspection=enrolment.inspection, code=f"MNT0000{number}", opened_by=cast.inspector)
    file = keep_file(upload=photograph(), by=cast.inspector)
    return own.pk, other.pk, Scan.objects.create(minutes=own.inspection.minutes.get(), file=file).pk


def file_of_a_finding(cast) -> tuple[Any, Any, Any]:
    own, other = (published_finding(enrolment_of(ward), cast.inspector) for ward in (OWN, OTHER))
    return own.pk, other.pk, answered_file(own, cast.cangio).pk


def file_of_a_question(cast) -> tuple[Any, Any, Any]:
    own, other = (asked_question(enrolment_of(ward), cast.inspector) for ward in (OWN, OTHER))
    file = answered_question_file(own, cast.cangio)
    return own.inspection.enrolment_id, other.inspection.enrolment_id, file.pk


def team(cast) -> tuple[Any, Any, Any]:
    own = enrolment_of(OWN).round
    return own.code, make_round(make_set(2)).code, Team.objects.create(round=own, name="Đoàn 1").pk


def decision(cast) -> tuple[Any, Any, Any]:
    own = enrolment_of(OWN)
    return own.round.code, make_round(make_set(2)).code, access_rows.decision(own, cast)


def document(cast) -> tuple[Any, Any, Any]:
    own = enrolment_of(OWN).round
    file = keep_file(upload=photograph(), by=cast.approver)
    values = {"number": "12/KH-SNV", "kind": "plan", "issued_on": "2018-10-15", "file": file}
    return own.code, make_round(make_set(2)).code, RoundDocument.objects.create(round=own, **values).pk


def approval(cast) -> tuple[Any, Any, Any]:
    own, file = enrolment_of(OWN).round, keep_file(upload=photograph(), by=cast.approver)
    return own.code, make_round(make_set(2)).code, access_rows.approval(own, cast, file=file).pk


def paper(cast) -> tuple[Any, Any, Any]:
    own = enrolment_of(OWN).round
    file = keep_file(upload=photograph(), by=cast.approver)
    made = OfficialPaper.objects.create(round=own, kind="plan", made_by=cast.approver, to_sign=file)
    return own.code, make_round(make_set(2)).code, made.pk


def ward_of_a_round(cast) -> tuple[Any, Any, Any]:
    other = make_round(make_set(2))
    enrol(other, cast.quan10.district.wards.first())
    return "gd1-2019", other.code, enrolment_of(OWN).pk


def file_of_a_closing(cast) -> tuple[Any, Any, Any]:
    own, other = enrolment_of(OWN).round, make_round(make_set(2))
    values = {"figures": [], "digest": "", "as_of": timezone.now(), "closed_by": cast.approver, "sequence": 1}
    closings = [Closing.objects.create(kind="round", round=each, **values) for each in (own, other)]
    file = keep_file(upload=photograph(), by=cast.approver)
    ClosedFile.objects.create(closing=closings[0], file=file, order=1)
    return closings[0].pk, closings[1].pk, 1


def sheet_that_was_handed_in(cast) -> tuple[Any, Any, Any]:
    upload = SimpleUploadedFile("tai-khoan.xlsx", accounts_sheet(("Trần Thị Bê", "không có vai trò này")))
    made = begin_import(kind=KINDS["accounts"], upload=upload, by=cast.administrator)
    return "tai-khoan", "don-vi", made.pk


def predecessor_of_a_unit(cast) -> tuple[Any, Any, Any]:
    former, heir, other = Ward.objects.order_by("pk")[:3]
    values = {"predecessor": former, "successor": heir, "took_effect_on": "2025-07-01", "extent": "whole"}
    return heir.pk, other.pk, Succession.objects.create(**values).pk


def target_of_a_scheme(cast) -> tuple[Any, Any, Any]:
    target = target_of_year()
    return target.category.scheme.code, make_scheme().code, target.pk


def citation_of_a_set(cast) -> tuple[Any, Any, Any]:
    own, other = make_set(2), make_set(2)
    cited = own.citations.create(criterion=own.criteria.first(), act=LegalAct.objects.first())
    return own.pk, other.pk, cited.pk


def section_of_a_set(cast) -> tuple[Any, Any, Any]:
    own, other = make_mixed_set(), make_mixed_set()
    return own.pk, other.pk, own.sections.first().pk


def criterion_of_a_set(cast) -> tuple[Any, Any, Any]:
    own, other = make_mixed_set(), make_mixed_set()
    return own.pk, other.pk, own.criteria.first().pk


def bar_of_a_set(cast) -> tuple[Any, Any, Any]:
    own, other = make_mixed_set(), make_mixed_set()
    return own.pk, other.pk, own.bars.first().pk


#: what makes a part, and the addresses by whole and part
PARTS: dict[Callable[[Any], tuple[Any, Any, Any]], str] = {
    evidence: "evidence-item evidence-describe evidence-void evidence-picture evidence-file",
    shown_by_a_unit: "self-evidence-item self-evidence-picture self-evidence-file",
    signed_by_a_unit: "self-paper-file",
    kept_answer: "settle",
    scan: "minutes-scan minutes-scan-picture",
    file_of_a_finding: "finding-file finding-picture",
    file_of_a_question: "question-file question-picture",
    team: "team-edit team-remove",
    decision: "decision decision-edit",
    document: "round-document round-document-file",
    approval: "plan-approval-file",
    paper: "round-paper round-paper-word round-paper-file",
    ward_of_a_round: "round-remove ward-reopen ward-reopening-end plan-ward plan-special",
    file_of_a_closing: "reports:closing-file",
    predecessor_of_a_unit: "wards:predecessor-remove",
    target_of_a_scheme: "training:target-edit",
    citation_of_a_set: "criteria:citation-remove",
    section_of_a_set: "criteria:build-section criteria:build-section-remove",
    criterion_of_a_set: "criteria:build-leaf criteria:build-leaf-remove",
    bar_of_a_set: "criteria:build-bar criteria:build-bar-remove",
    sheet_that_was_handed_in: (
        "imports:detail imports:answer imports:check imports:confirm imports:drop imports:errors imports:copy"
    ),
}
#: a number that counts within its whole
COUNTED_WITHIN = {"minutes-word", "minutes-print", "minutes-add-scans"}


def whole_name(name: str) -> str:
    return name if ":" in name else f"inspections:{name}"


def addresses_with_a_numbered_part(resolver=None, namespace: str = "") -> set[str]:
    found: set[str] = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            found |= addresses_with_a_numbered_part(pattern, namespace + inner)
            continue
        converters = [type(each).__name__ for each in getattr(pattern.pattern, "converters", {}).values()]
        if converters[1:] == ["IntConverter"]:
            found.add(f"{namespace}{pattern.name}")
    return found


def test_no_address_with_a_numbered_part_is_missing():
    named = set(map(whole_name, " ".join(PARTS.values()).split()))
    assert named == addresses_with_a_numbered_part() - set(map(whole_name, COUNTED_WITHIN))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_a_part_is_not_found_below_another_whole(cast, sign_in, part, caplog, monkeypatch):
    own, other, key = part(cast)
    monkeypatch.setattr(logging.getLogger("portal"), "handlers", [caplog.handler])
    clients = {person: sign_in(getattr(cast, person)) for person in PEOPLE}
    events, found = Event.objects.count(), set()
    for name in map(whole_name, PARTS[part].split()):
        for person, client in clients.items():
            for method in ("get", "post"):
                foreign = getattr(client, method)(reverse(name, args=[other, key]))
                assert foreign.status_code in (403, 404, 405), f"{method} {name} as {person}"
            # Below its own it is there for somebody, or the test would tell nothing.
            caplog.clear()
            answer = client.get(reverse(name, args=[own, key]))
            if answer.status_code in (200, 302, 405):
                found.add(name)
            if answer.streaming:
                assert len(caplog.records) == 1, f"{name} as {person} left no line, or more than one"
    assert found == set(map(whole_name, PARTS[part].split()))
    assert Event.objects.count() == events
