"""What a person hears who confirms a preview."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from archiveportal.accounts.models import Role
from archiveportal.imports.services import begin_import, confirm_import, deciding
from archiveportal.jobs.services import run_at_once
from archiveportal.refusal import Refused
from archiveportal.sheets.kinds import KINDS
from tests.accounts.test_account_sheet import row
from tests.support.factories import make_user, make_ward
from tests.support.sheets import accounts_sheet


@pytest.fixture
def ward(db):
    return make_ward(name="Tân Định", code="26737")


@pytest.fixture
def administrator(db):
    return make_user(Role.ADMINISTRATOR)


def begin(by):
    upload = SimpleUploadedFile("tai-khoan.xlsx", accounts_sheet(row(unit="Tân Định")))
    return begin_import(kind=KINDS["accounts"], upload=upload, by=by)


def test_a_refusal_is_told_where_nothing_changed_meanwhile(ward, administrator, monkeypatch):
    made = begin(administrator)

    def refuse(*_arguments, **_options):
        raise Refused("Vì một lẽ khác.")

    monkeypatch.setattr(type(KINDS["accounts"]), "apply", refuse)
    confirm_import(made=made, shown=made.stored_plan.digest, by=administrator)
    made.refresh_from_db()
    assert (made.status, made.message) == ("open", "Chưa nhập gì: Vì một lẽ khác.")


def test_a_preview_in_english_is_applied_by_a_worker_in_vietnamese(ward, administrator, monkeypatch):
    monkeypatch.setattr(deciding, "FEW_ROWS", 0)
    with override("en"):
        made = begin(administrator)
        made = confirm_import(made=made, shown=made.stored_plan.digest, by=administrator)
    with override("vi"):
        run_at_once(made.job)
    made.refresh_from_db()
    assert (made.status, made.message) == ("applied", "")
