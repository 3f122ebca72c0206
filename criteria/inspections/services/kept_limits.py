"""How much a checklist that takes no answers keeps of what is sent to it all the same.

What is not taken stays on the device, which says why and tries again when somebody asks for it.
Answers that differ from a colleague's are no part of it: the checklist takes answers then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.own_words import in_own_words
from archiveportal.refusal import Refused
from archiveportal.vietnamese import number
from criteria.inspections.models import Inspection, KeptAnswer

#: answers of a checklist that nobody has decided on, and their letters together: the longest
#: checklist (150 criteria) sent by two people
MOST_KEPT, MOST_LETTERS = 300, 600_000
#: answers of one person that one checklist has kept, one in the place of another or decided on since
MOST_SENT = 2_000


def refuse_beyond_limits(
    inspection: Inspection, typed: Mapping[str, Any], *, pending: KeptAnswer | None, by: User
) -> None:
    """Refuse an answer that the checklist has no room to keep; `pending` is the one whose place it takes."""
    undecided = inspection.kept_answers.filter(decision="").exclude(reason=KeptAnswer.Reason.CONFLICT)
    others = undecided.exclude(pk=pending.pk) if pending else undecided
    sizes = [_letters(values) for values in others.values_list("values", flat=True)]
    if len(sizes) >= MOST_KEPT or sum(sizes) + _letters(typed) > MOST_LETTERS:
        message = _(
            "Not kept: this checklist takes no answers, and keeps %(count)s of them with %(letters)s characters at "
            "most. Your answer stays on this device. Decide on those that are kept, then send again."
        )
        raise Refused(message % {"count": number(MOST_KEPT), "letters": number(MOST_LETTERS)}, code="full")
    if inspection.submissions.filter(sent_by=by, answer__state="kept").count() >= MOST_SENT:
        message = _(
            "Not kept: this checklist takes no answers, and has kept %(count)s of yours already. Your answer stays on "
            "this device. Ask %(leader)s to open the checklist again."
        )
        raise Refused(in_own_words(message, count=number(MOST_SENT)), code="full")


def _letters(values: Mapping[str, Any]) -> int:
    return sum(len(str(value)) for value in values.values() if value)
