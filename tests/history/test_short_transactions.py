"""Long work never runs while rows are held: scaling, trials of templates, papers, reading PDFs, hashing passwords."""

import uuid
from collections.abc import Callable
from importlib import import_module
from itertools import chain

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from archiveportal.accounts import services as accounts
from archiveportal.accounts.models import Role, User
from criteria.inspections.models import RoundDocument
from criteria.inspections.services import add_document, keep_scans, sign_minutes
from criteria.inspections.services.evidence import add_evidence
from criteria.inspections.services.replies import answer_finding
from reports.closing.services import IssueDetails, close_figures, record_issue
from reports.documents.own import own_template
from reports.documents.passages import PLACES
from reports.models import Closing, ReportKind
from reports.passages.services import keep_words, write_passage
from reports.word_templates.services import take_template
from tests.support.factories import answer, enrol, make_round, make_ward, visit_today
from tests.support.inspections import photograph, published_finding
from tests.support.pictures import PDF

#: {module: what takes a while in it, by the names that the module calls it}
LONG_WORK = {
    "archiveportal.files.services": ["judge_content"],
    "archiveportal.files.judging": ["shown_copy"],
    "archiveportal.accounts.services": ["make_password"],
    "django.contrib.auth.base_user": ["make_password"],
    "reports.word_templates.services": ["filled"],
    "reports.closing.files": ["filled", "fill_template_in_use", "copies_of"],
    "reports.closing.services": ["made_papers", "read_signed", "numbered_file", "comparison_of", "figures_of"],
    "reports.passages.services": ["standing_errors", "usual_words"],
}
#: read once more while rows are held, so that no change slips in: rows, not papers
AGAIN = {"figures_of"}


class Depths:
    """How deep in transactions each piece of long work was called."""

    def __init__(self, monkeypatch) -> None:
        self.called: dict[str, set[int]] = {}
        self.outside = len(connection.atomic_blocks)
        for module, names in LONG_WORK.items():
            for name in names:
                monkeypatch.setattr(import_module(module), name, self._watched(import_module(module), name))

    def _watched(self, module, name: str) -> Callable:
        work = getattr(module, name)

        def watched(*arguments, **options):
            depth = len(connection.atomic_blocks) - self.outside
            self.called.setdefault(name, set()).add(depth)
            return work(*arguments, **options)

        return watched


def uploads(count: int = 1):
    return [photograph(f"{number}.jpg", size=(40 + number, 30)) for number in range(count)]


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.pdf", PDF, "application/pdf")


@pytest.mark.django_db
def test_long_work_runs_outside_of_transactions(cast, monkeypatch):
    inspection_round = make_round()
    enrolment = enrol(inspection_round, make_ward(cast.quan10.district))
    inspection, by = enrolment.inspection, cast.inspector
    criterion = inspection_round.criteria_set.criteria.first()
    depths = Depths(monkeypatch)
    add_evidence(inspection=inspection, criterion=criterion, upload_id=uuid.uuid4(), upload=photograph(), by=by)
    answer(enrolment, by, "met")
    inspection.refresh_from_db()
    visit_today(inspection)
    minutes = sign_minutes(inspection=inspection, signed_on=timezone.localdate(), uploads=uploads(2), by=by)
    keep_scans(minutes=minutes, uploads=uploads(1), by=by)
    finding = published_finding(enrolment, by)
    answer_finding(
        finding=finding, text="Đã bố trí", uploads=uploads(), submission_id=uuid.uuid4(), seen=1, by=cast.quan10
    )
    document = RoundDocument(round=inspection_round, kind="plan", number="1/KH", issued_on=timezone.localdate())
    add_document(document=document, upload=pdf(), by=cast.approver)
    upload = SimpleUploadedFile("mau.docx", own_template(ReportKind.ROUND))
    take_template(kind=ReportKind.ROUND, upload=upload, by=cast.approver)
    text = "Tình hạng của xã."
    write_passage(subject=inspection_round, key="aims", text=text, seen=0, by=cast.approver)
    error = import_module("reports.known_errors.finding").errors_in(text)[0].digest
    keep_words(subject=inspection_round, error=error, reason="Trích", by=cast.approver)
    usual = next(place.key for place in PLACES[ReportKind.ROUND] if place.has_default)
    write_passage(subject=inspection_round, key=usual, text="Lời khác", seen=0, by=cast.approver)
    closing = close_figures(subject=inspection_round, seen=0, by=cast.approver2)
    details = IssueDetails("1/BC-SNV", timezone.localdate(), "director", "Lê Văn A")
    record_issue(closing=closing, details=details, upload=pdf(), is_confirmed=True, version=1, by=cast.approver)
    account = User(username="moi", full_name="Người mới", role=Role.INSPECTOR)
    accounts.create_account(account=account, by=cast.administrator)
    accounts.give_new_password(account=account, by=cast.administrator)
    accounts.change_password(account=account, password="mot-mat-khau-khac-2019")
    assert Closing.objects.get().number == "01/BC-SNV"
    named = set(chain.from_iterable(LONG_WORK.values()))
    assert depths.called.keys() == named
    assert {name for name, found in depths.called.items() if found != {0}} == AGAIN
