"""The words of a paper before they are put into a form, and phrases that several kinds share."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from archiveportal.office.kinds import Level
from archiveportal.office.models import lines_of
from archiveportal.vietnamese import count_in_text, document_date, document_date_in_words
from criteria.inspections.models import Decision, TeamMember
from criteria.inspections.papers.official.reading import PaperSubject
from criteria.inspections.services.minutes_decree import DECREE, about

#: room to write by hand what is not known yet
DOTS = "………"
PARTS = {
    TeamMember.Part.HEAD: "Trưởng đoàn",
    TeamMember.Part.DEPUTY: "Phó Trưởng đoàn",
    TeamMember.Part.SECRETARY: "Thư ký",
    TeamMember.Part.MEMBER: "Thành viên",
}
#: before the title of the head where a deputy signs
IN_PLACE_OF = "KT."
#: a decision names so many units in its text; more are listed in an annex
NAMED = 5


@dataclass(frozen=True)
class PaperTable:
    """An annex or a table within a paper: headings, widths in centimetres, rows."""

    title: str
    headings: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str]]
    left: frozenset[int] = frozenset()


@dataclass(frozen=True)
class PaperHead:
    """What a paper says around its own words: the agency's lines, place, number left open, marks."""

    agency: Sequence[str]
    place: str
    open_number: str
    #: who issues it, within a sentence
    issuer: str
    #: of a rehearsal
    mark: str = ""


@dataclass(frozen=True)
class PaperWords:
    """The words of one paper. A letter has no `title`, its subject stands below the number."""

    title: str
    subject: str
    body: Sequence[str]
    grounds: Sequence[str] = ()
    addressee: str = ""
    receivers: Sequence[str] = ()
    titles: Sequence[str] = ()
    name: str = ""
    #: "CHI CỤC TRƯỞNG CHI CỤC VĂN THƯ - LƯU TRỮ", of decisions alone
    authority: str = ""
    table: PaperTable | None = None
    annex: PaperTable | None = None
    #: who signs side by side, of minutes and of what is approved by another person
    signatures: Sequence[tuple[str, str]] = ()
    head: PaperHead | None = None

    def with_own(self, own: Mapping[str, str]) -> PaperWords:
        """Return the words with the parts that people wrote themselves."""
        changed: dict[str, Any] = {name: own[name] for name in ("subject", "addressee", "name") if name in own}
        lists: dict[str, Any] = {
            name: lines_of(own[name]) for name in ("body", "grounds", "receivers", "titles") if name in own
        }
        return replace(self, **changed, **lists)

    def as_stored(self) -> dict[str, Any]:
        """Return all parts as plain data, as the copy to sign keeps them."""
        stored = asdict(self)
        for table in filter(None, (stored["table"], stored["annex"])):
            table["left"] = sorted(table["left"])
        return stored

    @classmethod
    def of_stored(cls, stored: Mapping[str, Any]) -> PaperWords:
        """Return the words of `as_stored` again."""
        tables = {name: _table_of(stored[name]) for name in ("table", "annex")}
        return cls(**{**stored, **tables, "head": PaperHead(**stored["head"])})

    def as_typed(self) -> dict[str, str]:
        """Return the parts as a form shows them."""
        lists = {name: "\n".join(getattr(self, name)) for name in ("grounds", "body", "receivers", "titles")}
        return lists | {"subject": self.subject, "addressee": self.addressee, "name": self.name}


def _table_of(stored: Mapping[str, Any] | None) -> PaperTable | None:
    return PaperTable(**{**stored, "left": frozenset(stored["left"])}) if stored else None


def head_of_paper(subject: PaperSubject) -> PaperHead:
    """Return what stands around the words of a paper, as the office is on its day."""
    signing = subject.signing
    return PaperHead(signing.head, signing.office.place, signing.open_number, signing.agency, subject.round.mark)


def authority_of(subject: PaperSubject) -> str:
    """Return who decides, as a decision has it above its grounds: the head, also where a deputy signs in the head's
    place."""
    signing = subject.signing
    titles = list(signing.titles) or [signing.office.head_title.upper()]
    deputised = [line.removeprefix(IN_PLACE_OF).strip() for line in titles if line.startswith(IN_PLACE_OF)]
    return _title_with_agency((deputised or titles)[-1], signing.agency.upper())


def _title_with_agency(title: str, agency: str) -> str:
    """Join title and agency; words that end the one and begin the other are said once."""
    if agency in title:
        return title
    words = title.split()
    for place in range(1, len(words)):
        if agency.startswith(" ".join(words[place:]) + " "):
            return f"{' '.join(words[:place])} {agency}"
    return f"{title} {agency}"


def grounds_of_office(subject: PaperSubject) -> list[str]:
    """Return the decree of a specialised inspection and the paper that delegates it; neither in a round of
    guidance."""
    grounds = []
    if subject.reading.is_specialised:
        grounds.append(f"Căn cứ {DECREE};")
        row = subject.signing.row
        if row is not None and row.basis:
            grounds.append(as_ground(row.basis))
    return grounds


def grounds_of_decision(subject: PaperSubject) -> list[str]:
    """Return the grounds of what follows from a decision: the decree and the decision itself."""
    return [*grounds_of_office(subject), f"Căn cứ {decision_in_words(subject)};"]


def as_ground(text: str) -> str:
    """Return a line as a ground: "Căn cứ …;"."""
    text = text.strip().rstrip(";.").strip()
    is_begun = text.startswith(("Căn cứ", "Theo", "Xét", "Thực hiện"))
    return f"{text};" if is_begun else f"Căn cứ {text};"


def ended(grounds: Sequence[str]) -> list[str]:
    """End the last of grounds or of items of a list with a stop."""
    return [*grounds[:-1], f"{grounds[-1].rstrip(';.')}."] if grounds else []


def legal_basis(subject: PaperSubject) -> list[str]:
    """Return what the round rests on, a ground each."""
    return [as_ground(line) for line in lines_of(subject.round.legal_basis)]


def plan_in_words(subject: PaperSubject) -> str:
    """Return the plan of the round, "Kế hoạch số 12/KH-SNV ngày 05 tháng 02 năm 2026", else ""."""
    plan = subject.reading.plan
    if plan is None or plan.issued_on is None:
        return ""
    return f"Kế hoạch số {plan.number} {document_date_in_words(plan.issued_on)}"


def approval_ground(subject: PaperSubject) -> str:
    """Return the approval of the plan as a ground, with dots where it is not recorded (Điều 7.2a)."""
    row = subject.reading.approval
    number, day = (row.number, document_date_in_words(row.issued_on)) if row else (DOTS, f"ngày {DOTS}")
    document = "Quyết định" if "/QĐ-" in number else "Văn bản"
    approved = f"Căn cứ ý kiến phê duyệt của Chủ tịch Ủy ban nhân dân {subject.office.area_noun}"
    return f"{approved} tại {document} số {number} {day};"


def decision_in_words(subject: PaperSubject) -> str:
    """Return the decision by number and day, dots where it has none."""
    return name_of_decision(subject.decision)


def name_of_decision(decision: Decision | None) -> str:
    if decision is None or decision.issued_on is None:
        return f"Quyết định kiểm tra số {DOTS} ngày {DOTS}"
    return f"Quyết định số {decision.number} {document_date_in_words(decision.issued_on)} {about(decision.title)}"


def member_in_words(member: TeamMember) -> str:
    position = f", {member.position}" if member.position else ""
    return f"Ông (bà) {member.full_name}{position} - {PARTS[TeamMember.Part(member.part)]}"


def head_of(subject: PaperSubject) -> str:
    """Return the name of the team's head, else ""."""
    return next((each.full_name for each in subject.members if each.part == TeamMember.Part.HEAD), "")


def units_in_words(subject: PaperSubject) -> str:
    """Return the units by name, or how many they are where an annex lists them."""
    enrolments = subject.enrolments
    if len(enrolments) > NAMED:
        return f"{count_in_text(len(enrolments))} đơn vị (danh sách tại Phụ lục kèm theo)"
    return "; ".join(each.ward.body for each in enrolments) or DOTS


def whom_of(subject: PaperSubject) -> str:
    """Return the units as receivers name them."""
    enrolments = subject.enrolments
    return enrolments[0].ward.body if len(enrolments) == 1 else "Các đơn vị được kiểm tra"


def day_in_words(day: datetime.date | None) -> str:
    return document_date_in_words(day) if day else f"ngày {DOTS} tháng {DOTS} năm {DOTS}"


def day_in_cell(day: datetime.date | None) -> str:
    return document_date(day) if day else ""


def period_in_words(subject: PaperSubject) -> str:
    """Return the days of an inspection with the announcement from which they count (Điều 13.2d)."""
    decision = subject.decision
    days = count_in_text(decision.days_allowed) if decision else DOTS
    if decision is None or len(subject.enrolments) == 1:
        return f"{days} ngày, tính từ ngày công bố quyết định kiểm tra"
    if decision.clock_starts == decision.ClockStarts.EACH:
        return f"{days} ngày tại mỗi đơn vị, tính từ ngày công bố quyết định kiểm tra tại đơn vị đó"
    return f"{days} ngày, tính từ ngày công bố quyết định kiểm tra tại đơn vị đầu tiên"


def team_name(subject: PaperSubject) -> str:
    """Return the team within a sentence: "Đoàn kiểm tra", "Đoàn kiểm tra số 1"."""
    name = subject.team.name if subject.team else ""
    return name if name.lower().startswith("đoàn kiểm tra") else "Đoàn kiểm tra"


def signed_by(subject: PaperSubject, name: str = "") -> dict[str, Any]:
    """Return the end of a paper: receivers, titles and name of who signs."""
    signing = subject.signing
    own = head_of(subject) if signing.level == Level.TEAM else ""
    return {
        "receivers": signing.receivers_for(whom_of(subject)),
        "titles": list(signing.titles),
        "name": name or signing.name or own,
    }
