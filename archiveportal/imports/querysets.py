"""Which imports a person sees, and the meanings that were kept."""

from __future__ import annotations

from django.db import models

from archiveportal.scope import Viewer
from archiveportal.sheets.kinds import KINDS


class ImportQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> ImportQuerySet:
        """Return the imports of the kinds that the person may hand in, whoever began them."""
        rights = viewer.scope.rights
        return self.filter(kind__in=[kind.code for kind in KINDS.values() if kind.right in rights])

    def undecided(self) -> ImportQuerySet:
        """Return those that may still be confirmed or dropped."""
        return self.filter(status="open")


class KeptChoiceQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> KeptChoiceQuerySet:
        """Return the choices of the kinds that the person may hand in."""
        rights = viewer.scope.rights
        return self.filter(kind__in=[kind.code for kind in KINDS.values() if kind.right in rights])
