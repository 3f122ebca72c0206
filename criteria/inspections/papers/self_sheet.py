"""The self-assessment of a unit as a paper that its leader signs. Vietnamese, whatever the language of the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archiveportal.vietnamese import document_date
from archiveportal.word.writer import Block, Column, Grid, Head, Heading, Signature, Signatures, Text, Title
from criteria.facts import fact_in_words
from criteria.given import given_in_words
from criteria.inspections.models import Enrolment, SelfAnswer, SelfAssessment, SelfEvidence
from criteria.inspections.queries.result_sheet import in_score
from criteria.inspections.services import score_of
from criteria.leaves import answered_of, is_in_points, leaves_of
from criteria.models import Criterion
from criteria.outcomes import outcome_of

OPEN_DAY = "ngày … tháng … năm ……"


def name_of_self_sheet(enrolment: Enrolment) -> str:
    return f"Phiếu tự kiểm tra {enrolment.ward.full_in_sentence}"


def blocks_of_self_sheet(
    enrolment: Enrolment,
    assessment: SelfAssessment | None,
    answers: Mapping[int, SelfAnswer],
    *,
    evidence: Mapping[int, Sequence[SelfEvidence]],
) -> list[Block]:
    """Return the paper from top to bottom; answers and evidence by the key of the criterion. To be called with
    Vietnamese as the language."""
    criteria = leaves_of(enrolment.round.criteria_set)
    blocks: list[Block] = [Head([enrolment.ward.body_in_full.upper()], place_and_date=OPEN_DAY)]
    if enrolment.round.mark:
        blocks.append(Text(enrolment.round.mark, align="centre", is_bold=True))
    blocks += [
        Title("PHIẾU TỰ KIỂM TRA", f"Công tác văn thư, lưu trữ của {enrolment.ward.body_in_full}"),
        Text(f"Đợt kiểm tra: {enrolment.round.name}."),
        Text(f"Kết quả tự kiểm tra: {_result(enrolment, answers, criteria)}."),
        *([] if assessment and assessment.handed_in_at else [Text("Bản chưa nộp.", is_italic=True)]),
        Heading("Kết quả từng tiêu chí"),
        _lines(answered_of(criteria), answers, evidence),
        Signatures([Signature("NGƯỜI LẬP PHIẾU"), Signature("THỦ TRƯỞNG ĐƠN VỊ", "(Ký, ghi rõ họ tên, đóng dấu)")]),
    ]
    return blocks


def _result(enrolment: Enrolment, answers: Mapping[int, SelfAnswer], criteria: list[Criterion]) -> str:
    score = score_of(answers, criteria, enrolment.round.criteria_set)
    unit = "điểm" if is_in_points(criteria, enrolment.round.criteria_set) else "tiêu chí"
    return f"đạt {in_score(score.points, score.maximum)} {unit}"


def _lines(
    criteria: list[Criterion], answers: Mapping[int, SelfAnswer], evidence: Mapping[int, Sequence[SelfEvidence]]
) -> Grid:
    columns = [
        Column("TT", 1.1, "centre"),
        Column("Tiêu chí", 5.6),
        Column("Tự kiểm tra", 2.8),
        Column("Tài liệu minh chứng", 4.2),
        Column("Giải trình", 2.8),
    ]
    return Grid(columns, [_row(each, answers.get(each.pk), evidence.get(each.pk, ())) for each in criteria])


def _row(criterion: Criterion, answer: SelfAnswer | None, evidence: Sequence[SelfEvidence]) -> list[str]:
    return [
        criterion.listed_number or "-",
        criterion.name,
        _answer(criterion, answer),
        "\n".join(map(_piece, evidence)) or "-",
        answer.note if answer else "",
    ]


def _answer(criterion: Criterion, answer: SelfAnswer | None) -> str:
    """Return what the unit says: met or not, what is given, or the fact; "-" where it says nothing."""
    if answer is None:
        return "-"
    word = outcome_of(answer.outcome).word if criterion.has_outcome else ""
    if criterion.is_derived:
        given = given_in_words(criterion, answer)
    else:
        given = fact_in_words(criterion, answer.number, answer.text, label=criterion.fact_label)
    return "; ".join(filter(None, [word, given])) or "-"


def _piece(piece: SelfEvidence) -> str:
    """Return a document by number, day and issuer, else the file with what it shows."""
    if piece.number:
        day = f" ngày {document_date(piece.issued_on)}" if piece.issued_on else ""
        return ", ".join(filter(None, [f"Số {piece.number}{day}", piece.issuer]))
    return piece.caption or (piece.file.name if piece.file else "")
