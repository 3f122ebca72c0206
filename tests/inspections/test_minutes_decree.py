"""Minutes by Nghị định 217/2025/NĐ-CP, art. 15.3a: others concerned, documents received, a unit that does not sign."""

import io
from itertools import chain

import pytest
from django.utils import translation
from django.utils.timezone import localdate
from docx import Document

from archiveportal.refusal import Refused
from criteria.inspections.models import Minutes, Round
from criteria.inspections.papers.minutes import paper_of, word_of
from criteria.inspections.services import save_minutes, sign_minutes
from criteria.inspections.services.minutes_content import content_of, digest_of
from criteria.inspections.services.minutes_decree import _decision
from criteria.inspections.services.minutes_merge import HandedOver, Person
from tests.inspections.test_minutes import FULL, current, page_of, typed
from tests.support.decisions import announce, make_decision
from tests.support.factories import enrol, make_round, make_ward

WITNESS = Person("witness", "witness", "Phạm Thị Chứng", "Tổ trưởng Tổ dân phố 5")
TEAM = Person("team", "head", "Nguyễn Văn An")
UNIT = Person("ward", "leader", "Trần Văn Bình")
ASKED = {"refusal_reason": "Cho rằng kết quả chưa đúng"}
DETAILS = {"started_at": None, "ended_at": None, "place": "", "ward_remarks": "", "recommendations": "", "copies": 2}
DOCUMENT = {
    "document-TOTAL_FORMS": 2,
    "document-INITIAL_FORMS": 0,
    "document-0-title": "Danh mục hồ sơ năm 2025",
    "document-0-number": "12/QĐ-UBND",
    "document-0-dated_on": "05/01/2025",
    "document-0-issuer": "UBND phường",
    "document-0-form": "original",
    "document-1-form": "copy",
}


def lines(side: str, *people: tuple[str, str, str]) -> dict[str, object]:
    data: dict[str, object] = {f"{side}-TOTAL_FORMS": len(people), f"{side}-INITIAL_FORMS": 0}
    for row, (name, position, part) in enumerate(people):
        prefix = f"{side}-{row}"
        data |= {f"{prefix}-full_name": name, f"{prefix}-position": position, f"{prefix}-part": part}
    return data


ALL = {
    **typed(**FULL, inspected_content="Việc lập hồ sơ", verified_result="Đã lập 120 hồ sơ", others_remarks="Không có"),
    **lines("other", ("Công ty Lưu trữ Sài Gòn", "Đơn vị chỉnh lý", "other")),
    **lines("witness"),
    **DOCUMENT,
}


def text_of(minutes: Minutes) -> str:
    file = word_of(paper_of(minutes), address="https://vd.vn/x", search_address="https://vd.vn/tim")
    document = Document(io.BytesIO(file))
    rows = chain.from_iterable(table.rows for table in document.tables)
    cells = [cell.text for cell in chain.from_iterable(row.cells for row in rows)]
    return "\n".join([*(each.text for each in document.paragraphs), *cells]).replace("\xa0", " ")


def written(enrolment, cast, people=(TEAM, UNIT, WITNESS), **details) -> Minutes:
    return save_minutes(
        inspection=enrolment.inspection, values=DETAILS | ASKED | details, people=people, seen=0, by=cast.inspector
    )


def test_the_parts_of_the_decree_are_kept_and_printed(cast, sign_in, phuong6):
    assert sign_in(cast.inspector).post(page_of(phuong6), ALL).status_code == 302
    minutes = current(phuong6)
    received = minutes.received_documents.get()
    assert (received.number, received.form, f"{received.dated_on:%d/%m/%Y}") == ("12/QĐ-UBND", "original", "05/01/2025")
    text = text_of(minutes)
    for part in (
        "Việc lập hồ sơ",
        "Đã lập 120 hồ sơ",
        "Công ty Lưu trữ Sài Gòn",
        "Danh mục hồ sơ năm 2025",
        "Bản chính",
    ):
        assert part in text
    assert "Ý KIẾN CỦA TỔ CHỨC, CÁ NHÂN CÓ LIÊN QUAN" in text
    assert "217/2025" not in text


def test_a_form_of_before_keeps_what_was_added_since(cast, sign_in, phuong6):
    client = sign_in(cast.inspector)
    client.post(page_of(phuong6), ALL)
    # A device with the form of an earlier release sends the first fields and two sides alone.
    former = typed(version=1, **FULL | {"place": "Hội trường"})
    assert client.post(page_of(phuong6), former).status_code == 302
    minutes = current(phuong6)
    assert (minutes.place, minutes.inspected_content) == ("Hội trường", "Việc lập hồ sơ")
    assert minutes.received_documents.count() == 1
    assert minutes.participants.filter(side="other").count() == 1


def test_minutes_without_these_parts_have_the_content_of_before(cast, phuong6):
    minutes = save_minutes(
        inspection=phuong6.inspection, values=DETAILS, people=[TEAM, UNIT], seen=0, by=cast.inspector
    )
    added = {
        "inspected_content",
        "verified_result",
        "others_remarks",
        "refusal_reason",
        "received_documents",
        "decision",
    }
    assert not added & set(content_of(minutes))


def test_signed_minutes_keep_content_and_digest(cast, phuong6):
    minutes = save_minutes(
        inspection=phuong6.inspection, values=DETAILS, people=[TEAM, UNIT], seen=0, by=cast.inspector
    )
    signed = sign_minutes(inspection=phuong6.inspection, signed_on=localdate(), by=cast.inspector)
    Round.objects.filter(pk=phuong6.round_id).update(kind=Round.Kind.SPECIALISED)
    again = Minutes.objects.get(pk=minutes.pk)
    assert (again.content, again.digest) == (signed.content, signed.digest)
    assert digest_of(again.content) == again.digest
    assert "217/2025" not in text_of(again)


def test_a_unit_that_does_not_sign_needs_a_witness(cast, phuong6):
    minutes = written(phuong6, cast, people=[TEAM, UNIT])
    with pytest.raises(Refused) as raised, translation.override("en"):
        sign_minutes(inspection=phuong6.inspection, signed_on=localdate(), by=cast.inspector)
    assert raised.value.code == "witness"
    values = DETAILS | ASKED
    save_minutes(
        inspection=phuong6.inspection,
        values=values,
        people=[TEAM, UNIT, WITNESS],
        seen=minutes.version,
        by=cast.inspector,
    )
    signed = sign_minutes(inspection=phuong6.inspection, signed_on=localdate(), by=cast.inspector)
    text = text_of(signed)
    assert "không ký vào biên bản. Lý do: Cho rằng kết quả chưa đúng." in text
    assert "NGƯỜI CHỨNG KIẾN" in text
    assert "Phạm Thị Chứng, Tổ trưởng Tổ dân phố 5 (người chứng kiến)" in text
    assert "ĐẠI DIỆN LÃNH ĐẠO" not in text


@pytest.mark.parametrize(
    ("name", "part", "said"),
    [
        ("Nguyễn Văn An", "witness", "is in the inspection team"),
        ("nguyễn  văn an", "witness", "is in the inspection team"),
        ("Trần Văn Bình", "witness", "is of the inspected unit"),
        ("Lê Văn Xã", "authority", "authority of the commune itself"),
    ],
)
def test_a_witness_is_neither_of_the_team_nor_of_the_unit(cast, phuong6, name, part, said):
    people = [TEAM, UNIT, Person("witness", part, name)]
    with translation.override("en"), pytest.raises(Refused, match=said):
        written(phuong6, cast, people=people)
    assert not Minutes.objects.filter(inspection=phuong6.inspection).exists()


def test_a_witness_without_the_reason_is_refused(cast, phuong6):
    with translation.override("en"), pytest.raises(Refused, match="why the unit does not sign"):
        written(phuong6, cast, refusal_reason=" ")


@pytest.mark.django_db
def test_at_other_units_the_authority_of_the_commune_confirms_too(cast):
    office = enrol(make_round(), make_ward(kind="so", name="Y tế"))
    minutes = written(office, cast, people=[TEAM, UNIT, Person("witness", "authority", "Lê Văn Xã", "Phó Chủ tịch")])
    text = text_of(minutes)
    assert "đại diện chính quyền cấp xã" in text
    assert "CHÍNH QUYỀN\nCẤP XÃ" in text


def test_the_page_shows_a_wrong_witness_at_that_line(cast, sign_in, phuong6):
    data = ALL | lines("witness", ("Nguyễn Văn An", "", "witness")) | {"refusal_reason": "Không đồng ý"}
    page = sign_in(cast.inspector).post(page_of(phuong6), data).content.decode()
    assert "Nguyễn Văn An thuộc Đoàn kiểm tra" in page
    assert not Minutes.objects.filter(inspection=phuong6.inspection).exists()


@pytest.mark.django_db
def test_minutes_of_a_specialised_inspection_name_decree_decision_and_announcement(cast):
    decision = make_decision(cast, units=1)
    announce(decision, cast, localdate())
    enrolment = decision.units.get().enrolment
    minutes = save_minutes(
        inspection=enrolment.inspection, values=DETAILS, people=[TEAM, UNIT], seen=0, by=cast.inspector
    )
    text = text_of(minutes)
    assert "Nghị định số 217/2025/NĐ-CP" in text
    assert f"Quyết định số {decision.number}" in text
    assert "đã được công bố với đơn vị ngày" in text


def test_documents_are_named_in_the_history_and_the_same_twice_is_one(cast, phuong6):
    document = HandedOver("Danh mục hồ sơ", "12/QĐ", None, "UBND phường", "copy")
    for seen in (0, 1):
        saved = save_minutes(
            inspection=phuong6.inspection,
            values=DETAILS,
            people=[TEAM],
            received=[document],
            seen=seen,
            by=cast.inspector,
        )
    assert saved.version == 1
    assert str(document) == "Danh mục hồ sơ, 12/QĐ, UBND phường, bản sao"


@pytest.mark.parametrize("title", ["Kiểm tra công tác lưu trữ", "Về việc kiểm tra công tác lưu trữ"])
@pytest.mark.django_db
def test_minutes_name_the_decision_as_its_papers_do(cast, title):
    decision = make_decision(cast, title=title)
    enrolment = decision.units.first().enrolment
    minutes = Minutes(inspection=enrolment.inspection)
    assert _decision(minutes)["decision"].endswith(" về việc kiểm tra công tác lưu trữ")
