"""The 90 tracked figures and the discrepancies of the two reports, and the passages that they were issued with."""

from archiveportal.baseline import add_missing, rows_without_source
from criteria.inspections.baseline import ROUND_CODE
from criteria.inspections.models import Round
from reports.documents.passages import issued_passages
from reports.ledger.listed import DATA, listed_discrepancies
from reports.models import Discrepancy, Figure
from reports.passages.services import store_issued
from training.baseline import SCHEME_CODE
from training.models import Scheme


def load() -> None:
    discrepancies, new_discrepancies = add_missing(Discrepancy, listed_discrepancies(), key="code")
    listed = list(rows_without_source(DATA / "figures.csv", without=["quotation"]))
    explained = {row["code"]: row.pop("discrepancies") for row in listed}
    figures, made = add_missing(Figure, listed, key="code")
    links = Figure.discrepancies.through
    made_links = []
    for code in sorted(figures):
        named = [each for each in explained[code].split(";") if each]
        missing = named if code in made else new_discrepancies.intersection(named)
        made_links += [links(figure=figures[code], discrepancy=discrepancies[each]) for each in sorted(missing)]
    links.objects.bulk_create(made_links)
    store_issued(subject=Round.objects.get(code=ROUND_CODE), texts=issued_passages("5355"))
    store_issued(subject=Scheme.objects.get(code=SCHEME_CODE), texts=issued_passages("2710"))
