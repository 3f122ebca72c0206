"""The draft criteria set for 2026: added once, used by nobody before it is proposed."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from archiveportal.history.models import Event
from criteria.baseline import DATA, load
from criteria.draft_2026 import add_draft
from criteria.indicators import INDICATORS
from criteria.inspections.models import Round
from criteria.inspections.services import open_round
from criteria.models import CriteriaSet, Criterion, LegalAct, Recommendation, StockNote
from criteria.recommendations import own_sentence
from criteria.scoring import gaps, score

migration = importlib.import_module("criteria.migrations.0011_draft_set_2026")
#: a new installation gets the draft by today's rows, another one by those that its migration keeps
WAYS: list[Callable[[Any], None]] = [add_draft, lambda registry: migration.add(registry, None)]
by_each_way = pytest.mark.parametrize("add", WAYS, ids=["baseline", "migration"])
PARTS = ("sections", "criteria", "bands", "kinds", "bases", "citations", "crossings")
#: words of phase 1 that law has replaced
OLD_WORDS = ("lưu trữ cơ quan", "01/2011", "07/2012", "3731")


@pytest.fixture
def draft(baseline) -> CriteriaSet:
    return CriteriaSet.objects.get(code="vtlt-2026")


def forget(draft: CriteriaSet) -> None:
    """Make the installation one that never had the draft."""
    for part in reversed(PARTS):
        getattr(draft, part).all().delete()
    StockNote.objects.filter(set_code=draft.code).delete()
    Recommendation.objects.filter(set_code=draft.code).delete()
    draft.delete()


def test_it_has_the_questions_of_phase_1_and_facts_that_are_not_scored(draft):
    earlier = CriteriaSet.objects.get(code="gd1", version=1)
    counted = draft.criteria.filter(is_counted=True)
    assert (draft.status, draft.frozen_at, draft.replaces) == ("draft", None, earlier)
    assert [each.code for each in counted] == [each.code for each in earlier.criteria.filter(is_counted=True)]
    assert list(counted.values_list("number", flat=True)) == list(range(1, 24))
    assert score({}, list(draft.criteria.all())).maximum == 23
    assert gaps(list(draft.bands.all())) == []
    assert {each.indicator for each in draft.criteria.all()} - {""} == set(INDICATORS)
    for leaf in draft.criteria.all():
        assert leaf.guidance, leaf.code
        assert leaf.name_en, leaf.code
        assert leaf.fact_unit or leaf.fact_kind in ("", "text"), leaf.code
        assert leaf.section.title == leaf.group, leaf.code
        assert leaf.is_counted == bool(own_sentence(leaf)), leaf.code


def test_it_speaks_todays_words_and_names_known_acts_in_force(draft):
    names = [f"{leaf.heading} {leaf.name} {leaf.guidance} {leaf.legal_basis}" for leaf in draft.criteria.all()]
    sentences = Recommendation.objects.filter(set_code=draft.code).values_list("text", flat=True)
    notes = StockNote.objects.filter(set_code=draft.code).values_list("text", flat=True)
    said = "\n".join([*names, *sentences, *notes]).lower()
    assert [word for word in OLD_WORDS if word in said] == []
    assert "đặc khu" in draft.criteria.get(code="TC01").guidance
    cited = LegalAct.objects.filter(citations__criteria_set=draft).distinct()
    assert set(cited.values_list("number", "in_force_to")) == {("33/2024/QH15", None), ("30/2020/NĐ-CP", None)}
    for citation in draft.citations.select_related("act", "criterion"):
        assert citation.act.number in citation.criterion.legal_basis


def test_the_crosswalk_has_every_criterion_of_both_sets_once(draft):
    crossings = list(draft.crossings.select_related("old_criterion", "new_criterion"))
    assert sorted(row.new_criterion.code for row in crossings) == sorted(draft.criteria.values_list("code", flat=True))
    old = [row.old_criterion.code for row in crossings if row.old_criterion]
    assert sorted(old) == sorted(draft.replaces.criteria.values_list("code", flat=True))
    assert {row.relation for row in crossings if not row.old_criterion} == {"new"}
    relations = {row.new_criterion.code: row.relation for row in crossings}
    assert (relations["TC11"], relations["TC14"], relations["TC20"]) == ("reworded", "reworded", "same")


def test_no_round_that_counts_uses_it_before_it_is_proposed(draft, cast):
    inspection_round = Round(
        code="kt-2026",
        name="Đợt 2026",
        criteria_set=draft,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
    )
    with pytest.raises(ValidationError):
        open_round(inspection_round=inspection_round, by=cast.approver)
    CriteriaSet.objects.filter(pk=draft.pk).update(status="proposed")
    draft.refresh_from_db()
    assert open_round(inspection_round=inspection_round, by=cast.approver).pk


def test_loading_again_changes_nothing_that_people_have(draft):
    Criterion.objects.filter(criteria_set=draft, code="TC01").update(name="Tên của cơ quan")
    StockNote.objects.filter(set_code=draft.code, criterion_code="SL07").delete()
    draft.criteria.get(code="SL02").crossings_from.all().delete()
    before = _counts(draft)
    load()
    assert _counts(draft) == before
    assert draft.criteria.get(code="TC01").name == "Tên của cơ quan"


def _counts(draft: CriteriaSet) -> list[int]:
    counted = [getattr(draft, part).count() for part in PARTS]
    return [*counted, StockNote.objects.count(), Recommendation.objects.count(), Event.objects.count()]


@by_each_way
def test_an_installation_with_phase_1_gets_it_once_with_an_event_each(draft, add):
    before = _counts(draft)
    forget(draft)
    events = Event.objects.count()
    add(apps)
    made = CriteriaSet.objects.get(code="vtlt-2026")
    citations, sentences = made.citations.count(), Recommendation.objects.filter(set_code=made.code).count()
    assert Event.objects.count() - events == 1 + citations + sentences
    assert _counts(made)[:-1] == before[:-1]
    told = Event.objects.about(made).get()
    assert (told.action, told.via, told.actor_name) == ("created", "command", "")
    add(apps)
    assert CriteriaSet.objects.filter(code="vtlt-2026").count() == 1


@by_each_way
def test_a_set_of_the_same_code_stays_alone(draft, add):
    forget(draft)
    own = CriteriaSet.objects.create(code="vtlt-2026", version=3, name="Bộ của cơ quan")
    add(apps)
    assert CriteriaSet.objects.get(code="vtlt-2026") == own
    assert own.criteria.count() == 0


@by_each_way
def test_without_phase_1_and_without_its_acts_nothing_fails(db, add):
    add(apps)
    assert not CriteriaSet.objects.exists()
    CriteriaSet.objects.create(code="gd1", version=1, name="Giai đoạn 1")
    add(apps)
    made = CriteriaSet.objects.get(code="vtlt-2026")
    assert (made.citations.count(), made.bases.count()) == (0, 0)
    assert set(made.crossings.values_list("relation", flat=True)) == {"new"}


def test_its_data_files_have_no_row_without_a_leaf(draft):
    codes = set(draft.criteria.values_list("code", flat=True))
    for name in ("citations", "recommendations", "stock_notes"):
        lines = (DATA / f"{name}_2026.csv").read_text(encoding="utf-8").splitlines()[1:]
        assert {line.split(",", 1)[0] for line in lines} <= codes


def rows_of(draft: CriteriaSet) -> list[list[dict[str, Any]]]:
    """Return all rows of a set without their keys; rows that they name are called by their words."""
    parts = [*(getattr(draft, part).order_by("pk") for part in PARTS), CriteriaSet.objects.filter(pk=draft.pk)]
    sentences = [model.objects.filter(set_code=draft.code).order_by("pk") for model in (StockNote, Recommendation)]
    return [[_plain(row) for row in rows] for rows in (*parts, *sentences)]


def _plain(row: Any) -> dict[str, Any]:
    fields = [each for each in row._meta.concrete_fields if not each.primary_key]
    return {each.name: str(getattr(row, each.name)) for each in fields}


def test_the_migration_keeps_the_rows_of_the_draft(draft):
    """As long as nobody words the draft anew: what the migration writes stays."""
    today = rows_of(draft)
    forget(draft)
    migration.add(apps, None)
    assert rows_of(CriteriaSet.objects.get(code="vtlt-2026")) == today
