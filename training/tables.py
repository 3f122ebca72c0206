"""The list of courses, on the page and as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.db.models import Count, Q, Sum
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from archiveportal.templatetags.portal import day, number
from training.models import CountingUnit, Course
from training.querysets import CourseQuerySet

NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}, "tf": {"class": "number"}}


def count_text(value: int, *, is_lower_bound: bool) -> str:
    """ "hơn 400": a lower bound keeps its word."""
    return _("more than %(number)s") % {"number": number(value)} if is_lower_bound else number(value)


@dataclass(frozen=True)
class Total:
    unit: str
    participants: int
    is_lower_bound: bool
    rows: int


def totals(courses: CourseQuerySet) -> list[Total]:
    """Return the sums of rows not voided. Persons and attendances are not added to each other
    (E07)."""
    rows = (
        courses.standing()
        .order_by()
        .values("unit")
        .annotate(total=Sum("participants"), lower_bounds=Count("pk", filter=Q(is_lower_bound=True)), rows=Count("pk"))
    )
    found = [Total(row["unit"], row["total"], bool(row["lower_bounds"]), row["rows"]) for row in rows]
    return sorted(found, key=lambda total: CountingUnit.values.index(total.unit))


def _export_only(accessor: str, heading: Any) -> tables.Column:
    return tables.Column(accessor=accessor, verbose_name=heading, visible=False, default="")


class CourseTable(tables.Table):
    caption = gettext_lazy("Courses")

    name = tables.Column(
        verbose_name=gettext_lazy("Name of the course"),
        linkify=True,
        attrs={"td": {"class": "course-name"}},
        order_by=("sort_key", "pk"),
        footer=lambda table: table.footer_label,
    )
    category = tables.Column(verbose_name=gettext_lazy("Category"), order_by=("category__position", "pk"))
    organiser = tables.Column(verbose_name=gettext_lazy("Organised by"), order_by=("organiser", "pk"))
    held_from = tables.Column(
        verbose_name=gettext_lazy("Held"), empty_values=(), order_by=("held_from", "held_to", "pk")
    )
    classes = tables.Column(verbose_name=gettext_lazy("Classes"), attrs=NUMBER, order_by=("classes", "pk"))
    participants = tables.Column(
        verbose_name=gettext_lazy("Participants"),
        attrs=NUMBER,
        order_by=("participants", "pk"),
        footer=lambda table: table.footer_totals,
    )
    enters_summary = tables.Column(
        verbose_name=gettext_lazy("Enters the summary"), order_by=("enters_summary", "pk"), empty_values=()
    )
    lower_bound = tables.Column(
        accessor="is_lower_bound", verbose_name=gettext_lazy("More than"), visible=False, empty_values=()
    )
    unit = _export_only("unit", gettext_lazy("Counted in"))
    districts = tables.Column(
        accessor="pk", verbose_name=gettext_lazy("Organising districts"), visible=False, orderable=False
    )
    held_to = _export_only("held_to", gettext_lazy("Last day"))
    partner = _export_only("partner", gettext_lazy("Training institution"))
    place = _export_only("place", gettext_lazy("Place"))
    provinces = _export_only("provinces", gettext_lazy("Provinces visited"))
    organiser_share = _export_only("organiser_share", gettext_lazy("Share paid by the organiser (%)"))
    participant_share = _export_only("participant_share", gettext_lazy("Share paid by the participants (%)"))
    registered = _export_only("registered", gettext_lazy("Registered"))
    attended = _export_only("attended", gettext_lazy("Attended"))
    certified = _export_only("certified", gettext_lazy("Certified"))
    note = _export_only("note", gettext_lazy("Note"))
    void_reason = _export_only("void_reason", gettext_lazy("Voided because"))

    class Meta:
        attrs = {"class": "list cards-on-phone courses"}
        row_attrs = {"class": lambda record: "voided" if record.is_voided else ""}

    def __init__(self, courses: CourseQuerySet, **options: Any) -> None:
        super().__init__(courses, **options)
        self.totals = totals(courses)

    @property
    def footer_label(self) -> str:
        rows = sum(total.rows for total in self.totals)
        return ngettext(
            "Total of %(count)s row, without voided ones", "Total of %(count)s rows, without voided ones", rows
        ) % {"count": number(rows)}

    @property
    def footer_totals(self) -> str:
        words = [
            (count_text(total.participants, is_lower_bound=total.is_lower_bound), CountingUnit(total.unit).label)
            for total in self.totals
        ]
        return format_html_join(mark_safe(" <br>"), "{} {}", words) if words else "0"

    def render_name(self, record: Course) -> SafeString:
        tag = format_html(' <span class="tag returned">{}</span>', _("Voided")) if record.is_voided else ""
        return format_html('<span lang="vi">{}</span>{}', record.name, tag)

    def value_name(self, record: Course) -> str:
        return record.name

    def render_organiser(self, record: Course) -> SafeString:
        titles = self.value_districts(record)
        label = record.get_organiser_display()
        return format_html('{}<br><small class="soft" lang="vi">{}</small>', label, titles) if titles else label

    def value_organiser(self, record: Course) -> str:
        return str(record.get_organiser_display())

    def value_districts(self, record: Course) -> str:
        return "; ".join(district.title for district in record.organiser_districts.all())

    def render_held_from(self, record: Course) -> str:
        days = [day(value) for value in (record.held_from, record.held_to) if value]
        return " – ".join(dict.fromkeys(days)) or "—"

    def value_held_from(self, record: Course) -> Any:
        return record.held_from or ""

    def render_classes(self, value: int) -> str:
        return number(value)

    def value_classes(self, value: int) -> int:
        return value

    def render_participants(self, record: Course) -> SafeString:
        text = count_text(record.participants, is_lower_bound=record.is_lower_bound)
        return format_html('{} <br><small class="soft">{}</small>', text, record.get_unit_display())

    def value_participants(self, record: Course) -> int:
        return record.participants

    def value_unit(self, record: Course) -> str:
        return str(record.get_unit_display())

    def render_enters_summary(self, record: Course) -> str:
        return _("yes") if record.enters_summary else _("no")

    def value_enters_summary(self, record: Course) -> str:
        return self.render_enters_summary(record)

    def value_lower_bound(self, record: Course) -> str:
        return _("more than") if record.is_lower_bound else ""
