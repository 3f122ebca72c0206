"""Loads the records behind the two reports and the units of the City. Run it as often as you like:
it adds what is missing, nothing else."""

from django.core.management.base import BaseCommand
from django.db import transaction

import archiveportal.office.baseline
import criteria.inspections.baseline
import reports.baseline
import training.baseline
import wards.baseline


@transaction.atomic
def load_reports() -> None:
    """Load what the two reports have, without the other units of the City."""
    archiveportal.office.baseline.load()
    wards.baseline.load_pilots()
    criteria.inspections.baseline.load()
    training.baseline.load()
    reports.baseline.load()


class Command(BaseCommand):
    help = "Load reports 5355/BC-SNV and 2710/BC-SNV and the City's units; adds what is missing, changes nothing."

    @transaction.atomic
    def handle(self, *args, **options) -> None:
        load_reports()
        city = wards.baseline.load_city()
        self.stdout.write("The data of reports 5355/BC-SNV and 2710/BC-SNV are loaded.")
        for note in city.notes:
            self.stdout.write(note)
