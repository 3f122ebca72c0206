"""Pages as assertions read them: where a template breaks its lines makes no difference."""

import re


def squeeze(page: str) -> str:
    """Write each run of white space in `page` as one space, and none before the end of a tag."""
    return re.sub(r" (?=>)", "", re.sub(r"\s+", " ", page))
