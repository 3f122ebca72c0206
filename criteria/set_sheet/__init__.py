"""A criteria set from a sheet, as provinces print them or on the template: rows become a specification."""
