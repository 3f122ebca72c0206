"""How a unit is reached: official mailbox, telephone, addresses, who leads it, its records officers."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from archiveportal.scope import Viewer


class ContactQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """Return the contacts of the units in scope; those of former units are of no use."""
        return self.filter(viewer.scope.of_wards("ward"))


class UnitContact(models.Model):
    """The entry of a unit in the directory. The unit confirms its own on a day."""

    ward = models.OneToOneField("wards.Ward", models.PROTECT, related_name="contact", verbose_name=_("ward"))
    mailbox = models.EmailField(_("official mailbox"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=30, blank=True)
    seat = models.CharField(_("address of the seat"), max_length=300, blank=True)
    #: one address a line
    stores = models.TextField(_("addresses of the records stores"), max_length=2000, blank=True)
    chairman = models.CharField(_("head of the unit"), max_length=120, blank=True)
    #: name, position and telephone of one person a line
    officers = models.TextField(_("records officers"), max_length=2000, blank=True)
    confirmed_on = models.DateField(_("last confirmed on"), null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry in the directory")
        ordering = ["ward"]

    def __str__(self) -> str:
        return str(self.ward)
