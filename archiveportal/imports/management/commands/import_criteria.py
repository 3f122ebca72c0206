"""Takes in a criteria set from a sheet: the same as import_sheet criteria, by the name that is looked for."""

from argparse import ArgumentParser

from archiveportal.imports.management.commands import import_sheet


class Command(import_sheet.Command):
    help = "Take in a criteria set as it is printed: a new one as a draft, or the next version with its crosswalk."

    def add_kind(self, parser: ArgumentParser) -> None:
        parser.set_defaults(kind="criteria")
