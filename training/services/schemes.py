"""Writing training schemes: made, copied and corrected. One whose figures a report printed stays as it is."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Via
from archiveportal.history.services import differences, event, record, record_all, refuse_stale
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from training.models import Category, Scheme, YearTarget

#: what people enter of a scheme; its code is chosen once, because addresses and files bear it
SCHEME_FIELDS = ("name", "legal_basis", "decided_on", "starts_year", "ends_year", "cut_off_on", "rounding")
#: years that a scheme may last: a longer one is a typing error
MOST_YEARS = 20
PRINTED = gettext_lazy(
    "A report printed the figures of this scheme, so it stays as it is. Make a copy to change categories."
)
#: parts of addresses
RESERVED = frozenset({"them", "moi"})
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@transaction.atomic
def create_scheme(*, scheme: Scheme, copied_from: Scheme | None = None, by: User | None, via: str = Via.PAGE) -> Scheme:
    """Make a scheme, with the categories of another one where it is copied: no targets, no courses.

    Raises `Refused` for other roles, a code in use and years that cannot be.
    """
    refuse_unless_setting(by)
    _refuse_bad_scheme(scheme)
    if not CODE.fullmatch(scheme.code) or scheme.code in RESERVED:
        raise Refused({"code": _("Small letters without diacritics, digits and hyphens only, for example 12-2026.")})
    if Scheme.objects.filter(code=scheme.code).exists():
        raise Refused({"code": _("Another scheme has this code already.")})
    scheme.save(force_insert=True)
    changes = {name: (None, getattr(scheme, name)) for name in ("code", *SCHEME_FIELDS)}
    stated = {name: pair for name, pair in changes.items() if pair[1] not in (None, "")}
    record(about=scheme, by=by, via=via, action=Action.CREATED, changes=stated)
    if copied_from:
        _copy_categories(copied_from, scheme, by=by, via=via)
    log_event("training scheme made", user=getattr(by, "pk", None), scheme=scheme.pk)
    return scheme


def _copy_categories(source: Scheme, scheme: Scheme, *, by: User | None, via: str) -> None:
    """A category that was stopped is not carried on."""
    standing = source.categories.filter(stopped_on__isnull=True)
    names = ("code", "name", "kind", "unit", "summary_rule")
    copies = [
        Category(scheme=scheme, position=place, **{name: getattr(category, name) for name in names})
        for place, category in enumerate(standing, start=1)
    ]
    Category.objects.bulk_create(copies)
    record_all(
        event(about=copy, by=by, via=via, action=Action.CREATED, changes={"name": (None, copy.name)}) for copy in copies
    )


@transaction.atomic
def edit_scheme(*, scheme: Scheme, made_on: str, by: User | None, via: str = Via.PAGE) -> None:
    """Save what differs from the stored row. Raises `Stale`, and `Refused` for a printed scheme."""
    refuse_unless_setting(by)
    before = Scheme.objects.select_for_update().get(pk=scheme.pk)
    refuse_printed(before)
    refuse_stale(stored=before, typed=scheme, names=SCHEME_FIELDS, made_on=made_on)
    _refuse_bad_scheme(scheme)
    _refuse_years_with_targets(scheme)
    changes = differences(before, scheme, SCHEME_FIELDS)
    if changes:
        scheme.save(update_fields=list(changes))
        record(about=scheme, by=by, via=via, changes=changes)


@transaction.atomic
def remove_scheme(*, scheme: Scheme, by: User | None, via: str = Via.PAGE) -> None:
    """Take away a scheme in which nothing was recorded: no course, target, money or report."""
    refuse_unless_setting(by)
    scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    refuse_printed(scheme)
    if is_in_use(scheme):
        raise Refused(_("This scheme has courses, targets, funds or a report. It can be corrected, not removed."))
    categories = scheme.categories.all()
    record_all(
        event(about=row, by=by, via=via, action=Action.DELETED, changes={"name": (str(row), None)})
        for row in (*categories, scheme)
    )
    categories.delete()
    scheme.delete()


def is_in_use(scheme: Scheme) -> bool:
    """Tell whether any row but its categories belongs to a scheme."""
    relations = [each for each in Scheme._meta.related_objects if each.related_model is not Category]
    relations_of_categories = Category._meta.related_objects
    return any(_has_rows(each, scheme) for each in relations) or any(
        each.related_model._default_manager.filter(**{f"{each.field.name}__scheme": scheme}).exists()
        for each in relations_of_categories
    )


def _has_rows(relation: Any, scheme: Scheme) -> bool:
    return relation.related_model._default_manager.filter(**{relation.field.name: scheme}).exists()


def refuse_unless_setting(by: User | None) -> None:
    """Raise `Refused` for a person who sets no targets; the portal's own command line may."""
    if by is not None and not by.can_approve:
        raise Refused(_("Your role does not set up training schemes."))


def refuse_printed(scheme: Scheme) -> None:
    """A scheme whose figures a report printed stays as printed: another one is made by copying."""
    if scheme.is_baseline:
        raise Refused(PRINTED)


def _refuse_bad_scheme(scheme: Scheme) -> None:
    refuse_far_days(scheme.decided_on, scheme.cut_off_on)
    if scheme.ends_year < scheme.starts_year:
        raise Refused({"ends_year": _("The last year must not come before the first year.")})
    if scheme.ends_year - scheme.starts_year >= MOST_YEARS:
        raise Refused({"ends_year": _("A scheme lasts %(years)d years at most.") % {"years": MOST_YEARS}})


def _refuse_years_with_targets(scheme: Scheme) -> None:
    """A year that has a target does not fall out of its scheme: its target would still be counted."""
    years = list(YearTarget.objects.filter(category__scheme=scheme).values_list("year", flat=True))
    for name, outside in (
        ("starts_year", min((year for year in years if year < scheme.starts_year), default=None)),
        ("ends_year", max((year for year in years if year > scheme.ends_year), default=None)),
    ):
        if outside is not None:
            message = _("%(year)s has a target. The scheme cannot leave this year out.")
            raise Refused({name: message % {"year": outside}})
