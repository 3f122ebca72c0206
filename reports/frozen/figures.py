"""The figures of a report as plain data, to be frozen and to be held against what the records say later.

Every number comes from the query function that feeds the pages. Words are Vietnamese whatever the language of the
screen: a figure is part of a document. The figures are those that leadership sees: drafts are in none of them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import Any, Protocol

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.own_words import own_lazy_vietnamese, own_words
from archiveportal.percent import format_percent, percent_of
from archiveportal.vietnamese import at_least, count_in_text, money, number
from criteria.inspections.models import Round
from criteria.measures import Measure
from criteria.outcomes import MET, answered_first
from reports.models import ReportKind, Subject
from reports.results.apart import deductions_of
from reports.results.band_sentences import band_sentence
from reports.results.bands import BandCounts, band_counts
from reports.results.cost import cost_sentence
from reports.results.criteria import CriterionCount
from reports.results.districts import DistrictScore, district_scores
from reports.results.reported import Reported, heading, reported
from reports.results.standings import StandingRow
from reports.results.table import Summary, summary
from reports.subjects import report_of
from training.breakdown import Count, split, year_of, years_of
from training.models import Scheme
from training.queries import SummaryLine, summary_lines
from training.report_sentences import UNITS, counted_on, funding_sentence, line_sentence, workforce_sentence

#: Of the figures and their words. Raise it when figures are added (`FIRST_IN`), or when a label, a member's name or
#: `of` is worded anew (`WORDED_SINCE`). Keys that were stored once stay as they are.
EDITION = 3
#: the edition that tells of units by their own reports
WITH_REPORTED = 3
#: the first edition worded as today's: a closing of an older one is compared by key and value alone
WORDED_SINCE = 1
#: keys of figures that earlier editions do not have, by their first edition
FIRST_IN = {
    2: re.compile(r"reached|deducted|bonus|unit\.\d+\.(deducted|bonus)"),
    WITH_REPORTED: re.compile(r"reported(\.\w+)*"),
}
NONE = "—"
TOTALS, BANDS, BY_CRITERION, BY_UNIT, BY_DISTRICT = (
    "Số liệu chung", "Mức hoàn thành", "Theo tiêu chí", "Theo đơn vị", "Theo quận, huyện",
)  # fmt: skip
#: before the day in the key of a figure of the workforce
WORKFORCE_KEY = "workforce."
RESULTS, BY_YEAR, FUNDS, WORKFORCE = "Kết quả so với chỉ tiêu", "Theo năm", "Kinh phí", "Đội ngũ"


@dataclass(frozen=True)
class FrozenFigure:
    """`value` is what a document prints; `members` are the units behind a count, where the report names them.

    A percentage or an average says in `of` what it follows from: numerator, denominator and the rule. The label is
    compared too, since it names units and criteria, within one edition: see EDITION.
    """

    key: str
    section: str
    label: str
    value: str
    sentence: str = ""
    members: tuple[str, ...] = ()
    of: tuple[str, str, str] | None = None


def figures_of(subject: Subject, results: Any = None) -> list[dict[str, Any]]:
    """Return all figures of the report on a round or scheme, in the order of the report, as they
    can be stored.

    `results` is what has been read already, by leadership's scope or by one that sees no drafts
    either: for a round `RoundResults`, for a scheme `SchemeResults`.
    """
    kind = report_of(subject).kind
    return _as_stored(FIGURES[kind](subject, results or READERS[kind](subject)))


def first_edition_of(key: str) -> int:
    """Return the edition of the figures that a key came with."""
    return next((edition for edition, keys in FIRST_IN.items() if keys.fullmatch(key)), 1)


def averages_of_round(results: RoundResults) -> list[dict[str, Any]]:
    """Return the figures of a round that follow from others, without making all the others."""
    noun = results.table.measure.noun
    of_districts = [_average_of_district(score, noun) for score in results.district_scores]
    return _as_stored([_average_of_round(results), *of_districts])


def _as_stored(figures: Iterable[FrozenFigure]) -> list[dict[str, Any]]:
    return [
        {**asdict(figure), "members": list(figure.members), "of": figure.of and list(figure.of)} for figure in figures
    ]


def digest_of(figures: list[dict[str, Any]]) -> str:
    """SHA-256 of the figures in one canonical form: sorted keys, no spaces, UTF-8."""
    text = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class RoundResults(Protocol):
    """The results of a round, each read once."""

    @property
    def table(self) -> Summary: ...
    @property
    def bands(self) -> BandCounts: ...
    @property
    def district_scores(self) -> list[DistrictScore]: ...
    @property
    def reported(self) -> Reported: ...


class SchemeResults(Protocol):
    """The results of a training scheme, read once."""

    @property
    def lines(self) -> list[SummaryLine]: ...


@dataclass(frozen=True)
class OwnRoundResults:
    """The results of a round, read for its figures alone."""

    table: Summary
    bands: BandCounts
    district_scores: list[DistrictScore]
    reported: Reported

    @classmethod
    def read(cls, inspection_round: Round) -> OwnRoundResults:
        """Read each of them once."""
        bands = band_counts(EVERYTHING, inspection_round)
        table, own = summary(EVERYTHING, inspection_round), reported(EVERYTHING, inspection_round, is_listed=True)
        if own:
            own.divided = table.divided
        return cls(
            table=table,
            bands=bands,
            district_scores=district_scores(EVERYTHING, inspection_round, rows=bands.rows),
            reported=own,
        )


@dataclass(frozen=True)
class OwnSchemeResults:
    lines: list[SummaryLine]

    @classmethod
    def read(cls, scheme: Scheme) -> OwnSchemeResults:
        return cls(summary_lines(scheme))


def _of_round(inspection_round: Round, results: RoundResults) -> Iterator[FrozenFigure]:
    table, bands = results.table, results.bands
    rows = bands.rows
    yield from _totals(inspection_round, results)
    for band in bands.bands:
        names = tuple(row.ward.full_in_sentence for row in band.enrolments)
        sentence = band_sentence(band)
        yield FrozenFigure(f"band.{band.band.position}", BANDS, band.band.label, number(band.count), sentence, names)
    for count in table.totals:
        yield from _criterion(count)
    deductions = deductions_of(table)
    for row in rows:
        yield _unit(row, inspection_round.rounding, table.measure)
        for column, value in deductions.get(row.pk, []):
            label = f"{row.ward.full_title}: {column.heading.lower()}"
            yield FrozenFigure(f"unit.{row.ward_id}.{column.name}", BY_UNIT, label, number(value))
    for district in results.district_scores:
        yield from _district(district, table.measure.noun)
    if results.reported:
        yield from _by_report(results.reported, table.measure)


def _by_report(own: Reported, measure: Measure) -> Iterator[FrozenFigure]:
    """Yield the figures of units by their own accepted reports: none of them is in another figure."""
    rows = list(own.rows())
    names = tuple(", ".join(filter(None, [row.ward, row.area])) for row in rows)
    section = heading()
    units, reader = count_in_text(own.total.units), own_words("vi").division_word
    sentence = f"Có {units} đơn vị tự kiểm tra, báo cáo, {reader} đã chấp nhận, chưa kiểm tra."
    yield FrozenFigure("reported", section, "Đơn vị tự báo cáo", number(own.total.units), sentence, names)
    words = {"section": section, "noun": measure.noun}
    yield _average("reported.average", "Bình quân theo báo cáo", own.total, **words)
    for band, count in own.by_band:
        members = tuple(name for row, name in zip(rows, names, strict=True) if row.band == band)
        yield FrozenFigure(f"reported.band.{band.position}", section, band.label, number(count), members=members)
    for of_area in own.sums if own.divided else []:
        key = f"reported.area.{of_area.area.code if of_area.area else 0}"
        title = of_area.area.title if of_area.area else own.divided.rest_on_paper
        yield FrozenFigure(key, section, f"{title}: đơn vị tự báo cáo", number(of_area.units))
        yield _average(f"{key}.average", f"{title}: bình quân theo báo cáo", of_area, **words)
    for row, name in zip(rows, names, strict=True):
        value = f"{number(row.score)}/{number(row.maximum)}"
        yield FrozenFigure(f"reported.unit.{row.ward_id}", section, name, value)


def _totals(inspection_round: Round, results: RoundResults) -> Iterator[FrozenFigure]:
    table, rows = results.table, results.bands.rows
    scores = table.scores
    approved = [row for row in rows if row.is_approved]
    counted = [criterion for criterion in table.columns if criterion.is_counted]
    in_text = count_in_text(scores.enrolled)
    yield FrozenFigure("enrolled", TOTALS, "Đơn vị tham gia", number(scores.enrolled), f"Có {in_text} đơn vị tham gia.")
    districts = {row.ward.district_id for row in rows if row.ward.district_id}
    yield FrozenFigure("districts", TOTALS, "Quận, huyện có đơn vị tham gia", number(len(districts)))
    sentence = f"Có {count_in_text(scores.scored)}/{in_text} đơn vị có kết quả."
    yield FrozenFigure("scored", TOTALS, "Đơn vị có kết quả", number(scores.scored), sentence)
    yield FrozenFigure("approved", TOTALS, "Phiếu kiểm tra đã phê duyệt", number(len(approved)))
    yield FrozenFigure("criteria", TOTALS, "Số tiêu chí", number(len(counted)))
    yield FrozenFigure("points", TOTALS, "Tổng số điểm", number(scores.points))
    for column, value in zip(table.apart, table.apart_totals, strict=True):
        yield FrozenFigure(column.name, TOTALS, column.heading, NONE if value is None else number(value))
    yield _average_of_round(results)
    yield _cost(inspection_round, scores.enrolled)


def _average_of_round(results: RoundResults) -> FrozenFigure:
    table = results.table
    return _average("average", "Bình quân", table.scores, section=TOTALS, noun=table.measure.noun)


def _cost(inspection_round: Round, enrolled: int) -> FrozenFigure:
    if inspection_round.funding is None:
        return FrozenFigure("funding", TOTALS, "Kinh phí", NONE)
    sentence = f"{cost_sentence(inspection_round, f'{count_in_text(enrolled)} đơn vị')}." if enrolled else ""
    return FrozenFigure("funding", TOTALS, "Kinh phí", money(inspection_round.funding), sentence)


class AverageSource(Protocol):
    """What an average follows from: of a round, or of a district."""

    @property
    def points(self) -> Decimal | None: ...
    @property
    def scored(self) -> int: ...
    @property
    def average(self) -> Decimal | None: ...


def _average(key: str, label: str, scores: AverageSource, *, section: str, noun: str) -> FrozenFigure:
    if scores.average is None:
        return FrozenFigure(key, section, label, NONE)
    value = number(scores.average, 2)
    units = count_in_text(scores.scored)
    sentence = f"Bình quân {value} {noun} trên {units} đơn vị có kết quả."
    of = (_plain(scores.points), str(scores.scored), "mean")
    return FrozenFigure(key, section, label, value, sentence, of=of)


def _plain(value: Decimal | int | None) -> str:
    """The same text on both databases: 308, not 308.00."""
    return f"{Decimal(value or 0).normalize():f}"


def _criterion(count: CriterionCount) -> Iterator[FrozenFigure]:
    criterion = count.criterion
    key, name = f"criterion.{criterion.code}", str(criterion)
    if not criterion.has_outcome:
        yield FrozenFigure(f"{key}.facts", BY_CRITERION, f"{name}: số đơn vị có số liệu", number(count.facts))
        if count.fact_sum is not None:
            yield FrozenFigure(f"{key}.sum", BY_CRITERION, f"{name}: tổng số", number(count.fact_sum))
        return
    sentence = _sentence_on(count)
    for outcome in answered_first():
        wards = count.count_of(outcome)
        # A closing names the kinds that some sets do not offer only where they were given.
        if wards or not (outcome.offered_by or outcome.is_derived):
            label = f"{name}: {outcome.in_sentence}"
            said = sentence if outcome.code == MET else ""
            yield FrozenFigure(f"{key}.{outcome.name}", BY_CRITERION, label, number(wards), said)


def _sentence_on(count: CriterionCount) -> str:
    """Return how many wards meet a criterion, of those it applies to; blank while nothing is known."""
    if not count.applicable:
        return ""
    share = f"{count_in_text(count.met)}/{count_in_text(count.applicable)}"
    left_out = f"; {count_in_text(count.not_applicable)} đơn vị không áp dụng" if count.not_applicable else ""
    return f"Có {share} đơn vị đạt tiêu chí “{count.criterion.name}”{left_out}."


def _unit(row: StandingRow, rounding: str, measure: Measure) -> FrozenFigure:
    score, maximum = row.standing_score, row.standing_maximum
    if score is None:
        return FrozenFigure(f"unit.{row.ward_id}", BY_UNIT, row.ward.full_title, NONE)
    value = f"{number(score)}/{number(maximum)}"
    name = row.ward.full_in_sentence
    percent = percent_of(score, maximum, rounding)
    share = f" ({format_percent(percent)})" if percent is not None else ""
    sentence = f"{name[:1].upper()}{name[1:]} đạt {value} {measure.noun}{share}."
    return FrozenFigure(f"unit.{row.ward_id}", BY_UNIT, row.ward.full_title, value, sentence)


def _names_of_district(score: DistrictScore) -> tuple[str, str]:
    if score.district is None:
        return "district.0", "Đơn vị không thuộc quận, huyện"
    return f"district.{score.district.pk}", score.district.title


def _district(score: DistrictScore, noun: str) -> Iterator[FrozenFigure]:
    key, name = _names_of_district(score)
    yield FrozenFigure(f"{key}.enrolled", BY_DISTRICT, f"{name}: đơn vị tham gia", number(score.enrolled))
    yield FrozenFigure(f"{key}.scored", BY_DISTRICT, f"{name}: đơn vị có kết quả", number(score.scored))
    yield _average_of_district(score, noun)


def _average_of_district(score: DistrictScore, noun: str) -> FrozenFigure:
    key, name = _names_of_district(score)
    return _average(f"{key}.average", f"{name}: bình quân", score, section=BY_DISTRICT, noun=noun)


def _of_scheme(scheme: Scheme, results: SchemeResults) -> Iterator[FrozenFigure]:
    lines = results.lines
    for line in lines:
        yield from _line(line)
    years = years_of(scheme, list(chain.from_iterable(line.courses for line in lines)))
    for line in lines:
        by_year = split(line.courses, year_of)
        for year in years:
            if year in by_year:
                name = f"{line.category.name}, " + (f"năm {year}" if year else "không rõ năm")
                yield FrozenFigure(f"line.{line.category.code}.{year or 0}", BY_YEAR, name, _people(by_year[year]))
    yield from _funds(scheme)
    for count in scheme.workforce_counts.all():
        key, when = f"{WORKFORCE_KEY}{count.counted_on}", counted_on(count)
        sentence = workforce_sentence(count)
        yield FrozenFigure(f"{key}.total", WORKFORCE, f"Tổng số, {when}", number(count.total), sentence)
        qualified = number(count.qualified)
        yield FrozenFigure(f"{key}.qualified", WORKFORCE, f"Có trình độ chuyên ngành, {when}", qualified)
        share = FrozenFigure(f"{key}.percent", WORKFORCE, f"Tỷ lệ, {when}", NONE)
        yield _with_percent(share, scheme.rounding, of=(count.qualified, count.total))


def _people(count: Count) -> str:
    return at_least(number(count.people), is_lower_bound=count.is_lower_bound)


def _line(line: SummaryLine) -> Iterator[FrozenFigure]:
    key, name, done = f"line.{line.category.code}", line.category.name, line.attainment
    actual = _people(Count(done.actual, done.is_lower_bound))
    label = f"{name}: kết quả ({UNITS[line.category.unit]})"
    yield FrozenFigure(f"{key}.actual", RESULTS, label, actual, line_sentence(line))
    target = NONE if done.target is None else number(done.target)
    yield FrozenFigure(f"{key}.target", RESULTS, f"{name}: chỉ tiêu", target)
    share = FrozenFigure(f"{key}.percent", RESULTS, f"{name}: tỷ lệ so với chỉ tiêu", NONE)
    share = _with_percent(share, done.rounding, of=(done.actual, done.target))
    yield replace(share, value=at_least(share.value, is_lower_bound=done.is_lower_bound and share.of is not None))


def _with_percent(figure: FrozenFigure, rounding: str, *, of: tuple[int, int | None]) -> FrozenFigure:
    """Fill in a percentage, where there is one, with what it follows from."""
    numerator, denominator = of
    percent = percent_of(numerator, denominator, rounding)
    if percent is None:
        return figure
    follows_from = (str(numerator), str(denominator), str(rounding))
    return replace(figure, value=format_percent(percent), of=follows_from)


def _funds(scheme: Scheme) -> Iterator[FrozenFigure]:
    fundings = list(scheme.fundings.order_by("pk"))
    for funding in fundings:
        key = f"funding.{funding.source}"
        yield FrozenFigure(key, FUNDS, str(SOURCES[funding.source]), money(funding.amount), funding_sentence(funding))
    if fundings:
        yield FrozenFigure("funding", FUNDS, "Tổng kinh phí", money(sum(funding.amount for funding in fundings)))


SOURCES = {
    "city": own_lazy_vietnamese("Ngân sách %(area_word)s"),
    "district": "Ngân sách quận, huyện",
    "agency": "Kinh phí của cơ quan, tổ chức",
    "commune": "Ngân sách phường, xã, đặc khu",
}


#: each takes the subject of its own kind
FIGURES: dict[ReportKind, Callable[[Any, Any], Iterator[FrozenFigure]]] = {
    ReportKind.ROUND: _of_round,
    ReportKind.SCHEME: _of_scheme,
}
READERS: dict[ReportKind, Callable[[Any], Any]] = {
    ReportKind.ROUND: OwnRoundResults.read,
    ReportKind.SCHEME: OwnSchemeResults.read,
}
