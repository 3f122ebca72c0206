"""The City's table of records, stores, digitising and funds in the Word report, by placeholders of its template."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import docx
import pytest
from django.urls import reverse

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.refusal import Refused
from archiveportal.vietnamese import number
from criteria.inspections.models import Round
from criteria.models import CriteriaSet
from reports.documents import own, report_file
from reports.documents.comparing import changed_words
from reports.documents.content import content_of, context_of, copies_of
from reports.documents.fields import FIELDS
from reports.documents.files import UsedTemplate
from reports.documents.filling import filled
from reports.documents.holdings import BY_UNIT, HEADING, SUMS
from reports.frozen.issue import Issue
from reports.models import Closing, ReportKind
from reports.results.holdings import holdings
from reports.results.holdings_sentences import sums_sentence
from reports.word_templates.services import try_out
from tests.support.city_round import make_city_round
from tests.support.factories import make_grouping, make_ward
from tests.support.papers import opened, words
from tests.support.planted_sets import plant_24_points

UNITS = 40
OPTIONAL = {field.name for field in FIELDS[ReportKind.ROUND] if field.is_optional}
MADE_AT = own.MADE_AT


@pytest.fixture
def of_city(cast: Any) -> Round:
    """Visited and reporting units in two groups; two lie in none."""
    wards = [make_ward(None, f"Đơn vị {place}") for place in range(UNITS)]
    grouping = make_grouping("Khu vực", {"Khu vực A": wards[0 : UNITS - 2 : 2], "Khu vực B": wards[1 : UNITS - 2 : 2]})
    return make_city_round(CriteriaSet.objects.get(code="vtlt-2026"), wards, by=cast.approver, grouping=grouping)


def without_optional() -> bytes:
    """Return a template as offices made them before the optional parts were there."""
    document = docx.Document(io.BytesIO(own.own_template(ReportKind.ROUND)))
    for paragraph in document.paragraphs:
        if any(f"{{{{ {name} }}}}" == paragraph.text for name in OPTIONAL):
            paragraph._p.getparent().remove(paragraph._p)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def test_the_report_has_the_table_of_the_city(of_city):
    table = holdings(EVERYTHING, of_city)
    content = report_file(user=EVERYTHING, subject=of_city, has_notes=False)
    text = words(content)
    assert text.index(HEADING) < text.index("III. NHẬN XÉT, ĐÁNH GIÁ") < text.index(BY_UNIT)
    assert sums_sentence(table) in text and SUMS in text
    tables = {}
    for each in opened(content).tables:
        tables |= {cell.text: each for cell in each.rows[0].cells}
    sums, by_unit = tables["Đơn vị tính"], tables["Nguồn số liệu"]
    for row, column, total in zip(sums.rows[1:], table.columns, table.totals.sums, strict=True):
        cells = [cell.text for cell in row.cells]
        assert cells[1] == column.unit
        assert cells[2:] == [
            number(total.verified_total),
            number(total.reported_total),
            number(total.total),
            f"{total.answered}/{total.units}",
        ]
    lines = [[cell.text for cell in row.cells] for row in by_unit.rows]
    assert [line[0] for line in lines if line[0] in ("I", "II", "III")] == ["I", "II", "III"]
    assert len(lines) == 2 + 3 + UNITS + 1
    assert lines[-1][3:] == [number(total.total) for total in table.totals.sums]


@pytest.mark.django_db
def test_a_set_without_such_facts_reads_as_before():
    planted = plant_24_points()
    context = context_of(planted.round, user=EVERYTHING, issue=Issue())
    clean, _noted = copies_of(context)
    assert not any(clean.parts[name] for name in OPTIONAL)
    shared = own.own_template(ReportKind.ROUND)
    now, before = (
        filled(each, kind=ReportKind.ROUND, values=clean, title="", made_at=MADE_AT, own=shared)
        for each in (shared, without_optional())
    )
    paragraphs = [[each.text for each in opened(content).paragraphs] for content in (now, before)]
    assert paragraphs[0] == paragraphs[1]
    assert words(now) == words(before)


def test_templates_may_leave_the_parts_out_and_have_each_once(cast):
    try_out(without_optional(), ReportKind.ROUND)
    document = docx.Document(io.BytesIO(own.own_template(ReportKind.ROUND)))
    document.add_paragraph("{{ hien_trang }}")
    twice = io.BytesIO()
    document.save(twice)
    with pytest.raises(Refused, match="hien_trang"):
        try_out(twice.getvalue(), ReportKind.ROUND)


def test_words_that_were_stored_before_are_not_different(of_city):
    context = context_of(of_city, user=EVERYTHING, issue=Issue())
    copies = copies_of(context)
    template = UsedTemplate(own.own_template(ReportKind.ROUND), "mau.docx", is_own=True)
    content = content_of(context, copies, template)
    closing = Closing(content=content, edition=3)
    assert changed_words(closing, context) == []
    before = {name: blocks for name, blocks in content["clean"]["parts"].items() if name not in OPTIONAL}
    content["clean"]["parts"] = before
    assert changed_words(closing, context) == []
    values = replace(copies[0], parts={name: copies[0].parts[name] for name in before})
    own_template = own.own_template(ReportKind.ROUND)
    paper = filled(own_template, kind=ReportKind.ROUND, values=values, title="", made_at=MADE_AT, own=own_template)
    assert HEADING not in words(paper) and "hien_trang" not in words(paper)


def test_approvers_read_which_placeholders_there_are(cast, sign_in):
    page = sign_in(cast.approver).get(reverse("reports:templates")).content.decode()
    for name in OPTIONAL:
        place = page[page.index(f"<code>{{{{ {name} }}}}</code>") :]
        assert "tùy chọn" in place[: place.index("</tr>")]
    assert page.count("tùy chọn</span>") == len(OPTIONAL)
