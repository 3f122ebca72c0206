"""The 90 tracked figures and the 44 discrepancies of the two reports."""

from pathlib import Path

from archiveportal.baseline import add_missing, rows
from reports.models import Discrepancy, Figure

DATA = Path(__file__).parent / "data"


def load() -> None:
    discrepancies, _made = add_missing(Discrepancy, rows(DATA / "discrepancies.csv"), key="code")
    listed = list(rows(DATA / "figures.csv"))
    explained = {row["code"]: row.pop("discrepancies") for row in listed}
    figures, made = add_missing(Figure, listed, key="code")
    links = Figure.discrepancies.through
    links.objects.bulk_create(
        links(figure=figures[code], discrepancy=discrepancies[explaining])
        for code in sorted(made)
        for explaining in filter(None, explained[code].split(";"))
    )
