"""Forms of the pages that build a criteria set."""
