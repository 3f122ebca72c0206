"""ZIP files of papers: the kept files of one inspection, and all papers with all result sheets of a round."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils import timezone

from archiveportal.files.checking import FileNotAsKept, read_as_kept
from archiveportal.files.models import StoredFile
from archiveportal.files.services import clean_name
from archiveportal.word.report import Cell, WideTable
from archiveportal.word.writer import Block, Text, Title, word_file
from criteria.inspections.models import Enrolment, Evidence, Finding, Minutes, OfficialPaper, RoundDocument
from criteria.inspections.papers.official.blocks import IssuedAs, word_of, words_of
from criteria.inspections.papers.official.reading import subjects_of
from criteria.inspections.papers.official.words import day_in_cell

LIST_NAME = "00-muc-luc.docx"


@dataclass(frozen=True)
class Kept:
    """A kept file of an inspection, as its list of contents names it."""

    title: str
    number: str
    day: str
    file: StoredFile

    @property
    def name(self) -> str:
        return self.file.name


def kept_files(enrolment: Enrolment, papers: Iterable[OfficialPaper]) -> list[Kept]:
    """Return the kept files of one inspection in the order of its papers; `papers` are those that the reader sees.

    The signed copy of a paper is taken before the file with its number, and that before the copy to sign.
    """
    found = [*_of_round(enrolment)]
    for paper in papers:
        file = next((each for each in (paper.signed, paper.numbered, paper.to_sign) if each), None)
        if file is not None:
            found.append(Kept(str(paper.get_kind_display()), paper.number, day_in_cell(paper.issued_on), file))
    found += [*_of_minutes(enrolment), *_of_evidence(enrolment), *_of_replies(enrolment)]
    return [each for each in found if not each.file.withdrawn]


def _of_round(enrolment: Enrolment) -> Iterator[Kept]:
    rows = RoundDocument.objects.filter(round=enrolment.round_id, voided_at=None).exclude(file=None)
    for row in rows.select_related("file__withdrawal").order_by("issued_on", "pk"):
        if row.file:
            yield Kept(row.title or str(row.get_kind_display()), row.number, day_in_cell(row.issued_on), row.file)


def _of_minutes(enrolment: Enrolment) -> Iterator[Kept]:
    rows = Minutes.objects.filter(inspection__enrolment=enrolment, signed_at__isnull=False)
    for minutes in rows.prefetch_related("scans__file__withdrawal").order_by("sequence"):
        for scan in minutes.scans.all():
            yield Kept("Biên bản kiểm tra đã ký", minutes.code, day_in_cell(minutes.signed_on), scan.file)


def _of_evidence(enrolment: Enrolment) -> Iterator[Kept]:
    rows = Evidence.objects.filter(inspection__enrolment=enrolment, voided_at=None).exclude(file=None)
    for row in rows.select_related("file__withdrawal", "criterion").order_by("criterion__position", "pk"):
        if row.file:
            yield Kept(f"Tài liệu minh chứng: {row.criterion}", "", "", row.file)


def _of_replies(enrolment: Enrolment) -> Iterator[Kept]:
    rows = Finding.objects.filter(inspection__enrolment=enrolment, published_at__isnull=False)
    for finding in rows.prefetch_related("replies__files__withdrawal").order_by("pk"):
        for reply in finding.replies.all():
            for file in reply.files.all():
                yield Kept("Tài liệu khắc phục kiến nghị", "", "", file)


def write_archive(enrolment: Enrolment, files: list[Kept], into: BinaryIO) -> None:
    """Write the ZIP of one inspection: its list of contents, and its files by number."""
    lost = []
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, each in enumerate(files, 1):
            try:
                archive.writestr(f"{place:02d}-{clean_name(each.name)}", read_as_kept(each.file))
            except FileNotAsKept:
                lost.append(place)
        archive.writestr(LIST_NAME, list_of_contents(enrolment, files, lost))


def list_of_contents(enrolment: Enrolment, files: list[Kept], lost: Iterable[int] = ()) -> bytes:
    """Write “Mục lục hồ sơ” of one inspection; files that are not as they were kept are named."""
    rows = [[str(place), each.title, each.number, each.day, each.name] for place, each in enumerate(files, 1)]
    headings = ["TT", "Tên văn bản, tài liệu", "Số, ký hiệu", "Ngày", "Tên tệp"]
    head = [[Cell(heading, is_bold=True) for heading in headings]]
    missing = ", ".join(map(str, lost))
    blocks: list[Block] = [
        Title("MỤC LỤC HỒ SƠ", f"Kiểm tra tại {enrolment.ward.body} - {enrolment.round.name}"),
        WideTable([1.2, 5.6, 3.3, 2.4, 4.0], head, rows, size=12, left={1, 4}),
        *([Text(f"Tệp không còn nguyên như khi lưu: số {missing}.", is_italic=True)] if missing else []),
    ]
    return word_file(blocks, title="Mục lục hồ sơ kiểm tra", made_at=timezone.now())


def papers_of_round(papers: list[OfficialPaper]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the papers of one round, in a fixed number of queries for all of them.

    An issued paper bears its number; a draft is marked as one.
    """
    if not papers:
        return
    made_at = timezone.now()
    for place, (paper, subject) in enumerate(zip(papers, subjects_of(papers[0].round, papers), strict=True), 1):
        words = words_of(subject, paper)
        form = IssuedAs(paper.number, paper.issued_on, is_draft=paper.is_draft)
        yield f"van-ban/{place:03d}-{paper.kind}.docx", word_of(subject, words, form, made_at=made_at)


def write_zip(files: Iterable[tuple[str, bytes]], into: BinaryIO) -> None:
    """Write a ZIP of files. Word files are compressed already."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(name, content)
