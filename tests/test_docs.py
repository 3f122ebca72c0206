"""The map of the README is held to the code: it names every room, and no file that is not there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ["archiveportal", "wards", "criteria", "training", "reports"]
#: rooms that Django names
USUAL = {"migrations", "commands", "en", "vi"}


def _map() -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return text.partition("## Map of the code")[2].partition("\n## ")[0]


def test_the_map_names_every_room():
    rooms = [path.parent for package in PACKAGES for path in (ROOT / package).rglob("__init__.py")]
    unnamed = [room for room in rooms if room.name not in USUAL and f"{room.name}/" not in _map()]
    assert unnamed == []


def test_the_map_names_no_file_that_is_not_there():
    named = set(re.findall(r"\b([a-z_]+\.py)\b", _map()))
    present = {path.name for package in [*PACKAGES, "tests"] for path in (ROOT / package).rglob("*.py")}
    assert named - present == set()
