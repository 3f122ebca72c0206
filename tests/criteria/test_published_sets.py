"""A version that was decided on does not change, used or not; what sheets and pages keep of a draft."""

import importlib

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.act_services import uncite
from criteria.building.services.leaves import LeafRows, add_leaf, edit_leaf, leaf_digest
from criteria.building.services.sections import add_section
from criteria.measures import CRITERIA, POINTS, measure_of_row, measure_of_set, with_measure
from criteria.models import CriteriaSet, Criterion, Section, SetKind
from criteria.services import copy_set, put_in_force
from tests.support.factories import make_set
from tests.support.mixed_sets import make_mixed_set


@pytest.fixture
def published(baseline, cast) -> CriteriaSet:
    copied = copy_set(criteria_set=CriteriaSet.objects.get(code="gd1"), by=cast.approver)
    put_in_force(criteria_set=copied, by=cast.approver2)
    copied.refresh_from_db()
    return copied


def test_publishing_freezes_a_set_that_no_round_uses(published, cast, sign_in):
    assert published.frozen_at
    client = sign_in(cast.approver)
    for name in ("edit", "build", "build-head"):
        answer = client.get(reverse(f"criteria:{name}", args=[published.pk]), follow=True)
        assert answer.redirect_chain[-1][0] == reverse("criteria:detail", args=[published.pk])
        assert "lập phiên bản mới" in answer.content.decode()
    first = published.criteria.first()
    with pytest.raises(ValidationError):
        add_leaf(criterion=Criterion(criteria_set=published, name="Thêm", points=1), by=cast.approver)
    with pytest.raises(Refused):
        uncite(citation=published.citations.first(), by=cast.approver)
    for change in (first.save, first.delete, lambda: published.criteria.update(points=2)):
        with pytest.raises(ValidationError):
            change()
    with pytest.raises(ValidationError):
        SetKind(criteria_set=published, kind="xa").save()
    assert published.criteria.count() == 24


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE criteria_criteriaset SET name = 'x' WHERE id = {set}",
        "UPDATE criteria_criteriaset SET frozen_at = NULL WHERE id = {set}",
        "UPDATE criteria_criterion SET points = 2 WHERE criteria_set_id = {set}",
        "DELETE FROM criteria_band WHERE criteria_set_id = {set}",
    ],
)
def test_a_published_set_does_not_change_by_sql(published, statement):
    refused = pytest.raises(DatabaseError, match="does not change")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(set=published.pk))


def test_a_replaced_version_is_not_put_in_force_again(published, cast):
    later = copy_set(criteria_set=published, by=cast.approver)
    put_in_force(criteria_set=later, by=cast.approver2)
    with pytest.raises(Refused):
        put_in_force(criteria_set=published, by=cast.approver2)
    found = dict(CriteriaSet.objects.filter(code="gd1").values_list("version", "status"))
    assert found == {1: "proposed", 2: "replaced", 3: "in_force"}


def test_what_is_stored_decides_and_not_what_was_read_earlier(baseline, cast):
    copied = copy_set(criteria_set=CriteriaSet.objects.get(code="gd1"), by=cast.approver)
    CriteriaSet.objects.filter(pk=copied.pk).update(status="draft")
    with pytest.raises(Refused):
        put_in_force(criteria_set=copied, by=cast.approver2)


def test_sets_that_were_in_force_before_are_frozen_once_with_an_event(db):
    sets = {status: make_set(status=status) for status in ("draft", "proposed", "in_force", "replaced")}
    migration = importlib.import_module("criteria.migrations.0012_sets_in_force_do_not_change")
    for _time in range(2):
        migration.freeze(apps, None)
    frozen = {status for status, row in sets.items() if CriteriaSet.objects.get(pk=row.pk).frozen_at}
    assert frozen == {"in_force", "replaced"}
    counted = [Event.objects.about(row).count() for row in sets.values()]
    assert counted == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({}, CRITERIA),
        ({"allows_not_applicable": True}, CRITERIA),
        ({"not_applicable_counts": "full"}, CRITERIA),
        ({"not_applicable_counts": "full", "allows_not_applicable": True}, POINTS),
        ({"not_applicable_counts": "full", "allows_excused": True}, POINTS),
    ],
)
def test_a_score_that_what_does_not_apply_adds_to_counts_points(db, rules, expected):
    criteria_set = make_set(**rules)
    assert measure_of_set(criteria_set) == expected
    (row,) = with_measure(CriteriaSet.objects.filter(pk=criteria_set.pk), path="pk")
    assert measure_of_row(row) == expected


def test_parts_of_other_sets_and_circles_are_refused_by_the_services_too(cast):
    mine, other = make_mixed_set(status="draft"), make_mixed_set(status="draft")
    foreign = other.sections.first()
    parts = mine.criteria.get(code="PARTS")
    typed = {"criteria_set": mine, "name": "Thêm", "points": 1}
    attempts = (
        ("section", lambda: add_leaf(criterion=Criterion(section=foreign, **typed), by=cast.approver)),
        ("parent", lambda: add_leaf(criterion=Criterion(parent=other.criteria.first(), **typed), by=cast.approver)),
        (
            "parent",
            lambda: add_section(section=Section(criteria_set=mine, parent=foreign, title="Thêm"), by=cast.approver),
        ),
        ("parent", lambda: edit_parent(parts, mine.criteria.get(code="PART1"), cast.approver)),
    )
    for field, attempt in attempts:
        with pytest.raises(Refused) as refused:
            attempt()
        assert list(refused.value.message_dict) == [field]


def edit_parent(criterion, parent, by):
    made_on = leaf_digest(criterion)
    criterion.parent = parent
    edit_leaf(criterion=criterion, rows=LeafRows(), made_on=made_on, by=by)


def test_the_page_of_a_set_says_its_bounds_and_bars(cast, sign_in):
    criteria_set = make_mixed_set()
    page = sign_in(cast.leader).get(reverse("criteria:detail", args=[criteria_set.pk])).content.decode()
    assert "<dt>Từ 50% trở lên</dt>" in page and "<dt>Dưới 50%</dt>" in page
    bars = " ".join(page[page.index("Tiêu chí điểm liệt") :].split())
    assert 'Nội dung CHOICE</span>: <span lang="vi">Không có</span' in bars and '→ <b lang="vi">Dưới 50%</b>' in bars
    assert "tổng các thành phần" in page


def test_a_set_in_draft_is_not_called_a_checklist_under_way(cast, sign_in):
    criteria_set = make_mixed_set()
    event = Event(object_type="criteria.criteriaset", changes={"status": ["draft", "proposed"]})
    assert [change["before"] for change in event.readable_changes] == ["dự thảo"]
    page = sign_in(cast.leader).get(reverse("criteria:detail", args=[criteria_set.pk])).content.decode()
    assert "−2" in page and "+1" in page
