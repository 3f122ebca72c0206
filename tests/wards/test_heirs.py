"""What the officer of a unit reads of the units that it took over: the same in every way that units change."""

import datetime
import uuid

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from archiveportal.accounts.models import Role, User
from archiveportal.files.models import StoredFile
from criteria.inspections.models import Enrolment, Evidence, Finding, Inspection, Result, Round, SelfAssessment
from criteria.inspections.services import approve_inspection
from criteria.inspections.services.evidence import add_evidence
from tests.support.factories import (
    answer,
    enrol,
    make_district,
    make_round,
    make_set,
    make_user,
    make_ward,
    submit_signed,
)
from tests.support.inspections import photograph, published_finding
from wards.models import Succession, Ward

TODAY = timezone.localdate
LAST = datetime.date(2025, 6, 30)
FIRST = LAST + datetime.timedelta(days=1)


def join(former: Ward, heir: Ward, extent: str = "whole") -> None:
    Succession.objects.create(
        predecessor=former, successor=heir, extent=extent, took_effect_on=FIRST,
        successor_code=heir.code, successor_name=heir.title,
    )  # fmt: skip


def merged(old: Ward) -> Ward:
    heir = make_ward(None, "Chung", valid_from=FIRST)
    join(old, heir)
    join(make_ward(None, "Bên cạnh", valid_to=LAST), heir)
    return heir


def split(old: Ward) -> Ward:
    heir, other = make_ward(None, "Phần một", valid_from=FIRST), make_ward(None, "Phần hai", valid_from=FIRST)
    join(old, heir, "part")
    join(old, other, "part")
    return heir


def recoded(old: Ward) -> Ward:
    heir = make_ward(None, old.name, valid_from=FIRST)
    join(old, heir)
    return heir


def renamed(old: Ward) -> Ward:
    heir = make_ward(None, "Tên mới", code=old.code, valid_from=FIRST)
    join(old, heir)
    return heir


def moved(old: Ward) -> Ward:
    heir = make_ward(make_district(), old.name, code=old.code, valid_from=FIRST)
    join(old, heir)
    return heir


def in_two_steps(old: Ward) -> Ward:
    between = make_ward(None, "Giữa", valid_from=FIRST, valid_to=FIRST)
    join(old, between)
    heir = make_ward(None, "Sau", valid_from=FIRST + datetime.timedelta(days=1))
    Succession.objects.create(
        predecessor=between, successor=heir, extent="part", took_effect_on=heir.valid_from,
        successor_code=heir.code, successor_name=heir.title,
    )  # fmt: skip
    return heir


CHANGES = [merged, split, recoded, renamed, moved, in_two_steps]


class Case:
    """A ward that ended, with an approved checklist and one that is not, and the officer of its heir."""

    def __init__(self, change) -> None:
        self.old = make_ward(make_district(), "Cũ", valid_to=LAST)
        inspector, approver = make_user(Role.INSPECTOR), make_user(Role.APPROVER)
        criteria_set = make_set(2)
        self.approved = enrol(make_round(criteria_set, asks_self_assessment=True), self.old)
        self.draft = enrol(make_round(criteria_set), self.old)
        for enrolment in (self.approved, self.draft):
            answer(enrolment, inspector, {1: "met", 2: "not_met"})
            criterion = criteria_set.criteria.get(number=1)
            add_evidence(
                inspection=enrolment.inspection,
                criterion=criterion,
                upload_id=uuid.uuid4(),
                upload=photograph(),
                by=inspector,
            )
        self.finding = published_finding(self.approved, inspector, "TC02")
        self.kept_back = published_finding(self.draft, inspector, "TC02", published_at=None)
        SelfAssessment.objects.create(enrolment=self.approved)
        submit_signed(inspection=self.approved.inspection, by=inspector)
        approve_inspection(inspection=Inspection.objects.get(enrolment=self.approved), by=approver)
        self.foreign = enrol(make_round(criteria_set, code="khac"), make_ward(None, "Lạ", valid_to=LAST))
        self.heir = change(self.old)
        self.own = make_user(Role.WARD, "cu", ward=self.old)
        self.officer = make_user(Role.WARD, "moi", ward=self.heir)


@pytest.fixture(params=CHANGES, ids=lambda change: change.__name__)
def case(request, db) -> Case:
    return Case(request.param)


def scoped_models():
    return [model for model in apps.get_models() if hasattr(model._default_manager, "visible_to")]


def seen(user: User, way: str) -> dict[str, set[int]]:
    models = [model for model in scoped_models() if hasattr(model._default_manager, way)]
    return {
        model.__name__: set(getattr(model._default_manager, way)(user).values_list("pk", flat=True)) for model in models
    }


def test_approved_results_are_read_and_nothing_else(case):
    read = seen(case.officer, "readable_by")
    results = set(Result.objects.filter(inspection__enrolment=case.approved).values_list("pk", flat=True))
    assert read["Ward"] >= {case.old.pk, case.heir.pk} and case.foreign.ward_id not in read["Ward"]
    del read["Ward"]
    assert read == {"Enrolment": {case.approved.pk}, "Result": results, "Finding": {case.finding.pk}}


def test_nothing_of_former_units_is_visible_as_ones_own(case):
    """Every other queryset answers as for an officer without any predecessor."""
    before = seen(make_user(Role.WARD, ward=make_ward(None, "Ngoài", valid_from=FIRST)), "visible_to")
    visible = seen(case.officer, "visible_to")
    visible["Ward"] -= {case.heir.pk}
    visible["User"] = before["User"] = visible["District"] = before["District"] = set()
    before["Ward"] = set()
    assert visible == before
    assert not Evidence.objects.visible_to(case.officer).exists() and Evidence.objects.exists()
    assert StoredFile.objects.exists()


def test_the_former_officer_and_strangers_see_what_they_saw(case):
    own = seen(case.own, "readable_by")
    assert own.items() <= seen(case.own, "visible_to").items()
    assert own["Ward"] == {case.old.pk} and own["Enrolment"] == {case.approved.pk, case.draft.pk}
    stranger = seen(make_user(Role.WARD, ward=case.foreign.ward), "readable_by")
    assert stranger["Enrolment"] == {case.foreign.pk} and not stranger["Result"]


def test_pages(case, sign_in):
    client = sign_in(case.officer)
    page = client.get(reverse("wards:detail", args=[case.heir.pk])).content.decode()
    assert case.old.full_title in page and "1/2" in page and f'href="/don-vi/{case.old.pk}/"' in page
    page = client.get(reverse("wards:detail", args=[case.old.pk]))
    text = page.content.decode()
    assert page.status_code == 200 and "1/2" in text and "Bố trí kho lưu trữ" in text
    evidence = Evidence.objects.filter(inspection__enrolment=case.approved).first()
    shut = [
        reverse("wards:detail", args=[case.foreign.ward_id]),
        reverse("inspections:checklist", args=[case.approved.pk]),
        reverse("inspections:checklist", args=[case.draft.pk]),
        reverse("inspections:blank", args=[case.draft.pk]),
        reverse("inspections:finding", args=[case.finding.pk]),
        reverse("inspections:self-assessment", args=[case.approved.pk]),
        reverse("inspections:evidence-file", args=[case.approved.pk, evidence.pk]),
    ]
    for address in shut:
        assert client.get(address).status_code == 404, address
        assert address not in text


def test_an_officer_who_moves_to_the_heir_keeps_reading(case, sign_in):
    mover = case.own
    mover.ward = case.heir
    mover.save()
    mover = User.objects.get(pk=mover.pk)
    assert seen(mover, "readable_by")["Enrolment"] == {case.approved.pk}
    assert sign_in(mover).get(reverse("wards:detail", args=[case.old.pk])).status_code == 200


def test_an_account_ends_with_its_unit_unless_it_was_made_later(db, client):
    ended = make_ward(None, "Cũ", valid_to=LAST)
    made_later = make_user(Role.WARD, "sau", ward=ended)
    made_before = make_user(Role.WARD, "truoc", ward=ended, date_joined=timezone.now() - datetime.timedelta(days=3000))
    of_district = make_user(Role.DISTRICT, district=make_district(valid_to=LAST), date_joined=made_before.date_joined)
    assert (made_later.has_ended, made_before.has_ended, of_district.has_ended) == (False, True, True)
    able = User.objects.able_to_sign_in()
    assert made_later in able and made_before not in able and of_district not in able
    signed_in = client.post(reverse("accounts:sign-in"), {"username": "truoc", "password": "mat-khau-thu-nghiem-2019"})
    assert signed_in.status_code == 200 and "_auth_user_id" not in client.session
    made_before.ward = make_ward(None, "Mới", valid_from=FIRST)
    made_before.save()
    assert not made_before.has_ended and made_before in User.objects.able_to_sign_in()


def test_a_narrowed_scope_reads_no_more(case):
    scope = case.officer.scope.within(wards=[case.heir.pk])
    assert not Result.objects.readable_by(scope).exists() and not scope.former_wards
    assert list(Round.objects.visible_to(scope)) == []
    assert Enrolment.objects.readable_by(case.officer.scope).count() == 1
    assert Finding.objects.visible_to(case.officer.scope).count() == 0
