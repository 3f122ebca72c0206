"""What pages say of the newest closing of a round or scheme."""

from __future__ import annotations

from typing import Any

from django import template

from reports.documents.comparing import Differences, differences
from reports.models import Closing
from reports.results.reported import reported_sentence
from reports.results.rows import unverified

register = template.Library()


@register.simple_tag
def differences_from_closing(subject: Any) -> Differences:
    """Count what differs now from the newest closing of a subject from `with_closing`.

    Figures and words are compared only where the history says that something happened since.
    """
    if not subject.closing_is_touched:
        return Differences()
    return differences(Closing.objects.get(pk=subject.closing_pk), subject)


@register.simple_tag(takes_context=True)
def unverified_sentence(context: template.Context, inspection_round: Any) -> str:
    """Say what tables of verified results leave out: wards that only report, or are left out."""
    user = context["request"].user
    counts = unverified(user, inspection_round)
    return f"{counts.sentence} {reported_sentence(user, inspection_round, counts)}".strip()
