"""Deleting a round that never counted: a draft, or a rehearsal. What the history tells of it stays."""

from __future__ import annotations

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from criteria.inspections.models import Round
from criteria.inspections.services.notices import settle_round
from criteria.inspections.services.rounds import locked_round


@transaction.atomic
def delete_round(*, inspection_round: Round, typed_code: str, by: User, via: str = Via.PAGE) -> None:
    """Delete a draft or a trial with all that belongs to it; `typed_code` says that it is meant.

    Stored files stay, as everywhere: no page leads to them any more.
    """
    inspection_round = locked_round(inspection_round, by)
    if not (inspection_round.is_draft or inspection_round.is_trial):
        raise Refused(_("Only a draft or a trial round can be deleted."), code="counts")
    if typed_code.strip() != inspection_round.code:
        raise Refused(_("Type the code of the round, %(code)s, to delete it.") % {"code": inspection_round.code})
    changes = {
        "status": (inspection_round.get_status_display(), None),
        "units": (inspection_round.enrolments.count(), None),
        "code": (inspection_round.code, None),
    }
    record(about=inspection_round, by=by, via=via, action=Action.DELETED, changes=changes)
    settle_round(inspection_round)
    code = inspection_round.code
    try:
        _delete_parts(Round.objects.filter(pk=inspection_round.pk))
    except ProtectedError as error:
        raise Refused(_("Something outside of the round depends on it, so that it stays."), code="used") from error
    log_event("round deleted", user=by.pk, round=code)


def _delete_parts(rows: models.QuerySet) -> None:
    """Delete the rows after everything that belongs to them, however deep.

    The database protects these rows from one another, so that nothing goes unseen elsewhere.
    """
    if not rows.exists():
        return
    for relation in rows.model._meta.related_objects:
        if relation.on_delete is not models.PROTECT:
            continue
        parts = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": rows.order_by()})
        _delete_parts(parts)
    rows.model._base_manager.filter(pk__in=list(rows.order_by().values_list("pk", flat=True))).delete()
