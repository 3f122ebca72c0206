"""The words of plans, of the notice of a visit and of the minutes of the announcement."""

from __future__ import annotations

from collections import Counter

from archiveportal.office.kinds import PaperKind
from archiveportal.office.models import lines_of
from archiveportal.vietnamese import count_in_text
from criteria.inspections.models import Enrolment, TeamMember
from criteria.inspections.papers.official.reading import PaperSubject
from criteria.inspections.papers.official.words import (
    DOTS,
    PARTS,
    PaperTable,
    PaperWords,
    approval_ground,
    day_in_cell,
    day_in_words,
    decision_in_words,
    ended,
    grounds_of_decision,
    grounds_of_office,
    head_of,
    legal_basis,
    period_in_words,
    signed_by,
    team_name,
    units_in_words,
)
from criteria.inspections.services.distant import is_distant_unit

WAYS = {
    Enrolment.Way.ON_SITE: "kiểm tra trực tiếp",
    Enrolment.Way.REMOTE: "kiểm tra từ xa trên dữ liệu điện tử",
    Enrolment.Way.REPORT: "tự kiểm tra, báo cáo",
}
#: what a unit has ready on the day of the inspection
TO_PREPARE = (
    "- Báo cáo, số liệu về công tác văn thư, lưu trữ trong thời kỳ kiểm tra;",
    "- Văn bản chỉ đạo, quy chế, danh mục hồ sơ, mục lục hồ sơ, sổ đăng ký văn bản đi, văn bản đến;",
    "- Kho lưu trữ, trang thiết bị bảo quản và hệ thống quản lý tài liệu điện tử để Đoàn kiểm tra xem xét;",
    "- Bố trí đại diện lãnh đạo, công chức phụ trách văn thư, lưu trữ và địa điểm làm việc với Đoàn kiểm tra.",
)
#: the same where nobody comes
TO_PREPARE_FROM_AFAR = (
    "- Báo cáo, số liệu về công tác văn thư, lưu trữ trong thời kỳ kiểm tra;",
    "- Bản tự kiểm tra và minh chứng điện tử theo từng tiêu chí; bản chụp văn bản chỉ đạo, quy chế, danh mục hồ sơ;",
    "- Hệ thống quản lý tài liệu điện tử, đường truyền để làm việc trực tuyến với Đoàn kiểm tra;",
    "- Bố trí đại diện lãnh đạo, công chức phụ trách văn thư, lưu trữ làm việc trực tuyến với Đoàn kiểm tra.",
)


def inspection_plan(subject: PaperSubject) -> PaperWords:
    """Word the plan of a round. That of a specialised one is approved above the office, and sent to the
    inspectorate (Điều 7.2a)."""
    inspection_round, office = subject.round, subject.office
    is_specialised = subject.reading.is_specialised
    what = "kiểm tra chuyên đề" if is_specialised else "kiểm tra, hướng dẫn"
    approved = [approval_ground(subject)] if is_specialised else []
    grounds = [*grounds_of_office(subject), *legal_basis(subject), *approved]
    period = f"từ {day_in_words(inspection_round.starts_on)} đến {day_in_words(inspection_round.ends_on)}"
    body = [
        f"{office.name} ban hành Kế hoạch {what} công tác văn thư, lưu trữ ({inspection_round.name}) như sau:",
        "I. MỤC ĐÍCH, YÊU CẦU",
        "1. Đánh giá việc chấp hành pháp luật về văn thư, lưu trữ của các đơn vị; kịp thời chấn chỉnh, khắc phục tồn "
        "tại, hạn chế; hướng dẫn, nâng cao chất lượng công tác văn thư, lưu trữ.",
        "2. Việc kiểm tra tuân theo pháp luật, khách quan, kịp thời, chính xác; không chồng chéo, trùng lặp với hoạt "
        "động thanh tra, kiểm toán; không cản trở hoạt động bình thường của đơn vị.",
        "II. ĐỐI TƯỢNG, NỘI DUNG",
        f"1. Đối tượng: {count_in_text(len(subject.enrolments))} đơn vị (danh sách tại Phụ lục kèm theo).",
        f"2. Nội dung: kiểm tra theo {inspection_round.criteria_set.name}.",
        "III. THỜI GIAN, PHƯƠNG THỨC",
        f"1. Thời gian: {period}.",
        f"2. Phương thức: {_ways(subject)}.",
        "IV. TỔ CHỨC THỰC HIỆN",
        f"1. {office.working_division} chủ trì tham mưu quyết định kiểm tra, tổ chức các Đoàn kiểm tra, tổng hợp, báo "
        "cáo kết quả.",
        "2. Các đơn vị tại Phụ lục chuẩn bị hồ sơ, tài liệu, bố trí thành phần làm việc với Đoàn kiểm tra, thực hiện "
        "kiến nghị sau kiểm tra.",
        f"Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, các đơn vị phản ánh về {office.name} "
        f"({office.working_division}) để được hướng dẫn./.",
    ]
    end = signed_by(subject)
    if not is_specialised:
        # The inspectorate and who approves get the plan of a specialised inspection alone.
        end["receivers"] = [line for line in end["receivers"] if "Thanh tra" not in line and "Chủ tịch" not in line]
    title = f"{what[:1].upper()}{what[1:]} công tác văn thư, lưu trữ - {inspection_round.name}"
    return PaperWords(
        title="KẾ HOẠCH", subject=title, grounds=ended(grounds), body=body, annex=_units_annex(subject), **end
    )


def _ways(subject: PaperSubject) -> str:
    counts = Counter(each.way for each in subject.enrolments)
    parts = [f"{words} tại {count_in_text(counts[way])} đơn vị" for way, words in WAYS.items() if counts[way]]
    return "; ".join(parts) or DOTS


def _places(subject: PaperSubject) -> str:
    """Return where the team works: at the unit, and where it inspects from a distance at its own office."""
    ways = {each.way for each in subject.enrolments}
    own = f"trụ sở {subject.office.working_division}"
    places = ["trụ sở của đối tượng kiểm tra"] if ways != {Enrolment.Way.REMOTE} else []
    if Enrolment.Way.REMOTE in ways:
        places.append(f"{own} đối với nội dung kiểm tra từ xa" if places else f"{own}, làm việc trực tuyến")
    return _capital("; ".join(places))


def _units_annex(subject: PaperSubject) -> PaperTable:
    rows = []
    for place, each in enumerate(subject.enrolments, 1):
        way = WAYS[Enrolment.Way(each.way)]
        team = each.team.name if each.team else ""
        rows.append([str(place), each.ward.body, f"{way[:1].upper()}{way[1:]}", day_in_cell(each.planned_on), team])
    headings = ["TT", "Đơn vị", "Phương thức", "Thời gian", "Đoàn kiểm tra"]
    return PaperTable("DANH SÁCH ĐƠN VỊ ĐƯỢC KIỂM TRA", headings, [1.2, 5.6, 4.1, 2.6, 3.0], rows, frozenset({1, 2, 4}))


def conduct_plan(subject: PaperSubject) -> PaperWords:
    """Word the plan of how to inspect with the nine contents of Điều 14.2."""
    decision = subject.decision
    contents = [f"- {line.strip('- ;.')};" for line in lines_of(decision.contents)] if decision else []
    places = [f"- {each.ward.body}: {day_in_words(each.planned_on)};" for each in subject.enrolments]
    tasks = [
        f"- Ông (bà) {each.full_name}, {PARTS[TeamMember.Part(each.part)]}: {_task(each)};" for each in subject.members
    ]
    body = [
        "I. MỤC TIÊU",
        "Xem xét, đánh giá việc chấp hành pháp luật về văn thư, lưu trữ; phát hiện, chấn chỉnh, khắc phục tồn tại, hạn "
        "chế; ghi nhận cách làm tốt.",
        "II. YÊU CẦU",
        "Tuân theo pháp luật, khách quan, kịp thời, chính xác; đúng phạm vi, nội dung, thời hạn của quyết định kiểm "
        "tra; giữ bí mật thông tin, tài liệu thu thập được.",
        "III. ĐỐI TƯỢNG",
        f"{_capital(units_in_words(subject).replace(' (danh sách tại Phụ lục kèm theo)', ''))}.",
        "IV. NỘI DUNG",
        *(ended(contents) or [f"- {DOTS}."]),
        "V. THỜI GIAN",
        f"Thời hạn kiểm tra: {period_in_words(subject)}. Thời gian dự kiến tại từng đơn vị:",
        *(ended(places) or [f"- {DOTS}."]),
        "VI. ĐỊA ĐIỂM",
        f"{_places(subject)}.",
        "VII. PHƯƠNG THỨC",
        f"{_capital(_ways(subject))}; xem xét hồ sơ, tài liệu, hệ thống thông tin, kho lưu trữ (khi kiểm tra trực "
        "tiếp) và làm việc với người có liên quan.",
        "VIII. PHÂN CÔNG NHIỆM VỤ",
        *(ended(tasks) or [f"- {DOTS}."]),
        "IX. DỰ KIẾN NGUỒN LỰC",
        "Nhân lực, phương tiện, thiết bị và kinh phí của cơ quan tiến hành kiểm tra theo quy định./.",
    ]
    signing = subject.reading.signing(PaperKind.DECISION, subject.day)
    approver = decision.signer_name if decision and decision.signer_name else signing.name
    title = f"Tiến hành kiểm tra theo {decision_in_words(subject)}"
    return PaperWords(
        title="KẾ HOẠCH",
        subject=title,
        grounds=ended(grounds_of_decision(subject)),
        body=body,
        signatures=[("PHÊ DUYỆT CỦA NGƯỜI RA QUYẾT ĐỊNH KIỂM TRA\n" + "\n".join(signing.titles), approver)],
        **signed_by(subject),
    )


def _member(member: TeamMember) -> str:
    return f"- Ông (bà) {member.full_name}, {PARTS[TeamMember.Part(member.part)]}"


def _task(member: TeamMember) -> str:
    if member.part == TeamMember.Part.HEAD:
        return "chỉ đạo, điều hành chung; công bố quyết định; ký biên bản, báo cáo"
    if member.part == TeamMember.Part.DEPUTY:
        return "giúp Trưởng đoàn điều hành; phụ trách nội dung được Trưởng đoàn phân công"
    if member.part == TeamMember.Part.SECRETARY:
        return "ghi biên bản, quản lý hồ sơ, tổng hợp kết quả"
    return "kiểm tra, ghi nhận kết quả theo nội dung được phân công"


def visit_notice(subject: PaperSubject) -> PaperWords:
    """Word the notice of the day of inspection, with what to prepare."""
    enrolment = subject.enrolment
    assert enrolment is not None, "the notice is of one unit"
    what = "kiểm tra chuyên ngành" if subject.reading.is_specialised else "kiểm tra, hướng dẫn"
    follows = f"Thực hiện {decision_in_words(subject)}" if subject.decision else f"Thực hiện {subject.round.name}"
    where = f"2. Địa điểm: trụ sở {enrolment.ward.body}."
    if is_distant_unit(enrolment):
        where = "2. Phương thức: kiểm tra từ xa trên dữ liệu điện tử, làm việc trực tuyến."
    body = [
        f"{follows}, {subject.signing.agency} thông báo lịch {what} công tác văn thư, lưu trữ tại "
        f"{enrolment.ward.body} như sau:",
        f"1. Thời gian: {DOTS} giờ {DOTS}, {day_in_words(enrolment.planned_on)}.",
        where,
        f"3. Thành phần: {team_name(subject)}{_led_by(subject)}; đại diện lãnh đạo và công chức phụ trách văn thư, lưu "
        "trữ của đơn vị.",
        "4. Nội dung đơn vị chuẩn bị:",
        *(TO_PREPARE_FROM_AFAR if is_distant_unit(enrolment) else TO_PREPARE),
        f"{_capital(subject.signing.agency)} thông báo để {enrolment.ward.body} bố trí thời gian, thành phần, phối hợp "
        "với Đoàn kiểm tra hoàn thành nhiệm vụ./.",
    ]
    title = f"Về lịch {what} công tác văn thư, lưu trữ tại {enrolment.ward.body}"
    return PaperWords(title="THÔNG BÁO", subject=title, body=body, **signed_by(subject))


def announcement(subject: PaperSubject) -> PaperWords:
    """Word the minutes of the announcement of the decision at one unit (Điều 15.1)."""
    enrolment, unit = subject.enrolment, subject.decision_unit
    assert enrolment is not None, "the announcement is at one unit"
    ward = enrolment.ward.body
    members = ended([f"{_member(each)};" for each in subject.members])
    where = f"bằng hình thức trực tuyến với {ward}" if is_distant_unit(enrolment) else f"tại trụ sở {ward}"
    body = [
        f"Hôm nay, vào hồi {DOTS} giờ {DOTS}, {day_in_words(unit.announced_on if unit else None)}, {where}, "
        f"Đoàn kiểm tra công bố {decision_in_words(subject)}.",
        "I. THÀNH PHẦN THAM DỰ",
        "1. Đoàn kiểm tra:",
        *(members or [f"- {DOTS}."]),
        f"2. Đại diện {ward}:",
        f"- Ông (bà) {DOTS}, chức vụ {DOTS};",
        f"- Ông (bà) {DOTS}, chức vụ {DOTS}.",
        "II. NỘI DUNG",
        "1. Trưởng đoàn kiểm tra công bố toàn văn quyết định kiểm tra; thông báo chương trình làm việc, quyền và nghĩa "
        "vụ của đối tượng kiểm tra theo Điều 9 Nghị định số 217/2025/NĐ-CP.",
        f"2. Ý kiến của {ward}: {DOTS * 6}",
        f"Biên bản kết thúc vào hồi {DOTS} giờ {DOTS} cùng ngày; được lập thành 02 bản có giá trị như nhau, mỗi bên "
        "giữ 01 bản; đã đọc cho mọi người cùng nghe và ký tên dưới đây./.",
    ]
    signatures = [(f"ĐẠI DIỆN\n{ward.upper()}", ""), ("TRƯỞNG ĐOÀN", head_of(subject))]
    return PaperWords(
        title="BIÊN BẢN", subject=f"Công bố quyết định kiểm tra tại {ward}", body=body, signatures=signatures
    )


def _led_by(subject: PaperSubject) -> str:
    name = head_of(subject)
    return f" do ông (bà) {name} làm Trưởng đoàn" if name else ""


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
