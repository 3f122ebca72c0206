"""The pages of a self-assessment: evidence, confirmation, reading, both sides. Small, and constant in queries."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from criteria.inspections.models import Enrolment, Evidence, Result, SelfAssessment, SelfEvidence, SelfPaper
from criteria.inspections.queries.self_assessment import compared, match_of
from criteria.inspections.services.self_assessment import hand_back, hand_in
from criteria.inspections.services.self_confirming import confirm, withdraw
from criteria.inspections.services.self_reading import accept_report
from tests.support.factories import answer, enrol, make_round, make_set
from tests.support.pictures import PDF, photograph, upload
from tests.support.self_assessments import DOCUMENT, assess_all, confirmed, handed_in, shown

MOST_BYTES = 120 * 1024


def page_of(unit, name="self-assessment", *more):
    return reverse(f"inspections:{name}", args=[unit.pk, *more])


@pytest.fixture
def make_unit(cast):
    def make(criteria: int = 4, **values) -> Enrolment:
        made = enrol(make_round(make_set(criteria), asks_self_assessment=True), cast.thanhan.ward)
        Enrolment.objects.filter(pk=made.pk).update(**values)
        return Enrolment.objects.select_related("round__criteria_set", "inspection").get(pk=made.pk)

    return make


@pytest.fixture
def unit(make_unit) -> Enrolment:
    return make_unit()


def test_evidence_is_added_replaced_and_taken_back_on_pages(cast, sign_in, unit):
    client, add = sign_in(cast.thanhan), page_of(unit, "self-evidence-add", "TC01")
    page = client.get(add).content.decode()
    assert "bí mật" in page and 'type="file"' in page and "image/jpeg" in page
    sent = {"user": cast.thanhan.pk, "upload_id": uuid.uuid4(), "criterion": "TC01"}
    assert client.post(add, sent).status_code == 200
    client.post(add, sent | {"file": upload(photograph(), "kho.jpg"), "caption": "Kho lưu trữ"})
    piece = SelfEvidence.objects.get()
    assert f"src=minh-chung/{piece.pk}/anh/" in client.get(page_of(unit)).content.decode()
    document = {"number": "5/QĐ", "issued_on": "01/02/2026", "issuer": "UBND", "upload_id": uuid.uuid4()}
    client.post(f"{add}?thay={piece.pk}", sent | document)
    newer = SelfEvidence.objects.get(replaces=piece)
    assert "Kho lưu trữ" in client.get(page_of(unit, "self-evidence-item", piece.pk)).content.decode()
    client.post(page_of(unit, "self-evidence-item", newer.pk), {"reason": "Nhầm"})
    assert not SelfEvidence.objects.counting().exists()


def test_what_another_person_chose_on_the_device_is_not_kept(cast, sign_in, unit):
    sent = {"user": cast.cangio.pk, "upload_id": uuid.uuid4(), "criterion": "TC01", "file": upload()}
    assert sign_in(cast.thanhan).post(page_of(unit, "self-evidence-add", "TC01"), sent).status_code == 200
    assert not SelfEvidence.objects.exists()


def test_a_device_sends_a_file_twice_and_hears_why_one_is_not_taken(cast, sign_in, unit):
    client, add = sign_in(cast.thanhan), page_of(unit, "self-evidence-add", "TC01")

    def send(name="kho.jpg", content=None, **changed):
        sent = {"user": cast.thanhan.pk, "upload_id": uuid.uuid4(), "criterion": "TC01", "via": "offline"}
        file = upload(content or photograph(), name)
        return client.post(add, sent | {"file": file} | changed, headers={"Accept": "application/json"})

    key = uuid.uuid4()
    answers = [send(upload_id=key).json() for _ in range(2)]
    piece = SelfEvidence.objects.get()
    # The first one changed the self-assessment, the second one nothing.
    assert [(each["state"], each["before"], each["version"]) for each in answers] == [("saved", 0, 1), ("saved", 1, 1)]
    assert answers[0]["html"] == answers[1]["html"]
    assert f"href=minh-chung/{piece.pk}/" in answers[0]["html"]
    assert send("kho.jpg", b"no picture").json()["state"] == "refused"
    other = send(user=cast.cangio.pk)
    assert other.status_code == 403 and other.json()["other"]
    confirmed(unit, cast.thanhan, cast.ldthanhan)
    assert send(upload_id=key).json()["state"] == "saved"
    late = send().json()
    assert late["state"] == "refused" and "Lãnh đạo" in late["message"]
    assert SelfEvidence.objects.count() == 1
    # Somebody who looks at the page decides it.
    assert client.get(add).status_code == 200
    assert SelfAssessment.objects.get().confirmed_at


def test_the_leader_sees_everything_and_confirms(cast, sign_in, unit):
    shown(unit, cast.thanhan, caption="Quyết định thành lập")
    assessment = handed_in(unit, cast.thanhan)
    client = sign_in(cast.ldthanhan)
    page = client.get(page_of(unit)).content.decode()
    assert "Quyết định thành lập" in page and page_of(unit, "self-confirm") in page
    client.post(page_of(unit, "self-confirm"), {"version": 0})
    assert not SelfAssessment.objects.get().confirmed_at
    client.post(page_of(unit, "self-confirm"), {"version": assessment.version})
    assert SelfAssessment.objects.get().confirmed_by == cast.ldthanhan
    assert page_of(unit, "self-confirm") not in client.get(page_of(unit)).content.decode()
    assert client.post(page_of(unit, "self-withdraw"), {"reason": ""}).status_code == 200
    client.post(page_of(unit, "self-withdraw"), {"reason": "Xem lại"})
    assert "Xem lại" in sign_in(cast.thanhan).get(page_of(unit)).content.decode()


def test_the_signed_paper_is_attached(cast, sign_in, unit):
    assessment, client = handed_in(unit, cast.thanhan), sign_in(cast.thanhan)
    address = page_of(unit, "self-paper")
    assert "bí mật" in client.get(address).content.decode()
    sent = {"signatory": "Chủ tịch Nguyễn Văn A", "signed_on": f"{timezone.localdate():%d/%m/%Y}"}
    sent |= {"version": assessment.version}
    assert client.post(address, sent).status_code == 200
    client.post(address, sent | {"upload": upload(PDF, "da-ky.pdf")})
    paper = SelfPaper.objects.get()
    page = sign_in(cast.inspector).get(page_of(unit)).content.decode()
    assert "Nguyễn Văn A" in page and page_of(unit, "self-paper-file", paper.pk) in page


def test_the_first_page_names_the_reports_that_wait_to_be_read(cast, sign_in, make_unit):
    unit = make_unit(way="report")
    handed_in(unit, cast.thanhan)
    homes = [sign_in(person) for person in (cast.inspector, cast.approver)]
    heading = "Báo cáo của đơn vị chờ xem xét"
    # Without the word of the leader there is nothing to accept.
    assert not any(heading in home.get("/").content.decode() for home in homes)
    assessment = SelfAssessment.objects.get()
    confirm(assessment=assessment, seen=assessment.version, by=cast.ldthanhan)
    for home in homes:
        page = home.get("/").content.decode()
        assert heading in page and page_of(unit) in page
    assert heading not in sign_in(cast.ldthanhan).get("/").content.decode()
    accept_report(assessment=SelfAssessment.objects.get(), seen=assessment.version, by=cast.inspector)
    assert not any(heading in home.get("/").content.decode() for home in homes)


def test_a_document_is_shown_with_its_number(cast, sign_in, unit):
    assess_all(unit, cast.thanhan)
    shown(unit, cast.thanhan, caption="Quyết định ban hành quy chế", **DOCUMENT)
    assessment = SelfAssessment.objects.get()
    hand_in(enrolment=unit, seen=assessment.version, by=cast.thanhan)
    page = sign_in(cast.inspector).get(page_of(unit)).content.decode()
    assert "Quyết định ban hành quy chế" in page and "12/QĐ-UBND, UBND xã" in page


def test_a_report_is_accepted_and_opened_again(cast, sign_in, make_unit):
    unit = make_unit(way="report")
    assessment, client = confirmed(unit, cast.thanhan, cast.ldthanhan), sign_in(cast.approver)
    assert page_of(unit, "self-accept") in client.get(page_of(unit)).content.decode()
    client.post(page_of(unit, "self-accept"), {"version": assessment.version})
    assert SelfAssessment.objects.get().is_accepted
    later = {"until": f"{timezone.localdate():%d/%m/%Y}", "ground": "Bổ sung"}
    assert client.get(page_of(unit, "self-time")).status_code == 200
    client.post(page_of(unit, "self-time"), later)
    assert SelfAssessment.objects.get().handed_in_at is None


def test_both_sides_and_one_tap(cast, sign_in, unit):
    piece = shown(unit, cast.thanhan, caption="Quy chế văn thư")
    assessment, client = handed_in(unit, cast.thanhan), sign_in(cast.inspector)
    own = assessment.answers.get(criterion__code="TC01")
    address = page_of(unit, "self-both")
    assert address in client.get(page_of(unit)).content.decode()
    client.post(address, {"answer": own.pk, "seen": 0, "shown": own.version})
    client.post(address, {"evidence": piece.pk})
    assert (
        Result.objects.get(inspection=unit.inspection).changed_by == Evidence.objects.get().added_by == cast.inspector
    )
    page = client.get(address).content.decode()
    assert "Quy chế văn thư" in page and DOCUMENT["number"] in page, "a document is told by its number"
    assert DOCUMENT["number"] in client.get(page_of(unit, "checklist")).content.decode(), "taken over, too"
    assert f'value="{own.pk}"' not in page.partition('id="TC02"')[0].partition('id="TC01"')[2]
    assert client.post(address, {"answer": "x"}).status_code == 404


def test_the_rate_of_agreement_counts_what_both_answered(cast, sign_in, unit):
    handed_in(unit, cast.thanhan)
    assert match_of(compared(unit, cast.inspector)).percent is None
    answer(unit, cast.inspector, "not_met")
    Result.objects.filter(inspection=unit.inspection, criterion__code="TC01").update(outcome="met")
    match = match_of(compared(unit, cast.inspector))
    assert (match.same, match.both, match.percent) == (1, 4, 25)
    page = sign_in(cast.inspector).get(page_of(unit)).content.decode()
    assert "Tỷ lệ trùng khớp giữa tự chấm và kết quả kiểm tra" in page and "25%" in page
    # The unit reads verified answers once they are approved.
    assert match_of(compared(unit, cast.thanhan)).both == 0


def test_a_hundred_leaves_with_evidence_are_small_and_constant(cast, sign_in, make_unit, django_assert_max_num_queries):
    unit = make_unit(100)
    assess_all(unit, cast.thanhan)
    for number in range(1, 101):
        shown(unit, cast.thanhan, code=f"TC{number:02}", number=f"{number}/QĐ-UBND")
    client = sign_in(cast.thanhan)
    with django_assert_max_num_queries(16):
        page = client.get(page_of(unit)).content
    assert len(page) < MOST_BYTES, len(page)
    handed_in(unit, cast.thanhan)
    inspector = sign_in(cast.inspector)
    for name in ("self-assessment", "self-both"):
        with django_assert_max_num_queries(16):
            assert len(inspector.get(page_of(unit, name)).content) < 2 * MOST_BYTES


def test_the_draft_says_who_wants_it_corrected(cast, sign_in, unit):
    hand_back(assessment=handed_in(unit, cast.thanhan), reason="Thiếu ảnh kho", by=cast.inspector)
    by_team = sign_in(cast.thanhan).get(page_of(unit)).content.decode()
    assert "Đoàn kiểm tra trả lại" in by_team and "Thiếu ảnh kho" in by_team
    withdraw(assessment=handed_in(unit, cast.thanhan), reason="Xem lại tiêu chí 2", by=cast.ldthanhan)
    by_leader = sign_in(cast.thanhan).get(page_of(unit)).content.decode()
    assert "Đoàn kiểm tra trả lại" not in by_leader and "Xem lại tiêu chí 2" in by_leader


def test_the_home_of_the_leader_names_what_waits(cast, sign_in, unit):
    handed_in(unit, cast.thanhan)
    home = sign_in(cast.ldthanhan).get("/")
    assert page_of(unit) in home.content.decode() and "chờ xác nhận" in home.content.decode()
    assert not sign_in(cast.thanhan).get("/").context["to_confirm"]


def test_a_form_that_waited_ends_only_the_confirmation_that_it_showed(cast, sign_in, unit):
    """The leader confirmed while the form waited on the device: the person is asked, and saves it again."""
    confirmed(unit, cast.thanhan, cast.ldthanhan)
    client, add = sign_in(cast.thanhan), page_of(unit, "self-evidence-add", "TC01")
    document = {"number": "5/QĐ", "issued_on": "01/02/2026", "issuer": "UBND"}
    sent = {"user": cast.thanhan.pk, "criterion": "TC01", "via": "offline", "confirmed": "", **document}
    accepts = {"headers": {"Accept": "application/json"}}
    told = client.post(add, sent | {"upload_id": uuid.uuid4()}, **accepts).json()
    assert told["state"] == "refused" and "lưu lại" in told["message"]
    assert not SelfEvidence.objects.filter(number="5/QĐ").exists()
    again = client.post(add, sent | {"upload_id": uuid.uuid4(), "confirmed": told["confirmed"]}, **accepts).json()
    assert again["state"] == "saved"
    assert SelfAssessment.objects.get().confirmed_at is None


def test_answers_that_waited_are_saved_for_their_person_alone(cast, sign_in, unit):
    around = {"action": "save", "draft": uuid.uuid4(), "submission_id": uuid.uuid4(), "version": 0}
    sent = around | {"TC01-outcome": "met", "user": cast.cangio.pk}
    client = sign_in(cast.thanhan)
    answer = client.post(page_of(unit), sent, headers={"Accept": "application/json"})
    assert answer.status_code == 403 and answer.json()["other"]
    assert not SelfAssessment.objects.exists() and "saved_draft" not in answer.cookies
    taken = client.post(page_of(unit), sent | {"user": cast.thanhan.pk}, headers={"Accept": "application/json"})
    assert taken.status_code == 302 and "saved_draft" in taken.cookies


def test_what_is_accepted_is_not_offered_to_be_handed_back(cast, sign_in, make_unit):
    unit = make_unit(way="report")
    assessment = confirmed(unit, cast.thanhan, cast.ldthanhan)
    client, handing_back = sign_in(cast.inspector), page_of(unit, "self-return")
    assert handing_back in client.get(page_of(unit)).content.decode()
    accept_report(assessment=assessment, seen=assessment.version, by=cast.inspector)
    assert handing_back not in client.get(page_of(unit)).content.decode()


@pytest.mark.parametrize(("way", "is_visited"), [("on_site", True), ("report", False)])
def test_a_unit_that_only_reports_is_not_told_of_a_team(cast, sign_in, make_unit, way, is_visited):
    """Nobody visits it: no team gives the score, and no column waits for what was verified."""
    unit = make_unit(way=way)
    client = sign_in(cast.thanhan)
    assert ("điểm số do Đoàn kiểm tra xác nhận" in client.get(page_of(unit)).content.decode()) == is_visited
    handed_in(unit, cast.thanhan)
    assert ("Kết quả kiểm tra" in client.get(page_of(unit)).content.decode()) == is_visited
