"""Pages that build a criteria set, for approvers."""
