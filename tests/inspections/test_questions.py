"""Questions to a unit and notes for colleagues: who asks, who answers, who sees what, and that nothing is doubled."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from archiveportal.accounts.models import Role, User
from archiveportal.files.places import place_of
from archiveportal.refusal import Refused
from criteria.inspections.models import Inspection, InternalNote, Notice, Question, QuestionMessage, Round
from criteria.inspections.queries.story import story_of
from criteria.inspections.services.digest import digests, tell_what_is_due
from criteria.inspections.services.distant import distant_criteria, mark_distant
from criteria.inspections.services.internal_notes import add_internal_note
from criteria.inspections.services.questions import answer_question, ask_question, close_question
from criteria.inspections.services.rounds import close_round
from criteria.inspections.services.workflow import approve_inspection
from tests.support.factories import answer, enrol, make_district, make_round, make_user, make_ward, submit_signed
from tests.support.inspections import photograph

DAY = datetime.timedelta(days=1)
STATUS = Question.Status

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def people(db):
    district = make_district()
    ward = make_ward(district)
    return {
        "inspector": make_user(Role.INSPECTOR),
        "approver": make_user(Role.APPROVER),
        "ward": make_user(Role.WARD, ward=ward),
        "district": make_user(Role.DISTRICT, district=district),
        "stranger": make_user(Role.WARD, ward=make_ward(district)),
        "leader": make_user(Role.LEADERSHIP),
    }


@pytest.fixture
def enrolment(people):
    return enrol(make_round(), people["ward"].ward)


def ask(enrolment, by, text="Kho lưu trữ có bao nhiêu m2?", **values):
    criterion = enrolment.round.criteria_set.criteria.first()
    defaults = {"due_on": localdate() + 2 * DAY, "submission_id": uuid.uuid4()}
    return ask_question(inspection=enrolment.inspection, criterion=criterion, text=text, by=by, **defaults | values)


def reply(question, by, text="24 m2", **values):
    return answer_question(question=question, text=text, submission_id=uuid.uuid4(), by=by, **values)


def note(enrolment, by, text="Nên xem lại ảnh kho"):
    criterion = enrolment.round.criteria_set.criteria.first()
    return add_internal_note(
        inspection=enrolment.inspection, criterion=criterion, text=text, submission_id=uuid.uuid4(), by=by
    )


def told(person):
    return sorted(Notice.objects.unread().filter(person=person).values_list("kind", flat=True))


def test_a_question_is_asked_answered_asked_again_and_settled(people, enrolment):
    question = ask(enrolment, people["inspector"])
    assert told(people["ward"]) == told(people["district"]) == ["question_asked"]
    assert told(people["stranger"]) == []
    reply(question, people["ward"], uploads=[photograph()])
    question.refresh_from_db()
    assert question.status == STATUS.ANSWERED
    assert told(people["ward"]) == [] and told(people["inspector"]) == ["question_answered"]
    again = ask(enrolment, people["approver"], "Có ảnh chụp giá không?", due_on=localdate() + 5 * DAY)
    assert again.pk == question.pk and again.status == STATUS.ASKED
    question.refresh_from_db()
    close_question(question=question, seen=question.version, by=people["inspector"])
    assert [told(people[name]) for name in ("ward", "inspector", "approver")] == [[], [], []]
    assert [each.is_of_unit for each in question.messages.all()] == [False, True, False]
    with pytest.raises(Refused, match="đã kết thúc"):
        reply(question, people["ward"])


def test_sent_twice_is_sent_once(people, enrolment):
    key, second = uuid.uuid4(), uuid.uuid4()
    question = ask(enrolment, people["inspector"], submission_id=key)
    assert ask(enrolment, people["inspector"], submission_id=key).pk == question.pk
    for _time in range(2):
        answer_question(question=question, text="24 m2", submission_id=second, by=people["ward"])
    assert question.messages.count() == 2
    with pytest.raises(Refused, match="gửi một nội dung khác"):
        answer_question(question=question, text="Khác", submission_id=second, by=people["ward"])


def test_a_thread_that_moved_on_is_not_settled_unread(people, enrolment):
    question = ask(enrolment, people["inspector"])
    reply(question, people["ward"])
    with pytest.raises(Refused, match="tin mới gửi đến"):
        close_question(question=question, seen=question.version, by=people["inspector"])


def test_an_approved_inspection_is_asked_nothing_more(people, enrolment):
    question = ask(enrolment, people["inspector"])
    answer(enrolment, people["inspector"], "met")
    inspection = submit_signed(inspection=Inspection.objects.get(pk=enrolment.inspection.pk), by=people["inspector"])
    approve_inspection(inspection=inspection, by=people["approver"])
    enrolment.inspection.refresh_from_db()
    for attempt in (lambda: ask(enrolment, people["inspector"]), lambda: reply(question, people["ward"])):
        with pytest.raises(Refused, match="Phiếu đã phê duyệt: không hỏi"):
            attempt()
    assert "question_asked" not in told(people["ward"])


def test_what_is_refused_says_why(people, enrolment):
    with pytest.raises(Refused, match="Thời hạn đã qua"):
        ask(enrolment, people["inspector"], due_on=localdate() - DAY)
    with pytest.raises(Refused, match="do người kiểm tra đặt"):
        ask(enrolment, people["ward"])
    question = ask(enrolment, people["inspector"])
    for name in ("stranger", "inspector", "leader"):
        with pytest.raises(Refused, match="Câu hỏi do xã"):
            reply(question, people[name])
    close_round(inspection_round=enrolment.round, by=people["approver"])
    enrolment.round.refresh_from_db()
    with pytest.raises(Refused, match="đã đóng"):
        reply(question, people["ward"])


def test_who_sees_questions_and_notes(people, enrolment):
    question, internal = ask(enrolment, people["inspector"]), note(enrolment, people["inspector"])
    seeing = {name for name, person in people.items() if Question.objects.visible_to(person).exists()}
    assert seeing == {"inspector", "approver", "ward", "district"}
    assert {name for name, person in people.items() if InternalNote.objects.visible_to(person).exists()} == {
        "inspector",
        "approver",
    }
    file = reply(question, people["ward"], uploads=[photograph()]).files.get()
    assert {name for name, person in people.items() if place_of(file, person)} == seeing
    keys = {(event.object_type, event.object_id) for event in story_of(enrolment, people["inspector"])}
    assert ("inspections.internalnote", internal.pk) in keys
    assert not story_of(enrolment, people["ward"]).exists()


def test_notes_stay_inside_on_every_page_of_the_unit(people, enrolment, sign_in):
    note(enrolment, people["approver"], text="MẬT-NỘI-BỘ")
    ask(enrolment, people["inspector"])
    code = enrolment.round.criteria_set.criteria.first().code
    pages = [
        reverse("inspections:questions", args=[enrolment.pk]),
        reverse("inspections:question", args=[enrolment.pk, code]),
    ]
    for name in ("ward", "district"):
        client = sign_in(people[name])
        for page in pages:
            response = client.get(page)
            assert response.status_code == 200
            assert "MẬT-NỘI-BỘ" not in response.content.decode()
            assert "ghi chú nội bộ" not in response.content.decode().lower()
    assert "MẬT-NỘI-BỘ" in sign_in(people["inspector"]).get(pages[1]).content.decode()
    other = enrolment.round.criteria_set.criteria.last().code
    assert sign_in(people["ward"]).get(reverse("inspections:question", args=[enrolment.pk, other])).status_code == 404
    assert sign_in(people["stranger"]).get(pages[0]).status_code == 404
    assert sign_in(people["leader"]).get(pages[0]).status_code == 403


def test_pages_ask_answer_and_show_what_was_refused(people, enrolment, sign_in):
    code = enrolment.round.criteria_set.criteria.first().code
    place = [enrolment.pk, code]
    inspector, ward = sign_in(people["inspector"]), sign_in(people["ward"])
    data = {"text": "Có quy chế không?", "due_on": "1/1/2020", "submission_id": str(uuid.uuid4())}
    refused = inspector.post(reverse("inspections:question-ask", args=place), data)
    assert refused.status_code == 200 and "Có quy chế không?" in refused.content.decode()
    assert not Question.objects.exists()
    data["due_on"] = f"{localdate() + DAY:%d/%m/%Y}"
    assert inspector.post(reverse("inspections:question-ask", args=place), data).status_code == 302
    assert "Có quy chế không?" in ward.get(reverse("inspections:question", args=place)).content.decode()
    assert reverse("inspections:question", args=place) in ward.get("/").content.decode()
    sent = {"text": "Có, ban hành năm 2025.", "submission_id": str(uuid.uuid4()), "files": photograph()}
    assert ward.post(reverse("inspections:question-answer", args=place), sent).status_code == 302
    file = QuestionMessage.objects.get(is_of_unit=True).files.get()
    for name in ("question-file", "question-picture"):
        address = reverse(f"inspections:{name}", args=[enrolment.pk, file.pk])
        assert inspector.get(address).status_code == 200
        assert sign_in(people["stranger"]).get(address).status_code == 404
    assert reverse("inspections:question", args=place) in inspector.get("/").content.decode()
    assert inspector.post(reverse("inspections:question-close", args=place), {"version": "9" * 5000}).status_code == 302
    assert Question.objects.get().status == STATUS.ANSWERED
    version = {"version": Question.objects.get().version}
    inspector.post(reverse("inspections:question-close", args=place), version)
    assert Question.objects.get().status == STATUS.CLOSED


def test_a_long_thread_asks_no_more_of_the_database(people, enrolment, sign_in):
    question = ask(enrolment, people["inspector"])
    code = question.criterion.code
    client, address = sign_in(people["ward"]), reverse("inspections:question", args=[enrolment.pk, code])
    few = count_queries(client, address)
    QuestionMessage.objects.bulk_create(
        QuestionMessage(
            question=question,
            submission_id=uuid.uuid4(),
            text=f"Tin {number}. " + "Chữ " * 100,
            is_of_unit=bool(number % 2),
            written_by=people["ward"],
            written_at=timezone.now(),
        )
        for number in range(200)
    )
    assert count_queries(client, address) <= few <= 25
    response = client.get(address)
    assert len(response.content) < 300_000
    assert "Tin 199." in response.content.decode() and "Tin 0." not in response.content.decode()
    assert "Tin 0." in client.get(f"{address}?page=4").content.decode()


def count_queries(client, address) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address)
    return len(queries)


def test_days_that_come_near_are_told_once_and_mailed_while_they_stand(people, enrolment):
    User.objects.filter(pk=people["ward"].pk).update(email="vt@p1.vn", wants_daily_mail=True)
    question = ask(enrolment, people["inspector"])
    assert tell_what_is_due() == 2 and tell_what_is_due() == 0
    assert told(people["ward"]) == ["question_asked", "question_due"]
    (mail,) = digests()
    assert "tiêu chí 1" in mail.text
    reply(question, people["ward"])
    assert digests() == []


def test_a_criterion_is_marked_as_verified_from_a_distance(people, enrolment):
    inspection, criterion = enrolment.inspection, enrolment.round.criteria_set.criteria.first()
    for wanted in (True, True, False, True):
        mark_distant(inspection=inspection, criterion=criterion, is_distant=wanted, by=people["inspector"])
    assert distant_criteria(inspection) == {criterion.pk}
    enrolment.way = "remote"
    enrolment.save(update_fields=["way"])
    assert len(distant_criteria(inspection)) == 4
    with pytest.raises(Refused, match="từ xa toàn bộ"):
        mark_distant(inspection=inspection, criterion=criterion, is_distant=False, by=people["inspector"])


def test_the_pages_of_a_unit_lead_to_its_questions(people, enrolment, sign_in):
    Round.objects.filter(pk=enrolment.round_id).update(asks_self_assessment=True)
    threads = reverse("inspections:questions", args=[enrolment.pk])
    pages = [
        reverse("inspections:self-assessment", args=[enrolment.pk]),
        reverse("wards:detail", args=[enrolment.ward_id]),
    ]
    own = sign_in(people["ward"])
    assert not any(f'"{threads}"' in own.get(page).content.decode() for page in pages)
    ask(enrolment, people["inspector"])
    assert all(f'"{threads}"' in own.get(page).content.decode() for page in pages)
    assert threads not in sign_in(people["leader"]).get(pages[1]).content.decode()
