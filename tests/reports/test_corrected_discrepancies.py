"""An installation that has the old list gets the corrected one, but keeps what somebody changed."""

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from archiveportal.corrections import read_corrections
from archiveportal.history.models import Event
from reports.models import Discrepancy, Figure

MIGRATION = import_module("reports.migrations.0007_corrected_discrepancies")
CHANGES = read_corrections(MIGRATION.VALUES, "code")


@pytest.fixture
def old_list(baseline):
    """Put the rows back as the release of 11/2026 loaded them."""
    for code, values in CHANGES.items():
        before = {field: pair[0] for field, pair in values.items()}
        row = Discrepancy.objects.get(code=code)
        before.setdefault("severity", row.severity)
        Discrepancy.objects.filter(code=code).update(**before)
    for code in ("D21", "E10"):
        Figure.objects.get(code="5355-20").discrepancies.add(Discrepancy.objects.get(code=code))


def test_untouched_rows_are_corrected_with_one_event_each(old_list):
    MIGRATION.correct_discrepancies(apps, None)
    for code, values in CHANGES.items():
        row = Discrepancy.objects.get(code=code)
        assert {field: getattr(row, field) for field in values} == {field: pair[1] for field, pair in values.items()}
    events = Event.objects.filter(object_type="reports.discrepancy", action="changed", via="command")
    assert sorted(events.values_list("object_name", flat=True)) == sorted(CHANGES)
    assert events.get(object_name="E09").changes["category"] == ["figures", "open"]
    assert not Figure.objects.filter(discrepancies__in=Discrepancy.objects.exclude(withdrawn=""))
    MIGRATION.correct_discrepancies(apps, None)
    assert events.count() == len(CHANGES)


def test_what_somebody_changed_stays_and_is_told_on_the_page(old_list, cast, sign_in):
    Discrepancy.objects.filter(code="E09").update(finding="Lời của người khác.")
    Discrepancy.objects.filter(code="D11").update(severity="low")
    MIGRATION.correct_discrepancies(apps, None)
    changed, weighed = (Discrepancy.objects.get(code=code) for code in ("E09", "D11"))
    assert (changed.finding, changed.category) == ("Lời của người khác.", "open")
    assert (weighed.category, weighed.severity) == ("figures", "low")
    text = sign_in(cast.inspector).get(reverse("reports:discrepancies")).content.decode()
    assert text.count("Danh sách của cổng ghi khác:") == 2
    assert "hồ sơ hiện ghi “Lời của người khác.”" in text and "520/788 = 65,98%" in text


def test_a_list_as_it_should_be_has_no_proposals(cast, sign_in):
    text = sign_in(cast.inspector).get(reverse("reports:discrepancies")).content.decode()
    assert "Danh sách của cổng ghi khác:" not in text
