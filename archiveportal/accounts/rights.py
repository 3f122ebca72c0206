"""The roles and what each may do. A new role is a member of `Role` and one row of `RIGHTS`."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from archiveportal.scope import Right


class Role(models.TextChoices):
    INSPECTOR = "inspector", _("Inspector (records and archives sub-department)")
    APPROVER = "approver", _("Leader of the records and archives sub-department")
    DISTRICT = "district", _("District interior office")
    WARD = "ward", _("Records officer of a ward, commune or township")
    UNIT_LEADER = "unit_leader", _("Leader of a ward, commune or township")
    LEADERSHIP = "leadership", _("Leadership of the Department of Home Affairs")
    ADMINISTRATOR = "administrator", _("System administrator")


_READS_THE_CITY = frozenset(
    {
        Right.SEES_ALL_UNITS,
        Right.SEES_RESULTS,
        Right.SEES_DASHBOARD,
        Right.SEES_TRAINING,
        Right.SEES_ALL_COURSES,
        Right.SEES_REPORTS,
    }
)
_INSPECTS = _READS_THE_CITY | {Right.SEES_UNAPPROVED_RESULTS, Right.SEES_LEDGER, Right.CAN_INSPECT}
_ANSWERS = frozenset({Right.SEES_RESULTS, Right.SEES_TRAINING, Right.ANSWERS_FOR_UNITS})
_ADMINISTERS = frozenset(
    {
        Right.SEES_ALL_UNITS,
        Right.SEES_LEDGER,
        Right.CAN_MANAGE_ACCOUNTS,
        Right.CAN_MANAGE_UNITS,
        Right.SEES_ADMINISTRATION,
    }
)

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.INSPECTOR: _INSPECTS,
    Role.APPROVER: _INSPECTS | {Right.CAN_APPROVE, Right.SEES_ADMINISTRATION},
    Role.DISTRICT: _ANSWERS | {Right.SEES_DASHBOARD},
    Role.WARD: _ANSWERS,
    # Who confirms what a unit says of itself does not answer for it.
    Role.UNIT_LEADER: frozenset({Right.SEES_RESULTS, Right.SEES_TRAINING, Right.CONFIRMS_SELF_ASSESSMENT}),
    Role.LEADERSHIP: _READS_THE_CITY | {Right.SEES_ADMINISTRATION},
    Role.ADMINISTRATOR: _ADMINISTERS,
}

#: roles of people of one ward, commune or township
OF_WARDS = (Role.WARD, Role.UNIT_LEADER)

#: the same by the code that a row has
RIGHTS_BY_CODE: dict[str, frozenset[Right]] = {role.value: rights for role, rights in RIGHTS.items()}


def roles_with(right: Right) -> list[Role]:
    """Return the roles that hold a right, to filter accounts by it."""
    return [role for role in Role if right in RIGHTS[role]]
