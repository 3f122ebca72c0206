"""Sentences for the passages of a report, drawn from the records; a person takes them in or not.

For the two reports that were issued, their own passages are proposed too: they hold what no record has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from archiveportal.percent import format_percent, percent_of
from archiveportal.vietnamese import count_in_text, document_date, number
from criteria.inspections.models import Finding
from criteria.inspections.querysets import overdue
from criteria.scoring import BONUS
from reports.documents.context import NAMED, RoundContext, SchemeContext, names_by_district
from reports.documents.passages import issued_passages
from reports.models import PassageVersion, ReportKind
from reports.results.criteria import CriterionCount
from reports.results.holdings_sentences import holdings_paragraph
from reports.subjects import Report
from training.models import WorkforceCount
from training.report_sentences import line_sentence

#: so many criteria, and so many findings, are named in a sentence
FEW, FINDINGS = 5, 20


class Origin(TextChoices):
    RECORDS = "records", _("from the records")
    PRINTED = "printed", _("from the issued report")


@dataclass(frozen=True)
class Proposal:
    """`key` is the passage that the text is meant for."""

    key: str
    text: str
    origin: str = Origin.RECORDS

    @property
    def digest(self) -> str:
        """Once the data change, the text is another one, and so is the proposal."""
        return hashlib.blake2s(f"{self.key}\n{self.text}".encode(), digest_size=16).hexdigest()

    @property
    def origin_label(self) -> str | Promise:
        return Origin(self.origin).label


def proposals(context: RoundContext | SchemeContext) -> list[Proposal]:
    """Return all proposals, in the order of the passages. In Vietnamese, as the documents are."""
    report = context.report
    texts = [*_printed(report), *FROM_RECORDS[report.kind](context)]
    return [Proposal(key, text, origin) for key, text, origin in texts if text]


def _printed(report: Report) -> list[tuple[str, str, str]]:
    """Return what was issued, unless some version of its passage has it.

    `load_baseline` stores it where nobody wrote.
    """
    issued = issued_passages(report.printed_report)
    if not issued:
        return []
    written = PassageVersion.objects.filter(**report.owner_of_passage)
    versions = list(written.values_list("passage__key", "text"))
    return [
        (key, text, Origin.PRINTED)
        for key, text in issued.items()
        if not any(key == place and text in version for place, version in versions)
    ]


def _of_round(context: RoundContext) -> list[tuple[str, str, str]]:
    texts = [
        ("achieved", _most_met(context)),
        ("limits", _least_met(context)),
        ("limits", _unscored(context)),
        ("limits", _overdue(context)),
        ("limits", holdings_paragraph(context.holdings)),
        ("directions", _push(context)),
    ]
    return [(key, text, Origin.RECORDS) for key, text in texts]


def _share(count: CriterionCount, rounding: str) -> str:
    percent = format_percent(percent_of(count.met, count.applicable, rounding))
    units = "đơn vị áp dụng" if count.not_applicable else "đơn vị"
    return f"{count.criterion.name_on_paper} ({count.met}/{count.applicable} {units}, {percent})"


def _least_met(context: RoundContext) -> str:
    """Return the criteria least often met, of the wards they apply to; equal ones in the order of
    the set."""
    if not context.tells_of_criteria:
        return ""
    counts = [count for count in context.criteria if count.not_met and count.criterion.sign != BONUS]
    counts = sorted(counts, key=lambda count: count.percent or Decimal(0))[:FEW]
    if not counts:
        return ""
    shares = "; ".join(_share(count, context.round.rounding) for count in counts)
    return f"Các tiêu chí có ít đơn vị đạt nhất{_coverage(context)}: {shares}."


def _coverage(context: RoundContext) -> str:
    """Nothing where every ward has an approved checklist."""
    is_whole = context.approved == len(context.enrolments)
    return "" if is_whole else f" (tính trên {context.coverage} có phiếu kiểm tra được phê duyệt)"


def _most_met(context: RoundContext) -> str:
    """Not before half of the wards are assessed: "all of them" is said of one otherwise."""
    if not context.tells_of_criteria:
        return ""
    counts = [count for count in context.criteria if count.met and not count.not_met and count.applicable > 1]
    # That nothing was taken off is no criterion met.
    counts = [count for count in counts if not count.criterion.sign]
    if not counts:
        return ""
    names = "; ".join(count.criterion.name for count in counts[:FEW])
    more = f" và {count_in_text(len(counts) - FEW)} tiêu chí khác" if len(counts) > FEW else ""
    return f"Tất cả các đơn vị thuộc diện áp dụng đều đạt{_coverage(context)}: {names}{more}."


def _unscored(context: RoundContext) -> str:
    unscored = context.bands.unscored
    if not unscored:
        return ""
    names = f": {names_by_district(unscored)}" if len(unscored) <= NAMED else ""
    return f"Còn {count_in_text(len(unscored))} đơn vị chưa có kết quả kiểm tra{names}."


def _findings(context: RoundContext) -> QuerySet[Finding]:
    findings = Finding.objects.visible_to(context.user).filter(overdue(), inspection__enrolment__round=context.round)
    return findings.filter(published_at__isnull=False)


def _overdue(context: RoundContext) -> str:
    findings = (
        _findings(context).select_related("criterion", "inspection__enrolment__ward__district").order_by("due_on", "pk")
    )
    listed = list(findings[: FINDINGS + 1])
    if not listed:
        return ""
    count = findings.count()
    names = "; ".join(
        f"{finding.inspection.enrolment.ward.full_in_sentence}: {finding.criterion.name} "
        # What is overdue has a deadline.
        f"(hạn {document_date(finding.due_on)})"  # type: ignore[arg-type]
        for finding in listed[:FINDINGS]
    )
    more = f"; và {count_in_text(count - FINDINGS)} kiến nghị khác" if count > FINDINGS else ""
    today = document_date(timezone.localdate())
    return f"Đến ngày {today} còn {count_in_text(count)} kiến nghị quá hạn khắc phục: {names}{more}."


def _push(context: RoundContext) -> str:
    count = _findings(context).values("inspection__enrolment__ward").distinct().count()
    if not count:
        return ""
    return (
        f"Đề nghị UBND {count_in_text(count)} {context.units} có kiến nghị quá hạn khẩn trương khắc phục và báo cáo "
        f"kết quả về {context.office.name}."
    )


def _verdict(percent: Decimal, *, is_lower_bound: bool) -> str:
    if percent > 100 or (percent == 100 and is_lower_bound):
        return "vượt chỉ tiêu"
    if is_lower_bound:
        return "chưa có số chính xác để kết luận đạt hay chưa đạt chỉ tiêu"
    return "đạt chỉ tiêu" if percent == 100 else "chưa đạt chỉ tiêu"


def _of_scheme(context: SchemeContext) -> list[tuple[str, str, str]]:
    texts: list[tuple[str, str, str]] = []
    for line in context.lines:
        percent = line.attainment.percent
        if percent is None:
            continue
        key = "limits" if percent < 100 else "achieved"
        sentence = line_sentence(line).rstrip(".")
        verdict = _verdict(percent, is_lower_bound=line.attainment.is_lower_bound)
        texts.append((key, f"{sentence} ({verdict}).", Origin.RECORDS))
    counts = list(context.scheme.workforce_counts.order_by("counted_on"))
    if len(counts) > 1:
        first, last = counts[0], counts[-1]
        texts.append(
            (
                "workforce",
                f"Từ {_counted_on(first)} đến {_counted_on(last)}, số CB.CC.VC làm công tác "
                f"VTLT từ {number(first.total)} thành {number(last.total)} người; có trình độ chuyên ngành VTLT từ "
                f"{number(first.qualified)} thành {number(last.qualified)} người.",
                Origin.RECORDS,
            )
        )
    return texts


def _counted_on(count: WorkforceCount) -> str:
    day = document_date(count.counted_on)
    return f"báo cáo ngày {day}" if count.is_day_inferred else day


#: each takes the context of its own kind
FROM_RECORDS: dict[ReportKind, Callable[[Any], list[tuple[str, str, str]]]] = {
    ReportKind.ROUND: _of_round,
    ReportKind.SCHEME: _of_scheme,
}
