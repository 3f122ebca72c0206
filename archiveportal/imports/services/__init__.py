"""The only writers of imports: what people decide (deciding.py), what jobs do (work.py)."""

from archiveportal.imports.services.deciding import (
    answer_question,
    begin_import,
    check_again,
    confirm_import,
    drop_import,
    sweep_imports,
)

__all__ = [
    "answer_question",
    "begin_import",
    "check_again",
    "confirm_import",
    "drop_import",
    "sweep_imports",
]
