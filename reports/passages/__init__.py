"""The passages that people write in the reports."""
