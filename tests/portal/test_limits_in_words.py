"""A message that names a size, a count or a time names the limit that holds; in Vietnamese too."""

import datetime
import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

from archiveportal.accounts import first_links
from archiveportal.files.services import LARGEST_FILE, MEGABYTE
from archiveportal.files.uploads import LARGEST_TOGETHER
from archiveportal.sheets.reading.raw import LARGEST_TABLE
from criteria.inspections.forms.minutes import MOST_SCANS
from criteria.inspections.models.decisions import LONGEST_DAYS, LONGEST_EXTENSION
from criteria.inspections.querysets import SOON
from criteria.inspections.services import replies, round_funding
from criteria.inspections.services.reminders import WEEK
from tests.messages import CATALOGUE
from training.models import MOST
from wards.forms import DistrictForm

ROOT = Path(settings.BASE_DIR)
LARGEST = LARGEST_FILE // MEGABYTE
TOGETHER = LARGEST_TOGETHER // MEGABYTE
#: a number in digits or letters with what it counts; `%(limit)s` is filled in by the code
WORDS = {"two": 2, "seven": 7, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20}
COUNTED = "MB|KB|characters|files|hours|days|minutes|digits|megapixels|pixels"
LIMIT = re.compile(rf"\b(\d+|{'|'.join(WORDS)})\s+(?:{COUNTED})\b", re.IGNORECASE)
IN_VIETNAMESE = {"bảy": 7, "mười": 10, "hai": 2}


#: {start of the message: the numbers in it, from the code that holds them}
HELD = {
    ".xlsx, .xls, .ods or .csv, 15 MB": [LARGEST_TABLE // MEGABYTE],
    "A photograph (JPEG, PNG, WebP), PDF, Word (.docx, .doc)": [LARGEST],
    "PDF, Word (.docx, .doc) or Excel": [LARGEST],
    "PDF or photographs, 15 MB": [LARGEST, TOGETHER],
    "PDF or a photograph, 15 MB": [LARGEST],
    "PDF, 15 MB": [LARGEST],
    "Ten files of 15 MB each": [replies.MOST_FILES, LARGEST, TOGETHER],
    "At most 20 files at a time": [MOST_SCANS],
    "At least 12 characters": [
        next(each["OPTIONS"]["min_length"] for each in settings.AUTH_PASSWORD_VALIDATORS if "Length" in each["NAME"])
    ],
    "It was used already, it is older than 72 hours": [first_links.HOURS],
    "One row a person.": [first_links.HOURS],
    "due within 14 days": [SOON.days],
    "recommendations due within 14 days": [SOON.days],
    "Texts for an official letter": [SOON.days],
    "reminded within the last seven days": [WEEK // datetime.timedelta(days=1)],
    "An amount is a whole number of đồng, with 15 digits": [round_funding.DIGITS],
    "A count has 7 digits": [len(str(MOST))],
    "10 days at most, counted from the announcement": [LONGEST_DAYS],
    "An inspection lasts 10 days at most": [LONGEST_DAYS],
    "An inspection is extended by 5 days at most": [LONGEST_EXTENSION],
    "Extend the inspection (once, 5 days at most)": [LONGEST_EXTENSION],
    "A code has 2 to 10 digits": [DistrictForm.base_fields["code"].limit],
}


def named() -> dict[str, str]:
    """Return the messages that name a limit in the text itself, with their translations."""
    entries = polib.pofile(str(CATALOGUE))
    return {each.msgid: each.msgstr for each in entries if LIMIT.search(each.msgid)}


def numbers_in(text: str) -> list[int]:
    return [int(found) if found.isdecimal() else WORDS[found.lower()] for found in LIMIT.findall(text)]


def start_of(message: str) -> str:
    return next((start for start in sorted(HELD, key=len, reverse=True) if message.startswith(start)), "")


@pytest.mark.parametrize("message", named())
def test_a_message_names_the_limit_that_holds(message):
    assert start_of(message), f"hold this message to the code in HELD: {message}"
    expected = HELD[start_of(message)]
    assert numbers_in(message) == expected
    translated = [int(each) for each in re.findall(r"\d+", named()[message])]
    translated += [value for word, value in IN_VIETNAMESE.items() if re.search(rf"\b{word}\b", named()[message])]
    assert set(expected) <= set(translated), named()[message]


def test_every_entry_is_about_a_message():
    assert {start_of(message) for message in named()} == set(HELD)


def test_the_device_says_the_size_that_holds():
    script = (ROOT / "static/js/checklist/photos.js").read_text()
    assert re.findall(r"dataset\.largest\) \|\| (\d+);", script) == [str(LARGEST)]
