"""The roles and what each may do. A new role is a member of `Role` and one row of `RIGHTS`."""

from __future__ import annotations

from django.db import models
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from archiveportal.own_words import Choices, in_its_words, own_words
from archiveportal.scope import Right


class Role(models.TextChoices):
    INSPECTOR = "inspector", _("Inspector")
    APPROVER = "approver", _("Leader who approves")
    DISTRICT = "district", _("District interior office")
    WARD = "ward", _("Records officer of a ward, commune or township")
    UNIT_LEADER = "unit_leader", _("Leader of a ward, commune or township")
    LEADERSHIP = "leadership", _("Leadership")
    ADMINISTRATOR = "administrator", _("System administrator")


def _leader() -> str:
    """Return who approves; where the office has no sub-department, its own leadership is another role."""
    return str(_("Leader for records and archives") if own_words().is_whole else _("Leader (%(division)s)"))


def role_choices() -> Choices:
    """Return the roles in the words of the office: fields, forms and screens have them, migrations have `Role`."""
    return in_its_words(
        Role,
        inspector=_("Inspector (%(division)s)"),
        approver=lazy(_leader, str)(),
        leadership=_("Leadership of %(office)s"),
    )


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
