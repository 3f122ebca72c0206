"""Closing the figures of a report, and recording afterwards under which number it was issued."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.accounts.scope import LEADERSHIP
from archiveportal.days import refuse_far_days
from archiveportal.fields import no_report_number
from archiveportal.files.checking import sha256_of
from archiveportal.files.models import StoredFile
from archiveportal.files.services import CheckedUpload, check_file, files_or_nothing, keep_file, keep_made
from archiveportal.history.models import Action, Via
from archiveportal.history.sealing import newest_head, sealed_first
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.office.queries import report_symbols
from archiveportal.refusal import Refused
from archiveportal.templatetags.portal import day
from archiveportal.vietnamese import report_number
from reports.checks.wording import refuse_standing_errors
from reports.closing.details import NOBODY, IssueDetails, Signer, Wanted
from reports.closing.files import MadeFile, Papers, made_papers, numbered_file
from reports.closing.moments import refuse_moment
from reports.closing.signed import (
    Signed,
    comparison_of,
    numbered_document,
    read_signed,
    refuse_other_number,
    refuse_other_text,
)
from reports.documents.content import (
    content_of,
    context_of,
    copies_of,
    digest_of_content,
    has_document,
    words_of,
)
from reports.frozen.changes import State, checked
from reports.frozen.figures import EDITION, digest_of, figures_of
from reports.frozen.issue import signed_before
from reports.models import ClosedFile, Closing, Subject
from reports.passages.hands import refuse_own_hand_in_report
from reports.subjects import Report, report_of

CLOSING_HOUR = datetime.time(17, 0)
#: the files are made between the moment of the figures and the closing
AT_ONCE = datetime.timedelta(minutes=5)
ISSUE_FIELDS = ("number", "issued_on", "signatory", "signatory_name")


@dataclass(frozen=True)
class PreparedClosing:
    """Figures and papers of a report as they were read and made, before anything is held."""

    moment: datetime.datetime
    figures: list[dict[str, Any]]
    digest: str
    papers: Papers


@sealed_first
def close_figures(
    *,
    subject: Subject,
    as_of: datetime.datetime | None = None,
    note: str = "",
    signer: Signer = NOBODY,
    seen: int,
    by: User,
    via: str = Via.PAGE,
) -> Closing:
    """Freezes the figures and the content of the report, and keeps the files. `seen` is the number of the newest
    closing that the page showed (0: none): the same form sent twice closes once, and nobody closes beside a colleague
    unseen. `signer` is who is to sign: title and name stand in the copy to sign, number and day are left blank.

    Figures and papers are made before the transaction, which reads the records once more: nobody
    waits for papers, and what was changed meanwhile is refused.
    """
    wanted = Wanted(as_of, note, signer, seen)
    subject = report_of(subject).read_subject()
    if present := _refuse_or_find(subject, wanted, moment=timezone.now(), by=by):
        return present
    refuse_standing_errors(subject)
    return _close(subject, wanted, _prepare(subject, wanted, by=by), by=by, via=via)


def _refuse_or_find(subject: Subject, wanted: Wanted, *, moment: datetime.datetime, by: User) -> Closing | None:
    """Refuse what cannot be closed; return the closing that the same form made already, if it did."""
    if not by.may_decide:
        raise Refused(_("Your role does not close figures."))
    if not report_of(subject).counts:
        raise Refused(_("Figures of a trial round, or of one in draft, are not closed."))
    newest = closings_of(subject).first()
    if newest and newest.sequence == wanted.seen + 1 and _is_same(newest, wanted, by=by):
        return newest
    if (newest.sequence if newest else 0) != wanted.seen:
        raise Refused(_("These figures were closed after you opened the page. Look at that closing first."))
    refuse_own_hand_in_report(subject, by)
    refuse_moment(subject, wanted.as_of or moment, newest, is_now=wanted.as_of is None)
    return None


def _prepare(subject: Subject, wanted: Wanted, *, by: User) -> PreparedClosing:
    """Read the records and make figures and papers of them."""
    moment = timezone.now()
    context = context_of(subject, user=LEADERSHIP, issue=wanted.signer.issue)
    figures = figures_of(subject, context)
    papers = made_papers(context, by=by, moment=wanted.as_of or moment)
    return PreparedClosing(moment, figures, digest_of(figures), papers)


@files_or_nothing()
@transaction.atomic
def _close(subject: Subject, wanted: Wanted, prepared: PreparedClosing, *, by: User, via: str) -> Closing:
    report = report_of(subject)
    subject = report.read_subject(is_locked=True)
    if present := _refuse_or_find(subject, wanted, moment=prepared.moment, by=by):
        return present
    papers = prepared.papers
    _hold_records(report)
    closing = Closing(
        kind=report.kind,
        **report.owner,
        sequence=wanted.seen + 1,
        as_of=wanted.as_of or prepared.moment,
        figures=prepared.figures,
        digest=prepared.digest,
        edition=EDITION,
        content=papers.content,
        content_digest=papers.digest,
        history_head=newest_head(),
        signatory=wanted.signer.signatory,
        signatory_name=wanted.signer.name,
        note=wanted.note,
        closed_by=by,
    )
    closing.save(force_insert=True)
    if _read_again(closing, papers) != (prepared.digest, papers.digest):
        raise Refused(_("Records were changed while the figures were being closed. Close them once more."))
    files = [keep_closed_file(closing, made, order=order, by=by) for order, made in enumerate(papers.files, start=1)]
    told = {
        "as_of": timezone.localtime(closing.as_of).strftime("%d/%m/%Y %H:%M"),
        "digest": closing.digest,
        "content_digest": papers.digest,
        "signatory": closing.signatory,
        "signatory_name": closing.signatory_name,
        "files": "; ".join(_file_in_words(kept.file) or "" for kept in files),
    }
    changes = {name: (None, value) for name, value in told.items() if value}
    record(about=closing, by=by, via=via, action=Action.CLOSED, changes=changes, reason=wanted.note)
    count = len(closing.figures)
    facts = {"closing": closing.pk, "of": subject.code, "figures": count, "sha256": closing.digest}
    log_event("figures closed", user=by.pk, **facts)
    return closing


def _read_again(closing: Closing, papers: Papers) -> tuple[str, str]:
    """Return the digests of figures and content by a second reading of the records."""
    subject = report_of(closing.subject).read_subject()
    signer = Signer(closing.signatory, closing.signatory_name)
    context = context_of(subject, user=LEADERSHIP, issue=signer.issue)
    figures = digest_of(figures_of(subject, context))
    if papers.template is None:
        return figures, digest_of_content(words_of(context))
    return figures, digest_of_content(content_of(context, copies_of(context), papers.template))


def keep_closed_file(
    closing: Closing, made: MadeFile, *, order: int, by: User, details: IssueDetails | None = None
) -> ClosedFile:
    """Keep a file of a closing in the store; `details` are the number, day and name that it bears."""
    file = keep_made(content=made.content, name=made.name, kind=made.kind, by=by)
    kept = ClosedFile(closing=closing, file=file, order=order, role=made.role, **asdict(details) if details else {})
    kept.save(force_insert=True)
    return kept


def _is_same(newest: Closing, wanted: Wanted, *, by: User) -> bool:
    """Tell whether the form that made this closing was sent once more, with the same moment."""
    is_at_once = newest.closed_at - newest.as_of < AT_ONCE
    is_moment = newest.as_of == wanted.as_of if wanted.as_of else is_at_once
    # Who signed may have been corrected since.
    is_signer = newest.content is None or newest.content["signatory"] == wanted.signer.as_stored
    return newest.closed_by_id == by.pk and newest.note == wanted.note and is_moment and is_signer


def _refuse_unless_issuing(by: User) -> None:
    if not by.can_approve:
        raise Refused(_("Your role does not close figures."))


def closings_of(subject: Subject) -> QuerySet[Closing]:
    """Newest first, without the figures themselves."""
    return Closing.objects.filter(**report_of(subject).owner).defer("figures", "content").order_by("-sequence")


def _hold_records(report: Report) -> None:
    """Lock the rows that the figures follow from until the closing is stored.

    A person who is changing one of them has finished by then, or waits and makes a change after
    the closing. Locked for a moment only, after the files were made. (On SQLite nobody else writes
    meanwhile.)
    """
    for rows in report.rows_to_lock():
        list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def record_issue(
    *,
    closing: Closing,
    details: IssueDetails,
    upload: UploadedFile | None = None,
    is_confirmed: bool = False,
    version: int,
    by: User,
    via: str = Via.PAGE,
) -> list[str]:
    """Records or corrects number, day, signatory and the signed PDF; gives the names of what was changed.

    A new signed PDF takes the place of the former one, which stays in the store and in the history; so does the same
    PDF, where the store has lost it. A PDF that bears another number is refused, unless a person has looked and
    `is_confirmed`: a scan is read wrongly at times.
    """
    _refuse_unless_issuing(by)
    details = _in_one_form(details)
    text = read_signed(upload, closing)
    if not is_confirmed:
        refuse_other_number(text, details.number)
    prepared = _prepare_issue(closing, details, Signed(upload, text, is_confirmed), version=version)
    return _record_issue(closing, details, prepared, version=version, by=by, via=via)


@dataclass(frozen=True)
class PreparedIssue:
    """What is read and made before the closing is held: the signed PDF, the file with the number, how they differ."""

    copy: CheckedUpload | None = None
    made: MadeFile | None = None
    comparison: dict[str, Any] | None = None


def _prepare_issue(closing: Closing, details: IssueDetails, signed: Signed, *, version: int) -> PreparedIssue:
    """Read and make what takes a while; nobody is to wait for it.

    A closing that stored no document gets no file: one made from the records would bear the number
    over words that nobody signed.
    """
    stored = Closing.objects.select_related("signed_copy").defer("figures").get(pk=closing.pk)
    is_renumbered, upload = bool(_changes(stored, details)), signed.upload
    is_new_copy = upload is not None and not _is_kept(upload, stored.signed_copy)
    if not is_renumbered and not is_new_copy:
        return PreparedIssue()
    _refuse_stale(stored, version)
    _refuse_details(stored, details)
    copy = _checked(upload) if upload and is_new_copy else None
    made = None
    if is_renumbered and stored.content is not None and has_document(stored.content):
        made = numbered_file(stored, stored.content, details.issue, moment=timezone.now())
    numbered = numbered_document(stored, made=made, number=details.number)
    if copy:
        _refuse_copy_of_another(copy, stored)
        refuse_other_text(numbered, signed)
    return PreparedIssue(copy, made, comparison_of(numbered, signed.text))


def _changes(stored: Closing, details: IssueDetails) -> dict[str, tuple[Any, Any]]:
    pairs = {name: (getattr(stored, name), getattr(details, name)) for name in ISSUE_FIELDS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _refuse_stale(stored: Closing, version: int) -> None:
    if stored.version != version:
        raise Refused(
            _(
                "Not saved: a colleague changed this after you opened the page. It is now: %(values)s. What you typed "
                "stands below; save once more to keep it."
            )
            % {"values": _in_words(stored)},
            code="stale",
        )


@files_or_nothing()
@transaction.atomic
def _record_issue(
    closing: Closing, details: IssueDetails, prepared: PreparedIssue, *, version: int, by: User, via: str
) -> list[str]:
    # One after the other, so that no two closings get the same number. They are few.
    list(Closing.objects.order_by("pk").select_for_update().values_list("pk", flat=True))
    stored = Closing.objects.defer("figures", "content").get(pk=closing.pk)
    changes: dict[str, tuple[Any, Any]] = _changes(stored, details)
    if not changes and not prepared.copy:
        return []
    _refuse_stale(stored, version)
    _refuse_details(stored, details)
    for name, (_before, value) in changes.items():
        setattr(stored, name, value)
    if prepared.copy:
        _refuse_copy_of_another(prepared.copy, stored)
        former = stored.signed_copy
        stored.signed_copy = keep_file(upload=prepared.copy, by=by)
        changes["signed_copy"] = (_file_in_words(former), _file_in_words(stored.signed_copy))
    stored.version += 1
    numbered = None
    if prepared.made:
        order = stored.files.aggregate(last=Max("order"))["last"] + 1
        numbered = keep_closed_file(stored, prepared.made, order=order, by=by, details=details)
    stored.signed_comparison = prepared.comparison
    stored.save(update_fields=[*changes, "signed_comparison", "version"])
    told = {"files": (None, _file_in_words(numbered.file))} if numbered else {}
    record(about=stored, by=by, via=via, changes=changes | told)
    log_event("report issued", user=by.pk, closing=stored.pk, number=stored.number, signed=bool(stored.signed_copy))
    return [*changes]


def _in_one_form(details: IssueDetails) -> IssueDetails:
    symbols = report_symbols(details.issued_on)
    number = report_number(details.number, symbols)
    if not number:
        raise ValidationError({"number": no_report_number(symbols)})
    return replace(details, number=number)


def _refuse_details(stored: Closing, details: IssueDetails) -> None:
    refuse_far_days(details.issued_on)
    closed_for = timezone.localtime(stored.as_of).date()
    if details.issued_on > timezone.localdate():
        raise ValidationError({"issued_on": _("This day is still to come.")})
    if details.issued_on < closed_for:
        message = _("The report cannot be issued before the day of its figures, %(day)s.")
        raise ValidationError({"issued_on": message % {"day": day(closed_for)}})
    signed = signed_before(details.number, details.issued_on.year)
    if signed:
        message = _(
            "%(number)s of %(day)s is the number of a report that was signed before the portal was set up. A new "
            "report has a number of its own."
        )
        raise ValidationError({"number": message % {"number": details.number, "day": day(signed)}})
    same = Closing.objects.filter(number__iexact=details.number, issued_on__year=details.issued_on.year)
    if same.exclude(pk=stored.pk).exists():
        message = _("Another closing carries this number already. Check the number.")
        raise ValidationError({"number": message})


def _refuse_copy_of_another(upload: CheckedUpload, stored: Closing) -> None:
    others = Closing.objects.exclude(pk=stored.pk).filter(signed_copy__sha256=upload.sha256)
    other = others.defer("figures", "content").first()
    if other:
        message = _("“%(name)s” is the signed copy of another closing: %(closing)s, %(number)s. Choose the right file.")
        values = {"name": upload.name, "closing": other, "number": other.number}
        raise ValidationError({"upload": message % values})


def _is_kept(upload: UploadedFile, former: StoredFile | None) -> bool:
    digest = sha256_of(upload)
    upload.seek(0)
    return former is not None and digest == former.sha256 and checked(former).state == State.SAME


def _in_words(stored: Closing) -> str:
    values = [stored.number, stored.issued_on and day(stored.issued_on), stored.get_signatory_display()]
    return ", ".join(value for value in [*values, stored.signatory_name] if value) or "—"


def forget_comparison(signed_copy: StoredFile) -> None:
    """Drop the lines of a signed copy that were compared with the portal's file: its content is destroyed."""
    Closing.objects.filter(signed_copy=signed_copy).update(signed_comparison=None)


def _checked(upload: UploadedFile) -> CheckedUpload:
    try:
        return check_file(upload=upload, kinds=(StoredFile.Kind.PDF,))
    except ValidationError as refusal:
        raise ValidationError({"upload": refusal.messages}) from refusal


def _file_in_words(file: StoredFile | None) -> str | None:
    return f"{file.name} (SHA-256 {file.sha256})" if file else None
