"""Rules for passwords, in words of our own where Django has no Vietnamese ones."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class MinimumLength(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("The password is too short: at least %(count)d characters are needed.") % {"count": self.min_length}
