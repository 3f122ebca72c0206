"""Self-assessment: drafted, handed in, handed back, compared. It never scores."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.forms.checklist import fingerprint
from criteria.inspections.models import Enrolment, Inspection, SelfAnswer, SelfAssessment
from criteria.inspections.queries.self_assessment import compared, of_round, to_assess
from criteria.inspections.services import (
    BLANK,
    Change,
    approve_inspection,
    extend_deadline,
    return_inspection,
    values_of,
)
from criteria.inspections.services.self_assessment import hand_back, hand_in, save_self_answers
from tests.support.factories import answer, enrol, make_round, make_set, make_ward, submit_signed
from tests.support.pages import squeeze
from wards.models import District, Ward

DAY = datetime.timedelta(days=1)
ROLES = ("inspector", "approver", "quan10", "leader")


@pytest.fixture
def asked(cast) -> Enrolment:
    """Phường 6, Quận 10 in a round of four criteria that asks for self-assessment."""
    inspection_round = make_round(
        make_set(), asks_self_assessment=True, self_assessment_due=timezone.localdate() + 10 * DAY
    )
    enrolment = enrol(inspection_round, Ward.objects.get(code="27202"))
    enrol(inspection_round, Ward.objects.get(code="27676"))
    return Enrolment.objects.select_related("round__criteria_set", "ward__district", "inspection").get(pk=enrolment.pk)


def assess(enrolment, by, outcomes, *, note="", base=None):
    criteria = {each.number: each for each in enrolment.round.criteria_set.criteria.all()}
    versions = dict(
        SelfAnswer.objects.filter(assessment__enrolment=enrolment).values_list("criterion__number", "version")
    )
    changes = [
        Change(
            criteria[number],
            versions.get(number, 0) if base is None else base,
            BLANK | {"outcome": outcome, "note": note},
        )
        for number, outcome in outcomes.items()
    ]
    return save_self_answers(enrolment=enrolment, changes=changes, by=by)


ALL_MET = dict.fromkeys(range(1, 5), "met")


def hand_in_all(enrolment, by, outcomes=ALL_MET):
    return hand_in(enrolment=enrolment, seen=assess(enrolment, by, outcomes).version, by=by)


def test_handing_in_what_nobody_touched_says_what_is_missing(asked, cast, sign_in):
    client, address = sign_in(cast.quan10), reverse("inspections:self-assessment", args=[asked.pk])
    criteria = asked.round.criteria_set.criteria.all()
    data = {f"{each.code}-seen": f"0:{fingerprint(BLANK)}" for each in criteria}
    data |= {"action": "hand_in", "submission_id": str(uuid.uuid4()), "version": "0"}
    page = client.post(address, data, follow=True).content.decode()
    alert = page.partition('role="alert"')[2].partition("</div>")[0]
    assert all(f'href="#{each.code}"' in alert for each in criteria)
    assert not SelfAssessment.objects.exists()


def test_it_never_scores(cast, asked):
    before = Inspection.objects.values_list("score", "met_criteria", "open_criteria", "version").get(enrolment=asked)
    hand_in_all(asked, cast.quan10)
    after = Inspection.objects.values_list("score", "met_criteria", "open_criteria", "version").get(enrolment=asked)
    assert before == after and not asked.inspection.results.exists()
    standing = Enrolment.objects.with_standing().get(pk=asked.pk)
    assert standing.standing_score is None


def test_drafts_are_the_units_own(cast, asked):
    assess(asked, cast.quan10, {1: "met"}, note="Có quyết định")
    assert SelfAssessment.objects.visible_to(cast.quan10).count() == 1
    for person in (cast.inspector, cast.approver, cast.cangio, cast.thanhan, cast.leader, cast.administrator):
        assert not SelfAssessment.objects.visible_to(person).exists()


@pytest.mark.parametrize("person", ["inspector", "approver", "cangio", "thanhan", "leader", "administrator"])
def test_only_its_unit_assesses(cast, asked, person):
    with pytest.raises(Refused):
        assess(asked, getattr(cast, person), {1: "met"})
    assert not SelfAnswer.objects.exists()


def test_an_answer_that_a_colleague_changed_is_not_overwritten(cast, asked):
    assess(asked, cast.quan10, {1: "met", 2: "met"})
    saved = assess(asked, cast.quan10, {1: "not_met", 3: "met"}, base=0)
    assert set(saved.conflicts) == {asked.round.criteria_set.criteria.get(number=1).pk}
    assert sorted(SelfAnswer.objects.values_list("criterion__number", "outcome")) == [(1, "met"), (2, "met")]


def test_the_same_page_twice_is_one_save(cast, asked):
    assess(asked, cast.quan10, {1: "met"}, base=0)
    again = assess(asked, cast.quan10, {1: "met"}, base=0)
    assert not again.is_refused and SelfAssessment.objects.get().version == 1
    assert Event.objects.about(SelfAssessment.objects.get()).count() == 1


def test_open_criteria_keep_it_from_being_handed_in(cast, asked):
    saved = assess(asked, cast.quan10, {1: "met"})
    with pytest.raises(Refused) as refused:
        hand_in(enrolment=asked, seen=saved.version, by=cast.quan10)
    assert refused.value.code == "missing"


def test_handed_in_it_is_read_only_until_handed_back(cast, asked):
    assessment = hand_in_all(asked, cast.quan10)
    hand_in(enrolment=asked, seen=assessment.version, by=cast.quan10)
    with pytest.raises(Refused):
        assess(asked, cast.quan10, {1: "not_met"})
    assert SelfAssessment.objects.visible_to(cast.inspector).count() == 1
    with pytest.raises(Refused):
        hand_back(assessment=assessment, reason=" ", by=cast.inspector)
    with pytest.raises(Refused):
        hand_back(assessment=assessment, reason="Thiếu giải trình", by=cast.quan10)
    hand_back(assessment=assessment, reason="Thiếu giải trình", by=cast.inspector)
    assert not SelfAssessment.objects.visible_to(cast.inspector).exists()
    hand_in_all(asked, cast.quan10, {1: "not_met"})
    actions = Event.objects.about(assessment).values_list("action", flat=True)
    assert list(actions) == ["handed_in", "changed", "returned", "handed_in"] + ["changed"] * 4
    assert SelfAssessment.objects.get().return_reason == ""


def test_nobody_hands_in_what_the_page_did_not_show(cast, asked):
    saved = assess(asked, cast.quan10, ALL_MET)
    assess(asked, cast.quan10, {1: "not_met"})
    with pytest.raises(Refused):
        hand_in(enrolment=asked, seen=saved.version, by=cast.quan10)


@pytest.mark.parametrize(
    "values",
    [
        {"asks_self_assessment": False},
        {"self_assessment_due": -DAY},
        {"status": "closed"},
    ],
)
def test_a_round_that_does_not_take_it_refuses(cast, asked, values):
    if "self_assessment_due" in values:
        values = {"self_assessment_due": timezone.localdate() + values["self_assessment_due"]}
    type(asked.round).objects.filter(pk=asked.round_id).update(**values)
    with pytest.raises(Refused):
        assess(asked, cast.quan10, {1: "met"})
    # A unit that is late still reads that it owes one.
    assert [row.is_late for row in to_assess(cast.quan10)] == ([True] if "self_assessment_due" in values else [])


def test_an_extension_lets_a_late_unit_hand_in(cast, asked, sign_in):
    today = timezone.localdate()
    type(asked.round).objects.filter(pk=asked.round_id).update(self_assessment_due=today - DAY)
    Enrolment.objects.filter(pk=asked.pk).update(way=Enrolment.Way.REPORT)
    asked = Enrolment.objects.get(pk=asked.pk)
    page = sign_in(cast.quan10)
    assert "Đã quá hạn" in page.get("/").content.decode()
    with pytest.raises(Refused):
        assess(asked, cast.quan10, {1: "met"})
    extend_deadline(enrolment=asked, until=today, ground="Mất điện", by=cast.approver)
    assert "Đã quá hạn" not in page.get("/").content.decode()
    written = assess(Enrolment.objects.get(pk=asked.pk), cast.quan10, ALL_MET)
    hand_in(enrolment=asked, seen=written.version, by=cast.quan10)
    assert not to_assess(cast.quan10).exists()


def test_a_unit_that_is_left_out_of_the_plan_owes_nothing(cast, asked):
    Enrolment.objects.filter(pk=asked.pk).update(is_left_out=True, left_out_reason="Kiểm toán")
    assert not to_assess(cast.quan10).exists()


def test_differences_of_a_ward_and_of_the_round(cast, asked):
    hand_in_all(asked, cast.quan10, {1: "met", 2: "met", 3: "not_met", 4: "met"})
    answer(asked, cast.inspector, {1: "met", 2: "not_met", 3: "met"})
    assert [line.differs for line in compared(asked, cast.inspector)] == [False, True, True, False]
    # The unit sees no answer of the team before the approval.
    assert [line.verified for line in compared(asked, cast.quan10)] == [None] * 4
    first, second = of_round(asked.round, cast.inspector)
    assert (first.own.points, first.verified.points, first.differing) == (3, 2, 2)
    assert (second.assessment, second.differing) == (None, None)
    (own,) = of_round(asked.round, cast.quan10)
    assert own.own.points == 3 and own.verified is None and own.differing is None


def test_the_round_takes_a_constant_number_of_queries(cast, asked, django_assert_num_queries):
    def count(number):
        for _ward in range(number):
            enrolment = enrol(asked.round, make_ward(District.objects.get(code="771")))
            hand_in_all(enrolment, cast.quan10)
        with django_assert_num_queries(5):
            assert of_round(asked.round, cast.inspector)

    count(1)
    count(6)


def page_data(enrolment, **outcomes):
    answers = {each.criterion_id: each for each in SelfAnswer.objects.filter(assessment__enrolment=enrolment)}
    assessment = SelfAssessment.objects.filter(enrolment=enrolment).first()
    data = {"submission_id": str(uuid.uuid4()), "version": assessment.version if assessment else 0}
    for criterion in enrolment.round.criteria_set.criteria.all():
        found = answers.get(criterion.pk)
        values = values_of(found)
        data[f"{criterion.code}-seen"] = f"{found.version if found else 0}:{fingerprint(values)}"
        data[f"{criterion.code}-outcome"] = outcomes.get(criterion.code, values["outcome"])
        data[f"{criterion.code}-note"] = values["note"]
    return data


def test_the_page_from_draft_to_hand_back(cast, asked, sign_in):
    address = reverse("inspections:self-assessment", args=[asked.pk])
    unit, team = sign_in(cast.quan10), sign_in(cast.inspector)
    assert unit.get(address).status_code == 200
    assert unit.post(address, page_data(asked, TC01="met")).status_code == 302
    response = unit.post(address, page_data(asked, TC02="met") | {"action": "hand_in"})
    assert response.url.endswith("?open=1")
    page = unit.get(response.url).content.decode()
    assert 'href="#TC03"' in page and 'href="#TC01"' not in page
    assert not team.get(address).context["assessment"]
    rest = page_data(asked, TC03="not_met", TC04="met") | {"action": "hand_in"}
    assert unit.post(address, rest).status_code == 302
    assert SelfAssessment.objects.get().handed_in_by == cast.quan10
    assert team.get(address).context["total"].points == 3
    late = unit.post(address, page_data(asked, TC01="not_met"))
    assert late.status_code == 200 and SelfAnswer.objects.get(criterion__number=1).outcome == "met"
    back = reverse("inspections:self-return", args=[asked.pk])
    assert team.post(back, {"reason": ""}).status_code == 200
    assert team.post(back, {"reason": "Thiếu giải trình"}).status_code == 302
    assert "Thiếu giải trình" in unit.get(address).content.decode()


def test_a_stale_page_shows_both_values(cast, asked, sign_in):
    address, unit = reverse("inspections:self-assessment", args=[asked.pk]), sign_in(cast.quan10)
    old = page_data(asked, TC01="met")
    assess(asked, cast.quan10, {1: "not_met"}, note="Chưa có kho")
    response = unit.post(address, old)
    page = response.content.decode()
    assert response.status_code == 200 and "Chưa có kho" in page and "has-conflict" in page
    assert SelfAnswer.objects.get().outcome == "not_met"


def test_strangers(cast, asked, sign_in):
    address = reverse("inspections:self-assessment", args=[asked.pk])
    assert sign_in(cast.cangio).get(address).status_code == 404
    assert sign_in(cast.cangio).post(address, page_data(asked, TC01="met")).status_code == 404
    assert sign_in(cast.inspector).post(address, page_data(asked, TC01="met")).status_code == 403
    assert sign_in(cast.leader).get(address).status_code == 403
    listed = sign_in(cast.quan10).get(reverse("inspections:self-round", args=[asked.round.code]))
    assert listed.status_code == 200 and "Thạnh An" not in listed.content.decode()
    phase1 = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")
    assert sign_in(cast.quan10).get(reverse("inspections:self-assessment", args=[phase1.pk])).status_code == 404


def test_it_is_no_approved_result_for_leadership(cast, asked, sign_in):
    written = assess(asked, cast.quan10, ALL_MET, note="Tự chấm theo Quyết định 12")
    hand_in(enrolment=asked, seen=written.version, by=cast.quan10)
    answer(asked, cast.inspector, "met")
    submit_signed(inspection=asked.inspection, by=cast.inspector)
    approve_inspection(inspection=asked.inspection, by=cast.approver)
    page = reverse("inspections:checklist", args=[asked.pk])
    said = {name: "Quyết định 12" in sign_in(getattr(cast, name)).get(page).content.decode() for name in ROLES}
    assert said == {"inspector": True, "approver": True, "quan10": True, "leader": False}


def test_the_list_downloads(cast, asked, sign_in):
    hand_in_all(asked, cast.quan10)
    response = sign_in(cast.inspector).get(reverse("inspections:self-round", args=[asked.round.code]) + "?tai=xlsx")
    assert response.status_code == 200 and "spreadsheet" in response["Content-Type"]


def test_who_was_inspected_already_is_not_asked_any_more(cast, asked):
    inspection = asked.inspection
    assert asked in to_assess(cast.quan10)
    answer(asked, cast.inspector, "met")
    submit_signed(inspection=inspection, by=cast.inspector)
    assert asked not in to_assess(cast.quan10)
    return_inspection(inspection=inspection, reason="Bổ sung minh chứng", by=cast.approver)
    assert asked not in to_assess(cast.quan10)


def test_the_form_tells_the_script_what_it_needs(cast, asked, sign_in):
    page = sign_in(cast.quan10).get(reverse("inspections:self-assessment", args=[asked.pk])).content.decode()
    assert page.count("data-criterion") == page.count("data-points") == 4
    form = next(tag for tag in squeeze(page).split("<") if " data-self " in tag)
    assert " data-draft" in form and "data-draft=" not in form and "checklist/self" in page and "device/draft" in page
