"""Closing the figures of a report, and recording afterwards under which number it was issued."""

from __future__ import annotations

import datetime
import hashlib
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
from archiveportal.fields import NO_REPORT_NUMBER
from archiveportal.files.models import StoredFile
from archiveportal.files.services import files_or_nothing, keep_file, keep_made
from archiveportal.history.models import Action, Via
from archiveportal.history.sealing import newest_head, sealed_first
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from archiveportal.templatetags.portal import day
from archiveportal.vietnamese import report_number
from reports.checks.wording import refuse_standing_errors
from reports.closing.files import MadeFile, Papers, made_papers, numbered_file
from reports.closing.signed import Signed, comparison_of, read_signed, refuse_other_number, refuse_other_text
from reports.documents.content import (
    content_of,
    context_of,
    copies_of,
    digest_of_content,
    has_document,
    words_of,
)
from reports.frozen.changes import State, checked
from reports.frozen.events import was_changed_by_people, was_changed_since
from reports.frozen.figures import EDITION, digest_of, figures_of
from reports.frozen.issue import DIRECTOR, TITLES, Issue, signed_before
from reports.models import ClosedFile, Closing, Subject
from reports.subjects import Report, report_of

CLOSING_HOUR = datetime.time(17, 0)
#: the files are made between the moment of the figures and the closing
AT_ONCE = datetime.timedelta(minutes=5)
ISSUE_FIELDS = ("number", "issued_on", "signatory", "signatory_name")


@dataclass(frozen=True)
class IssueDetails:
    number: str
    issued_on: datetime.date
    signatory: str
    signatory_name: str

    @property
    def issue(self) -> Issue:
        return Issue(self.number, self.issued_on, TITLES[self.signatory], self.signatory_name)


@dataclass(frozen=True)
class Signer:
    """Who is to sign; blank where it is not known yet."""

    signatory: str = ""
    name: str = ""

    @property
    def issue(self) -> Issue:
        """Return what the copy to sign bears: title and name, no number and no day."""
        return Issue(titles=TITLES.get(self.signatory, DIRECTOR), name=self.name)

    @property
    def as_stored(self) -> dict[str, Any]:
        return {"titles": list(self.issue.titles), "name": self.name}


NOBODY = Signer()


@sealed_first
@files_or_nothing()
@transaction.atomic
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
    unseen. `signer` is who is to sign: title and name stand in the copy to sign, number and day are left blank."""
    refuse_unless_closing(by)
    moment = timezone.now()
    subject = report_of(subject).read_subject(is_locked=True)
    report = report_of(subject)
    newest = closings_of(subject).first()
    if newest and newest.sequence == seen + 1 and _is_same(newest, as_of=as_of, note=note, signer=signer, by=by):
        return newest
    if (newest.sequence if newest else 0) != seen:
        raise Refused(_("These figures were closed after you opened the page. Look at that closing first."))
    _refuse_moment(subject, as_of or moment, newest, is_now=as_of is None)
    refuse_standing_errors(subject)
    context = context_of(subject, user=LEADERSHIP, issue=signer.issue)
    figures = figures_of(subject, context)
    papers = made_papers(context, by=by, moment=as_of or moment)
    digest = digest_of(figures)
    _hold_records(report)
    closing = Closing(
        kind=report.kind,
        **report.owner,
        sequence=seen + 1,
        as_of=as_of or moment,
        figures=figures,
        digest=digest,
        edition=EDITION,
        content=papers.content,
        content_digest=papers.digest,
        history_head=newest_head(),
        signatory=signer.signatory,
        signatory_name=signer.name,
        note=note,
        closed_by=by,
    )
    closing.save(force_insert=True)
    if _read_again(closing, papers) != (digest, papers.digest):
        raise Refused(_("Records were changed while the figures were being closed. Close them once more."))
    files = [keep_closed_file(closing, made, order=order, by=by) for order, made in enumerate(papers.files, start=1)]
    told = {
        "as_of": timezone.localtime(closing.as_of).strftime("%d/%m/%Y %H:%M"),
        "digest": digest,
        "content_digest": papers.digest,
        "signatory": signer.signatory,
        "signatory_name": signer.name,
        "files": "; ".join(_file_in_words(kept.file) or "" for kept in files),
    }
    changes = {name: (None, value) for name, value in told.items() if value}
    record(about=closing, by=by, via=via, action=Action.CLOSED, changes=changes, reason=note)
    log_event("figures closed", user=by.pk, closing=closing.pk, of=subject.code, figures=len(figures), sha256=digest)
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


def _is_same(newest: Closing, *, as_of: datetime.datetime | None, note: str, signer: Signer, by: User) -> bool:
    """Tell whether the form that made this closing was sent once more, with the same moment."""
    is_moment = newest.as_of == as_of if as_of else newest.closed_at - newest.as_of < AT_ONCE
    # Who signed may have been corrected since.
    is_signer = newest.content is None or newest.content["signatory"] == signer.as_stored
    return newest.closed_by_id == by.pk and newest.note == note and is_moment and is_signer


def refuse_unless_closing(by: User) -> None:
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


def _refuse_moment(subject: Subject, moment: datetime.datetime, newest: Closing | None, *, is_now: bool) -> None:
    """Refuse a moment whose figures cannot be known.

    The records know no past: figures of an earlier moment are those of today only if nothing was
    changed since.
    """
    refuse_far_days(moment)
    message, values = "", {}
    chosen, first = timezone.localtime(moment), report_of(subject).first_day
    if chosen > timezone.now():
        message = _("This moment is still to come. Choose an earlier day, or leave it empty.")
    elif chosen.date() < first:
        message = _("There are no figures of this report before %(day)s. Choose this day or a later one.")
        values = {"day": day(first)}
    elif newest and chosen < newest.as_of:
        message = _(
            "The figures were closed as of %(moment)s already, and 17:00 of this day lies before that. Choose a later "
            "day, or leave it empty."
        )
        values = {"moment": moment_in_words(newest.as_of)}
    elif not is_now and _was_changed(subject, moment, newest):
        message = _(
            "Records were changed after 17:00 of this day, so the figures of that moment cannot be told any more. "
            "Leave the day empty to close the figures as they are now."
        )
    if message:
        raise ValidationError({"day": message % values})


def moment_in_words(moment: datetime.datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M, %d/%m/%Y")


def _was_changed(subject: Subject, as_of: datetime.datetime, newest: Closing | None) -> bool:
    """Tell whether records changed since a moment. Loaded ones are as old as their signed report,
    unless its figures had been closed by then."""
    if not subject.is_baseline:
        return was_changed_since(subject, as_of)
    is_loaded_later = newest is not None and was_changed_since(subject, max(as_of, newest.closed_at))
    return is_loaded_later or was_changed_by_people(subject, as_of)


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
    refuse_unless_closing(by)
    details = _in_one_form(details)
    # It takes a while: nobody is to wait for the rows that are held below.
    text = read_signed(upload, closing)
    if not is_confirmed:
        refuse_other_number(text, details.number)
    return _record_issue(closing, details, Signed(upload, text, is_confirmed), version=version, by=by, via=via)


@files_or_nothing()
@transaction.atomic
def _record_issue(
    closing: Closing, details: IssueDetails, signed: Signed, *, version: int, by: User, via: str
) -> list[str]:
    # One after the other, so that no two closings get the same number. They are few.
    list(Closing.objects.order_by("pk").select_for_update().values_list("pk", flat=True))
    stored = Closing.objects.defer("figures", "content").get(pk=closing.pk)
    before = {name: getattr(stored, name) for name in ISSUE_FIELDS}
    changes = {name: (before[name], getattr(details, name)) for name in ISSUE_FIELDS}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    is_renumbered, former = bool(changes), stored.signed_copy
    upload = signed.upload
    new_copy = upload if upload and not _is_kept(upload, former) else None
    if not changes and not new_copy:
        return []
    if stored.version != version:
        raise Refused(
            _(
                "Not saved: a colleague changed this after you opened the page. It is now: %(values)s. What you typed "
                "stands below; save once more to keep it."
            )
            % {"values": _in_words(stored)},
            code="stale",
        )
    _refuse_details(stored, details)
    for name, (_before, value) in changes.items():
        setattr(stored, name, value)
    if new_copy:
        _refuse_copy_of_another(new_copy, stored)
        stored.signed_copy = _kept(new_copy, by)
        changes["signed_copy"] = (_file_in_words(former), _file_in_words(stored.signed_copy))
    stored.version += 1
    numbered = _keep_numbered(stored, details, by) if is_renumbered else None
    if new_copy:
        refuse_other_text(stored, signed)
    stored.signed_comparison = comparison_of(stored, signed.text)
    stored.save(update_fields=[*changes, "signed_comparison", "version"])
    made = {"files": (None, _file_in_words(numbered.file))} if numbered else {}
    record(about=stored, by=by, via=via, changes=changes | made)
    log_event("report issued", user=by.pk, closing=stored.pk, number=stored.number, signed=bool(stored.signed_copy))
    return [*changes]


def _keep_numbered(closing: Closing, details: IssueDetails, by: User) -> ClosedFile | None:
    """Make and keep the file that bears number, day and name; former ones stay.

    None for a closing that stored no document: a file made from the records would bear the number
    over words that nobody signed.
    """
    if closing.content is None or not has_document(closing.content):
        return None
    order = closing.files.aggregate(last=Max("order"))["last"] + 1
    made = numbered_file(closing, closing.content, details.issue, moment=timezone.now())
    return keep_closed_file(closing, made, order=order, by=by, details=details)


def _in_one_form(details: IssueDetails) -> IssueDetails:
    number = report_number(details.number)
    if not number:
        raise ValidationError({"number": NO_REPORT_NUMBER})
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


def _refuse_copy_of_another(upload: UploadedFile, stored: Closing) -> None:
    others = Closing.objects.exclude(pk=stored.pk).filter(signed_copy__sha256=_sha256(upload))
    other = others.defer("figures", "content").first()
    if other:
        message = _("“%(name)s” is the signed copy of another closing: %(closing)s, %(number)s. Choose the right file.")
        values = {"name": upload.name, "closing": other, "number": other.number}
        raise ValidationError({"upload": message % values})


def _is_kept(upload: UploadedFile, former: StoredFile | None) -> bool:
    return former is not None and _sha256(upload) == former.sha256 and checked(former).state == State.SAME


def _in_words(stored: Closing) -> str:
    values = [stored.number, stored.issued_on and day(stored.issued_on), stored.get_signatory_display()]
    return ", ".join(value for value in [*values, stored.signatory_name] if value) or "—"


def forget_comparison(signed_copy: StoredFile) -> None:
    """Drop the lines of a signed copy that were compared with the portal's file: its content is destroyed."""
    Closing.objects.filter(signed_copy=signed_copy).update(signed_comparison=None)


def _kept(upload: UploadedFile, by: User) -> StoredFile:
    try:
        return keep_file(upload=upload, by=by, kinds=(StoredFile.Kind.PDF,))
    except ValidationError as refusal:
        raise ValidationError({"upload": refusal.messages}) from refusal


def _file_in_words(file: StoredFile | None) -> str | None:
    return f"{file.name} (SHA-256 {file.sha256})" if file else None


def _sha256(upload: UploadedFile) -> str:
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()
