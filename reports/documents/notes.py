"""Where a signed report printed something else than the records give, the new document says so in a footnote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import override

from archiveportal.word_report import Note
from criteria.inspections.baseline import ROUND_CODE
from criteria.inspections.models import Round
from reports.figures import PRINTED_ONLY
from reports.ledger.entries import Entry, Verdict, load_entries
from reports.models import Discrepancy
from training.baseline import SCHEME_CODE
from training.models import Scheme

Parts = list[str | Note]


class Notes:
    """The footnotes of one document by the code of their figure; none for what no report printed."""

    def __init__(self, entries: Sequence[Entry] = (), findings: dict[str, str] | None = None) -> None:
        self.entries = {entry.code: entry for entry in entries}
        self.findings = findings or {}

    def of(self, *codes: str) -> list[Note]:
        """The notes of these figures, of those that need one."""
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
        codes = [entry.explained_by] if entry.explained_by else [] if entry.is_changed else entry.discrepancies
        return "".join(f" Mâu thuẫn {code}: {self.finding(code)}" for code in codes if code in self.findings)

    def finding(self, code: str) -> str:
        text = self.findings[code].strip()
        return text if text.endswith((".", "!", "?", "”")) else f"{text}."

    def discrepancy(self, *codes: str) -> list[Note]:
        """Notes on contradictions that are about words and not about a figure."""
        return [Note(f"Mâu thuẫn {code}: {self.finding(code)}") for code in codes if code in self.findings]


def notes_on(subject: Round | Scheme) -> Notes:
    """Of the two reports whose printed figures are recorded; other rounds and schemes have none."""
    report = printed_report(subject)
    if not report:
        return Notes()
    with override("vi"):
        entries = [entry for entry in load_entries() if entry.figure.report == report]
    return Notes(entries, dict(Discrepancy.objects.values_list("code", "finding")))


def printed_report(subject: Any) -> str:
    if not subject.is_baseline:
        return ""
    if isinstance(subject, Round):
        return "5355" if subject.code == ROUND_CODE else ""
    return "2710" if subject.code == SCHEME_CODE else ""
