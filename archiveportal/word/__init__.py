"""Documents as Word files: written from nothing, with footnotes, and reports in their official form."""
