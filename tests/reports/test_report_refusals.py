"""What the services of reports refuse although their pages would not send it."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from archiveportal.accounts.models import Role
from archiveportal.history.models import Event
from criteria.inspections.models import Round
from reports.closing import services as closing
from reports.closing.files import Papers
from reports.models import Closing, DocumentTemplate, PassageVersion, ReportKind
from reports.passages import services as passages
from reports.passages.proposals import Proposal
from reports.word_templates import services as templates
from tests.support.factories import make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def approver(db):
    return make_user(Role.APPROVER)


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def decide(subject, text: str, *, by) -> None:
    passages.decide_proposal(
        subject=subject,
        proposal=Proposal("limits", text),
        is_accepted=True,
        seen=1,
        by=by,
    )


def test_a_passage_does_not_grow_beyond_what_its_form_takes(approver):
    subject = make_round()
    text = "a" * (passages.LONGEST - 10)
    passages.write_passage(subject=subject, key="limits", text=text, seen=0, by=approver)
    with pytest.raises(ValidationError, match=r"20[.,]000 at most fit"):
        decide(subject, "b" * 20, by=approver)
    assert [each.text for each in PassageVersion.objects.all()] == [text]


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.LEADERSHIP, Role.ADMINISTRATOR])
def test_only_an_approver_writes_reports_and_closes_figures(role):
    person, subject = make_user(role), make_round()
    with pytest.raises(ValidationError, match="does not write reports"):
        passages.write_passage(subject=subject, key="limits", text="a", seen=0, by=person)
    with pytest.raises(ValidationError, match="does not write reports"):
        decide(subject, "b", by=person)
    upload = SimpleUploadedFile("mau.docx", b"PK")
    with pytest.raises(ValidationError, match="does not write reports"):
        templates.take_template(kind=ReportKind.ROUND, upload=upload, by=person)
    with pytest.raises(ValidationError, match="does not write reports"):
        templates.withdraw_template(template=DocumentTemplate(pk=1), by=person)
    with pytest.raises(ValidationError, match="does not close figures"):
        closing.close_figures(subject=subject, seen=0, by=person)
    assert not Event.objects.filter(actor_id=person.pk).exists()


def test_a_template_far_too_large_is_not_even_read(approver):
    upload = SimpleUploadedFile("mau.docx", b"PK")
    upload.size = templates.LARGEST_FILE + 1
    with pytest.raises(ValidationError, match="15 MB at most"):
        templates.take_template(kind=ReportKind.ROUND, upload=upload, by=approver)
    assert upload.tell() == 0


def test_figures_are_not_closed_over_records_that_change_meanwhile(approver, monkeypatch):
    subject = make_round(funding=Decimal(1000))

    def change_records(*_arguments, **_options) -> Papers:
        Round.objects.filter(pk=subject.pk).update(funding=Decimal(2000))
        return Papers([], None, None)

    monkeypatch.setattr(closing, "made_papers", change_records)
    with pytest.raises(ValidationError, match="while the figures were being closed"):
        closing.close_figures(subject=subject, seen=0, by=approver)
    assert not Closing.objects.exists()
