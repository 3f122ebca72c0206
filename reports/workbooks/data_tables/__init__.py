"""Workbooks to compute with: one header row, one row a record, beside the official forms."""
