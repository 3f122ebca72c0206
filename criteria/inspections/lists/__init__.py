"""Filtered lists and tables of inspections."""
