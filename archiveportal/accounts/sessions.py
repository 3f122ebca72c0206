"""Sessions in the database, named by SESSION_ENGINE in the settings."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.models import Session
from django.utils import timezone

from archiveportal.model_fields import own_field
from archiveportal.statements import Given, Prepared

#: key of the session of whoever signed in for the first time, until the first page leads to the guide
IS_NEW = "is_new"
#: of the keys that Django makes
KEY_CHARACTERS = frozenset(VALID_KEY_CHARS)

LIVE = Prepared(
    lambda: Session.objects.filter(
        session_key=Given("key", own_field(Session, "session_key")),
        expire_date__gt=Given("now", own_field(Session, "expire_date")),
    ).values_list("session_data")
)


class Stored(NamedTuple):
    """What Django reads of the row of a session."""

    session_data: str


class SessionStore(db.SessionStore):
    """Django's own; the query that each request of a signed-in person begins with is prepared."""

    def _get_session_from_db(self) -> Stored | None:
        # PostgreSQL takes no text with a zero byte, which a cookie may hold.
        is_key = set(self.session_key or "") <= KEY_CHARACTERS
        found = LIVE.first(key=self.session_key, now=timezone.now()) if is_key else None
        if found is None:
            self._session_key = None
            return None
        return Stored(*found)
