"""The parts of decisions: who decides, articles, and the line before them (NĐ 30/2020/NĐ-CP, Phụ lục III)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from archiveportal.word.writer import _run

#: a longer line does not fit beside the name of the State
LONGEST_LINE = 24
KINDS_OF_OFFICES = ("CHI CỤC", "TRUNG TÂM", "PHÒNG", "SỞ")


@dataclass(frozen=True)
class Authority:
    """A line in the middle, bold: "CHI CỤC TRƯỞNG CHI CỤC VĂN THƯ - LƯU TRỮ", "QUYẾT ĐỊNH:"."""

    text: str
    kind: str = "authority"

    def write(self, document) -> None:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(6)
        paragraph.paragraph_format.keep_with_next = True
        _run(paragraph, self.text, size=14, is_bold=True)


@dataclass(frozen=True)
class Article:
    """A paragraph whose beginning is bold: "Điều 1." before its words."""

    label: str
    text: str
    stays_with_next: bool = False
    kind: str = "article"

    def write(self, document) -> None:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.first_line_indent = Cm(1)
        if self.stays_with_next:
            paragraph.paragraph_format.keep_with_next = True
        _run(paragraph, self.label, is_bold=True)
        _run(paragraph, f" {self.text}")


def fitting_lines(lines: Sequence[str]) -> list[str]:
    """Break a long name of a sub-department behind the word for its kind: else its last word has a line of its own."""
    fitting = []
    for line in lines:
        kind = next((kind for kind in KINDS_OF_OFFICES if line.startswith(f"{kind} ")), "")
        fitting.append(f"{kind}\n{line[len(kind) + 1 :]}" if kind and len(line) > LONGEST_LINE else line)
    return fitting
