"""The 90 figures as the records of the reports give them, against the printed ones."""

import re

import pytest

from reports.ledger.derivations import DERIVATIONS, PRINTED_ONLY
from reports.ledger.entries import DOCUMENTED, LABELS, Verdict, counts, load_entries
from reports.models import Discrepancy, Figure

DO_NOT_MATCH = {
    "5355-05": "4",
    "5355-06": "0",
    "5355-09": "0",
    "5355-17": "52,17%",
    "2710-15": "9 tỉnh và Trung tâm Lưu trữ quốc gia IV",
}


@pytest.fixture
def entries(baseline):
    return {entry.code: entry for entry in load_entries()}


def test_every_figure_is_derived_or_stands_in_print_alone(entries):
    assert len(entries) == 90
    assert set(entries) == set(DERIVATIONS) | PRINTED_ONLY
    assert not set(DERIVATIONS) & PRINTED_ONLY


def test_records_give_the_printed_words_but_for_the_known_exceptions(entries):
    differing = {code: e.reported.display for code, e in entries.items() if e.reported.display != e.figure.printed}
    assert differing == DO_NOT_MATCH


def test_today_is_as_reported_while_nothing_was_entered(entries):
    assert [code for code, entry in entries.items() if entry.is_changed] == []


def test_verdicts(entries):
    assert {code for code, e in entries.items() if e.verdict == Verdict.EXPLAINED} == set(DO_NOT_MATCH)
    assert {code for code, e in entries.items() if e.verdict == Verdict.LABEL_DOES_NOT_FIT} == {"5355-19", "2710-42"}
    assert {code for code, e in entries.items() if e.verdict == Verdict.PRINTED_ONLY} == PRINTED_ONLY
    assert counts(entries.values())[Verdict.UNEXPLAINED] == 0
    assert counts(entries.values())[Verdict.MATCHES] == 80


@pytest.mark.parametrize(
    ("code", "discrepancy"),
    [
        ("5355-05", "D05"),
        ("5355-06", "D04"),
        ("5355-09", "D04"),
        ("5355-17", "D09"),
        ("2710-15", "E08"),
        ("5355-19", "D07"),
        ("2710-42", "E01"),
    ],
)
def test_what_differs_names_its_discrepancy(entries, code, discrepancy):
    entry = entries[code]
    assert entry.explained_by == discrepancy
    assert discrepancy in entry.reason
    assert discrepancy not in entry.others


def test_arithmetic_stands_beside_the_percents(entries):
    workings = {code: entries[code].reported.working for code in ("5355-17", "5355-18", "2710-28", "2710-42")}
    assert workings == {"5355-17": "12/23", "5355-18": "20/23", "2710-28": "320/788", "2710-42": "1.302/3.995"}
    assert entries["2710-32"].reported.working == "370 + 822 + 80"


def test_the_six_late_districts_are_those_without_a_ward(entries):
    assert "Quận 2, quận Bình Thạnh, quận Phú Nhuận, quận Tân Bình, quận Thủ Đức, huyện Củ Chi" in (
        entries["5355-21"].note
    )
    assert "Củ Chi" not in entries["5355-22"].note


def test_figures_stand_in_the_order_of_the_reports(entries):
    codes = list(entries)
    assert codes[0] == "5355-01"
    assert codes[-1] == "2710-42"
    assert codes == sorted(codes, key=lambda code: (code[:4] == "2710", code))


def test_documented_differences_are_those_of_the_linked_discrepancies(baseline):
    links = {code: known.discrepancy for code, known in DOCUMENTED.items()} | LABELS
    for code, discrepancy in links.items():
        assert Figure.objects.get(code=code).discrepancies.filter(code=discrepancy).exists()
    for code, known in DOCUMENTED.items():
        text = Discrepancy.objects.get(code=known.discrepancy).finding
        if known.computed != "0":
            assert known.computed.partition(" ")[0] in re.findall(r"[\d,]+%?", text), code
