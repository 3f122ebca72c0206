"""Where the files of reports belong: signed copies, Word templates of the office, and files of closings."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.files.models import StoredFile
from archiveportal.files.places import FilePlace, Keeper
from archiveportal.scope import Viewer
from reports.closing.services import forget_comparison
from reports.models import ClosedFile, Closing, DocumentTemplate


class ReportFiles(Keeper):
    def place_of(self, file: StoredFile, viewer: Viewer | None) -> FilePlace | None:
        """Return the place of a file, if the viewer sees it; for None whoever asks. Else None."""
        return _signed_copy(file, viewer) or _template(file, viewer) or _closed_file(file, viewer)

    def kept(self) -> Sequence[QuerySet]:
        """Return queries for the keys of all files that rows of the app keep."""
        return [
            Closing.objects.exclude(signed_copy=None).values("signed_copy"),
            DocumentTemplate.objects.values("file"),
            ClosedFile.objects.values("file"),
        ]

    def forget(self, file: StoredFile, *, by: User, via: str) -> None:
        """Drop the lines of a signed copy that were compared with the portal's file."""
        forget_comparison(file)


def _signed_copy(file: StoredFile, viewer: Viewer | None) -> FilePlace | None:
    closings = Closing.objects.all() if viewer is None else Closing.objects.visible_to(viewer)
    found = closings.filter(signed_copy=file).select_related("round", "scheme").defer("figures", "content").first()
    if found is None:
        return None
    title = _("Signed copy of a report: %(closing)s") % {"closing": found}
    return FilePlace(title, reverse("reports:closing", args=[found.pk]), about=found)


def _template(file: StoredFile, viewer: Viewer | None) -> FilePlace | None:
    if viewer is not None and not viewer.scope.can_approve:
        return None
    found = DocumentTemplate.objects.filter(file=file).first()
    if found is None:
        return None
    in_use = "" if found.withdrawn_at else _("This template is in use. Take it back first.")
    return FilePlace(_("Word template"), reverse("reports:templates"), about=found, refusal=in_use)


def _closed_file(file: StoredFile, viewer: Viewer | None) -> FilePlace | None:
    closings = Closing.objects.all() if viewer is None else Closing.objects.visible_to(viewer)
    kept = ClosedFile.objects.filter(file=file, closing__in=closings.order_by())
    if viewer is not None and not viewer.scope.sees_ledger:
        kept = kept.exclude(role=ClosedFile.Role.NOTED)
    found = (
        kept.select_related("closing__round", "closing__scheme").defer("closing__figures", "closing__content").first()
    )
    if found is None:
        return None
    title = _("File of a closing: %(closing)s") % {"closing": found.closing}
    made = _("The portal made this file when the figures were closed. It stays as it was.")
    return FilePlace(title, reverse("reports:closing", args=[found.closing_id]), about=found.closing, refusal=made)
