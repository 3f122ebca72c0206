"""The approval of the plan of a specialised round: recorded, printed as the ground, in the order of its days."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from archiveportal.office.kinds import PaperKind
from criteria.inspections.models import Decision, OfficialPaper, PlanApproval, Round, RoundDocument
from criteria.inspections.papers.official.blocks import words_of
from criteria.inspections.papers.official.lacking import lacking_in
from criteria.inspections.papers.official.reading import subject_of
from criteria.inspections.queries.plan_approvals import (
    inspection_lacks_approval,
    lacks_plan_approval,
    unapproved_plans,
)
from criteria.inspections.services import official_papers as papers
from criteria.inspections.services.decisions import issue_decision, save_decision
from criteria.inspections.services.deleting import delete_round
from criteria.inspections.services.documents import add_document
from criteria.inspections.services.plan_approvals import save_approval, void_approval
from criteria.inspections.services.rounds import update_round
from tests.support.decisions import draft, enrol_units, make_decision, make_specialised_round, make_team
from tests.support.factories import make_round, make_set
from tests.support.pdf import pdf_of

DAY = datetime.date(2026, 3, 10)
ONE = datetime.timedelta(days=1)
GROUND = "Căn cứ ý kiến phê duyệt của Chủ tịch Ủy ban nhân dân Thành phố tại"
MADE = papers.MadeWord("a.docx", b"PK")


def approval_of(inspection_round: Round, **values) -> PlanApproval:
    usual = {"number": "512/QĐ-UBND", "issued_on": DAY, "signer_title": "KT. Chủ tịch", "signer_name": "Trần Văn B"}
    return PlanApproval(round=inspection_round, **usual | values)


def refused_fields(write, **arguments) -> set[str]:
    """Return the fields that a service refuses, none where it refuses the whole."""
    with pytest.raises(ValidationError) as refusal:
        write(**arguments)
    return set(getattr(refusal.value, "error_dict", {}))


@pytest.fixture
def planned(cast) -> Round:
    return make_specialised_round()


@pytest.fixture
def drafted(cast, planned):
    team = make_team(planned, cast)
    return save_decision(decision=draft(team), enrolments=enrol_units(planned, team), by=cast.approver)


def paper_of(inspection_round, by, decision=None) -> OfficialPaper:
    kind = PaperKind.DECISION if decision else PaperKind.PLAN
    return papers.draft_paper(about=papers.About(kind, inspection_round, decision), by=by)


def said(paper: OfficialPaper, by):
    subject = subject_of(paper, by)
    words = words_of(subject)
    return words, [lack for lack in lacking_in(subject, words) if lack.page]


def issue(paper: OfficialPaper, day: datetime.date, by, number: str = "9/KH-SNV") -> OfficialPaper:
    waiting = papers.make_to_sign(paper=paper, made=MADE, words={"title": "x"}, by=by)
    return papers.issue_paper(paper=waiting, number=papers.Number(number, day), made=MADE, by=by)


def test_plan_and_decision_print_it_as_their_ground_and_say_that_it_is_lacking(cast, drafted):
    by, planned = cast.approver, drafted.round
    plan, decision = paper_of(planned, by), paper_of(planned, by, drafted)
    for paper in (plan, decision):
        words, lacking = said(paper, by)
        assert f"{GROUND} Văn bản số ……… ngày ………." in words.grounds
        assert [lack.page for lack in lacking] == ["inspections:plan-approval"]
    save_approval(approval=approval_of(planned), by=by)
    for paper in (plan, decision):
        words, lacking = said(paper, by)
        assert words.grounds[-1] == f"{GROUND} Quyết định số 512/QĐ-UBND ngày 10 tháng 3 năm 2026." and not lacking


def test_a_decision_with_another_ground_and_a_round_of_guidance_need_none(cast, planned):
    by, team = cast.approver, make_team(planned, cast)
    other = draft(team, ground="directed", grounds="Văn bản số 9/UBND")
    decision = save_decision(decision=other, enrolments=enrol_units(planned, team), by=by)
    guidance = make_round(make_set(2))
    for paper in (paper_of(planned, by, decision), paper_of(guidance, by)):
        words, lacking = said(paper, by)
        assert not lacking and not any("phê duyệt" in line for line in words.grounds)


def test_what_the_grounds_name_already_is_not_named_twice(cast, planned):
    by, team = cast.approver, make_team(planned, cast)
    grounds = "Kế hoạch số 15/KH-SNV được Chủ tịch phê duyệt tại Quyết định số 512/QĐ-UBND"
    decision = save_decision(decision=draft(team, grounds=grounds), enrolments=enrol_units(planned, team), by=by)
    save_approval(approval=approval_of(planned), by=by)
    assert GROUND not in " ".join(said(paper_of(planned, by, decision), by)[0].grounds)


def test_the_plan_that_the_portal_issued_is_the_plan_of_its_decisions(cast, drafted):
    issue(paper_of(drafted.round, cast.approver), DAY, cast.approver)
    grounds = said(paper_of(drafted.round, cast.approver, drafted), cast.approver)[0].grounds
    assert "Căn cứ Kế hoạch số 9/KH-SNV ngày 10 tháng 3 năm 2026;" in grounds


@pytest.mark.parametrize(("written", "times"), [("Kế hoạch số 9/KH-SNV", 1), ("Kế hoạch số 19/KH-SNV", 2)])
def test_a_plan_that_the_grounds_name_by_its_number_is_named_once(cast, drafted, written, times):
    issue(paper_of(drafted.round, cast.approver), DAY, cast.approver)
    Decision.objects.filter(pk=drafted.pk).update(grounds=written)
    grounds = said(paper_of(drafted.round, cast.approver, drafted), cast.approver)[0].grounds
    assert sum("9/KH-SNV" in line for line in grounds) == times


def test_nothing_has_a_day_before_what_it_rests_on(cast, drafted):
    by, planned = cast.approver, drafted.round
    save_approval(approval=approval_of(planned), by=by)
    with pytest.raises(ValidationError, match="512/QĐ-UBND"):
        issue(paper_of(planned, by), DAY - ONE, by)
    OfficialPaper.objects.filter(state="to_sign").delete()
    issue(paper_of(planned, by), DAY + ONE, by)
    for day, named in ((DAY - ONE, "512/QĐ-UBND"), (DAY, "9/KH-SNV")):
        with pytest.raises(ValidationError, match=named):
            issue_decision(decision=drafted, number="7/QĐ-SNV", issued_on=day, by=by)
        with pytest.raises(ValidationError, match=named), transaction.atomic():
            issue(paper_of(planned, by, drafted), day, by, "7/QĐ-SNV")
    drafted = issue_decision(decision=drafted, number="7/QĐ-SNV", issued_on=DAY + ONE, by=by)
    conduct = papers.draft_paper(about=papers.About(PaperKind.CONDUCT_PLAN, planned, drafted), by=by)
    with pytest.raises(ValidationError, match="7/QĐ-SNV"):
        issue(conduct, DAY, by, "1/KH-ĐKT")


def test_the_approval_does_not_come_after_what_rests_on_it(cast):
    by, decision = cast.approver, make_decision(cast, issued_on=DAY)
    assert refused_fields(save_approval, approval=approval_of(decision.round, issued_on=DAY + ONE), by=by) == {
        "issued_on"
    }
    made = save_approval(approval=approval_of(decision.round), by=by)
    made.issued_on = DAY + ONE
    assert refused_fields(save_approval, approval=made, by=by) == {"issued_on"}


def test_an_adjusted_plan_does_not_bar_what_followed_the_first_one(cast, drafted):
    for number, day in (("9/KH-SNV", DAY), ("30/KH-SNV", DAY + 20 * ONE)):
        listed = RoundDocument(round=drafted.round, kind="plan", number=number, issued_on=day)
        add_document(document=listed, by=cast.approver)
    assert issue_decision(decision=drafted, number="7/QĐ-SNV", issued_on=DAY + ONE, by=cast.approver).is_issued


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": "mật"}, "number"),
        ({"issued_on": datetime.date(2999, 1, 1)}, None),
        ({"signer_name": " "}, "signer_name"),
        ({"signer_title": ""}, "signer_title"),
    ],
)
def test_wrong_values_are_refused_at_their_field(cast, planned, values, field):
    found = refused_fields(save_approval, approval=approval_of(planned, **values), by=cast.approver)
    assert found == ({field} if field else set())


def test_a_day_to_come_and_a_round_of_guidance_are_refused(cast, planned):
    to_come = approval_of(planned, issued_on=localdate() + ONE)
    assert refused_fields(save_approval, approval=to_come, by=cast.approver) == {"issued_on"}
    for refused, by in ((make_round(make_set(2)), cast.approver), (planned, cast.inspector), (planned, cast.leader)):
        with pytest.raises(ValidationError):
            save_approval(approval=approval_of(refused), by=by)


def test_sent_twice_it_is_one_and_another_one_is_refused(cast, planned):
    first = save_approval(approval=approval_of(planned), by=cast.approver)
    assert save_approval(approval=approval_of(planned), by=cast.approver) == first
    with pytest.raises(ValidationError):
        save_approval(approval=approval_of(planned, number="9/QĐ-UBND"), by=cast.approver)
    void_approval(approval=first, reason="Nhầm đợt", by=cast.approver)
    assert void_approval(approval=first, reason="", by=cast.approver).void_reason == "Nhầm đợt"
    assert save_approval(approval=approval_of(planned, number="9/QĐ-UBND"), by=cast.approver).pk != first.pk
    with pytest.raises(ValidationError):
        save_approval(approval=first, by=cast.approver)


def test_the_kind_of_the_round_stays_while_the_approval_stands(cast, planned):
    save_approval(approval=approval_of(planned), by=cast.approver)
    planned.kind = Round.Kind.GUIDANCE
    assert refused_fields(update_round, inspection_round=planned, by=cast.approver) == {"kind"}


def test_sql_deletes_no_approval_and_a_trial_goes_with_its_own(cast, planned):
    made = save_approval(approval=approval_of(planned), by=cast.approver)
    for statement in ("DELETE FROM inspections_planapproval", "UPDATE inspections_planapproval SET round_id = 0"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    void_approval(approval=made, reason="Nhầm", by=cast.approver)
    Round.objects.filter(pk=planned.pk).update(is_trial=True)
    delete_round(inspection_round=planned, typed_code=planned.code, by=cast.approver)
    assert not PlanApproval.objects.exists()


def test_pages(cast, drafted, sign_in):
    client, code = sign_in(cast.approver), drafted.round.code
    page, listed = (reverse(f"inspections:{name}", args=[code]) for name in ("plan-approval", "round-papers"))
    of_decision = reverse("inspections:decision", args=[code, drafted.pk])
    assert all(page in client.get(address).content.decode() for address in (listed, of_decision))
    typed = {"number": "512/QĐ-UBND", "issued_on": "10/03/2026", "signer_title": "Chủ tịch", "signer_name": ""}
    assert client.post(page, typed).context["form"].errors.keys() == {"signer_name"}
    scan = SimpleUploadedFile("phe-duyet.pdf", pdf_of([["Phê duyệt"]]))
    assert client.post(page, typed | {"signer_name": "Trần Văn B", "upload": scan}).url == listed
    made = PlanApproval.objects.get()
    assert made.file is not None and made.recorded_by == cast.approver
    assert "512/QĐ-UBND" in client.get(listed).content.decode() and page not in client.get(of_decision).content.decode()
    shown = client.get(page)
    stale = shown.context["form"]["made_on"].value()
    client.post(page, typed | {"signer_name": "Trần Văn C", "made_on": stale})
    assert client.post(page, typed | {"signer_name": "Trần Văn D", "made_on": stale}).context["form"].errors
    assert PlanApproval.objects.get().signer_name == "Trần Văn C" and PlanApproval.objects.get().file == made.file
    assert client.post(page, {"void": "1", "reason": ""}).status_code == 200
    client.post(page, {"void": "1", "reason": "Ghi nhầm"})
    assert PlanApproval.objects.get().void_reason == "Ghi nhầm" and page in client.get(listed).content.decode()
    assert client.post(page, {"void": "1", "reason": "Lần nữa"}).status_code == 404
    file = reverse("inspections:plan-approval-file", args=[code, made.pk])
    assert sign_in(cast.inspector).get(file).status_code == 200
    assert sign_in(cast.leader).get(file).status_code == 404


def test_whoever_sees_the_round_sees_the_approval(cast, drafted):
    save_approval(approval=approval_of(drafted.round), by=cast.approver)
    seen = PlanApproval.objects.visible_to
    assert not seen(cast.quan10).exists() and seen(cast.leader).exists() and seen(cast.inspector).exists()
    person = cast.thanhan
    type(person).objects.filter(pk=person.pk).update(ward=drafted.units.first().enrolment.ward)
    assert seen(type(person).objects.get(pk=person.pk)).exists()


def test_who_may_record_it_reads_on_the_first_page_what_is_lacking(cast, drafted, sign_in, django_assert_num_queries):
    client, of_inspector = sign_in(cast.approver), sign_in(cast.inspector)
    planned, unit = drafted.round, drafted.units.first().enrolment
    form = reverse("inspections:plan-approval", args=[planned.code])
    pages = [reverse("home"), reverse("inspections:round-prepare", args=[planned.code])]
    of_unit = reverse("inspections:unit-file", args=[unit.pk])
    for address in [*pages, of_unit]:
        assert f'href="{form}"' in client.get(address).content.decode()
    assert "Chưa ghi nhận văn bản phê duyệt kế hoạch" in of_inspector.get(of_unit).content.decode()
    assert form not in of_inspector.get(of_unit).content.decode() + of_inspector.get(pages[0]).content.decode()
    save_approval(approval=approval_of(planned), by=cast.approver)
    for address in [*pages, of_unit]:
        assert form not in client.get(address).content.decode()
    rounds = [planned, make_specialised_round(), make_round()]
    with django_assert_num_queries(1):
        assert unapproved_plans(cast.approver, rounds) == []


def test_what_rests_on_no_plan_needs_no_approval(cast, planned):
    team = make_team(planned, cast)
    assert unapproved_plans(cast.approver, [planned]) == [] and not lacks_plan_approval(planned)
    directed = draft(team, ground="directed", grounds="Công văn số 1/UBND")
    first = save_decision(decision=directed, enrolments=enrol_units(planned, team), by=cast.approver)
    assert unapproved_plans(cast.approver, [planned]) == []
    paper_of(planned, cast.approver)
    assert unapproved_plans(cast.approver, [planned]) == [planned]
    assert not inspection_lacks_approval(first.units.first().enrolment)
    Round.objects.filter(pk=planned.pk).update(status=Round.Status.CLOSED)
    assert unapproved_plans(cast.approver, [Round.objects.get(pk=planned.pk)]) == []
