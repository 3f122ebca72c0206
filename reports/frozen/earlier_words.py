"""Words of the code in closings of earlier releases, which today's release words otherwise.

A closing keeps its words. They are compared as if today's release had written them, so that a word
that the code alone has changed is no difference.
"""

from __future__ import annotations

import re

#: points that a set adds above its maximum were "điểm cộng" in some places and "điểm thưởng" in others
_REWORDED = (
    # a heading of a table, the label of a total and of a unit
    (re.compile(r"(?:^|(?<=\| ))Điểm cộng(?=$| \|)"), "Điểm thưởng"),
    (re.compile(r"(?<=: )điểm cộng$"), "điểm thưởng"),
    # the rule of the score, and what a set asks
    (re.compile(r"(?<= − điểm trừ \+ )điểm cộng(?=, không dưới 0)"), "điểm thưởng"),
    (re.compile(r"(?<=\d nội dung )cộng điểm\b"), "thưởng điểm"),
)


def in_todays_words(text: str) -> str:
    """Return a line or label of a report with the words that today's release has for the same."""
    for pattern, word in _REWORDED:
        text = pattern.sub(word, text)
    return text
