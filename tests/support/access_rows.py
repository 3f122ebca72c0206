"""Rows behind addresses, for the test of every address: made where they are missing."""

from django.utils import timezone

from archiveportal.accounts.models import StandIn
from archiveportal.office.models import Office, Signatory
from criteria.inspections.models import (
    Decision,
    Enrolment,
    Minutes,
    OfficialPaper,
    PlanApproval,
    Round,
    RoundDocument,
    SelfEvidence,
    Team,
)
from criteria.models import CriteriaSet
from tests.support.inspections import answered_file, answered_question_file, asked_question, published_finding
from tests.support.mixed_sets import make_mixed_set
from tests.support.self_assessments import accepted_by_hand, of_unit
from tests.support.training import make_category, make_scheme
from training.models import Scheme, YearTarget
from wards.models import Grouping, UnitGroup

#: pages of a round that its code alone names
ROUND_PAGES = [
    "round", "round-progress", "round-prepare",
    "round-delete", "round-edit", "round-enrol", "round-close",
    "round-reopen", "round-funding", "round-overview", "round-overview-units",
    "round-late-document", "round-late-workbook", "round-letter", "round-documents",
    "round-document-add", "round-papers", "round-papers-all", "teams", "visits-by-month", "team-add", "plan",
    "round-mending",
]  # fmt: skip


SELF_STEPS = ("return", "confirm", "accept", "withdraw", "time", "paper", "both")


def minutes(enrolment, cast) -> str:
    """The code of minutes not signed yet."""
    values = {"code": f"MNT{enrolment.pk:05d}", "opened_by": cast.inspector}
    return Minutes.objects.get_or_create(inspection=enrolment.inspection, defaults=values)[0].code


def team(enrolment) -> int:
    return Team.objects.get_or_create(round=enrolment.round, name="Đoàn 1")[0].pk


def group() -> UnitGroup:
    """A group without units."""
    grouping = Grouping.objects.get_or_create(code="khu-vuc", defaults={"name": "Khu vực"})[0]
    return grouping.groups.get_or_create(code="khu-vuc-1", defaults={"name": "Khu vực 1", "position": 1})[0]


def document(enrolment) -> int:
    values = {"number": "12/KH-SNV", "kind": "plan", "issued_on": "2018-10-15"}
    return RoundDocument.objects.get_or_create(round=enrolment.round, **values)[0].pk


def target_of_year() -> YearTarget:
    """The target of a year in a scheme that people set up."""
    scheme = Scheme.objects.filter(code="de-an-thu").first() or make_scheme(code="de-an-thu")
    category = scheme.categories.first() or make_category(scheme)
    return YearTarget.objects.get_or_create(category=category, year=2021, defaults={"target": 5, "decision": "QĐ 5"})[0]


def stand_in(cast) -> int:
    """A stand-in that holds today."""
    today = timezone.localdate()
    values = {"person": cast.inspector2, "recorded_by": cast.approver, "decision": "12/QĐ-CCVTLT"}
    days = {"starts_on": today, "ends_on": today}
    return StandIn.objects.get_or_create(ended_at=None, defaults=values | days)[0].pk


#: pages of a paper of a round
PAPER_PAGES = ("round-paper", "round-paper-word", "round-paper-file")


def paper(enrolment, cast) -> int:
    """A plan in draft."""
    values = {"round": enrolment.round, "kind": "plan"}
    return OfficialPaper.objects.get_or_create(**values, defaults={"made_by": cast.approver})[0].pk


def office_addresses() -> dict[str, list[int]]:
    values = {"level": "department", "titles": "GIÁM ĐỐC", "symbol": "QĐ-SNV"}
    signatory = Signatory.objects.get_or_create(kind="pause", first_day="2026-01-01", defaults=values)[0]
    return {"office:edit": [Office.objects.get().pk], "office:signatory-edit": [signatory.pk]}


def finding_addresses(enrolment: Enrolment, cast, name: str) -> dict[str, list[int]]:
    """Make a finding for the addresses that need one; others are tested without."""
    if not name.startswith(("inspections:finding", "files:item")):
        return {}
    finding = published_finding(enrolment, cast.inspector)
    file = answered_file(finding, cast.quan10)
    pages = ("finding", "finding-answer", "finding-judge", "finding-deadline", "finding-close")
    return {
        "files:item": [file.pk],
        **{f"inspections:{page}": [finding.pk] for page in pages},
        **{f"inspections:{page}": [finding.pk, file.pk] for page in ("finding-file", "finding-picture")},
    }


def building_addresses(name: str) -> dict[str, list]:
    """Make a set that is being built and replaces another one, if the address is one of its pages."""
    if not name.startswith("criteria:build"):
        return {}
    criteria_set = CriteriaSet.objects.filter(code__startswith="set", options__isnull=False).first()
    if criteria_set is None:
        criteria_set = make_mixed_set(replaces=CriteriaSet.objects.get(code="gd1", version=1))
    section, criterion = criteria_set.sections.first(), criteria_set.criteria.first()
    of_parts = {"section": section, "leaf": criterion, "bar": criteria_set.bars.first()}
    pages = ("", "-arrange", "-head", "-status", "-sections", "-section-add", "-leaf-add", "-bands", "-bar-add")
    of_set = {f"criteria:build{page}": [criteria_set.pk] for page in (*pages, "-crosswalk")}
    edit = {f"criteria:build-{part}": [criteria_set.pk, row.pk if row else 0] for part, row in of_parts.items()}
    return of_set | edit | {f"{address}-remove": keys for address, keys in edit.items()}


def scheme_addresses(name: str) -> dict[str, list]:
    """Make a scheme that no report printed, if the address is one of its pages."""
    pages = ("scheme-edit", "scheme-remove", "categories", "year-targets", "by-year")
    of_category = ("category-edit", "category-move", "category-remove")
    if not name.startswith("training:") or name.split(":")[1] not in (*pages, *of_category, "target-edit"):
        return {}
    target = target_of_year()
    scheme, category = target.category.scheme.code, target.category.code
    return {
        **{f"training:{page}": [scheme] for page in pages},
        **{f"training:{page}": [scheme, category] for page in of_category},
        "training:target-edit": [scheme, target.pk],
    }


def decision(enrolment: Enrolment, cast) -> int:
    """An issued decision that names the unit, in a round that becomes a specialised one."""
    Round.objects.filter(pk=enrolment.round_id).update(kind=Round.Kind.SPECIALISED)
    values = {"title": "Quyết định kiểm tra", "ground": "plan", "grounds": "Kế hoạch", "contents": "Văn thư, lưu trữ"}
    issued = {"number": f"{enrolment.pk}/QĐ-SNV", "issued_on": "2018-10-20", "team_id": team(enrolment)}
    made, _is_new = Decision.objects.get_or_create(round=enrolment.round, **values, **issued)
    made.units.get_or_create(enrolment=enrolment)
    return made.pk


def decision_addresses(enrolment: Enrolment, cast, name: str) -> dict[str, list]:
    """Make a decision for the addresses that need one."""
    if not name.startswith("inspections:decision"):
        return {}
    made, code = decision(enrolment, cast), enrolment.round.code
    of_one = {f"inspections:{page}": [code, made] for page in ("decision", "decision-edit")}
    return of_one | {f"inspections:{page}": [code] for page in ("decisions", "decision-add")}


def approval_addresses(enrolment: Enrolment, cast, name: str) -> dict[str, list]:
    """Make the approval of a plan for the addresses that need one, in a round that becomes a specialised one."""
    if not name.startswith("inspections:plan-approval"):
        return {}
    made = approval(enrolment.round, cast)
    code = enrolment.round.code
    return {"inspections:plan-approval": [code], "inspections:plan-approval-file": [code, made.pk]}


def approval(inspection_round: Round, cast, **values) -> PlanApproval:
    """The approval that stands, without a file unless one is given."""
    Round.objects.filter(pk=inspection_round.pk).update(kind=Round.Kind.SPECIALISED)
    usual = {"number": "512/QĐ-UBND", "issued_on": "2018-10-10", "signer_title": "Chủ tịch", "signer_name": "Trần A"}
    usual |= {"recorded_by": cast.approver} | values
    return PlanApproval.objects.get_or_create(round=inspection_round, voided_at=None, defaults=usual)[0]


def self_addresses(enrolment: Enrolment, name: str) -> dict[str, list]:
    """Let the round ask for self-assessment if the address is one of its pages."""
    if not name.startswith("inspections:self"):
        return {}
    Round.objects.filter(pk=enrolment.round_id).update(asks_self_assessment=True)
    pages = ["self-assessment", "self-print", *(f"self-{step}" for step in SELF_STEPS)]
    parts = [f"self-evidence-{page}" for page in ("item", "picture", "file")]
    return {f"inspections:{page}": [enrolment.pk] for page in pages} | {
        **{f"inspections:{page}": [enrolment.pk, 10**9] for page in (*parts, "self-paper-file")},
        "inspections:self-evidence-add": [enrolment.pk, "TC05"],
        "inspections:self-round": [enrolment.round.code],
    }


def report_addresses(enrolment: Enrolment, cast, place: str) -> dict[str, list[int]]:
    """Let the unit's own report be accepted, with evidence, for the addresses that need one."""
    sheet = [f"inspections:result-{page}" for page in ("sheet", "print", "word")]
    evidence = [f"inspections:self-evidence-{page}" for page in ("item", "picture", "file")]
    if place not in [f"{address}@cangio" for address in (*sheet, *evidence)]:
        return {address: [enrolment.pk] for address in sheet}
    shown = SelfEvidence.objects.filter(assessment__enrolment=enrolment).first()
    shown = shown or of_unit(accepted_by_hand(enrolment, cast), cast.thanhan)
    return {
        **{address: [enrolment.pk] for address in sheet},
        **{address: [enrolment.pk, shown.pk] for address in evidence},
    }


def question_addresses(enrolment: Enrolment, cast, name: str) -> dict[str, list]:
    """Make a question with an answered file for the addresses that need one."""
    if not name.startswith("inspections:question"):
        return {}
    question = asked_question(enrolment, cast.inspector)
    file = answered_question_file(question, cast.quan10)
    place = [enrolment.pk, question.criterion.code]
    pages = ("", "-ask", "-answer", "-close", "-note", "-distant")
    return {
        "inspections:questions": [enrolment.pk],
        **{f"inspections:question{page}": place for page in pages},
        **{f"inspections:question-{page}": [enrolment.pk, file.pk] for page in ("file", "picture")},
    }
