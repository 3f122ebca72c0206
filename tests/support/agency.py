"""The words of the office of the two reports, as files bear them."""

from archiveportal.file_properties import extended_properties
from archiveportal.office.baseline import reports_office

AGENCY = reports_office().name_with_area
EXTENDED = extended_properties(AGENCY)
