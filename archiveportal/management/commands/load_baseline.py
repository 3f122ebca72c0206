"""Loads the records behind the two reports. Run it as often as you like: it adds what is missing, nothing else."""

from django.core.management.base import BaseCommand
from django.db import transaction

import criteria.inspections.baseline
import reports.baseline
import training.baseline
import wards.baseline


class Command(BaseCommand):
    help = "Load the data of reports 5355/BC-SNV and 2710/BC-SNV; adds what is missing, changes nothing."

    @transaction.atomic
    def handle(self, *args, **options) -> None:
        wards.baseline.load()
        criteria.inspections.baseline.load()
        training.baseline.load()
        reports.baseline.load()
        self.stdout.write("The data of reports 5355/BC-SNV and 2710/BC-SNV are loaded.")
