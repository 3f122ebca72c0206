"""Footnotes of a new document where the signed report printed something else than the records."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import override

from archiveportal.word.report import Note
from reports.ledger.derivations import PRINTED_ONLY
from reports.ledger.entries import Entry, Verdict, load_entries
from reports.ledger.printed import PrintedReport, printed_reports
from reports.models import Discrepancy, Subject
from reports.subjects import report_of

Parts = list[str | Note]
#: how a note names the class of a discrepancy
LEADS = {
    Discrepancy.Category.FIGURES: "Mâu thuẫn",
    Discrepancy.Category.WORDING: "Sai sót",
    Discrepancy.Category.OPEN: "Cần làm rõ",
}
#: Words of the issued passages that a contradiction is about: its note follows them while they are
#: there. Errors with a corrected wording find themselves (reports/known_errors).
WORDS = {
    "ngày 27 tháng 11 năm 2019": "D19",
    "chưa trang bị hệ thống báo, chữa cháy tự động": "D18",
    "có bố trí đầy đủ Kho lưu trữ": "D26",
    "Đa số UBND phường, xã, thị trấn có quan tâm chỉ đạo": "D27",
    "giai đoạn 1 - Năm 2019": "D28",
    "Phòng Nội vụ Quận 1, 5, quận Phú Nhuận": "D29",
    # Behind the bracket: right after "m²" its number would be read as an exponent.
    "diện tích tối thiểu là 20m²)": "D30",
    "Các đoàn học tập kinh nghiệm công tác VTLT tại Sở Thông tin và Truyền thông": "E20",
    "còn thấp so với chỉ tiêu đề ra": "E21",
}


class Notes:
    """The footnotes of one document by the code of their figure; none for what no report printed.

    `findings` are the notes on discrepancies by code.
    """

    def __init__(
        self,
        entries: Sequence[Entry] = (),
        findings: dict[str, str] | None = None,
        printed: PrintedReport | None = None,
    ) -> None:
        self.entries = {entry.code: entry for entry in entries}
        self.findings = findings or {}
        self.printed = printed

    def of(self, *codes: str) -> list[Note]:
        """Return the notes of these figures, of those that need one."""
        return [Note(text) for code in codes if (text := self.text(code))]

    def text(self, code: str) -> str:
        entry = self.entries.get(code)
        if entry is None:
            return ""
        printed = f"Báo cáo số {entry.figure.report}/BC-SNV in “{entry.figure.printed}” ({entry.figure.label})"
        if code in PRINTED_ONLY:
            return f"{printed}; số liệu này chỉ có trong báo cáo, không có hồ sơ để đối chiếu."
        if entry.now.display == entry.figure.printed and entry.verdict != Verdict.LABEL_DOES_NOT_FIT:
            return ""
        if entry.is_changed:
            change = f"; số liệu của báo cáo là {entry.reported.display}, hồ sơ hiện nay là {entry.now.display}"
        elif entry.verdict == Verdict.LABEL_DOES_NOT_FIT:
            change = "; con số khớp với hồ sơ, lời ghi kèm theo không khớp"
        else:
            change = f"; hồ sơ cho kết quả {entry.now.display}"
        return f"{printed}{change}.{self._because(entry)}"

    def _because(self, entry: Entry) -> str:
        codes = [] if entry.is_changed else entry.discrepancies
        if entry.explained_by:
            codes = [entry.explained_by]
        known = [code for code in codes if code in self.findings]
        return "".join(f" {self.findings[code]}" for code in known)

    def on_report(self) -> list[Note]:
        """Name the signed report that the document is compared with."""
        return [Note(f"Đối chiếu với {self.printed.in_words}.")] if self.printed else []

    def on_appendix(self) -> list[Note]:
        """Quote what the signed report has over and under its table, with what does not fit there."""
        if not (self.printed and self.printed.appendix):
            return []
        return [Note(f"Báo cáo đã ký ghi: “{self.printed.appendix}”."), *self.discrepancy("D01", "D02", "D14")]

    def discrepancy(self, *codes: str) -> list[Note]:
        """Notes on contradictions that are about words and not about a figure."""
        return [Note(self.findings[code]) for code in codes if code in self.findings]

    def placed(self, lines: Sequence[str], *codes: str) -> list[Parts]:
        """Return the lines of a passage with their notes, each after the words that it is about.

        People may write other words. Then nothing is said of a contradiction in words that are gone; a figure that
        the signed report printed (`codes`) keeps its note, at the end.
        """
        placed: list[Parts] = [[line] for line in lines]
        for words, code in WORDS.items():
            for note in self.discrepancy(code):
                _put(placed, words, note)
        for code in codes:
            for note in self.of(code):
                if not _put(placed, self.entries[code].figure.printed, note):
                    placed[-1].append(note)
        return placed


def _put(lines: list[Parts], words: str, note: Note) -> bool:
    """Put a note after the first occurrence of the words; return whether there is one."""
    for parts in lines:
        for place, part in enumerate(parts):
            if isinstance(part, str) and words in part:
                before, after = part.split(words, 1)
                parts[place : place + 1] = [before + words, note, *([after] if after else [])]
                return True
    return False


def notes_on(subject: Subject) -> Notes:
    """Return the notes of the two reports whose printed figures are recorded; others have none."""
    report = report_of(subject).printed_report
    if not report:
        return Notes()
    with override("vi"):
        entries = [entry for entry in load_entries() if entry.figure.report == report]
    findings = {row.code: _finding(row) for row in Discrepancy.objects.standing()}
    return Notes(entries, findings, printed_reports()[report])


def _finding(row: Discrepancy) -> str:
    """Return the text of a note on a discrepancy: "Mâu thuẫn E01: Bằng 1.302/3.995 ..."."""
    text = row.finding.strip()
    end = "" if text.endswith((".", "!", "?", "”")) else "."
    return f"{LEADS[Discrepancy.Category(row.category)]} {row.code}: {text}{end}"
