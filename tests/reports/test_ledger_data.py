"""The texts of the ledger: complete, in two languages, and joined to each other."""

import csv
from itertools import chain
from pathlib import Path

import pytest

from reports.models import Discrepancy, Figure

DATA = Path(__file__).parents[2] / "reports" / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FIGURES, DISCREPANCIES = rows("figures.csv"), rows("discrepancies.csv")
#: words that only an English sentence has
ENGLISH = {"the", "of", "and", "is", "not", "with", "none", "certain", "high", "medium", "low", "row", "vs"}


def test_there_are_90_figures_and_47_discrepancies():
    standing = [row for row in DISCREPANCIES if not row["withdrawn"]]
    assert (len(FIGURES), len(standing)) == (90, 47)


def test_every_code_that_a_figure_names_exists():
    named = set(chain.from_iterable(row["discrepancies"].split(";") for row in FIGURES)) - {""}
    assert named <= {row["code"] for row in DISCREPANCIES}


def test_no_figure_names_what_was_withdrawn():
    named = set(chain.from_iterable(row["discrepancies"].split(";") for row in FIGURES)) - {""}
    assert not named & {row["code"] for row in DISCREPANCIES if row["withdrawn"]}


def test_only_points_to_be_clarified_have_no_severity():
    for row in DISCREPANCIES:
        assert row["category"] in {"figures", "wording", "open"}
        assert bool(row["severity"]) == (row["category"] != "open"), row["code"]
        assert bool(row["withdrawn"]) == bool(row["withdrawn_en"])


@pytest.mark.parametrize("row", DISCREPANCIES, ids=lambda row: row["code"])
def test_discrepancies_speak_vietnamese(row):
    for name in ("kind", "finding", "action", "confidence"):
        assert row[name] and row[f"{name}_en"]
        assert row[name] != row[f"{name}_en"]
    for name in ("kind", "place", "printed", "finding", "action", "confidence"):
        assert not ENGLISH & set(row[name].lower().split()), row[name]


@pytest.mark.parametrize("row", FIGURES, ids=lambda row: row["code"])
def test_derivations_speak_vietnamese(row):
    assert row["derivation"] and row["derivation_en"]
    assert row["derivation"] != row["derivation_en"]
    assert not ENGLISH & set(row["derivation"].lower().split()), row["derivation"]


def test_the_baseline_joins_figures_to_discrepancies(baseline):
    loaded = {
        figure.code: [row.code for row in figure.discrepancies.all()]
        for figure in Figure.objects.prefetch_related("discrepancies")
    }
    expected = {row["code"]: sorted(filter(None, row["discrepancies"].split(";"))) for row in FIGURES}
    assert loaded == expected
    assert Discrepancy.objects.standing().count() == 47
