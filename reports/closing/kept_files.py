"""The files that closings keep: which they are, and which of them are not as they were kept."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from archiveportal.files.checking import has_its_size
from archiveportal.files.models import StoredFile
from reports.models import ClosedFile, Closing


def kept_files() -> QuerySet[StoredFile]:
    """Return the files of all closings and their signed copies; not those that were destroyed."""
    signed = Closing.objects.exclude(signed_copy=None).values("signed_copy")
    return (
        StoredFile.objects.present()
        .filter(Q(pk__in=ClosedFile.objects.values("file")) | Q(pk__in=signed))
        .order_by("pk")
    )


def count_damaged() -> tuple[int, int]:
    """Return how many kept files are missing or of another size, and how many there are.

    Quick enough for a monitor that asks often; `manage.py check_files` reads them.
    """
    files = list(kept_files())
    return sum(not has_its_size(file) for file in files), len(files)


def places_of(file: StoredFile) -> list[Closing]:
    """Return the closings that keep a file."""
    of_file = Q(files__file=file) | Q(signed_copy=file)
    closings = Closing.objects.filter(of_file).select_related("round", "scheme").distinct()
    return list(closings.defer("figures", "content"))
