"""Made-up wards and checklists in a database of their own, to see how the portal carries many of them."""

from __future__ import annotations

import datetime
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import chain, islice
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from criteria import baseline as criteria_baseline
from criteria.inspections.models import Enrolment, Inspection, Result, Round
from criteria.models import CriteriaSet, Criterion
from criteria.outcomes import MET, NOT_MET, OPEN
from criteria.scoring import score
from wards.models import District, Ward

WARDS_PER_DISTRICT = 13
KINDS = [Ward.Kind.PHUONG] * 9 + [Ward.Kind.XA] * 3 + [Ward.Kind.THI_TRAN]
CHUNK = 5000
QUALIFICATIONS = ["CN Luật", "TC VTLT", "CĐ VTLT", "CNHC"]


class Command(BaseCommand):
    help = "Fills an empty database with made-up wards, marked as simulated. Refuses where real rounds are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wards", type=int, required=True, help="number of wards")
        parser.add_argument("--rounds", type=int, default=1, help="number of rounds (1)")
        parser.add_argument("--seed", type=int, default=2019, help="the same seed makes the same data")

    def handle(self, *, wards: int, rounds: int, seed: int, **options: Any) -> None:
        if wards < 1 or rounds < 1:
            raise CommandError("--wards and --rounds take a number from 1 on.")
        if Round.objects.filter(is_simulated=False).exists():
            raise CommandError("This database keeps real rounds. Set DATABASE_URL to a database of its own.")
        with transaction.atomic():
            made = [simulate_round(number, _wards(wards), Random(seed + number)) for number in range(1, rounds + 1)]  # noqa: S311
        self.stdout.write(f"Simulated: {wards} wards, {', '.join(each.code for each in made)}.")


def _wards(count: int) -> list[Ward]:
    """So many simulated wards; those of an earlier run are taken again."""
    wards = list(Ward.objects.filter(code__startswith="M").order_by("code")[:count])
    districts = list(District.objects.filter(code__startswith="M").order_by("code"))
    needed = -(-count // WARDS_PER_DISTRICT)
    districts += District.objects.bulk_create(_district(number) for number in range(len(districts), needed))
    new = [_ward(number, districts[number // WARDS_PER_DISTRICT]) for number in range(len(wards), count)]
    return wards + Ward.objects.bulk_create(new, batch_size=CHUNK)


def _ward(number: int, district: District) -> Ward:
    ward = Ward(code=f"M{number + 1:06d}", name=f"mô phỏng {number + 1}", district=district)
    ward.kind = KINDS[number % WARDS_PER_DISTRICT]
    ward.set_keys()
    return ward


def _district(number: int) -> District:
    district = District(code=f"M{number + 1:05d}", name=f"mô phỏng {number + 1}", ward_count=WARDS_PER_DISTRICT)
    district.kind = District.Kind.HUYEN if number % 5 == 4 else District.Kind.QUAN
    district.set_keys()
    return district


def simulate_round(number: int, wards: list[Ward], random: Random) -> Round:
    """Make a round over these wards: seven in ten checklists approved, two under way, one not
    begun."""
    criteria_set = criteria_baseline.load()
    now = timezone.now()
    inspection_round = Round.objects.create(
        code=f"mo-phong-{Round.objects.count() + 1}",
        name=f"Đợt mô phỏng {Round.objects.count() + 1}",
        criteria_set=criteria_set,
        starts_on=datetime.date(2026, 1, 1),
        ends_on=datetime.date(2026, 12, 31),
        is_simulated=True,
    )
    CriteriaSet.objects.filter(pk=criteria_set.pk, frozen_at=None).update(frozen_at=now)
    enrolments = Enrolment.objects.bulk_create(
        (Enrolment(round=inspection_round, ward=ward, position=place) for place, ward in enumerate(wards, start=1)),
        batch_size=CHUNK,
    )
    criteria = list(criteria_set.criteria.all())
    made = [_checklist(enrolment, criteria, random=random, now=now) for enrolment in enrolments]
    Inspection.objects.bulk_create([inspection for inspection, _ in made], batch_size=CHUNK)
    results = chain.from_iterable(results_of(inspection) for inspection, results_of in made)
    while chunk := list(islice(results, CHUNK)):
        Result.objects.bulk_create(chunk)
    record(about=inspection_round, by=None, via=Via.COMMAND, action=Action.CREATED, reason="Số liệu mô phỏng")
    return inspection_round


def _answered_share(lot: float) -> float:
    """Return the share of answered criteria: seven checklists in ten are complete, two partly
    answered, one is not begun."""
    if lot < 0.7:
        return 1.0
    return 0.6 if lot < 0.9 else 0.0


def _checklist(
    enrolment: Enrolment,
    criteria: list[Criterion],
    *,
    random: Random,
    now: datetime.datetime,
) -> tuple:
    """Return an inspection with its score, and a function that gives its results once it is
    saved."""
    lot = random.random()
    level = random.uniform(0.2, 0.95)
    answered = _answered_share(lot)
    outcomes = {}
    for criterion in criteria:
        if criterion.has_outcome and random.random() <= answered:
            outcomes[criterion.pk] = MET if random.random() < level else NOT_MET
    total = score(outcomes, criteria)
    inspection = Inspection(
        enrolment=enrolment,
        status=Inspection.Status.APPROVED if total.open == 0 else Inspection.Status.DRAFT,
        score=total.points,
        maximum=total.maximum,
        met_criteria=total.met,
        open_criteria=total.open,
        version=1 if answered else 0,
        approved_at=now if total.open == 0 else None,
    )
    people = random.randint(1, 4)

    def results(saved: Inspection) -> Iterator[Result]:
        for criterion in criteria if answered else []:
            result = Result(inspection=saved, criterion=criterion, changed_at=now)
            result.outcome = outcomes.get(criterion.pk, OPEN)
            if criterion.fact_kind == Criterion.FactKind.INTEGER:
                result.number = people
            elif criterion.fact_kind == Criterion.FactKind.DECIMAL:
                result.number = 10 + people * 5
            elif criterion.fact_kind == Criterion.FactKind.TEXT:
                result.text = QUALIFICATIONS[people - 1]
            yield result

    return inspection, results
