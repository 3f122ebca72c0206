"""Making sets, and writing their heads: names, rules, bases, kinds of unit and status."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Via
from archiveportal.history.services import differences, digest, digest_of_values, record, refuse_changed, refuse_stale
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from criteria.building.outline import outline_of
from criteria.building.readiness import refuse_unready
from criteria.building.services.arranging import arrange, locked_set, refuse_unless_building
from criteria.models import CriteriaSet, Criterion, LegalAct, Section, SetBasis, SetKind
from criteria.recommendations import recommendations, write_sentence
from criteria.services import COPIED_SET_FIELDS, copy_parts, write_crosswalk
from criteria.stock_notes import stock_notes, write_notes

HEAD_FIELDS = (
    *("name", "legal_basis", "note", "announced_total", "allows_not_applicable", "not_applicable_counts"),
    *("allows_not_shown", "allows_excused", "deduction_cap", "bonus_cap"),
)
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class HeadRows:
    """The rows of a head: acts with their articles, and the kinds of unit that it is meant for."""

    bases: Sequence[tuple[LegalAct, str]] = ()
    kinds: Sequence[str] = ()

    @property
    def words(self) -> dict[str, str]:
        return {
            "bases": "; ".join(", ".join(filter(None, [articles, str(act)])) for act, articles in self.bases),
            "kinds": ", ".join(sorted(self.kinds)),
        }


def head_rows_of(criteria_set: CriteriaSet) -> HeadRows:
    bases = SetBasis.objects.filter(criteria_set=criteria_set).select_related("act").order_by("pk")
    kinds = SetKind.objects.filter(criteria_set=criteria_set).order_by("pk")
    return HeadRows([(row.act, row.articles) for row in bases], [row.kind for row in kinds])


def head_digest(criteria_set: CriteriaSet) -> str:
    rows = digest_of_values(list(head_rows_of(criteria_set).words.values()))
    return f"{digest(criteria_set, HEAD_FIELDS)}.{rows}"


@transaction.atomic
def create_set(
    *, criteria_set: CriteriaSet, copied_from: CriteriaSet | None = None, by: User, via: str = Via.PAGE
) -> CriteriaSet:
    """Make a draft under a code of its own, empty or with all that another set has.

    Raises `Refused` for other roles and for a code in use.
    """
    refuse_unless_building(by)
    refuse_bad_code(criteria_set.code)
    criteria_set.status, criteria_set.version = CriteriaSet.Status.DRAFT, 1
    for name in COPIED_SET_FIELDS if copied_from else ():
        if name != "name":
            setattr(criteria_set, name, getattr(copied_from, name))
    criteria_set.replaces = copied_from
    criteria_set.save(force_insert=True)
    if copied_from:
        _take_over(copied_from, criteria_set)
    stated = {name: (None, getattr(criteria_set, name)) for name in ("code", "name")}
    record(about=criteria_set, by=by, via=via, action=Action.CREATED, changes=stated)
    log_event("criteria set made", user=by.pk, criteria_set=criteria_set.pk)
    return criteria_set


def _take_over(source: CriteriaSet, made: CriteriaSet) -> None:
    """Copy parts, sentences and a crosswalk that says that all is the same."""
    copies = copy_parts(source, made)
    write_crosswalk(made, copies[Criterion])
    for code, sentences in stock_notes(source).items():
        write_notes(made, code, sentences)
    for code, sentence in recommendations(source).items():
        write_sentence(made, code, sentence)


def refuse_bad_code(code: str) -> None:
    """Refuse a code that addresses and files cannot bear, or that another set has."""
    if not CODE.fullmatch(code):
        raise Refused({"code": _("Small letters without diacritics, digits and hyphens only, for example btc-2026.")})
    # Held, so that two people never make the same code at one moment.
    list(CriteriaSet.objects.select_for_update().order_by("pk").values_list("pk"))
    if CriteriaSet.objects.filter(code=code).exists():
        raise Refused({"code": _("Another set has this code already. Make a new version of it, or type another code.")})


@transaction.atomic
def edit_head(*, criteria_set: CriteriaSet, rows: HeadRows, made_on: str, by: User, via: str = Via.PAGE) -> None:
    """Save what differs of the head and of its rows, in one event."""
    before = locked_set(criteria_set, by)
    stored = head_rows_of(before)
    of_fields, _dot, of_rows = made_on.partition(".")
    refuse_stale(stored=before, typed=criteria_set, names=HEAD_FIELDS, made_on=of_fields)
    refuse_changed(digest_of_values(list(stored.words.values())), made_on=of_rows)
    changes: dict[str, Any] = differences(before, criteria_set, HEAD_FIELDS)
    if changes:
        criteria_set.save(update_fields=list(changes))
    pairs = zip(stored.words.items(), rows.words.values(), strict=True)
    changed_rows = {name: (old, new) for (name, old), new in pairs if old != new}
    if "bases" in changed_rows:
        SetBasis.objects.filter(criteria_set=before).delete()
        SetBasis.objects.bulk_create(
            SetBasis(criteria_set=before, act=act, articles=articles) for act, articles in rows.bases
        )
    if "kinds" in changed_rows:
        SetKind.objects.filter(criteria_set=before).delete()
        SetKind.objects.bulk_create(SetKind(criteria_set=before, kind=kind) for kind in rows.kinds)
    if changes or changed_rows:
        record(about=before, by=by, via=via, changes=changes | changed_rows)


@transaction.atomic
def propose_set(*, criteria_set: CriteriaSet, by: User, via: str = Via.PAGE) -> None:
    """Draft -> proposed, once nothing prevents publishing it."""
    refuse_unless_building(by)
    stored = CriteriaSet.objects.select_for_update().get(pk=criteria_set.pk)
    if stored.status != CriteriaSet.Status.DRAFT:
        raise Refused(_("This set is no draft any more."))
    refuse_unready(stored)
    _write_status(stored, CriteriaSet.Status.PROPOSED, by, via=via)


@transaction.atomic
def take_back_to_draft(*, criteria_set: CriteriaSet, by: User, via: str = Via.PAGE) -> None:
    """Proposed -> draft, as long as the set is not in use."""
    stored = locked_set(criteria_set, by)
    if stored.status != CriteriaSet.Status.PROPOSED:
        raise Refused(_("Only a proposed set goes back to being a draft."))
    _write_status(stored, CriteriaSet.Status.DRAFT, by, via=via)


def _write_status(criteria_set: CriteriaSet, status: str, by: User, *, via: str) -> None:
    before, criteria_set.status = criteria_set.status, status
    criteria_set.save(update_fields=["status"])
    record(about=criteria_set, by=by, via=via, changes={"status": (before, status)})
    log_event("criteria set status", user=by.pk, criteria_set=criteria_set.pk, status=status)


@transaction.atomic
def make_sections_of_groups(*, criteria_set: CriteriaSet, by: User, via: str = Via.PAGE) -> int:
    """Turn the plain groups of a set without sections into sections; return how many."""
    criteria_set = locked_set(criteria_set, by)
    outline = outline_of(criteria_set)
    if outline.branches or outline.lost_sections:
        raise Refused(_("This set has sections already."))
    made: dict[str, Section] = {}
    for criterion in outline.criteria:
        if criterion.group not in made:
            section = Section(criteria_set=criteria_set, position=len(made) + 1)
            section.title, section.title_en = criterion.group, criterion.group_en
            section.save(force_insert=True)
            made[criterion.group] = section
        Criterion.objects.filter(pk=criterion.pk).update(section=made[criterion.group])
    arrange(criteria_set)
    names = "; ".join(made)
    record(about=criteria_set, by=by, via=via, changes={"sections": (None, names)})
    return len(made)
