"""Every write to training, by subject: courses, targets (quotas), funds and counts of staff."""
