"""What holds for one unit of a round alone: a deadline of its own, and an overlap with others."""

import datetime
import logging

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections import services
from criteria.inspections.models import Enrolment
from criteria.inspections.queries import not_handed_in, progress, work_of
from tests.support.factories import answer, enrol, make_round, make_ward

DAY = datetime.timedelta(days=1)


@pytest.fixture
def unit(cast) -> Enrolment:
    return enrol(make_round(deadline=timezone.localdate() - DAY), make_ward(cast.quan10.district))


def test_one_unit_gets_a_later_deadline_on_a_ground(cast, unit):
    until = timezone.localdate() + DAY
    for wrong in ({"until": until, "ground": " "}, {"until": unit.round.deadline, "ground": "Bão"}):
        with pytest.raises(ValidationError):
            services.extend_deadline(enrolment=unit, by=cast.approver, **wrong)
    for _press in range(2):
        services.extend_deadline(enrolment=unit, until=until, ground="Bão", by=cast.approver)
    row = Enrolment.objects.get(pk=unit.pk)
    assert row.due_on == until and work_of(cast.inspector).get(pk=unit.pk).turn == 3
    (told,) = Event.objects.about(unit).filter(action="changed")
    assert told.reason == "Bão"
    services.extend_deadline(enrolment=unit, until=None, ground="", by=cast.approver)
    assert Enrolment.objects.get(pk=unit.pk).due_on == unit.round.deadline
    with pytest.raises(Refused):
        services.extend_deadline(enrolment=unit, until=until, ground="Bão", by=cast.inspector)


def test_a_unit_that_others_inspect_is_left_out_with_a_reason(cast, sign_in, unit):
    page = reverse("inspections:plan-special", args=[unit.round.code, unit.pk])
    client = sign_in(cast.approver)
    data = {"overlaps": "1", "overlap": "audit", "overlap_source": "", "left_out_reason": "Trùng"}
    refused = client.post(page, data)
    assert (
        list(refused.context["overlap"].errors) == ["overlap_source"] and "Trùng</textarea>" in refused.content.decode()
    )
    assert not Enrolment.objects.get(pk=unit.pk).is_left_out
    assert "Nguồn thông tin" in refused.content.decode() and "Nguồn số liệu" not in refused.content.decode()
    client.post(page, data | {"overlap_source": "Kiểm toán Nhà nước khu vực IV, quý III"})
    row = Enrolment.objects.get(pk=unit.pk)
    assert (row.overlap, row.is_left_out, row.left_out_reason) == ("audit", True, "Trùng")
    rows = Enrolment.objects.visible_to(cast.approver).filter(round=unit.round).with_standing()
    assert (progress(rows).left_out, progress(rows).visited, not_handed_in(rows).count()) == (1, 0, 0)
    with pytest.raises(Refused):
        answer(row, cast.inspector, "met")
    shown = client.get(reverse("inspections:plan-ward", args=[unit.round.code, unit.pk])).content.decode()
    assert "Kiểm toán Nhà nước khu vực IV" in shown


def test_a_reason_without_others_who_inspect_leaves_nothing_out(cast, unit):
    with pytest.raises(ValidationError) as refusal:
        services.note_overlap(enrolment=unit, overlap="", source="", left_out_reason="Trùng", by=cast.approver)
    assert list(refusal.value.message_dict) == ["overlap"]
    assert not Enrolment.objects.get(pk=unit.pk).is_left_out


def test_the_log_tells_of_a_new_deadline_once(cast, unit, caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("portal"), "handlers", [caplog.handler])
    for _press in range(2):
        until = timezone.localdate() + DAY
        services.extend_deadline(enrolment=unit, until=until, ground="Bão", by=cast.approver)
    assert caplog.text.count("deadline extended") == 1


def test_a_unit_with_answers_stays_in_the_plan(cast, unit):
    answer(unit, cast.inspector, "met")
    options = {"overlap": "other", "source": "Kế hoạch 5", "left_out_reason": "Trùng", "by": cast.approver}
    with pytest.raises(Refused):
        services.note_overlap(enrolment=unit, **options)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"extended_until": "31/02/2026", "extension_ground": "Bão số 3"}, "extended_until"),
        ({"extended_until": "{early}", "extension_ground": "Bão số 3"}, "extended_until"),
        ({"extended_until": "{late}", "extension_ground": " "}, "extension_ground"),
    ],
)
def test_a_refused_deadline_is_shown_again_as_typed(cast, sign_in, unit, typed, field):
    days = {"early": f"{unit.round.deadline:%d/%m/%Y}", "late": f"{timezone.localdate() + DAY:%d/%m/%Y}"}
    typed = {name: value.format(**days) for name, value in typed.items()}
    own, page = (
        reverse(f"inspections:{name}", args=[unit.round.code, unit.pk]) for name in ("plan-ward", "plan-special")
    )
    response = sign_in(cast.approver).post(page, typed | {"extend": "1"})
    form, shown = response.context["extension"], response.content.decode()
    assert list(form.errors) == [field] and not form.non_field_errors()
    assert f'value="{typed["extended_until"]}"' in shown and typed["extension_ground"].strip() in shown
    # The other forms of the page go where they always went.
    assert f'action="{own}"' in shown and not response.context["overlap"].is_bound
    assert Enrolment.objects.get(pk=unit.pk).extended_until is None


def test_a_form_that_a_closed_round_refuses_is_not_lost(cast, sign_in, unit):
    type(unit.round).objects.filter(pk=unit.round_id).update(status="closed", closed_at=timezone.now())
    typed = {"extend": "1", "extended_until": f"{timezone.localdate() + DAY:%d/%m/%Y}", "extension_ground": "Bão số 3"}
    response = sign_in(cast.approver).post(reverse("inspections:plan-special", args=[unit.round.code, unit.pk]), typed)
    assert response.context["extension"].non_field_errors() and "Bão số 3</textarea>" in response.content.decode()
