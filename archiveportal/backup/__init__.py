"""Backups: made while people work, restored into an empty place, checked by restoring."""
