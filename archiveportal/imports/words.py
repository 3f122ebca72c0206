"""Words about imports that pages, jobs and the command share."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from archiveportal.sheets.rows import Deed
from archiveportal.vietnamese import number


def counted(counts: Mapping[str, int]) -> str:
    """Return in words what a plan does: "12 begin, 3 change, 150 stay, 2 with errors"."""
    words = {
        "begin": _("%(count)s begin"),
        "change": _("%(count)s change"),
        "stay": _("%(count)s stay"),
        "refuse": _("%(count)s with errors or questions"),
    }
    return ", ".join(words[name] % {"count": number(counts[name])} for name in words if counts.get(name))


def deed_labels() -> dict[str, str]:
    """Return what becomes of a row, in one word or two."""
    return {
        Deed.BEGIN: _("begins"),
        Deed.CHANGE: _("changes"),
        Deed.STAY: _("stays"),
        Deed.REFUSE: _("error"),
    }
