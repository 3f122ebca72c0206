"""Errors of the two reports that stand in words, and how they are found in any text."""
