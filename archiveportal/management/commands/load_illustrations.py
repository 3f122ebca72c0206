"""Loads made-up instruments to try the portal with, each marked as made up. Never part of the reports' data."""

from django.core.management.base import BaseCommand
from django.db import transaction

import criteria.illustrations
import training.illustration


class Command(BaseCommand):
    help = (
        "Add a made-up training scheme 2026-2030 with targets and courses, and four made-up criteria sets as drafts; "
        "run again, it changes nothing."
    )

    @transaction.atomic
    def handle(self, *args, **options) -> None:
        made = training.illustration.load()
        self.stdout.write("The made-up scheme 2026-2030 is loaded." if made else "It is there already.")
        for criteria_set in criteria.illustrations.load():
            self.stdout.write(f"The made-up set {criteria_set.code} is loaded.")
