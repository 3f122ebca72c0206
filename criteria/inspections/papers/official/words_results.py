"""The words of what follows an inspection: the report on its results, and the letter that asks for remedies."""

from __future__ import annotations

from archiveportal.vietnamese import count_in_text, document_date
from criteria.inspections.models import Enrolment, Finding, Inspection
from criteria.inspections.papers.official.reading import PaperSubject
from criteria.inspections.papers.official.words import (
    DOTS,
    PaperTable,
    PaperWords,
    day_in_cell,
    day_in_words,
    decision_in_words,
    ended,
    grounds_of_decision,
    grounds_of_office,
    legal_basis,
    signed_by,
    team_name,
    units_in_words,
)

APPROVED = Inspection.Status.APPROVED


def result_report(subject: PaperSubject) -> PaperWords:
    """Word the report of the team to who decided (Điều 15.3đ), or on one unit of a round of guidance."""
    enrolments = subject.enrolments
    done = [each for each in enrolments if each.inspection.status == APPROVED]
    findings = sum(len(_standing(each)) for each in enrolments)
    what = "kiểm tra chuyên ngành" if subject.reading.is_specialised else "kiểm tra, hướng dẫn"
    basis = decision_in_words(subject) if subject.decision else subject.round.name
    grounds = grounds_of_decision(subject) if subject.decision else [*grounds_of_office(subject), *legal_basis(subject)]
    body = [
        f"{team_name(subject)} báo cáo kết quả {what} công tác văn thư, lưu trữ theo {basis} như sau:",
        "I. KHÁI QUÁT CUỘC KIỂM TRA",
        f"1. Đối tượng kiểm tra: {units_in_words(subject).replace(' (danh sách tại Phụ lục kèm theo)', '')}.",
        f"2. Đã kiểm tra, có kết quả được duyệt: {count_in_text(len(done))}/{count_in_text(len(enrolments))} đơn vị.",
        "II. KẾT QUẢ KIỂM TRA",
        f"Kết quả theo từng đơn vị tại bảng dưới đây; tổng số kiến nghị: {count_in_text(findings)}.",
        TABLE_HERE,
        "III. NHẬN XÉT, ĐÁNH GIÁ",
        f"1. Ưu điểm: {DOTS * 4}",
        f"2. Tồn tại, hạn chế và nguyên nhân: {DOTS * 4}",
        "IV. KIẾN NGHỊ",
        f"1. Đối với đối tượng kiểm tra: {_asked(findings)}.",
        f"2. Đối với người ra quyết định kiểm tra: {DOTS * 4}",
        "Đoàn kiểm tra báo cáo, kính trình xem xét, quyết định./.",
    ]
    signing = subject.signing
    decided_by = subject.decision.signer_title if subject.decision and subject.decision.signer_title else ""
    return PaperWords(
        title="BÁO CÁO",
        subject=f"Kết quả {what} công tác văn thư, lưu trữ",
        addressee=decided_by or f"{_head_title(subject)}",
        grounds=ended(grounds),
        body=body,
        table=_results(subject),
        **signed_by(subject, signing.name),
    )


#: where the table of a report stands among its lines
TABLE_HERE = "[bảng kết quả]"


def _head_title(subject: PaperSubject) -> str:
    office = subject.office
    if office.division_head_title:
        return f"{office.division_head_title} {office.division}"
    return f"{office.head_title} {office.name}"


def _asked(findings: int) -> str:
    if not findings:
        return "không có kiến nghị"
    return (
        f"khắc phục {count_in_text(findings)} kiến nghị đã ghi trong biên bản kiểm tra, báo cáo kết quả đúng thời hạn"
    )


def _results(subject: PaperSubject) -> PaperTable:
    measure = subject.reading.measure
    rows = []
    for place, each in enumerate(subject.enrolments, 1):
        inspection = each.inspection
        is_done = inspection.status == APPROVED
        result = measure.out_of(inspection.score.normalize(), inspection.maximum.normalize()) if is_done else "Chưa có"
        found = count_in_text(len(_standing(each)))
        rows.append([str(place), each.ward.body, day_in_cell(inspection.inspected_on), result, found])
    headings = ["TT", "Đơn vị", "Ngày kiểm tra", "Kết quả", "Số kiến nghị"]
    return PaperTable("", headings, [1.2, 6.3, 3.0, 3.5, 2.5], rows, frozenset({1}))


def _standing(enrolment: Enrolment) -> list[Finding]:
    return [row for row in enrolment.inspection.findings.all() if row.status != Finding.Status.WITHDRAWN]


def remedy_letter(subject: PaperSubject) -> PaperWords:
    """Word the letter that asks one unit to put right what was found (Điều 7.2e, 15.3đ)."""
    enrolment = subject.enrolment
    assert enrolment is not None, "the letter is to one unit"
    ward, office = enrolment.ward, subject.office
    day = day_in_words(enrolment.inspection.inspected_on)
    follows = f" theo {decision_in_words(subject)}" if subject.decision else f" ({subject.round.name})"
    numbers = subject.reading.listed_numbers
    lines = [
        f"{place}. {_finding(each, numbers.get(each.criterion_id, ''))}"
        for place, each in enumerate(subject.findings, 1)
    ]
    until = max((each.due_on for each in subject.findings if each.due_on), default=None)
    last = f"chậm nhất ngày {document_date(until) if until else DOTS}"
    body = [
        f"Qua kết quả kiểm tra công tác văn thư, lưu trữ tại {ward.body} {day}{follows}, {office.name} yêu cầu "
        f"{ward.body} chấn chỉnh, khắc phục các tồn tại, hạn chế sau:",
        *(lines or [f"1. {DOTS * 4}"]),
        f"{_capital(office.name)} yêu cầu {ward.body} tổ chức thực hiện và báo cáo kết quả (kèm tài liệu chứng minh) "
        f"về {office.name} ({office.working_division}) {last}./.",
    ]
    return PaperWords(
        title="",
        subject="V/v yêu cầu chấn chỉnh, khắc phục các tồn tại, hạn chế sau kiểm tra",
        addressee=ward.body_in_full,
        body=body,
        **signed_by(subject),
    )


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _finding(finding: Finding, listed_number: str) -> str:
    criterion = finding.criterion
    number = f"Tiêu chí {listed_number} ({criterion.name})" if listed_number else criterion.name
    due = f" Thời hạn khắc phục: {document_date(finding.due_on)}." if finding.due_on else ""
    return f"{number}: {' '.join(finding.recommendation.split()).rstrip('.')}.{due}"
