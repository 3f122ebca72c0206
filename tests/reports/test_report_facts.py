"""All 314 facts of the two reports are in the portal's records and in the noted Word files."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from django.db import models

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.office.kinds import PaperKind
from archiveportal.office.queries import office_on, signing_of
from archiveportal.vietnamese import document_date_in_words, money, money_in_words, number, short_money
from criteria.inspections.models import Enrolment, Round
from criteria.models import Band, CriteriaSet, Criterion
from reports.documents import round_report
from reports.documents.files import report_file
from reports.ledger.printed import printed_reports
from reports.models import Discrepancy, Figure, PassageVersion
from tests.support.papers import footnotes, opened, words
from training.models import Category, Course, Funding, Quota, Scheme, WorkforceCount
from wards.models import District

FACTS = Path(__file__).parent / "report_facts.csv"
NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
#: rows of which every value is read
MODELS = [
    Round, CriteriaSet, Criterion, Band, Scheme, Category, Quota, Course, WorkforceCount, Funding, PassageVersion,
    Figure, Discrepancy, District,
]  # fmt: skip


def listed_facts() -> list[dict[str, str]]:
    """Return the facts. `word` and `record` are what is looked for; `record` is `word` where it is blank."""
    with FACTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def folded(text: str) -> str:
    """Return a text in one case and with single spaces, also where they do not break."""
    return " ".join(text.split()).casefold()


def read_papers() -> dict[str, str]:
    """Return all words of the noted Word files by report: text, rows of tables, footnotes."""
    subjects = {"5355": Round.objects.get(code="gd1-2019"), "2710": Scheme.objects.get(code="02-2014")}
    papers = {code: report_file(user=EVERYTHING, subject=row, made_at=NOON) for code, row in subjects.items()}
    return {code: folded("\n".join(_lines_of(paper))) for code, paper in papers.items()}


def _lines_of(paper: bytes) -> Iterable[str]:
    yield words(paper)
    for table in opened(paper).tables:
        for row in table.rows:
            # A merged cell is there once per column that it goes over.
            yield " | ".join(text for text, _same in groupby(cell.text for cell in row.cells) if text)
    yield from footnotes(paper)


def read_records() -> str:
    """Return all values of the records that come from the reports, and the words of the code."""
    lines = [f"{report.in_words}; {report.appendix}" for report in printed_reports().values()]
    office = office_on()
    lines += [f"{office.working_division} {round_report.INSPECTED}", f"Ủy ban nhân dân {office.area_noun}"]
    for kind in (PaperKind.ROUND_REPORT, PaperKind.SCHEME_REPORT):
        lines += signing_of(kind).receivers_for(round_report.WITH_DISTRICTS)
    for enrolment in Enrolment.objects.filter(is_baseline=True).select_related("ward__district"):
        name = enrolment.ward.full_in_sentence
        lines.append(f"{name}: {number(enrolment.published_score)} | {name}: {enrolment.published_personnel}")
    for model in MODELS:
        rows = model._default_manager.all()
        lines += [" | ".join(map(_said, row._meta.concrete_fields, [row] * 99)) for row in rows]
    amounts = [Round.objects.get(code="gd1-2019").funding, Funding.objects.get().amount]
    lines += [f"{short_money(amount)} {money(amount)} {money_in_words(amount)}" for amount in amounts]
    return folded("\n".join(lines))


def _said(field: models.Field, row: models.Model) -> str:
    value = getattr(row, field.attname)
    return document_date_in_words(value) if isinstance(value, datetime.date) else str(value)


def test_there_are_314_facts():
    facts = listed_facts()
    assert len({fact["id"] for fact in facts}) == len(facts) == 314
    assert all(fact["word"] for fact in facts)


def test_every_fact_is_in_the_noted_word_file_and_in_the_records(baseline):
    papers, records = read_papers(), read_records()
    facts = listed_facts()
    assert [fact["id"] for fact in facts if folded(fact["word"]) not in papers[fact["report"]]] == []
    assert [fact["id"] for fact in facts if folded(fact["record"] or fact["word"]) not in records] == []
