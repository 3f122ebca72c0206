"""Passages of 5355/BC-SNV are as it printed them, also in an installation that had loaded other words.

Section III counts from 1 to 4 instead of bullets, and VTTL stays where the report has it.
"""

import csv
from importlib import import_module

import pytest
from django.apps import apps

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.history.models import Event
from criteria.inspections.models import Round
from reports.documents.context import RoundContext
from reports.documents.passages import issued_passages
from reports.models import Passage
from reports.passages.proposals import Origin, proposals
from reports.passages.services import store_issued, write_passage

MIGRATION = import_module("reports.migrations.0009_numbers_of_section_iii")
VERBATIM = import_module("reports.migrations.0013_verbatim_passages")


def texts_of(migration, column: str) -> dict[str, str]:
    with migration.TEXTS.open(encoding="utf-8", newline="") as file:
        return {line["key"]: line[column] for line in csv.DictReader(file)}


@pytest.fixture
def with_bullets(baseline):
    """A round whose passages were loaded by the release of 11/2026."""
    issued = Round.objects.get(code="gd1-2019")
    before = texts_of(VERBATIM, "before") | texts_of(MIGRATION, "before")
    for passage in Passage.objects.filter(round=issued, key__in=before):
        passage.versions.all().delete()
        passage.delete()
    store_issued(subject=issued, texts=before)
    return issued


def newest(key: str) -> tuple[int, str]:
    version = Passage.objects.get(round__code="gd1-2019", key=key).versions.first()
    return version.number, version.text


def printed(issued: Round) -> list[str]:
    return [each.key for each in proposals(RoundContext(EVERYTHING, issued)) if each.origin == Origin.PRINTED]


def test_passages_that_nobody_wrote_over_get_the_numbers(with_bullets):
    MIGRATION.number_passages(apps, None)
    assert newest("achieved")[0] == newest("limits")[0] == 2
    assert newest("achieved")[1].startswith("1. Đa số UBND quận, huyện")
    assert newest("limits")[1].startswith("4. Bên cạnh những điểm nổi bật trong công tác VTLT")
    VERBATIM.quote_passages(apps, None)
    assert (newest("aims")[0], newest("measures")[0], newest("achieved")[0]) == (2, 2, 3)
    for key in texts_of(VERBATIM, "after"):
        assert newest(key)[1] == issued_passages("5355")[key]
    events = Event.objects.filter(object_type="reports.passage", action="changed")
    assert events.count() == 2 + 3 and not printed(with_bullets)
    for migrate in (MIGRATION.number_passages, VERBATIM.quote_passages):
        migrate(apps, None)
    assert events.count() == 2 + 3


def test_what_people_wrote_stays_and_the_printed_words_are_proposed(with_bullets, cast):
    write_passage(subject=with_bullets, key="limits", text="Lời của Chi cục.", seen=1, by=cast.approver)
    write_passage(subject=with_bullets, key="aims", text="Mục tiêu khác.", seen=1, by=cast.approver)
    MIGRATION.number_passages(apps, None)
    VERBATIM.quote_passages(apps, None)
    assert newest("limits") == (2, "Lời của Chi cục.") and newest("aims") == (2, "Mục tiêu khác.")
    assert sorted(printed(with_bullets)) == ["aims", "limits"]
