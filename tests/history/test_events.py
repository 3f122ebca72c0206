"""History is added to and never changed."""

import pytest
from django.utils.translation import gettext, override

from archiveportal.history.models import Event


def test_an_event_is_neither_changed_nor_deleted(baseline):
    event = Event.objects.first()
    count = Event.objects.count()
    event.actor_name = "Người khác"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    with pytest.raises(TypeError):
        Event.objects.update(actor_name="Người khác")
    with pytest.raises(TypeError):
        Event.objects.all().delete()
    assert Event.objects.count() == count
    assert not Event.objects.filter(actor_name="Người khác").exists()


def test_the_timeline_reads_as_people_write():
    changes = {"number": ["18.50", None], "outcome": ["met", "not_met"], "note": ["met", "1 < 2"]}
    event = Event(object_type="inspections.inspection", object_name="x", changes=changes)
    shown = {change["field"]: (change["before"], change["after"]) for change in event.readable_changes}
    assert shown["số liệu"] == ("18,5", "—")
    assert shown["kết quả"] == ("Đạt", "Chưa đạt")
    assert shown["ghi chú"] == ("met", "1 < 2")


@pytest.mark.parametrize(
    ("object_type", "name"),
    [("inspections.rounddocument", "document number"), ("reports.closing", "document number"), ("x.y", "number")],
)
def test_a_number_is_called_what_it_is(object_type, name):
    """The number of a document is no measured number."""
    [change] = Event(object_type=object_type, changes={"number": [None, "15/KH-SNV"]}).readable_changes
    assert change["field"] == gettext(name)


def test_a_day_is_read_as_one_wherever_it_is_told():
    """The day of an answer that was kept, and the deadline in the story of a checklist, are no fields of those rows."""
    changes = {"inspected_on": [None, "2019-10-15"], "note": [None, "2019-10-15"]}
    told = Event(object_type="inspections.keptanswer", changes=changes).readable_changes
    assert [each["after"] for each in told] == ["15/10/2019", "2019-10-15"]


def test_figures_are_frozen_where_rounds_are_closed():
    with override("vi"):
        deeds = {
            name: Event(object_type=name, action="closed").deed
            for name in ("reports.closing", "inspections.round", "inspections.finding")
        }
    assert deeds == {
        "reports.closing": "chốt số liệu",
        "inspections.round": "đã đóng",
        "inspections.finding": "đã đóng",
    }
