"""A part of a set names parts of its own set alone: refused by form, by service, by the models and by SQL."""

from itertools import chain

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from archiveportal.history.services import digest
from archiveportal.refusal import Refused
from criteria import guard
from criteria.building.services.leaves import LeafRows, add_leaf, edit_leaf, group_leaves, leaf_digest
from criteria.building.services.sections import SECTION_FIELDS, add_section, edit_section
from criteria.models import Citation, CriteriaSet, Criterion, Crossing, Section
from tests.support.mixed_sets import add_scope, make_mixed_set


@pytest.fixture
def two(db):
    """Return two sets that are built, with parts of every kind."""
    sets = [make_mixed_set(status="draft") for _place in range(2)]
    for each in sets:
        add_scope(each)
        criterion = each.criteria.first()
        Crossing(criteria_set=each, relation="new", new_criterion=criterion).save()
        Citation(criteria_set=each, criterion=criterion, act=each.bases.get().act).save()
    return sets


REFERENCES = list(
    chain.from_iterable(
        [(table, column, named) for column, named in columns.items()] for table, columns in guard.NAMED.items()
    )
)


def test_every_column_that_names_a_part_is_known():
    """Only the forerunner of a crosswalk is of another set."""
    parts = {each.related_model for each in CriteriaSet._meta.related_objects if each.field.name == "criteria_set"}
    tables = {model._meta.db_table: model for model in parts if model._meta.db_table in guard.PARTS}
    assert set(tables) == set(guard.PARTS)
    found = set()
    for table, model in tables.items():
        named = [own for own in model._meta.concrete_fields if own.related_model in tables.values()]
        found |= {(table, own.column, own.related_model._meta.db_table) for own in named}
    assert found - set(REFERENCES) == {("criteria_crossing", "old_criterion_id", "criteria_criterion")}
    assert not set(REFERENCES) - found


@pytest.mark.parametrize(("table", "column", "named"), REFERENCES)
def test_sql_names_no_part_of_another_set(two, table, column, named):
    one, other = two
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(id) FROM {named} WHERE criteria_set_id = %s", [other.pk])
        key = cursor.fetchone()[0]
        cursor.execute(f"SELECT min(id) FROM {table} WHERE criteria_set_id = %s", [one.pk])
        row = cursor.fetchone()[0]
        for wrong in (key, 10**8):
            with pytest.raises(IntegrityError, match=guard.ELSEWHERE), transaction.atomic():
                cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [wrong, row])


@pytest.mark.parametrize("table", guard.PARTS)
def test_no_part_comes_into_another_set(two, table):
    one, other = two
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(f"UPDATE {table} SET criteria_set_id = %s WHERE criteria_set_id = %s", [other.pk, one.pk])


def test_models_put_nothing_under_a_section_of_another_set(two):
    one, other = two
    section = other.sections.first()
    leaf, below = one.criteria.first(), one.sections.first()
    leaf.section, below.parent = section, section
    values = {"position": 99, "title": "Lạc", "parent": section}
    for row in (leaf, below, Section(criteria_set=one, **values)):
        with pytest.raises(IntegrityError, match=guard.ELSEWHERE), transaction.atomic():
            row.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        one.criteria.update(section=section)


def test_services_say_which_sections_can_be_chosen(cast, two):
    one, other = two
    section, leaf = other.sections.first(), one.criteria.first()
    made_on, made_on_below = leaf_digest(leaf), digest(one.sections.first(), SECTION_FIELDS)
    leaf.section, below = section, one.sections.first()
    below.parent = section
    fresh = Criterion(criteria_set=one, section=section, name="Lạc", points=1)
    for write in (
        lambda: add_leaf(criterion=fresh, by=cast.approver),
        lambda: edit_leaf(criterion=leaf, rows=LeafRows(), made_on=made_on, by=cast.approver),
        lambda: group_leaves(criteria_set=one, criteria=[leaf], section=section, by=cast.approver),
        lambda: add_section(section=Section(criteria_set=one, title="Lạc", parent=section), by=cast.approver),
        lambda: edit_section(section=below, made_on=made_on_below, by=cast.approver),
    ):
        with pytest.raises(Refused):
            write()


def test_forms_take_no_section_of_another_set(cast, sign_in, two):
    one, other = two
    client, section = sign_in(cast.approver), other.sections.first()
    leaf, below = one.criteria.get(code="MET"), one.sections.first()
    pages = {
        ("build-leaf", leaf.pk): {"section": section.pk, "name": leaf.name, "kind": "met", "points": "7,5"},
        ("build-section", below.pk): {"parent": section.pk, "title": below.title, "number": "I"},
    }
    for (page, key), data in pages.items():
        data["made_on"] = leaf_digest(leaf) if page == "build-leaf" else digest(below, SECTION_FIELDS)
        response = client.post(reverse(f"criteria:{page}", args=[one.pk, key]), data)
        assert response.status_code == 200
        assert "errorlist" in response.content.decode() or "error" in response.content.decode()
    assert not Criterion.objects.filter(criteria_set=one, section=section).exists()
    assert not Section.objects.filter(criteria_set=one, parent=section).exists()
