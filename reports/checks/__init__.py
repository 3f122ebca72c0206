"""What does not fit before a report is published."""
