"""`python -m tests.benchmarks.autosaving.people N`: N signed-in inspectors and where each writes, as JSON.

With "count" instead: how many answers the history has that came by autosave.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import Any

import django


def make(count: int) -> list[dict[str, Any]]:
    """Two inspectors, or more where there are many, share a ward and its criteria between them."""
    from archiveportal.accounts.models import Role, User
    from criteria.inspections.models import Enrolment
    from tests.support.reports_round import open_reports_round

    open_reports_round()
    enrolments = list(Enrolment.objects.exclude(inspection__status="approved").select_related("round__criteria_set"))
    people, share = [], max(2, -(-count // len(enrolments)))
    for number in range(count):
        user = User(username=f"bench{number}", full_name=f"Người {number}", role=Role.INSPECTOR, password="!")
        user.save()
        enrolment = enrolments[number // share % len(enrolments)]
        codes = enrolment.round.criteria_set.criteria.filter(is_counted=True).values_list("code", flat=True)
        people.append(
            {
                "user": user.pk,
                "session": sign_in(user),
                "enrolment": enrolment.pk,
                "set": enrolment.round.criteria_set_id,
                "codes": list(codes)[number % share :: share],
            }
        )
    return people


def sign_in(user: Any) -> str:
    """What signing in leaves behind."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from archiveportal.accounts.signals import SEEN_AT, SIGNED_IN_AT

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[SIGNED_IN_AT] = session[SEEN_AT] = int(time.time())
    session.save()
    return session.session_key


def recorded() -> int:
    from archiveportal.history.models import Event

    return Event.objects.filter(via="autosave", action="changed").count()


if __name__ == "__main__":
    django.setup()
    print(recorded() if sys.argv[1] == "count" else json.dumps(make(int(sys.argv[1]))))
