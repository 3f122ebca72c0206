"""Record who changed what, when and through which way in. Events are added, never changed."""

import datetime
import re
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archiveportal.history import registry
from archiveportal.model_fields import own_field
from archiveportal.vietnamese import number


class Via(models.TextChoices):
    PAGE = "page", _("page")
    AUTOSAVE = "autosave", _("autosave")
    OFFLINE = "offline", _("off-line")
    IMPORT = "import", _("import")
    COMMAND = "command", _("loaded")
    SQL = "sql", _("directly in the database")


class Action(models.TextChoices):
    CREATED = "created", _("created")
    CHANGED = "changed", _("changed")
    VOIDED = "voided", _("voided")
    DELETED = "deleted", _("deleted")
    SUBMITTED = "submitted", _("submitted for approval")
    RETURNED = "returned", _("returned it for additions")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("sent it to the unit to be put right")
    SIGNED = "signed", _("recorded the signed minutes")
    SUPPLEMENT = "supplement", _("opened a supplement to the minutes")
    REOPENED = "reopened", _("opened again")
    CLOSED = "closed", _("closed")
    HANDED_IN = "handed_in", _("handed in")
    ANSWERED = "answered", _("answered")
    ACCEPTED = "accepted", _("accepted the answer")
    REFUSED = "refused", _("did not accept the answer")
    KEPT = "kept", _("sent an answer that was not applied")
    DROPPED = "dropped", _("did not take the answer")


#: numbers that an answer gives or earns: their events are about the checklist, which has no such field
OF_ANSWERS = {"number", "of_number", "earned"}


#: a moment as a service or a trigger writes it
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:?\d\d|Z)?")


def _moment(text: str) -> str:
    """Return a stored moment as people here read it: "19:38, 30/11/2026"."""
    moment = datetime.datetime.fromisoformat(text)
    moment = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{moment:%H:%M, %d/%m/%Y}"


def _readable(name: str, value: Any, field: models.Field | None) -> str:
    """Return a stored value as people read it: the label of a choice, a date as day/month/year."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if word := registry.value_name(field.model._meta.model_name if field else None, name, value):
        return str(word)
    # The event may be about another row than the one that has the field: then `field` is None.
    is_day = isinstance(field, models.DateField) or name.endswith("_on")
    if is_day and re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        return "{2}/{1}/{0}".format(*str(value).split("-"))
    if _MOMENT.fullmatch(str(value)):
        return _moment(str(value))
    is_number = name in OF_ANSWERS or isinstance(field, models.DecimalField)
    if is_number and re.fullmatch(r"-?\d+(\.\d+)?", str(value)):
        # What an answer gives is stored with two decimals, "25.50", and reads "25,5" everywhere.
        return number(Decimal(f"{Decimal(value).normalize():f}") if name in OF_ANSWERS else Decimal(value))
    return str(dict(getattr(field, "flatchoices", ())).get(value, value))


UNCHANGING = "history is added to, never changed or deleted"


class EventQuerySet(models.QuerySet):
    def about(self, *objects: models.Model) -> "EventQuerySet":
        """Return the events about these rows, newest first."""
        keys_by_label: dict[str, list[int]] = {}
        for row in objects:
            keys_by_label.setdefault(row._meta.label_lower, []).append(row.pk)
        condition = models.Q(pk__in=[])
        for label, keys in keys_by_label.items():
            condition |= models.Q(object_type=label, object_id__in=keys)
        return self.filter(condition).order_by("-occurred_at", "-pk")

    def update(self, **values: Any) -> int:
        raise TypeError(UNCHANGING)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(UNCHANGING)


class Event(models.Model):
    """Record one change of one row.

    The actor is stored by id and name, without a foreign key to a table of an app above.
    """

    occurred_at = models.DateTimeField(auto_now_add=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    via = models.CharField(max_length=10, choices=Via)
    action = models.CharField(max_length=10, choices=Action)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    #: name of the row in the list of events ("Tiêu chí 12")
    object_name = models.CharField(max_length=300)
    #: {field: [before, after]}, as text or null
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True)

    #: what the timeline shows of the event: its changes in words, and the address of its row
    told: list[dict[str, str]]
    link: str
    #: sign-in name of the actor
    username = ""

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "-occurred_at"], name="event_of_object"),
            # Finds the few events that were written behind the portal.
            models.Index(fields=["via", "-occurred_at"], name="event_by_way"),
        ]

    def __str__(self) -> str:
        return f"{self.object_name}: {self.get_action_display()}"

    def save(self, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(UNCHANGING)
        super().save(**kwargs)

    def delete(self, using: str | None = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        raise TypeError(UNCHANGING)

    @property
    def model_name(self) -> str:
        """Return the model's name without its app: "result"."""
        return self.object_type.rpartition(".")[2]

    @property
    def deed(self) -> str:
        """Return what was done, in the words of the app where it has its own."""
        for subject in (self.object_type, *self.changes):
            words = registry.DEEDS.get((self.action, subject))
            if words:
                return str(words)
        return self.get_action_display()

    @property
    def reason_label(self) -> str:
        """Return the label of `reason`, which holds the content of an answer."""
        return gettext("Content") if self.action == Action.ANSWERED else gettext("Reason")

    @property
    def readable_changes(self) -> list[dict[str, str]]:
        """Return the changed fields by the names people use, with their values before and after."""
        changes = []
        for name, (before, after) in self.changes.items():
            field, label = self._field(name), self.field_label(name)
            readable_before = _readable(name, before, field)
            readable_after = _readable(name, after, field)
            if not (before or after) and readable_before == readable_after:
                continue  # empty before and after, for instance null and ""
            change = {
                "field": str(label),
                "before": readable_before,
                "after": readable_after,
            }
            changes.append(change)
        return changes

    def field_label(self, name: str) -> str:
        """Return the name that people use for a field."""
        registered = registry.field_name(self.model_name, name)
        field = self._field(name)
        return str(registered or (field.verbose_name if field else name))

    def _field(self, name: str) -> models.Field | None:
        """Return the changed field, or None where the model does not have it (any more)."""
        try:
            return apps.get_model(self.object_type)._meta.get_field(name)
        except (LookupError, ValueError, FieldDoesNotExist):
            return None


class Seal(models.Model):
    """Hold the digest of a range of events, and that of the seal before: together they are a chain.

    A seal covers every event after `last_event` of the seal before, up to its own. Keys that
    nobody got (a transaction that was rolled back) are normal.
    """

    number = models.PositiveIntegerField(unique=True)
    #: keys of the first and the last event
    first_event = models.BigIntegerField()
    last_event = models.BigIntegerField()
    events = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()
    #: digest of the seal before; blank in the first
    previous = models.CharField(max_length=64, blank=True)
    #: SHA-256 over the digests of the events
    content = models.CharField(max_length=64)
    #: key and beginning of the digest of each event: says which one differs
    marks = models.TextField()
    #: SHA-256 over all of the above
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.head

    @property
    def head(self) -> str:
        """Return the seal as it is kept elsewhere: in the log, in closings, in backups."""
        return f"{self.number}:{self.digest}"


class FromReport(models.Model):
    """Mark a row that can come from one of the two reports.

    `as_reported` keeps the report's values from the first correction on, so that the ledger's column
    "theo báo cáo" stays the same while people correct the record. It is null before a correction.
    """

    is_baseline = models.BooleanField(default=False, editable=False)
    as_reported = models.JSONField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def reported(self, name: str) -> Any:
        """Return the value in the report, also after a correction.

        `name` is the attribute of a field ("ward_id").
        """
        reported_values = self.as_reported or {}
        if name not in reported_values:
            return getattr(self, name)
        return own_field(self, name).to_python(reported_values[name])
