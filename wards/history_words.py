"""What the history calls the fields of wards, and how it names their rows."""

from django.utils.translation import gettext_lazy as _

from archiveportal.history.registry import BY_TABLE, register

register(
    field_names={"ward": _("ward")},
    row_names={"wards.succession": BY_TABLE},
)
