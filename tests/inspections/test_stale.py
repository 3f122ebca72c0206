"""Two inspectors on one checklist: nobody overwrites a colleague, nothing typed is lost."""

import threading
import uuid

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from archiveportal.history.models import Event
from criteria.inspections.models import Inspection, Result
from criteria.inspections.services import Change, open_supplement, save_results, sign_minutes
from tests.support.factories import answer, enrol, make_round, make_user, make_ward, submit_signed


@pytest.fixture
def url(phuong6):
    return reverse("inspections:checklist", args=[phuong6.pk])


def outcome(enrolment, code):
    return Result.objects.get(inspection__enrolment=enrolment, criterion__code=code).outcome


def test_a_stale_form_is_not_saved_and_shows_both_values(cast, sign_in, phuong6, url, form_data):
    mine = form_data(phuong6, TC01={"outcome": "not_met", "note": "Ghi chú của tôi"}, TC02={"outcome": "met"})
    sign_in(cast.inspector2).post(url, form_data(phuong6, TC01={"outcome": "met", "note": "Có kế hoạch"}))
    events = Event.objects.count()
    response = sign_in(cast.inspector).post(url, mine)
    page = response.content.decode()
    assert response.status_code == 200
    assert f"{cast.inspector2} đã lưu lúc" in page
    assert "Có kế hoạch" in page
    assert "Ghi chú của tôi" in page
    assert "name=TC01-outcome value=not_met checked" in page
    assert "name=TC02-outcome value=met checked" in page
    # All or nothing: the answer without a conflict was not saved either.
    assert outcome(phuong6, "TC01") == "met"
    assert not Result.objects.filter(criterion__code="TC02", inspection__enrolment=phuong6).exists()
    assert Event.objects.count() == events


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send from a page: values of inputs, checked radios and text areas."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self):
            super().__init__()
            self.found, self.area = {}, None

        def handle_starttag(self, tag, attrs):
            at = dict(attrs)
            if tag == "textarea" and "name" in at:
                self.area = at["name"]
                self.found[self.area] = ""
            elif tag == "input" and "name" in at and (at.get("type") != "radio" or "checked" in at):
                self.found[at["name"]] = at.get("value") or ""

        def handle_endtag(self, tag):
            if tag == "textarea":
                self.area = None

        def handle_data(self, data):
            if self.area:
                self.found[self.area] += data

    reader = Reader()
    reader.feed(page[page.index("data-checklist") :])
    return reader.found


def test_saving_again_after_seeing_the_conflict_decides_it(cast, sign_in, phuong6, url, form_data):
    client = sign_in(cast.inspector)
    mine = form_data(phuong6, TC01={"outcome": "not_met"}, TC02={"outcome": "met"})
    sign_in(cast.inspector2).post(url, form_data(phuong6, TC01={"outcome": "met"}, TC03={"outcome": "met"}))
    shown = fields_of(client.post(url, mine).content.decode())
    assert client.post(url, shown).status_code == 302
    assert outcome(phuong6, "TC01") == "not_met"
    assert outcome(phuong6, "TC02") == "met"
    # What the colleague saved and I never touched stays as it is.
    assert outcome(phuong6, "TC03") == "met"


def test_answers_to_other_criteria_do_not_conflict(cast, sign_in, phuong6, url, form_data):
    mine = form_data(phuong6, TC02={"outcome": "met"})
    sign_in(cast.inspector2).post(url, form_data(phuong6, TC01={"outcome": "met"}))
    assert sign_in(cast.inspector).post(url, mine).status_code == 302
    assert outcome(phuong6, "TC01") == outcome(phuong6, "TC02") == "met"


def test_the_same_value_from_both_is_no_conflict(cast, sign_in, phuong6, url, form_data):
    mine = form_data(phuong6, TC01={"outcome": "met"})
    sign_in(cast.inspector2).post(url, form_data(phuong6, TC01={"outcome": "met"}))
    assert sign_in(cast.inspector).post(url, mine).status_code == 302
    assert Result.objects.get(inspection__enrolment=phuong6).version == 1


def test_the_day_of_the_inspection_conflicts_too(cast, sign_in, phuong6, url, form_data):
    mine = form_data(phuong6) | {"inspected_on": "15/10/2019"}
    sign_in(cast.inspector2).post(url, form_data(phuong6) | {"inspected_on": "14/10/2019"})
    page = sign_in(cast.inspector).post(url, mine).content.decode()
    assert "Ngày kiểm tra hiện là 14/10/2019" in page
    assert 'value="15/10/2019"' in page
    assert f"{Inspection.objects.get(enrolment=phuong6).inspected_on}" == "2019-10-14"


def test_answers_from_offline_apply_where_they_do_not_conflict(cast, phuong6):
    answer(phuong6, cast.inspector2, {1: "met"})
    criteria = {c.number: c for c in phuong6.round.criteria_set.criteria.all()}
    blank = {"number": None, "text": "", "note": ""}
    saved = save_results(
        inspection=phuong6.inspection,
        changes=[
            Change(criteria[1], 0, {"outcome": "not_met", **blank}),
            Change(criteria[2], 0, {"outcome": "met", **blank}),
        ],
        by=cast.inspector,
        via="offline",
        submission_id=uuid.uuid4(),
    )
    assert saved.applied == [criteria[2].pk]
    assert saved.conflicts[criteria[1].pk].changed_by == cast.inspector2


@pytest.mark.django_db(transaction=True)
def test_of_writers_at_the_same_moment_exactly_one_wins():
    writers = [make_user() for _ in range(4)]
    enrolment = enrol(make_round(), make_ward())
    criterion = enrolment.round.criteria_set.criteria.get(number=1)
    for version in range(6):
        saved, start = [], threading.Barrier(len(writers))

        def write(writer, index, version=version, saved=saved, start=start):
            change = Change(
                criterion, version, {"outcome": "met", "number": None, "text": "", "note": f"{version}-{index}"}
            )
            start.wait()
            try:
                saved.append(
                    save_results(
                        inspection=type(enrolment).objects.get(pk=enrolment.pk).inspection,
                        changes=[change],
                        by=writer,
                        submission_id=uuid.uuid4(),
                    )
                )
            finally:
                connection.close()

        threads = [threading.Thread(target=write, args=(writer, n)) for n, writer in enumerate(writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [len(answer.applied) for answer in saved].count(1) == 1
        assert sum(answer.is_refused for answer in saved) == len(writers) - 1
    assert Result.objects.get(criterion=criterion).version == 6


def test_a_day_that_i_did_not_touch_is_no_conflict_and_is_not_wiped(cast, sign_in, phuong6, url, form_data):
    mine = form_data(phuong6, TC02={"outcome": "met"})
    sign_in(cast.inspector2).post(url, form_data(phuong6) | {"inspected_on": "14/10/2019"})
    assert sign_in(cast.inspector).post(url, mine).status_code == 302
    assert f"{Inspection.objects.get(enrolment=phuong6).inspected_on}" == "2019-10-14"


def test_a_number_that_a_colleague_cleared_does_not_come_back(cast, sign_in, phuong6, url, form_data):
    client = sign_in(cast.inspector)
    client.post(url, form_data(phuong6, TC15={"number": "25"}))
    mine = form_data(phuong6, TC01={"outcome": "not_met"})
    theirs = form_data(phuong6, TC01={"outcome": "met"}, TC15={"number": ""})
    sign_in(cast.inspector2).post(url, theirs)
    shown = fields_of(client.post(url, mine).content.decode())
    assert client.post(url, shown).status_code == 302
    assert Result.objects.get(inspection__enrolment=phuong6, criterion__code="TC15").number is None


def test_back_and_another_answer_under_the_same_submission_is_saved(cast, sign_in, phuong6, url, form_data):
    client = sign_in(cast.inspector)
    first = form_data(phuong6, TC01={"outcome": "met"})
    client.post(url, first)
    client.post(url, first | {"TC02-outcome": "met"})
    assert outcome(phuong6, "TC02") == "met"


def test_nobody_submits_what_a_colleague_changed_unseen(cast, sign_in, phuong6, url, all_answered, form_data):
    sign_in(cast.inspector).post(url, all_answered(phuong6, 23))
    seen = {"version": Inspection.objects.get(enrolment=phuong6).version}
    sign_in(cast.inspector2).post(url, form_data(phuong6, TC01={"outcome": "not_met"}))
    sign_minutes(inspection=phuong6.inspection, signed_on=timezone.localdate(), by=cast.inspector2)
    submit = reverse("inspections:submit", args=[phuong6.pk])
    page = sign_in(cast.inspector).post(submit, seen, follow=True).content.decode()
    assert "đã sửa phiếu này sau khi trang được mở" in page
    assert Inspection.objects.get(enrolment=phuong6).status == "signed"


def test_nobody_approves_what_changed_unseen(cast, sign_in, phuong6, url, all_answered, form_data):
    inspector, approver = sign_in(cast.inspector), sign_in(cast.approver)
    inspector.post(url, all_answered(phuong6, 23))
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    seen = {"version": Inspection.objects.get(enrolment=phuong6).version}
    approver.post(reverse("inspections:return", args=[phuong6.pk]), seen | {"reason": "Xem lại"})
    open_supplement(inspection=phuong6.inspection, reason="Xem lại", by=cast.inspector)
    inspector.post(url, form_data(phuong6, TC01={"outcome": "not_met"}))
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    approver.post(reverse("inspections:approve", args=[phuong6.pk]), seen)
    assert Inspection.objects.get(enrolment=phuong6).status == "submitted"
