"""The words of a paper as blocks of a Word file, in the form of NĐ 30/2020/NĐ-CP, Phụ lục I."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from archiveportal.office.kinds import PaperKind
from archiveportal.scope import Viewer
from archiveportal.vietnamese import document_date_in_words
from archiveportal.word.official import Article, Authority, fitting_lines
from archiveportal.word.report import Addressee, AppendixHead, Cell, End, NewSection, Receivers, ShortRule, WideTable
from archiveportal.word.writer import Block, Head, Heading, Signature, Signatures, Text, Title, word_file
from criteria.inspections.models import OfficialPaper
from criteria.inspections.papers.official import words_decisions, words_plans, words_results
from criteria.inspections.papers.official.reading import PaperSubject, subjects_of
from criteria.inspections.papers.official.words import DOTS, PaperHead, PaperTable, PaperWords, head_of_paper
from criteria.inspections.papers.official.words_results import TABLE_HERE

WRITERS: dict[PaperKind, Callable[[PaperSubject], PaperWords]] = {
    PaperKind.PLAN: words_plans.inspection_plan,
    PaperKind.DECISION: words_decisions.inspection,
    PaperKind.CONDUCT_PLAN: words_plans.conduct_plan,
    PaperKind.VISIT_NOTICE: words_plans.visit_notice,
    PaperKind.ANNOUNCEMENT: words_plans.announcement,
    PaperKind.RESULT_REPORT: words_results.result_report,
    PaperKind.REMEDY_LETTER: words_results.remedy_letter,
    PaperKind.EXTENSION: words_decisions.extension,
    PaperKind.PAUSE: words_decisions.pause,
    PaperKind.STOP: words_decisions.stop,
    PaperKind.TEAM_CHANGE: words_decisions.team_change,
}
#: names of papers within a sentence
NAMES = {"QUYẾT ĐỊNH": "Quyết định", "KẾ HOẠCH": "Kế hoạch", "BÁO CÁO": "Báo cáo"}
DRAFT_MARK = "DỰ THẢO"
_ARTICLE = re.compile(r"(Điều \d+\.)\s+(.*)", re.DOTALL)
_PART = re.compile(r"[IVX]+\. \S.*")
#: letters are smaller in a long table
SIZE = 12


@dataclass(frozen=True)
class IssuedAs:
    """Number and day that a paper bears; what is blank is written by hand."""

    number: str = ""
    issued_on: datetime.date | None = None
    is_draft: bool = False


def words_of(subject: PaperSubject, paper: OfficialPaper | None = None) -> PaperWords:
    """Return the words of a draft: those of the records, with what people wrote in their place."""
    words = replace(WRITERS[subject.kind](subject), head=head_of_paper(subject))
    return words.with_own(paper.own_words) if paper is not None else words


def words_of_papers(papers: Sequence[OfficialPaper], viewer: Viewer) -> list[PaperWords]:
    """Return the words of papers of one round, in a fixed number of queries for all of them.

    From the copy to sign on they are those of that copy, whatever becomes of the records.
    """
    drafts = [paper for paper in papers if not paper.content]
    subjects = iter(subjects_of(drafts, viewer))
    return [
        PaperWords.of_stored(paper.content) if paper.content else words_of(next(subjects), paper) for paper in papers
    ]


def blocks_of(words: PaperWords, form: IssuedAs) -> list[Block]:
    assert words.head is not None, "given by words_of"
    return [
        *_mark(words.head, form),
        *_beginning(words, words.head, form),
        *(Text(ground, is_italic=True) for ground in words.grounds),
        *([Authority("QUYẾT ĐỊNH:")] if words.authority else []),
        *_body(words),
        *_end(words),
        *_annex(words, words.head, form),
    ]


def word_of(words: PaperWords, form: IssuedAs, *, made_at: datetime.datetime) -> bytes:
    """Write the Word file of a paper."""
    name = " ".join(filter(None, [words.title.capitalize(), words.subject]))
    return word_file(blocks_of(words, form), title=name, made_at=made_at)


def _mark(head: PaperHead, form: IssuedAs) -> list[Block]:
    """Say first that a paper is a draft, or of a rehearsal."""
    marks = " - ".join(filter(None, [head.mark, DRAFT_MARK if form.is_draft else ""]))
    return [Text(marks, is_bold=True)] if marks else []


def _beginning(words: PaperWords, head: PaperHead, form: IssuedAs) -> Iterator[Block]:
    agency, number = fitting_lines(head.agency), f"Số: {form.number or head.open_number}"
    place = f"{head.place}, {_day(form)}"
    if not words.title:
        yield Head(agency, number, place, subject=words.subject)
        yield Text("")
        yield Addressee(words.addressee)
        return
    yield Head(agency, number, place)
    yield Title(words.title, words.subject)
    yield ShortRule()
    if words.addressee:
        yield Addressee(words.addressee)
    if words.authority:
        yield Authority(words.authority)


def _day(form: IssuedAs) -> str:
    return document_date_in_words(form.issued_on) if form.issued_on else "ngày … tháng … năm ……"


def _body(words: PaperWords) -> Iterator[Block]:
    for line in words.body:
        if line == TABLE_HERE:
            yield from _table(words.table)
        elif article := _ARTICLE.fullmatch(line):
            yield Article(article[1], article[2], stays_with_next=line == words.body[-1])
        elif _PART.fullmatch(line) and line.upper() == line:
            yield Heading(line)
        else:
            # A long row of dots goes to the next line whole, and would leave the line before it stretched.
            align = "left" if DOTS * 2 in line else "full"
            yield Text(line, align=align, stays_with_next=line == words.body[-1])


def _end(words: PaperWords) -> Iterator[Block]:
    if words.signatures:
        own = [("\n".join(words.titles), words.name)] if words.titles else []
        yield Signatures([Signature(title, name=name) for title, name in [*words.signatures, *own]])
        if words.receivers:
            yield Receivers(words.receivers)
    elif words.titles:
        yield End(words.receivers, words.titles, words.name)


def _annex(words: PaperWords, head: PaperHead, form: IssuedAs) -> Iterator[Block]:
    if words.annex is None:
        return
    number = form.number or head.open_number
    name = NAMES.get(words.title, "Văn bản")
    yield NewSection(is_landscape=False)
    yield AppendixHead(words.annex.title, [f"(Kèm theo {name} số {number} {_day(form)} của {head.issuer})"])
    yield from _table(words.annex)


def _table(table: PaperTable | None) -> Iterator[Block]:
    if table is not None and table.rows:
        head = [[Cell(heading, is_bold=True) for heading in table.headings]]
        yield WideTable(table.widths, head, table.rows, size=SIZE, left=table.left)
