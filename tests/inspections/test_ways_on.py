"""No dead end between signing and approval: pages say the state and the next step."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from criteria.inspections.models import Enrolment, Inspection, Team, TeamMember
from criteria.inspections.services import (
    approve_inspection,
    open_supplement,
    reopen_inspection,
    return_inspection,
    sign_minutes,
    submit_inspection,
)
from tests.support.factories import answer, submit_signed, visit_today


def page_of(client, enrolment, query=""):
    address = reverse("inspections:checklist", args=[enrolment.pk])
    return client.get(f"{address}{query}").content.decode()


def sign(enrolment, by):
    visit_today(enrolment.inspection)
    inspection = Inspection.objects.get(enrolment=enrolment)
    sign_minutes(inspection=inspection, signed_on=timezone.localdate(), by=by)
    return Inspection.objects.get(enrolment=enrolment)


def test_signed_but_incomplete_leads_to_a_supplement(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, dict.fromkeys(range(1, 22), "met"))
    sign(phuong6, cast.inspector)
    client = sign_in(cast.inspector)
    way = f'class="button main" href="{reverse("inspections:minutes-supplement", args=[phuong6.pk])}"'
    assert page_of(client, phuong6).count(way) == 1
    page = page_of(client, phuong6, "?open=1")
    assert page.count(way) == 1
    # The reason once, a link for each criterion.
    alert = page[page.index('role="alert"') :]
    alert = " ".join(alert[: alert.index("</ul>")].split())
    assert alert.count("<li>") == 1
    assert '<a href="#TC22">22</a>, <a href="#TC23">23</a>' in alert
    submit = page[page.index(reverse("inspections:submit", args=[phuong6.pk])) :]
    assert '<button class="button">' in submit[: submit.index("</form>")]


def test_signed_and_complete_is_submitted(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    sign(phuong6, cast.inspector)
    page = page_of(sign_in(cast.inspector), phuong6)
    submit = page[page.index(reverse("inspections:submit", args=[phuong6.pk])) :]
    assert '<button class="button main">' in submit[: submit.index("</form>")]


@pytest.fixture
def returned(cast, phuong6):
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    return return_inspection(inspection=phuong6.inspection, reason="Thiếu sổ đăng ký", by=cast.approver)


def test_who_decides_again_sees_that_nothing_changed(cast, sign_in, phuong6, returned):
    submit_inspection(inspection=returned, by=cast.inspector)
    page = page_of(sign_in(cast.approver), phuong6)
    since = page[page.index("since-return") :]
    since = since[: since.index("</div>")]
    assert "Thiếu sổ đăng ký" in since
    assert since.count("<li>") == 1
    assert "minutes-print" not in since and "/2/" not in since


def test_who_decides_again_sees_what_changed(cast, sign_in, phuong6, returned):
    open_supplement(inspection=returned, reason="Đã kiểm tra lại sổ", by=cast.inspector)
    answer(phuong6, cast.inspector, {5: "not_met"})
    client = sign_in(cast.inspector)
    open_page = page_of(client, phuong6)
    assert "Đã kiểm tra lại sổ" in open_page
    submit_inspection(inspection=sign(phuong6, cast.inspector), by=cast.inspector)
    page = page_of(sign_in(cast.approver), phuong6)
    since = page[page.index("since-return") :]
    since = since[: since.index("</div>")]
    assert "Đã kiểm tra lại sổ" in since
    assert "Đạt → Chưa đạt" in since
    # The reason is shown beside the paper to everybody who reads it.
    assert page.count("Đã kiểm tra lại sổ") >= 2


def test_what_was_approved_and_opened_again_says_so(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    approve_inspection(inspection=phuong6.inspection, by=cast.approver)
    client = sign_in(cast.inspector)
    reopen_inspection(inspection=phuong6.inspection, reason="Có đơn khiếu nại", by=cast.approver)
    context = client.get(reverse("inspections:checklist", args=[phuong6.pk])).context
    assert context["inspection"].is_reopened
    opened_again = context["inspection"].state
    assert opened_again != Inspection.Status.RETURNED.label
    open_supplement(inspection=phuong6.inspection, reason="Có đơn khiếu nại", by=cast.inspector)
    context = client.get(reverse("inspections:checklist", args=[phuong6.pk])).context
    assert context["inspection"].state not in (opened_again, Inspection.Status.RETURNED.label)
    # Lists, which read no minutes, say the same.
    assert Inspection.objects.get(enrolment=phuong6).state == context["inspection"].state


def test_signing_warns_of_what_is_blank(cast, sign_in, phuong6):
    client = sign_in(cast.inspector)
    phuong6.inspection.minutes.create(code="K7Q29FXM", opened_by=cast.inspector)
    response = client.get(reverse("inspections:minutes-sign", args=[phuong6.pk]))
    assert len(response.context["blanks"]) == 3


def test_a_ward_of_another_team_says_so(cast, sign_in, phuong6):
    assert page_of(sign_in(cast.inspector2), phuong6).count("other-team") == 0
    team = Team.objects.create(round=phuong6.round, name="Đoàn 2")
    TeamMember.objects.create(team=team, person=cast.inspector, full_name="A", part="head")
    Enrolment.objects.filter(pk=phuong6.pk).update(team=team)
    assert gettext("This unit is inspected by %(team)s.") % {"team": "Đoàn 2"} in page_of(
        sign_in(cast.inspector2), phuong6
    )
    assert "other-team" not in page_of(sign_in(cast.inspector), phuong6)
