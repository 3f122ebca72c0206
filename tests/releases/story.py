"""Let everything happen on the portal once, so that a release can be stored with work of every kind in it."""

from __future__ import annotations

import datetime
import io
import uuid
from typing import Any

import docx
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from archiveportal.accounts import services as accounts
from archiveportal.accounts.first_links import send_links
from archiveportal.accounts.handing_over import hand_over
from archiveportal.accounts.models import FirstLink, Role, User
from archiveportal.accounts.scope import EVERYTHING
from archiveportal.history.models import Via
from archiveportal.imports import services as imports
from archiveportal.sheets.kinds import KINDS
from criteria import services as sets
from criteria import stock_notes
from criteria.inspections import services
from criteria.inspections.models import Round, RoundDocument, Team
from criteria.inspections.services.teams import Member, Plan, shown_of
from criteria.models import CriteriaSet
from reports.checks.wording import standing_errors
from reports.closing import services as closing
from reports.documents.context import RoundContext
from reports.documents.own import own_template
from reports.documents.passages import places_of
from reports.models import Passage, ProposalDecision, ReportKind, Subject
from reports.passages import services as passages
from reports.passages.proposals import proposals
from reports.subjects import report_of
from reports.word_templates import services as templates
from tests.releases import checklists, specialised
from tests.support.known_errors import correct_known_errors
from tests.support.papers import words
from tests.support.pdf import pdf_of
from tests.support.sheets import accounts_sheet
from tests.support.training import course_values
from training.models import Category, Scheme
from training.services import courses as training
from training.services import funds, quotas
from wards import services as units
from wards.models import District, Ward

DAY = datetime.timedelta(days=1)
SINCE_2025 = datetime.date(2025, 7, 1)
#: code, kind and name of the units that people enter beside those of the reports
UNITS_OF_2025 = [
    ("26737", "phuong", "Tân Định"),
    ("27142", "phuong", "Nhiêu Lộc"),
    ("27286", "phuong", "Vĩnh Hội"),
    ("27673", "xa", "Cần Giờ"),
    ("26732", "dac_khu", "Thử Nghiệm"),
    ("27211", "phuong", "Hòa Hưng"),
]


class Cast:
    """One person per role, by the names of the demo accounts."""

    def __init__(self) -> None:
        self.people = {person.username: person for person in User.objects.all()}

    def __getattr__(self, name: str) -> Any:
        return self.people[name]


def let_everything_happen() -> None:
    """Fill a database that has the reports' data alone."""
    call_command("demo_accounts", address="")
    cast = Cast()
    wards = enter_units(cast)
    change_accounts(cast, wards[4])
    take_in_sheets(cast)
    criteria_set = make_set(cast)
    enter_training(cast)
    of_reports = Round.objects.get(code="gd1-2019")
    if not of_reports.is_open:
        services.reopen_round(inspection_round=of_reports, reason="Nhập phiếu giấy", by=cast.lanhdaochicuc)
    checklists.work_on_round_of_reports(Round.objects.get(code="gd1-2019"), cast)
    second = open_second_round(cast)
    third = open_round_of_2026(cast, criteria_set, wards)
    specialised.inspect_by_decree(cast, criteria_set, wards[:2])
    write_reports(cast, third)
    close_figures(cast, third, note="Trước khi phê duyệt hết")
    checklists.finish_waiting(third, cast)
    decide_first_proposal(cast, third, is_accepted=False)
    close_figures(cast, third, note="Lần hai")
    issue(cast, Round.objects.get(code="gd1-2019"), "101/BC-SNV")
    decide_known_errors(cast, Scheme.objects.get())
    issue(cast, Scheme.objects.get(), "102/BC-SNV", is_signed=True)
    services.close_round(inspection_round=second, by=cast.lanhdaochicuc)
    first = second.enrolments.select_related("round").order_by("position")[0]
    until = timezone.localdate() + 30 * DAY
    services.reopen_ward(enrolment=first, until=until, reason="Bổ sung hồ sơ", by=cast.lanhdaochicuc)


def enter_units(cast: Cast) -> list[Ward]:
    administrator = cast.quantri
    wards = []
    for code, kind, name in UNITS_OF_2025:
        ward = Ward(code=code, kind=kind, name=name, valid_from=SINCE_2025)
        ward.legal_act = "Nghị quyết số 1685/NQ-UBTVQH15"
        wards.append(units.create_ward(ward=ward, by=administrator))
    corrected = wards[-1]
    corrected.name = "Hòa Hưng (sửa)"
    units.update_ward(ward=corrected, by=administrator)
    # The report's own row is corrected too, in a column that no figure reads.
    of_report = Ward.objects.get(code="27676", is_baseline=True)
    of_report.legal_act = "Nghị quyết thử"
    units.update_ward(ward=of_report, by=administrator)
    return wards


def change_accounts(cast: Cast, ward: Ward) -> None:
    administrator = cast.quantri
    new = User(username="xathu", full_name="Nguyễn Thị Đặc Khu", role=Role.WARD, ward=ward)
    accounts.create_account(account=new, by=administrator)
    gone = User(username="danghi", full_name="Lê Đã Nghỉ", role=Role.INSPECTOR)
    accounts.create_account(account=gone, by=administrator)
    gone.role, gone.is_active = Role.DISTRICT, False
    gone.district = District.objects.get(code="771")
    accounts.update_account(account=gone, by=administrator)
    accounts.give_new_password(account=gone, by=administrator)
    going = User(username="banggiao", full_name="Lê Bàn Giao", role=Role.WARD, ward=ward)
    accounts.create_account(account=going, by=administrator)
    matters = {"since": timezone.localdate(), "open_matters": "Còn hai kiến nghị chưa thực hiện."}
    hand_over(leaving=going, successor=new, by=administrator, **matters)
    cast.people |= {"xathu": new, "danghi": gone}


def take_in_sheets(cast: Cast) -> None:
    """Make accounts from one sheet, with a link that was sent; leave another sheet with an error."""
    by, kind = cast.quantri, KINDS["accounts"]
    row = ("Trần Bảng Tính", "Lãnh đạo Sở", "", "", "Chánh Văn phòng", "vanphong@vtlt.invalid", "", "bangtinh")
    upload = SimpleUploadedFile("tai-khoan.xlsx", accounts_sheet(row))
    made = imports.begin_import(kind=kind, upload=upload, by=by)
    imports.confirm_import(made=made, shown=made.stored_plan.digest, by=by)
    send_links(links=FirstLink.objects.all(), address="https://vtlt.invalid", by=by)
    faulty = SimpleUploadedFile("co-loi.xlsx", accounts_sheet(("Lê Có Lỗi", "Không có vai trò này")))
    imports.begin_import(kind=kind, upload=faulty, by=by)


def make_set(cast: Cast) -> CriteriaSet:
    """Copy the reports' set, change the copy and put it in force."""
    by = cast.lanhdaochicuc
    copy = sets.copy_set(criteria_set=CriteriaSet.objects.get(code="gd1"), by=by)
    criteria = _values(copy.criteria.all(), sets.CRITERION_FIELDS)
    criteria[min(criteria)] |= {"name": "Tên tiêu chí đã sửa", "needs_evidence": True}
    values = {
        "name": "Bộ tiêu chí năm 2026",
        "legal_basis": "Quyết định số 1/QĐ-SNV",
        "note": "Sửa từ bộ của giai đoạn 1",
        "allows_not_applicable": True,
    }
    sets.edit_set(
        criteria_set=copy,
        values=values,
        criteria=criteria,
        bands=_values(copy.bands.all(), sets.BAND_FIELDS),
        made_on=sets.digest(copy),
        by=by,
    )
    notes = stock_notes.stock_notes(copy)
    stock_notes.edit_stock_notes(
        criteria_set=copy,
        notes=notes | {"TC01": ["Chưa ban hành.", "Ban hành chưa đủ."]},
        made_on=stock_notes.digest(notes),
        by=by,
    )
    sets.put_in_force(criteria_set=copy, by=cast.lanhdaochicuc2)
    return CriteriaSet.objects.get(pk=copy.pk)


def _values(rows: Any, names: Any) -> dict[int, dict[str, Any]]:
    return {row.pk: {name: getattr(row, name) for name in names} for row in rows}


def enter_training(cast: Cast) -> None:
    """Add a course and correct it, void another, and change a quota, a fund and the workforce."""
    by, scheme = cast.kiemtra, Scheme.objects.get()
    category = Category.objects.filter(quota__isnull=False).first()
    districts = list(District.objects.order_by("code")[:2])
    values = course_values(category, organiser_districts=districts, participants=12)
    added = _add_course(scheme, values, by)
    corrected = values | {"participants": 15, "organiser_districts": [], "note": "Sửa số học viên"}
    training.edit_course(course=added, values=corrected, base_version=1, by=by)
    twice = _add_course(scheme, values | {"name": "Lớp nhập trùng"}, by)
    training.void_course(course=twice, reason="Nhập trùng", base_version=1, by=by)
    quota = category.quota
    before, after = (quota.target, quota.unit), (quota.target + 1, quota.unit)
    change = quotas.QuotaChange(category, before, after)
    quotas.set_quotas(scheme=scheme, changes=[change], by=cast.lanhdaochicuc)
    amount = scheme.fundings.get(source="city").amount
    amounts = {"city": funds.Amount(amount, amount + 5)}
    funds.set_funding(scheme=scheme, amounts=amounts, by=by)
    today = timezone.localdate()
    for qualified in (4, 5):
        funds.save_workforce(scheme=scheme, counted_on=today, total=9, qualified=qualified, by=by)


def _add_course(scheme: Scheme, values: dict[str, Any], by: User) -> Any:
    saved = training.create_course(scheme=scheme, values=values, by=by, submission_id=uuid.uuid4())
    return saved.course


def open_second_round(cast: Cast) -> Round:
    """Open a round of 2019 with wards of Quận 10, who assess themselves."""
    today = timezone.localdate()
    inspection_round = Round(
        code="gd2-2019",
        name="Giai đoạn 2 (11/2019 - 6/2020)",
        criteria_set=Round.objects.get(code="gd1-2019").criteria_set,
        starts_on=datetime.date(2019, 11, 1),
        ends_on=datetime.date(2020, 6, 30),
        asks_self_assessment=True,
        self_assessment_due=today + 30 * DAY,
    )
    services.open_round(inspection_round=inspection_round, by=cast.lanhdaochicuc)
    wards = list(Ward.objects.filter(district__code__in=["771", "787"], is_baseline=True))
    services.add_wards(inspection_round=inspection_round, wards=wards, by=cast.lanhdaochicuc)
    checklists.work_on_second_round(inspection_round, cast)
    return inspection_round


def open_round_of_2026(cast: Cast, criteria_set: CriteriaSet, wards: list[Ward]) -> Round:
    """Open a round with a team, a plan and documents, and with a checklist in every state."""
    by, today = cast.lanhdaochicuc, timezone.localdate()
    inspection_round = Round(
        code="dot-2026",
        name="Đợt năm 2026",
        criteria_set=criteria_set,
        starts_on=datetime.date(2026, 1, 5),
        ends_on=datetime.date(2026, 12, 31),
    )
    services.open_round(inspection_round=inspection_round, by=by)
    inspection_round.name = "Đợt kiểm tra năm 2026"
    inspection_round.deadline = datetime.date(2026, 12, 20)
    services.update_round(inspection_round=inspection_round, by=by)
    mistaken = Ward(code="27999", kind="phuong", name="Nhầm", valid_from=SINCE_2025)
    units.create_ward(ward=mistaken, by=cast.quantri)
    services.add_wards(inspection_round=inspection_round, wards=[*wards, mistaken], by=by)
    services.remove_ward(enrolment=inspection_round.enrolments.get(ward=mistaken), by=by)
    for number, is_voided in (("7/KH-SNV", False), ("8/KH-SNV", True)):
        document = RoundDocument(round=inspection_round, kind="plan", number=number)
        document.issued_on = today
        services.add_document(document=document, by=by)
        if is_voided:
            services.void_document(document=document, reason="Nhập nhầm", by=by)
    _plan(inspection_round, cast)
    checklists.bring_into_every_state(inspection_round, cast)
    return inspection_round


def _plan(inspection_round: Round, cast: Cast) -> None:
    by, today = cast.lanhdaochicuc, timezone.localdate()
    members = [
        Member("head", cast.kiemtra.full_name, person=cast.kiemtra),
        Member("member", "Khách mời", "Trung tâm Lưu trữ lịch sử"),
    ]
    team = Team(round=inspection_round, name="Đoàn số 1")
    team = services.save_team(team=team, members=members, by=by)
    spare = Team(round=inspection_round, name="Đoàn số 2")
    services.save_team(team=spare, members=members[:1], by=by)
    enrolments = inspection_round.enrolments.order_by("position")[:4]
    shown = {enrolment.pk: shown_of(enrolment) for enrolment in enrolments}
    plan = Plan(sets_team=True, team=team, sets_day=True, planned_on=today)
    services.assign_wards(inspection_round=inspection_round, shown=shown, plan=plan, by=by)


def write_reports(cast: Cast, inspection_round: Round) -> None:
    """Write passages over the issued ones and anew, decide on proposals, take in Word templates."""
    by, scheme = cast.lanhdaochicuc, Scheme.objects.get()
    of_reports = Round.objects.get(code="gd1-2019")
    for subject in (of_reports, inspection_round, scheme):
        key = places_of(subject)[-1].key
        for text in ("Bản người dùng sửa.", "Bản người dùng sửa.\nThêm một đoạn."):
            seen = newest_number(subject, key)
            passages.write_passage(subject=subject, key=key, text=text, seen=seen, by=by)
    decide_first_proposal(cast, inspection_round, is_accepted=True)
    withdrawn = _take_template(ReportKind.SCHEME, by)
    templates.withdraw_template(template=withdrawn, by=by)
    _take_template(ReportKind.ROUND, by)


def decide_first_proposal(cast: Cast, subject: Subject, is_accepted: bool) -> None:
    """Decide on the first proposal that nobody decided on yet."""
    decided = set(ProposalDecision.objects.values_list("proposal", flat=True))
    offered = proposals(RoundContext(EVERYTHING, subject))
    proposal = next(each for each in offered if each.digest not in decided)
    passages.decide_proposal(
        subject=subject,
        proposal=proposal,
        is_accepted=is_accepted,
        seen=newest_number(subject, proposal.key),
        by=cast.lanhdaochicuc,
    )


def newest_number(subject: Subject, key: str) -> int:
    """Return the number of the newest version of a passage, 0 where there is none."""
    passage = Passage.objects.filter(**report_of(subject).owner, key=key).first()
    return passage.versions.count() if passage else 0


def _take_template(kind: ReportKind, by: User) -> Any:
    document = docx.Document(io.BytesIO(own_template(kind)))
    document.add_paragraph("Mẫu riêng của Chi cục")
    made = io.BytesIO()
    document.save(made)
    upload = SimpleUploadedFile("mau-rieng.docx", made.getvalue())
    return templates.take_template(kind=kind, upload=upload, by=by)


def decide_known_errors(cast: Cast, subject: Subject) -> None:
    """Keep the words of the first known error, and correct the others of high severity."""
    first = standing_errors(subject)[0].error
    passages.keep_words(subject=subject, error=first.digest, reason="Theo bản đã ký", by=cast.lanhdaochicuc)
    correct_known_errors(subject, cast.lanhdaochicuc)


def close_figures(cast: Cast, subject: Subject, note: str) -> Any:
    seen = closing.closings_of(subject).count()
    signer = closing.Signer("director", "Lê Văn A")
    return closing.close_figures(subject=subject, note=note, signer=signer, seen=seen, by=cast.lanhdaochicuc2)


def issue(cast: Cast, subject: Subject, number: str, is_signed: bool = False) -> None:
    """Close the figures and record the number under which the report was issued.

    The number of a report that is signed is corrected once, and the signed PDF has other words.
    """
    made = close_figures(cast, subject, note="")
    _record_issue(cast, made, number if not is_signed else "100/BC-SNV")
    if is_signed:
        _record_issue(cast, made, number)
        _record_issue(cast, made, number, signed_copy_of(made, number))


def _record_issue(cast: Cast, made: Any, number: str, pdf: SimpleUploadedFile | None = None) -> None:
    details = closing.IssueDetails(number, timezone.localdate(), "director", "Lê Văn A")
    version = type(made).objects.get(pk=made.pk).version
    closing.record_issue(
        closing=made,
        details=details,
        upload=pdf,
        version=version,
        by=cast.lanhdaochicuc,
        via=Via.PAGE,
    )


def signed_copy_of(made: Any, number: str) -> SimpleUploadedFile:
    """Return the file that bears the number as a PDF whose last paragraph was changed before it was signed."""
    kept = made.files.filter(role="numbered", number=number).get()
    with kept.file.original.open("rb") as file:
        lines = words(file.read()).split("\n")
    changed = [*lines[:-1], "Lời thêm trước khi ký."]
    pages = [changed[start : start + 40] for start in range(0, len(changed), 40)]
    return SimpleUploadedFile("bao-cao.pdf", pdf_of(pages), "application/pdf")
