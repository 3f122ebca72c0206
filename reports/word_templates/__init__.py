"""Word templates of the office for the reports."""
