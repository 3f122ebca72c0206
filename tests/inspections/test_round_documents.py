"""Documents of a round: by number and date, with a file; corrected or taken back, never deleted."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from archiveportal.files.models import StoredFile
from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Round, RoundDocument
from criteria.inspections.services import void_document
from tests.support.factories import enrol, make_round
from tests.support.pictures import PDF, word_file


def address(name: str, *more) -> str:
    return reverse(f"inspections:{name}", args=["gd1-2019", *more])


def typed(content: bytes | None = PDF, name: str = "Kế hoạch.pdf", **changes) -> dict:
    values = {"kind": "plan", "number": "12/KH-SNV", "issued_on": "15/10/2018", "title": "Kế hoạch kiểm tra"}
    file = {} if content is None else {"upload": SimpleUploadedFile(name, content)}
    return values | file | changes


@pytest.fixture
def document(cast, sign_in) -> RoundDocument:
    sign_in(cast.approver).post(address("round-document-add"), typed())
    return RoundDocument.objects.get()


def test_whoever_sees_the_round_downloads_the_file(cast, sign_in, document):
    for person in (cast.inspector, cast.quan10, cast.thanhan, cast.leader):
        assert "12/KH-SNV" in sign_in(person).get(address("round-documents")).content.decode()
        response = sign_in(person).get(address("round-document-file", document.pk))
        assert b"".join(response.streaming_content) == PDF
        assert response["Content-Disposition"].startswith("attachment")
    assert Event.objects.about(document).get().action == "created"


def test_of_a_round_without_own_wards_a_district_sees_nothing(cast, sign_in):
    inspection_round = make_round()
    assert (
        sign_in(cast.quan10).get(reverse("inspections:round-documents", args=[inspection_round.code])).status_code
        == 404
    )
    document = RoundDocument.objects.create(round=inspection_round, kind="plan", number="1", issued_on="2026-01-01")
    address = reverse("inspections:round-document-file", args=[inspection_round.code, document.pk])
    assert sign_in(cast.quan10).get(address).status_code == 404
    # Neither by way of a round that it does see.
    other = reverse("inspections:round-document-file", args=["gd1-2019", document.pk])
    assert sign_in(cast.inspector).get(other).status_code == 404


def test_the_same_document_twice_is_listed_once(cast, sign_in, document):
    client = sign_in(cast.approver)
    assert client.post(address("round-document-add"), typed()).status_code == 302
    assert (RoundDocument.objects.count(), StoredFile.objects.count()) == (1, 1)
    response = client.post(address("round-document-add"), typed(title="Khác"))
    assert list(response.context["form"].errors) == ["number"]


def test_word_is_taken_and_a_document_needs_no_file(cast, sign_in):
    client = sign_in(cast.approver)
    client.post(address("round-document-add"), typed(word_file(), "Quyết định.docx", kind="decision", number="1/QĐ"))
    client.post(address("round-document-add"), typed(None, kind="schedule", number="2/TB"))
    assert [d.file and d.file.kind for d in RoundDocument.objects.order_by("number")] == ["word", None]


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"x" * (30 * 1024 * 1024), "lon.pdf"), (b"<html>", "a.pdf"), (b"\x89PNG\r\n", "a.png"), (b"", "rong.pdf")],
    ids=["30 MB", "not what it says", "picture", "empty"],
)
def test_a_file_too_large_or_of_another_kind_is_refused_beside_its_field(cast, sign_in, content, name):
    response = sign_in(cast.approver).post(address("round-document-add"), typed(content, name))
    assert list(response.context["form"].errors) == ["upload"]
    assert RoundDocument.objects.count() == StoredFile.objects.count() == 0


def shown(client, document) -> dict:
    form = client.get(address("round-document", document.pk)).context["form"]
    values = {name: form[name].value() or "" for name in form.fields if name != "upload"}
    return values | {"issued_on": "15/10/2018"}


def test_a_correction_is_on_record_and_a_stale_one_refused(cast, sign_in, document):
    client = sign_in(cast.approver)
    first, second = shown(client, document), shown(client, document)
    file = SimpleUploadedFile("Kế hoạch 2.pdf", PDF + b" 2")
    assert client.post(address("round-document", document.pk), first | {"upload": file}).status_code == 302
    assert client.post(address("round-document", document.pk), second | {"title": "Khác"}).status_code == 200
    document.refresh_from_db()
    assert (document.title, document.file.name) == ("Kế hoạch kiểm tra", "Kế hoạch 2.pdf")
    event = Event.objects.about(document).first()
    assert event.changes == {"file": ["Kế hoạch.pdf", "Kế hoạch 2.pdf"]}
    # The former file is kept.
    assert StoredFile.objects.count() == 2


def test_taken_back_with_a_reason_it_stays_on_record(cast, sign_in, document):
    client = sign_in(cast.approver)
    edit = address("round-document", document.pk)
    assert client.post(edit, {"take_back": "1", "reason": " "}).status_code == 200
    assert client.post(edit, {"take_back": "1", "reason": "Ban hành nhầm"}).status_code == 302
    document.refresh_from_db()
    assert document.voided_at
    assert Event.objects.about(document).first().reason == "Ban hành nhầm"
    assert "12/KH-SNV" in client.get(address("round-documents")).content.decode()
    assert "12/KH-SNV" not in sign_in(cast.quan10).get(address("round-documents")).content.decode()
    assert sign_in(cast.quan10).get(address("round-document-file", document.pk)).status_code == 404
    assert client.get(edit).status_code == 302
    with pytest.raises(Refused):
        void_document(document=document, reason="Lần nữa", by=cast.approver)


def test_a_closed_round_takes_its_conclusions(cast, sign_in):
    Round.objects.filter(code="gd1-2019").update(status="closed")
    data = typed(kind="conclusion", number="9/TB-SNV")
    assert sign_in(cast.approver).post(address("round-document-add"), data).status_code == 302


def test_hostile_file_names_are_text(cast, sign_in):
    client = sign_in(cast.approver)
    client.post(address("round-document-add"), typed(PDF, '<img src=x onerror="1">.pdf'))
    assert "<img src=x" not in client.get(address("round-documents")).content.decode()


def test_enrolling_does_not_show_documents_of_others(cast, sign_in):
    """A ward that is enrolled later sees the documents from then on."""
    inspection_round = make_round()
    RoundDocument.objects.create(round=inspection_round, kind="plan", number="77/KH", issued_on="2026-01-01")
    address = reverse("inspections:round-documents", args=[inspection_round.code])
    assert sign_in(cast.thanhan).get(address).status_code == 404
    enrol(inspection_round, cast.thanhan.ward)
    assert "77/KH" in sign_in(cast.thanhan).get(address).content.decode()
