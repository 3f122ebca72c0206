"""The forms of inspections, by subject."""
