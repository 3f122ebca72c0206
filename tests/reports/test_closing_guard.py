"""What was closed stays as it was, whatever SQL somebody writes, on both databases."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from archiveportal.files import guard as file_guard
from archiveportal.files.models import StoredFile
from archiveportal.files.services import keep_file
from criteria.inspections.models import Round
from reports.closing.services import close_figures, record_issue
from reports.frozen.guard import REFUSAL
from reports.models import ClosedFile, Closing
from tests.reports.test_closing import PDF, details, pdf, store  # noqa: F401 (a fixture)
from tests.support.known_errors import correct_known_errors
from training.models import Scheme

CLOSING, FILE, STORED = "reports_closing", "reports_closedfile", "files_storedfile"


@pytest.fixture
def kept(cast) -> None:
    """Two closings of a round, one of a scheme; the first two are issued with a signed copy."""
    inspection_round = Round.objects.get(code="gd1-2019")
    for seen in (0, 1):
        closing = close_figures(subject=inspection_round, seen=seen, by=cast.approver)
        values = details(number=f"{seen + 11}/BC-SNV")
        record_issue(closing=closing, details=values, upload=pdf(PDF + b"x" * seen), version=1, by=cast.approver)
    scheme = Scheme.objects.get(code="02-2014")
    correct_known_errors(scheme, cast.approver2)
    close_figures(subject=scheme, seen=0, by=cast.approver)
    if connection.vendor == "postgresql":
        # TRUNCATE waits for what is still to be checked.
        run("SET CONSTRAINTS ALL IMMEDIATE")


def rows() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (Closing, ClosedFile, StoredFile)]


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def columns(model, *apart: str) -> str:
    return ", ".join(field.column for field in model._meta.concrete_fields if field.column not in apart)


def copy(model, words: str, end: str = "", **values: str) -> str:
    """A statement that writes rows like those there are, but with these values."""
    names = [f'"{field.column}"' for field in model._meta.concrete_fields if field.column != "id" or "id" in values]
    taken = ", ".join(values.get(name.strip('"'), name) for name in names)
    table = model._meta.db_table
    return f"{words} {table} ({', '.join(names)}) SELECT {taken} FROM {table} WHERE true {end}"


REPLACE = "INSERT OR REPLACE INTO"
ON_SQLITE = [
    # The key, and each set of columns that no two rows share.
    copy(Closing, REPLACE, id="id", figures="'[]'"),
    copy(Closing, REPLACE, figures="'[]'", signed_copy_id="NULL"),
    copy(Closing, REPLACE, sequence="sequence + 10"),
    copy(ClosedFile, REPLACE, id="id", file_id="file_id + 1000"),
    copy(ClosedFile, REPLACE),
    copy(StoredFile, REPLACE, id="id", sha256="'x'"),
    copy(StoredFile, REPLACE, id="CAST(id AS TEXT)", sha256="'x'"),
    f"REPLACE INTO {STORED} (rowid, {columns(StoredFile, 'id')}) SELECT id, {columns(StoredFile, 'id')} FROM {STORED}",
    copy(Closing, "INSERT INTO", "ON CONFLICT (id) DO UPDATE SET note = 'x'", id="id"),
    f"UPDATE OR REPLACE {CLOSING} SET rowid = (SELECT min(id) FROM {CLOSING})",
    f"UPDATE OR REPLACE {CLOSING} SET _rowid_ = (SELECT min(id) FROM {CLOSING}) WHERE sequence = 2",
    f"UPDATE OR REPLACE {CLOSING} SET sequence = 1",
    f"UPDATE OR REPLACE {CLOSING} SET signed_copy_id = (SELECT min(signed_copy_id) FROM {CLOSING}) WHERE sequence = 2",
    f"UPDATE OR REPLACE {FILE} SET file_id = (SELECT max(file_id) FROM {FILE})",
    f"UPDATE OR REPLACE {FILE} SET rowid = 1",
    f"UPDATE OR REPLACE {STORED} SET rowid = 1",
    f"UPDATE OR REPLACE {STORED} SET id = (SELECT max(id) FROM {STORED})",
]
ON_POSTGRESQL = [
    f"TRUNCATE {CLOSING}, {FILE}",
    f"TRUNCATE {STORED} CASCADE",
    copy(Closing, "INSERT INTO", "ON CONFLICT (id) DO UPDATE SET note = 'x'", id="id"),
    copy(StoredFile, "INSERT INTO", "ON CONFLICT (id) DO UPDATE SET sha256 = 'x'", id="id"),
]


ON_BOTH = [
    f"UPDATE {CLOSING} SET figures = '[]'",
    f"UPDATE {CLOSING} SET digest = 'x' WHERE sequence = 2",
    f"UPDATE {CLOSING} SET as_of = closed_at, note = 'x'",
    f"UPDATE {CLOSING} SET number = 'x', sequence = sequence + 5",
    f"UPDATE {CLOSING} SET edition = edition + 1",
    f"DELETE FROM {CLOSING}",
    f"DELETE FROM {FILE}",
    f'UPDATE {FILE} SET "order" = 9',
    f"UPDATE {STORED} SET sha256 = 'x'",
    f"UPDATE {STORED} SET size = 1",
    f"UPDATE {STORED} SET name = 'x.docx'",
    f"UPDATE {STORED} SET original = 'aa/bb'",
    f"DELETE FROM {STORED}",
]


def test_sql_changes_nothing_that_was_closed(kept):
    before = rows()
    for statement in ON_BOTH + (ON_POSTGRESQL if connection.vendor == "postgresql" else ON_SQLITE):
        with pytest.raises(DatabaseError, match=f"{REFUSAL}|{file_guard.REFUSAL}"):
            run(statement)
        assert rows() == before, statement


def test_the_refusals_hold_in_a_shell_without_foreign_keys(kept):
    """The sqlite3 shell does not check them, and a person may switch what a session can switch."""
    is_sqlite = connection.vendor == "sqlite"
    switches = ["PRAGMA recursive_triggers = on", "PRAGMA foreign_keys = off", "PRAGMA recursive_triggers = off"]
    statements = [f"DELETE FROM {STORED}", f"DELETE FROM {CLOSING}"]
    if is_sqlite:
        statements.append(copy(Closing, REPLACE, id="id"))
    else:
        switches = ["SET CONSTRAINTS ALL DEFERRED", "SET row_security = off"]
    before = rows()
    for switch in switches:
        with connection.cursor() as cursor:
            cursor.execute(switch)
        for statement in statements:
            with pytest.raises(DatabaseError, match=f"{REFUSAL}|{file_guard.REFUSAL}"):
                run(statement)
    assert rows() == before


def test_what_is_recorded_later_can_still_be_written(kept, cast):
    closing = Closing.objects.get(sequence=1, kind="round")
    assert record_issue(closing=closing, details=details(number="99/BC-SNV"), version=2, by=cast.approver)
    run(f"UPDATE {CLOSING} SET signatory_name = 'Khác', version = version + 1")
    assert set(Closing.objects.values_list("signatory_name", flat=True)) == {"Khác"}


def test_files_that_belong_to_nothing_closed_keep_their_sha256_too(cast):
    upload = SimpleUploadedFile("a.pdf", PDF, "application/pdf")
    stored = keep_file(upload=upload, by=cast.inspector)
    for change in ({"sha256": "0" * 64}, {"name": "b.pdf"}, {"original": "aa/bb"}):
        with pytest.raises(DatabaseError, match=file_guard.REFUSAL), transaction.atomic():
            StoredFile.objects.filter(pk=stored.pk).update(**change)
