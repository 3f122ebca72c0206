"""Criteria sets built on pages: sections, criteria of every kind, bands, bars and the crosswalk."""
