"""Rows behind addresses, for the test of every address: made where they are missing."""

from django.utils import timezone

from archiveportal.accounts.models import StandIn
from criteria.inspections.models import Enrolment, Minutes, Round, RoundDocument, Team
from tests.support.training import make_category, make_scheme
from training.models import Scheme, YearTarget
from wards.models import Grouping, UnitGroup

#: pages of a round that its code alone names
ROUND_PAGES = [
    "round", "round-progress", "round-prepare",
    "round-delete", "round-edit", "round-enrol", "round-close",
    "round-reopen", "round-funding", "round-overview", "round-overview-units",
    "round-late-document", "round-late-workbook", "round-letter", "round-documents",
    "round-document-add", "teams", "visits-by-month", "team-add", "plan",
]  # fmt: skip


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


def self_addresses(enrolment: Enrolment, name: str) -> dict[str, list]:
    """Let the round ask for self-assessment if the address is one of its pages."""
    if not name.startswith("inspections:self"):
        return {}
    Round.objects.filter(pk=enrolment.round_id).update(asks_self_assessment=True)
    pages = ("self-assessment", "self-return")
    return {f"inspections:{page}": [enrolment.pk] for page in pages} | {
        "inspections:self-round": [enrolment.round.code]
    }
