"""Who changed what, when, from what to what, through which way in. Rows are added, never changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Via(models.TextChoices):
    PAGE = "page", _("page")
    AUTOSAVE = "autosave", _("autosave")
    OFFLINE = "offline", _("off-line")
    IMPORT = "import", _("import")
    COMMAND = "command", _("command")


class Action(models.TextChoices):
    CREATED = "created", _("created")
    CHANGED = "changed", _("changed")
    VOIDED = "voided", _("voided")
    SUBMITTED = "submitted", _("submitted for approval")
    RETURNED = "returned", _("returned for additions")
    APPROVED = "approved", _("approved")


#: how the timeline calls fields and the codes that stand in them
FIELD_NAMES = {
    "outcome": _("answer"),
    "number": _("number"),
    "text": _("text"),
    "note": _("note"),
    "status": _("status"),
    "inspected_on": _("inspected on"),
}
VALUE_NAMES = {
    "met": _("Met"),
    "not_met": _("Not met"),
    "not_applicable": _("Not applicable"),
    "draft": _("draft"),
    "submitted": _("waiting for approval"),
    "returned": _("returned for additions"),
    "approved": _("approved"),
}


def _readable(value: object) -> str:
    return "—" if value in (None, "") else str(VALUE_NAMES.get(value, value))


class EventQuerySet(models.QuerySet):
    def about(self, *objects: models.Model) -> "EventQuerySet":
        """The events of these rows, newest first."""
        condition = models.Q(pk__in=[])
        for row in objects:
            condition |= models.Q(object_type=row._meta.label_lower, object_id=row.pk)
        return self.filter(condition).order_by("-occurred_at", "-pk")


class Event(models.Model):
    """One change of one row. The actor stands by id and name, so that history needs no table above it."""

    occurred_at = models.DateTimeField(auto_now_add=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    via = models.CharField(max_length=10, choices=Via)
    action = models.CharField(max_length=10, choices=Action)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    #: what it is called in the list of events ("Tiêu chí 12")
    object_name = models.CharField(max_length=300)
    #: {field: [before, after]}, as text or null
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["object_type", "object_id", "-occurred_at"], name="event_of_object")]

    def __str__(self) -> str:
        return f"{self.object_name}: {self.get_action_display()}"

    @property
    def readable_changes(self) -> list[dict[str, str]]:
        """The changed fields as people call them, with their values before and after."""
        return [
            {"field": str(FIELD_NAMES.get(name, name)), "before": _readable(before), "after": _readable(after)}
            for name, (before, after) in self.changes.items()
        ]


class FromReport(models.Model):
    """A row that can come from one of the two reports.

    `as_reported` keeps the report's values from the first correction on, so that the ledger's column
    "theo báo cáo" stands while people correct the record; it is null while the row is as the report has it.
    """

    is_baseline = models.BooleanField(default=False, editable=False)
    as_reported = models.JSONField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
