"""The fields that a Word template of a report may name, and what each of them is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from archiveportal.own_words import own_lazy
from archiveportal.vietnamese import count_in_text, money, number
from archiveportal.word.writer import Block
from reports.documents import round_report, scheme_report
from reports.documents.context import RoundContext, SchemeContext
from reports.documents.own import SHIPPED
from reports.documents.wording import WordingNotes, corrected_blocks, corrected_texts, noted_blocks
from reports.frozen.issue import Issue
from reports.models import ReportKind


@dataclass(frozen=True)
class Field:
    """A part is several paragraphs or a table, which replace the paragraph that has only its name.

    An optional one may be left out: templates were made before it was there.
    """

    name: str
    meaning: str | Promise
    is_part: bool = False
    is_optional: bool = False


COMMON = [
    Field("so_ky_hieu", own_lazy(_("“Số: …/BC-%(symbol)s”, with the number once it is recorded"))),
    Field("noi_ngay", _("Place and date of issue")),
    Field("trich_yeu", _("Subject of the report")),
    Field("chuc_danh_ky", _("Title of the person who signs")),
    Field("nguoi_ky", _("Name of the person who signs, once it is recorded")),
    Field("noi_nhan", _("The receivers, one per line")),
]
OF_ROUND = [
    *COMMON,
    Field("ten_dot", _("Name of the round")),
    Field("so_don_vi", _("Number of wards in the round")),
    Field("so_quan_huyen", _("Number of districts with a ward in the round")),
    Field("so_tieu_chi", _("Number of criteria that count")),
    Field(
        "kinh_phi",
        _("Cost at the units of the round in đồng, not of the inspection; a dash where there is none"),
    ),
    Field("mo_dau", _("Opening"), is_part=True),
    Field("phan_trien_khai", _("Section I: documents, wards that take part, period"), is_part=True),
    Field("phan_ket_qua", _("Section II: results by band, district and criterion; cost at the units"), is_part=True),
    Field(
        "hien_trang",
        _("Records, stores, digitising and funds: sentence and table of sums; nothing where the set has no such facts"),
        is_part=True,
        is_optional=True,
    ),
    Field("phan_nhan_xet", _("Section III (and IV): the passages of judgement"), is_part=True),
    Field("ket_thuc", _("Closing sentence"), is_part=True),
    Field("phu_luc", _("Appendix: heading, table of all wards, legend; on a page in landscape"), is_part=True),
    Field(
        "bang_hien_trang",
        _("Records, stores, digitising and funds of each unit, with sums by area; on a page in landscape"),
        is_part=True,
        is_optional=True,
    ),
]
OF_SCHEME = [
    *COMMON,
    Field("kinh_gui", _("To whom the report goes")),
    Field("ten_de_an", _("Name of the scheme")),
    Field("mo_dau", _("Opening"), is_part=True),
    Field("phan_ket_qua", _("Section I: courses, results against targets, people, funding"), is_part=True),
    Field("phan_nhan_xet", _("Section II: the passages of judgement"), is_part=True),
    Field("phan_kien_nghi", _("Section III: proposals"), is_part=True),
    Field("ket_thuc", _("Closing sentence"), is_part=True),
]
FIELDS = {ReportKind.ROUND: OF_ROUND, ReportKind.SCHEME: OF_SCHEME}


@dataclass(frozen=True)
class Values:
    """The values of the fields of one report."""

    texts: Mapping[str, str]
    parts: Mapping[str, list[Block]]
    #: the words below the number that set a draft apart
    mark: str = ""
    #: the agency that issues it, at the head of the portal's own template
    head: Sequence[str] = SHIPPED


def of_round(context: RoundContext) -> Values:
    texts = {
        **_common(context, round_report.subject(context), round_report.receivers(context)),
        "ten_dot": context.round.name,
        "so_don_vi": count_in_text(len(context.enrolments)),
        "so_quan_huyen": count_in_text(len(context.by_district)),
        "so_tieu_chi": number(context.counted),
        "kinh_phi": "—" if context.round.funding is None else money(context.round.funding),
    }
    return _worded(context, texts, round_report.parts(context))


def of_scheme(context: SchemeContext) -> Values:
    texts = {
        **_common(context, scheme_report.subject(context), scheme_report.receivers(context)),
        "kinh_gui": scheme_report.addressee(context),
        "ten_de_an": context.scheme.name,
    }
    return _worded(context, texts, scheme_report.parts(context))


def _common(context: RoundContext | SchemeContext, subject: str, receivers: list[str]) -> dict[str, str]:
    return {
        **issue_texts(context.issue),
        "trich_yeu": subject,
        "noi_nhan": "\n".join(receivers),
    }


def _worded(context: RoundContext | SchemeContext, texts: dict[str, str], parts: dict[str, list[Block]]) -> Values:
    """Return the values in the words of the copy: as printed, printed with notes, or corrected."""
    if context.is_as_printed:
        return Values(texts, parts, context.issue.mark, context.issue.signing.head)
    if context.has_notes:
        notes = WordingNotes(context.notes, context.kept_errors)
        noted = {name: noted_blocks(blocks, notes) for name, blocks in parts.items()}
        return Values(texts, noted, context.issue.mark, context.issue.signing.head)
    kept = context.kept_errors.keys()
    corrected = {name: corrected_blocks(blocks, kept) for name, blocks in parts.items()}
    return Values(corrected_texts(texts, kept), corrected, context.issue.mark, context.issue.signing.head)


def issue_texts(issue: Issue) -> dict[str, str]:
    """Return the fields for number, day and signature."""
    return {
        "so_ky_hieu": issue.number_line,
        "noi_ngay": issue.place_and_date,
        "chuc_danh_ky": "\n".join(issue.signed_by),
        "nguoi_ky": issue.name,
    }


#: each takes the context of its own kind
VALUES: dict[ReportKind, Callable[[Any], Values]] = {ReportKind.ROUND: of_round, ReportKind.SCHEME: of_scheme}
