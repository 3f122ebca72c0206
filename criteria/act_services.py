"""Writing legal acts, and which criteria of a set that is not in use cite them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Via
from archiveportal.history.services import differences, record, refuse_stale
from archiveportal.refusal import Refused
from criteria.models import FROZEN, Citation, CriteriaSet, Criterion, LegalAct

ACT_FIELDS = (
    *("number", "kind", "title", "issuer", "issued_on", "in_force_from", "in_force_to", "replaced_by", "source"),
)


@transaction.atomic
def create_act(*, act: LegalAct, by: User, via: str = Via.PAGE) -> LegalAct:
    """Add an act. Raises `Refused` for other roles, a number in use and days that cannot be."""
    _refuse_unless_approver(by)
    _refuse_bad_act(act)
    act.save(force_insert=True)
    stated = {name: (None, getattr(act, name)) for name in ACT_FIELDS if getattr(act, name)}
    record(about=act, by=by, via=via, action=Action.CREATED, changes=stated)
    return act


@transaction.atomic
def edit_act(*, act: LegalAct, made_on: str, by: User, via: str = Via.PAGE) -> None:
    """Save what differs, also of an act that sets in use cite: what it is does not change by it."""
    _refuse_unless_approver(by)
    before = LegalAct.objects.select_for_update().get(pk=act.pk)
    refuse_stale(stored=before, typed=act, names=ACT_FIELDS, made_on=made_on)
    _refuse_bad_act(act)
    changes = differences(before, act, ACT_FIELDS)
    if changes:
        act.save(update_fields=list(changes))
        record(about=act, by=by, via=via, changes=changes)


@transaction.atomic
def cite(*, criterion: Criterion, act: LegalAct, articles: str, by: User, via: str = Via.PAGE) -> Citation:
    """Let a criterion of a set that is not in use cite an act; other articles replace those before."""
    _refuse_unless_approver(by)
    criteria_set = _not_in_use(criterion.criteria_set_id)
    cited = Citation.objects.filter(criterion=criterion, act=act).first()
    before = cited.articles if cited else None
    if cited is None:
        cited = Citation(criteria_set=criteria_set, criterion=criterion, act=act)
    cited.articles = articles
    cited.save()
    action = Action.CREATED if before is None else Action.CHANGED
    record(about=cited, by=by, via=via, action=action, changes={"articles": (before, articles)})
    return cited


@transaction.atomic
def uncite(*, citation: Citation, by: User, via: str = Via.PAGE) -> None:
    """Take a citation out of a set that is not in use.

    Its criterion has the event, since a row that is gone no longer leads to the set: whoever took the
    act out had a hand in this version.
    """
    _refuse_unless_approver(by)
    _not_in_use(citation.criteria_set_id)
    cited = Citation.objects.filter(criterion=citation.criterion_id).select_related("act").order_by("pk")
    before = "; ".join(map(str, cited))
    left = "; ".join(map(str, cited.exclude(pk=citation.pk)))
    record(about=citation.criterion, by=by, via=via, changes={"citations": (before, left)})
    citation.delete()


def _not_in_use(pk: int) -> CriteriaSet:
    criteria_set = CriteriaSet.objects.select_for_update().get(pk=pk)
    if criteria_set.frozen_at:
        raise Refused(FROZEN)
    return criteria_set


def _refuse_unless_approver(by: User) -> None:
    if not by.can_approve:
        raise Refused(_("Your role does not change criteria sets."))


def _refuse_bad_act(act: LegalAct) -> None:
    refuse_far_days(act.issued_on, act.in_force_from, act.in_force_to)
    if LegalAct.objects.filter(number__iexact=act.number).exclude(pk=act.pk).exists():
        raise Refused({"number": _("Another act has this number already.")})
    if act.in_force_from and act.in_force_from < act.issued_on:
        raise Refused({"in_force_from": _("An act is not in force before it is issued.")})
    try:
        _refuse_circle(act)
    except ValidationError as refusal:
        raise Refused({"replaced_by": refusal.messages}) from refusal


def _refuse_circle(act: LegalAct) -> None:
    """No act replaces itself, not even by way of others."""
    following, seen = act.replaced_by, {act.pk}
    while following:
        if following.pk in seen:
            raise ValidationError(_("These acts would replace each other in a circle."))
        seen.add(following.pk)
        following = following.replaced_by
