"""Closing the figures of a report, and recording afterwards under which number it was issued."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.files.models import StoredFile
from archiveportal.files.services import files_or_nothing, keep_file, keep_made
from archiveportal.history.models import Action, Event, Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.templatetags.portal import day
from criteria.inspections.models import Inspection, Round
from criteria.inspections.services.gate import Refused
from reports.closed_figures import digest_of, figures_of
from reports.closing_files import made_files
from reports.models import ClosedFile, Closing, ReportKind
from training.models import Course, Funding, Quota, Scheme, WorkforceCount

CLOSING_HOUR = datetime.time(17, 0)
#: fields of a round that figures follow from
FOR_FIGURES = ["funding", "criteria_set"]
ISSUE_FIELDS = ("number", "issued_on", "signatory", "signatory_name")


@files_or_nothing()
@transaction.atomic
def close_figures(
    *,
    subject: Round | Scheme,
    as_of: datetime.datetime | None = None,
    note: str = "",
    seen: int,
    by: Any,
    via: str = Via.PAGE,
) -> Closing:
    """Freezes the figures and keeps the files. `seen` is the number of the newest closing that the page showed (0:
    none): the same form sent twice closes once, and nobody closes beside a colleague unseen."""
    refuse_unless_closing(by)
    moment = timezone.now()
    type(subject)._default_manager.select_for_update().get(pk=subject.pk)
    newest = closings_of(subject).first()
    if newest and newest.sequence == seen + 1 and newest.closed_by_id == by.pk and newest.note == note:
        return newest
    if (newest.sequence if newest else 0) != seen:
        raise Refused(_("A colleague closed these figures after you opened the page. Look at that closing first."))
    _refuse_moment(subject, as_of, moment)
    figures = figures_of(subject)
    made = made_files(subject, by=by, moment=as_of or moment)
    digest = digest_of(figures)
    if digest_of(figures_of(subject)) != digest:
        raise Refused(_("Records were changed while the figures were being closed. Close them once more."))
    closing = Closing(
        **_of(subject),
        sequence=seen + 1,
        as_of=as_of or moment,
        figures=figures,
        digest=digest,
        note=note,
        closed_by=by,
    )
    closing.save(force_insert=True)
    files = [keep_made(content=file.content, name=file.name, kind=file.kind, by=by) for file in made]
    ClosedFile.objects.bulk_create(
        ClosedFile(closing=closing, file=file, order=order) for order, file in enumerate(files, start=1)
    )
    changes = {
        "as_of": (None, timezone.localtime(closing.as_of).strftime("%d/%m/%Y %H:%M")),
        "digest": (None, digest),
        "files": (None, "; ".join(f"{file.name} (SHA-256 {file.sha256})" for file in files)),
    }
    record(about=closing, by=by, via=via, action=Action.CLOSED, changes=changes, reason=note)
    log_event("figures closed", user=by.pk, closing=closing.pk, of=subject.code, figures=len(figures), sha256=digest)
    return closing


def refuse_unless_closing(by: Any) -> None:
    if not by.can_approve:
        raise Refused(_("Your role does not close figures."))


def closings_of(subject: Round | Scheme) -> QuerySet[Closing]:
    """Newest first, without the figures themselves."""
    return Closing.objects.filter(**_of(subject)).defer("figures").order_by("-sequence")


def _of(subject: Round | Scheme) -> dict[str, Any]:
    if isinstance(subject, Round):
        return {"kind": ReportKind.ROUND, "round": subject}
    return {"kind": ReportKind.SCHEME, "scheme": subject}


def _refuse_moment(subject: Round | Scheme, as_of: datetime.datetime | None, now: datetime.datetime) -> None:
    """The records know no past: figures can be told for an earlier moment only if nothing was changed since."""
    if as_of is None:
        return
    if as_of > now:
        raise ValidationError({"day": _("This moment is still to come. Choose an earlier day, or leave it empty.")})
    if was_changed_since(subject, as_of):
        message = _(
            "Records were changed after 17:00 of this day, so the figures of that moment cannot be told any more. "
            "Leave the day empty to close the figures as they are now."
        )
        raise ValidationError({"day": message})


def was_changed_since(subject: Round | Scheme, moment: datetime.datetime) -> bool:
    """Whether records were changed after a moment that figures of the report follow from."""
    if isinstance(subject, Round):
        touching = _touching_round(inner=subject.pk, outer=subject.pk)
    else:
        touching = _touching_scheme(subject.pk)
    return any(_events(condition, moment).exists() for condition in touching)


def with_closing(subjects: QuerySet, user: Any) -> QuerySet:
    """Rounds or schemes with their newest closing: `closing_pk`, `closing_as_of`, `closing_number`, and whether
    records were changed since (`closing_is_touched`). What differs, figure by figure, the page of the closing says.

    It adds no query. Nothing is known of closings to those who see their own units alone.
    """
    kind = ReportKind.ROUND if subjects.model is Round else ReportKind.SCHEME
    own = Closing.objects.visible_to(user).order_by("-sequence")
    newest = own.filter(**{kind: OuterRef("pk")})
    closed_at = Subquery(own.filter(**{kind: OuterRef(OuterRef("pk"))}).values("closed_at")[:1])
    if kind == ReportKind.ROUND:
        touching = _touching_round(OuterRef(OuterRef("pk")), OuterRef("pk"))
    else:
        touching = _touching_scheme(OuterRef(OuterRef("pk")))
    is_touched = reduce(or_, (Q(Exists(_events(condition, closed_at))) for condition in touching))
    return subjects.annotate(
        closing_pk=Subquery(newest.values("pk")[:1]),
        closing_as_of=Subquery(newest.values("as_of")[:1]),
        closing_number=Subquery(newest.values("number")[:1]),
    ).annotate(
        # Only where there is a closing is the history asked at all.
        closing_is_touched=Case(
            When(closing_pk__isnull=True, then=Value(False)),
            When(is_touched, then=Value(True)),
            default=Value(False),
        )
    )


def _events(touching: Q, moment: Any) -> QuerySet[Event]:
    """What was loaded from the reports is no change."""
    return Event.objects.filter(touching, occurred_at__gt=moment).exclude(via=Via.COMMAND)


def _touching_round(inner: Any, outer: Any) -> list[Q]:
    """Events that change figures, by what they are about; `inner` is the round within a condition's own query."""
    inspections = Inspection.objects.filter(enrolment__round=inner)
    by_hand = Q(via=Via.SQL)
    decided = Q(action__in=[Action.APPROVED, Action.REOPENED]) | by_hand
    enrolled = Q(action=Action.CREATED) | by_hand
    # A ward that was taken out has no row any more: the round tells of it.
    taken_out = Q(action=Action.VOIDED)
    return [
        Q(object_type="inspections.inspection", object_id__in=inspections.values("pk")) & decided,
        Q(object_type="inspections.enrolment", object_id__in=inspections.values("enrolment")) & enrolled,
        Q(object_type="inspections.round", object_id=outer)
        & (by_hand | taken_out | Q(changes__has_any_keys=FOR_FIGURES)),
    ]


def _touching_scheme(inner: Any) -> list[Q]:
    paths = {Course: "category__scheme", Quota: "category__scheme", Funding: "scheme", WorkforceCount: "scheme"}
    rows = {model: model._default_manager.filter(**{path: inner}) for model, path in paths.items()}
    return [Q(object_type=model._meta.label_lower, object_id__in=found.values("pk")) for model, found in rows.items()]


@dataclass(frozen=True)
class IssueDetails:
    number: str
    issued_on: datetime.date
    signatory: str
    signatory_name: str


@files_or_nothing()
@transaction.atomic
def record_issue(
    *, closing: Closing, details: IssueDetails, upload: Any = None, version: int, by: Any, via: str = Via.PAGE
) -> list[str]:
    """Records or corrects number, day, signatory and the signed PDF; gives the names of what was changed.

    A new signed PDF takes the place of the former one, which stays in the store and in the history.
    """
    refuse_unless_closing(by)
    stored = Closing.objects.select_for_update().defer("figures").get(pk=closing.pk)
    before = {name: getattr(stored, name) for name in ISSUE_FIELDS}
    changes = {name: (before[name], getattr(details, name)) for name in ISSUE_FIELDS}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    former = stored.signed_copy
    is_new_copy = bool(upload) and _sha256(upload) != (former.sha256 if former else "")
    if not changes and not is_new_copy:
        return []
    if stored.version != version:
        raise Refused(
            _(
                "Not saved: a colleague changed this after you opened the page. It is now: %(values)s. What you typed "
                "stands below; save once more to keep it."
            )
            % {"values": _in_words(stored)},
            code="stale",
        )
    _refuse_details(stored, details)
    for name, (_before, value) in changes.items():
        setattr(stored, name, value)
    if is_new_copy:
        stored.signed_copy = _kept(upload, by)
        changes["signed_copy"] = (_file_in_words(former), _file_in_words(stored.signed_copy))
    stored.version += 1
    stored.save(update_fields=[*changes, "version"])
    record(about=stored, by=by, via=via, changes=changes)
    log_event("report issued", user=by.pk, closing=stored.pk, number=stored.number, signed=bool(stored.signed_copy))
    return [*changes]


def _refuse_details(stored: Closing, details: IssueDetails) -> None:
    closed_for = timezone.localtime(stored.as_of).date()
    if details.issued_on > timezone.localdate():
        raise ValidationError({"issued_on": _("This day is still to come.")})
    if details.issued_on < closed_for:
        message = _("The report cannot be issued before the day of its figures, %(day)s.")
        raise ValidationError({"issued_on": message % {"day": day(closed_for)}})
    same = Closing.objects.filter(number__iexact=details.number, issued_on__year=details.issued_on.year)
    if same.exclude(pk=stored.pk).exists():
        message = _("Another closing carries this number already. Check the number.")
        raise ValidationError({"number": message})


def _in_words(stored: Closing) -> str:
    values = [stored.number, stored.issued_on and day(stored.issued_on), stored.get_signatory_display()]
    return ", ".join(value for value in [*values, stored.signatory_name] if value) or "—"


def _kept(upload: Any, by: Any) -> StoredFile:
    try:
        return keep_file(upload=upload, by=by, kinds=(StoredFile.Kind.PDF,))
    except ValidationError as refusal:
        raise ValidationError({"upload": refusal.messages}) from refusal


def _file_in_words(file: StoredFile | None) -> str | None:
    return f"{file.name} (SHA-256 {file.sha256})" if file else None


def _sha256(upload: Any) -> str:
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()
