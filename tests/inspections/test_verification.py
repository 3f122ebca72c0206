"""Codes on paper: found by those who may see the ward, compared with the record as it is."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from criteria.inspections.models import Finding, Inspection, Minutes, Result
from criteria.inspections.papers.minutes import grouped, paper_of
from criteria.inspections.services import open_supplement, sign_minutes
from criteria.inspections.services.minutes_content import content_of, digest_of
from tests.inspections.test_minutes import FULL, current, page_of, typed
from tests.support.factories import answer


def verify(client, paper):
    return client.get(reverse("inspections:verify", args=[paper.code, paper.check]))


def state(response):
    return response.context["verdict"].state


def test_the_code_verifies_in_every_state(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    client = sign_in(cast.inspector)
    client.post(page_of(phuong6), typed(**FULL))
    draft = paper_of(current(phuong6))
    assert state(verify(client, draft)) == "same"
    answer(phuong6, cast.inspector, {1: "not_met"})
    assert state(verify(client, draft)) == "other"
    sign_minutes(inspection=phuong6.inspection, signed_on=timezone.localdate(), by=cast.inspector)
    signed = paper_of(Minutes.objects.get())
    assert state(verify(client, signed)) == "same"
    assert state(verify(client, draft)) == "other"
    open_supplement(inspection=phuong6.inspection, reason="Sót", by=cast.inspector)
    assert state(verify(client, signed)) == "same"
    answer(phuong6, cast.inspector, {2: "not_met"})
    response = verify(client, signed)
    assert state(response) == "changed"
    assert [change["number"] for change in response.context["verdict"].changes] == [2]
    sign_minutes(inspection=phuong6.inspection, signed_on=timezone.localdate(), by=cast.inspector)
    assert state(verify(client, paper_of(Minutes.objects.get(sequence=2)))) == "same"
    assert state(verify(client, signed)) == "changed"


def test_a_signed_supplement_explains_what_changed(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    sign_minutes(inspection=phuong6.inspection, signed_on=timezone.localdate(), by=cast.inspector)
    paper = paper_of(Minutes.objects.get())
    open_supplement(inspection=phuong6.inspection, reason="Sót", by=cast.inspector)
    answer(phuong6, cast.inspector, {2: "not_met"})
    client = sign_in(cast.inspector)
    assert verify(client, paper).context["verdict"].supplement is None
    supplement = sign_minutes(inspection=phuong6.inspection, signed_on=timezone.localdate(), by=cast.inspector)
    response = verify(client, paper)
    assert (response.context["verdict"].supplement, response.context["verdict"].is_covered) == (supplement, True)
    assert page_of(phuong6, "minutes-print", 2) in response.content.decode()
    own = verify(sign_in(cast.quan10), paper).content.decode()
    assert grouped(supplement.code) in own and "Sót" not in own
    open_supplement(inspection=phuong6.inspection, reason="Sót nữa", by=cast.inspector)
    answer(phuong6, cast.inspector, {3: "not_met"})
    verdict = verify(client, paper).context["verdict"]
    assert (verdict.supplement, verdict.is_covered) == (supplement, False)


def test_who_may_verify(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    sign_minutes(inspection=phuong6.inspection, signed_on=timezone.localdate(), by=cast.inspector)
    paper = paper_of(Minutes.objects.get())
    open_supplement(inspection=phuong6.inspection, reason="Sót", by=cast.inspector)
    answer(phuong6, cast.inspector, {2: "not_met"})
    own = verify(sign_in(cast.quan10), paper)
    assert state(own) == "changed"
    assert own.context["verdict"].changes == []
    assert page_of(phuong6) not in own.content.decode()
    foreign, unknown = verify(sign_in(cast.cangio), paper), sign_in(cast.cangio).get("/bien-ban/AAAA-AAAA/BBBB-BBBB/")
    assert foreign.status_code == unknown.status_code == 404
    assert _without_input(foreign) == _without_input(unknown)
    assert verify(sign_in(cast.administrator), paper).status_code == 403


def _without_input(response):
    return [line for line in response.content.decode().splitlines() if "input" not in line and "next" not in line]


@pytest.mark.parametrize("way", ["{code} / {check}", "{code}|{check}", "spaced", "lower"])
def test_the_search_forgives_spaces_case_and_hyphens(cast, sign_in, phuong6, way):
    minutes = Minutes.objects.create(inspection=phuong6.inspection, code="K7Q29FXM", opened_by=cast.inspector)
    paper = paper_of(minutes)
    code, check = paper.code, paper.check
    if way == "spaced":
        code, check = f" {' '.join(minutes.code)} ", check.replace("-", " – ")
    if way == "lower":
        code, check = code.lower().replace("-", ""), check.lower()
    client = sign_in(cast.inspector)
    response = client.get(reverse("inspections:verify-search"), {"ma": code, "doi_chieu": check}, follow=True)
    assert state(response) == "same"


@pytest.mark.parametrize("data", [{}, {"ma": ""}, {"ma": "---", "doi_chieu": "…"}, {"ma": "x" * 400, "doi_chieu": "1"}])
def test_nonsense_in_the_search(cast, sign_in, phuong6, data):
    response = sign_in(cast.inspector).get(reverse("inspections:verify-search"), data, follow=True)
    assert response.status_code in (200, 404)


def test_the_digest_follows_what_is_printed(cast, phuong6):
    answer(phuong6, cast.inspector, "met")
    minutes = Minutes.objects.create(inspection=phuong6.inspection, code="K7Q29FXM", opened_by=cast.inspector)
    seen = {_digest(minutes)}

    def is_new():
        digest = _digest(minutes)
        new = digest not in seen
        seen.add(digest)
        return new

    assert not is_new()
    minutes.participants.create(side="ward", part="leader", full_name="Trần Văn Bình")
    assert is_new()
    Result.objects.filter(criterion__code="TC01").update(note="Có kế hoạch")
    assert is_new()
    Inspection.objects.filter(enrolment=phuong6).update(inspected_on="2019-10-14")
    assert is_new()
    Minutes.objects.update(ward_remarks="Thống nhất")
    assert is_new()
    finding = Finding.objects.create(
        inspection=phuong6.inspection,
        criterion=phuong6.round.criteria_set.criteria.get(code="TC15"),
        recommendation="Bố trí kho",
        due_on=datetime.date(2026, 12, 31),
        created_by=cast.inspector,
    )
    assert is_new()
    Finding.objects.filter(pk=finding.pk).update(status="answered", version=2)
    assert not is_new()


def _digest(minutes):
    return digest_of(content_of(Minutes.objects.get(pk=minutes.pk)))
