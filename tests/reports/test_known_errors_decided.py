"""What people decide on a known error: take the corrected wording, or keep the words with a reason."""

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.urls import reverse
from django.utils.translation import override

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.models import Band, Criterion
from reports.checks.run import findings_of
from reports.checks.wording import PRINTED_OF_COURSE, standing_errors
from reports.closing.services import close_figures
from reports.documents import report_file
from reports.models import Discrepancy, KeptError, Passage, PassageVersion
from reports.passages.services import accept_correction, keep_words, write_passage
from tests.support.factories import make_round
from tests.support.papers import footnotes, words
from training.models import Category, Course, Scheme

PAGE = ["de-an", "02-2014"]
ADDRESS = reverse("reports:correction", args=PAGE)


@pytest.fixture
def scheme(cast) -> Scheme:
    return Scheme.objects.get(code="02-2014")


def error_of(subject, code: str):
    return next(each.error for each in standing_errors(subject) if each.error.code == code)


def limits(scheme) -> PassageVersion:
    return PassageVersion.objects.filter(passage__scheme=scheme, passage__key="limits").first()


def accept(scheme, cast, code: str, *, seen: int = 1):
    error = error_of(scheme, code)
    return accept_correction(subject=scheme, key="limits", error=error.digest, seen=seen, by=cast.approver)


def test_a_correction_is_a_new_version_and_the_issued_one_stays(cast, scheme):
    issued = limits(scheme)
    version = accept(scheme, cast, "E06")
    assert version.number == 2 and version.written_by == cast.approver
    assert version.text == issued.text.replace("110/2017/NĐ-CP", "101/2017/NĐ-CP")
    assert PassageVersion.objects.get(pk=issued.pk).text == issued.text and issued.written_by is None
    event = Event.objects.filter(object_type="reports.passage", via="page").latest("pk")
    assert event.changes["text"] == [issued.text, version.text]
    assert "“Nghị định số 110/2017/NĐ-CP” thành “Nghị định số 101/2017/NĐ-CP”, vì" in event.reason
    with pytest.raises(Refused):
        accept_correction(subject=scheme, key="limits", error=version.text[:32], seen=2, by=cast.approver)


def test_a_correction_is_made_wherever_the_passage_has_the_words(cast):
    found = make_round()
    write_passage(subject=found, key="limits", text="Tình hạng một.\nVà tình hạng hai.", seen=0, by=cast.approver)
    error = standing_errors(found)[0].error
    version = accept_correction(subject=found, key="limits", error=error.digest, seen=1, by=cast.approver)
    assert version.text == "Tình trạng một.\nVà tình trạng hai."


def test_a_correction_on_an_older_version_is_refused(cast, scheme):
    error = error_of(scheme, "E05").digest
    accept(scheme, cast, "E06")
    with pytest.raises(Refused) as refusal:
        accept_correction(subject=scheme, key="limits", error=error, seen=1, by=cast.approver)
    assert refusal.value.code == "stale" and limits(scheme).number == 2


def test_an_error_without_a_wording_cannot_be_accepted(cast):
    found = make_round()
    write_passage(subject=found, key="limits", text="Đến ngày 31 tháng 02 năm 2020.", seen=0, by=cast.approver)
    error = standing_errors(found)[0].error
    assert error.corrected is None
    with pytest.raises(Refused):
        accept_correction(subject=found, key="limits", error=error.digest, seen=1, by=cast.approver)


def test_keeping_is_recorded_once_with_its_reason(cast, scheme):
    error = error_of(scheme, "E01").digest
    kept = keep_words(subject=scheme, error=error, reason="Trích nguyên văn", by=cast.approver)
    again = keep_words(subject=scheme, error=error, reason="Lý do khác", by=cast.approver)
    assert again == kept == KeptError.objects.get() and kept.reason == "Trích nguyên văn" and kept.code == "E01"
    (event,) = Event.objects.about(kept)
    assert event.reason == "Trích nguyên văn" and "32,59%" in event.changes["printed"][1]


def test_high_severity_needs_a_reason_and_others_do_not(cast, scheme):
    with pytest.raises(Refused) as refusal:
        keep_words(subject=scheme, error=error_of(scheme, "E05").digest, reason="  ", by=cast.approver)
    assert refusal.value.code == "reason"
    assert keep_words(subject=scheme, error=error_of(scheme, "E17").digest, reason="", by=cast.approver).reason == ""


def test_the_severity_is_that_of_the_list(cast, scheme):
    Discrepancy.objects.filter(code="E17").update(severity="high")
    assert {each.severity for each in standing_errors(scheme) if each.error.code == "E17"} == {"high"}


def test_only_approvers_decide(cast, scheme):
    error = error_of(scheme, "E06").digest
    for person in (cast.inspector, cast.leader, cast.quan10):
        with pytest.raises(Refused):
            keep_words(subject=scheme, error=error, reason="x", by=person)
        with pytest.raises(Refused):
            accept_correction(subject=scheme, key="limits", error=error, seen=1, by=person)
    assert not KeptError.objects.exists() and limits(scheme).number == 1


def test_a_decision_does_not_change_behind_the_portal_either(cast, scheme):
    kept = keep_words(subject=scheme, error=error_of(scheme, "E01").digest, reason="Giữ", by=cast.approver)
    for statement in ("UPDATE reports_kepterror SET reason = 'x'", "DELETE FROM reports_kepterror"):
        with pytest.raises((IntegrityError, OperationalError, Exception)), transaction.atomic():
            connection.cursor().execute(statement)
    assert KeptError.objects.get() == kept


def test_figures_are_closed_only_after_every_high_error_is_decided(cast, scheme):
    def close():
        return close_figures(subject=scheme, seen=0, by=cast.approver2)

    with pytest.raises(Refused) as refusal:
        close()
    assert refusal.value.code == "known_errors"
    for words_of in ("32,59% so với chỉ tiêu", "110/2017/NĐ-CP", "36/2018/TT-BNV"):
        assert words_of in str(refusal.value.message)
    accept(scheme, cast, "E06")
    accept(scheme, cast, "E05", seen=2)
    with pytest.raises(Refused):
        close()
    keep_words(subject=scheme, error=error_of(scheme, "E01").digest, reason="Theo báo cáo đã ký", by=cast.approver)
    # Errors of lower severity stop nobody.
    assert error_of(scheme, "E17") and close().sequence == 1


def test_the_page_of_closing_says_what_has_to_be_decided_first(cast, scheme, sign_in):
    address = reverse("reports:closings", args=PAGE)
    client = sign_in(cast.approver)
    page = client.get(address)
    assert page.context["stops"] == 3 and reverse("reports:passages", args=PAGE) in page.content.decode()
    for code in ("E01", "E05", "E06"):
        keep_words(subject=scheme, error=error_of(scheme, code).digest, reason="Giữ", by=cast.approver)
    assert client.get(address).context["stops"] == 0


def test_the_check_lists_what_stands_and_leads_to_the_passage(cast, scheme):
    def listed() -> list[str]:
        return [found.text for found in findings_of(scheme) if found.address.endswith("#limits")]

    assert any("110/2017/NĐ-CP" in text and "(E06)" in text for text in listed())
    keep_words(subject=scheme, error=error_of(scheme, "E06").digest, reason="Giữ", by=cast.approver)
    assert not any("(E06)" in text for text in listed())


def test_a_kept_error_stays_in_the_clean_copy_and_its_note_says_why(cast, scheme):
    keep_words(subject=scheme, error=error_of(scheme, "E06").digest, reason="Theo bản đã ký.", by=cast.approver)
    clean = words(report_file(user=EVERYTHING, subject=scheme, has_notes=False))
    assert "110/2017/NĐ-CP" in clean and "36/2018/TT-BTC" in clean
    noted = footnotes(report_file(user=EVERYTHING, subject=scheme))
    kept = "Vẫn giữ “Nghị định số 110/2017/NĐ-CP”, lý do: Theo bản đã ký."
    assert any(note.endswith(kept) for note in noted)


def test_the_page_proposes_and_takes_decisions(cast, scheme, sign_in):
    client = sign_in(cast.approver)
    address = reverse("reports:passages", args=PAGE)
    page = client.get(address).content.decode()
    assert "trích nguyên văn" in page
    assert "Sửa: “Nghị định số 110/2017/NĐ-CP” thành “Nghị định số 101/2017/NĐ-CP”, vì" in page
    data = {"error": error_of(scheme, "E06").digest, "key": "limits", "seen": "1", "decision": "accept"}
    assert client.post(ADDRESS, data)["Location"] == f"{address}#limits"
    assert limits(scheme).number == 2
    data = {"error": error_of(scheme, "E01").digest, "key": "limits", "decision": "keep", "reason": "Theo bản đã ký"}
    client.post(ADDRESS, data)
    for shown in (address, reverse("reports:closings", args=PAGE)):
        assert "Theo bản đã ký" in client.get(shown).content.decode()
    # What is decided is not asked again.
    page = client.get(address).content.decode()
    assert data["error"] not in page


@pytest.mark.parametrize(
    "data", [{}, {"decision": "keep", "error": "x"}, {"decision": "keep", "error": "x", "reason": "x" * 1001}]
)
def test_odd_forms_change_nothing(cast, scheme, sign_in, data):
    response = sign_in(cast.approver).post(ADDRESS, data, follow=True)
    assert response.status_code == 200 and list(response.context["messages"])
    assert not KeptError.objects.exists() and limits(scheme).number == 1


def test_who_does_not_see_the_list_sees_no_errors(cast, sign_in):
    for person, is_shown in ((cast.leader, False), (cast.inspector, True)):
        page = sign_in(person).get(reverse("reports:passages", args=PAGE)).content.decode()
        assert ("101/2017/NĐ-CP" in page) == is_shown
        assert 'name="decision"' not in page


def test_errors_in_words_of_the_records_lead_there_and_can_be_kept(cast, sign_in):
    found = make_round(legal_basis="Nghị định số 110/2017/NĐ-CP")
    (standing,) = standing_errors(found)
    assert standing.passage == "" and standing.place.address == reverse("inspections:round", args=[found.code])
    with pytest.raises(Refused):
        close_figures(subject=found, seen=0, by=cast.approver)
    client = sign_in(cast.approver)
    address = reverse("reports:correction", args=["dot-kiem-tra", found.code])
    client.post(address, {"error": standing.error.digest, "key": "", "decision": "keep", "reason": "Đúng tên"})
    assert close_figures(subject=found, seen=0, by=cast.approver2)
    assert not Passage.objects.filter(round=found).exists()


@pytest.mark.parametrize("name", PRINTED_OF_COURSE)
def test_every_text_of_a_course_that_word_prints_is_looked_at(scheme, name):
    course = Course.objects.filter(report_key="trung-cap-thanh-pho")
    course.update(**{name: "do Ủy ban dân Thành phố tổ chức"})
    listed = [each for each in standing_errors(scheme) if not each.passage]
    assert [each.error.printed for each in listed] == ["Ủy ban dân"]
    assert "Ủy ban nhân dân Thành phố tổ chức" in words(report_file(user=EVERYTHING, subject=scheme, has_notes=False))


def test_names_of_criteria_bands_and_categories_are_looked_at(scheme):
    found = make_round()
    Criterion.objects.filter(criteria_set=found.criteria_set, position=1).update(heading="Mở số QL VB theo TT07")
    Band.objects.filter(criteria_set=found.criteria_set, position=1).update(label="Tình hạng tốt")
    assert {each.error.printed for each in standing_errors(found)} == {"Mở số QL", "Tình hạng"}
    Category.objects.filter(code="trung-cap").update(name="Tình hạng")
    assert "Tình hạng" in [each.error.printed for each in standing_errors(scheme) if not each.passage]


def test_the_same_words_are_listed_once_for_each_text(cast):
    found = make_round()
    for key, text in (("limits", "VTTL một, VTTL hai.\nVTTL ba."), ("measures", "VTTL bốn.")):
        write_passage(subject=found, key=key, text=text, seen=0, by=cast.approver)
    with override("vi"):
        listed = [each.text for each in findings_of(found) if "VTTL" in each.text]
    assert len(listed) == 2 and [text for text in listed if text.endswith("(3 chỗ)")] == [
        text for text in listed if "III.2" in text
    ]


def test_a_refused_reason_stays_beside_its_error(cast, scheme, sign_in):
    error = error_of(scheme, "E05").digest
    typed = {"error": error, "key": "limits", "decision": "keep", "reason": "Trích \x07 nguyên văn"}
    shown = sign_in(cast.approver).post(ADDRESS, typed).content.decode()
    assert shown.count('value="Trích \x07 nguyên văn"') == 1 and shown.count('class="keep" open') == 1
    assert not KeptError.objects.exists()
