"""Takes in units from a sheet: the same as import_sheet units, by the name that is looked for."""

from argparse import ArgumentParser

from archiveportal.imports.management.commands import import_sheet


class Command(import_sheet.Command):
    help = "Take in units: a list of one day (--as-of), or units over time with their former units."

    def add_kind(self, parser: ArgumentParser) -> None:
        parser.set_defaults(kind="units")
