"""Sessions of people who are signed in, without the way there."""

import time

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from archiveportal.accounts.models import User
from archiveportal.accounts.signals import SEEN_AT, SIGNED_IN_AT


def begin_session(user: User) -> str:
    """Store a session as signing in leaves it, and return its key.

    Nothing else of a sign-in happens: done thousands of times, `force_login` is a tenth of what
    tests of pages cost. tests/accounts and tests/e2e hold signing in itself.
    """
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "archiveportal.accounts.backends.PortalBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[SIGNED_IN_AT] = session[SEEN_AT] = int(time.time())
    session.save()
    return session.session_key
