"""The answers that a criterion takes: the one place of their codes, words, marks and signs.

Rows, history and devices keep the codes, so a code never changes. A further kind of answer is one entry of
`OUTCOMES`, a symbol in static/img/icons.svg, its colours in static/css and, because the database
guards the codes, a migration. `scoring.py` reads what an answer is worth from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MET, NOT_MET, NOT_APPLICABLE, OPEN = "met", "not_met", "not_applicable", ""
PARTLY, NOT_SHOWN, EXCUSED = "partly", "not_shown", "excused"
#: named by every paper, whether or not a set offers them
USUAL = frozenset({MET, NOT_MET, NOT_APPLICABLE, OPEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One kind of answer.

    `label` and `label_in_sentence` are translated for the screen; `word`, `in_sentence` and `of_units` stay
    Vietnamese, because documents and workbooks do.
    """

    #: stored in rows and sent by devices; blank while nothing is answered
    code: str
    #: in addresses, style classes and names of drawings, where nothing may be blank
    name: str
    label: Promise
    label_in_sentence: Promise | str
    word: str
    in_sentence: str
    #: "Có 02 đơn vị chưa được đánh giá tiêu chí ..."; blank: like `in_sentence`
    of_units: str = ""
    #: value of its cell in the summary table
    mark: int | str | None
    #: path of its sign in a chart, drawn because not every font has one; blank: no sign
    sign: str = ""
    #: paints of a chart (reports.dashboard.charts.svg.PAINTS): of its cell and of its sign
    paint: str
    sign_paint: str = ""
    #: what people type for it in a spreadsheet, beside `in_sentence`; small letters
    typed: tuple[str, ...] = ()
    #: key that gives it in the checklist
    key: str = ""
    #: gives the points of its criterion
    earns: bool = False
    #: counts in the maximum of the ward
    applies: bool = True
    #: follows from other values of the answer: no form offers it
    is_derived: bool = False
    #: yes-no field of the criteria set that offers it; blank: every set does
    offered_by: str = ""
    #: refusal of this answer without a note; blank: it needs none
    note_missing: Promise | str = ""

    @property
    def is_open(self) -> bool:
        return not self.code

    @property
    def is_failure(self) -> bool:
        """An answer that costs the points of its criterion: something has to be put right."""
        return bool(self.code) and self.applies and not self.earns

    @property
    def about_units(self) -> str:
        return self.of_units or self.in_sentence

    @property
    def for_scripts(self) -> dict[str, Any]:
        """Return what the scripts read of it, as briefly as a page for telephones needs: no usual value is said.

        Its word on the screen is an attribute of the page, named by `attribute`.
        """
        usual = {"word": "", "typed": (), "key": "", "earns": False, "applies": True}
        return {name: getattr(self, name) for name, value in usual.items() if getattr(self, name) != value}

    @property
    def attribute(self) -> str:
        """Return the name of the data attribute with its word: scripts read `data-not-met` as `notMet`."""
        return self.name.replace("_", "-")


#: by code, in the order in which a form offers them
OUTCOMES: dict[str, Outcome] = {
    outcome.code: outcome
    for outcome in (
        Outcome(
            code=MET,
            name="met",
            label=_("Met"),
            label_in_sentence=_("met"),
            word="Đạt",
            in_sentence="đạt",
            mark=1,
            sign="m-3.5 .5l2.5 2.5l4.5 -5.5",
            paint="step-4",
            sign_paint="sign-dark",
            typed=("1", "đ", "có"),
            key="1",
            earns=True,
        ),
        Outcome(
            code=NOT_MET,
            name="not_met",
            label=_("Not met"),
            label_in_sentence=_("not met"),
            word="Chưa đạt",
            in_sentence="chưa đạt",
            mark=0,
            sign="m-2.8 -2.8l5.6 5.6m0 -5.6l-5.6 5.6",
            paint="step-0",
            sign_paint="sign-light",
            typed=("0", "k", "không", "không đạt", "cđ"),
            key="0",
        ),
        Outcome(
            code=OPEN,
            name="open",
            label=_("Not assessed"),
            label_in_sentence=_("not assessed"),
            word="Chưa đánh giá",
            in_sentence="chưa đánh giá",
            of_units="chưa được đánh giá",
            mark=None,
            paint="hatch",
            typed=("", "-"),
            key="x",
        ),
        Outcome(
            code=NOT_APPLICABLE,
            name="not_applicable",
            label=_("Not applicable"),
            label_in_sentence=_("not applicable"),
            word="Không áp dụng",
            in_sentence="không áp dụng",
            mark="KAD",
            sign="m-2.5 3.5l5 -7",
            paint="step-1",
            sign_paint="sign-light",
            typed=("kad",),
            applies=False,
            offered_by="allows_not_applicable",
            note_missing=_("Say in the note why the criterion does not apply."),
        ),
        Outcome(
            code=PARTLY,
            name="partly",
            label=_("Partly met"),
            label_in_sentence=_("partly met"),
            word="Đạt một phần",
            in_sentence="đạt một phần",
            mark="MP",
            sign="m-3.5 2.5h7m-7 -4h3.5",
            paint="step-2",
            sign_paint="sign-light",
            is_derived=True,
        ),
        Outcome(
            code=NOT_SHOWN,
            name="not_shown",
            label=_("Could not be shown"),
            label_in_sentence=_("could not be shown"),
            word="Không xuất trình được",
            in_sentence="không xuất trình được",
            mark="KXT",
            sign="m-3 0l6 0",
            paint="step-0",
            sign_paint="sign-light",
            typed=("kxt", "không xuất trình"),
            offered_by="allows_not_shown",
        ),
        Outcome(
            code=EXCUSED,
            name="excused",
            label=_("Excused for an objective reason"),
            label_in_sentence=_("excused for an objective reason"),
            word="Miễn vì lý do khách quan",
            in_sentence="miễn vì lý do khách quan",
            mark="MKQ",
            sign="m-2.5 -3.5l5 7",
            paint="step-1",
            sign_paint="sign-light",
            typed=("mkq", "miễn"),
            applies=False,
            offered_by="allows_excused",
            note_missing=_("Say in the note for which objective reason the criterion is excused."),
        ),
    )
}


def outcome_of(code: str | None) -> Outcome:
    """Return the kind of answer with this code. No answer at all is an open criterion, and so is a code that the
    vocabulary does not have: a device may keep answers of another release."""
    return OUTCOMES.get(code or OPEN, OUTCOMES[OPEN])


def outcome_named(name: str) -> Outcome:
    """Return the kind of answer that an address names: "open" for the blank code."""
    return next(outcome for outcome in OUTCOMES.values() if outcome.name == name)


def offered_in(criteria_set: Any) -> list[Outcome]:
    """Return the answers that a criteria set offers, in the order of the form."""
    return [each for each in OUTCOMES.values() if is_offered(each, criteria_set)]


def is_offered(outcome: Outcome, criteria_set: Any) -> bool:
    """Tell whether a criteria set offers an answer to choose."""
    return not outcome.is_derived and (not outcome.offered_by or getattr(criteria_set, outcome.offered_by))


def offered_for(criterion: Any, offered: Iterable[Outcome]) -> list[Outcome]:
    """Return the answers to choose from at a criterion: met and not met follow from the values of
    an answer that has more than all or none."""
    following = (MET, NOT_MET) if criterion.is_derived else ()
    return [each for each in offered if each.code not in following]


def kinds_of(criteria_set: Any, criteria: Iterable[Any]) -> list[Outcome]:
    """Return the kinds of answers that papers and tables on a set name: the four that every paper has
    named, and those further ones that the set has."""
    kinds = {each.code: each for each in OUTCOMES.values() if each.code in USUAL}
    kinds |= {each.code: each for each in offered_in(criteria_set)}
    if any(criterion.is_graded for criterion in criteria):
        kinds[PARTLY] = OUTCOMES[PARTLY]
    return [each for each in OUTCOMES.values() if each.code in kinds]


def answered_first(kinds: Iterable[Outcome] | None = None) -> list[Outcome]:
    """Return kinds of answers in the order of documents and workbooks: met, partly and not met, what
    does not count, open."""
    listed = OUTCOMES.values() if kinds is None else kinds
    return sorted(listed, key=lambda each: (each.is_open, not each.applies, not each.earns, not each.is_derived))


def failures() -> list[str]:
    """Return the codes that say that something has to be put right."""
    return [outcome.code for outcome in OUTCOMES.values() if outcome.is_failure]


def choices() -> list[tuple[str, Promise]]:
    """Return what a row may store, with its words; a blank answer is no choice."""
    return [(outcome.code, outcome.label) for outcome in OUTCOMES.values() if outcome.code]


def query_choices(outcomes: Iterable[Outcome]) -> list[tuple[str, Promise]]:
    """Return the choices of a filter by answer, as an address carries them."""
    return [(outcome.name, outcome.label) for outcome in outcomes]
