"""The official workbooks, by subject. Their words are Vietnamese whatever the language of the screen."""

from reports.workbooks.form import Reader
from reports.workbooks.summary import summary_workbook
from reports.workbooks.training import attainment_workbook

__all__ = ["Reader", "attainment_workbook", "summary_workbook"]
