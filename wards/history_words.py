"""What the history calls the fields of wards, and how it names their rows."""

from django.utils.translation import gettext_lazy as _

from archiveportal.history.registry import BY_TABLE, register

register(
    field_names={
        "ward": _("ward"),
        "succession.predecessor": _("former unit"),
        "succession.predecessor_id": _("former unit"),
        "succession.successor": _("heir"),
        "succession.successor_id": _("heir"),
        "succession.successor_code": _("code of the heir"),
        "succession.successor_name": _("name of the heir"),
        "succession.extent": _("extent"),
        "succession.took_effect_on": _("in force from"),
        "groupmembership.group": _("group of units"),
        "groupmembership.group_id": _("group of units"),
    },
    row_names={"wards.unitcontact": BY_TABLE, "wards.succession": BY_TABLE, "wards.groupmembership": BY_TABLE},
)
