"""Tables that people hand in: read from a file, checked against a kind of sheet, planned as lines.

Knows no app. An app describes its sheet as a `SheetKind` (kinds.py) and registers it.
"""
