"""Every page with a timeline says from what to what a field was changed."""

from collections.abc import Callable

import pytest
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from archiveportal.history.models import Event
from archiveportal.history.services import record
from criteria.inspections.models import Enrolment, Round, RoundDocument, SelfAssessment, Team
from reports.models import Closing, Passage
from tests.support.inspections import published_finding
from training.models import Category, Course, Scheme

#: a field that most of the models below lack, so that they do not word its value in their own way
FIELD = "participants"
BEFORE, AFTER = 31, 37
SHOWN = f"<del>{BEFORE}</del> → <ins>{AFTER}</ins>"


def enrolment() -> Enrolment:
    return Enrolment.objects.get(ward__code="27202", round__code="gd1-2019")


def make_team(cast) -> Team:
    return Team.objects.create(round=enrolment().round, name="Đoàn 1")


def make_document(cast) -> RoundDocument:
    values = {"number": "12/KH-SNV", "kind": "plan", "issued_on": "2018-10-15"}
    return RoundDocument.objects.create(round=enrolment().round, **values)


def make_assessment(cast) -> SelfAssessment:
    Round.objects.filter(code="gd1-2019").update(asks_self_assessment=True)
    values = {"handed_in_by": cast.quan10, "handed_in_at": timezone.now()}
    return SelfAssessment.objects.create(enrolment=enrolment(), **values)


def make_closing(cast) -> Closing:
    values = {"figures": [], "digest": "", "as_of": timezone.now(), "closed_by": cast.approver}
    return Closing.objects.create(kind="round", round=enrolment().round, sequence=1, **values)


def round_address(name: str, *more: int) -> str:
    return reverse(f"inspections:{name}", args=["gd1-2019", *more])


#: who looks, the row that was changed, and the page that tells of it
PAGES: dict[str, tuple[str, Callable[..., Model], Callable[[Model], str]]] = {
    "account": (
        "administrator",
        lambda cast: cast.leader,
        lambda row: reverse("accounts:edit", args=[row.pk]),
    ),
    "ward": (
        "administrator",
        lambda cast: enrolment().ward,
        lambda row: reverse("wards:edit", args=[row.pk]),
    ),
    "criteria set": (
        "approver",
        lambda cast: enrolment().round.criteria_set,
        lambda row: reverse("criteria:detail", args=[row.pk]),
    ),
    "criterion": (
        "approver",
        lambda cast: enrolment().round.criteria_set.criteria.get(code="TC05"),
        lambda row: reverse("criteria:detail", args=[row.criteria_set_id]),
    ),
    "round": ("inspector", lambda cast: enrolment().round, lambda row: round_address("round")),
    "team": ("approver", make_team, lambda row: round_address("team-edit", row.pk)),
    "team on the round": ("inspector", make_team, lambda row: round_address("round")),
    "document": ("approver", make_document, lambda row: round_address("round-document", row.pk)),
    "plan": (
        "approver",
        lambda cast: enrolment(),
        lambda row: round_address("plan-ward", row.pk),
    ),
    "history of a checklist": (
        "inspector",
        lambda cast: enrolment().inspection,
        lambda row: reverse("inspections:history", args=[row.enrolment_id]),
    ),
    "finding": (
        "inspector",
        lambda cast: published_finding(enrolment(), cast.inspector),
        lambda row: reverse("inspections:finding", args=[row.pk]),
    ),
    "self-assessment": (
        "inspector",
        make_assessment,
        lambda row: reverse("inspections:self-assessment", args=[row.enrolment_id]),
    ),
    "course": (
        "inspector",
        lambda cast: Course.objects.get(report_key="quan-11-cu-nhan"),
        lambda row: reverse("training:course", args=[row.pk]),
    ),
    "target": (
        "approver",
        lambda cast: Category.objects.filter(quota__isnull=False).first().quota,
        lambda row: reverse("training:quotas", args=["02-2014"]),
    ),
    "funding": (
        "inspector",
        lambda cast: Scheme.objects.get().fundings.first(),
        lambda row: reverse("training:funds", args=["02-2014"]),
    ),
    "passage": (
        "inspector",
        lambda cast: Passage.objects.filter(round__code="gd1-2019").first(),
        lambda row: reverse("reports:passages", args=["dot-kiem-tra", "gd1-2019"]),
    ),
    "closing": (
        "approver",
        make_closing,
        lambda row: reverse("reports:closing", args=[row.pk]),
    ),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_timeline_shows_value_before_and_after(cast, sign_in, page):
    person, make_row, find_address = PAGES[page]
    row = make_row(cast)
    address = find_address(row)
    record(about=row, by=cast.approver, changes={FIELD: (BEFORE, AFTER)})
    shown = sign_in(getattr(cast, person)).get(address).content.decode()
    assert SHOWN in shown


def test_the_page_of_templates_shows_value_before_and_after(cast, sign_in):
    about = {"object_type": "reports.documenttemplate", "object_id": 1, "object_name": "Mẫu"}
    by = {"actor_id": cast.approver.pk, "actor_name": str(cast.approver)}
    Event(via="page", action="changed", changes={FIELD: (BEFORE, AFTER)}, **about, **by).save()
    shown = sign_in(cast.approver).get(reverse("reports:templates")).content.decode()
    assert SHOWN in shown
