"""What every row about an answer has: its criterion, its word, its mark."""

from __future__ import annotations

from typing import Any

from criteria.models import Criterion
from criteria.outcomes import OUTCOMES
from reports.workbooks.data_tables.sheets import COUNT, NUMBER, DataColumn

ANSWER_COLUMNS = [
    DataColumn("Mã tiêu chí", 11),
    DataColumn("Số tiêu chí", 8, COUNT),
    DataColumn("Tiêu chí", 60),
    DataColumn("Kết quả", 16),
    DataColumn("Đạt (1), chưa đạt (0)", 9, COUNT),
    DataColumn("Số liệu", 10, NUMBER),
    DataColumn("Nội dung", 24),
]
NOT_ASKED = (None, None)
#: the word of each answer; 1 or 0 where it counts
WORDS_OF_ANSWERS = {code: (each.word, each.mark if each.applies else None) for code, each in OUTCOMES.items()}


def names_of(criterion: Criterion) -> list[Any]:
    return [criterion.code, criterion.number_in_tables, criterion.name]


def words_of(criterion: Criterion, outcome: str) -> tuple[str | None, Any]:
    """Return word and mark of an answer; nothing for a column that is a fact."""
    return WORDS_OF_ANSWERS[outcome] if criterion.has_outcome else NOT_ASKED
