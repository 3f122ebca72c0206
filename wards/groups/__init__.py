"""Ways of grouping units: their pages, forms and the sheet of groups."""
