"""Why a file was not opened, as people read it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from archiveportal.opening.reasons import Reason


def busy() -> str:
    """Return the words for a moment at which the server opens as many files as it may."""
    return _("Several files are being opened at this moment, so this one was not taken. Choose it again in a minute.")


def why_not_opened(name: str, reason: Reason) -> str:
    """Return why a document (not a picture) is not taken, and what to do."""
    if reason == Reason.BUSY:
        return busy()
    messages = {
        Reason.PASSWORD: _(
            "“%(name)s” is protected by a password, so it cannot be opened. Save it without one (or print it as PDF) "
            "and choose it again."
        ),
        Reason.MACROS: _("“%(name)s” has macros. Save it without macros (.docx, .xlsx) or as PDF and choose that one."),
        Reason.TEMPLATE: _(
            "“%(name)s” is a template (.dotx, .xltx). Save it as a document (.docx, .xlsx) and choose that one."
        ),
        Reason.TOO_LARGE: _(
            "“%(name)s” takes too much memory or time to open. Save it anew as a smaller PDF and choose that one."
        ),
    }
    broken = _(
        "“%(name)s” cannot be opened: it is damaged or was not copied whole. Open it on the computer, save it anew "
        "and choose it again."
    )
    return messages.get(reason, broken) % {"name": name}
