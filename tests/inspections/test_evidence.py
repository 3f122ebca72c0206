"""Evidence at a criterion: added once, seen like the answers, taken back with a reason."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from archiveportal.files.models import StoredFile
from archiveportal.history.models import Event
from archiveportal.history.services import digest
from archiveportal.refusal import Refused
from criteria import guard
from criteria.inspections.models import Evidence, Inspection
from criteria.inspections.services import approve_inspection, evidence, sign_minutes, submit_inspection, what_is_missing
from criteria.inspections.services.evidence import CAPTION, add_evidence, void_evidence
from criteria.models import Criterion
from tests.support.factories import answer, submit_signed, visit_today
from tests.support.pictures import PDF, photograph, upload

JSON = {"HTTP_ACCEPT": "application/json"}
DOCUMENT = {"number": "12/QĐ-UBND", "issued_on": "14/10/2019", "issuer": "UBND Phường 6"}


@pytest.fixture
def url(phuong6):
    return reverse("inspections:evidence", args=[phuong6.pk])


@pytest.fixture
def sent(cast):
    def make(by=None, **changes):
        around = {"user": (by or cast.inspector).pk, "upload_id": str(uuid.uuid4()), "criterion": "TC05"}
        return around | {"via": "autosave", "caption": "Danh mục hồ sơ năm 2019"} | changes

    return make


@pytest.fixture
def piece(cast, phuong6) -> Evidence:
    criterion = phuong6.round.criteria_set.criteria.get(code="TC05")
    return add_evidence(
        inspection=phuong6.inspection,
        criterion=criterion,
        upload_id=uuid.uuid4(),
        upload=upload(photograph(place=True), "kho 1.jpg"),
        caption="Ảnh kho",
        by=cast.inspector,
    )


def checklist(enrolment):
    return reverse("inspections:checklist", args=[enrolment.pk])


def address(piece, name):
    return reverse(f"inspections:evidence-{name}", args=[piece.inspection.enrolment_id, piece.pk])


def approved(cast, enrolment):
    answer(enrolment, cast.inspector, "met")
    submit_signed(inspection=enrolment.inspection, by=cast.inspector)
    approve_inspection(inspection=enrolment.inspection, by=cast.approver)


def test_the_same_upload_ten_times_is_one(cast, sign_in, phuong6, url, sent):
    client, data = sign_in(cast.inspector), sent()
    answers = [client.post(url, data | {"file": upload()}, **JSON).json() for _ in range(10)]
    assert all(each == answers[0] for each in answers)
    assert answers[0]["state"] == "saved"
    piece = Evidence.objects.get()
    assert (piece.criterion.code, piece.file.kind, piece.added_by) == ("TC05", "picture", cast.inspector)
    assert StoredFile.objects.count() == 1
    entry = Event.objects.about(phuong6.inspection).get()
    assert (entry.action, entry.via, entry.object_name) == ("created", "autosave", str(piece.criterion))
    assert f"src=minh-chung/{piece.pk}/anh/" in answers[0]["html"]
    assert answers[0]["html"] in client.get(checklist(phuong6)).content.decode()
    assert checklist(phuong6) + f"minh-chung/{piece.pk}/anh/" == address(piece, "picture")


@pytest.mark.parametrize("missing", ["issued_on", "issuer"])
def test_a_document_is_known_by_number_date_and_issuer(cast, sign_in, phuong6, url, sent, missing):
    found = sign_in(cast.inspector).post(url, sent(**DOCUMENT | {missing: ""}), **JSON).json()
    assert (found["state"], list(found["errors"])) == ("refused", [missing])
    assert not Evidence.objects.exists()


def test_a_document_by_its_number_needs_no_file(cast, sign_in, phuong6, url, sent):
    data = sent(**DOCUMENT, via="page")
    response = sign_in(cast.inspector).post(url, data)
    assert response.status_code == 302
    assert response.url == f"{checklist(phuong6)}#TC05"
    piece = Evidence.objects.get()
    assert (piece.number, piece.file, f"{piece.issued_on}") == ("12/QĐ-UBND", None, "2019-10-14")


def test_the_form_works_as_a_page_of_its_own(cast, sign_in, phuong6, url, sent):
    client = sign_in(cast.inspector)
    page = client.get(reverse("inspections:evidence-add", args=[phuong6.pk, "TC05"])).content.decode()
    assert f'action="{url}"' in page and 'type="file"' in page
    assert client.get(reverse("inspections:evidence-add", args=[phuong6.pk, "TC99"])).status_code == 404
    again = client.post(url, sent(via="page", issued_on="31/02/2019"))
    assert again.status_code == 200
    assert "Danh mục hồ sơ năm 2019" in again.content.decode()
    assert set(again.context["form"].errors) == {"issued_on"}
    nothing = client.post(url, sent(via="page"))
    assert set(nothing.context["form"].errors) == {"file"}
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PDF + b"\x00" * 30 * 1024 * 1024, "to.pdf"),
        (b"", "rong.jpg"),
        (b"<html>", "trang.html"),
        (b"<svg/>", "hinh.svg"),
        (photograph()[:100], "hong.jpg"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_words(cast, sign_in, url, sent, content, name):
    found = sign_in(cast.inspector).post(url, sent() | {"file": SimpleUploadedFile(name, content)}, **JSON)
    assert found.status_code == 200
    assert found.json()["state"] == "refused"
    assert found.json()["message"] == found.json()["errors"]["file"]
    assert not Evidence.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"upload_id": "x"}, {"upload_id": ""}, {"user": "x"}, {"criterion": "TC99"}, {"via": "sql"}]
)
def test_what_no_device_sends(cast, sign_in, url, sent, changes):
    response = sign_in(cast.inspector).post(url, sent(**changes) | {"file": upload()}, **JSON)
    assert response.status_code == 400
    assert not Evidence.objects.exists()


def test_an_upload_of_another_person_is_not_taken(cast, sign_in, url, sent):
    for person in (cast.inspector, cast.quan10):
        response = sign_in(person).post(url, sent(by=cast.inspector2) | {"file": upload()}, **JSON)
        assert response.status_code == 403
        assert response.json()["other"] is True
    assert sign_in(cast.inspector).post(url, sent(by=cast.inspector2) | {"file": upload()}).status_code == 302
    assert not Evidence.objects.exists()


def test_an_upload_number_counts_for_one_place(cast, phuong6, piece):
    other = phuong6.round.criteria_set.criteria.get(code="TC06")
    with pytest.raises(Refused):
        add_evidence(
            inspection=phuong6.inspection, criterion=other, upload_id=piece.upload_id, number="1", by=cast.inspector
        )


def test_a_criterion_of_another_set_is_refused(cast, phuong6):
    from criteria.services import copy_set

    newer = copy_set(criteria_set=phuong6.round.criteria_set, by=cast.approver)
    with pytest.raises(Refused):
        add_evidence(
            inspection=phuong6.inspection,
            criterion=newer.criteria.first(),
            upload_id=uuid.uuid4(),
            number="1",
            by=cast.inspector,
        )


def test_there_is_a_limit_per_criterion_and_per_checklist(cast, phuong6, monkeypatch):
    criteria = list(phuong6.round.criteria_set.criteria.all()[:2])

    def add(criterion):
        values = {"upload_id": uuid.uuid4(), "number": "1", "by": cast.inspector}
        return add_evidence(inspection=phuong6.inspection, criterion=criterion, **values)

    monkeypatch.setattr(evidence, "MOST_OF_CRITERION", 2)
    first = add(criteria[0])
    add(criteria[0])
    with pytest.raises(Refused):
        add(criteria[0])
    void_evidence(evidence=first, reason="Nhầm tiêu chí", by=cast.inspector)
    add(criteria[0])
    monkeypatch.setattr(evidence, "MOST_OF_CHECKLIST", 2)
    with pytest.raises(Refused):
        add(criteria[1])


def test_adding_goes_on_after_signing_and_taking_back_does_not(cast, sign_in, phuong6, piece, url, sent):
    answer(phuong6, cast.inspector, "met")
    visit_today(phuong6.inspection)
    sign_minutes(inspection=phuong6.inspection, signed_on=timezone.localdate(), by=cast.inspector)
    client = sign_in(cast.inspector)
    assert client.post(url, sent(**DOCUMENT), **JSON).json()["state"] == "saved"
    assert (
        reverse("inspections:evidence-add", args=[phuong6.pk, "TC05"])
        in client.get(checklist(phuong6)).content.decode()
    )
    with pytest.raises(Refused):
        void_evidence(evidence=piece, reason="Nhầm", by=cast.inspector)
    submit_inspection(inspection=phuong6.inspection, by=cast.inspector)
    found = client.post(url, sent(**DOCUMENT, via="offline"), **JSON).json()
    assert (found["state"], bool(found["message"])) == ("refused", True)
    assert client.get(reverse("inspections:evidence-add", args=[phuong6.pk, "TC05"])).status_code == 302


def test_evidence_is_taken_back_with_a_reason(cast, sign_in, phuong6, piece):
    client = sign_in(cast.inspector2)
    assert client.post(address(piece, "void"), {"reason": " "}).status_code == 200
    for _twice in range(2):
        assert client.post(address(piece, "void"), {"reason": "Ảnh mờ"}).status_code == 302
    piece.refresh_from_db()
    assert (piece.voided_by, piece.void_reason) == (cast.inspector2, "Ảnh mờ")
    entry = Event.objects.about(phuong6.inspection).filter(action="voided").get()
    assert entry.reason == "Ảnh mờ"
    assert f"minh-chung/{piece.pk}/anh/" not in client.get(checklist(phuong6)).content.decode()
    assert client.get(address(piece, "item")).status_code == 200


def test_only_those_who_see_the_inspection_see_its_evidence(cast, sign_in, phuong6, piece):
    pages = ("item", "picture", "file")

    def statuses(person):
        return {sign_in(getattr(cast, person)).get(address(piece, name)).status_code for name in pages}

    before = {"inspector": 200, "approver": 200, "quan10": 404, "cangio": 404, "thanhan": 404, "leader": 404}
    for person, status in (before | {"administrator": 403}).items():
        assert statuses(person) == {status}, person
    approved(cast, phuong6)
    for person, status in (before | {"quan10": 200, "leader": 200}).items():
        assert statuses(person) == {status}, person
    assert address(piece, "picture") in sign_in(cast.quan10).get(checklist(phuong6)).content.decode()
    Evidence.objects.filter(pk=piece.pk).update(voided_by=cast.approver, voided_at=timezone.now(), void_reason="Nhầm")
    assert statuses("quan10") == {404}
    assert statuses("inspector") == {200}
    other = phuong6.round.enrolments.exclude(pk=phuong6.pk).first()
    client = sign_in(cast.inspector)
    assert client.get(reverse("inspections:evidence-file", args=[other.pk, piece.pk])).status_code == 404


def test_files_are_handed_out_guarded(cast, sign_in, phuong6, piece):
    client = sign_in(cast.inspector)
    shown = client.get(address(piece, "picture"))
    assert shown["Content-Type"] == "image/jpeg"
    assert b"Exif" not in b"".join(shown.streaming_content)
    original = client.get(address(piece, "file"))
    assert original["Content-Disposition"].startswith("attachment; filename")
    assert original["Content-Type"] == "application/octet-stream"
    for response in (shown, original):
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "no-store"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    b"".join(original.streaming_content)


def test_a_document_with_scripts_is_only_ever_an_attachment(cast, sign_in, phuong6, url, sent):
    client = sign_in(cast.inspector)
    content = PDF + b"<</S/JavaScript/JS(app.alert(1))>>"
    client.post(url, sent() | {"file": SimpleUploadedFile("qd.pdf", content)}, **JSON)
    piece = Evidence.objects.get()
    response = client.get(address(piece, "file"))
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content) == content
    assert client.get(address(piece, "picture")).status_code == 404


def test_a_file_that_is_gone_is_not_found(cast, sign_in, piece):
    piece.file.original.storage.delete(piece.file.original.name)
    assert sign_in(cast.inspector).get(address(piece, "file")).status_code == 404


def test_a_criterion_can_ask_for_evidence_and_a_note(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, {5: "met", 6: "not_met"})
    from django.db import connection

    # The set is in use and frozen, so the test changes it in the database, without its guard.
    guard.take_down(connection)
    with connection.cursor() as cursor:
        table = Criterion._meta.db_table
        cursor.execute(f"UPDATE {table} SET needs_evidence = %s, needs_explanation = %s", [True, True])
    visit_today(phuong6.inspection)
    inspection = Inspection.objects.get(enrolment=phuong6)
    missing = {
        each.criterion.number: each.why for each in what_is_missing(inspection) if each.criterion.number in (5, 6)
    }
    assert len(missing) == 2
    page = sign_in(cast.inspector).get(checklist(phuong6)).content.decode()
    assert page.count('<b class="asked asks-') == 48


def described(client, enrolment, piece, caption, made_on=None):
    page = reverse("inspections:evidence-describe", args=[enrolment.pk, piece.pk])
    return client.post(page, {"caption": caption, "made_on": made_on or digest(piece, CAPTION)})


def test_what_a_photograph_shows_is_said_afterwards(cast, sign_in, phuong6, piece):
    client = sign_in(cast.inspector2)
    assert "Ảnh kho" in client.get(reverse("inspections:evidence-item", args=[phuong6.pk, piece.pk])).content.decode()
    assert described(client, phuong6, piece, "Kho tầng 1, chưa có kệ").status_code == 302
    assert Evidence.objects.get().caption == "Kho tầng 1, chưa có kệ"
    event = Event.objects.about(phuong6.inspection).first()
    assert event.changes == {"caption": ["Ảnh kho", "Kho tầng 1, chưa có kệ"]} and event.object_name.startswith("5.")
    # What a colleague wrote meanwhile is not written over unseen; what was typed stays.
    page = described(sign_in(cast.inspector), phuong6, piece, "Kho tầng 2").content.decode()
    assert "Kho tầng 1, chưa có kệ" in page and "Kho tầng 2" in page
    assert Evidence.objects.get().caption == "Kho tầng 1, chưa có kệ"


def test_nothing_is_said_of_it_while_others_decide(cast, sign_in, phuong6, piece):
    client = sign_in(cast.inspector)
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    assert described(client, phuong6, piece, "Khác").status_code == 200
    approve_inspection(inspection=phuong6.inspection, by=cast.approver)
    assert described(client, phuong6, piece, "Khác").status_code == 200
    assert described(sign_in(cast.quan10), phuong6, piece, "Khác").status_code == 403
    assert Evidence.objects.get().caption == "Ảnh kho"
    item = reverse("inspections:evidence-item", args=[phuong6.pk, piece.pk])
    assert "noi-dung" not in client.get(item).content.decode()


def test_nothing_is_said_of_what_was_taken_back(cast, sign_in, phuong6, piece):
    void_evidence(evidence=piece, reason="Nhầm phường", by=cast.inspector)
    assert described(sign_in(cast.inspector), phuong6, piece, "Khác").status_code == 200
    assert Evidence.objects.get().caption == "Ảnh kho"


def test_what_it_shows_comes_with_the_second_try(cast, sign_in, phuong6, url, sent):
    """The receipt was lost; what it shows was typed before the device tried again."""
    client, data = sign_in(cast.inspector), sent(caption="")
    for caption in ("", "Kho tầng 1", "Kho tầng 1"):
        picture = upload(photograph(), "kho.jpg")
        assert client.post(url, data | {"caption": caption, "file": picture}, **JSON).json()["state"] == "saved"
    assert Evidence.objects.get().caption == "Kho tầng 1"
    assert Event.objects.about(phuong6.inspection).count() == 2


def test_a_device_asks_whether_its_photograph_has_arrived(cast, sign_in, phuong6, url, sent):
    """The receipt was lost: the number of the upload is enough, nothing is sent twice."""
    client, data = sign_in(cast.inspector), sent(caption="")
    assert client.post(url, data, **JSON).json()["state"] == "refused"
    kept = client.post(url, data | {"file": upload(photograph(), "kho.jpg")}, **JSON).json()
    assert client.post(url, data, **JSON).json() == kept
    assert client.post(url, data | {"caption": "Kho tầng 1"}, **JSON).json()["state"] == "saved"
    assert (Evidence.objects.get().caption, StoredFile.objects.count()) == ("Kho tầng 1", 1)
    elsewhere = [{"criterion": "TC06"}, DOCUMENT]
    for changes in elsewhere:
        assert client.post(url, data | changes, **JSON).json()["state"] == "refused"
    other = sign_in(cast.inspector2)
    assert other.post(url, data | {"user": cast.inspector2.pk}, **JSON).json()["state"] == "refused"
    void_evidence(evidence=Evidence.objects.get(), reason="Nhầm phường", by=cast.inspector)
    assert sign_in(cast.inspector).post(url, data, **JSON).json()["state"] == "refused"
