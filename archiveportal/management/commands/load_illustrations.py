"""Loads made-up instruments to try the portal with, each marked as made up. Never part of the reports' data."""

from django.core.management.base import BaseCommand
from django.db import transaction

import training.illustration


class Command(BaseCommand):
    help = "Add a made-up training scheme 2026-2030 with targets and courses; run again, it changes nothing."

    @transaction.atomic
    def handle(self, *args, **options) -> None:
        made = training.illustration.load()
        self.stdout.write("The made-up scheme 2026-2030 is loaded." if made else "It is there already.")
