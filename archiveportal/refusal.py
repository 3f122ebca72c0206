"""The refusal of a whole request: services raise it, forms and pages show its messages."""

from django.core.exceptions import ValidationError


class Refused(ValidationError):
    """The whole request is refused; each message says why and what to do, by field where it is about one."""
