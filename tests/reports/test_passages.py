"""What people write in a report: versions, stale forms, proposals taken in or not."""

import io

import docx
import pytest
from django.core.management import call_command
from django.urls import reverse

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.history.models import Event, Via
from archiveportal.refusal import Refused
from criteria.inspections.models import Round
from criteria.inspections.services import approve_inspection
from criteria.models import Criterion
from reports.documents import report_file
from reports.documents.context import RoundContext, SchemeContext
from reports.documents.passages import EMPTY
from reports.models import Passage, PassageVersion, ProposalDecision
from reports.passages.lists import continued, next_mark
from reports.passages.proposals import Origin, proposals
from reports.passages.services import decide_proposal, write_passage
from reports.subjects import report_of
from tests.support.factories import answer, enrol, make_district, make_round, make_set, make_ward, submit_signed
from tests.support.papers import words
from tests.support.training import make_scheme
from training.models import Scheme

PAGE = ["dot-kiem-tra", "viet"]


@pytest.fixture
def inspection_round(baseline) -> Round:
    """A round that no report was issued on, with one ward: nothing is written for it."""
    made = make_round(code="viet")
    enrol(made, make_ward(make_district()))
    return made


@pytest.fixture
def issued(baseline) -> Round:
    return Round.objects.get(code="gd1-2019")


def of(inspection_round: Round):
    return PassageVersion.objects.filter(passage__round=inspection_round)


def write(cast, inspection_round, text, *, seen=0, key="limits", by=None):
    return write_passage(subject=inspection_round, key=key, text=text, seen=seen, by=by or cast.approver)


def test_versions_are_kept_and_the_newest_stands_in_the_document(cast, inspection_round):
    write(cast, inspection_round, "Bản một.")
    write(cast, inspection_round, "Bản hai.\nĐoạn thứ hai.", seen=1)
    assert list(of(inspection_round).values_list("number", "text")) == [
        (2, "Bản hai.\nĐoạn thứ hai."),
        (1, "Bản một."),
    ]
    text = words(report_file(user=EVERYTHING, subject=inspection_round))
    assert "Bản hai.\nĐoạn thứ hai." in text and "Bản một." not in text


def test_every_version_is_in_the_history(cast, inspection_round):
    write(cast, inspection_round, "Bản một.")
    write(cast, inspection_round, "Bản hai.", seen=1)
    passage = Passage.objects.get(round=inspection_round)
    found = Event.objects.filter(object_type="reports.passage", object_id=passage.pk).order_by("pk")
    assert [event.changes for event in found] == [{"text": ["", "Bản một."]}, {"text": ["Bản một.", "Bản hai."]}]


def test_a_second_press_makes_no_second_version(cast, inspection_round):
    write(cast, inspection_round, "Bản một.")
    write(cast, inspection_round, "Bản một.")
    assert of(inspection_round).count() == 1


def test_a_form_made_on_an_older_version_is_refused(cast, inspection_round, sign_in):
    write(cast, inspection_round, "Bản một.")
    with pytest.raises(Refused):
        write(cast, inspection_round, "Bản khác.")
    address = reverse("reports:passage", args=[*PAGE, "limits"])
    page = sign_in(cast.approver).post(address, {"text": "Bản của tôi.", "seen": "0"})
    assert page.status_code == 200 and "Bản của tôi." in page.content.decode()
    assert of(inspection_round).count() == 1
    # Shown again, it is based on the newest version.
    assert page.context["form"]["seen"].value() == 1


def test_only_approvers_write(cast, inspection_round):
    for person in (cast.inspector, cast.leader, cast.quan10, cast.administrator):
        with pytest.raises(Refused):
            write(cast, inspection_round, "Không được.", by=person)
    assert not Passage.objects.filter(round=inspection_round).exists()


def test_an_empty_passage_is_visible_as_such(cast, inspection_round):
    text = words(report_file(user=EVERYTHING, subject=inspection_round))
    assert text.count(EMPTY) == 6
    write(cast, inspection_round, "")
    assert not of(inspection_round).exists()


@pytest.mark.parametrize(
    "text",
    ["=1+1 & <b>đậm</b> \"trích\" 'dẫn' {{ 7*7 }} {% raw %}", "x" * 20_000, "đ\u0300" * 50],
)
def test_odd_text_stands_in_page_and_document_as_typed(cast, inspection_round, sign_in, text):
    address = reverse("reports:passage", args=[*PAGE, "limits"])
    assert sign_in(cast.approver).post(address, {"text": text}).status_code == 302
    stored = of(inspection_round).get().text
    assert stored in words(report_file(user=EVERYTHING, subject=inspection_round))
    assert sign_in(cast.leader).get(reverse("reports:passages", args=PAGE)).status_code == 200


@pytest.mark.parametrize("text", ["a\x00b", "a\x08b", "x" * 20_001])
def test_what_cannot_be_kept_is_refused_beside_the_field(cast, inspection_round, sign_in, text):
    address = reverse("reports:passage", args=[*PAGE, "limits"])
    page = sign_in(cast.approver).post(address, {"text": text})
    assert page.status_code == 200 and page.context["form"].errors["text"]
    assert not of(inspection_round).exists()


def test_unknown_places_and_kinds_are_not_found(cast, inspection_round, sign_in):
    client = sign_in(cast.approver)
    assert client.get(reverse("reports:passage", args=[*PAGE, "khong-co"])).status_code == 404
    assert client.get(reverse("reports:passages", args=["gi-do", "gd1-2019"])).status_code == 404
    assert client.get(reverse("reports:passages", args=["dot-kiem-tra", "khong-co"])).status_code == 404


def of_round(inspection_round) -> list:
    return proposals(RoundContext(EVERYTHING, inspection_round))


def test_districts_without_a_ward_are_not_proposed_for_they_are_printed_anyway(issued):
    assert of_round(issued) == []
    (line,) = [
        line for line in words(report_file(user=EVERYTHING, subject=issued)).split("\n") if "chưa có đơn vị" in line
    ]
    assert line == (
        "Còn 06 quận, huyện chưa có đơn vị trong đợt kiểm tra: Quận 2, quận Bình Thạnh, quận Phú Nhuận, quận Tân Bình, "
        "quận Thủ Đức, huyện Củ Chi."
    )


def test_the_passages_of_the_issued_reports_are_loaded_as_their_first_version(issued):
    scheme = Scheme.objects.get()
    of_round = ["subject", "opening", "rollout_title", "guidance_title", "guidance", "conference", "districts", "aims"]
    for subject, keys in (
        (issued, [*of_round, "measures", "achieved", "limits"]),
        (scheme, ["opening", "guidance", "workforce", "achieved", "limits", "assessment", "to_city", "to_units"]),
    ):
        found = Passage.objects.filter(**report_of(subject).owner).order_by("pk")
        assert [passage.key for passage in found] == keys
        for passage in found:
            version = passage.versions.get()
            assert (version.number, version.written_by) == (1, None)
            (event,) = Event.objects.filter(object_type="reports.passage", object_id=passage.pk)
            assert (event.via, event.actor_id, event.changes) == (Via.COMMAND, None, {"text": ["", version.text]})


def test_the_page_says_that_a_passage_was_taken_from_the_report(cast, issued, sign_in):
    client = sign_in(cast.approver)
    for address in (
        reverse("reports:passages", args=["dot-kiem-tra", "gd1-2019"]),
        reverse("reports:passage", args=["dot-kiem-tra", "gd1-2019", "limits"]),
    ):
        assert "Bản 1, theo báo cáo, " in " ".join(client.get(address).content.decode().split())


def test_loading_again_leaves_what_people_wrote_alone(cast, issued):
    write(cast, issued, "", seen=1, key="limits")
    write(cast, issued, "Của chúng tôi.", seen=1, key="aims")
    before = list(PassageVersion.objects.order_by("pk").values_list("passage__key", "number", "text"))
    call_command("load_baseline", stdout=io.StringIO())
    assert list(PassageVersion.objects.order_by("pk").values_list("passage__key", "number", "text")) == before


def test_a_passage_that_people_wrote_before_is_left_alone_and_the_printed_one_offered(cast, issued):
    of(issued).delete()
    Passage.objects.filter(round=issued).delete()
    write(cast, issued, "Của chúng tôi.")
    call_command("load_baseline", stdout=io.StringIO())
    assert of(issued).get(passage__key="limits").text == "Của chúng tôi."
    assert of(issued).filter(passage__key="aims").exists()
    assert [each.key for each in of_round(issued) if each.origin == Origin.PRINTED] == ["limits"]
    assert not [each for each in of_round(make_round()) if each.origin == Origin.PRINTED]


def test_criteria_least_met_and_wards_without_a_result(cast):
    made = make_round()
    wards = [enrol(made, make_ward(make_district())) for _ in range(3)]
    for enrolment, outcomes in zip(wards, [{1: "met", 2: "not_met", 3: "met", 4: "met"}] * 2, strict=False):
        answer(enrolment, cast.inspector, outcomes)
        submit_signed(inspection=enrolment.inspection, by=cast.inspector)
        enrolment.inspection.refresh_from_db()
        approve_inspection(inspection=enrolment.inspection, by=cast.approver)
    texts = [each.text for each in of_round(made)]
    coverage = " (tính trên 02/03 đơn vị có phiếu kiểm tra được phê duyệt)"
    assert f"Các tiêu chí có ít đơn vị đạt nhất{coverage}: Tiêu chí thử 2 (0/2 đơn vị, 0%)." in texts
    criteria = "Tiêu chí thử 1; Tiêu chí thử 3; Tiêu chí thử 4"
    assert f"Tất cả các đơn vị thuộc diện áp dụng đều đạt{coverage}: {criteria}." in texts
    assert any(text.startswith("Còn 01 đơn vị chưa có kết quả kiểm tra: ") for text in texts)


def test_few_wards_say_nothing_about_the_criteria_of_all(cast):
    made = make_round()
    wards = [enrol(made, make_ward(make_district())) for _ in range(5)]
    for approved, enrolment in enumerate(wards, start=1):
        answer(enrolment, cast.inspector, {1: "met", 2: "not_met", 3: "met", 4: "met"})
        submit_signed(inspection=enrolment.inspection, by=cast.inspector)
        enrolment.inspection.refresh_from_db()
        approve_inspection(inspection=enrolment.inspection, by=cast.approver)
        texts = [each.text for each in of_round(made) if each.text.startswith(("Các tiêu chí", "Tất cả"))]
        assert len(texts) == (0 if approved < 3 else 2)
        assert ["tính trên" in text for text in texts] == [approved < 5] * len(texts)


def test_targets_missed_and_exceeded_are_proposed(baseline):
    found = [
        each for each in proposals(SchemeContext(EVERYTHING, Scheme.objects.get())) if each.origin == Origin.RECORDS
    ]
    assert [(each.key, each.text.rpartition(" (")[2]) for each in found] == [
        ("limits", "chưa đạt chỉ tiêu)."),
        ("limits", "chưa đạt chỉ tiêu)."),
        ("limits", "chưa đạt chỉ tiêu)."),
        ("achieved", "vượt chỉ tiêu)."),
    ]


def post(client, digest, decision="accept", *, seen=0):
    return client.post(
        reverse("reports:proposal", args=PAGE), {"proposal": digest, "decision": decision, "seen": seen}, follow=True
    )


def test_a_proposal_goes_into_its_passage_once(cast, inspection_round, sign_in):
    write(cast, inspection_round, "Có sẵn.")
    found = next(each for each in of_round(inspection_round) if each.origin == Origin.RECORDS)
    client = sign_in(cast.approver)
    for _twice in range(2):
        post(client, found.digest, seen=1)
    assert of(inspection_round).first().text == f"Có sẵn.\n{found.text}"
    assert ProposalDecision.objects.get().is_accepted
    assert found.digest not in client.get(reverse("reports:passages", args=PAGE)).content.decode()


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("", ""),
        ("Một câu.", ""),
        ("a) Một;\nb) Hai.", "c) "),
        ("d) Bốn.\n", "đ) "),
        ("đ) Năm.", "e) "),
        ("e) Sáu.", "g) "),
        ("A) Một.", "B) "),
        ("y) Hết.", ""),
        ("f) Không có trong thứ tự.", ""),
        ("- Một;\n- Hai.", "- "),
        ("a) Một:\n+ Hai.", "+ "),
        ("-5 độ", ""),
        ("a)", ""),
        ("a) Một\nHai", ""),
    ],
)
def test_a_proposal_goes_on_with_the_list(text, mark):
    assert next_mark(text) == mark
    assert continued(text, "Câu thêm.") == (f"{text}\n" if text else "") + f"{mark}Câu thêm."
    # What has a mark of its own keeps it.
    assert continued(text, "a) Điểm") == (f"{text}\n" if text else "") + "a) Điểm"


def test_a_proposal_is_the_next_point_of_its_passage(cast, inspection_round):
    write(cast, inspection_round, "a) Một;\nb) Hai.")
    found = next(each for each in of_round(inspection_round) if each.origin == Origin.RECORDS)
    decide_proposal(subject=inspection_round, proposal=found, is_accepted=True, seen=1, by=cast.approver)
    assert of(inspection_round).first().text == f"a) Một;\nb) Hai.\nc) {found.text}"


def test_a_proposal_that_is_set_aside_is_not_shown_again(cast, inspection_round, sign_in):
    found = next(each for each in of_round(inspection_round) if each.origin == Origin.RECORDS)
    client = sign_in(cast.approver)
    assert found.digest in client.get(reverse("reports:passages", args=PAGE)).content.decode()
    post(client, found.digest, "drop")
    assert not of(inspection_round).exists() and not ProposalDecision.objects.get().is_accepted
    assert found.digest not in client.get(reverse("reports:passages", args=PAGE)).content.decode()


def test_a_proposal_beside_an_unseen_version_is_refused(cast, inspection_round):
    found = next(each for each in of_round(inspection_round) if each.origin == Origin.RECORDS)
    write(cast, inspection_round, "Của người khác.")
    with pytest.raises(Refused):
        decide_proposal(subject=inspection_round, proposal=found, is_accepted=True, seen=0, by=cast.approver)
    assert not ProposalDecision.objects.exists()


def test_a_proposal_that_the_records_no_longer_make_is_refused(cast, inspection_round, sign_in):
    post(sign_in(cast.approver), "0" * 32)
    assert not ProposalDecision.objects.exists()


def test_readers_see_no_proposals(cast, inspection_round, sign_in):
    page = sign_in(cast.leader).get(reverse("reports:passages", args=PAGE)).content.decode()
    assert 'class="proposal"' not in page and "doan/limits" not in page


@pytest.mark.parametrize("key", ["subject", "opening", "receivers"])
def test_the_usual_words_stand_in_the_box_and_saving_them_makes_no_version(cast, inspection_round, sign_in, key):
    client, address = sign_in(cast.approver), reverse("reports:passage", args=[*PAGE, key])
    page = client.get(address)
    usual = page.context["form"]["text"].value()
    text = words(report_file(user=EVERYTHING, subject=inspection_round))
    assert usual and all(line in text for line in usual.split("\n"))
    assert "văn bản dùng câu mẫu" in page.content.decode() and "dòng chấm" not in page.content.decode()
    listed = client.get(reverse("reports:passages", args=PAGE)).content.decode()
    assert all(line in listed for line in usual.split("\n"))
    assert client.post(address, {"text": usual.replace("\n", "\r\n"), "seen": "0"}).status_code == 302
    assert not of(inspection_round).exists()
    client.post(address, {"text": f"{usual} Thêm.", "seen": "0"})
    assert client.get(address).context["form"]["text"].value() == f"{usual} Thêm."
    # Emptied, the place is as at the beginning.
    client.post(address, {"text": "", "seen": "1"})
    assert client.get(address).context["form"]["text"].value() == usual
    client.post(address, {"text": usual, "seen": "2"})
    assert of(inspection_round).count() == 2


def test_the_usual_words_of_a_scheme_stand_in_the_box(cast, sign_in, db):
    scheme = make_scheme()
    client = sign_in(cast.approver)
    text = words(report_file(user=EVERYTHING, subject=scheme))
    for key in ("subject", "addressee", "opening", "receivers"):
        address = reverse("reports:passage", args=["de-an", scheme.code, key])
        usual = client.get(address).context["form"]["text"].value()
        assert usual and all(line in text for line in usual.split("\n"))
        client.post(address, {"text": usual, "seen": "0"})
    assert not PassageVersion.objects.filter(passage__scheme=scheme).exists()


@pytest.mark.parametrize(("key", "said"), [("limits", "dòng chấm"), ("directions", "không in mục này")])
def test_the_form_says_what_an_empty_box_means(cast, inspection_round, sign_in, key, said):
    page = sign_in(cast.approver).get(reverse("reports:passage", args=[*PAGE, key]))
    assert page.context["form"]["text"].value() == "" and said in page.content.decode()
    assert "câu mẫu" not in page.content.decode()


def test_the_least_of_a_fact_stands_only_below_aims_that_are_written(cast, baseline):
    criteria_set = make_set()
    criterion = criteria_set.criteria.first()
    Criterion.objects.filter(pk=criterion.pk).update(fact_label="Diện tích kho", fact_minimum=20, fact_unit="m²")
    inspection_round = make_round(criteria_set)
    enrol(inspection_round, make_ward(make_district()))
    least = "- Diện tích kho tối thiểu là 20 m²."
    assert least not in words(report_file(user=EVERYTHING, subject=inspection_round))
    write(cast, inspection_round, "Bố trí kho lưu trữ.", key="aims")
    assert f"Bố trí kho lưu trữ.\n{least}" in words(report_file(user=EVERYTHING, subject=inspection_round))


def test_a_band_without_wards_is_told_in_words(cast, inspection_round):
    enrol(inspection_round, make_ward(make_district()), published_score=4, published_maximum=4)
    text = words(report_file(user=EVERYTHING, subject=inspection_round))
    assert "Không có UBND phường." in text and "Có 0 UBND" not in text


def test_the_heading_keeps_the_name_of_the_city_together(cast, issued):
    document = docx.Document(io.BytesIO(report_file(user=EVERYTHING, subject=issued)))
    heading = next(paragraph.text for paragraph in document.paragraphs if "Sơ kết" in paragraph.text)
    assert heading.endswith("trên địa bàn Thành\u00a0phố")
