"""The records behind a number: which wards, and the sentence of the report that names them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.accounts.models import User
from archiveportal.vietnamese import count_in_text, number
from criteria.inspections.lists.filters import PUBLISHED
from criteria.inspections.lists.tables import EnrolmentTable
from criteria.inspections.models import Enrolment, Inspection
from criteria.inspections.queries.areas import Area
from criteria.inspections.querysets import EnrolmentQuerySet
from criteria.measures import CRITERIA, Measure
from criteria.models import Band, Criterion
from criteria.outcomes import OUTCOMES, outcome_named, outcome_of, query_choices
from reports.results.band_sentences import NAMED, extent
from reports.results.bands import BandCount
from reports.rounds.cells import mark
from reports.rounds.filters import SummaryFilter
from wards.models import Ward

YES_NO = [("1", gettext_lazy("yes")), ("0", gettext_lazy("no"))]


class UnitsFilter(SummaryFilter):
    """Every number about wards is one of these choices. Rows carry `answer` once a criterion is chosen."""

    scored = django_filters.ChoiceFilter(label=gettext_lazy("With a score"), method="filter_scored", choices=YES_NO)
    score = django_filters.NumberFilter(label=gettext_lazy("Criteria met"), method="filter_score", min_value=0)
    at_least = django_filters.NumberFilter(label=gettext_lazy("From percent"), method="filter_share", min_value=0)
    under = django_filters.NumberFilter(label=gettext_lazy("Under percent"), method="filter_share", min_value=0)
    criterion = django_filters.ChoiceFilter(label=gettext_lazy("Criterion"), method="filter_criterion", choices=[])
    answer = django_filters.ChoiceFilter(label=gettext_lazy("Answer"), method="filter_answer", choices=[])

    def __init__(self, *args: Any, criteria: list[Criterion], measure: Measure, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["score"].label = measure.label
        names = [(criterion.code, criterion.numbered_heading) for criterion in criteria]
        self.filters["criterion"].extra["choices"] = names
        self.filters["answer"].extra["choices"] = query_choices(OUTCOMES.values())

    @property
    def chosen(self) -> dict[str, Any] | None:
        """Read the parameters of the address; None where one cannot be read."""
        if not self.form.is_bound:
            return {}
        if not self.form.is_valid():
            return None
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")}

    def filter_scored(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(standing_score__isnull=value == "0")

    def filter_score(self, queryset: QuerySet, name: str, value: Decimal) -> QuerySet:
        return queryset.filter(standing_score=value)

    def filter_share(self, queryset: EnrolmentQuerySet, name: str, value: Decimal) -> EnrolmentQuerySet:
        """A band has the same two bounds, so that both are cut by the same rule."""
        bounds = (
            {"lower_percent": value} if name == "at_least" else {"lower_percent": Decimal(0), "upper_percent": value}
        )
        return queryset.in_band(Band(**bounds))

    def filter_criterion(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset

    def filter_answer(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(answer=outcome_named(value).code)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        if asked.get("answer") and not asked.get("criterion"):
            self.form.add_error("answer", _("Choose the criterion that this answers."))
        return super().filter_queryset(queryset)


class UnitsTable(EnrolmentTable):
    """With the answer to a criterion where one is chosen."""

    answer = tables.Column(gettext_lazy("Answer"), empty_values=(), order_by=("answer", "position"))

    class Meta(EnrolmentTable.Meta):
        sequence = ["position", "ward", "...", "answer", "score", "percent", "band", "source", "status"]

    def __init__(self, *args: Any, criterion: Criterion | None, **options: Any) -> None:
        super().__init__(*args, **options)
        #: left out of the workbook as well
        self.screen_only = [] if criterion else ["answer"]
        if criterion is None:
            self.columns.hide("answer")

    def render_answer(self, record: Enrolment) -> str:
        return mark(record.answer, word=True)

    def value_answer(self, record: Enrolment) -> str:
        return str(outcome_of(record.answer).label)


STATUSES = {
    "not_started": "chưa bắt đầu lập phiếu kiểm tra",
    "under_way": "đang lập phiếu kiểm tra",
    Inspection.Status.SIGNED: "đã ký biên bản kiểm tra",
    Inspection.Status.SUBMITTED: "có phiếu kiểm tra đang trình duyệt",
    Inspection.Status.RETURNED: "có phiếu kiểm tra được trả lại để bổ sung",
    Inspection.Status.APPROVED: "có phiếu kiểm tra đã được phê duyệt",
    PUBLISHED: "có kết quả theo báo cáo",
}


def units_sentence(
    found: QuerySet[Enrolment],
    chosen: dict[str, Any] | None,
    *,
    user: User,
    area: Area | None = None,
    bands: list[BandCount],
    criterion: Criterion | None,
    total: int,
) -> str:
    """ "Có 09 đơn vị hoàn thành từ 12 đến 22/23 tiêu chí, gồm: ..." for whatever was chosen, in Vietnamese always.

    Blank where the wards were chosen by a part of their name, which no report would say, or by something unreadable.
    """
    if chosen is None or "q" in chosen:
        return ""
    place = area or user.district
    kind = dict(Ward.Kind.choices)[chosen["kind"]].lower() if "kind" in chosen else "đơn vị"
    beginning = f"{place.title} có" if place else "Có"
    words = ", ".join(_conditions(chosen, bands, criterion)) or "tham gia đợt kiểm tra"
    sentence = f"{beginning} {count_in_text(total)} {kind} {words}"
    if not total or total > NAMED:
        return f"{sentence}."
    return f"{sentence}, gồm: {'; '.join(row.ward.full_in_sentence for row in found.order_by('position'))}."


def _conditions(chosen: dict[str, Any], bands: list[BandCount], criterion: Criterion | None) -> list[str]:
    conditions = []
    measure = bands[0].measure if bands else CRITERIA
    if "band" in chosen:
        conditions.append(next(extent(count) for count in bands if str(count.band.pk) == chosen["band"]))
    if "score" in chosen:
        conditions.append(f"đạt {measure.out_of(chosen['score'], bands[0].maximum if bands else None)}")
    if "at_least" in chosen:
        under = f" đến dưới {number(chosen['under'])}%" if chosen.get("under", 101) <= 100 else ""
        conditions.append(f"đạt từ {number(chosen['at_least'])}%{under} số {measure.noun}")
    elif "under" in chosen:
        conditions.append(f"đạt dưới {number(chosen['under'])}% số {measure.noun}")
    if "scored" in chosen:
        conditions.append("có kết quả" if chosen["scored"] == "1" else "chưa có kết quả")
    if "status" in chosen:
        conditions.append(STATUSES[chosen["status"]])
    if criterion and "answer" in chosen:
        conditions.append(f"{outcome_named(chosen['answer']).about_units} tiêu chí “{criterion.name}”")
    return conditions
