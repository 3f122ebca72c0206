"""The sheet of units: a list of the City on one day, or units over time with their predecessors."""

from wards.unit_sheet.kind import UnitSheet

__all__ = ["UnitSheet"]
