"""One rule for days: the year of a day that a person gives is a sensible one, whichever way it comes in."""

import datetime
import uuid
from itertools import chain

import pytest
from django import forms
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from archiveportal.days import refuse_far_days
from archiveportal.fields import Day
from archiveportal.history.models import Event, Via
from archiveportal.refusal import Refused
from criteria.inspections import services
from criteria.inspections.models import Enrolment, Finding, Inspection, KeptAnswer, RoundDocument
from criteria.inspections.services import findings, replies
from criteria.inspections.services.evidence import add_evidence
from criteria.inspections.services.minutes_merge import DETAILS
from criteria.inspections.services.sending import Sent
from criteria.inspections.services.teams import Plan, shown_of
from reports.closing.services import IssueDetails, close_figures, record_issue
from tests.support.factories import answer, make_round, make_set
from tests.support.inspections import answered_file, published_finding
from tests.support.training import course_values, make_course
from training.models import Category, Scheme
from training.services import courses, funds
from wards import services as units
from wards.models import District, Ward

FAR = [datetime.date(19, 10, 14), datetime.date(2101, 1, 1)]


def phuong6() -> Enrolment:
    return Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")


def noon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day, 12, tzinfo=datetime.UTC)


def criterion():
    return phuong6().round.criteria_set.criteria.get(code="TC01")


def save_page(cast, day):
    change = services.DateChange(None, day)
    services.save_results(
        inspection=phuong6().inspection, changes=[], by=cast.inspector, submission_id=uuid.uuid4(), date_change=change
    )


def sent_day(day, **values) -> Sent:
    typed = {"inspected_on": f"{day:%d}/{day:%m}/{day.year:04d}", "shown_on": ""}
    set_of_round = phuong6().round.criteria_set_id
    return Sent("inspected_on", set_of_round, 0, uuid.uuid4(), timezone.now(), typed=typed, **values)


def autosave(cast, day):
    services.save_answer(pk=phuong6().pk, sent=sent_day(day), by=cast.inspector, via=Via.AUTOSAVE)


def take_kept(cast, day):
    enrolment = phuong6()
    kept = KeptAnswer.objects.create(
        inspection=enrolment.inspection,
        criteria_set=enrolment.round.criteria_set,
        values={"inspected_on": day.isoformat()},
        base_version=0,
        reason=KeptAnswer.Reason.CONFLICT,
        submission_id=uuid.uuid4(),
        via=Via.OFFLINE,
        sent_by=cast.inspector,
        made_at=timezone.now(),
    )
    services.settle_kept(kept=kept, take=True, seen=0, by=cast.inspector, via=Via.PAGE)


def evidence(cast, day):
    add_evidence(
        inspection=phuong6().inspection,
        criterion=criterion(),
        upload_id=uuid.uuid4(),
        by=cast.inspector,
        number="12/QĐ-UBND",
        issued_on=day,
        issuer="UBND Phường 6",
        caption="",
    )


def write_finding(cast, day):
    enrolment = phuong6()
    answer(enrolment, cast.inspector, {1: "not_met"})
    findings.write_finding(
        inspection=enrolment.inspection,
        criterion=criterion(),
        recommendation="Bố trí kho",
        due_on=day,
        seen=0,
        by=cast.inspector,
    )


def move_deadline(cast, day):
    found = published_finding(phuong6(), cast.inspector)
    findings.move_deadline(finding=found, due_on=day, reason="Lũ lụt", seen=found.version, by=cast.inspector)


def judge_reply(cast, day):
    found = published_finding(phuong6(), cast.inspector)
    answered_file(found, cast.thanhan)
    Finding.objects.filter(pk=found.pk).update(status=Finding.Status.ANSWERED)
    replies.judge_reply(
        finding=found, accept=False, reason="Thiếu ảnh", due_on=day, seen=found.version, by=cast.inspector
    )


def minutes(name):
    def save(cast, day):
        values = dict.fromkeys(DETAILS, "") | {"copies": 2, "started_at": None, "ended_at": None, name: noon(day)}
        services.save_minutes(inspection=phuong6().inspection, values=values, people=[], seen=0, by=cast.inspector)

    return save


def sign(cast, day):
    services.sign_minutes(inspection=phuong6().inspection, signed_on=day, by=cast.inspector)


def open_round(name):
    def save(cast, day):
        opened = make_round(make_set())
        opened.pk, opened.code = None, "dot-xa"
        setattr(opened, name, day)
        services.open_round(inspection_round=opened, by=cast.approver)

    return save


def update_round(cast, day):
    opened = make_round()
    opened.deadline = day
    services.update_round(inspection_round=opened, by=cast.approver)


def reopen_ward(cast, day):
    enrolment = phuong6()
    services.close_round(inspection_round=enrolment.round, by=cast.approver)
    services.reopen_ward(enrolment=phuong6(), until=day, reason="Bổ sung", by=cast.approver)


def add_document(cast, day):
    document = RoundDocument(round=make_round(), kind="plan", number="1/KH", issued_on=day)
    services.add_document(document=document, by=cast.approver)


def correct_document(cast, day):
    document = RoundDocument(round=make_round(), kind="plan", number="1/KH", issued_on=timezone.localdate())
    document = services.add_document(document=document, by=cast.approver)
    document.issued_on = day
    services.correct_document(document=document, by=cast.approver)


def plan(cast, day):
    enrolment = phuong6()
    wanted = Plan(sets_day=True, planned_on=day, per_day=1)
    shown = {enrolment.pk: shown_of(enrolment)}
    services.assign_wards(inspection_round=enrolment.round, shown=shown, plan=wanted, by=cast.approver)


def create_course(name):
    def save(cast, day):
        category = Category.objects.filter(quota__isnull=False).first()
        values = course_values(category, **{name: day})
        courses.create_course(scheme=category.scheme, values=values, by=cast.inspector, submission_id=uuid.uuid4())

    return save


def edit_course(cast, day):
    category = Category.objects.filter(quota__isnull=False).first()
    course = make_course(category, cast.inspector)
    values = course_values(category, held_from=day)
    courses.edit_course(course=course, values=values, base_version=1, by=cast.inspector)


def count_workforce(cast, day):
    funds.save_workforce(scheme=Scheme.objects.get(), counted_on=day, total=9, qualified=4, by=cast.inspector)


def close_report(cast, day):
    close_figures(subject=phuong6().round, as_of=noon(day), seen=0, by=cast.approver)


def issue_report(cast, day):
    made = close_figures(subject=phuong6().round, seen=0, by=cast.approver)
    details = IssueDetails("5356/BC-SNV", day, "director", "Nguyễn Văn A")
    record_issue(closing=made, details=details, version=made.version, by=cast.approver)


def create_unit(name):
    def save(cast, day):
        ward = Ward(code="W999", name="Một", kind="phuong", district=District.objects.first())
        setattr(ward, name, day)
        units.create_ward(ward=ward, by=cast.administrator)

    return save


def update_unit(cast, day):
    district = District.objects.first()
    district.valid_from = day
    units.update_district(district=district, by=cast.administrator)


WAYS = {
    "the page of a checklist": save_page,
    "autosave": autosave,
    "a kept day": take_kept,
    "evidence": evidence,
    "a recommendation": write_finding,
    "a moved deadline": move_deadline,
    "a new deadline after an answer": judge_reply,
    "beginning of the visit": minutes("started_at"),
    "end of the visit": minutes("ended_at"),
    "the day of signing": sign,
    "first day of a round": open_round("starts_on"),
    "last day of a round": open_round("ends_on"),
    "deadline of a round": open_round("deadline"),
    "self-assessment until": open_round("self_assessment_due"),
    "another deadline of a round": update_round,
    "open again for a ward": reopen_ward,
    "document of a round": add_document,
    "corrected document of a round": correct_document,
    "planned day": plan,
    "first day of a course": create_course("held_from"),
    "last day of a course": create_course("held_to"),
    "corrected day of a course": edit_course,
    "workforce": count_workforce,
    "figures as of": close_report,
    "day of issue": issue_report,
    "first day of a unit": create_unit("valid_from"),
    "last day of a unit": create_unit("valid_to"),
    "corrected day of a unit": update_unit,
}


@pytest.mark.parametrize("day", FAR, ids=["year 19", "year 2101"])
@pytest.mark.parametrize("way", WAYS)
def test_every_service_refuses_a_year_far_off(cast, way, day):
    with pytest.raises(Refused) as refusal:
        WAYS[way](cast, day)
    assert refusal.value.messages == [f"Vui lòng kiểm tra lại năm: {day.year}."]
    pairs = chain.from_iterable(changes.values() for changes in Event.objects.values_list("changes", flat=True))
    assert not any(f"{day.year:04d}" in str(value) for value in chain.from_iterable(pairs))


def test_days_within_reach_and_no_day_are_taken():
    refuse_far_days(None, datetime.date(1900, 1, 1), datetime.date(2100, 12, 31))


def test_autosave_says_what_the_page_says_and_saves_nothing(cast, sign_in):
    enrolment = phuong6()
    client = sign_in(cast.inspector)
    data = {
        "user": cast.inspector.pk,
        "set": enrolment.round.criteria_set_id,
        "criterion": "inspected_on",
        "submission_id": str(uuid.uuid4()),
        "via": "autosave",
        "inspected_on": "14/10/0019",
        "shown_on": "",
    }
    said = client.post(f"/phieu/{enrolment.pk}/luu/", data, headers={"accept": "application/json"}).json()
    assert said["state"] == "refused" and said["errors"] == {"inspected_on": "Vui lòng kiểm tra lại năm: 19."}
    enrolment.inspection.refresh_from_db()
    assert enrolment.inspection.inspected_on is None
    # The device keeps what was typed under "refused" until it is corrected; the corrected day is taken.
    again = data | {"submission_id": str(uuid.uuid4()), "inspected_on": "14/10/2019"}
    assert client.post(f"/phieu/{enrolment.pk}/luu/", again).json()["state"] == "saved"


def test_a_slip_stored_by_an_earlier_release_is_put_right_by_its_page_and_by_autosave(cast, sign_in):
    enrolment = phuong6()
    slip, right = datetime.date(19, 10, 14), datetime.date(2019, 10, 14)
    client = sign_in(cast.inspector)
    for way in ("autosave", "page"):
        Inspection.objects.filter(enrolment=enrolment).update(inspected_on=slip)
        page = client.get(f"/phieu/{enrolment.pk}/")
        assert 'name="shown_on" value="0019-10-14"' in page.content.decode()
        data = {
            "user": cast.inspector.pk,
            "set": enrolment.round.criteria_set_id,
            "criterion": "inspected_on",
            "submission_id": str(uuid.uuid4()),
            "version": page.context["inspection"].version,
            "via": way,
            "inspected_on": "14/10/2019",
            "shown_on": "0019-10-14",
        }
        address = f"/phieu/{enrolment.pk}/{'luu/' if way == 'autosave' else ''}"
        said = client.post(address, data, headers={"accept": "application/json"} if way == "autosave" else {})
        assert way == "page" or said.json()["state"] == "saved"
        enrolment.inspection.refresh_from_db()
        assert enrolment.inspection.inspected_on == right
    assert not KeptAnswer.objects.exists()


def test_the_page_of_a_checklist_keeps_what_was_typed(cast, sign_in):
    enrolment = phuong6()
    data = {"submission_id": str(uuid.uuid4()), "inspected_on": "14/10/0019", "shown_on": "", "version": "0"}
    page = sign_in(cast.inspector).post(f"/phieu/{enrolment.pk}/", data)
    assert page.status_code == 200 and "Vui lòng kiểm tra lại năm: 19." in page.content.decode()
    assert 'value="14/10/0019"' in page.content.decode()


def test_autosave_takes_a_day_in_digits_and_says_how_it_is_written(cast, sign_in):
    enrolment = phuong6()
    data = {
        "user": cast.inspector.pk,
        "set": enrolment.round.criteria_set_id,
        "criterion": "inspected_on",
        "submission_id": str(uuid.uuid4()),
        "via": "autosave",
        "inspected_on": "14102019",
        "shown_on": "",
    }
    address = f"/phieu/{enrolment.pk}/luu/"
    said = sign_in(cast.inspector).post(address, data, headers={"accept": "application/json"}).json()
    assert (said["state"], said["values"]) == ("saved", {"inspected_on": "14/10/2019"})


def _forms() -> list[type[forms.BaseForm]]:
    """Return every form class of the portal that the addresses bring in."""
    list(_patterns(get_resolver()))
    found, waiting = [], [forms.BaseForm]
    while waiting:
        below = waiting.pop().__subclasses__()
        waiting += below
        found += below
    names = {config.name.partition(".")[0] for config in apps.get_app_configs()}
    own = names & {"archiveportal", "wards", "criteria", "training", "reports"}
    return [each for each in found if each.__module__.partition(".")[0] in own]


def _patterns(resolver: URLResolver) -> list[URLPattern]:
    for each in resolver.url_patterns:
        yield from _patterns(each) if isinstance(each, URLResolver) else [each]


def _is_another_day(field: forms.Field) -> bool:
    is_shown_day = isinstance(field, forms.DateField) and not field.widget.is_hidden
    return is_shown_day and not isinstance(field, Day)


def test_every_form_takes_days_by_the_one_field():
    plain: set[str] = set()
    for form in _forms():
        fields = getattr(form, "base_fields", {})
        plain |= {f"{form.__module__}.{form.__name__}.{name}" for name in fields if _is_another_day(fields[name])}
    assert plain == set()
