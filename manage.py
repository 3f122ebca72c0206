#!/usr/bin/env python
"""Command line of the portal."""

import os
import sys
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parent
#: Django's own commands that run the portal itself
DJANGO_COMMANDS_OF_THE_PORTAL = {"migrate", "runserver"}
#: they make tables, roles or databases: under the owner's address, if there is one
COMMANDS_OF_THE_OWNER = {"migrate", "database_roles", "check_backup", "restore"}


def writes_history(command: str) -> bool:
    """Return whether `command` is one of the portal's own, which record what they write.

    Whatever a shell or another of Django's commands writes is recorded by the database. Settings
    read the answer, so it comes from the folders of the apps: no app is loaded yet. Packages that
    are installed beside the portal (`.venv`) lie in no package of this folder.
    """
    packages = [file.parent for file in ROOT.glob("*/__init__.py")]
    modules = [package.rglob("management/commands/*.py") for package in packages]
    own_commands = {file.stem for file in chain.from_iterable(modules)}
    return command in DJANGO_COMMANDS_OF_THE_PORTAL | own_commands


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archiveportal.settings")
    if writes_history("".join(sys.argv[1:2])):
        os.environ["PORTAL_PROCESS"] = "1"
    if "".join(sys.argv[1:2]) in COMMANDS_OF_THE_OWNER:
        os.environ["AS_OWNER"] = "1"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
