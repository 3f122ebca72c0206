"""Where stored files belong: each app says it of the files that its own rows keep.

Files lie below the apps and name none of them. An app registers a `Keeper` when it is ready.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from archiveportal.accounts.models import User
from archiveportal.files.models import StoredFile
from archiveportal.scope import Viewer


@dataclass(frozen=True)
class FilePlace:
    """Where a file belongs, in words and as an address, and the row whose history tells of it."""

    title: str
    address: str
    about: Model
    #: the part of `about` that the file belongs to, as events name it
    part: str = ""
    #: keys of the accounts that put it there, beside the one that uploaded it
    put_by: frozenset[int] = frozenset()
    #: why the file cannot be withdrawn as it is used now
    refusal: str = ""


class Keeper(ABC):
    """What an app says of the files that its rows keep."""

    @abstractmethod
    def place_of(self, file: StoredFile, viewer: Viewer | None) -> FilePlace | None:
        """Return the place of a file, if the viewer sees it; for None whoever asks. Else None."""

    @abstractmethod
    def kept(self) -> Sequence[QuerySet]:
        """Return queries for the keys of all files that rows of the app keep."""

    def forget(self, file: StoredFile, *, by: User, via: str) -> None:
        """Drop what was taken over from the content of a file that is destroyed."""
        return


KEEPERS: list[Keeper] = []


def register(keeper: Keeper) -> None:
    KEEPERS.append(keeper)


def place_of(file: StoredFile, viewer: Viewer | None = None) -> FilePlace | None:
    """Return where a file belongs, if the viewer sees it there."""
    return next((place for keeper in KEEPERS if (place := keeper.place_of(file, viewer))), None)


def without_place() -> QuerySet[StoredFile]:
    """Return the files that no row keeps any more: another file took their place."""
    found: QuerySet[StoredFile] = StoredFile.objects.all()
    for keeper in KEEPERS:
        for keys in keeper.kept():
            found = found.exclude(pk__in=keys)
    return found


def forget(file: StoredFile, *, by: User, via: str) -> None:
    """Let every app drop what it took over from a file that is destroyed."""
    for keeper in KEEPERS:
        keeper.forget(file, by=by, via=via)
