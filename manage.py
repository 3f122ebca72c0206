#!/usr/bin/env python
"""Command line of the portal."""

import os
import sys
from pathlib import Path


def writes_history(command: str) -> bool:
    """The portal's own commands do; what a shell or one of Django's commands writes is recorded by the database."""
    own = Path(__file__).parent.glob("*/management/commands/*.py")
    return command in {"migrate", "runserver", *(path.stem for path in own)}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archiveportal.settings")
    if writes_history("".join(sys.argv[1:2])):
        os.environ["PORTAL_PROCESS"] = "1"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
