"""Figures as a closing keeps them, and how they differ from the records of today."""
