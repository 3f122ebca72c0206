"""Beginning, answering, confirming and dropping imports. What jobs do of them is in work.py."""

from __future__ import annotations

import datetime
import hashlib

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.files.services import clean_name, write_whole
from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from archiveportal.imports.models import ImportPlan, KeptChoice, SheetImport
from archiveportal.jobs.services import cancel_job, order_job, run_at_once
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from archiveportal.sheets.kinds import SheetKind
from archiveportal.sheets.reading.opening import format_of_table, is_small

#: an import that nobody decided on for so long is dropped by `sweep_files`
KEPT_DAYS = 30
#: so few rows are applied while the person waits
FEW_ROWS = 300


def begin_import(
    *,
    kind: SheetKind,
    upload: UploadedFile,
    by: User,
    as_of: datetime.date | None = None,
    address: str = "",
) -> SheetImport:
    """Keep a file and check it: a small one at once, else by a job. Raise `Refused` for no table.

    The same file sent twice by the same person is one import, until it is decided on.
    """
    content = upload.read()
    format_of_table(content)
    sha256 = hashlib.sha256(content).hexdigest()
    day = as_of or timezone.localdate()
    same = SheetImport.objects.undecided().filter(kind=kind.code, sha256=sha256, began_by=by, as_of=day).first()
    made = same or _keep(content, upload.name or "", kind=kind, by=by, as_of=day, address=address, sha256=sha256)
    if made.is_busy:
        return made
    return _check(made, by=by, at_once=is_small(content))


def _keep(
    content: bytes, name: str, *, kind: SheetKind, by: User, as_of: datetime.date, address: str, sha256: str
) -> SheetImport:
    """Write the file, then the row; a row that cannot be written leaves no file."""
    made = SheetImport(kind=kind.code, name=clean_name(name), size=len(content), sha256=sha256, began_by=by)
    made.as_of, made.address = as_of, address
    write_whole(made.kept_as, content)
    try:
        with transaction.atomic():
            made.answers = dict(KeptChoice.objects.filter(kind=kind.code).values_list("question", "value"))
            made.save(force_insert=True)
            record(about=made, by=by, via=Via.IMPORT, action=Action.CREATED, changes={"name": (None, made.name)})
    except BaseException:
        made.kept_as.storage.delete(str(made.kept_as.name))
        raise
    log_event("sheet handed in", user=by.pk, imported=made.pk, kind=kind.code, size=made.size, sha256=sha256)
    return made


def _check(made: SheetImport, *, by: User, at_once: bool) -> SheetImport:
    title = _("Checking “%(name)s”") % {"name": made.name}
    return _work(made, "imports.check", title, by=by, at_once=at_once)


def _work(made: SheetImport, kind: str, title: str, *, by: User, at_once: bool, **arguments: str) -> SheetImport:
    job = order_job(kind=kind, title=title, arguments={"import": made.pk, **arguments}, by=by)
    SheetImport.objects.filter(pk=made.pk).update(job=job)
    if at_once:
        run_at_once(job)
    return SheetImport.objects.select_related("job").get(pk=made.pk)


def check_again(*, made: SheetImport, by: User) -> SheetImport:
    """Check a file that is kept once more, against the records as they are now."""
    _refuse_decided(made)
    return _check(made, by=by, at_once=_is_few(made))


def answer_question(*, made: SheetImport, question: str, value: str, keeps: bool, by: User) -> SheetImport:
    """Record what an ambiguous text means, for this import or for later ones too, and check again."""
    _refuse_decided(made)
    with transaction.atomic():
        stored = SheetImport.objects.select_for_update().get(pk=made.pk)
        stored.answers = stored.answers | {question: value}
        stored.save(update_fields=["answers"])
        changes = {"answers": (None, f"{question} = {value}")}
        record(about=stored, by=by, via=Via.IMPORT, changes=changes)
        if keeps:
            _keep_choice(stored.kind, question, value=value, by=by)
    return check_again(made=stored, by=by)


def _keep_choice(kind: str, question: str, *, value: str, by: User) -> None:
    kept = KeptChoice.objects.filter(kind=kind, question=question).first()
    before = kept.value if kept else None
    if before == value:
        return
    kept = kept or KeptChoice(kind=kind, question=question)
    kept.value, kept.chosen_by = value, by
    kept.save()
    action = Action.CHANGED if before else Action.CREATED
    record(about=kept, by=by, via=Via.IMPORT, action=action, changes={"value": (before, value)})


def confirm_import(*, made: SheetImport, shown: str, by: User) -> SheetImport:
    """Apply what the preview with the digest `shown` has shown. Raise `Refused`.

    Confirmed twice, it is applied once: the second press gets the import as it is.
    """
    if made.status == SheetImport.Status.APPLIED or made.is_busy:
        return made
    _refuse_decided(made)
    stored = ImportPlan.objects.filter(import_of=made).first()
    if stored is None:
        raise Refused(_("The file has not been checked yet."))
    if stored.digest != shown:
        raise Refused(_("This preview is no longer the newest: look at the one below, then confirm."), code="stale")
    if made.counts.get("refuse"):
        raise Refused(_("Rows with errors or open questions are left: nothing is taken until all rows can be."))
    title = _("Taking in “%(name)s”") % {"name": made.name}
    return _work(made, "imports.apply", title, by=by, at_once=_is_few(made), shown=shown)


def _is_few(made: SheetImport) -> bool:
    """Tell whether its rows are done in a moment; those of a file never checked are not known."""
    return 0 < sum(made.counts.values()) <= FEW_ROWS


def drop_import(*, made: SheetImport, by: User | None) -> SheetImport:
    """Let go of an import; its file goes. Dropped twice, it stays as it was."""
    with transaction.atomic():
        stored = SheetImport.objects.select_for_update().get(pk=made.pk)
        if stored.is_decided:
            return stored
        before = stored.status
        stored.status, stored.decided_by, stored.decided_at = SheetImport.Status.DROPPED, by, timezone.now()
        stored.save(update_fields=["status", "decided_by", "decided_at"])
        ImportPlan.objects.filter(import_of=stored).delete()
        changes = {"status": (before, stored.status)}
        record(about=stored, by=by, via=Via.IMPORT, action=Action.VOIDED, changes=changes)
    if stored.job and not stored.job.is_over and by is not None:
        cancel_job(job=stored.job, by=by)
    remove_file(stored)
    return stored


def remove_file(made: SheetImport) -> None:
    """Remove the file of an import that is decided on; its name and SHA-256 stay."""
    if made.kept_as:
        made.kept_as.storage.delete(str(made.kept_as.name))
        SheetImport.objects.filter(pk=made.pk).update(kept_as="")


def sweep_imports() -> int:
    """Drop what nobody decided on, and remove files of what was. Return how many files went."""
    oldest = timezone.now() - datetime.timedelta(days=KEPT_DAYS)
    swept = 0
    for made in SheetImport.objects.undecided().filter(began_at__lt=oldest):
        drop_import(made=made, by=None)
        swept += 1
    for made in SheetImport.objects.exclude(kept_as="").exclude(decided_at=None):
        remove_file(made)
        swept += 1
    return swept


def _refuse_decided(made: SheetImport) -> None:
    if made.is_decided:
        message = _("“%(name)s” was %(state)s already.")
        raise Refused(message % {"name": made.name, "state": made.get_status_display()})
