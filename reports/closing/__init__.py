"""Closing the figures of a report with its files."""
