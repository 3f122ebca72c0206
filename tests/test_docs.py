"""The pages for successors are held to the code: rooms, paths, links, decisions."""

import re
import subprocess
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ["archiveportal", "wards", "criteria", "training", "reports"]
#: rooms that Django names
USUAL = {"migrations", "commands", "en", "vi"}
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LONGEST_LINE = 100
#: a path in the project, between back quotes, optionally with the name of something in it behind
PATH = re.compile(r"`([\w./-]+/[\w./-]*|[\w-]+\.(?:py|md|toml|js|css|html|txt|in|yaml|csv))`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
#: what is made on a machine and not stored
MADE = {".env", "var/files", "db.sqlite3"}
HEADINGS = ["## Context", "## Decision", "## Consequences"]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def stored_names() -> list[str]:
    """Return the files of the project, also those that are not committed yet."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def is_there(path: str, names: list[str]) -> bool:
    """Tell whether a path, or the end of one (`charts/svg.py`), names a file or folder of the project.

    Paths from the root are those of a server; `tests/portal/test_admin_page.py` holds them.
    """
    wanted = path.rstrip("/")
    if wanted.startswith("/") or (ROOT / wanted).exists() or wanted in MADE:
        return True
    ends = f"/{wanted}"
    return any(f"/{name}".endswith(ends) or f"{ends}/" in f"/{name}" for name in names)


def _map() -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return text.partition("## Map of the code")[2].partition("\n## ")[0]


def test_the_map_names_every_room():
    packages = chain.from_iterable((ROOT / package).rglob("__init__.py") for package in PACKAGES)
    rooms = [path.parent for path in packages]
    unnamed = [room for room in rooms if room.name not in USUAL and f"{room.name}/" not in _map()]
    assert unnamed == []


def test_the_map_names_no_file_that_is_not_there():
    named = set(re.findall(r"\b([a-z_]+\.py)\b", _map()))
    modules = chain.from_iterable((ROOT / package).rglob("*.py") for package in [*PACKAGES, "tests"])
    present = {path.name for path in modules}
    assert named - present == set()


#: what somebody new may want to change: the word of the map that leads there, and what is found
QUESTIONS = {
    "the words of a chart": ("dashboard/", "reports/dashboard/charts/training.py", "No target"),
    "the rule of a band": ("scoring.py", "criteria/scoring.py", "def band_of"),
    "the columns of courses.xlsx": (
        "courses.py",
        "reports/workbooks/courses.py",
        "COURSE_COLUMNS",
    ),
    "the text of a reminder": (
        "letters.py",
        "criteria/inspections/services/letters.py",
        "Kính gửi",
    ),
    "who may reopen an inspection": (
        "workflow.py",
        "criteria/inspections/services/workflow.py",
        "def reopen_inspection",
    ),
    "what a role may do": ("rights.py", "archiveportal/accounts/rights.py", "RIGHTS"),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_map_leads_there(question):
    word, path, found = QUESTIONS[question]
    assert word in _map()
    assert found in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_paths_exist(page):
    names = stored_names()
    paths = set(PATH.findall(page.read_text(encoding="utf-8")))
    assert {path for path in paths if not is_there(path, names)} == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    links = LINK.findall(page.read_text(encoding="utf-8"))
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_lines_can_be_read(page):
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > LONGEST_LINE] == []


def test_every_decision_is_listed_and_has_the_usual_parts():
    folder = ROOT / "docs/decisions"
    records = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    index = (folder / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", index)
    assert listed == [record.name for record in records]
    for number, record in enumerate(records, start=1):
        lines = record.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith(f"# {number}. "), record.name
        assert [line for line in lines if line.startswith("## ")] == HEADINGS, record.name


def test_names_of_the_glossary_are_in_their_files():
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \| `([^|`]+)` \|$", glossary, re.MULTILINE)
    wrong: list[str] = []
    for names, path in rows:
        text = (ROOT / path).read_text(encoding="utf-8")
        absent = [name for name in re.findall(r"`(\w+)`", names) if not re.search(rf"\b{name}\b", text)]
        wrong += [f"{name}: {path}" for name in absent]
    assert len(rows) > 50
    assert wrong == []
