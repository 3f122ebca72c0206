"""The blocks that minutes have by Nghị định 217/2025/NĐ-CP, art. 15.3a, beside those of every visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from archiveportal.word.writer import Block, Column, Grid, Heading, Signature, Signatures, Text
from criteria.inspections.models import Participant, ReceivedDocument

Side, Part = Participant.Side, Participant.Part
FORMS: dict[str, str] = {ReceivedDocument.Form.ORIGINAL: "Bản chính", ReceivedDocument.Form.COPY: "Bản sao"}
WITNESSES: dict[str, str] = {Part.WITNESS: "người chứng kiến", Part.AUTHORITY: "đại diện chính quyền cấp xã"}
#: signatures beside one another in one row
ABREAST = 3

Content = Mapping[str, Any]
Section = tuple[str, Sequence[Block]]


def grounds_of(content: Content) -> list[str]:
    """Return the decree and the decision of a specialised inspection; nothing for guidance."""
    decision = content.get("decision", {})
    return [decision[name] for name in ("decree", "decision") if decision.get(name)]


def announcement_of(content: Content) -> list[Block]:
    day = content.get("decision", {}).get("announced_on")
    return [Text(f"Quyết định kiểm tra đã được công bố với đơn vị ngày {day}.")] if day else []


def inspected_section(content: Content) -> list[Section]:
    text = content.get("inspected_content")
    return [("Nội dung kiểm tra", _paragraphs(text))] if text else []


def verified_sections(content: Content) -> list[Section]:
    """Return the verified result in words, and the list of the documents received."""
    sections: list[Section] = []
    if text := content.get("verified_result"):
        sections.append(("Kết quả xác minh", _paragraphs(text)))
    if received := content.get("received_documents"):
        sections.append(("Tài liệu đã nhận", [_received(received)]))
    return sections


def _received(documents: Sequence[Mapping[str, str]]) -> Grid:
    columns = [
        Column("TT", 1.1, "centre"),
        Column("Tên tài liệu", 5.0),
        Column("Số", 2.8),
        Column("Ngày", 2.6, "centre"),
        Column("Nơi ban hành", 2.9),
        Column("Bản chính, bản sao", 2.1, "centre"),
    ]
    rows = [
        [str(place), each["title"], each["number"], each["dated_on"], each["issuer"], FORMS.get(each["form"], "")]
        for place, each in enumerate(documents, start=1)
    ]
    return Grid(columns, rows)


def others_present(content: Content, line_of: Callable[[Mapping[str, Any]], str]) -> list[Block]:
    """Return the organisations and persons concerned; none where nobody was there."""
    people = _of_side(content, Side.OTHER)
    if not people:
        return []
    lines = [line_of(each) for each in people]
    lines[-1] = f"{lines[-1][:-1]}."
    return [
        Heading("3. Tổ chức, cá nhân có liên quan", level=2),
        *[Text(line, is_item=True) for line in lines],
    ]


def remarks_of_others(content: Content) -> list[Block]:
    text = content.get("others_remarks")
    return [Heading("IV. Ý KIẾN CỦA TỔ CHỨC, CÁ NHÂN CÓ LIÊN QUAN"), *_paragraphs(text)] if text else []


def is_refused(content: Content) -> bool:
    return bool(content.get("refusal_reason"))


def refusal_of(content: Content, unit: str) -> list[Block]:
    """Say that the unit does not sign, why, and who confirms it."""
    if not is_refused(content):
        return []
    confirming = ", ".join(_witness(each) for each in _of_side(content, Side.WITNESS))
    reason = content["refusal_reason"].strip().rstrip(".")
    return [
        Text(f"Đại diện {unit} không ký vào biên bản. Lý do: {reason}."),
        Text(f"Xác nhận việc đơn vị được kiểm tra không ký vào biên bản: {confirming or '…………'}."),
    ]


def _witness(person: Mapping[str, str]) -> str:
    office = f", {person['position']}" if person["position"] else ""
    return f"{person['full_name']}{office} ({WITNESSES.get(Part(person['part']), 'người chứng kiến')})"


def witness_signature(content: Content) -> Signature:
    """Return the signature in the place of that of the unit: the first who confirms that it does not sign."""
    first, *_others = [*_of_side(content, Side.WITNESS), {"full_name": "", "part": Part.WITNESS}]
    return _signature_of_witness(first)


def _signature_of_witness(person: Mapping[str, str]) -> Signature:
    is_authority = person["part"] == Part.AUTHORITY
    heading = "ĐẠI DIỆN\nCHÍNH QUYỀN\nCẤP XÃ" if is_authority else "NGƯỜI CHỨNG KIẾN"
    return Signature(heading, "(Ký, ghi rõ họ tên)", person["full_name"])


def further_signatures(content: Content) -> list[Block]:
    """Return the signatures of further witnesses and of others concerned, a few beside one another."""
    signing = [_signature_of_witness(each) for each in _of_side(content, Side.WITNESS)[1:]]
    others = _of_side(content, Side.OTHER)
    heading = "TỔ CHỨC, CÁ NHÂN\nCÓ LIÊN QUAN"
    signing += [Signature(heading, name=each["full_name"]) for each in others]
    rows = [signing[first : first + ABREAST] for first in range(0, len(signing), ABREAST)]
    return [Signatures(row) for row in rows]


def _of_side(content: Content, side: str) -> list[Mapping[str, str]]:
    return [each for each in content["participants"] if each["side"] == side]


def _paragraphs(text: str) -> list[Block]:
    return [Text(line) for line in text.split("\n") if line] or [Text("")]
