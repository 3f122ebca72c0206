"""Lists what cannot be right in the units and their lines. Ends with 1 if there is anything."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wards.checking import find_faults


class Command(BaseCommand):
    help = "List units with one code at one time, gaps and circles in their lines, heirs without a row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print an array of texts")

    def handle(self, *args, **options) -> None:
        faults = find_faults()
        if options["json"]:
            self.stdout.write(json.dumps(faults, ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(faults or [_("The units and their lines fit together.")]))
        if faults:
            raise CommandError(
                ngettext("%(count)d fault.", "%(count)d faults.", len(faults)) % {"count": len(faults)}, returncode=1
            )
