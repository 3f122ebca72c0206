"""What jobs do with an import: check it, apply it, and what comes after.

Reading and checking run outside a transaction and tell how far they are. What they lead to is one
short transaction that ends the job too, so that a killed worker leaves all of it or nothing.
"""

from __future__ import annotations

import hashlib
import json
import zlib

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Via
from archiveportal.history.services import record
from archiveportal.imports.models import ImportPlan, SheetImport
from archiveportal.imports.querysets import ImportQuerySet
from archiveportal.imports.words import counted
from archiveportal.jobs.services import JobHandle, JobLost, order_job
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from archiveportal.sheets.checking import make_plan
from archiveportal.sheets.kinds import Order
from archiveportal.sheets.rows import TablePlan


def check(handle: JobHandle) -> None:
    """Check the file and store what it would do."""
    made = _import_of(handle)
    if made.is_decided:
        handle.finish(_("The import was decided on meanwhile."))
        return
    try:
        plan = _plan(made, handle)
    except Refused as refusal:
        message = " ".join(refusal.messages)
        with handle.commit():
            ImportPlan.objects.filter(import_of=made).delete()
            _undecided(made).update(message=message, counts={})
            handle.finish(message)
        return
    with handle.commit():
        _store(made, plan, message="")
        handle.finish(counted(plan.counts))


def apply(handle: JobHandle) -> None:
    """Apply what the preview has shown, if a new check still finds exactly that."""
    made = _import_of(handle)
    preview = ImportPlan.objects.filter(import_of=made).first()
    if made.is_decided or preview is None:
        handle.finish(_("The import was decided on meanwhile."))
        return
    plan = _plan(made, handle, language=preview.language)
    # A check meanwhile may have stored another preview, which nobody confirmed.
    if plan.digest != handle.arguments["shown"]:
        _show_again(made, plan, handle)
        return
    order = order_of(made, by=handle.job.ordered_by)
    try:
        _write(made, plan, order=order, handle=handle)
    except ValidationError as refusal:
        # Somebody wrote between the check and the transaction: all of it is undone.
        reason = " ".join(refusal.messages)
        log_event("import refused", imported=made.pk, reason=reason)
        now = _plan(made, handle, language=preview.language)
        # Where the records are as the preview showed them, the refusal alone says what is in the way.
        _show_again(made, now, handle, reason=reason if now.digest == plan.digest else "")


def _write(made: SheetImport, plan: TablePlan, *, order: Order, handle: JobHandle) -> None:
    """Write the plan, the state of the import and the end of the job in one transaction."""
    handle.tell(step=_("saving"))
    with handle.commit():
        now = timezone.now()
        values = {"status": SheetImport.Status.APPLIED, "decided_by": order.by, "decided_at": now, "message": ""}
        if not _undecided(made).update(**values):
            raise JobLost
        lines = [line for line in plan.lines if line.step]
        made.result = made.sheet_kind.apply(lines, order, batch=made.pk)
        SheetImport.objects.filter(pk=made.pk).update(result=made.result, counts=plan.counts)
        ImportPlan.objects.filter(import_of=made).delete()
        changes = {"status": (made.status, SheetImport.Status.APPLIED)}
        record(about=made, by=order.by, via=Via.IMPORT, changes=changes, reason=counted(plan.counts))
        title = _("After taking in “%(name)s”") % {"name": made.name}
        order_job(kind="imports.after", title=title, arguments={"import": made.pk}, by=order.by)
        handle.finish(counted(plan.counts))
    facts = {"user": getattr(order.by, "pk", None), "imported": made.pk, "kind": made.kind}
    log_event("sheet taken in", **facts, **plan.counts)


def after(handle: JobHandle) -> None:
    """Remove the file, and let the kind send its mails."""
    made = _import_of(handle)
    if made.kept_as:
        made.kept_as.storage.delete(str(made.kept_as.name))
        SheetImport.objects.filter(pk=made.pk).update(kept_as="")
    made.sheet_kind.after(made.result, order_of(made, by=handle.job.ordered_by))


def order_of(made: SheetImport, *, by: User | None) -> Order:
    return Order(by or made.began_by, made.as_of, made.address)


def _import_of(handle: JobHandle) -> SheetImport:
    return SheetImport.objects.select_related("began_by").get(pk=handle.arguments["import"])


def _undecided(made: SheetImport) -> ImportQuerySet:
    return SheetImport.objects.undecided().filter(pk=made.pk)


def _plan(made: SheetImport, handle: JobHandle, *, language: str = "") -> TablePlan:
    """Read the kept file and check it against the records as they are now.

    The words of a plan are compared too: one that is held against a preview is made in its language.
    """
    handle.tell(step=_("reading and checking"))
    with made.kept_as.open("rb") as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != made.sha256:
        raise Refused(_("The kept file is no longer the one that was handed in. Hand it in once more."))
    total = sum(made.counts.values())

    def tell(rows: int) -> None:
        if rows % 50 == 0:
            handle.tell(step=_("reading and checking"), done=rows, total=total)

    order = order_of(made, by=handle.job.ordered_by)
    with override(language or get_language()):
        return make_plan(content, made.name, kind=made.sheet_kind, order=order, answers=made.answers, told=tell)


def _show_again(made: SheetImport, plan: TablePlan, handle: JobHandle, *, reason: str = "") -> None:
    """Store a new preview, and say that it differs from the one that was confirmed, or else what refused it."""
    changed = _("Records changed after the preview, so nothing was taken in. Look at the new preview and confirm it.")
    message = _("Nothing was taken in: %(reason)s") % {"reason": reason} if reason else changed
    with handle.commit():
        _store(made, plan, message=message)
        handle.fail(message)


def _store(made: SheetImport, plan: TablePlan, *, message: str) -> None:
    if not _undecided(made).update(message=message, counts=plan.counts):
        return
    content = json.dumps(plan.to_json() | {"language": get_language()}, ensure_ascii=False).encode()
    values = {"content": zlib.compress(content, 1), "digest": plan.digest}
    ImportPlan.objects.update_or_create(import_of=made, defaults=values)
