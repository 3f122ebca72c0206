"""The 90 tracked figures and the 44 discrepancies of the two reports."""

from pathlib import Path

from archiveportal.baseline import add_once, rows
from reports.models import Discrepancy, Figure

DATA = Path(__file__).parent / "data"


def load() -> None:
    for row in rows(DATA / "discrepancies.csv"):
        add_once(Discrepancy, row, code=row.pop("code"))
    for row in rows(DATA / "figures.csv"):
        codes = [code for code in row.pop("discrepancies").split(";") if code]
        figure, made = add_once(Figure, row, code=row.pop("code"))
        if made:
            figure.discrepancies.set(Discrepancy.objects.filter(code__in=codes))
