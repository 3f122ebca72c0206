"""What a sign-in name looks like, wherever one is given."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

LONGEST_USERNAME = 30
validate_username = RegexValidator(
    r"\A[a-z0-9][a-z0-9._-]{2,29}\Z",
    _("Use 3 to 30 small letters without diacritics, digits and . - _ only, for example nguyen.van.an."),
)
