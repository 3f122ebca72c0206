"""The minutes as a paper: blocks in the order of a biên bản (NĐ 30/2020/NĐ-CP, Phụ lục III), for Word and page."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import segno

from archiveportal.office.kinds import PaperKind
from archiveportal.office.queries import signing_of
from archiveportal.vietnamese import count_in_text, document_date, document_date_in_words
from archiveportal.word.writer import Block, Column, Grid, Head, Heading, Signature, Signatures, Text, Title, word_file
from criteria.inspections.models import Minutes, Participant
from criteria.inspections.papers.minutes_decree import (
    announcement_of,
    further_signatures,
    grounds_of,
    inspected_section,
    is_refused,
    others_present,
    refusal_of,
    remarks_of_others,
    verified_sections,
    witness_signature,
)
from criteria.inspections.services.minutes_content import (
    FROM_A_DISTANCE,
    check_of,
    digest_of,
    finding_in_words,
    printed,
)
from criteria.outcomes import MET, answered_first, outcome_of
from criteria.scoring import BONUS

Side, Part = Participant.Side, Participant.Part
#: room to write by hand what is not known yet
DOTS = "…………"
LINES = "\n".join(["…" * 30] * 3)
#: a longer text is put below its table
LONGEST_CELL = 300
#: a longer one needs a wider column
SHORT_NUMBER = 4
BELOW = "Nêu dưới bảng."
VERIFIED_FROM_A_DISTANCE = (
    "Kết quả được xác minh từ xa, trên cơ sở bản tự kiểm tra, minh chứng và nội dung trả lời của đơn vị."
)
PARTS = {
    Part.HEAD: "Trưởng đoàn",
    Part.DEPUTY: "Phó Trưởng đoàn",
    Part.SECRETARY: "Thư ký",
    Part.LEADER: "Lãnh đạo đơn vị",
}


@dataclass(frozen=True)
class Paper:
    """The minutes as printed: their blocks, and the code and check part of the foot."""

    minutes: Minutes
    content: Mapping[str, Any]
    digest: str

    @property
    def code(self) -> str:
        return grouped(self.minutes.code)

    @property
    def check(self) -> str:
        return grouped(check_of(self.digest))

    @property
    def foot(self) -> str:
        return f"{self._mark}Mã: {self.code} · Đối chiếu: {self.check}"

    @property
    def _mark(self) -> str:
        """Return what the paper of a rehearsal says on every page."""
        inspection_round = self.minutes.inspection.enrolment.round
        return f"{inspection_round.mark} · " if inspection_round.mark else ""

    @property
    def name(self) -> str:
        kind = "Biên bản bổ sung" if self.content["sequence"] > 1 else "Biên bản"
        return f"{kind} kiểm tra {self.content['ward']}"

    @property
    def blocks(self) -> list[Block]:
        return blocks_of(self.content)


def paper_of(minutes: Minutes) -> Paper:
    content = printed(minutes)
    return Paper(minutes, content, minutes.digest or digest_of(content))


def grouped(code: str) -> str:
    """ "K7Q29FXM" as people read it: "K7Q2-9FXM"."""
    return f"{code[:4]}-{code[4:]}"


def word_of(paper: Paper, *, address: str, search_address: str) -> bytes:
    """Write the Word file. `address` verifies this paper, `search_address` is where code and check
    part can be typed."""
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="png", scale=8, border=1)
    return word_file(
        paper.blocks,
        title=f"{paper.name} {paper.code}",
        made_at=paper.minutes.signed_at or paper.minutes.opened_at,
        foot=f"{paper.foot} · {search_address}",
        foot_picture=picture.getvalue(),
    )


def blocks_of(content: Mapping[str, Any]) -> list[Block]:
    blocks = [*_opening(content), Heading("I. THÀNH PHẦN THAM DỰ"), *_present(content)]
    blocks.append(Heading("II. NỘI DUNG KIỂM TRA"))
    sections: list[tuple[str, Sequence[Block]]] = [("Kết quả kiểm tra theo từng tiêu chí", _results(content))]
    if "base" in content:
        sections = [("Nội dung bổ sung", _changes(content)), ("Kết quả kiểm tra sau khi bổ sung", _results(content))]
    sections = [*inspected_section(content), *sections, *verified_sections(content)]
    sections += [("Tồn tại, hạn chế và kiến nghị", _findings(content)), ("Kiến nghị chung", _general(content))]
    for place, (heading, part) in enumerate(sections, start=1):
        blocks += [Heading(f"{place}. {heading}", level=2), *part]
    *remarks, last = _paragraphs(content["ward_remarks"] or LINES)
    # Nobody signs a page that has nothing but the signatures.
    blocks += [Heading("III. Ý KIẾN CỦA ĐƠN VỊ ĐƯỢC KIỂM TRA"), *remarks, replace(last, stays_with_next=True)]
    return [*blocks, *remarks_of_others(content), *refusal_of(content, _unit(content)), *_closing(content)]


def _paragraphs(text: str) -> list[Text]:
    return [Text(line) for line in text.split("\n") if line] or [Text("")]


def _opening(content: Mapping[str, Any]) -> list[Block]:
    is_supplement = content["sequence"] > 1
    start = content["started_at"]
    # The day of the inspection is that of the first visit; a supplement is agreed on another day.
    moment = f"{_hour(start)} {_date(start or ('' if is_supplement else content['inspected_on']))}"
    where = content["place"] or _unit(content)
    first_day = (start or content["inspected_on"])[:10]
    signing = signing_of(PaperKind.MINUTES, datetime.date.fromisoformat(first_day) if first_day else None)
    work = "công tác văn thư, lưu trữ"
    if "decision" in content:
        work = "việc chấp hành pháp luật về văn thư, lưu trữ"
    subject = f"Kiểm tra {work} tại {_unit(content)}"
    blocks: list[Block] = [
        Head(signing.head, f"Số: {DOTS}/{signing.symbol}"),
        Title("BIÊN BẢN BỔ SUNG" if is_supplement else "BIÊN BẢN", subject),
    ]
    blocks += [Text(f"Căn cứ {document};") for document in [*grounds_of(content), *content["documents"]]]
    team = content["team"]
    if not team.lower().startswith("đoàn"):
        team = f"Đoàn kiểm tra ({team})" if team else "Đoàn kiểm tra"
    way = " từ xa" if content.get("is_distant") else ""
    blocks.append(
        Text(
            f"Hôm nay, vào hồi {moment}, tại {where}, {team} tiến hành kiểm tra{way} {work} tại "
            f"{_unit(content)} (đợt kiểm tra: {content['round']})."
        )
    )
    if way:
        blocks.append(Text(VERIFIED_FROM_A_DISTANCE))
    blocks += announcement_of(content)
    if "base" in content:
        base = content["base"]
        code, signed_on = grouped(base["code"]), document_date(datetime.date.fromisoformat(base["signed_on"]))
        blocks.append(Text(f"Biên bản này bổ sung Biên bản mã số {code}, ký ngày {signed_on}."))
        blocks.append(Text(f"Lý do bổ sung: {content['reason']}"))
    return blocks


def _present(content: Mapping[str, Any]) -> list[Block]:
    blocks: list[Block] = []
    for place, (side, heading) in enumerate(
        ((Side.TEAM, "Đoàn kiểm tra"), (Side.WARD, f"Đại diện {_unit(content)}")), 1
    ):
        blocks.append(Heading(f"{place}. {heading}", level=2))
        people = [each for each in content["participants"] if each["side"] == side]
        lines = [_person(each) for each in people] or [f"- Ông (bà): {DOTS * 3}  Chức vụ: {DOTS * 3}"] * 2
        if people:
            lines[-1] = f"{lines[-1][:-1]}."
        blocks += [Text(line, is_item=True) for line in lines]
    return [*blocks, *others_present(content, _person)]


def _person(person: Mapping[str, Any]) -> str:
    office, part = person["position"], PARTS.get(person["part"], "")
    if office and part and person["part"] != Part.LEADER:
        office = f"{office}, {part.lower()}"
    office, name = office or part, person["full_name"]
    # Many write the word themselves.
    called = name if name.casefold().startswith(("ông ", "bà ")) else f"Ông (bà) {name}"
    return f"- {called}" + (f" - {office};" if office else ";")


def _results(content: Mapping[str, Any]) -> list[Block]:
    numbers = _width_of_numbers(content["lines"])
    columns = [
        Column("TT", numbers, "centre"),
        Column("Tiêu chí", 6.9 - numbers),
        Column("Kết quả", 2.2, "centre"),
        Column("Số liệu", 3.6),
        Column("Ghi chú", 3.8),
    ]
    rows = []
    for line in content["lines"]:
        outcome = outcome_of(line["outcome"]).word if line["has_outcome"] else "-"
        rows.append([_number(line), line["name"], outcome, _details(line), line["note"]])
    return [*_grid(columns, rows), Text(_total(content))]


def _width_of_numbers(lines: Iterable[Mapping[str, Any]]) -> float:
    """Return the centimetres in which the longest number is on one line: "A.II.1.2"."""
    longest = max((len(_number(line)) for line in lines), default=0)
    return 1.1 if longest <= SHORT_NUMBER else min(0.5 + longest * 0.2, 2.7)


def _details(line: Mapping[str, Any]) -> str:
    """Return what is recorded at a line, with the points that it brings in a set of points."""
    verified = FROM_A_DISTANCE if line.get("is_distant") else ""
    return "; ".join(filter(None, [line.get("given") or line["fact"], line.get("brings", ""), verified]))


def _number(line: Mapping[str, Any]) -> str:
    return str(line.get("listed_number") or line.get("shown_number") or line["number"] or "-")


def _total(content: Mapping[str, Any]) -> str:
    if "points" in content:
        return _total_of_points(content)
    counted = [line for line in content["lines"] if line["is_counted"]]
    applicable = [line for line in counted if outcome_of(line["outcome"]).applies]
    met = [line for line in counted if line["outcome"] == MET]
    parts = [f"{outcome_of(MET).in_sentence} {len(met)}/{len(applicable)} tiêu chí"]
    for outcome in answered_first():
        numbers = [_number(line) for line in counted if line["outcome"] == outcome.code]
        if numbers and outcome.code != MET:
            count = count_in_text(len(numbers))
            parts.append(f"{outcome.in_sentence} {count} tiêu chí ({', '.join(numbers)})")
    return f"Tổng số: {'; '.join(parts)}."


def _total_of_points(content: Mapping[str, Any]) -> str:
    """Return the points, those taken off and added apart, then which criteria have not earned them all."""
    points = content["points"]
    parts = [f"{points['score']}/{points['maximum']} điểm"]
    words = {"deducted": "điểm trừ", "bonus": "điểm thưởng"}
    apart = [f"{word} {points[key]}" for key, word in words.items() if key in points]
    if apart:
        parts[0] += f", trong đó {', '.join(apart)}"
    for outcome in answered_first():
        lines = [line for line in content["lines"] if line["is_counted"] and line["outcome"] == outcome.code]
        numbers = [_number(line) for line in lines if not line.get("sign")]
        if numbers and outcome.code != MET:
            parts.append(f"{outcome.in_sentence} {count_in_text(len(numbers))} tiêu chí ({', '.join(numbers)})")
    return f"Tổng số: {'; '.join(parts)}."


def _changes(content: Mapping[str, Any]) -> list[Block]:
    if not content["changes"]:
        return [Text("Không thay đổi kết quả của từng tiêu chí.")]
    numbers = _width_of_numbers(content["changes"])
    columns = [
        Column("TT", numbers, "centre"),
        Column("Nội dung", 6.1 - numbers),
        Column("Theo biên bản đã ký", 5.2),
        Column("Sau khi bổ sung", 5.2),
    ]
    rows = [[_number(each), each["name"], each["before"], each["after"]] for each in content["changes"]]
    return _grid(columns, rows)


def _grid(columns: list[Column], rows: list[list[str]]) -> list[Block]:
    """Write the table, and below it the texts that would make a row of it fill pages."""
    below: list[Block] = []
    for row in rows:
        for place, text in enumerate(row):
            if len(text) > LONGEST_CELL:
                number = row[0] if row[0] != "-" else row[1]
                below.append(Text(f"- Tiêu chí {number}, {columns[place].heading.lower()}: {text}", is_item=True))
                row[place] = BELOW
    return [Grid(columns, rows), *below]


def _findings(content: Mapping[str, Any]) -> list[Text]:
    """Write every criterion that is not met, with its recommendations or without any."""
    lines = []
    given = [each["code"] for each in content["findings"]]
    for line in content["lines"]:
        number = _number(line)
        name = f"- Tiêu chí {line['name'] if number == '-' else number}"
        words = [finding_in_words(each) for each in content["findings"] if each["code"] == line["code"]]
        outcome = outcome_of(line["outcome"])
        # Nobody has to earn a bonus.
        if outcome.is_failure and line["code"] not in given and line.get("sign") != BONUS:
            words = [f"{outcome.in_sentence}."]
        lines += [Text(f"{name}: {each}", is_item=True) for each in words]
    return lines or [Text("Không có kiến nghị theo từng tiêu chí.")]


def _general(content: Mapping[str, Any]) -> list[Text]:
    return _paragraphs(content["recommendations"] or "Không có.")


def _closing(content: Mapping[str, Any]) -> list[Block]:
    end, copies = content["ended_at"], content["copies"]
    shared = ", Đoàn kiểm tra giữ 01 bản, đơn vị được kiểm tra giữ 01 bản" if copies == 2 else ""
    agreed = "thống nhất nội dung và ký tên dưới đây"
    if is_refused(content):
        agreed = "những người có tên dưới đây ký xác nhận"
    text = (
        f"Biên bản kết thúc vào hồi {_hour(end)} {_date(end)}; được lập thành {count_in_text(copies)} bản có giá trị "
        f"như nhau{shared}; đã đọc cho mọi người cùng nghe, {agreed}./."
    )
    leader = Signature(
        f"ĐẠI DIỆN LÃNH ĐẠO\n{content['office'].upper()}", "(Ký, ghi rõ họ tên, đóng dấu)", _name(content, Part.LEADER)
    )
    if is_refused(content):
        leader = witness_signature(content)
    return [
        Text(text, stays_with_next=True),
        Signatures(
            [
                leader,
                Signature("THƯ KÝ", name=_name(content, Part.SECRETARY)),
                _head_signature(content),
            ]
        ),
        *further_signatures(content),
    ]


def _head_signature(content: Mapping[str, Any]) -> Signature:
    """Return the signature of the team's head; where only a deputy was there, that of the deputy.

    The minutes of a decision are signed by the head alone (NĐ 217/2025/NĐ-CP, art. 15.3a).
    """
    head, deputy = _name(content, Part.HEAD), _name(content, Part.DEPUTY)
    if deputy and not head and "decision" not in content:
        return Signature("KT. TRƯỞNG ĐOÀN\nPHÓ TRƯỞNG ĐOÀN", name=deputy)
    return Signature("TRƯỞNG ĐOÀN", name=head)


def _name(content: Mapping[str, Any], part: str) -> str:
    return next((each["full_name"] for each in content["participants"] if each["part"] == part), "")


def _unit(content: Mapping[str, Any]) -> str:
    """Return the body of a unit, with the district of a ward."""
    is_office = not content["office"].startswith("UBND ")
    return str(content["office"]) if is_office else f"UBND {content['ward']}"


def _hour(moment: str) -> str:
    return f"{moment[11:13]} giờ {moment[14:16]}" if moment else f"{DOTS} giờ {DOTS}"


def _date(moment: str) -> str:
    if moment:
        return document_date_in_words(datetime.datetime.fromisoformat(moment).date())
    return f"ngày {DOTS} tháng {DOTS} năm {DOTS}"
