"""What was issued stays, whatever SQL somebody writes; drafts and rounds that never counted do not."""

import datetime
from io import BytesIO

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from archiveportal.office.kinds import PaperKind
from criteria.inspections.issued_guard import PAPER_REFUSAL, REFUSAL
from criteria.inspections.models import Decision, OfficialPaper, Round
from criteria.inspections.services import official_papers as papers
from criteria.inspections.services.decisions import issue_decision, save_decision, void_decision
from criteria.inspections.services.deleting import delete_round
from tests.support.decisions import draft, enrol_units, make_decision
from tests.support.pdf import pdf_of


def empty_word() -> bytes:
    file = BytesIO()
    docx.Document().save(file)
    return file.getvalue()


DECISION, UNIT, PAPER = "inspections_decision", "inspections_decisionunit", "inspections_officialpaper"
MADE = papers.MadeWord("van-ban.docx", empty_word())
DAY = datetime.date(2026, 3, 2)


def make_paper(decision: Decision, by) -> OfficialPaper:
    about = papers.About(PaperKind.CONDUCT_PLAN, decision.round, decision)
    return papers.draft_paper(about=about, by=by)


def issued_paper(decision: Decision, by, number: str) -> OfficialPaper:
    waiting = papers.make_to_sign(paper=make_paper(decision, by), made=MADE, words={"title": "KẾ HOẠCH"}, by=by)
    return papers.issue_paper(paper=waiting, number=papers.Number(number, DAY), made=MADE, by=by)


@pytest.fixture
def issued(cast) -> Decision:
    """An issued decision with an issued paper, each beside a draft."""
    decision = make_decision(cast, issued_on=DAY)
    rows = enrol_units(decision.round, decision.team)
    save_decision(decision=draft(decision.team, title="Nháp"), enrolments=rows, by=cast.approver)
    issued_paper(decision, cast.approver, "9/KH-ĐKT")
    make_paper(decision, cast.approver)
    if connection.vendor == "postgresql":
        # TRUNCATE waits for what is still to be checked.
        run("SET CONSTRAINTS ALL IMMEDIATE")
    return decision


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def copy(model, **values: str) -> str:
    """Return REPLACE of the issued rows by rows like them, but with these values."""
    names = [f'"{field.column}"' for field in model._meta.concrete_fields if field.column != "id" or "id" in values]
    taken = ", ".join(values.get(name.strip('"'), name) for name in names)
    table = model._meta.db_table
    return f"INSERT OR REPLACE INTO {table} ({', '.join(names)}) SELECT {taken} FROM {table} WHERE number <> ''"


def of_issued(table: str, column: str) -> str:
    return f"(SELECT {column} FROM {table} WHERE number <> '')"


OF_DECISION = [
    f"UPDATE {DECISION} SET issued_on = NULL, number = ''",
    f"UPDATE {DECISION} SET issued_on = NULL, number = '', title = 'Khác'",
    f"UPDATE {DECISION} SET contents = 'Khác'",
    f"UPDATE {DECISION} SET days_allowed = 3 WHERE number <> ''",
    f"UPDATE {DECISION} SET period_from = '2020-01-01'",
    f"DELETE FROM {DECISION} WHERE number <> ''",
]
OF_PAPER = [
    f"UPDATE {PAPER} SET state = 'to_sign', number = '', issued_on = NULL",
    f"UPDATE {PAPER} SET number = '1/KH' WHERE number <> ''",
    f"UPDATE {PAPER} SET words = 'Khác'",
    f"UPDATE {PAPER} SET content = NULL",
    f"UPDATE {PAPER} SET numbered_id = NULL",
    f"DELETE FROM {PAPER} WHERE number <> ''",
]
ON_POSTGRESQL = [(f"TRUNCATE {DECISION} CASCADE", "change"), (f"TRUNCATE {PAPER}", PAPER_REFUSAL)]
ON_SQLITE = [
    (copy(Decision, id="id", title="'Khác'"), REFUSAL),
    (copy(Decision, title="'Khác'"), REFUSAL),
    (f"UPDATE OR REPLACE {DECISION} SET id = {of_issued(DECISION, 'id')} WHERE number = ''", "change"),
    (
        f"UPDATE OR REPLACE {DECISION} SET number = {of_issued(DECISION, 'number')}, "
        f"issued_on = {of_issued(DECISION, 'issued_on')} WHERE number = ''",
        REFUSAL,
    ),
    (copy(OfficialPaper, id="id", words="'Khác'"), PAPER_REFUSAL),
    (copy(OfficialPaper, number="'2/KH'", numbered_id="NULL", signed_id="NULL"), PAPER_REFUSAL),
    (f"UPDATE OR REPLACE {PAPER} SET to_sign_id = {of_issued(PAPER, 'to_sign_id')} WHERE number = ''", PAPER_REFUSAL),
]
REFUSED = [
    *[(statement, REFUSAL) for statement in OF_DECISION],
    *[(statement, PAPER_REFUSAL) for statement in OF_PAPER],
    *(ON_POSTGRESQL if connection.vendor == "postgresql" else ON_SQLITE),
]


@pytest.mark.parametrize(("statement", "refusal"), REFUSED)
def test_sql_does_not_change_what_was_issued(issued, statement, refusal):
    before = [list(model.objects.order_by("pk").values()) for model in (Decision, OfficialPaper)]
    with pytest.raises(DatabaseError, match=refusal):
        run(statement)
    assert [list(model.objects.order_by("pk").values()) for model in (Decision, OfficialPaper)] == before


def test_what_goes_on_after_the_issue(cast, issued):
    corrected = issue_decision(decision=issued, number="99/QĐ-SNV", issued_on=DAY, by=cast.approver)
    assert corrected.number == "99/QĐ-SNV"
    paper = OfficialPaper.objects.get(state="issued")
    for text in ("lần 1", "lần 2"):
        signed = SimpleUploadedFile("ky.pdf", pdf_of([[text]]))
        paper = papers.add_signed_copy(paper=paper, upload=signed, by=cast.approver)
    assert papers.void_paper(paper=paper, reason="Nhầm", by=cast.approver).voided_at
    # The number of what was voided is free again.
    assert issued_paper(issued, cast.approver, "9/KH-ĐKT").is_issued
    assert void_decision(decision=issued, reason="Nhầm", by=cast.approver).is_voided
    other = Decision.objects.get(title="Nháp")
    assert issue_decision(decision=other, number="99/QĐ-SNV", issued_on=DAY, by=cast.approver).is_issued


def test_drafts_change_and_go(issued):
    run(f"UPDATE {DECISION} SET title = 'Khác' WHERE number = ''")
    run(f"UPDATE {PAPER} SET words = 'Khác' WHERE number = ''")
    run(f"DELETE FROM {PAPER} WHERE number = ''")
    run(f"DELETE FROM {UNIT} WHERE decision_id IN (SELECT id FROM {DECISION} WHERE number = '')")
    run(f"DELETE FROM {DECISION} WHERE number = ''")
    assert Decision.objects.count() == OfficialPaper.objects.count() == 1


def test_a_trial_round_is_deleted_with_what_was_issued_in_it(cast, issued):
    Round.objects.filter(pk=issued.round_id).update(is_trial=True)
    trial = Round.objects.get(pk=issued.round_id)
    delete_round(inspection_round=trial, typed_code=trial.code, by=cast.approver)
    assert not Decision.objects.exists() and not OfficialPaper.objects.exists()
