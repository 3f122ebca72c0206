"""The story of a checklist: what happened to it and to what belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Q, QuerySet
from django.urls import reverse

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Event
from criteria.inspections.models import Enrolment, Evidence, Finding, Inspection, InternalNote, Minutes, Question
from criteria.inspections.queries.kept import kept_for
from criteria.models import Criterion


def story_of(enrolment: Enrolment, user: User) -> QuerySet[Event]:
    """Return all events for those who work on checklists; for others only the approval, not the
    drafts."""
    inspection = Q(object_type=Inspection._meta.label_lower, object_id=enrolment.inspection.pk)
    if not user.sees_unapproved_results:
        return Event.objects.filter(inspection, action=Action.APPROVED).order_by("-occurred_at", "-pk")
    concerned = inspection | Q(object_type=Enrolment._meta.label_lower, object_id=enrolment.pk)
    parts = [model.objects.visible_to(user) for model in (Evidence, Finding, Minutes, Question, InternalNote)]
    if user.sees_administration:
        # A unit that is moved or renamed takes its results along.
        concerned |= Q(object_type="wards.ward", object_id=enrolment.ward_id)
    for rows in (kept_for(user), *parts):
        keys = rows.filter(inspection=enrolment.inspection).values("pk")
        concerned |= Q(object_type=rows.model._meta.label_lower, object_id__in=keys)
    return Event.objects.filter(concerned).order_by("-occurred_at", "-pk")


def links(criteria: Iterable[Criterion], page: str = "") -> Callable[[Event], str]:
    """Where an event of the story leads: to the criterion on the page of the checklist (blank: this page), or to the
    finding."""
    places = {str(criterion)[:300]: f"{page}#{criterion.code}" for criterion in criteria}

    def link(event: Event) -> str:
        if event.object_type == Finding._meta.label_lower:
            return reverse("inspections:finding", args=[event.object_id])
        return places.get(event.object_name, "")

    return link
