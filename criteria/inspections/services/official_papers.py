"""The only writers of papers of inspections: draft -> copy to sign -> issued, or voided with a reason."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.files.models import StoredFile
from archiveportal.files.services import files_or_nothing, keep_file, keep_made
from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.office.kinds import PaperKind
from archiveportal.own_words import in_own_words
from archiveportal.refusal import Refused
from archiveportal.vietnamese import document_number
from criteria.inspections.models import Decision, Enrolment, OfficialPaper, Round
from criteria.inspections.models.official_papers import (
    OF_DECISION,
    OF_ROUND,
    OF_UNIT,
    OF_WHOLE_DECISION,
    in_one_text,
)
from criteria.inspections.services.order_of_days import refuse_paper_before
from criteria.inspections.services.signed_papers import (
    NumberedFile,
    SignedCopy,
    comparison_now,
    numbered_file,
    signed_copy,
)

STATE = OfficialPaper.State
#: what the head of the team writes; all others are papers of the office and of the sub-department
OF_THE_TEAM = (PaperKind.CONDUCT_PLAN, PaperKind.ANNOUNCEMENT, PaperKind.RESULT_REPORT, PaperKind.VISIT_NOTICE)
#: without a decision: in a round of guidance too
FOR_GUIDANCE = (PaperKind.PLAN, PaperKind.VISIT_NOTICE, PaperKind.RESULT_REPORT, PaperKind.REMEDY_LETTER)


@dataclass(frozen=True)
class About:
    """What a paper is to be about: a kind, and the decision or the unit where the kind has one."""

    kind: PaperKind
    inspection_round: Round
    decision: Decision | None = None
    enrolment: Enrolment | None = None


@dataclass(frozen=True)
class MadeWord:
    """A Word file that the portal made."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Number:
    """Number and day under which a paper is issued."""

    number: str
    issued_on: datetime.date


def may_write(by: User, about: About | OfficialPaper) -> bool:
    """Tell whether a person writes such a paper: approvers all, members of the team those of the team."""
    if by.can_approve:
        return True
    whole = about.decision or about.enrolment
    team = whole.team_id if whole else None
    if not by.can_inspect or about.kind not in OF_THE_TEAM or team is None:
        return False
    return by.teams.filter(team=team).exists()


@transaction.atomic
def draft_paper(*, about: About, by: User, via: str = Via.PAGE) -> OfficialPaper:
    """Begin a paper. The same one that is still in draft is that paper, so that a second tap makes no other."""
    _refuse_others(by, about)
    _refuse_bad_subject(about)
    inspection_round = Round.objects.select_for_update().get(pk=about.inspection_round.pk)
    wanted = {"round": inspection_round, "kind": about.kind, "decision": about.decision, "enrolment": about.enrolment}
    drafts = OfficialPaper.objects.standing().filter(**wanted, state=STATE.DRAFT)
    if found := drafts.first():
        return found
    paper = OfficialPaper(**wanted, made_by=by)
    paper.save(force_insert=True)
    record(about=paper, by=by, via=via, action=Action.CREATED, changes={"kind": (None, about.kind.value)})
    return paper


@transaction.atomic
def write_words(
    *, paper: OfficialPaper, words: Mapping[str, str], version: int, by: User, via: str = Via.PAGE
) -> OfficialPaper:
    """Keep the parts that people wrote themselves; a part that is blank follows from the records again."""
    stored = _locked(paper, by, version=version)
    _refuse_unless_draft(stored)
    kept = in_one_text({name: text.strip() for name, text in words.items()})
    if kept != stored.words:
        changes = {"words": (stored.words, kept)}
        stored.words = kept
        _save(stored, ["words"], changes, by=by, via=via)
    return stored


@files_or_nothing()
@transaction.atomic
def make_to_sign(
    *, paper: OfficialPaper, made: MadeWord, words: Mapping[str, Any], by: User, via: str = Via.PAGE
) -> OfficialPaper:
    """Keep the copy to sign with all its words, made from the version that the caller read."""
    stored = _locked(paper, by, version=paper.version)
    _refuse_unless_draft(stored)
    stored.to_sign = keep_made(content=made.content, name=made.name, kind=StoredFile.Kind.WORD, by=by)
    changes = {"state": (stored.state, STATE.TO_SIGN), "to_sign": (None, _in_words(stored.to_sign))}
    stored.state, stored.content = STATE.TO_SIGN, dict(words)
    return _save(stored, ["state", "to_sign", "content"], changes, by=by, via=via)


@transaction.atomic
def take_back_to_draft(*, paper: OfficialPaper, by: User, via: str = Via.PAGE) -> OfficialPaper:
    """Let a paper be written on that was not issued; the copy to sign of before stays in the store."""
    stored = _locked(paper, by)
    if stored.state != STATE.TO_SIGN:
        raise Refused(_("Only a paper that waits to be signed is taken back to the draft."))
    changes = {"state": (stored.state, STATE.DRAFT), "to_sign": (_in_words(stored.to_sign), None)}
    stored.state, stored.to_sign, stored.content = STATE.DRAFT, None, None
    return _save(stored, ["state", "to_sign", "content"], changes, by=by, via=via)


def issue_paper(
    *,
    paper: OfficialPaper,
    number: Number,
    made: MadeWord,
    upload: UploadedFile | None = None,
    by: User,
    via: str = Via.PAGE,
) -> OfficialPaper:
    """Record number and day, keep the file that bears them, and the signed PDF if it is handed in.

    That file is made from the words that were kept with the copy to sign.
    """
    signed = signed_copy(upload, NumberedFile(made.content, number.number, number.issued_on))
    return _issue(paper, number, (made, signed), by=by, via=via)


@files_or_nothing()
@transaction.atomic
def _issue(
    paper: OfficialPaper, number: Number, files: tuple[MadeWord, SignedCopy | None], *, by: User, via: str
) -> OfficialPaper:
    made, signed = files
    stored = _locked(paper, by, version=paper.version)
    if stored.state != STATE.TO_SIGN or not stored.content:
        raise Refused(_("Make the copy to sign first."))
    _refuse_bad_number(stored, number)
    stored.numbered = keep_made(content=made.content, name=made.name, kind=StoredFile.Kind.WORD, by=by)
    changes: dict[str, tuple] = {
        "state": (stored.state, STATE.ISSUED),
        "number": ("", number.number),
        "issued_on": (None, number.issued_on),
        "numbered": (None, _in_words(stored.numbered)),
    }
    stored.state, stored.number, stored.issued_on = STATE.ISSUED, number.number, number.issued_on
    if signed:
        stored.signed = keep_file(upload=signed.upload, by=by)
        stored.signed_comparison = signed.comparison
        changes["signed"] = (None, _in_words(stored.signed))
    log_event("paper issued", user=by.pk, paper=stored.pk, number=number.number)
    return _save(stored, [*changes, "signed_comparison"], changes, by=by, via=via)


def add_signed_copy(*, paper: OfficialPaper, upload: UploadedFile, by: User, via: str = Via.PAGE) -> OfficialPaper:
    """Keep the signed PDF of an issued paper; a later one takes its place, and the former stays in the store."""
    kept = OfficialPaper.objects.select_related("numbered").get(pk=paper.pk)
    signed = signed_copy(upload, numbered_file(kept))
    if signed is None:
        raise Refused({"upload": _("Choose the signed copy.")})
    return _add_signed(paper, signed, by=by, via=via)


@files_or_nothing()
@transaction.atomic
def _add_signed(paper: OfficialPaper, signed: SignedCopy, *, by: User, via: str) -> OfficialPaper:
    stored = _locked(paper, by)
    if not stored.is_issued:
        raise Refused(_("Record number and day of the paper first."))
    before = stored.signed
    if before is not None and before.sha256 == signed.upload.sha256:
        return stored
    stored.signed, stored.signed_comparison = keep_file(upload=signed.upload, by=by), signed.comparison
    changes = {"signed": (_in_words(before), _in_words(stored.signed))}
    return _save(stored, [*changes, "signed_comparison"], changes, by=by, via=via)


def compare_signed_copy(*, paper: OfficialPaper, by: User, via: str = Via.PAGE) -> OfficialPaper:
    """Compare the signed copy of a paper that was handed in before copies were compared. Done twice, it is once."""
    kept = OfficialPaper.objects.select_related("numbered", "signed__withdrawal").get(pk=paper.pk)
    _refuse_others(by, kept)
    return kept if kept.signed_comparison else _keep_comparison(kept, comparison_now(kept), by=by, via=via)


@transaction.atomic
def _keep_comparison(kept: OfficialPaper, comparison: dict[str, Any], *, by: User, via: str) -> OfficialPaper:
    stored = _locked(kept, by)
    if stored.signed_comparison or stored.signed_id != kept.signed_id:
        return stored
    stored.signed_comparison = comparison
    # The history has that it was compared; the lines themselves go with the file.
    changes = {"signed_comparison": (None, _in_words(stored.signed))}
    return _save(stored, ["signed_comparison"], changes, by=by, via=via)


@transaction.atomic
def void_paper(*, paper: OfficialPaper, reason: str, by: User, via: str = Via.PAGE) -> OfficialPaper:
    """Take a paper back; its files and its history stay."""
    stored = _locked(paper, by)
    if not reason.strip():
        raise Refused({"reason": _("Say why the paper is taken back.")})
    stored.voided_at, stored.void_reason = timezone.now(), reason.strip()
    stored.version += 1
    stored.save(update_fields=["voided_at", "void_reason", "version"])
    record(about=stored, by=by, via=via, action=Action.VOIDED, reason=stored.void_reason)
    return stored


def _locked(paper: OfficialPaper, by: User, version: int | None = None) -> OfficialPaper:
    """Return the row, locked; refuse a voided one, another person, and one that a colleague changed meanwhile."""
    rows = OfficialPaper.objects.select_for_update(of=("self",)).select_related(
        "round", "to_sign", "signed", "decision"
    )
    stored = rows.get(pk=paper.pk)
    _refuse_others(by, stored)
    if stored.voided_at:
        raise Refused(_("This paper was taken back."))
    if version is not None and stored.version != version:
        raise Refused(_("Not saved: a colleague changed this paper after you opened the page."), code="stale")
    return stored


def _save(
    stored: OfficialPaper, fields: list[str], changes: Mapping[str, tuple], *, by: User, via: str
) -> OfficialPaper:
    stored.version += 1
    stored.save(update_fields=[*fields, "version"])
    record(about=stored, by=by, via=via, changes=dict(changes))
    return stored


def _refuse_others(by: User, about: About | OfficialPaper) -> None:
    if not may_write(by, about):
        raise Refused(in_own_words(_("Papers are written by %(leader)s, those of a team by its members too.")))


def _refuse_bad_subject(about: About) -> None:
    """Refuse a kind that does not fit what the paper is to be about."""
    if about.inspection_round.kind == Round.Kind.GUIDANCE and about.kind not in FOR_GUIDANCE:
        raise Refused(_("A round of guidance has no such paper: it is of a specialised inspection."))
    fits_decision = about.decision is not None and about.kind in OF_DECISION
    is_of_one_unit = about.enrolment is not None and about.kind in (*OF_UNIT, PaperKind.RESULT_REPORT)
    if not (fits_decision or is_of_one_unit or about.kind in OF_ROUND):
        raise Refused(_("Choose what the paper is about."))
    if about.enrolment is not None and about.kind in OF_WHOLE_DECISION:
        raise Refused(_("This paper is about all units of the decision: choose no unit."))
    if about.decision is not None and about.decision.is_voided:
        raise Refused(_("The decision was voided."))


def _refuse_unless_draft(stored: OfficialPaper) -> None:
    if not stored.is_draft:
        raise Refused(_("The paper is not in draft any more."))


def _refuse_bad_number(stored: OfficialPaper, number: Number) -> None:
    refuse_far_days(number.issued_on)
    if not document_number(number.number):
        raise Refused(
            {"number": in_own_words(_("Write number and symbol of the paper, for example 12/QĐ-%(division_symbol)s."))}
        )
    if number.issued_on > timezone.localdate():
        raise Refused({"issued_on": _("This day is still to come.")})
    refuse_paper_before(stored, number.issued_on)
    same = OfficialPaper.objects.standing().filter(number__iexact=number.number, issued_on__year=number.issued_on.year)
    if same.exclude(pk=stored.pk).exists():
        raise Refused({"number": _("Another paper of this year has this number.")})


def _in_words(file: StoredFile | None) -> str | None:
    return f"{file.name} (SHA-256 {file.sha256})" if file else None
