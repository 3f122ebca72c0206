"""Whether the bands of a round cover every score once, as counted and as printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from archiveportal.vietnamese import normalise
from criteria.models import Band
from criteria.scoring import HUNDRED, gaps, is_by_points, whole_score_bounds
from reports.checks.found import SEVERITY, Found


def bands_cover(bands: Sequence[Band], address: str = "", *, top: Decimal = HUNDRED) -> list[Found]:
    """Every score from 0 to 100%, or to the maximum of points (`top`), belongs to one band."""
    faults = gaps(bands, top) if bands else ["0–100"]
    if not faults:
        return []
    text = _("The bands do not cover every score exactly once: %(spans)s%%.")
    if any(map(is_by_points, bands)):
        text = _("The bands do not cover every score exactly once: %(spans)s points.")
    return [Found(SEVERITY.HIGH, text % {"spans": ", ".join(faults)}, address)]


def labels_fit(bands: Sequence[Band], maximum: int, address: str = "", *, is_printed: bool = True) -> list[Found]:
    """The words of a band, in scores or in percent, say the scores that belong to it.

    The words of the issued report are looked at only where it `is_printed`: other rounds print the true bounds.
    """
    findings = []
    for band in bands:
        bounds = whole_score_bounds(band, maximum)
        true = set(range(bounds[0], bounds[1] + 1)) if bounds else set()
        printed = band.printed_label if is_printed else ""
        for words, severity in ((band.label, SEVERITY.HIGH), (printed, SEVERITY.MEDIUM)):
            wrong: dict[str, list[str]] = {}
            for said, scores in scores_said(words, maximum):
                if scores != true:
                    wrong.setdefault(spans(scores), []).append(f"“{said}”")
            text = _("“%(words)s” does not fit its band: %(said)s means %(scores)s, the band holds %(true)s.")
            for span, phrases in wrong.items():
                values = {"words": words, "said": ", ".join(phrases), "scores": span, "true": spans(true)}
                findings.append(Found(severity, text % values, address))
    return findings


def printed_bands_cover(bands: Sequence[Band], maximum: int, address: str = "") -> list[Found]:
    """The printed words of all bands together leave no score out."""
    said = [scores_said(band.printed_label, maximum) for band in bands if band.printed_label]
    if not said or not all(said):
        return []
    left = set(range(maximum + 1)) - set().union(*(words[0][1] for words in said))
    if not left:
        return []
    text = _("The printed words of the bands leave scores out: %(scores)s.")
    return [Found(SEVERITY.MEDIUM, text % {"scores": spans(left)}, address)]


_NUMBER = r"(\d+(?:,\d+)?)"


_BY_SCORE = (
    (r"(\d+)\s*(?:-|–|đến)\s*(\d+)/(\d+)", lambda low, high, top: (low, high)),
    (r"dưới (\d+)/(\d+)", lambda high, top: (0, high - 1)),
    (r"(?:từ )?(\d+)/(\d+) trở xuống", lambda high, top: (0, high)),
    (r"trên (\d+)/(\d+)", lambda low, top: (low + 1, top)),
    (r"từ (\d+)/(\d+)|(\d+)/(\d+) trở lên", lambda low, top: (low, top)),
    (r"(\d+)/(\d+)", lambda score, top: (score, score)),
)


_BY_PERCENT = (
    (rf"từ {_NUMBER}% đến dưới {_NUMBER}%", lambda share, low, high: low <= share < high),
    (rf"từ {_NUMBER}% đến {_NUMBER}%", lambda share, low, high: low <= share <= high),
    (rf"{_NUMBER}%? ?(?:-|–) ?{_NUMBER}%", lambda share, low, high: low <= share <= high),
    (rf"dưới {_NUMBER}%", lambda share, high: share < high),
    (rf"từ {_NUMBER}%", lambda share, low: share >= low),
    (rf"trên {_NUMBER}%", lambda share, low: share > low),
    (rf"{_NUMBER}%", lambda share, exact: share == exact),
)


def scores_said(words: str, maximum: int) -> list[tuple[str, set[int]]]:
    """Return the whole scores that words like "12 - 20/23" and "từ 50% đến 87%" mean: [("12 -
    20/23", {12, ..., 20}), ...]."""
    said, words = [], normalise(words)
    for pattern, bounds in _BY_SCORE:
        if match := re.search(pattern, words, re.IGNORECASE):
            numbers = [int(digits) for digits in match.groups() if digits]
            low, high = bounds(*numbers)
            scores = range(low, min(high, maximum + 1) + 1) if numbers[-1] == maximum else []
            said.append((match.group(), set(scores)))
            break
    for pattern, holds in _BY_PERCENT:
        if match := re.search(pattern, words, re.IGNORECASE):
            ends = [Decimal(digits.replace(",", ".")) for digits in match.groups()]
            shares = {score: Decimal(score * 100) / maximum for score in range(maximum + 1)} if maximum else {}
            said.append((match.group(), {score for score, share in shares.items() if holds(share, *ends)}))
            break
    return said


def spans(scores: Iterable[int]) -> str:
    """{0, 1, 2, 5} is "0–2, 5"."""
    runs: list[list[int]] = []
    for score in sorted(scores):
        if runs and score == runs[-1][1] + 1:
            runs[-1][1] = score
        else:
            runs.append([score, score])
    return ", ".join(str(low) if low == high else f"{low}–{high}" for low, high in runs) or "—"
