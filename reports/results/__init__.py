"""Aggregates of approved checklists, each one function of scope and filters."""
