"""Two people at the same minutes: nothing is erased that only one of them changed."""

import datetime
from itertools import chain

from django.urls import reverse
from django.utils import timezone

from archiveportal.history.models import Event
from criteria.inspections.models import Minutes
from criteria.inspections.services.minutes_merge import label_of


def page_of(enrolment):
    return reverse("inspections:minutes", args=[enrolment.pk])


def sent_by(response):
    """What a browser would send of the form on this page."""
    form = response.context["form"]
    data = {}
    rows = chain.from_iterable(side.forms for side in form.sides.values())
    for part in (form.details, *form.sides.values(), *rows):
        for bound in getattr(part, "management_form", part):
            value = bound.value()
            if isinstance(value, datetime.date):
                value = f"{value:%d/%m/%Y}"
            if value is not None and value is not False:
                data[bound.html_name] = value
    return data | {"action": "save"}


def current(enrolment):
    return Minutes.objects.get(inspection__enrolment=enrolment, signed_at=None)


def both(cast, sign_in, enrolment):
    """Two clients, with what each of them has before them; minutes are begun."""
    clients = [sign_in(cast.inspector), sign_in(cast.inspector2)]
    shown = sent_by(clients[0].get(page_of(enrolment)))
    clients[0].post(
        page_of(enrolment), shown | {"place": "Hội trường", "started_hour": "8:00", "started_on": "14/10/2019"}
    )
    return [(client, sent_by(client.get(page_of(enrolment)))) for client in clients]


def test_each_keeps_what_only_one_of_them_changed(cast, sign_in, phuong6):
    (a, form_a), (b, form_b) = both(cast, sign_in, phuong6)
    theirs = {"ward_remarks": "Thống nhất.", "recommendations": "Khắc phục.", "ended_hour": "11:00"}
    assert a.post(page_of(phuong6), form_a | theirs | {"ward-0-full_name": "Trần Văn Bình"}).status_code == 302
    response = b.post(page_of(phuong6), form_b | {"place": "Phòng họp"}, follow=True)
    found = current(phuong6)
    assert (found.place, found.ward_remarks, found.recommendations) == ("Phòng họp", "Thống nhất.", "Khắc phục.")
    assert f"{timezone.localtime(found.ended_at):%H:%M}" == "11:00"
    assert found.participants.filter(full_name="Trần Văn Bình").exists()
    assert any(label_of("ward_remarks") in str(message) for message in response.context["messages"])
    assert list(Event.objects.about(phuong6.inspection).first().changes) == ["place"]


def test_only_what_both_changed_is_asked_about(cast, sign_in, phuong6):
    (a, form_a), (b, form_b) = both(cast, sign_in, phuong6)
    a.post(page_of(phuong6), form_a | {"place": "Sân", "ward_remarks": "Thống nhất.", "ward-0-full_name": "Bình"})
    response = b.post(page_of(phuong6), form_b | {"place": "Phòng họp", "copies": "4"})
    merged = response.context["merged"]
    assert [(each.name, each.stored, each.typed) for each in merged.clashes] == [("place", "Sân", "Phòng họp")]
    assert {each.name for each in merged.taken} == {"ward_remarks", "participants"}
    assert current(phuong6).place == "Sân"
    again = sent_by(response)
    assert (again["place"], again["ward_remarks"], again["ward-0-full_name"]) == ("Phòng họp", "Thống nhất.", "Bình")
    assert b.post(page_of(phuong6), again).status_code == 302
    found = current(phuong6)
    assert (found.place, found.ward_remarks, found.copies) == ("Phòng họp", "Thống nhất.", 4)
    assert found.participants.filter(full_name="Bình").exists()


def test_minutes_that_a_colleague_began_meanwhile(cast, sign_in, phuong6):
    a, b = sign_in(cast.inspector), sign_in(cast.inspector2)
    form_a, form_b = (sent_by(client.get(page_of(phuong6))) for client in (a, b))
    a.post(page_of(phuong6), form_a | {"ward_remarks": "Thống nhất.", "ward-0-full_name": "Bình"})
    assert b.post(page_of(phuong6), form_b | {"place": "Phòng họp"}).status_code == 302
    found = current(phuong6)
    assert (found.place, found.ward_remarks) == ("Phòng họp", "Thống nhất.")
    assert found.participants.filter(full_name="Bình").exists()


def test_a_beginning_and_an_end_that_do_not_go_together_are_asked_about(cast, sign_in, phuong6):
    (a, form_a), (b, form_b) = both(cast, sign_in, phuong6)
    a.post(page_of(phuong6), form_a | {"ended_hour": "9:00"})
    response = b.post(page_of(phuong6), form_b | {"started_hour": "10:00"})
    assert [each.name for each in response.context["merged"].clashes] == ["ended_at"]
    assert current(phuong6).started_at < current(phuong6).ended_at
