"""The wards of a round as a table."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from archiveportal.accounts.models import User
from archiveportal.percent import format_percent, percent_of
from archiveportal.vietnamese import number
from criteria.inspections.models import Enrolment, Inspection, Round
from criteria.inspections.queries.areas import NOTHING, Division
from criteria.measures import Measure
from criteria.models import Band
from criteria.scoring import band_of
from wards.models import Ward
from wards.tables import UNIT

RIGHT = {"td": {"class": "number"}, "th": {"class": "number"}}


class AreaColumn(tables.Column):
    """The area of the unit of a row, as its round is divided. `path` leads to the unit."""

    def __init__(self, divided: Division, path: str = "ward") -> None:
        self.divided = divided
        order = (f"{path}__district__sort_key" if divided.has_districts else "area_place", f"{path}__sort_key")
        super().__init__(divided.noun, accessor=path, order_by=order, attrs=UNIT)

    def render(self, value: Ward) -> str:
        return self.divided.title_of(value)


def area_columns(divided: Division, path: str = "ward") -> list[tuple[str, AreaColumn]]:
    """Return the column of areas under its name "district", or none where nothing divides the units."""
    return [("district", AreaColumn(divided, path))] if divided else []


class EnrolmentTable(tables.Table):
    """Rows are enrolments with standing scores, ward, district and inspection read along."""

    ward = tables.Column(
        gettext_lazy("Ward, commune, township"), accessor="ward__title", order_by=("ward__sort_key",), attrs=UNIT
    )
    position = tables.Column(gettext_lazy("No."), attrs={"td": {"class": "number stt"}, "th": {"class": "number stt"}})
    score = tables.Column(
        gettext_lazy("Result"), accessor="standing_score", order_by=("standing_ratio",), default="—", attrs=RIGHT
    )
    percent = tables.Column(
        gettext_lazy("Percent"), accessor="standing_ratio", order_by=("standing_ratio",), default="—", attrs=RIGHT
    )
    band = tables.Column(gettext_lazy("Band"), accessor="standing_ratio", orderable=False, default="—")
    source = tables.Column(gettext_lazy("Source"), accessor="pk", orderable=False)
    status = tables.Column(
        gettext_lazy("Checklist"), accessor="inspection__status", order_by=("inspection__status", "position")
    )

    class Meta:
        model = Enrolment
        fields: list[str] = []
        sequence = ["position", "ward", "...", "score", "percent", "band", "source", "status"]
        attrs = {"class": "list cards-on-phone cards-on-tablet"}
        order_by = "position"

    def __init__(
        self,
        *args: Any,
        user: User,
        divided: Division = NOTHING,
        inspection_round: Round | None = None,
        bands: list[Band] | None = None,
        measure: Measure | None = None,
        **options: Any,
    ) -> None:
        #: the round of all rows, with its bands; without it each row brings its own. `measure` is what all their
        #: scores count, None where they count several things.
        self.inspection_round = inspection_round
        self.bands = bands
        # The state of a draft is for those who work on it; for others the source says all.
        hidden = [*self._meta.exclude] + ["status"] * (not user.sees_unapproved_results)
        super().__init__(*args, exclude=hidden, extra_columns=area_columns(divided), **options)
        self.columns["score"].column.verbose_name = measure.label if measure else _("Result")
        if not divided.has_districts and inspection_round is not None:
            self.columns["ward"].column.verbose_name = divided.units_noun
        self.empty_text = _("No ward in this round matches the filters.")

    def render_ward(self, record: Enrolment) -> SafeString:
        address = reverse("inspections:checklist", args=[record.pk])
        return format_html('<a href="{}">{}</a>', address, record.ward.title)

    def value_ward(self, record: Enrolment) -> str:
        return record.ward.title

    def render_score(self, record: Enrolment) -> SafeString:
        css = "" if record.inspection.status == Inspection.Status.APPROVED else "published"
        return format_html(
            '<span class="{}">{}<small>/{}</small></span>',
            css,
            number(record.standing_score),
            number(record.standing_maximum),
        )

    def value_score(self, record: Enrolment) -> Any:
        return record.standing_score

    def render_percent(self, record: Enrolment) -> str:
        return format_percent(self.value_percent(record))

    def value_percent(self, record: Enrolment) -> Any:
        inspection_round = self.inspection_round or record.round
        return percent_of(record.standing_score, record.standing_maximum, inspection_round.rounding)

    def _band(self, record: Enrolment) -> Band | None:
        if record.standing_score is None:
            return None
        bands = record.round.criteria_set.bands.all() if self.bands is None else self.bands
        return band_of(record.standing_score, record.standing_maximum, bands, bar=record.standing_bar)

    def render_band(self, record: Enrolment) -> SafeString:
        band = self._band(record)
        return format_html('<span class="band band-{}">{}</span>', band.position, band.label) if band else "—"

    def value_band(self, record: Enrolment) -> str:
        band = self._band(record)
        return band.label if band else ""

    def render_source(self, record: Enrolment) -> str:
        if record.inspection.status == Inspection.Status.APPROVED:
            difference = record.published_score is not None and record.standing_score - record.published_score
            if difference:
                return _("approved checklist; the report has %(score)s") % {"score": number(record.published_score)}
            return _("approved checklist")
        return _("as reported") if record.published_score is not None else "—"

    def render_status(self, record: Enrolment) -> SafeString:
        return format_html('<span class="tag {}">{}</span>', record.inspection.status, self.value_status(record))

    def value_status(self, record: Enrolment) -> str:
        inspection = record.inspection
        if not record.is_visited:
            return record.unvisited_state
        if inspection.status != Inspection.Status.DRAFT:
            return inspection.get_status_display()
        if not inspection.is_started:
            return _("not started")
        met = ngettext("%(count)d met", "%(count)d met", inspection.met_criteria) % {"count": inspection.met_criteria}
        if not inspection.open_criteria:
            return f"{met}, {_('complete')}"
        return ngettext(
            "%(met)s, %(count)d criterion left", "%(met)s, %(count)d criteria left", inspection.open_criteria
        ) % {
            "met": met,
            "count": inspection.open_criteria,
        }


class DistrictTable(EnrolmentTable):
    """The wards of one district in all its rounds; round, set and bands are read along."""

    round = tables.Column(gettext_lazy("Round"), accessor="round__name", order_by=("round__starts_on",))

    class Meta(EnrolmentTable.Meta):
        sequence = ["ward", "round", "score", "percent", "band", "source", "status"]
        exclude = ["position"]
        order_by = ("-round", "ward")
