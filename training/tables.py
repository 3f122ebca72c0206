"""The list of courses, on the page and as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.db.models import BigIntegerField, Case, Count, Q, Sum, When
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from archiveportal.templatetags.portal import at_least, day, number
from training.models import CountingUnit, Course
from training.querysets import CourseQuerySet

NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}, "tf": {"class": "number"}}


@dataclass(frozen=True)
class Total:
    """A sum over rows that are alike: of one category, organiser and unit, and all of them in the
    summary or all outside it; a row that stands alone is a sum of its own.

    Nothing else is added up: persons are not attendances (E07), and no report says whether the rows of
    one organiser are contained in those of another (E14).
    """

    category_id: int
    category: str
    organiser: str
    unit: str
    enters_summary: bool
    participants: int
    is_lower_bound: bool
    rows: int

    @property
    def organiser_label(self) -> str:
        return str(Course.Organiser(self.organiser).label)

    @property
    def unit_label(self) -> str:
        return str(CountingUnit(self.unit).label)


ALIKE = ("category_id", "category__name", "organiser", "unit", "enters_summary")


def totals(courses: CourseQuerySet) -> list[Total]:
    """Return the sums of rows not voided, one for each kind of rows that are alike, in the order of
    the categories. One query."""
    # As `Course.stands_alone` has it.
    alone = Case(When(is_baseline=True, enters_summary=False, then="pk"), default=0, output_field=BigIntegerField())
    rows = courses.standing().order_by().annotate(alone=alone).values_list("category__position", "alone", *ALIKE)
    lower_bounds = Count("pk", filter=Q(is_lower_bound=True))
    counted = rows.annotate(total=Sum("participants"), lower_bounds=lower_bounds, count=Count("pk"))
    return [
        Total(*alike, participants, bool(bounds), count)
        for _position, _alone, *alike, participants, bounds, count in sorted(counted, key=_place_of_kind)
    ]


def _place_of_kind(row: tuple[Any, ...]) -> tuple[Any, ...]:
    position, alone, category, _name, organiser, unit, enters_summary, *_sums = row
    places = Course.Organiser.values.index(organiser), CountingUnit.values.index(unit)
    return position, category, not enters_summary, *places, alone


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
    audience = _export_only("audience", gettext_lazy("For whom"))
    subjects = _export_only("subjects", gettext_lazy("Subjects"))
    fund_source = _export_only("fund_source", gettext_lazy("Source of the funds"))
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
    def standing_rows(self) -> int:
        return sum(total.rows for total in self.totals)

    @property
    def footer_label(self) -> str:
        rows = self.standing_rows
        return ngettext(
            "Total of %(count)s row, without voided ones", "Total of %(count)s rows, without voided ones", rows
        ) % {"count": number(rows)}

    @property
    def footer_totals(self) -> str:
        """Return the sum where all rows are alike; a dash where there is nothing that may be added up."""
        if not self.totals:
            return "0"
        if len(self.totals) > 1:
            return "—"
        (total,) = self.totals
        return f"{at_least(number(total.participants), total.is_lower_bound)} {total.unit_label}"

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
        text = at_least(number(record.participants), record.is_lower_bound)
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
