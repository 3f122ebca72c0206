"""What saving an answer reads: two queries, whose SQL is kept (archiveportal/statements.py).

It is the most frequent request by far, and most of its time is spent around queries.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Case, Exists, F, FilteredRelation, Q, QuerySet, Subquery, TextField, When
from django.db.models.functions import Cast

from archiveportal.accounts.models import User
from archiveportal.model_fields import own_field
from archiveportal.scope import Scope
from archiveportal.statements import Given, Prepared
from criteria.inspections.models import Enrolment, Inspection, Result, Submission
from criteria.inspections.services.scores import SCORE_FIELDS
from criteria.inspections.services.typed import DAY
from criteria.models import Bar, CriteriaSet, Criterion

#: of the set, what decides on answers and score
RULES = (
    *("allows_not_applicable", "allows_not_shown", "allows_excused"),
    *("not_applicable_counts", "deduction_cap", "bonus_cap"),
)
#: of the checklist
NEEDED = [
    *("status", DAY, "version", "signed_at", *SCORE_FIELDS),
    *("enrolment__reopened_until", "enrolment__way", "enrolment__is_left_out"),
    *("enrolment__ward", "enrolment__round__status"),
    *(f"enrolment__round__criteria_set__{name}" for name in RULES),
]
#: of a criterion, in the order of the model
ASKED = [
    *("id", "criteria_set_id", "number", "code", "name", "kind", "sign", "has_outcome", "is_counted"),
    *("points", "fact_kind", "threshold", "threshold_rule", "deadline"),
]
#: of the answer to it, in the order of the model
GIVEN = ["id", "outcome", "number", "text", "option_id", "of_number", "day", "earned", "note", "version"]


def _visible_and_held(scope: Scope) -> QuerySet[Inspection]:
    """Return the checklist of an enrolment, if it is in scope, held until the transaction ends."""
    return (
        Inspection.objects.visible_to(scope)
        .filter(enrolment=Given("pk", own_field(Enrolment, "id")))
        .select_related("enrolment__round__criteria_set")
        .only(*NEEDED)
        .select_for_update(of=("self",))
    )


HELD = Prepared(_visible_and_held)


def held_checklist(viewer: User, pk: int) -> Inspection:
    """Return the checklist of enrolment `pk`, held until the transaction ends.

    Raises `Inspection.DoesNotExist` for one that the person does not see.
    """
    inspection = HELD.first(viewer.scope, pk=pk)
    if inspection is None:
        raise Inspection.DoesNotExist
    return inspection


class ScoredLine(NamedTuple):
    """The values of a criterion and its answer that the score needs."""

    pk: int
    is_counted: bool
    points: Decimal
    sign: str
    #: None where nothing was answered yet
    outcome: str | None
    earned: Decimal | None
    option_id: int | None


@dataclass
class ReadAnswers:
    """All lines of a checklist for the score; criterion, answer and receipt of the one that is saved."""

    lines: list[ScoredLine]
    criterion: Criterion | None = None
    result: Result | None = None
    #: the answer that the same save got before
    earlier: dict[str, Any] | None = None
    #: of the set; None: they have to be read
    bars: tuple[()] | None = None

    @property
    def results(self) -> dict[int, Any]:
        found: dict[int, Any] = {line.pk: line for line in self.lines}
        return found | ({self.criterion.pk: self.result} if self.criterion and self.result else {})


def answers_to(inspection: Inspection, code: str, submission_id: uuid.UUID | None = None) -> ReadAnswers:
    """Return the criteria of the set with the answers to them, read in one query; rows are made
    only for `code`.

    It runs after the one that locks the checklist: a query that waited for a colleague still sees
    the rows of other tables as they were before it waited (PostgreSQL, READ COMMITTED).
    """
    criteria_set = inspection.enrolment.round.criteria_set_id
    # None is the number of no row.
    rows = LINES.rows(inspection=inspection.pk, criteria_set=criteria_set, code=code, submission_id=submission_id)
    earlier, has_bars = rows[0][-2:] if rows else (None, False)
    found = ReadAnswers(list(map(ScoredLine._make, map(SCORED, rows))))
    found.earlier = json.loads(earlier) if earlier else None
    found.bars = None if has_bars else ()
    own = next((row for row in rows if row[CODE] == code), None)
    if own is not None:
        found.criterion = Criterion.from_db(inspection._state.db, ASKED_NAMES, own[: len(ASKED)])
        given = own[len(ASKED) : len(ASKED) + len(GIVEN)]
        if given[0]:
            found.result = Result.from_db(inspection._state.db, GIVEN_NAMES, given)
            found.result.inspection, found.result.criterion = inspection, found.criterion
    return found


def _lines() -> QuerySet[Any, Any]:
    """Return the criteria of a set with the answers of a checklist, and the receipt of a save."""
    earlier = Submission.objects.filter(submission_id=Given("submission_id", own_field(Submission, "submission_id")))
    given = Q(results__inspection=Given("inspection", own_field(Inspection, "id")))
    is_own = Q(code=Given("code", own_field(Criterion, "code")))
    of_set = {"criteria_set": Given("criteria_set", own_field(CriteriaSet, "id"))}
    # As text: values of JSON would be converted row by row, and it is the same, and mostly none, in each.
    text = Cast("answer", TextField())
    return (
        Criterion.objects.filter(**of_set)
        .annotate(given=FilteredRelation("results", condition=given))
        .annotate(
            earlier=Subquery(earlier.annotate(text=text).values("text")[:1]),
            has_bars=Exists(Bar.objects.filter(**of_set)),
        )
        # Notes and names are long, and the score needs none.
        .annotate(own_note=Case(When(is_own, then=F("given__note"))), own_name=Case(When(is_own, then=F("name"))))
        # A score is a sum: in no order.
        .order_by()
        .values_list(*map(_column, ASKED), *map(_column_given, GIVEN), "earlier", "has_bars")
    )


def _column(name: str) -> str:
    return "own_name" if name == "name" else name


def _column_given(name: str) -> str:
    return "own_note" if name == "note" else f"given__{name}"


LINES = Prepared(_lines)
#: as Django looks them up
ASKED_NAMES, GIVEN_NAMES = frozenset(ASKED), frozenset(GIVEN)
#: places in a row
CODE = ASKED.index("code")
SCORED = itemgetter(
    *map(ASKED.index, ("id", "is_counted", "points", "sign")),
    *(len(ASKED) + GIVEN.index(name) for name in ("outcome", "earned", "option_id")),
)
