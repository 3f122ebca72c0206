"""Writing the passages of a report, version by version, and deciding on proposals and known errors."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from archiveportal.letters import clean_letters
from archiveportal.refusal import Refused
from archiveportal.vietnamese import number
from reports.checks.found import SEVERITY
from reports.checks.wording import StandingError, standing_errors
from reports.documents.passages import PassagePlace, places_of
from reports.known_errors.finding import KnownError, errors_in
from reports.models import KeptError, Passage, PassageVersion, ProposalDecision, Subject
from reports.passages.defaults import is_same, usual_words
from reports.passages.lists import continued
from reports.passages.proposals import Proposal
from reports.subjects import report_of

LONGEST = 20_000


def place_of(subject: Subject, key: str) -> PassagePlace | None:
    return next((place for place in places_of(subject) if place.key == key), None)


def write_passage(
    *, subject: Subject, key: str, text: str, seen: int, by: User, via: str = Via.PAGE
) -> PassageVersion | None:
    """A new version of a passage. `seen` is the number of the version that the form showed (0: none).

    The same text again makes no version, so that a second press makes none either; nor do the usual words of a place
    where nothing is written, which the form opens with. Gives the newest version.
    """
    _refuse_unless_writing(by)
    text = clean_letters(text)
    _refuse_too_long(text)
    # The usual words follow from all records: nobody is to wait while they are read.
    is_usual = _is_usual(subject, key, text, by=by)
    return _write(subject, key, text, is_usual=is_usual, seen=seen, by=by, via=via)


@transaction.atomic
def _write(
    subject: Subject, key: str, text: str, *, is_usual: bool, seen: int, by: User, via: str
) -> PassageVersion | None:
    passage = _lock_passage(subject, key, by)
    newest = passage.versions.first()
    written = newest.text if newest else ""
    if text == written or (not written and is_usual):
        return newest
    _refuse_unseen(newest, seen)
    return _add_version(passage, newest, text, by=by, via=via)


@transaction.atomic
def store_issued(*, subject: Subject, texts: Mapping[str, str]) -> None:
    """Store the passages of the report that was issued, as their version 1, marked as taken from
    it.

    A passage that people wrote, or decided on, is left alone, and one that they emptied later stays empty.
    """
    report = report_of(subject)
    known = set(Passage.objects.filter(**report.owner).values_list("key", flat=True))
    for key, text in texts.items():
        if key not in known:
            passage = Passage.objects.create(kind=report.kind, **report.owner, key=key)
            _add_version(passage, None, text, by=None, via=Via.COMMAND)


@transaction.atomic
def decide_proposal(
    *, subject: Subject, proposal: Proposal, is_accepted: bool, seen: int, by: User, via: str = Via.PAGE
) -> ProposalDecision:
    """Take a proposal into its passage, as the next point after its text, or set it aside.

    Decided once: the first decision counts.
    """
    passage = _lock_passage(subject, proposal.key, by)
    decided = passage.decisions.filter(proposal=proposal.digest).first()
    if decided:
        return decided
    newest = passage.versions.first()
    if is_accepted:
        _refuse_unseen(newest, seen)
        text = continued(newest.text if newest else "", proposal.text)
        _refuse_too_long(text)
        _add_version(passage, newest, text, by=by, via=via)
    decision = ProposalDecision(
        passage=passage, proposal=proposal.digest, text=proposal.text, is_accepted=is_accepted, decided_by=by
    )
    decision.save(force_insert=True)
    if not is_accepted:
        reason = f"Bỏ qua đề xuất: {proposal.text[:1000]}"
        record(about=passage, by=by, via=via, action=Action.CHANGED, reason=reason, name=_name(passage))
    return decision


def _is_usual(subject: Subject, key: str, text: str, *, by: User) -> bool:
    place = place_of(subject, key)
    return bool(place and place.has_default and is_same(text, usual_words(by, subject)[key]))


def _refuse_unless_writing(by: User) -> None:
    if not by.can_approve:
        raise Refused(_("Your role does not write reports."))


def _lock_report(subject: Subject, by: User) -> None:
    """Hold what the report is on until the transaction ends. Raise `Refused` unless `by` writes reports."""
    _refuse_unless_writing(by)
    report_of(subject).model._default_manager.select_for_update().get(pk=subject.pk)


def _lock_passage(subject: Subject, key: str, by: User) -> Passage:
    """Return the passage, held until the transaction ends; made when it is first written."""
    _lock_report(subject, by)
    report = report_of(subject)
    passage, _made = Passage.objects.get_or_create(kind=report.kind, **report.owner, key=key)
    return passage


def _refuse_too_long(text: str) -> None:
    if len(text) > LONGEST:
        message = _("The text has %(length)s characters; %(limit)s at most fit. Please shorten it.")
        raise Refused(message % {"length": number(len(text)), "limit": number(LONGEST)})


def _refuse_unseen(newest: PassageVersion | None, seen: int) -> None:
    if newest and newest.number != seen:
        raise Refused(
            _(
                "Not saved: %(person)s wrote version %(number)s after you opened the page. It stands below; what you "
                "typed is kept. Bring both together and save once more."
            )
            % {"person": newest.author, "number": newest.number},
            code="stale",
        )


def _add_version(
    passage: Passage, newest: PassageVersion | None, text: str, *, by: User | None, via: str, reason: str = ""
) -> PassageVersion:
    """Write the next version of a passage that is held, with its event."""
    version = PassageVersion(passage=passage, number=newest.number + 1 if newest else 1, text=text, written_by=by)
    version.save(force_insert=True)
    changes = {"text": (newest.text if newest else "", text)}
    action = Action.CHANGED if newest else Action.CREATED
    record(about=passage, by=by, via=via, action=action, changes=changes, reason=reason, name=_name(passage))
    return version


def _name(passage: Passage) -> str:
    """History is in Vietnamese, whatever the language of the screen."""
    place = place_of(passage.subject, passage.key)
    with override("vi"):
        return f"{passage.subject}: {place.title if place else passage.key}"


@transaction.atomic
def accept_correction(
    *, subject: Subject, key: str, error: str, seen: int, by: User, via: str = Via.PAGE
) -> PassageVersion:
    """Write a new version of a passage with the corrected wording of an error, wherever it has it.

    `error` is its digest, `seen` the number of the version that the page showed.
    """
    passage = _lock_passage(subject, key, by)
    newest = passage.versions.first()
    text = newest.text if newest else ""
    wanted = [known for known in errors_in(text) if known.digest == error and known.corrected is not None]
    if not wanted:
        raise Refused(_("These words do not stand in the passage any more."), code="gone")
    _refuse_unseen(newest, seen)
    for known in reversed(wanted):
        text = f"{text[: known.start]}{known.corrected}{text[known.end :]}"
    _refuse_too_long(text)
    reason = f"Sửa sai sót đã biết: {_in_words(wanted[0])}"
    return _add_version(passage, newest, text, by=by, via=via, reason=reason)


def keep_words(*, subject: Subject, error: str, reason: str, by: User, via: str = Via.PAGE) -> KeptError:
    """Record that the words of an error are kept. Decided once: the first decision counts.

    An error of high severity needs a reason.
    """
    _refuse_unless_writing(by)
    # All texts are searched for it: nobody is to wait for that.
    return _keep(subject, _standing(subject, error), reason, by=by, via=via)


@transaction.atomic
def _keep(subject: Subject, standing: StandingError, reason: str, *, by: User, via: str) -> KeptError:
    _lock_report(subject, by)
    error = standing.error.digest
    kept = KeptError.objects.filter(**report_of(subject).owner, error=error).first()
    if kept is not None:
        return kept
    if standing.severity == SEVERITY.HIGH and not reason.strip():
        raise Refused(_("Write why the words are kept: the error is of high severity."), code="reason")
    report = report_of(subject)
    decision = KeptError(
        kind=report.kind,
        **report.owner,
        error=error,
        code=standing.error.code or standing.error.key,
        printed=standing.error.printed,
        reason=reason.strip(),
        kept_by=by,
    )
    decision.save(force_insert=True)
    changes = {"printed": (None, decision.printed)}
    record(about=decision, by=by, via=via, action=Action.CREATED, changes=changes, reason=decision.reason)
    return decision


def _standing(subject: Subject, error: str) -> StandingError:
    standing = next((each for each in standing_errors(subject) if each.error.digest == error), None)
    if standing is None:
        raise Refused(_("These words do not stand in the passage any more."), code="gone")
    return standing


def _in_words(error: KnownError) -> str:
    """History is in Vietnamese, whatever the language of the screen."""
    return f"“{error.printed}” thành “{error.corrected}”, vì {error.reason}"
