"""The two reports as Word files: on a round as 5355/BC-SNV, on a training scheme as 2710/BC-SNV."""

from reports.documents.files import TooManyWards, report_file, report_name
from reports.frozen.issue import Issue

__all__ = ["Issue", "TooManyWards", "report_file", "report_name"]
