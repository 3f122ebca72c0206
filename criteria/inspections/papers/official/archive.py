"""ZIP files of papers: the kept files of one inspection, and all papers with all result sheets of a round."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import override

from archiveportal.accounts.models import User
from archiveportal.files.checking import FileNotAsKept, read_as_kept
from archiveportal.files.models import StoredFile
from archiveportal.files.services import clean_name
from archiveportal.office.kinds import PaperKind
from archiveportal.scope import Viewer
from archiveportal.word.report import Cell, WideTable
from archiveportal.word.writer import Block, Text, Title, slug_of, word_file
from criteria.inspections.models import (
    Enrolment,
    Evidence,
    Finding,
    Minutes,
    OfficialPaper,
    PlanApproval,
    Question,
    Round,
    RoundDocument,
    Scan,
    SelfEvidence,
    SelfPaper,
)
from criteria.inspections.papers.official.blocks import IssuedAs, word_of, words_of_papers
from criteria.inspections.papers.official.words import day_in_cell
from criteria.inspections.papers.result_sheet import word_of_sheet
from criteria.inspections.queries.plan_approvals import inspection_lacks_approval
from criteria.inspections.queries.result_sheet import sheets_of

LIST_NAME = "00-muc-luc.docx"
#: how papers are called as files, by their kind: without marks, as programs of any age unpack them
FILE_NAMES: dict[PaperKind, str] = {
    PaperKind.ROUND_REPORT: "bao-cao-dot-kiem-tra",
    PaperKind.SCHEME_REPORT: "bao-cao-de-an-dao-tao",
    PaperKind.ROUND_LETTER: "cong-van-mo-dot",
    PaperKind.PLAN: "ke-hoach-kiem-tra",
    PaperKind.DECISION: "quyet-dinh-kiem-tra",
    PaperKind.CONDUCT_PLAN: "ke-hoach-tien-hanh-kiem-tra",
    PaperKind.VISIT_NOTICE: "thong-bao-lich-kiem-tra",
    PaperKind.ANNOUNCEMENT: "bien-ban-cong-bo-quyet-dinh",
    PaperKind.MINUTES: "bien-ban-kiem-tra",
    PaperKind.RESULT_REPORT: "bao-cao-ket-qua-kiem-tra",
    PaperKind.REMEDY_LETTER: "van-ban-yeu-cau-chan-chinh",
    PaperKind.EXTENSION: "quyet-dinh-gia-han",
    PaperKind.PAUSE: "quyet-dinh-tam-dung",
    PaperKind.STOP: "quyet-dinh-dinh-chi",
    PaperKind.TEAM_CHANGE: "quyet-dinh-thay-doi-doan",
}
#: units whose results are read at once
UNITS_AT_ONCE = 500
#: units of a decision that the list of contents names
NAMED = 3


@dataclass(frozen=True)
class Kept:
    """A kept file of an inspection, as its list of contents names it."""

    title: str
    number: str
    day: str
    file: StoredFile
    #: how the archive calls the file, without its ending; blank where it keeps its own name
    called: str = ""

    @property
    def name(self) -> str:
        return self.file.name

    def name_in_archive(self, place: int) -> str:
        name = clean_name(self.name)
        return f"{place:02d}-{self.called}{PurePath(name).suffix.lower()}" if self.called else f"{place:02d}-{name}"


def kept_files(enrolment: Enrolment, papers: Iterable[OfficialPaper], viewer: Viewer) -> list[Kept]:
    """Return the kept files of one inspection in the order of its papers; `papers` are those that the viewer sees.

    The signed copy of a paper is taken before the file with its number, and that before the copy to sign.
    """
    found = [*_of_round(enrolment, viewer)]
    for paper in papers:
        file = next((each for each in (paper.signed, paper.numbered, paper.to_sign) if each), None)
        if file is not None:
            called, day = FILE_NAMES[paper.paper_kind], day_in_cell(paper.issued_on)
            found.append(Kept(str(paper.get_kind_display()), paper.number, day, file, called=called))
    for of_kind in (_of_minutes, _of_evidence, _of_self_assessment, _of_questions, _of_replies):
        found += of_kind(enrolment, viewer)
    # Evidence that was taken over has the file of the unit: it is in the file once.
    once = {each.file.pk: each for each in reversed(found)}
    return [each for each in found if once[each.file.pk] is each and not each.file.withdrawn]


def minutes_without_scan(enrolment: Enrolment, viewer: Viewer) -> list[Minutes]:
    """Return signed minutes whose signed copy nobody attached: the file of the inspection lacks it."""
    scans = Scan.objects.filter(replaced_at=None, file__withdrawal=None)
    rows = Minutes.objects.visible_to(viewer).filter(inspection__enrolment=enrolment, signed_at__isnull=False)
    return list(rows.exclude(pk__in=scans.values("minutes")).order_by("sequence"))


def _of_round(enrolment: Enrolment, viewer: Viewer) -> Iterator[Kept]:
    rows = RoundDocument.objects.visible_to(viewer).filter(round=enrolment.round_id, voided_at=None)
    for row in rows.exclude(file=None).select_related("file__withdrawal").order_by("issued_on", "pk"):
        if row.file:
            yield Kept(row.title or str(row.get_kind_display()), row.number, day_in_cell(row.issued_on), row.file)
    approvals = PlanApproval.objects.visible_to(viewer).standing().filter(round=enrolment.round_id)
    for approval in approvals.exclude(file=None).select_related("file__withdrawal"):
        if approval.file:
            day, called = day_in_cell(approval.issued_on), "phe-duyet-ke-hoach"
            yield Kept("Phê duyệt kế hoạch kiểm tra", approval.number, day, approval.file, called=called)


def _of_minutes(enrolment: Enrolment, viewer: Viewer) -> Iterator[Kept]:
    rows = Minutes.objects.visible_to(viewer).filter(inspection__enrolment=enrolment, signed_at__isnull=False)
    # A scan that was replaced may be the paper of another unit.
    scans = Scan.objects.visible_to(viewer).filter(replaced_at=None).select_related("file__withdrawal")
    for minutes in rows.prefetch_related(Prefetch("scans", scans)).order_by("sequence"):
        for scan in minutes.scans.all():
            called = FILE_NAMES[PaperKind.MINUTES]
            day = day_in_cell(minutes.signed_on)
            yield Kept("Biên bản kiểm tra đã ký", minutes.code, day, scan.file, called=called)


def _of_evidence(enrolment: Enrolment, viewer: Viewer) -> Iterator[Kept]:
    rows = Evidence.objects.visible_to(viewer).filter(inspection__enrolment=enrolment, voided_at=None)
    rows = rows.exclude(file=None).select_related("file__withdrawal", "criterion")
    for row in rows.order_by("criterion__position", "pk"):
        if row.file:
            yield Kept(f"Tài liệu minh chứng: {row.criterion.printed_name}", "", "", row.file)


def _of_self_assessment(enrolment: Enrolment, viewer: Viewer) -> Iterator[Kept]:
    papers = SelfPaper.objects.visible_to(viewer).filter(assessment__enrolment=enrolment, ended_at=None)
    for paper in papers.select_related("file__withdrawal"):
        day = day_in_cell(paper.signed_on)
        yield Kept("Bản tự kiểm tra đã ký", "", day, paper.file, called="ban-tu-kiem-tra")
    rows = SelfEvidence.objects.visible_to(viewer).filter(assessment__enrolment=enrolment, file__isnull=False)
    rows = rows.filter(voided_at=None, replaced_at=None).select_related("file__withdrawal", "criterion")
    for row in rows.order_by("criterion__position", "pk"):
        if row.file:
            title = f"Minh chứng của bản tự kiểm tra: {row.criterion.printed_name}"
            yield Kept(title, row.number, day_in_cell(row.issued_on), row.file)


def _of_questions(enrolment: Enrolment, viewer: Viewer) -> Iterator[Kept]:
    questions = Question.objects.visible_to(viewer).filter(inspection__enrolment=enrolment).select_related("criterion")
    for question in questions.prefetch_related("messages__files__withdrawal").order_by("criterion__position", "pk"):
        for message in question.messages.all():
            side = "trả lời của đơn vị" if message.is_of_unit else "câu hỏi của Đoàn kiểm tra"
            day = day_in_cell(timezone.localdate(message.written_at))
            yield from (
                Kept(f"Hỏi đáp, {side}: {question.criterion.printed_name}", "", day, file)
                for file in message.files.all()
            )


def _of_replies(enrolment: Enrolment, viewer: Viewer) -> Iterator[Kept]:
    rows = Finding.objects.visible_to(viewer).filter(inspection__enrolment=enrolment, published_at__isnull=False)
    for finding in rows.prefetch_related("replies__files__withdrawal").order_by("pk"):
        for reply in finding.replies.all():
            for file in reply.files.all():
                yield Kept("Tài liệu khắc phục kiến nghị", "", "", file)


@dataclass(frozen=True)
class NotInFile:
    """What the file of an inspection lacks, as its list of contents says it."""

    without_scan: Sequence[Minutes] = ()
    approval: bool = False

    def sentences(self, lost: Sequence[int]) -> Iterator[str]:
        """Yield what is missing; `lost` are the places of files that are not as they were kept."""
        if self.approval:
            yield "Chưa ghi nhận văn bản phê duyệt kế hoạch kiểm tra."
        if self.without_scan:
            yield f"Chưa có bản chụp biên bản đã ký: mã {', '.join(each.code for each in self.without_scan)}."
        if lost:
            yield f"Tệp không còn nguyên như khi lưu: số {', '.join(map(str, lost))}."


def missing_from(enrolment: Enrolment, viewer: Viewer) -> NotInFile:
    """Return what the file of an inspection lacks."""
    return NotInFile(minutes_without_scan(enrolment, viewer), inspection_lacks_approval(enrolment))


def files_of_archive(enrolment: Enrolment, files: Sequence[Kept], missing: NotInFile) -> Iterator[tuple[str, bytes]]:
    """Yield name and content for the ZIP of one inspection: its files by number, then its list of contents.

    They are read one by one. A checklist and a self-assessment have up to 200 files of 15 MB each, so
    that the whole can have 6 GB.
    """
    lost = []
    for place, each in enumerate(files, 1):
        try:
            yield each.name_in_archive(place), read_as_kept(each.file)
        except FileNotAsKept:
            lost.append(place)
    yield LIST_NAME, list_of_contents(enrolment, files, missing, lost=lost)


def list_of_contents(
    enrolment: Enrolment, files: Sequence[Kept], missing: NotInFile, *, lost: Sequence[int] = ()
) -> bytes:
    """Write “Mục lục hồ sơ” of one inspection, with what it lacks and which files are not as they were kept."""
    rows = [
        [str(place), each.title, each.number, each.day, each.name_in_archive(place)]
        for place, each in enumerate(files, 1)
    ]
    blocks: list[Block] = [
        Title("MỤC LỤC HỒ SƠ", f"Kiểm tra tại {enrolment.ward.body} - {enrolment.round.name}"),
        _table_of_contents(rows),
        *(Text(sentence, is_italic=True) for sentence in missing.sentences(lost)),
    ]
    # Made while it is sent: the language of the request is not in force any more.
    with override("vi"):
        return word_file(blocks, title="Mục lục hồ sơ kiểm tra", made_at=timezone.now())


def _title_of(paper: OfficialPaper) -> str:
    """Return the kind of a paper with the unit, else the units of the decision, that it is about."""
    kind = capfirst(paper.get_kind_display())
    if paper.enrolment is not None:
        return f"{kind}: {paper.enrolment.ward.title}"
    if paper.decision is None:
        return kind
    names = [unit.enrolment.ward.title for unit in paper.decision.units.all()]
    more = f" và {len(names) - NAMED} đơn vị khác" if len(names) > NAMED else ""
    return f"{kind}: {', '.join(names[:NAMED])}{more}"


def _table_of_contents(rows: list[list[str]]) -> WideTable:
    headings = ["TT", "Tên văn bản, tài liệu", "Số, ký hiệu", "Ngày", "Tên tệp"]
    head = [[Cell(heading, is_bold=True) for heading in headings]]
    return WideTable([1.1, 6.4, 3.0, 2.0, 4.0], head, rows, size=11, left={1, 4})


def papers_of_round(papers: list[OfficialPaper], viewer: Viewer) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the papers of one round. An issued one bears its number; a draft is marked."""
    made_at = timezone.now()
    for place, (paper, words) in enumerate(zip(papers, words_of_papers(papers, viewer), strict=True), 1):
        form = IssuedAs(paper.number, paper.issued_on, is_draft=paper.is_draft)
        yield name_of_paper(place, paper), word_of(words, form, made_at=made_at)


def name_of_paper(place: int, paper: OfficialPaper) -> str:
    """Return the name of a paper in the archive of its round."""
    return f"van-ban/{place:03d}-{FILE_NAMES[paper.paper_kind]}.docx"


def sheets_of_round(units: Sequence[Enrolment], user: User) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the result sheets of units of one round. To be called with Vietnamese."""
    for first in range(0, len(units), UNITS_AT_ONCE):
        for place, sheet in enumerate(sheets_of(units[first : first + UNITS_AT_ONCE], user), first + 1):
            yield name_of_result(place, sheet.enrolment), word_of_sheet(sheet)


def name_of_result(place: int, enrolment: Enrolment) -> str:
    """Return the name of a result sheet in the archive of its round."""
    return f"phieu-ket-qua/{place:03d}-{slug_of(enrolment.ward.title)}.docx"


def contents_of_round(inspection_round: Round, papers: list[OfficialPaper], units: Sequence[Enrolment]) -> bytes:
    """Write “Mục lục” of the papers and result sheets of a round."""
    rows = [
        [_title_of(paper), paper.number, day_in_cell(paper.issued_on), name_of_paper(place, paper)]
        for place, paper in enumerate(papers, 1)
    ]
    rows += [
        [f"Phiếu kết quả: {each.ward.title}", "", "", name_of_result(place, each)]
        for place, each in enumerate(units, 1)
    ]
    numbered = [[str(place), *row] for place, row in enumerate(rows, 1)]
    blocks: list[Block] = [Title("MỤC LỤC VĂN BẢN", inspection_round.name), _table_of_contents(numbered)]
    return word_file(blocks, title="Mục lục văn bản của đợt", made_at=timezone.now())


def write_zip(files: Iterable[tuple[str, bytes]], into: IO[bytes]) -> None:
    """Write a ZIP of files. Word files are compressed already."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(name, content)
