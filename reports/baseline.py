"""The 90 tracked figures and the 44 discrepancies of the two reports, and the passages that they were issued with."""

from pathlib import Path

from archiveportal.baseline import add_missing, rows
from criteria.inspections.baseline import ROUND_CODE
from criteria.inspections.models import Round
from reports.documents.passages import issued_passages
from reports.models import Discrepancy, Figure
from reports.passages.services import store_issued
from training.baseline import SCHEME_CODE
from training.models import Scheme

DATA = Path(__file__).parent / "data"


def load() -> None:
    discrepancies, _made = add_missing(Discrepancy, rows(DATA / "discrepancies.csv"), key="code")
    listed = list(rows(DATA / "figures.csv"))
    explained = {row["code"]: row.pop("discrepancies") for row in listed}
    figures, made = add_missing(Figure, listed, key="code")
    links = Figure.discrepancies.through
    made_links = []
    for code in sorted(made):
        explaining = [discrepancies[each] for each in explained[code].split(";") if each]
        made_links += [links(figure=figures[code], discrepancy=each) for each in explaining]
    links.objects.bulk_create(made_links)
    store_issued(subject=Round.objects.get(code=ROUND_CODE), texts=issued_passages("5355"))
    store_issued(subject=Scheme.objects.get(code=SCHEME_CODE), texts=issued_passages("2710"))
