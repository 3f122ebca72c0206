"""Writes the portal's own Word templates of the reports anew, after their writer has changed."""

from typing import Any

from django.core.management.base import BaseCommand

from reports.documents.own import FOLDER, NAMES, make_own_template


class Command(BaseCommand):
    help = "Writes the portal's own Word templates of the reports into reports/data."

    def handle(self, **_options: Any) -> None:
        for kind, name in NAMES.items():
            (FOLDER / name).write_bytes(make_own_template(kind))
            self.stdout.write(f"Written: {FOLDER / name}")
