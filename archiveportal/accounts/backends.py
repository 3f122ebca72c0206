"""Signing in by name and password."""

from django.contrib.auth.backends import ModelBackend


class PortalBackend(ModelBackend):
    pass
