"""Which events of the history may have changed figures or words of a report.

It is a hint, by which pages know that nothing has to be compared: it may say more than the truth (a
change that was taken back, a row of another round that somebody deleted by SQL), never less.
`changes` compares figure by figure what differs, reports/documents/comparing.py word by word.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Exists, Model, OuterRef, Q, QuerySet, Subquery, Value, When

from archiveportal.history.models import Action, Event, Via
from archiveportal.scope import Viewer
from criteria.inspections.models import Enrolment, Inspection, Round, RoundDocument, SelfAssessment
from criteria.models import Band, CriteriaSet, Criterion
from reports.models import Closing, KeptError, Passage, PassageVersion, ReportKind, Subject
from reports.subjects import BY_MODEL
from training.models import Category, Course, Funding, Quota, Scheme, WorkforceCount, YearTarget
from wards.models import District, Ward

#: fields that figures follow from: of a round, of a criteria set, of a ward, of a district
OF_ROUND, OF_SET = ["funding", "criteria_set", "rounding"], ["allows_not_applicable"]
#: of a unit of the round: whether a team inspects it
OF_UNIT = ["way", "is_left_out"]
OF_WARD, OF_DISTRICT = ["name", "kind", "district"], ["name", "kind"]
#: fields that stand in the words alone: of a round; of any district, since those without a ward are
#: named too
IN_ROUND = ["name", "legal_basis", "starts_on", "ends_on", "report_number"]
IN_DISTRICT = [*OF_DISTRICT, "valid_from", "valid_to"]
#: columns that say to which round or scheme a row belongs
PARENTS = ["round_id", "enrolment_id", "inspection_id", "criteria_set_id", "category_id", "scheme_id"]
BY_HAND = Q(via=Via.SQL)
#: rows loaded from the reports are what a report is about, not a change of it
BY_PEOPLE = ~Q(via=Via.COMMAND)
#: guidance that a release words anew stands in no figure and in no report
REWORDED = Q(via=Via.COMMAND, changes__has_key="guidance")


def was_changed_since(subject: Subject, moment: datetime.datetime, *, has_words: bool = False) -> bool:
    """Return whether records were changed after a moment that figures of the report follow from, or
    its words, where these are asked for."""
    return _has_events(subject, Q(occurred_at__gt=moment), has_words=has_words)


def may_differ(closing: Closing, subject: Subject) -> bool:
    """Return whether anything may differ from what a closing stored."""
    return was_changed_since(subject, closing.closed_at, has_words=bool(closing.content_digest))


def was_changed_by_people(subject: Subject, since: datetime.datetime | None = None) -> bool:
    """Tell the same without rows loaded from the reports; without a moment, since the beginning."""
    return _has_events(subject, BY_PEOPLE & Q(occurred_at__gt=since) if since else BY_PEOPLE)


def _has_events(subject: Subject, which: Q, *, has_words: bool = False) -> bool:
    rows = BY_MODEL[type(subject)].model._default_manager.filter(pk=subject.pk)
    happened = _exist(rows, which, _touching)
    if has_words:
        happened |= _exist(rows, which, _rewording)
    return rows.filter(happened).exists()


def with_closing(subjects: QuerySet, user: Viewer) -> QuerySet:
    """Rounds or schemes with their newest closing: `closing_pk`, `closing_as_of`, `closing_number`, and whether
    records were changed since (`closing_is_touched`). What differs, `differences_from_closing` counts.

    It adds no query. People who see only their own units see no closing.
    """
    kind, own = _kind(subjects), Closing.objects.visible_to(user).order_by("-sequence")
    newest = own.filter(**{kind: OuterRef("pk")})
    closed_at = Subquery(own.filter(**{kind: OuterRef(OuterRef("pk"))}).values("closed_at")[:1])
    return subjects.annotate(
        closing_pk=Subquery(newest.values("pk")[:1]),
        closing_as_of=Subquery(newest.values("as_of")[:1]),
        closing_number=Subquery(newest.values("number")[:1]),
        # Blank where the words were not stored.
        closing_content=Subquery(newest.values("content_digest")[:1]),
    ).annotate(
        # The history is queried only where there is a closing.
        closing_is_touched=Case(
            When(closing_pk__isnull=True, then=Value(False)),
            When(_exist(subjects, Q(occurred_at__gt=closed_at), _touching), then=Value(True)),
            When(closing_content="", then=Value(False)),
            When(_exist(subjects, Q(occurred_at__gt=closed_at), _rewording), then=Value(True)),
            default=Value(False),
        )
    )


def with_issue(subjects: QuerySet, user: Viewer) -> QuerySet:
    """Return subjects with the newest of their closings that was issued: `issued_pk`, `issued_number`. It adds no
    query."""
    issued = Closing.objects.visible_to(user).exclude(number="").order_by("-sequence")
    issued = issued.filter(**{_kind(subjects): OuterRef("pk")})
    return subjects.annotate(
        issued_pk=Subquery(issued.values("pk")[:1]), issued_number=Subquery(issued.values("number")[:1])
    )


def _kind(subjects: QuerySet) -> ReportKind:
    return BY_MODEL[subjects.model].kind


def _exist(subjects: QuerySet, which: Q, conditions: Callable[..., list[Q]]) -> Q:
    touching = conditions(subjects.model, inner=OuterRef(OuterRef("pk")), outer=OuterRef("pk"))
    return reduce(or_, (Q(Exists(Event.objects.filter(condition, which))) for condition in touching))


def _touching(model: type, *, inner: Any, outer: Any) -> list[Q]:
    """Events that may change figures, by what they are about; `inner` is the subject within a condition's own query."""
    return TOUCHING[BY_MODEL[model].kind](inner, outer)


def _rewording(model: type, *, inner: Any, outer: Any) -> list[Q]:
    """Events that may change words of the report and none of its figures."""
    return REWORDING[BY_MODEL[model].kind](inner, outer)


def _touching_round(inner: Any, outer: Any) -> list[Q]:
    enrolments = Enrolment.objects.filter(round=inner)
    inspections = Inspection.objects.filter(enrolment__round=inner)
    sets = CriteriaSet.objects.filter(rounds=inner)
    decided = Q(action__in=[Action.APPROVED, Action.REOPENED])
    # What a unit says of itself counts from its acceptance until it is opened again.
    read = Q(action__in=[Action.ACCEPTED, Action.REOPENED, Action.RETURNED, Action.DROPPED])
    # A ward that was taken out has no row any more: the event is about its round.
    taken_out = Q(action=Action.VOIDED)
    return [
        _about(Inspection, inspections) & (decided | BY_HAND),
        _about(Enrolment, enrolments) & (Q(action=Action.CREATED) | _changing(OF_UNIT)),
        _about(SelfAssessment, SelfAssessment.objects.filter(enrolment__round=inner)) & (read | BY_HAND),
        Q(object_type=Round._meta.label_lower, object_id=outer) & (_changing(OF_ROUND) | taken_out),
        _about(Ward, enrolments, "ward") & _changing(OF_WARD),
        _about(District, enrolments, "ward__district") & _changing(OF_DISTRICT),
        _about(CriteriaSet, sets) & _changing(OF_SET),
        # A set that no ward was enrolled for can still be changed.
        _about(Criterion, Criterion.objects.filter(criteria_set__rounds=inner)) & ~REWORDED,
        _about(Band, Band.objects.filter(criteria_set__rounds=inner)),
        _gone(Inspection, Enrolment, Criterion, Band),
    ]


def _touching_scheme(inner: Any, outer: Any) -> list[Q]:
    paths = {
        Course: "category__scheme", Quota: "category__scheme", Category: "scheme", Funding: "scheme",
        WorkforceCount: "scheme", YearTarget: "category__scheme",
    }  # fmt: skip
    own = [_about(model, model._default_manager.filter(**{path: inner})) for model, path in paths.items()]
    return [*own, Q(object_type=Scheme._meta.label_lower, object_id=outer), _gone(*paths)]


def _about(model: type[Model], rows: QuerySet, path: str = "pk") -> Q:
    return Q(object_type=model._meta.label_lower, object_id__in=rows.order_by().values(path))


def _changing(fields: list[str]) -> Q:
    return BY_HAND | Q(changes__has_any_keys=fields)


def _gone(*models: type[Model]) -> Q:
    """Match rows deleted or moved by SQL: their former place is unknown, so it may be here."""
    moved = Q(action=Action.CHANGED, changes__has_any_keys=PARENTS)
    types = [model._meta.label_lower for model in models]
    return Q(object_type__in=types) & BY_HAND & (Q(action=Action.DELETED) | moved)


def _rewording_round(inner: Any, outer: Any) -> list[Q]:
    # One level deeper than the other conditions: in a query within that of the districts.
    first_day = Round.objects.filter(pk=OuterRef(inner)).values("starts_on")[:1]
    began_later = District.objects.filter(valid_from__gt=Subquery(first_day)).order_by()
    new_of_round = Q(action=Action.CREATED) & ~Q(object_id__in=began_later.values("pk"))
    return [
        *_passages("round", inner),
        Q(object_type=Round._meta.label_lower, object_id=outer) & _changing(IN_ROUND),
        Q(object_type=District._meta.label_lower) & (new_of_round | _changing(IN_DISTRICT)),
        _about(RoundDocument, RoundDocument.objects.filter(round=inner)),
        # What units hold is told once they hand it in; figures follow from reports that were accepted.
        _about(SelfAssessment, SelfAssessment.objects.filter(enrolment__round=inner)) & Q(action=Action.HANDED_IN),
        _gone(RoundDocument),
    ]


def _rewording_scheme(inner: Any, outer: Any) -> list[Q]:
    return _passages("scheme", inner)


def _passages(kind: str, inner: Any) -> list[Q]:
    return [
        _about(Passage, Passage.objects.filter(**{kind: inner})),
        _about(PassageVersion, PassageVersion.objects.filter(**{f"passage__{kind}": inner})),
        # Words that are kept are not corrected in the clean copy.
        _about(KeptError, KeptError.objects.filter(**{kind: inner})),
        _gone(Passage, PassageVersion, KeptError),
    ]


TOUCHING = {ReportKind.ROUND: _touching_round, ReportKind.SCHEME: _touching_scheme}
REWORDING = {ReportKind.ROUND: _rewording_round, ReportKind.SCHEME: _rewording_scheme}
