"""Every stored release comes forward with all that people had made of it (tests/releases)."""

import json
import lzma
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from tests import releases
from tests.history.processes import run
from tests.releases.reading import COMPARED, POSTGRESQL, SQLITE
from tests.support.triggers import triggers

STORED = sorted(path.parent for path in Path(releases.__file__).parent.glob(f"*/{COMPARED}"))
#: what a portal that has been used has of each: the states that the upgrade has to carry over
STATES = {
    "inspections": {"draft", "signed", "submitted", "returned", "approved"},
    "findings": {"open", "answered", "closed", "withdrawn"},
    "kept": {"", "taken", "dropped"},
    "rounds": {"open", "closed"},
    "roles": {"inspector", "approver", "district", "ward", "leadership", "administrator"},
}


#: what was found to be no discrepancy, and the figures that new points to be clarified are about
WITHDRAWN = {"D17", "D20", "D21", "D24", "E10", "E11", "E18"}
CLARIFIED = {
    "5355-12": "D28", "5355-13": "D30", "5355-19": "D27", "5355-21": "D29", "5355-22": "D29",
    "2710-12": "E20", "2710-34": "E21",
}  # fmt: skip
#: {table or kind of event: how many more rows the corrected data of the reports have}
MORE_ROWS = {
    "reports_discrepancy": 10,
    "reports_figure_discrepancies": 7 - 10,
    "reports_passage": 3,
    "reports_passageversion": 3 + 2 + 3,
    "criteria_recommendation": 23 + 23,
    # The draft for 2026.
    "criteria_criteriaset": 1,
    "criteria_criterion": 36,
    "criteria_band": 3,
    "criteria_stocknote": 92,
    # The City's units. Six of those of today had been entered by hand and are adopted.
    "wards_district": 1,
    "wards_ward": 568 - 26 - 6,
    "wards_succession": 468,
}
MORE_EVENTS = {
    "office.office command created": 1,
    "reports.discrepancy command created": 10,
    "reports.discrepancy command changed": 38,
    "criteria.criteriaset command changed": 1,
    "criteria.legalact command created": 7,
    "criteria.criteriaset command created": 1,
    "criteria.citation command created": 3 + 11,
    "criteria.recommendation command created": 23 + 23,
    "reports.figure command changed": 10,
    "reports.passage command created": 3,
    "reports.passage command changed": 2 + 3,
    "training.course command changed": 16,
    "training.workforcecount command changed": 1,
    "wards.province command created": 4,
    "wards.district command created": 1,
    "wards.district command changed": 24,
    "wards.ward command created": 568 - 26 - 6,
    "wards.ward command changed": 26 + 6,
    "criteria.criterion command changed": 2,
    "wards.succession command created": 468,
    "wards.succession command changed": 38,
}


def compared_of(folder: Path) -> dict:
    return json.loads(lzma.decompress((folder / COMPARED).read_bytes()))


def corrected(before: dict) -> dict:
    """Return what the release has after its rows of the reports' data were corrected."""
    for figure in before["figures"]:
        codes = set(figure["discrepancies"]) - WITHDRAWN
        figure["discrepancies"] = sorted(codes | {CLARIFIED[code] for code in [figure["code"]] if code in CLARIFIED})
    rows = {table: count + MORE_ROWS.get(table, 0) for table, count in before["rows"].items()}
    rows["history_event"] += sum(MORE_EVENTS.values())
    events = Counter(before["events"]) + Counter(MORE_EVENTS)
    for closing, page in zip(before["closings"], before["pages"], strict=True):
        # Courses were corrected after its closing, in words that no figure has: the figures are
        # compared, and the pages tell of no change.
        page["is_touched"] |= closing["kind"] == "scheme"
        page.setdefault("told", [])
    return before | {"rows": rows, "events": dict(events)}


def files_alone(closing: dict) -> dict:
    """Return what a closing keeps of its paper that stored no words and no roles of its files."""
    return {
        "signatory_name": "Lê Văn A" if closing["number"] else "",
        "content_digest": "",
        "signed_comparison": None,
        "signatory": None,
        "sources": None,
        "files": [["kept", ""]] * closing["files"],
    }


@pytest.mark.parametrize("folder", STORED, ids=lambda folder: folder.name)
def test_a_stored_release_comes_forward(environment, db, folder):
    before = corrected(compared_of(folder))
    # The release of 11/2026 did not know editions: its closings are of the first, and kept files alone.
    before.setdefault("editions", [1] * len(before["closings"]))
    before.setdefault("kept_papers", [files_alone(closing) for closing in before["closings"]])
    stored = folder / (POSTGRESQL if connection.vendor == "postgresql" else SQLITE)
    own = environment | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    after = json.loads(run(own, "-m", "tests.releases.reading", str(stored)))
    # Every row that a migration changed has an event of its own.
    assert after.pop("untold") == []
    # Migrations that rebuilt tables left all of them, as a new database has them.
    assert set(after.pop("triggers")) == triggers()
    for page in before["pages"] + after["pages"]:
        # How many figures differ depends on the edition, which says what is compared.
        page["changed"] = bool(page["changed"])
    rows = {table: after["rows"].get(table) for table in before["rows"]}
    assert rows == before["rows"]
    for name in sorted(before.keys() - {"rows"}):
        assert after[name] == before[name], name
    run(own, "manage.py", "migrate", "--check")


@pytest.mark.parametrize("folder", STORED, ids=lambda folder: folder.name)
def test_everything_has_happened_in_a_stored_release(folder):
    """What the pages of its closings said when it was stored is what the test above asks for after the upgrade."""
    before = compared_of(folder)
    assert len(before["figures"]) == 90
    for name, states in STATES.items():
        assert states <= before["states"][name].keys(), name
    for table in ("evidence", "scan", "findingreply", "selfanswer", "teammember", "rounddocument"):
        assert before["rows"][f"inspections_{table}"], table
    for deed in ("reopened", "supplement"):
        assert before["events"][f"inspections.inspection page {deed}"]
    newest = [page for page in before["pages"] if page["is_newest"]]
    assert {(page["changed"], page["is_whole"]) for page in newest} == {(0, True)}
    assert sum(page["shows_number"] for page in newest) == 2
    assert [page for page in before["pages"] if page["changed"] and not page["is_newest"]]
