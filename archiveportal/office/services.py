"""Enter and correct the office and who signs its papers. Rows of one kind never hold on the same day."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Via
from archiveportal.history.services import differences, record, refuse_stale
from archiveportal.office.kinds import Level
from archiveportal.office.models import Office, OfOffice, Signatory
from archiveportal.office.querysets import OfficeRows
from archiveportal.refusal import Refused
from archiveportal.vietnamese import document_date

_DAYS = ("first_day", "last_day", "basis")
OFFICE_FIELDS = (
    *("name", "superior_head", "superior", "area", "area_noun", "place", "symbol", "head_title", "deputy_title"),
    *("division", "division_short", "division_symbol", "division_head_title", "address", "telephone", "email"),
    *("name_in_english", "division_in_english", *_DAYS),
)
SIGNATORY_FIELDS = ("kind", "level", "titles", "name", "symbol", "receivers", *_DAYS)


@transaction.atomic
def enter_office(*, office: Office, by: User, via: str = Via.PAGE) -> Office:
    """Enter the office from a day on; the one before ends on the day before it.

    Raises `Refused` for other roles and for days that another row holds.
    """
    return _enter(office, Office.objects.select_for_update(), by=by, via=via)


@transaction.atomic
def correct_office(*, office: Office, made_on: str, by: User, via: str = Via.PAGE) -> None:
    """Save what differs. Papers that were kept stay as they are."""
    _correct(office, Office.objects.select_for_update(), made_on=made_on, by=by, via=via)


@transaction.atomic
def enter_signatory(*, signatory: Signatory, by: User, via: str = Via.PAGE) -> Signatory:
    """Enter who signs a kind of paper from a day on; the row before ends on the day before it."""
    _refuse_division(signatory)
    others = Signatory.objects.select_for_update().filter(kind=signatory.kind)
    return _enter(signatory, others, by=by, via=via)


@transaction.atomic
def correct_signatory(*, signatory: Signatory, made_on: str, by: User, via: str = Via.PAGE) -> None:
    """Save what differs."""
    _refuse_division(signatory)
    others = Signatory.objects.select_for_update().filter(kind=signatory.kind)
    _correct(signatory, others, made_on=made_on, by=by, via=via)


def fields_of(row: OfOffice) -> tuple[str, ...]:
    return OFFICE_FIELDS if isinstance(row, Office) else SIGNATORY_FIELDS


def _enter(row: Any, others: OfficeRows, *, by: User, via: str) -> Any:
    _refuse_others(by)
    _refuse_bad_days(row)
    before = others.filter(first_day__lt=row.first_day, last_day__isnull=True).order_by("-first_day").first()
    if before is not None:
        ends_on = row.first_day - datetime.timedelta(days=1)
        before.last_day = ends_on
        before.save(update_fields=["last_day"])
        record(about=before, by=by, via=via, changes={"last_day": (None, ends_on)})
    _refuse_overlap(row, others)
    row.save(force_insert=True)
    stated = {name: (None, getattr(row, name)) for name in fields_of(row) if getattr(row, name)}
    record(about=row, by=by, via=via, action=Action.CREATED, changes=stated)
    return row


def _correct(row: Any, others: OfficeRows, *, made_on: str, by: User, via: str) -> None:
    _refuse_others(by)
    stored = type(row).objects.select_for_update().get(pk=row.pk)
    names = fields_of(row)
    refuse_stale(stored=stored, typed=row, names=names, made_on=made_on)
    _refuse_bad_days(row)
    _refuse_overlap(row, others)
    changes = differences(stored, row, names)
    if changes:
        row.save(update_fields=list(changes))
        record(about=row, by=by, via=via, changes=changes)


def _refuse_others(by: User) -> None:
    if not by.can_manage_units:
        raise Refused(_("Your role does not manage the office."))


def _refuse_division(signatory: Signatory) -> None:
    """A sub-department signs only where there is one on that day."""
    # A lazy import: queries read what services write.
    from archiveportal.office.queries import office_on

    if signatory.level == Level.DIVISION and not office_on(signatory.first_day).division:
        raise Refused({"level": _("The office has no sub-department on that day. Enter it first.")})


def _refuse_bad_days(row: OfOffice) -> None:
    refuse_far_days(row.first_day, row.last_day)
    if row.last_day and row.last_day < row.first_day:
        raise Refused({"last_day": _("The last day is before the first one.")})


def _refuse_overlap(row: OfOffice, others: OfficeRows) -> None:
    other = others.meeting(row.first_day, row.last_day).exclude(pk=row.pk).order_by("first_day").first()
    if other is not None:
        message = _("Another entry holds from %(day)s. Change its days first.")
        raise Refused({"first_day": message % {"day": document_date(other.first_day)}})
