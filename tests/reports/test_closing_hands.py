"""Whoever wrote what a closing freezes does not close it; another leader does, or a stand-in."""

import datetime
import threading
import uuid

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from archiveportal.accounts.stand_ins import name_stand_in
from archiveportal.refusal import Refused
from criteria.inspections.services import approve_inspection, save_answer, set_round_funding
from criteria.inspections.services.sending import Sent
from reports.closing import services as closing
from reports.closing.services import close_figures
from reports.known_errors.finding import errors_in
from reports.models import Closing
from reports.passages.hands import ReportHand, hands_in_report
from reports.passages.services import keep_words, write_passage
from tests.support.factories import answer, enrol, make_round, make_user, make_ward, submit_signed
from tests.support.known_errors import correct_known_errors
from training.models import Category, Scheme
from training.services.quotas import QuotaChange, set_quotas


@pytest.fixture
def mine(cast):
    return make_round()


def writes_a_passage(subject, by):
    write_passage(subject=subject, key="limits", text="Kho chật.", seen=0, by=by)


def records_the_cost(subject, by):
    set_round_funding(inspection_round=subject, amount=1_000, shown=None, by=by)


def keeps_an_error(subject, by):
    write_passage(subject=subject, key="aims", text="Tình hạng của xã.", seen=0, by=by)
    keep_words(subject=subject, error=errors_in("Tình hạng của xã.")[0].digest, reason="Trích", by=by)
    write_passage(subject=subject, key="aims", text="", seen=1, by=by)


DEEDS = {
    writes_a_passage: ReportHand.WROTE,
    records_the_cost: ReportHand.ENTERED_FIGURES,
    keeps_an_error: ReportHand.KEPT_ERRORS,
}


@pytest.mark.parametrize("deed", DEEDS)
def test_who_wrote_in_a_report_does_not_close_it(mine, cast, sign_in, deed):
    deed(mine, cast.approver)
    assert hands_in_report(mine) == {cast.approver.pk: frozenset({DEEDS[deed]})}
    with pytest.raises(Refused) as refusal:
        close_figures(subject=mine, seen=0, by=cast.approver)
    assert refusal.value.code == "own_hand" and str(cast.approver2) in refusal.value.message
    # It is said before, and the form is not offered.
    address = reverse("reports:closings", args=["dot-kiem-tra", mine.code])
    page = sign_in(cast.approver).get(address).content.decode()
    assert DEEDS[deed].words in page and str(cast.approver2) in page and "close-form" not in page
    other = sign_in(cast.approver2).get(address).content.decode()
    assert "close-form" in other
    assert close_figures(subject=mine, seen=0, by=cast.approver2).closed_by == cast.approver2


def test_the_last_who_wrote_a_value_counts(mine, cast):
    writes_a_passage(mine, cast.approver)
    write_passage(subject=mine, key="limits", text="Kho rất chật.", seen=1, by=cast.approver2)
    set_round_funding(inspection_round=mine, amount=1_000, shown=None, by=cast.approver2)
    assert set(hands_in_report(mine)) == {cast.approver2.pk}
    write_passage(subject=mine, key="limits", text="", seen=2, by=cast.approver2)
    assert hands_in_report(mine) == {cast.approver2.pk: frozenset({ReportHand.ENTERED_FIGURES})}


def test_approving_a_checklist_is_no_hand_and_answers_are_none(mine, cast):
    """Another person approved each checklist: its answers had four eyes already."""
    enrolment = enrol(mine, make_ward())
    answer(enrolment, cast.inspector, "met")
    enrolment.inspection.refresh_from_db()
    submit_signed(inspection=enrolment.inspection, by=cast.inspector)
    approve_inspection(inspection=enrolment.inspection, by=cast.approver)
    assert hands_in_report(mine) == {}
    assert close_figures(subject=mine, seen=0, by=cast.approver)


def test_what_was_loaded_from_the_reports_has_no_author(cast):
    scheme = Scheme.objects.get()
    assert hands_in_report(scheme) == {}
    correct_known_errors(scheme, cast.approver2)
    category = Category.objects.filter(quota__isnull=False).first()
    quota = category.quota
    change = QuotaChange(category, (quota.target, quota.unit), (quota.target + 1, quota.unit))
    set_quotas(scheme=scheme, changes=[change], by=cast.approver)
    hands = hands_in_report(scheme)
    assert hands[cast.approver.pk] == {ReportHand.ENTERED_FIGURES}
    assert ReportHand.WROTE in hands[cast.approver2.pk]


def test_where_nobody_is_left_a_stand_in_closes(mine, cast, sign_in):
    writes_a_passage(mine, cast.approver)
    records_the_cost(mine, cast.approver2)
    with pytest.raises(Refused, match="phân công thay"):
        close_figures(subject=mine, seen=0, by=cast.approver2)
    address = reverse("reports:closings", args=["dot-kiem-tra", mine.code])
    assert sign_in(cast.inspector).post(address, {}).status_code == 403
    today = timezone.localdate()
    name_stand_in(person=cast.inspector, decision="1/QĐ", starts_on=today, ends_on=today, by=cast.approver)
    data = {"signatory": "director", "signatory_name": "Lê Văn A", "seen": "0", "agreed": "on"}
    sign_in(cast.inspector).post(address, data)
    assert Closing.objects.get(round=mine).closed_by == cast.inspector


def test_the_page_of_a_passage_says_it_before(mine, cast, sign_in):
    page = sign_in(cast.approver).get(reverse("reports:passage", args=["dot-kiem-tra", mine.code, "limits"]))
    assert f"Người có thể chốt số liệu: {cast.approver2}." in page.content.decode()


def test_a_hand_that_comes_while_papers_are_made_counts(mine, cast, monkeypatch):
    made = closing.made_papers

    def write_and_make(*arguments, **options):
        records_the_cost(mine, cast.approver)
        return made(*arguments, **options)

    monkeypatch.setattr(closing, "made_papers", write_and_make)
    with pytest.raises(Refused) as refusal:
        close_figures(subject=mine, seen=0, by=cast.approver)
    assert refusal.value.code == "own_hand"


@pytest.mark.django_db(transaction=True)
def test_an_answer_does_not_wait_while_papers_are_made(monkeypatch):
    """The papers are made before anything is held: an autosave beside them is stored at once."""
    inspector, approver = make_user(), make_user("approver")
    inspection_round = make_round()
    enrolment = enrol(inspection_round, make_ward())
    making, saved = threading.Event(), threading.Event()
    made, waited = closing.made_papers, []

    def make_slowly(*arguments, **options):
        making.set()
        waited.append(saved.wait(10))
        return made(*arguments, **options)

    monkeypatch.setattr(closing, "made_papers", make_slowly)

    def close():
        close_figures(subject=inspection_round, seen=0, by=approver)
        connection.close()

    beside = threading.Thread(target=close)
    beside.start()
    assert making.wait(10)
    criterion = inspection_round.criteria_set.criteria.first()
    sent = Sent(
        code=criterion.code,
        criteria_set=inspection_round.criteria_set_id,
        base_version=0,
        submission_id=uuid.uuid4(),
        made_at=timezone.now() - datetime.timedelta(seconds=1),
        typed={"outcome": "met", "note": ""},
    )
    received = save_answer(pk=enrolment.pk, sent=sent, by=inspector, via="autosave")
    saved.set()
    beside.join(20)
    assert received.state == "saved" and waited == [True]
    assert Closing.objects.count() == 1
