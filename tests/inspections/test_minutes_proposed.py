"""What the page of new minutes proposes, so that it need not be typed again."""

import datetime

from django.utils import timezone

from criteria.inspections.models import Enrolment, Team, TeamMember
from criteria.inspections.services import sign_minutes
from criteria.inspections.services.minutes import Person, save_minutes
from criteria.inspections.services.minutes_merge import DETAILS
from tests.inspections.test_minutes import current, page_of, typed
from tests.support.factories import enrol, make_round, visit_today


def test_day_place_and_positions_are_proposed(cast, sign_in, phuong6):
    """From the plan, the last minutes of the unit, the account, and the last minutes that name a person."""
    earlier = make_round(phuong6.round.criteria_set, code="dot-truoc")
    before = enrol(earlier, phuong6.ward)
    team = [Person("team", "head", "Trần Trưởng", "Chi cục trưởng")]
    values = dict.fromkeys(DETAILS, "") | {"copies": 2, "started_at": None, "ended_at": None, "place": "Phòng họp số 2"}
    visit_today(before.inspection)
    save_minutes(inspection=before.inspection, values=values, people=team, seen=0, by=cast.inspector)
    sign_minutes(inspection=before.inspection, signed_on=timezone.localdate(), by=cast.inspector)
    cast.inspector.position = "Chuyên viên"
    cast.inspector.save(update_fields=["position"])
    Enrolment.objects.filter(pk=phuong6.pk).update(planned_on=datetime.date(2019, 10, 14))

    client = sign_in(cast.inspector)
    form = client.get(page_of(phuong6)).context["form"]
    shown = {name: form.details.initial[name] for name in ("started_on", "place")}
    assert shown == {"started_on": datetime.date(2019, 10, 14), "place": "Phòng họp số 2"}
    assert [row.initial["position"] for row in form.team.initial_forms] == ["Chuyên viên"]
    phuong6.team = Team.objects.create(round=phuong6.round, name="Đoàn 1")
    phuong6.save(update_fields=["team"])
    TeamMember.objects.create(team=phuong6.team, full_name="Trần Trưởng", part="head", order=0)
    form = client.get(page_of(phuong6)).context["form"]
    assert [row.initial["position"] for row in form.team.initial_forms] == ["Chi cục trưởng"]
    # The proposed day alone, without an hour, is no half of a moment.
    response = client.post(page_of(phuong6), typed(action="save", started_on="14/10/2019", place="Phòng họp số 2"))
    assert response.status_code == 302 and current(phuong6).started_at is None
