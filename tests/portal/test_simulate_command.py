"""Made-up wards for trying out how the portal carries many of them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from archiveportal.accounts.scope import EVERYTHING
from criteria.inspections.models import Enrolment, Inspection, Result, Round
from criteria.scoring import score
from reports.results.table import summary


def simulate(*arguments: str) -> None:
    call_command("simulate", *arguments, stdout=StringIO())


def test_makes_marked_rounds_with_true_scores(db):
    simulate("--wards", "60", "--rounds", "2")
    assert list(Round.objects.values_list("is_simulated", flat=True)) == [True, True]
    assert Enrolment.objects.count() == 120 and len({e.ward_id for e in Enrolment.objects.all()}) == 60
    statuses = set(Inspection.objects.values_list("status", flat=True))
    assert statuses == {"approved", "draft"}
    for inspection in Inspection.objects.select_related("enrolment__round__criteria_set").prefetch_related("results"):
        outcomes = {result.criterion_id: result.outcome for result in inspection.results.all()}
        total = score(outcomes, inspection.enrolment.round.criteria_set.criteria.all())
        assert (inspection.score, inspection.maximum) == (total.points, total.maximum)
        assert (inspection.met_criteria, inspection.open_criteria) == (total.met, total.open)


def test_the_table_has_28_columns(db):
    simulate("--wards", "3")
    table = summary(EVERYTHING, Round.objects.get())
    assert len(table.columns) + 4 == 28 and len(list(table.rows())) == 3


def test_the_same_seed_makes_the_same_answers(db):
    simulate("--wards", "20", "--rounds", "1", "--seed", "7")
    first = list(Result.objects.order_by("pk").values_list("criterion__code", "outcome", "number"))
    Result.objects.all().delete()
    Inspection.objects.all().delete()
    Enrolment.objects.all().delete()
    simulate("--wards", "20", "--rounds", "1", "--seed", "7")
    assert list(Result.objects.order_by("pk").values_list("criterion__code", "outcome", "number")) == first


def test_a_second_run_takes_the_same_wards_again(db):
    simulate("--wards", "15")
    simulate("--wards", "30")
    assert [each.enrolments.count() for each in Round.objects.order_by("pk")] == [15, 30]
    assert Enrolment.objects.values("ward").distinct().count() == 30


def test_refuses_where_real_rounds_are_kept(baseline):
    with pytest.raises(CommandError, match="keeps real rounds"):
        simulate("--wards", "5")
    assert not Round.objects.filter(is_simulated=True).exists()


@pytest.mark.parametrize("wards", ["0", "-3"])
def test_refuses_a_number_below_one(db, wards):
    with pytest.raises(CommandError, match="from 1 on"):
        simulate("--wards", wards)
