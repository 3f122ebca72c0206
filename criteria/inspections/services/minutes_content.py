"""The content of minutes as plain values: kept at signing, printed in Word and on the page,
digested.

The words are Vietnamese whatever the language of the screen: the paper is an official document.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from archiveportal.office.queries import issuer_of
from archiveportal.vietnamese import document_date, number
from criteria.facts import fact_in_words
from criteria.given import given_in_documents, points_in_documents
from criteria.inspections.models import (
    DistantCheck,
    Finding,
    Inspection,
    Minutes,
    Result,
    Round,
    RoundDocument,
)
from criteria.inspections.services.distant import is_distant_unit
from criteria.inspections.services.minutes_decree import by_the_decree
from criteria.leaves import answered_of, is_in_points, leaves_of
from criteria.models import Criterion
from criteria.outcomes import outcome_of
from criteria.scoring import Rules, rules_of

DOCUMENTS: dict[str, str] = {RoundDocument.Kind.PLAN: "Kế hoạch", RoundDocument.Kind.DECISION: "Quyết định"}
#: the characters of the digest that are printed on the paper
CHECK_LENGTH = 8
#: behind an answer that nobody looked at on the spot
FROM_A_DISTANCE = "xác minh từ xa"
#: what a line has of these, papers name its criterion by
NUMBERS = ("number", "shown_number", "listed_number")


def content_of(minutes: Minutes) -> dict[str, Any]:
    """Return the minutes and the record as they are now. Signed ones keep theirs: see `printed`."""
    inspection = minutes.inspection
    enrolment = inspection.enrolment
    content = {
        "sequence": minutes.sequence,
        "reason": minutes.reason,
        "round": enrolment.round.name,
        "documents": _documents(enrolment.round),
        "ward": enrolment.ward.full_in_sentence,
        "office": enrolment.ward.body,
        "team": enrolment.team.name if enrolment.team else "",
        "started_at": _moment(minutes.started_at),
        "ended_at": _moment(minutes.ended_at),
        "place": minutes.place,
        "participants": [
            {"side": each.side, "part": each.part, "full_name": each.full_name, "position": each.position}
            for each in minutes.participants.all()
        ],
        "ward_remarks": minutes.ward_remarks,
        "recommendations": minutes.recommendations,
        "copies": minutes.copies,
    }
    content |= by_the_decree(minutes) | record_of(inspection)
    if is_distant_unit(enrolment):
        content["is_distant"] = True
    if not content["inspected_on"] and (day := day_in_minutes(inspection)):
        # The signing takes it over; what is printed before says the same.
        content["inspected_on"] = day.isoformat()
    if minutes.is_supplement and (base := _base(minutes)):
        assert base.signed_on, "signed minutes have their day"
        content["base"] = {"code": base.code, "signed_on": base.signed_on.isoformat()}
        content["changes"] = differences(base.content, content)
    return content


def day_in_minutes(inspection: Inspection) -> datetime.date | None:
    """Return the day on which the visit began, as its minutes or the first of their supplements
    say."""
    begun = inspection.minutes.filter(started_at__isnull=False).order_by("sequence")
    start = begun.values_list("started_at", flat=True).first()
    return timezone.localdate(start) if start else None


def record_of(inspection: Inspection) -> dict[str, Any]:
    """Return the part of the content that is compared with signed minutes: day, answers,
    recommendations."""
    results = {result.criterion_id: result for result in inspection.results.all()}
    findings = inspection.findings.exclude(status=Finding.Status.WITHDRAWN)
    findings = findings.select_related("criterion").order_by("criterion__position", "pk")
    criteria_set = inspection.enrolment.round.criteria_set
    criteria = leaves_of(criteria_set)
    points = {"points": _points(inspection, criteria)} if is_in_points(criteria, criteria_set) else {}
    rules = rules_of(criteria_set) if points else None
    lines = [_line(criterion, results.get(criterion.pk), rules) for criterion in answered_of(criteria)]
    numbers = {criterion.pk: _numbers(criterion) for criterion in criteria}
    return {
        "inspected_on": inspection.inspected_on.isoformat() if inspection.inspected_on else "",
        "lines": _marked(lines, inspection),
        "findings": [
            {
                "code": finding.criterion.code,
                **numbers[finding.criterion_id],
                "name": finding.criterion.name_on_paper,
                "recommendation": finding.draft_recommendation,
                "due_on": finding.draft_due_on.isoformat() if finding.draft_due_on else "",
            }
            for finding in findings
        ],
    } | points


def _marked(lines: list[dict[str, Any]], inspection: Inspection) -> list[dict[str, Any]]:
    """Mark the single criteria that were verified from a distance; of a unit of that way the paper says it once."""
    if is_distant_unit(inspection.enrolment):
        return lines
    marked = DistantCheck.objects.filter(inspection=inspection, is_distant=True)
    codes = set(marked.values_list("criterion__code", flat=True))
    return [line | {"is_distant": True} if line["code"] in codes else line for line in lines]


def _points(inspection: Inspection, criteria: Iterable[Criterion]) -> dict[str, str]:
    """Return the points as the paper prints them, deductions and bonuses apart."""
    signs = {criterion.sign for criterion in criteria}
    points = {"score": number(inspection.score.normalize()), "maximum": number(inspection.maximum.normalize())}
    if Criterion.Sign.DEDUCTION in signs:
        points["deducted"] = number(inspection.deducted.normalize())
    if Criterion.Sign.BONUS in signs:
        points["bonus"] = number(inspection.bonus.normalize())
    return points


def printed(minutes: Minutes) -> dict[str, Any]:
    """Return the content of the paper: as signed, or as it would be printed now."""
    return minutes.content if minutes.signed_at else content_of(minutes)


def digest_of(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def check_of(digest: str) -> str:
    """Return the part of the digest that is printed in the foot: "3F9A21BC"."""
    return digest[:CHECK_LENGTH].upper()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the changes between two records: {code, number, name, before, after}, by criterion;
    day first."""
    differing: list[dict[str, Any]] = []
    if before["inspected_on"] != after["inspected_on"]:
        days: dict[str, Any] = {"before": _day(before["inspected_on"]), "after": _day(after["inspected_on"])}
        differing.append({"code": "", "number": None, "name": "Ngày kiểm tra"} | days)
    for kind, words in (("lines", answer_in_words), ("findings", finding_in_words)):
        old = {line["code"]: line for line in before[kind]}
        new = {line["code"]: line for line in after[kind]}
        for code in dict.fromkeys([*new, *old]):
            was, now = (words(lines[code]) if code in lines else "Không có" for lines in (old, new))
            if was != now:
                line = new.get(code) or old[code]
                name = line["name"] if kind == "lines" else f"Kiến nghị: {line['name']}"
                about = {key: line[key] for key in NUMBERS if key in line}
                differing.append({"code": code, **about, "name": name, "before": was, "after": now})
    return differing


def answer_in_words(line: Mapping[str, Any]) -> str:
    parts = [outcome_of(line["outcome"]).word] if line["has_outcome"] else []
    parts += [line["given"]] if line.get("given") else []
    parts += [line["fact"]] if line["fact"] else []
    parts += [FROM_A_DISTANCE] if line.get("is_distant") else []
    parts += [f"Ghi chú: {line['note']}"] if line["note"] else []
    return "; ".join(parts) or "Chưa ghi"


REPORTED = "; báo cáo kết quả"
#: what ends a sentence
ENDS = (".", "!", "?", "…")


def finding_in_words(finding: Mapping[str, Any]) -> str:
    text, due = finding["recommendation"], finding["due_on"]
    if not due:
        return text
    # A sentence that ends with the report of the result has the day before it, as officials write it.
    if REPORTED in text:
        before, after = text.rsplit(REPORTED, 1)
        return f"{before}; hoàn thành trước ngày {_day(due)}, báo cáo kết quả{after}"
    sentence = text.rstrip(" ;,")
    stop = "" if sentence.endswith(ENDS) else "."
    return f"{sentence}{stop} Thời hạn khắc phục: {_day(due)}."


def _line(criterion: Criterion, result: Result | None, rules: Rules | None) -> dict[str, Any]:
    """Return a criterion with its answer. What only some sets have is a part only where they have it: the
    digests of minutes signed before stay."""
    line = {
        "code": criterion.code,
        **_numbers(criterion),
        "name": criterion.name_on_paper,
        "is_counted": criterion.is_counted,
        "has_outcome": criterion.has_outcome,
        "outcome": result.outcome if result else "",
        "fact": _fact(criterion, result) if result else "",
        "note": result.note if result else "",
    }
    if rules and not criterion.is_derived and (brought := points_in_documents(criterion, result, rules)):
        line["brings"] = brought
    if criterion.is_derived:
        line["given"], line["fact"] = given_in_documents(criterion, result), ""
    if criterion.sign:
        line["sign"] = criterion.sign
    return line


def _numbers(criterion: Criterion) -> dict[str, Any]:
    """Return the numbers of a criterion: the running one, as printed, and as lists without headings have it."""
    numbers = {
        "number": criterion.number,
        "shown_number": criterion.printed_number,
        "listed_number": criterion.number_with_headings,
    }
    return {key: value for key, value in numbers.items() if value or key == "number"}


def _fact(criterion: Criterion, result: Result) -> str:
    return fact_in_words(criterion, result.number, result.text, label=criterion.fact_label)


def _documents(inspection_round: Round) -> list[str]:
    """Return the decision and the plan that the team works by: "Quyết định số 12/QĐ-SNV ngày
    03/02/2026 của Sở Nội vụ về thành lập Đoàn kiểm tra"."""
    documents = inspection_round.documents.filter(kind__in=DOCUMENTS, voided_at__isnull=True).order_by(
        "issued_on", "pk"
    )
    return [
        f"{DOCUMENTS[each.kind]} số {each.number} ngày {document_date(each.issued_on)}"
        + (f" của {issuer}" if (issuer := issuer_of(each.number, each.issued_on)) else "")
        + _about(each.title, DOCUMENTS[each.kind])
        for each in documents
    ]


def _about(title: str, kind: str) -> str:
    """ "Kế hoạch kiểm tra năm 2026" of a plan is " về kiểm tra năm 2026"."""
    for beginning in (kind, "về việc", "về"):
        if title.lower().startswith(f"{beginning.lower()} "):
            title = title[len(beginning) :].strip()
    # A word becomes small, an abbreviation does not.
    if title[1:2].islower():
        title = title[0].lower() + title[1:]
    return f" về {title}" if title else ""


def _base(minutes: Minutes) -> Minutes | None:
    """Return the signed minutes that a supplement adds to."""
    earlier = Minutes.objects.filter(inspection=minutes.inspection_id, signed_at__isnull=False)
    return earlier.filter(sequence__lt=minutes.sequence).order_by("-sequence").first()


def _moment(value: datetime.datetime | None) -> str:
    return f"{timezone.localtime(value):%Y-%m-%dT%H:%M}" if value else ""


def _day(text: str) -> str:
    return document_date(datetime.date.fromisoformat(text)) if text else "chưa ghi"
