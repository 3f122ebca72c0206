"""The ledger line by line: printed, as reported, now, and whether they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.percent import Number, half_up_like, percentage_points
from archiveportal.vietnamese import number
from reports.ledger.derivations import DERIVATIONS, PRINTED_ONLY, late_districts_note
from reports.ledger.derived_values import Value
from reports.ledger.records import BaselineMissing, Records, load_records
from reports.models import Figure


class Verdict(models.TextChoices):
    """How the value from the rows of the report compares with the printed one."""

    MATCHES = "matches", gettext_lazy("matches")
    LABEL_DOES_NOT_FIT = "label_does_not_fit", gettext_lazy("matches, but the label does not fit")
    EXPLAINED = "explained", gettext_lazy("does not match (explained)")
    PRINTED_ONLY = "printed_only", gettext_lazy("recorded as printed")
    UNEXPLAINED = "unexplained", gettext_lazy("unexplained difference")


@dataclass(frozen=True)
class Documented:
    """The value that a discrepancy says the records give instead of the printed figure."""

    discrepancy: str
    computed: str


#: The differences that are known. Any other value is unexplained, also for these figures.
DOCUMENTED = {
    "5355-05": Documented("D05", "4"),
    "5355-06": Documented("D04", "0"),
    "5355-09": Documented("D04", "0"),
    "5355-17": Documented("D09", "52,17%"),
    "2710-15": Documented("E08", "9 tỉnh và Trung tâm Lưu trữ quốc gia IV"),
}
#: Figures that match under words that do not fit them, and the discrepancy that says so.
LABELS = {"5355-19": "D07", "2710-42": "E01"}


@dataclass
class Entry:
    """One of the 90 figures with its two values. `discrepancies` are the codes of all that concern it."""

    figure: Figure
    reported: Value
    now: Value
    discrepancies: list[str] = field(default_factory=list)
    note: str = ""

    @property
    def code(self) -> str:
        return self.figure.code

    @property
    def verdict(self) -> Verdict:
        if self.code in PRINTED_ONLY:
            return Verdict.PRINTED_ONLY
        if self.reported.display == self.figure.printed:
            return Verdict.LABEL_DOES_NOT_FIT if self.code in LABELS else Verdict.MATCHES
        known = DOCUMENTED.get(self.code)
        is_documented = known and known.computed == self.reported.display and known.discrepancy in self.discrepancies
        return Verdict.EXPLAINED if is_documented else Verdict.UNEXPLAINED

    @property
    def explained_by(self) -> str:
        """Return the code of the discrepancy behind the verdict, if there is one."""
        if self.verdict == Verdict.LABEL_DOES_NOT_FIT:
            return LABELS[self.code]
        return DOCUMENTED[self.code].discrepancy if self.verdict == Verdict.EXPLAINED else ""

    @property
    def others(self) -> list[str]:
        """Discrepancies that concern the figure without deciding its verdict."""
        return [code for code in self.discrepancies if code != self.explained_by]

    @property
    def is_changed(self) -> bool:
        """Whether the records give something else today than the report's rows do."""
        return self.now.display != self.reported.display

    @property
    def difference(self) -> str:
        """Return the difference of today's value to the reported one: "+2", "−1"; blank if it is no
        number."""
        change = _change(self.reported, self.now)
        if not change:
            return ""
        return f"+{number(change)}" if change > 0 else f"−{number(-change)}"

    @property
    def reason(self) -> str:
        """Say in a sentence why the printed figure and the records differ; blank where they
        agree."""
        reasons = {
            Verdict.EXPLAINED: _("Printed %(printed)s; the records of the report give %(computed)s. See %(code)s."),
            Verdict.LABEL_DOES_NOT_FIT: _("The number agrees, the printed words do not fit it. See %(code)s."),
            Verdict.UNEXPLAINED: _(
                "Printed %(printed)s; the records of the report give %(computed)s. No discrepancy explains it."
            ),
        }
        values = {"printed": self.figure.printed, "computed": self.reported.display, "code": self.explained_by}
        return reasons[self.verdict] % values if self.verdict in reasons else self.note


def _change(before: Value, after: Value) -> Number | None:
    """Return how much a number has grown; percents by their exact shares, with the decimals that
    are shown."""
    if before.value == after.value:
        return None
    if before.ratio and after.ratio:
        return percentage_points(before.ratio, after.ratio, half_up_like(after.value))
    if isinstance(before.value, int | Decimal) and isinstance(after.value, int | Decimal):
        return after.value - before.value
    return None


def load_entries() -> list[Entry]:
    """Read all figures in the order of the reports, in nine queries. Raises BaselineMissing."""
    figures = _figures()
    as_reported, now = load_records()
    return [_entry(figure, codes, as_reported=as_reported, now=now) for figure, codes in figures]


def _figures() -> list[tuple[Figure, list[str]]]:
    """Read the figures with the codes of their discrepancies; one row per pair, so that one query
    is enough."""
    pairs = Figure.objects.annotate(discrepancy_code=F("discrepancies__code"))
    by_code: dict[str, tuple[Figure, list[str]]] = {}
    for row in pairs.order_by("-report", "code", "discrepancy_code"):
        _figure, codes = by_code.setdefault(row.code, (row, []))
        if row.discrepancy_code:
            codes.append(row.discrepancy_code)
    if not by_code:
        raise BaselineMissing
    return list(by_code.values())


def _entry(figure: Figure, codes: list[str], *, as_reported: Records, now: Records) -> Entry:
    if figure.code in PRINTED_ONLY:
        printed = Value(figure.printed, figure.printed)
        return Entry(figure, printed, printed, codes, _note(figure, as_reported))
    derivation = DERIVATIONS.get(figure.code, _underived)
    return Entry(figure, derivation(as_reported), derivation(now), codes)


def _underived(records: Records) -> Value:
    """A figure that nobody has said how to derive is an unexplained one."""
    return Value(None, "—")


def _note(figure: Figure, records: Records) -> str:
    names = late_districts_note(records, figure.printed) if figure.code == "5355-21" else ""
    if not names:
        return _("Stands in the report alone.")
    return _("The same six are the districts in force without an enrolled ward: %(names)s.") % {"names": names}


def counts(entries: Iterable[Entry]) -> Counter[Verdict]:
    """Count the figures by verdict."""
    return Counter(entry.verdict for entry in entries)
