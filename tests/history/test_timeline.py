"""The timeline of a page: folded where one person saved much in a row, and complete however long it is."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from archiveportal.history.models import Event, Via
from archiveportal.history.services import record
from archiveportal.history.timeline import EVENTS_PER_PAGE, Timeline
from criteria.inspections.models import Enrolment, KeptAnswer
from criteria.inspections.queries.story import story_of
from criteria.inspections.services import approve_inspection
from tests.support.factories import answer, submit_signed


@pytest.fixture
def phuong6(cast) -> Enrolment:
    return Enrolment.objects.get(ward__code="27202")


def events(*minutes: float, about, by, via=Via.AUTOSAVE, **facts) -> None:
    """Events so many minutes ago."""
    moments = [timezone.now() - timedelta(minutes=each) for each in minutes]
    field = Event._meta.get_field("occurred_at")
    field.auto_now_add = False
    try:
        for moment in moments:
            changes = {"outcome": ("", "met")}
            base = {"actor_id": by.pk, "actor_name": str(by), "via": via, "action": "changed"}
            base |= {"object_type": about._meta.label_lower, "object_id": about.pk, "object_name": "Tiêu chí"}
            Event(occurred_at=moment, changes=changes, **base | facts).save()
    finally:
        field.auto_now_add = True


def told(about, data=None, **options) -> Timeline:
    return Timeline(Event.objects.about(about), data or {}, **options)


def test_saves_in_a_row_are_folded(cast, phuong6):
    events(1, 4, 9, 20, about=phuong6.inspection, by=cast.inspector)
    events(30, about=phuong6.inspection, by=cast.inspector2)
    events(31, about=phuong6.inspection, by=cast.inspector, action="returned", reason="Bổ sung")
    events(100, 101, about=phuong6.inspection, by=cast.inspector, via=Via.OFFLINE)
    groups = told(phuong6.inspection).groups
    assert [len(group.events) for group in groups] == [4, 1, 1, 1, 1]
    assert [group.is_folded for group in groups] == [True, False, False, False, False]
    first, last = (timezone.localtime(groups[0].events[place].occurred_at) for place in (-1, 0))
    if first.date() == last.date():
        assert groups[0].when == f"{first:%H:%M}–{last:%H:%M, %d/%m/%Y}"


def test_a_pause_begins_a_new_group(cast, phuong6):
    events(1, 2, 3, 20, 21, 22, about=phuong6.inspection, by=cast.inspector)
    assert [len(group.events) for group in told(phuong6.inspection).groups] == [3, 3]


def test_every_event_is_reachable(cast, phuong6, sign_in):
    count = EVENTS_PER_PAGE + 7
    for number in range(count):
        record(about=phuong6.inspection, by=cast.inspector, changes={"note": ("", f"Ghi chú {number:03d}.")})
    client, address = sign_in(cast.inspector), reverse("inspections:history", args=[phuong6.pk])
    first = client.get(address).content.decode()
    (older,) = re.findall(r'href="(\?lichsu=2)#lich-su"', first)
    second = client.get(address + older).content.decode()
    seen = [set(re.findall(r"Ghi chú (\d{3})\.", page)) for page in (first, second)]
    assert not seen[0] & seen[1]
    assert seen[0] | seen[1] == {f"{number:03d}" for number in range(count)}
    assert "lichsu=1" in second and "lichsu=3" not in second


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999", "9" * 50, "2", "١"])
def test_any_page_may_be_asked_for(cast, phuong6, sign_in, page):
    response = sign_in(cast.inspector).get(reverse("inspections:history", args=[phuong6.pk]), {"lichsu": page})
    assert response.status_code == 200


def test_the_number_of_queries_does_not_grow(cast, phuong6, django_assert_num_queries):
    events(*range(3), about=phuong6.inspection, by=cast.inspector)
    with django_assert_num_queries(2):
        assert told(phuong6.inspection).groups
    events(*range(60), about=phuong6.inspection, by=cast.inspector2)
    with django_assert_num_queries(2):
        assert told(phuong6.inspection).groups


def test_the_story_of_a_checklist(cast, phuong6):
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    approve_inspection(inspection=phuong6.inspection, by=cast.approver)
    inspection = phuong6.inspection
    criterion = phuong6.round.criteria_set.criteria.get(code="TC05")
    kept = KeptAnswer.objects.create(
        inspection=inspection, criterion=criterion, criteria_set=criterion.criteria_set, values={"outcome": "met"},
        base_version=1, reason="locked", submission_id="00000000-0000-4000-8000-000000000001", via="offline",
        sent_by=cast.inspector2, made_at=timezone.now(),
    )  # fmt: skip
    record(about=kept, by=cast.inspector2, action="kept")
    record(about=phuong6, by=cast.approver, action="created")
    assert not story_of(phuong6, cast.inspector).filter(action="kept").exists()
    actions = list(story_of(phuong6, cast.approver).values_list("action", flat=True))
    assert actions.count("changed") == 23
    assert {"kept", "created", "signed", "submitted", "approved"} <= set(actions)
    assert set(story_of(phuong6, cast.quan10).values_list("action", flat=True)) == {"approved"}
    other = Enrolment.objects.get(ward__code="27676")
    assert not story_of(other, cast.inspector).filter(object_type="inspections.inspection").exists()


def test_it_leads_to_the_criterion_and_shows_text_as_text(cast, phuong6, sign_in):
    criterion = phuong6.round.criteria_set.criteria.get(code="TC05")
    answer(phuong6, cast.inspector, {criterion.number: "met"})
    record(about=phuong6.inspection, by=cast.inspector, reason="<script>alert(1)</script>")
    page = sign_in(cast.inspector).get(reverse("inspections:history", args=[phuong6.pk])).content.decode()
    timeline = page[page.index('id="lich-su"') :]
    assert '#TC05"' in timeline
    assert "<script>alert" not in page and "&lt;script&gt;alert" in timeline


@pytest.mark.parametrize(
    ("name", "stored", "shown"),
    [
        ("earned", "7.50", "7,5"),
        ("number", "0.00", "0"),
        ("frozen_at", "2026-11-30T12:38:04.582232+00:00", "19:38, 30/11/2026"),
        ("frozen_at", "2026-11-30 12:38:04+00:00", "19:38, 30/11/2026"),
        ("note", "2.50", "2.50"),
    ],
)
def test_values_are_written_as_people_read_them(name, stored, shown):
    event = Event(object_type="inspections.inspection", changes={name: [None, stored]})
    assert [change["after"] for change in event.readable_changes] == [shown]
