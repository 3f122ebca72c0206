"""Prints the ledger: every tracked figure of the two reports beside what follows from the records."""

from __future__ import annotations

import json
import textwrap
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from reports.ledger.entries import Entry, Verdict, counts, load_entries
from reports.ledger.records import BaselineMissing

WIDTHS = (8, 26, 26, 26, 40)
UNEXPLAINED, NOT_LOADED = 1, 2


class Command(BaseCommand):
    help = "Print the 90 figures: as printed, as reported, now. Exits 1 when a difference has no explanation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print an array of objects")

    def handle(self, *args, **options) -> None:
        try:
            entries = load_entries()
        except BaselineMissing:
            raise CommandError(
                _("The data of the two reports are not loaded. Run “manage.py load_baseline” first."),
                returncode=NOT_LOADED,
            ) from None
        if options["json"]:
            self.stdout.write(json.dumps([_as_object(entry) for entry in entries], ensure_ascii=False, indent=1))
        else:
            self._print(entries)
        unexplained = [entry.code for entry in entries if entry.verdict == Verdict.UNEXPLAINED]
        if unexplained:
            raise CommandError(
                _("Differences without an explanation: %(codes)s") % {"codes": ", ".join(unexplained)},
                returncode=UNEXPLAINED,
            )

    def _print(self, entries: list[Entry]) -> None:
        self._row(_("Code"), _("As printed"), _("As reported"), _("Now"), _("Result"))
        self.stdout.write("-" * (sum(WIDTHS) + 2 * len(WIDTHS) - 2))
        for entry in entries:
            verdict = str(entry.verdict.label)
            if entry.explained_by:
                verdict = f"{verdict}, {entry.explained_by}"
            self._row(entry.code, entry.figure.printed, entry.reported.display, entry.now.display, verdict)
        tally = counts(entries)
        parts = [f"{verdict.label}: {tally[verdict]}" for verdict in Verdict]
        self.stdout.write(f"\n{len(entries)} – " + "; ".join(parts))

    def _row(self, *texts: str) -> None:
        """Return a row of the table; long texts take several lines."""
        cells = [textwrap.wrap(str(text), width) or [""] for text, width in zip(texts, WIDTHS, strict=True)]
        for line in range(max(map(len, cells))):
            parts = [
                (cell[line] if line < len(cell) else "").ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)
            ]
            self.stdout.write("  ".join(parts).rstrip())


def _as_object(entry: Entry) -> dict[str, object]:
    return {
        "code": entry.code,
        "report": f"{entry.figure.report}/BC-SNV",
        "section": entry.figure.section,
        "label": entry.figure.label,
        "printed": entry.figure.printed,
        "reported": entry.reported.display,
        "now": entry.now.display,
        "working": entry.reported.working,
        "verdict": entry.verdict.value,
        "explained_by": entry.explained_by,
        "discrepancies": entry.discrepancies,
        "reason": entry.reason,
        "changed": entry.is_changed,
        "difference": entry.difference,
        "derivation": entry.figure.local_derivation,
    }
