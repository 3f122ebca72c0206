"""What pages say of the newest closing of a round or scheme."""

from __future__ import annotations

from typing import Any

from django import template

from archiveportal.vietnamese import number
from criteria.models import Band
from reports.documents.comparing import Differences, differences
from reports.models import Closing
from reports.results.reported import ReportedSum
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
    return unverified(context["request"].user, inspection_round).sentence


@register.simple_tag
def count_in_band(of_area: ReportedSum, band: Band) -> str:
    """Return how many of these units are in a band by their own reports."""
    return number(of_area.by_band[band.pk])
