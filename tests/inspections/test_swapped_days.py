"""Days that the State swaps for others: entered with their source, followed by plans, taken back."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from archiveportal.workdays import Workdays, shipped_days
from criteria.inspections.models import SwappedDay
from criteria.inspections.services.swapped_days import enter_swapped_days, remove_swapped_day
from criteria.inspections.services.teams import Plan

FRIDAY, SATURDAY = datetime.date(2027, 4, 30), datetime.date(2027, 5, 8)
MONDAY, SUNDAY = datetime.date(2027, 5, 3), datetime.date(2027, 5, 9)
PAGE = reverse("inspections:swapped-days")
WORDS = {"reason": "Nghỉ hoán đổi dịp 30/4", "source": "Thông báo số 1/TB-BNV ngày 02/01/2027 của Bộ Nội vụ"}


def entered(cast, day_off=MONDAY, day_worked=SATURDAY) -> list[SwappedDay]:
    return enter_swapped_days(day_off=day_off, day_worked=day_worked, by=cast.approver, **WORDS)


def test_days_that_are_shipped_name_their_source():
    assert shipped_days() and all(line.source and line.reason for line in shipped_days())


def test_plans_and_calendar_follow_the_days_that_were_entered(cast, sign_in, django_assert_num_queries):
    plan = {"sets_day": True, "planned_on": FRIDAY, "per_day": 1}
    before = Plan(**plan)
    assert [before.day_of(place) for place in (1, 5)] == [datetime.date(2027, 5, 4), datetime.date(2027, 5, 10)]
    entered(cast, datetime.date(2027, 5, 4))
    with django_assert_num_queries(1):
        days = SwappedDay.objects.workdays()
    after = Plan(**plan, workdays=days)
    assert [after.day_of(place) for place in (1, 4)] == [datetime.date(2027, 5, 5), SATURDAY]
    assert (days.why_off(SATURDAY), days.why_off(SUNDAY).lower()) == ("", "chủ nhật")
    assert Workdays().why_off(SATURDAY)


def test_the_page_enters_and_takes_back_with_history(cast, sign_in):
    client = sign_in(cast.approver)
    data = WORDS | {"day_off": "04/05/2027", "day_worked": "08/05/2027"}
    assert client.post(PAGE, data).status_code == 302
    page = client.get(PAGE).content.decode()
    assert "04/05/2027" in page and "08/05/2027" in page and WORDS["source"] in page
    row = SwappedDay.objects.get(is_off=False)
    for _press in range(2):
        assert client.post(PAGE, {"remove": str(row.pk)}).status_code == 302
    assert not SwappedDay.objects.filter(is_off=False).exists()
    deeds = Event.objects.filter(object_type="inspections.swappedday").values_list("action", flat=True)
    assert sorted(deeds) == ["created", "created", "deleted"]
    assert "08/05/2027" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"day_off": "", "day_worked": ""}, "Vui lòng nhập ngày."),
        ({"day_off": "04/05/2027", "day_worked": "04/05/2027"}, "phải khác nhau"),
        ({"day_off": "03/05/2027", "day_worked": ""}, "Ngày này đã có"),
        ({"day_off": "", "day_worked": "03/05/2027"}, "Ngày này đã có"),
        ({"day_off": "04/05/2027", "source": ""}, "không được để trống"),
        ({"day_off": "31/02/2027"}, "31/02/2027"),
        ({"remove": "x"}, ""),
        ({"remove": "9" * 30}, ""),
    ],
)
def test_bad_input_is_explained_and_changes_nothing(cast, sign_in, values, words):
    entered(cast)
    page = sign_in(cast.approver).post(PAGE, WORDS | values)
    assert words in page.content.decode() and page.status_code == (200 if words else 302)
    assert SwappedDay.objects.count() == 2


def test_others_enter_and_remove_nothing(cast, sign_in):
    (row, _worked) = entered(cast)
    with pytest.raises(Refused):
        enter_swapped_days(day_off=FRIDAY, day_worked=None, by=cast.inspector, **WORDS)
    with pytest.raises(Refused):
        remove_swapped_day(day=row, by=cast.leader)
    with pytest.raises(ValidationError):
        entered(cast)
    assert sign_in(cast.inspector).get(PAGE).status_code == 403
    assert SwappedDay.objects.count() == 2
