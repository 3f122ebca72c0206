"""Pictures of criteria: those least often met, and all of them across wards or districts."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from archiveportal.percent import percent_of
from archiveportal.templatetags.portal import number, percent
from criteria.models import Criterion
from criteria.outcomes import MET, NOT_APPLICABLE, NOT_MET, OPEN, OUTCOMES, Outcome, answered_first, offered_in
from reports.dashboard.charts.picture import Picture, PictureCell, Size, counted, units_address, value_of
from reports.dashboard.charts.svg import LEAST_SIZE, Box, Drawing, shortened, told_apart
from reports.dashboard.data import Dashboard
from reports.dashboard.rows import Answers, HeatOfDistrict, HeatOfWard
from reports.results.criteria import CriterionCount, applicable_answers, kinds_of_answers

#: so many criteria are worth acting on at once
LEAST = 12
HEAD, HIGH_HEAD = 70, 170
ROW_LABEL, LONG_LABEL, SCORE = 106, 172, 38
#: a line of text needs so much; more rows make the picture higher
LEAST_STEP = 12.1


def least_met(dashboard: Dashboard, size: Size) -> Picture:
    title, counts = _("Criteria least met"), dashboard.least_met[:LEAST]
    if not counts:
        if not any(count.assessed for count in dashboard.criteria):
            return Picture("tieu-chi", title, None, empty=_("No checklist is approved yet."))
        nothing = _(
            "%(approved)s of %(enrolled)s wards have an approved checklist. No criterion in it is answered “not met”."
        )
        coverage = {"approved": number(dashboard.approved), "enrolled": number(dashboard.enrolled)}
        return Picture("tieu-chi", title, None, empty=nothing % coverage)
    step = max(min(size.height / len(counts), 40), 26)
    drawing = Drawing("tieu-chi", size.width, step * len(counts))
    kinds = [each for each in kinds_of_answers(dashboard.round.criteria_set, counts) if not each.is_open]
    rows = []
    for place, count in enumerate(counts):
        top = place * step
        share = float(count.percent or 0) / 100
        not_met = units_address(dashboard, criterion=count.criterion.code, answer=NOT_MET)
        words = f"{percent(count.percent)} ({number(count.met)}/{number(count.applicable)})"
        drawing.text(0, top + 11, shortened(count.criterion.numbered_heading, size.width - 104, 11), size=11)
        drawing.text(size.width, top + 11, words, size=11, anchor="end", bold=True)
        drawing.rect("ground", Box(0, top + 15, size.width, 8))
        drawing.rect("bar", Box(0, top + 15, size.width * share, 8))
        drawing.way(not_met, Box(0, top, size.width, step), f"{count.criterion.local_name}: {words}")
        rows.append(
            [
                PictureCell(f"{count.criterion.listed_number}. {count.criterion.local_name}", is_number=False),
                *(_wards_with(dashboard, count, outcome) for outcome in kinds),
                PictureCell(percent(count.percent)),
            ]
        )
    least = counts[0]
    description = _("Least met: %(name)s, %(met)s of the %(applicable)s wards it applies to.") % {
        "name": least.criterion.local_name,
        "met": number(least.met),
        "applicable": number(least.applicable),
    }
    note = _too_few(dashboard)
    headings = [_("Criterion"), *(str(outcome.label) for outcome in kinds), _("Met, of those it applies to")]
    return Picture("tieu-chi", title, drawing, f"{description} {note}".strip(), headings, rows, note=note)


def _wards_with(dashboard: Dashboard, count: CriterionCount, outcome: Outcome) -> PictureCell:
    address = units_address(dashboard, criterion=count.criterion.code, answer=outcome.name)
    return PictureCell(number(count.count_of(outcome)), address)


def _too_few(dashboard: Dashboard) -> str:
    """Below half of the wards the percentages say little of the whole: then over how many they are counted. The page
    of the criteria and the report on the round draw the same line."""
    if dashboard.approved * 2 >= dashboard.enrolled:
        return ""
    return _("Over the approved checklists of %(approved)s of %(enrolled)s wards: too few for the whole.") % _counted(
        dashboard
    )


def heat(dashboard: Dashboard, size: Size) -> Picture:
    """Ward by ward a mark; district by district the share of wards that meet the criterion, darker for more."""
    of_wards = dashboard.heat_is_of_wards
    title = _("Ward by criterion") if of_wards else dashboard.divided.by_criterion
    columns, found = dashboard.columns, dashboard.heat
    if not found:
        return Picture("bang-nhiet", title, None, empty=_("No ward is enrolled in this round yet."))
    head = HIGH_HEAD if size.width > 800 else HEAD
    step = max(min((size.height - head) / len(found), 24), LEAST_STEP)
    label = LONG_LABEL if of_wards and not dashboard.district_id else ROW_LABEL
    width = (size.width - label - SCORE) / max(len(columns), 1)
    drawing = Drawing("bang-nhiet", size.width, head + step * len(found))
    for place, (column, name) in enumerate(zip(columns, _heads(columns, head), strict=True)):
        x = label + (place + 0.5) * width
        drawing.text(x + 4, head - 4, name, turned=True)
        address = units_address(dashboard, criterion=column.code)
        drawing.way(address, Box(x - width / 2, 0, width, head), column.local_name)
    drawing.text(size.width, head - 4, _("Score"), kind="soft", anchor="end")
    rows = []
    for place, row in enumerate(found):
        top = head + place * step
        title_of = row.title or dashboard.divided.rest
        address = _address(dashboard, row)
        drawing.text(0, top + step / 2 + 3.5, shortened(title_of, label - 6, LEAST_SIZE))
        value = value_of(row.place)
        drawing.text(
            size.width,
            top + step / 2 + 3.5,
            value,
            anchor="end",
            bold=True,
            italic=row.place.is_published,
        )
        drawing.way(address, Box(0, top, size.width, step), f"{title_of}: {value}")
        cells = _marks(dashboard, row) if isinstance(row, HeatOfWard) else _shares(dashboard, row)
        for at, (kind, sign, _cell) in enumerate(cells):
            cell_box = Box(label + at * width, top, width - 1, step - 1)
            _draw(drawing, cell_box, kind=kind, sign=sign)
        rows.append(
            [
                PictureCell(title_of, address, is_number=False),
                *(cell for _k, _s, cell in cells),
                PictureCell(value, address),
            ]
        )
    return Picture(
        "bang-nhiet",
        title,
        drawing,
        _description(dashboard),
        [
            dashboard.divided.units_noun if of_wards else dashboard.divided.noun,
            *(c.numbered_heading for c in columns),
            _("Score"),
        ],
        rows,
        legend=_legend(dashboard, of_wards=of_wards, is_graded=any(column.is_graded for column in columns)),
        note=_("Approved checklists: %(approved)s of %(enrolled)s wards") % _counted(dashboard),
    )


def _heads(columns: Sequence[Criterion], height: float) -> list[str]:
    numbered = [(f"{number}. " if (number := column.listed_number) else "", column.heading) for column in columns]
    return told_apart(numbered, height - 6, LEAST_SIZE)


def _legend(dashboard: Dashboard, *, of_wards: bool, is_graded: bool) -> list[tuple[str, str]]:
    offered = offered_in(dashboard.round.criteria_set)
    if of_wards:
        return [
            (outcome.code or outcome.paint, str(outcome.label))
            for outcome in answered_first()
            if outcome in offered or (outcome.is_derived and is_graded)
        ]
    return [
        ("step-4", "80–100%"),
        ("step-3", "60–79%"),
        ("step-2", "40–59%"),
        ("step-1", "20–39%"),
        ("step-0", "0–19%"),
        *(
            (each.code or each.paint, str(each.label))
            for each in (OUTCOMES[OPEN], OUTCOMES[NOT_APPLICABLE])
            if each in offered
        ),
    ]


def _description(dashboard: Dashboard) -> str:
    words = _("Approved checklists: %(approved)s of %(enrolled)s wards. Hatched: not assessed, which is not “not met”.")
    reported = any(row.place.is_published for row in dashboard.heat)
    return f"{words % _counted(dashboard)} {_('Scores in italics: as reported.') if reported else ''}".strip()


def _counted(dashboard: Dashboard) -> dict[str, str]:
    return {"approved": number(dashboard.approved), "enrolled": number(dashboard.enrolled)}


def _address(dashboard: Dashboard, row: HeatOfWard | HeatOfDistrict) -> str:
    if isinstance(row, HeatOfWard):
        return _checklist(row)
    return units_address(dashboard, area=row.district_id) if row.district_id else ""


def _checklist(row: HeatOfWard) -> str:
    return reverse("inspections:checklist", args=[row.row.pk])


def _marks(dashboard: Dashboard, row: HeatOfWard) -> list[tuple[str, str, PictureCell]]:
    """A ward's answers: filled, empty, hatched; each with its sign."""
    answers = [cell for column, cell in zip(dashboard.all_columns, row.row.cells, strict=True) if column.has_outcome]
    address = _checklist(row)
    return [
        (
            OUTCOMES[answer].paint,
            answer,
            PictureCell(
                str(OUTCOMES[answer].label) if answer else "—",
                f"{address}#{column.code}" if answer else "",
                is_number=False,
            ),
        )
        for column, answer in zip(dashboard.columns, answers, strict=True)
    ]


def _shares(dashboard: Dashboard, row: HeatOfDistrict) -> list[tuple[str, str, PictureCell]]:
    district = row.district_id
    shares = []
    for column, answers in zip(dashboard.columns, row.answers, strict=True):
        address = units_address(dashboard, criterion=column.code, area=district, answer=MET)
        shares.append(_share(answers, address if district else ""))
    return shares


def _share(answers: Answers, address: str) -> tuple[str, str, PictureCell]:
    """Return shade, whole percentage and cell of the answers of a district to a criterion."""
    applicable = applicable_answers(answers)
    met_percent = percent_of(answers[MET], applicable)
    if met_percent is None and answers:
        left_out = OUTCOMES[NOT_APPLICABLE]
        return left_out.paint, left_out.code, PictureCell(str(left_out.label))
    if met_percent is None:
        return "hatch", "", PictureCell("—")
    whole = int(met_percent)
    words = f"{counted(answers[MET])}/{counted(applicable)}"
    return f"step-{min(whole // 20, 4)}", str(whole), PictureCell(words, address)


def _draw(drawing: Drawing, box: Box, *, kind: str, sign: str) -> None:
    if kind == "hatch":
        drawing.hatch(box)
        return
    drawing.rect(kind, box)
    if sign in OUTCOMES:
        drawing.sign(OUTCOMES[sign], box)
    elif sign:
        on = "on-dark" if kind in ("step-4", "step-3") else "on-light"
        x, y = box.middle
        drawing.text(x, y + 4, sign, kind=on, anchor="middle")
