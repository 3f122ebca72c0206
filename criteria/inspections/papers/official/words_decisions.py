"""The words of decisions: to inspect, to extend, to pause, to stop, to change the team (NĐ 217/2025/NĐ-CP)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archiveportal.office.models import lines_of
from archiveportal.vietnamese import count_in_text
from criteria.inspections.models import Extension, Suspension, TeamChange, TeamMember
from criteria.inspections.papers.official.reading import PaperSubject
from criteria.inspections.papers.official.words import (
    DOTS,
    NAMED,
    PARTS,
    PaperTable,
    PaperWords,
    approval_ground,
    as_ground,
    authority_of,
    day_in_cell,
    day_in_words,
    decision_in_words,
    ended,
    grounds_of_decision,
    grounds_of_office,
    member_in_words,
    name_of_decision,
    period_in_words,
    plan_in_words,
    signed_by,
    units_in_words,
)
from criteria.inspections.services.minutes_decree import about

DECISION = "QUYẾT ĐỊNH"
CARRIED_OUT = (
    "Điều 3. Quyết định này có hiệu lực kể từ ngày ký. Trưởng đoàn, thành viên Đoàn kiểm tra, đối tượng kiểm tra và "
    "tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành Quyết định này./."
)
EXTENDED_FOR = {
    Extension.Ground.COMPLEX: "vụ việc phức tạp",
    Extension.Ground.HARD_TO_REACH: "địa bàn đi lại khó khăn",
}
SUSPENDED_FOR = {
    Suspension.Ground.FORCE_MAJEURE: "trường hợp bất khả kháng, không thể tiếp tục thực hiện kiểm tra",
    Suspension.Ground.UNIT_GONE: "đối tượng kiểm tra không còn",
    Suspension.Ground.INSPECTED: "nội dung kiểm tra đã được thanh tra",
    Suspension.Ground.PROSECUTED: "đã có quyết định khởi tố",
    Suspension.Ground.DEMANDED: "theo yêu cầu của thủ trưởng cơ quan quản lý nhà nước có thẩm quyền",
}


def inspection(subject: PaperSubject) -> PaperWords:
    """Word the decision to inspect: grounds, scope, contents, units, days, team (Điều 11.3)."""
    decision = subject.decision
    if decision is None:
        raise ValueError("a decision is about one")
    plan = plan_in_words(subject)
    adds_plan = decision.ground == decision.Ground.PLAN and plan and not _names_plan(subject)
    grounds = [
        *grounds_of_office(subject),
        *(as_ground(line) for line in lines_of(decision.grounds)),
        *([as_ground(plan)] if adds_plan else []),
        *([approval_ground(subject)] if _names_approval(subject) else []),
    ]
    words = _words(
        subject,
        _capital(about(decision.title or "kiểm tra công tác văn thư, lưu trữ")),
        grounds=grounds,
        articles=_articles(subject),
    )
    annex = _units_annex(subject) if len(subject.enrolments) > NAMED else None
    end = signed_by(subject, decision.signer_name)
    return PaperWords(**vars(words) | end | {"annex": annex})


def _names_plan(subject: PaperSubject) -> bool:
    """Tell whether who wrote the grounds named the plan by its number, with its day or without."""
    plan, decision = subject.reading.plan, subject.decision
    if plan is None or decision is None:
        return False
    return re.search(rf"(?<!\d){re.escape(plan.number)}(?![\w/-])", decision.grounds) is not None


def _names_approval(subject: PaperSubject) -> bool:
    """Tell whether the ground is the approved plan, and who wrote the grounds did not name its approval."""
    decision, row = subject.decision, subject.reading.approval
    if decision is None or decision.ground != decision.Ground.PLAN:
        return False
    return (row.number if row else "phê duyệt") not in decision.grounds


def _articles(subject: PaperSubject) -> list[str]:
    decision = subject.decision
    assert decision is not None, "checked by the caller"
    contents = [f"- {line.strip('- ;.')};" for line in lines_of(decision.contents)]
    contents = [*contents[:-1], f"{contents[-1].rstrip(';')}."] if contents else [f"- {DOTS}."]
    members = [f"{place}. {member_in_words(each)};" for place, each in enumerate(subject.members, 1)]
    members = [*members[:-1], f"{members[-1].rstrip(';')}."] if members else [f"1. {DOTS}."]
    units = "thủ trưởng đơn vị" if len(subject.enrolments) == 1 else "thủ trưởng các đơn vị"
    return [
        f"Điều 1. Kiểm tra chuyên ngành công tác văn thư, lưu trữ đối với: {units_in_words(subject)}.",
        "1. Nội dung kiểm tra:",
        *contents,
        f"2. Phạm vi: thời kỳ kiểm tra {_period(subject)}.",
        f"3. Thời hạn kiểm tra: {period_in_words(subject)}.",
        "Điều 2. Thành lập Đoàn kiểm tra, gồm:",
        *members,
        "Đoàn kiểm tra thực hiện nhiệm vụ, quyền hạn theo quy định tại Điều 8 Nghị định số 217/2025/NĐ-CP. Trưởng đoàn "
        "xây dựng Kế hoạch tiến hành kiểm tra, trình người ra Quyết định phê duyệt.",
        f"Điều 3. Quyết định này có hiệu lực kể từ ngày ký. Các ông (bà) có tên tại Điều 2, {units} nêu tại Điều 1 và "
        "tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành Quyết định này./.",
    ]


def _period(subject: PaperSubject) -> str:
    decision = subject.decision
    assert decision is not None, "checked by the caller"
    if not (decision.period_from or decision.period_to):
        return f"từ {day_in_words(None)} đến {day_in_words(None)}"
    until = f"đến {day_in_words(decision.period_to)}" if decision.period_to else "đến thời điểm kiểm tra"
    return f"từ {day_in_words(decision.period_from)} {until}"


def _units_annex(subject: PaperSubject) -> PaperTable:
    rows = [
        [str(place), each.ward.body, day_in_cell(each.planned_on)] for place, each in enumerate(subject.enrolments, 1)
    ]
    headings = ["TT", "Đối tượng kiểm tra", "Thời gian dự kiến"]
    return PaperTable("DANH SÁCH ĐỐI TƯỢNG KIỂM TRA", headings, [1.3, 10.7, 4.5], rows, frozenset({1}))


def extension(subject: PaperSubject) -> PaperWords:
    """Word the one extension: days, reason (Điều 13.2b)."""
    row = getattr(subject.decision, "extension", None)
    days = count_in_text(row.days) if row else DOTS
    reason = f"{EXTENDED_FOR[Extension.Ground(row.ground)]}; {_within(row.words)}" if row else DOTS
    articles = [
        f"Điều 1. Gia hạn thời hạn kiểm tra theo {decision_in_words(subject)} thêm {days} ngày.",
        f"Lý do gia hạn: {reason}.",
        _unchanged(subject, "Điều 2"),
        CARRIED_OUT,
    ]
    return _words(subject, "Về việc gia hạn thời hạn kiểm tra", grounds=grounds_of_decision(subject), articles=articles)


def pause(subject: PaperSubject) -> PaperWords:
    """Word the pause: from when, why (Điều 7.2đ)."""
    row = subject.suspension
    until = f" đến {day_in_words(row.until_on)}" if row and row.until_on else " cho đến khi có quyết định tiếp tục"
    articles = [
        f"Điều 1. Tạm dừng việc kiểm tra đối với {_of_whom(subject)} theo {decision_in_words(subject)}, kể từ "
        f"{day_in_words(row.from_on if row else None)}{until}.",
        f"Lý do tạm dừng: {_why(row, Suspension.Ground.FORCE_MAJEURE)}.",
        "Điều 2. Trưởng đoàn kiểm tra thông báo việc tạm dừng với đối tượng kiểm tra, giữ hồ sơ, tài liệu đã thu thập.",
        CARRIED_OUT,
    ]
    return _words(subject, "Về việc tạm dừng kiểm tra", grounds=grounds_of_decision(subject), articles=articles)


def stop(subject: PaperSubject) -> PaperWords:
    """Word the stop: from when, why (Điều 7.2đ)."""
    row = subject.suspension
    articles = [
        f"Điều 1. Đình chỉ việc kiểm tra đối với {_of_whom(subject)} theo {decision_in_words(subject)}, kể từ "
        f"{day_in_words(row.from_on if row else None)}.",
        f"Lý do đình chỉ: {_why(row)}.",
        "Điều 2. Trưởng đoàn kiểm tra thông báo việc đình chỉ với đối tượng kiểm tra và bàn giao hồ sơ, tài liệu theo "
        "quy định.",
        CARRIED_OUT,
    ]
    return _words(subject, "Về việc đình chỉ kiểm tra", grounds=grounds_of_decision(subject), articles=articles)


def team_change(subject: PaperSubject) -> PaperWords:
    """Word the change of the head or of a member, of all changes that bear one number."""
    changes, decisions = subject.team_changes, [name_of_decision(each) for each in subject.decisions]
    lines = [f"{place}. {_change(row)}." for place, row in enumerate(changes, 1)]
    reasons = list(dict.fromkeys(row.reason.strip().rstrip(".") for row in changes))
    articles = [
        f"Điều 1. Thay đổi thành phần Đoàn kiểm tra theo {' và '.join(decisions)} như sau:",
        *(lines or [f"1. {DOTS}."]),
        f"Lý do thay đổi: {'; '.join(reasons) or DOTS}.",
        f"Điều 2. Các nội dung khác thực hiện theo {' và '.join(decisions)}.",
        CARRIED_OUT,
    ]
    grounds = [*grounds_of_office(subject), *(f"Căn cứ {each};" for each in decisions)]
    return _words(subject, "Về việc thay đổi thành phần Đoàn kiểm tra", grounds=grounds, articles=articles)


def _change(row: TeamChange) -> str:
    part, part_left = PARTS[TeamMember.Part(row.part)], PARTS[row.part_left]
    position = f", {row.comes_position}" if row.comes_position else ""
    if row.leaves_name and row.comes_name and part == part_left:
        return f"Ông (bà) {row.comes_name}{position} thay ông (bà) {row.leaves_name} làm {part}"
    left = f"Ông (bà) {row.leaves_name} thôi làm {part_left}" if row.leaves_name else ""
    if not row.comes_name:
        return left
    comes = f"ổ sung ông (bà) {row.comes_name}{position} làm {part}"
    return f"{left}; b{comes}" if left else f"B{comes}"


def _words(subject: PaperSubject, title: str, *, grounds: Sequence[str], articles: Sequence[str]) -> PaperWords:
    return PaperWords(
        title=DECISION,
        subject=title,
        authority=authority_of(subject),
        grounds=ended(list(grounds)),
        body=articles,
        **signed_by(subject),
    )


def _of_whom(subject: PaperSubject) -> str:
    row = subject.suspension
    return row.unit.enrolment.ward.body if row and row.unit else units_in_words(subject)


def _why(row: Suspension | None, usual: Suspension.Ground | None = None) -> str:
    if row is None:
        return SUSPENDED_FOR[usual] + f"; {DOTS}" if usual else DOTS
    return f"{SUSPENDED_FOR[Suspension.Ground(row.ground)]}; {_within(row.reason)}"


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _within(text: str) -> str:
    """Return a reason as it goes on within a sentence."""
    text = text.strip().rstrip(".")
    return f"{text[:1].lower()}{text[1:]}" if text[1:2].islower() else text


def _unchanged(subject: PaperSubject, article: str) -> str:
    return f"{article}. Các nội dung khác thực hiện theo {decision_in_words(subject)}."
