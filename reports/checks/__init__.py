"""Checks before a report is published."""
