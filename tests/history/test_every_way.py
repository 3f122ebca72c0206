"""R10: each way of writing records all that it writes. A service missing from the story fails."""

import datetime
import inspect
import uuid
from importlib import import_module
from io import StringIO
from pkgutil import iter_modules

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timezone import localdate

from archiveportal.accounts import first_links, stand_ins
from archiveportal.accounts import services as accounts
from archiveportal.accounts.models import Role, User
from archiveportal.files import withdrawing
from archiveportal.history.agreeing import disagreements
from archiveportal.history.models import Event, Via
from archiveportal.history.registry import field_name
from archiveportal.history.services import digest
from criteria import act_services, recommendations, stock_notes
from criteria import services as sets
from criteria.building import services as building
from criteria.inspections import services
from criteria.inspections.models import Enrolment, Inspection, KeptAnswer, Result, Round, RoundDocument, Team
from criteria.inspections.queries.reminders import reminders
from criteria.inspections.services import BLANK, Change, findings, replies, self_assessment
from criteria.inspections.services.evidence import CAPTION, add_evidence, describe_evidence, void_evidence
from criteria.inspections.services.minutes import Person
from criteria.inspections.services.reminders import mail_reminder
from criteria.inspections.services.sending import Sent
from criteria.inspections.services.teams import Member, Plan, shown_of
from criteria.models import CriteriaSet
from reports.closing import services as closing
from reports.documents.own import own_template
from reports.known_errors.finding import errors_in
from reports.models import ReportKind
from reports.passages import services as passages
from reports.passages.proposals import Proposal
from reports.word_templates import services as templates
from tests.history import building_stories, decision_stories, other_stories, self_stories
from tests.history.round_stories import ask_a_unit, follow_up, prepare_rounds
from tests.history.watching import Watch
from tests.support.factories import enrol, make_round, make_set, make_ward, visit_today
from tests.support.inspections import photograph
from tests.support.pdf import pdf_of
from tests.support.training import course_values
from training.models import Category, Course, Scheme
from training.services import categories, courses, funds, quotas, schemes, year_targets
from wards import services as units
from wards.models import District, Ward

DAY = datetime.timedelta(days=1)
SERVICES = [
    accounts, first_links, stand_ins, other_stories.offices, sets, stock_notes, recommendations, act_services, courses,
    quotas, funds, schemes, categories, year_targets, units, closing, passages, templates, withdrawing,
]  # fmt: skip
for package in (building, services):
    SERVICES += [import_module(f"{package.__name__}.{each.name}") for each in iter_modules(package.__path__)]
#: part of other ways, which are watched
WITHIN = {"replace_password", "store_own_password", "publish_findings", "close", "save_step", "take_over_met"}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    here = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": here}
    settings.REMINDERS_BY_MAIL = True


def ways() -> set[str]:
    """Return the services: public functions with a parameter `via`."""
    found = set()
    for module in SERVICES:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_own = function.__module__ == module.__name__ and not name.startswith("_")
            if is_own and {"via"} <= set(inspect.signature(function).parameters):
                found.add(name)
    return found - WITHIN - {"write_answers"}


@pytest.fixture
def watch(cast) -> Watch:
    return Watch()


@pytest.mark.django_db
def test_every_way_of_writing_is_told(cast, watch, sign_in):
    for story in STORIES:
        story(watch, cast)
    assert watch.faults == [], "\n".join(watch.faults)
    assert ways() - watch.seen == set(), "these services are not in the story above"
    assert list(disagreements()) == []
    assert _unnamed() == set(), "the timeline calls these fields by the names that they have in the code"


def _unnamed() -> set[str]:
    found = set()
    for told in Event.objects.exclude(via=Via.SQL):
        for name in told.changes:
            title = getattr(told._field(name), "verbose_name", name)
            is_named = isinstance(title, Promise) or field_name(told.model_name, name)
            found |= set() if is_named else {f"{told.model_name}.{name}"}
    return found


def _accounts(watch, cast):
    account = User(username="moi", full_name="Người mới", role=Role.INSPECTOR)
    watch(accounts.create_account, account=account, by=cast.administrator)
    account.role, account.district, account.email = Role.DISTRICT, District.objects.first(), "moi@quan1.vn"
    account.is_active = False
    watch(accounts.update_account, account=account, by=cast.administrator)
    watch(accounts.give_new_password, account=account, by=cast.administrator)
    watch(accounts.change_password, account=account, password="mot-mat-khau-khac-2019")
    days = {"starts_on": localdate(), "ends_on": localdate() + DAY}
    named = watch(stand_ins.name_stand_in, person=cast.inspector2, decision="1/QĐ", **days, by=cast.approver)
    watch(stand_ins.end_stand_in, stand_in=named, by=cast.approver)


def _sets(watch, cast):
    copy = watch(sets.copy_set, criteria_set=CriteriaSet.objects.get(code="gd1"), by=cast.approver)
    names = sets.CRITERION_FIELDS, sets.BAND_FIELDS
    criteria = {row.pk: {name: getattr(row, name) for name in names[0]} for row in copy.criteria.all()}
    bands = {row.pk: {name: getattr(row, name) for name in names[1]} for row in copy.bands.all()}
    criteria[min(criteria)] |= {"name": "Tên sửa", "needs_evidence": True}
    criteria[max(criteria)]["is_counted"] = False
    bands[min(bands)]["label"] = "Từ 50% trở lên"
    values = {"name": "Bộ sửa", "legal_basis": "QĐ 1", "note": "Ghi chú", "allows_not_applicable": False}
    watch(sets.edit_set, criteria_set=copy, values=values, criteria=criteria, bands=bands,
          made_on=sets.digest(copy), by=cast.approver)  # fmt: skip
    notes = stock_notes.stock_notes(copy)
    new = {key: ["Chưa ban hành."] for key in list(notes) or ["TC01"]}
    watch(stock_notes.edit_stock_notes, criteria_set=copy, notes=new, made_on=stock_notes.digest(notes),
          by=cast.approver)  # fmt: skip
    watch(sets.put_in_force, criteria_set=other_stories.cite_and_recommend(watch, cast, copy), by=cast.approver2)


def _training(watch, cast):
    scheme, category = Scheme.objects.get(is_baseline=True), Category.objects.filter(quota__isnull=False).first()
    values = course_values(category, organiser_districts=list(District.objects.all()[:2]), participants=12)
    made = watch(courses.create_course, scheme=scheme, values=values, by=cast.inspector, submission_id=uuid.uuid4())
    changed = values | {"participants": 15, "organiser_districts": [], "note": "Sửa", "enters_summary": False}
    watch(courses.edit_course, course=made.course, values=changed, base_version=1, by=cast.inspector)
    watch(courses.void_course, course=made.course, reason="Nhập trùng", base_version=2, by=cast.inspector)
    quota = category.quota
    change = quotas.QuotaChange(category, (quota.target, quota.unit), (quota.target + 1, quota.unit))
    watch(quotas.set_quotas, scheme=scheme, changes=[change], by=cast.approver)
    amount = scheme.fundings.get(source="city").amount
    watch(funds.set_funding, scheme=scheme, amounts={"city": funds.Amount(amount, amount + 5)}, by=cast.inspector)
    watch(funds.save_workforce, scheme=scheme, counted_on=localdate(), total=9, qualified=4, by=cast.inspector)
    watch(funds.save_workforce, scheme=scheme, counted_on=localdate(), total=9, qualified=5, by=cast.inspector)
    assert Course.objects.get(pk=made.course.pk).is_voided


def _rounds(watch, cast):
    by = cast.approver
    inspection_round = Round(
        code="dot-1",
        name="Đợt 1",
        criteria_set=make_set(),
        starts_on=localdate(),
        ends_on=localdate() + 30 * DAY,
    )
    inspection_round = watch(services.open_round, inspection_round=inspection_round, by=by) or inspection_round
    inspection_round.name, inspection_round.deadline = "Đợt một", localdate() + 20 * DAY
    watch(services.update_round, inspection_round=inspection_round, by=by)
    watch(services.set_round_funding, inspection_round=inspection_round, amount=1_000, shown=None, by=by)
    wards = [make_ward(District.objects.first()) for _ in range(3)]
    watch(services.enrol_wards, inspection_round=inspection_round, wards=wards[:1], by=by, via=Via.PAGE)
    watch(services.add_wards, inspection_round=inspection_round, wards=wards[1:], by=by)
    first, second, third = inspection_round.enrolments.order_by("position")
    watch(services.remove_ward, enrolment=third, by=by)
    document = RoundDocument(round=inspection_round, kind="plan", number="1/KH", issued_on=localdate())
    document = watch(services.add_document, document=document, upload=_pdf(b"1"), by=by)
    document.number = "2/KH"
    watch(services.correct_document, document=document, upload=_pdf(b"2"), by=by)
    watch(services.void_document, document=document, reason="Nhầm", by=by)
    members = [Member("head", "Người dùng inspector", person=cast.inspector), Member("member", "Khách")]
    team = watch(services.save_team, team=Team(round=inspection_round, name="Đoàn 1"), members=members, by=by)
    watch(services.save_team, team=team, members=members[:1], seen=team.version, by=by)
    plan = Plan(sets_team=True, team=team, sets_day=True, planned_on=localdate())
    watch(services.assign_wards, inspection_round=inspection_round, shown={first.pk: shown_of(first)}, plan=plan, by=by)
    spare = watch(services.save_team, team=Team(round=inspection_round, name="Đoàn 2"), members=members, by=by)
    watch(services.remove_team, team=spare, by=by)
    prepare_rounds(watch, inspection_round, by=by)
    watch(services.close_round, inspection_round=inspection_round, by=by)
    watch(services.reopen_ward, enrolment=second, until=localdate() + DAY, reason="Bổ sung", by=by)
    watch(services.end_ward_reopening, enrolment=Enrolment.objects.get(pk=second.pk), by=by)
    watch(services.reopen_round, inspection_round=inspection_round, reason="Làm tiếp", by=by)


def _answers(enrolment, outcomes, **values):
    criteria = {each.number: each for each in enrolment.round.criteria_set.criteria.all()}
    versions = dict(enrolment.inspection.results.values_list("criterion_id", "version"))
    return [
        Change(criteria[number], versions.get(criteria[number].pk, 0), {**BLANK, "outcome": outcome, **values})
        for number, outcome in outcomes.items()
    ]


def _self_assessment(watch, cast):
    inspection_round = make_round(asks_self_assessment=True, self_assessment_due=localdate() + DAY)
    enrolment = enrol(inspection_round, Ward.objects.get(code="27202"))
    changes = _answers(enrolment, dict.fromkeys(range(1, 5), "met"), note="Tự kiểm tra")
    saved = watch(self_assessment.save_self_answers, enrolment=enrolment, changes=changes, by=cast.quan10)
    assessment = watch(self_assessment.hand_in, enrolment=enrolment, seen=saved.version, by=cast.quan10)
    watch(self_assessment.hand_back, assessment=assessment, reason="Giải trình thêm", by=cast.inspector)


def _send(watch, enrolment, by, base, via=Via.AUTOSAVE, **values):
    sent = Sent("TC01", enrolment.round.criteria_set_id, base, uuid.uuid4(), timezone.now(),
                typed={"outcome": "", "note": "", **values})  # fmt: skip
    return watch(services.save_answer, pk=enrolment.pk, sent=sent, by=by, via=via)


def _checklist(watch, cast):
    enrolment = Enrolment.objects.select_related("round__criteria_set").get(ward__code="27202", round__code="gd1-2019")
    inspection, by = enrolment.inspection, cast.inspector
    changes = _answers(enrolment, dict.fromkeys(range(1, 24), "met"), note="Có")
    watch(services.save_results, inspection=inspection, changes=changes, by=by, submission_id=uuid.uuid4())
    fact = enrolment.round.criteria_set.criteria.get(fact_kind="decimal")
    change = Change(fact, 1, {**BLANK, "outcome": "met", "number": "18.50", "note": "Có"})
    change.values["number"] = Result._meta.get_field("number").to_python("18.50")
    watch(services.save_results, inspection=inspection, changes=[change], by=by, submission_id=uuid.uuid4())
    _send(watch, enrolment, by, 1, outcome="not_met", note="Chưa")
    _send(watch, enrolment, cast.inspector2, 1, via=Via.OFFLINE, outcome="met", note="Khác")
    _send(watch, enrolment, cast.inspector2, 1, via=Via.OFFLINE, outcome="met", note="Khác nữa")
    watch(services.settle_kept, kept=KeptAnswer.objects.get(), take=True, seen=2, by=by, via=Via.PAGE)
    _send(watch, enrolment, cast.inspector2, 1, via=Via.OFFLINE, outcome="not_met", note="Không lấy")
    kept = KeptAnswer.objects.get(decision="")
    watch(services.settle_kept, kept=kept, take=False, seen=3, by=by, via=Via.PAGE)
    criterion = enrolment.round.criteria_set.criteria.get(code="TC01")
    evidence = watch(add_evidence, inspection=inspection, criterion=criterion, upload_id=uuid.uuid4(),
                     upload=photograph(), caption="Kho", by=by)  # fmt: skip
    watch(describe_evidence, evidence=evidence, caption="Kho tầng 1", made_on=digest(evidence, CAPTION), by=by)
    watch(void_evidence, evidence=evidence, reason="Nhầm phường", by=by)
    _withdraw(watch, cast, evidence.file)
    people = [Person("ward", "leader", "Trần Văn Bình", "Phó Chủ tịch")]
    visit_today(inspection)
    values = {"started_at": None, "ended_at": None, "place": "UBND", "ward_remarks": "Thống nhất", "copies": 3}
    values["recommendations"] = ""
    watch(services.save_minutes, inspection=inspection, values=values, people=people, seen=0, by=by)
    minutes = watch(services.sign_minutes, inspection=inspection, signed_on=localdate(), by=by,
                    uploads=[photograph("trang-1.jpg", size=(30, 40))])  # fmt: skip
    watch(services.keep_scans, minutes=minutes, uploads=[photograph()], by=by)
    watch(services.submit_inspection, inspection=inspection, by=by)
    watch(services.return_inspection, inspection=inspection, by=cast.approver, reason="Bổ sung")
    watch(services.open_supplement, inspection=inspection, reason="Theo yêu cầu", by=by)
    watch(services.sign_minutes, inspection=inspection, signed_on=localdate(), by=by)
    watch(services.submit_inspection, inspection=inspection, by=by)
    watch(services.approve_inspection, inspection=inspection, by=cast.approver)
    watch(services.reopen_inspection, inspection=inspection, by=cast.approver, reason="Sai sót")


def _withdraw(watch, cast, file):
    watch(withdrawing.withdraw_file, file=file, reason="Có thông tin cá nhân", by=cast.approver)
    decision = {"file": file, "number": "1/QĐ", "decided_on": localdate(), "by": cast.approver}
    wrong = watch(withdrawing.record_destruction, **decision)
    watch(withdrawing.drop_destruction, destruction=wrong, by=cast.approver)
    right = watch(withdrawing.record_destruction, **decision)
    watch(withdrawing.carry_out, destruction=right, by=cast.approver2)


def _findings(watch, cast):
    inspection_round = make_round(make_set())
    (enrolment,) = services.enrol_wards(
        inspection_round=inspection_round, wards=[Ward.objects.get(code="27202")], by=None, via=Via.COMMAND
    )
    inspection, by = enrolment.inspection, cast.inspector
    changes = _answers(enrolment, dict.fromkeys(range(1, 5), "not_met"))
    services.save_results(inspection=inspection, changes=changes, by=by, submission_id=uuid.uuid4())
    found = []
    for criterion in inspection_round.criteria_set.criteria.all():
        options = {
            "criterion": criterion,
            "recommendation": "Bố trí kho",
            "due_on": localdate() + DAY,
            "seen": 0,
        }
        found.append(watch(findings.write_finding, inspection=inspection, by=by, **options))
    options |= {"recommendation": "Bố trí kho chuyên dụng", "seen": 1}
    changed = watch(findings.write_finding, inspection=inspection, by=by, **options)
    watch(findings.withdraw_finding, finding=changed, seen=2, reason="Trùng", by=by)
    visit_today(inspection)
    services.sign_minutes(inspection=inspection, signed_on=localdate(), by=by)
    services.submit_inspection(inspection=inspection, by=by)
    watch(services.approve_inspection, inspection=inspection, by=cast.approver)
    User.objects.filter(pk=cast.quan10.pk).update(email="pnv@quan10.vn")
    first, second, _third = (type(each).objects.get(pk=each.pk) for each in found[:3])
    for reminder in reminders(type(first).objects.filter(inspection=inspection)):
        watch(mail_reminder, reminder=reminder, by=cast.approver)
    first.refresh_from_db()
    watch(
        findings.move_deadline,
        finding=first,
        due_on=localdate() + 9 * DAY,
        reason="Mưa",
        seen=first.version,
        by=by,
    )
    for accept in (False, True):
        first.refresh_from_db()
        watch(replies.answer_finding, finding=first, text="Đã bố trí", uploads=[photograph()],
              submission_id=uuid.uuid4(), seen=first.version, by=cast.quan10)  # fmt: skip
        first.refresh_from_db()
        watch(replies.judge_reply, finding=first, accept=accept, reason="Còn thiếu", seen=first.version, by=by)
    second.refresh_from_db()
    watch(findings.close_finding, finding=second, reason="Đã xem tại chỗ", seen=second.version, by=by)
    services.reopen_inspection(inspection=inspection, reason="Nhầm", by=cast.approver)
    services.open_supplement(inspection=inspection, reason="Nhầm", by=by)
    rewritten = {
        "recommendation": "Bố trí kho theo thiết kế",
        "due_on": localdate() + 5 * DAY,
        "seen": found[2].version,
    }
    watch(findings.write_finding, inspection=inspection, criterion=found[2].criterion, by=by, **rewritten)
    services.sign_minutes(inspection=inspection, signed_on=localdate(), by=by)
    services.submit_inspection(inspection=inspection, by=by)
    watch(services.approve_inspection, inspection=inspection, by=cast.approver)


@pytest.mark.django_db
def test_the_page_and_the_commands_tell_it_too(cast, watch, sign_in):
    enrolment = Enrolment.objects.get(ward__code="27202")
    client = sign_in(cast.administrator)
    address = reverse("accounts:create")
    data = {"username": "trang", "full_name": "Người Trang", "role": "inspector", "email": ""}
    watch(client.post, address, data)
    assert Event.objects.filter(object_type="accounts.user", via="page", action="created").exists()
    watch(call_command, "create_administrator", "lenh", "Người Lệnh", stdout=StringIO())
    watch(call_command, "demo_accounts", address="", stdout=StringIO())
    assert watch.faults == [] and enrolment.pk


@pytest.mark.django_db
def test_loading_the_reports_tells_every_row():
    watch = Watch()
    watch(call_command, "load_baseline", stdout=StringIO())
    assert watch.faults == [], "\n".join(watch.faults)
    inspection = Inspection.objects.get(status="approved")
    told = Event.objects.about(inspection).filter(via=Via.COMMAND, action="changed")
    assert told.count() == inspection.results.count() == 23
    assert {tuple(event.changes["outcome"]) for event in told} == {("", "met")}


@pytest.mark.django_db
def test_a_command_of_django_is_recorded_by_the_database(cast):
    from tests.history.watching import recorded

    with recorded():
        call_command("createsuperuser", interactive=False, username="root", full_name="Gốc",
                     role="administrator", stdout=StringIO())  # fmt: skip
    event = Event.objects.latest("pk")
    assert (event.object_type, event.via, event.action) == ("accounts.user", "sql", "created")


def _pdf(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("van-ban.pdf", pdf_of([[]]) + content, "application/pdf")


def _closings(watch, cast):
    inspection_round, by = make_round(), cast.approver
    made = watch(closing.close_figures, subject=inspection_round, note="Lần đầu", seen=0, by=by)
    for number, version in (("1/BC-SNV", 1), ("2/BC-SNV", 2)):
        details = closing.IssueDetails(number, localdate(), "director", "Lê Văn A")
        watch(closing.record_issue, closing=made, details=details, upload=_pdf(b"3"), version=version, by=by)


def _reports(watch, cast):
    inspection_round, by = make_round(), cast.approver
    watch(passages.store_issued, subject=inspection_round, texts={"achieved": "Lời của báo cáo"})
    for seen, text in enumerate(("Một", "Hai")):
        watch(passages.write_passage, subject=inspection_round, key="directions", text=text, seen=seen, by=by)
    for number, is_accepted in enumerate((True, False)):
        watch(passages.decide_proposal, subject=inspection_round, proposal=Proposal("limits", f"Ý {number}"),
              is_accepted=is_accepted, seen=number, by=by)  # fmt: skip
    text = "Tình hạng của của xã, ngày 21 ngày 12 năm 2018."
    watch(passages.write_passage, subject=inspection_round, key="aims", text=text, seen=0, by=by)
    accepted, kept, _day = (error.digest for error in errors_in(text))
    watch(passages.accept_correction, subject=inspection_round, key="aims", error=accepted, seen=1, by=by)
    watch(passages.keep_words, subject=inspection_round, error=kept, reason="Trích nguyên văn", by=by)
    for kind in (ReportKind.ROUND, ReportKind.SCHEME):
        upload = SimpleUploadedFile("mau.docx", own_template(kind))
        template = watch(templates.take_template, kind=kind, upload=upload, by=by)
    watch(templates.withdraw_template, template=template, by=by)


STORIES = (
    _accounts, other_stories.hand_over_an_account, other_stories.use_first_links, other_stories.take_in_sheets,
    other_stories.write_sets_as_sheets_say, other_stories.enter_units, other_stories.set_up_schemes, _sets,
    other_stories.group_units, other_stories.enter_the_office, *building_stories.STORIES, _training, _rounds,
    ask_a_unit, follow_up, *decision_stories.STORIES, _self_assessment, _checklist, _findings, _closings, _reports,
    self_stories.tell_self_assessments,
)  # fmt: skip
