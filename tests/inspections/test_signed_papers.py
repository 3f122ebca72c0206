"""The signed PDF of a paper is compared with the file that bears its number, and forbids nothing."""

import datetime
import io
import textwrap
from itertools import chain

import pypdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from archiveportal.files.checking import read_as_kept
from archiveportal.files.pdf_text import Legibility, read_pdf
from archiveportal.files.places import forget
from archiveportal.office.kinds import PaperKind
from criteria.inspections.models import OfficialPaper
from criteria.inspections.papers.official.signed_check import SignedCheck
from criteria.inspections.services import official_papers as services
from tests.support.decisions import make_decision
from tests.support.kept_files import REASON, other_than, withdraw_file
from tests.support.pages import squeeze
from tests.support.papers import words
from tests.support.pdf import pdf_of

DAY = datetime.date(2026, 3, 2)
NAME = "Lê Minh Đức"


@pytest.fixture
def page_of(cast, sign_in):
    """A client's page of an issued plan of how to inspect, and the paper."""
    decision = make_decision(cast, issued_on=DAY)
    client = sign_in(cast.approver)
    about = services.About(PaperKind.CONDUCT_PLAN, decision.round, decision)
    paper = services.draft_paper(about=about, by=cast.approver)
    address = reverse("inspections:round-paper", args=[decision.round.code, paper.pk])
    client.post(address, {"step": "to_sign"})
    paper.refresh_from_db()
    number = {"number": "9/KH-ĐKT", "issued_on": "02/03/2026", "version": paper.version}
    client.post(address, number | {"step": "issue"})
    return client, address, OfficialPaper.objects.get(pk=paper.pk)


def signed_pdf(paper: OfficialPaper, *changes: tuple[str, str]) -> bytes:
    """The file with the number as a PDF with a text layer, lines broken elsewhere, with these changes of words."""
    text = words(read_as_kept(paper.numbered))
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    lines = list(chain.from_iterable(textwrap.wrap(paragraph, 60) for paragraph in text.split("\n")))
    return pdf_of([lines[start : start + 40] for start in range(0, len(lines), 40)])


def hand_in(page_of, content: bytes) -> SignedCheck:
    client, address, paper = page_of
    client.post(address, {"step": "signed", "upload": SimpleUploadedFile("ky.pdf", content)})
    return SignedCheck(OfficialPaper.objects.get(pk=paper.pk).signed_comparison)


def shown(page_of, client=None) -> str:
    return squeeze((client or page_of[0]).get(page_of[1]).content.decode())


def test_the_same_words_are_the_same(page_of):
    check = hand_in(page_of, signed_pdf(page_of[2]))
    assert not check.lines and not check.remarks
    assert "Bản ký có lời văn như bản đối chiếu số 9/KH-ĐKT" in shown(page_of)


def test_number_day_and_sentences_that_differ_are_named(page_of):
    changes = ("Số: 9/KH-ĐKT", "Số: 10 /KH-ĐKT"), ("ngày 02 tháng 3 năm 2026\n", "ngày 03 tháng 3 năm 2026\n")
    check = hand_in(page_of, signed_pdf(page_of[2], *changes, ("giữ bí mật thông tin, tài liệu thu thập được", "x")))
    assert check.remarks == [
        "Bản ký ghi số 10/KH-ĐKT, cổng ghi số 9/KH-ĐKT.",
        "Bản ký ghi ngày 03/3/2026, cổng ghi ngày 02/3/2026.",
    ]
    assert any("giữ bí mật" in line.then and "giữ bí mật" not in line.now for line in check.lines)
    text = shown(page_of)
    assert all(remark in text for remark in check.remarks) and "<del>" in text


def test_an_issue_with_its_signed_copy_is_compared_too(cast, page_of):
    client, _address, paper = page_of
    about = services.About(PaperKind.RESULT_REPORT, paper.round, paper.decision)
    other = services.draft_paper(about=about, by=cast.approver)
    address = reverse("inspections:round-paper", args=[paper.round.code, other.pk])
    client.post(address, {"step": "to_sign"})
    other.refresh_from_db()
    lines = [f"Bàn giao hồ sơ, tài liệu của văn phòng, hộp thứ {place}" for place in range(40)]
    upload = SimpleUploadedFile("ky.pdf", pdf_of([["Số: 9/KH-ĐKT", *lines]]))
    number = {"number": "5/BC-ĐKT", "issued_on": "02/03/2026", "version": other.version}
    client.post(address, number | {"step": "issue", "upload": upload})
    check = SignedCheck(OfficialPaper.objects.get(pk=other.pk).signed_comparison)
    assert check.remarks[:2] == [
        "Tệp hầu như không có lời văn của văn bản này, có thể là văn bản khác.",
        "Bản ký ghi số 09/KH-ĐKT, cổng ghi số 5/BC-ĐKT.",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (pdf_of([[]]), "Cần người đọc và đối chiếu"),
        (pdf_of([["x"]]).replace(b" Tf 60", b" Tf (("), "Không đọc được chữ"),
        (pdf_of([["x"]] * 301), "quá dài"),
        (pdf_of([["Nội dung chữ ký số dạng ảnh"]]), "Không đọc được số, ký hiệu ở phần đầu bản ký"),
    ],
)
def test_what_cannot_be_compared_is_kept_and_said_to_be_so(page_of, content, said):
    hand_in(page_of, content)
    assert said in shown(page_of) and OfficialPaper.objects.get(pk=page_of[2].pk).signed


def message_of(name: str) -> bytes:
    """A signed message with the certificate of a person and that of who issued it."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, each)]) for each in (name, "Ban Cơ yếu")]
    made = []
    for key, subject in zip(keys, names, strict=True):
        builder = x509.CertificateBuilder(names[1], subject, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(datetime.datetime(2020, 1, 1)).not_valid_after(datetime.datetime(2040, 1, 1))
        made.append(builder.sign(keys[1], hashes.SHA256()))
    message = pkcs7.PKCS7SignatureBuilder().set_data(b"x").add_signer(made[0], keys[0], hashes.SHA256())
    return message.add_certificate(made[1]).sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature])


def with_signatures(content: bytes, *values: dict, is_round: bool = False) -> bytes:
    """Add fields of signatures to a PDF, each within another field; `is_round`: a field that is its own child."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    fields = ArrayObject()
    for value in values:
        own = DictionaryObject({NameObject(f"/{key}"): each for key, each in value.items()})
        leaf = writer._add_object(DictionaryObject({NameObject("/FT"): NameObject("/Sig"), NameObject("/V"): own}))
        parent = DictionaryObject({NameObject("/Kids"): ArrayObject([leaf])})
        fields.append(writer._add_object(parent))
        if is_round:
            parent[NameObject("/Kids")].append(fields[-1])
    form = DictionaryObject({NameObject("/Fields"): fields})
    writer._root_object[NameObject("/AcroForm")] = form
    into = io.BytesIO()
    writer.write(into)
    return into.getvalue()


def test_digital_signatures_are_named_and_said_not_to_be_verified(page_of):
    by_certificate = {
        "Contents": ByteStringObject(message_of(NAME) + b"\0" * 500),
        "M": TextStringObject("D:20260302091500+07'00'"),
    }
    by_its_name = {
        "Contents": ByteStringObject(b"\x30\x03abc"),
        "Name": TextStringObject("Văn thư"),
        "M": NumberObject(7),
    }
    check = hand_in(page_of, with_signatures(signed_pdf(page_of[2]), by_certificate, by_its_name, {}))
    assert sorted(each.name for each in check.signatures) == [NAME, "Văn thư"]
    text = shown(page_of)
    assert "Chữ ký số ghi trong tệp" in text and NAME in text and "02/03/2026" in text
    assert "cổng không xác minh chuỗi chứng thư số" in text and not check.lines


@pytest.mark.parametrize("moment", ["D:00010101000000+14'00'", "D:99991231235959-14'00'", "D:20261399", "tối nay", ""])
def test_hostile_signatures_are_read_without_harm(page_of, moment):
    value = {"Contents": ByteStringObject(b"\x30\x84\xff\xff\xff\xff" * 9), "M": TextStringObject(moment)}
    value["Name"] = TextStringObject("<b>a\0b</b>" + "dài " * 900)
    check = hand_in(page_of, with_signatures(signed_pdf(page_of[2]), value, is_round=True))
    assert {(each.name[:10], each.signed_at) for each in check.signatures} == {("<b>ab</b>d", None)}
    assert len(check.signatures) <= 20 and "&lt;b&gt;ab" in shown(page_of)


def test_noughts_and_halves_of_characters_are_stored(page_of):
    content = pdf_of([["Số: 9/KH-ĐKT", "xyz"]]).replace(b"<0078>", b"<0000>").replace(b"<0079>", b"<D800>")
    assert read_pdf(content).legibility == Legibility.TEXT
    assert hand_in(page_of, content).stored["total"]


def test_it_is_for_those_who_inspect_and_goes_with_the_file(cast, page_of, sign_in):
    hand_in(page_of, signed_pdf(page_of[2], ("Trưởng đoàn", "Trưởng nhóm")))
    leader = shown(page_of, sign_in(cast.leader))
    assert 'id="ban-ky"' in shown(page_of) and 'id="ban-ky"' not in leader
    signed = OfficialPaper.objects.get(pk=page_of[2].pk).signed
    withdraw_file(file=signed, reason=REASON, by=other_than(signed, cast))
    assert 'id="ban-ky"' not in shown(page_of)
    forget(signed, by=cast.approver, via="page")
    assert OfficialPaper.objects.get(pk=page_of[2].pk).signed_comparison is None


def test_a_copy_of_before_is_compared_when_somebody_asks(page_of, cast, sign_in):
    client, address, paper = page_of
    hand_in(page_of, signed_pdf(paper, ("Số: 9/KH-ĐKT", "Số: 10/KH-ĐKT")))
    rows = OfficialPaper.objects.filter(pk=paper.pk)
    assert "Đối chiếu ngay" not in shown(page_of)
    rows.update(signed_comparison=None)
    assert "Đối chiếu ngay" in shown(page_of)
    assert sign_in(cast.inspector2).post(address, {"step": "compare"}).status_code == 403
    client.post(address, {"step": "compare"})
    assert SignedCheck(rows.get().signed_comparison).remarks == ["Bản ký ghi số 10/KH-ĐKT, cổng ghi số 9/KH-ĐKT."]
    assert "Đối chiếu ngay" not in shown(page_of) and "Bản ký ghi số 10/KH-ĐKT" in shown(page_of)
    version = rows.get().version
    client.post(address, {"step": "compare"})
    assert rows.get().version == version


def test_what_was_withdrawn_or_damaged_is_not_compared(page_of, cast):
    client, address, paper = page_of
    client.post(address, {"step": "compare"})
    assert "chưa có bản ký" in shown(page_of)
    hand_in(page_of, signed_pdf(paper))
    rows = OfficialPaper.objects.filter(pk=paper.pk)
    rows.update(signed_comparison=None)
    signed = rows.get().signed
    with signed.original.storage.open(signed.original.name, "wb") as file:
        file.write(b"%PDF-1.4 other")
    answered = client.post(address, {"step": "compare"}, follow=True).content.decode()
    assert "đã bị thay đổi hoặc bị mất" in squeeze(answered)
    assert rows.get().signed_comparison is None
