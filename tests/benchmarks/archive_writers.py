"""Two ways to write all papers of a round, each in a process of its own: `... archive_writers WAY FILE`."""

from __future__ import annotations

import datetime
import io
import os
import pickle
import sys
import zipfile
from pathlib import Path
from typing import Any

import django
import docx
from docx.oxml.ns import qn
from docx.table import Table

from tests.benchmarks.measure import report_cost
from tests.benchmarks.papers import DECISIONS

#: a paragraph, or the rows of a table
Part = str | list[list[str]]


def ours(path: Path) -> None:
    """The job: queries, words, documents, list of contents, archive, kept file."""
    from archiveportal.accounts.models import User
    from archiveportal.jobs.services import run_at_once
    from criteria.inspections.models import Round
    from criteria.inspections.papers.official.ordering import order_papers

    found = Round.objects.get(is_simulated=True)
    job = run_at_once(order_papers(inspection_round=found, by=User.objects.get(username="bench")))
    assert job.status == "done", job.message
    job.result_file.delete(save=False)


def floor(path: Path) -> None:
    """Bare python-docx: paragraphs and cells from lists, no style, no head, no query."""
    documents: dict[str, list[Part]] = pickle.loads(path.with_suffix(".pickle").read_bytes())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, parts in documents.items():
            archive.writestr(name, _plain(parts))


def _plain(parts: list[Part]) -> bytes:
    document, made = docx.Document(), io.BytesIO()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        table = document.add_table(rows=len(part), cols=len(part[0]))
        for row, values in zip(table.rows, part, strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                cell.text = value
    document.save(made)
    return made.getvalue()


def dump(path: Path) -> None:
    """Make decisions with all their papers, and keep the texts of the archive for the floor."""
    from archiveportal.jobs.services import run_at_once
    from criteria.inspections.models import Round
    from criteria.inspections.papers.official.ordering import order_papers
    from tests.support.factories import make_user

    found = Round.objects.get(is_simulated=True)
    by = make_user("approver", username="bench")
    Round.objects.filter(pk=found.pk).update(kind="specialised")
    found.refresh_from_db()
    _decide(found, by)
    job = run_at_once(order_papers(inspection_round=found, by=by))
    assert job.status == "done", job.message
    with zipfile.ZipFile(job.result_file.open("rb")) as archive:
        texts = {name: _texts(archive.read(name)) for name in archive.namelist()}
    job.result_file.delete(save=False)
    path.with_suffix(".pickle").write_bytes(pickle.dumps(texts))


def _decide(inspection_round: Any, by: Any) -> None:
    """Make decisions on one unit each, with every kind of paper."""
    from archiveportal.office.kinds import PaperKind
    from criteria.inspections.models import Decision, DecisionUnit, Team, TeamMember
    from criteria.inspections.models.official_papers import OF_DECISION
    from criteria.inspections.queries.official_papers import OF_ONE_UNIT
    from criteria.inspections.services.official_papers import About, draft_paper

    team = Team.objects.create(round=inspection_round, name="Đoàn kiểm tra số 1")
    for order, part in enumerate(("head", "member", "secretary")):
        TeamMember.objects.create(team=team, part=part, full_name=f"Thành viên {order}", order=order)
    for place, unit in enumerate(inspection_round.enrolments.order_by("position")[:DECISIONS], 1):
        decision = Decision.objects.create(
            round=inspection_round,
            team=team,
            title="Về việc kiểm tra công tác văn thư, lưu trữ",
            ground="directed",
            grounds="Văn bản số 9/UBND ngày 01 tháng 02 năm 2026",
            contents="Việc lập hồ sơ\nKho lưu trữ",
            number=f"{place}/QĐ-CCVTLT",
            issued_on=datetime.date(2026, 3, 2),
            signer_name="Lê Minh Đức",
        )
        DecisionUnit.objects.create(decision=decision, enrolment=unit)
        for kind in (*OF_DECISION, *OF_ONE_UNIT):
            of_unit = unit if kind in OF_ONE_UNIT else None
            draft_paper(about=About(PaperKind(kind), inspection_round, decision, of_unit), by=by)


def _texts(content: bytes) -> list[Part]:
    document = docx.Document(io.BytesIO(content))
    parts: list[Part] = []
    for element in document.element.body:
        if element.tag == qn("w:p"):
            parts.append("".join(node.text or "" for node in element.iter(qn("w:t"))))
        elif element.tag == qn("w:tbl"):
            parts.append([[cell.text for cell in row.cells] for row in Table(element, document).rows])
    return parts


WAYS = {way.__name__: way for way in (ours, floor, dump)}


def main(way: str, target: str) -> None:
    os.environ["FILES_DIR"] = str(Path(target).parent / "files")
    django.setup()
    import criteria.inspections.papers.official.ordering  # noqa: F401 (the same modules in memory for each way)

    report_cost(lambda: WAYS[way](Path(target)))


if __name__ == "__main__":
    main(*sys.argv[1:])
