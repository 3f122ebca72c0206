"""The minutes page: written, kept, signed, scanned, supplemented; verified by their code."""

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from PIL import Image

from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Finding, Inspection, Minutes, Scan, Team, TeamMember
from criteria.inspections.papers.minutes import grouped
from criteria.inspections.services import (
    approve_inspection,
    keep_scans,
    sign_minutes,
    submit_inspection,
    what_is_missing,
)
from criteria.inspections.services.minutes_content import content_of
from tests.support.factories import answer, enrol, make_round, make_set, make_ward, submit_signed
from tests.support.pictures import PDF


def page_of(enrolment, name="minutes", *more):
    return reverse(f"inspections:{name}", args=[enrolment.pk, *more])


def typed(version=0, action="save", team=(), ward=(), **details):
    """The fields that the page sends; people as (name, position, part)."""
    data = {"version": version, "action": action, "copies": "2"} | details
    for side, people in (("team", team), ("ward", ward)):
        data |= {f"{side}-TOTAL_FORMS": len(people), f"{side}-INITIAL_FORMS": 0}
        for row, (name, position, part) in enumerate(people):
            prefix = f"{side}-{row}"
            data |= {f"{prefix}-full_name": name, f"{prefix}-position": position, f"{prefix}-part": part}
    return data


FULL = {
    "started_hour": "8 giờ 30",
    "started_on": "14/10/2019",
    "ended_hour": "11h",
    "place": "Trụ sở UBND Phường 6",
    "ward_remarks": "Thống nhất.",
    "recommendations": "Khắc phục trong quý IV.",
    "team": [("Nguyễn Văn An", "Phó Chi cục trưởng", "head"), ("Lê Thị Thư", "", "secretary"), ("", "", "other")],
    "ward": [("Trần Văn Bình", "Phó Chủ tịch", "leader")],
}


def current(enrolment):
    return Minutes.objects.get(inspection__enrolment=enrolment, signed_at=None)


def test_what_is_typed_is_kept(cast, sign_in, phuong6):
    client = sign_in(cast.inspector)
    assert client.post(page_of(phuong6), typed(**FULL)).status_code == 302
    minutes = current(phuong6)
    assert timezone.localtime(minutes.started_at) == datetime.datetime(
        2019, 10, 14, 8, 30, tzinfo=timezone.get_current_timezone()
    )
    assert timezone.localtime(minutes.ended_at).strftime("%d/%m/%Y %H:%M") == "14/10/2019 11:00"
    people = list(minutes.participants.values_list("side", "part", "full_name"))
    assert people == [
        ("team", "head", "Nguyễn Văn An"),
        ("team", "secretary", "Lê Thị Thư"),
        ("ward", "leader", "Trần Văn Bình"),
    ]
    page = client.get(page_of(phuong6)).content.decode()
    assert 'value="08:30"' in page
    assert 'value="Trần Văn Bình"' in page
    event = Event.objects.about(phuong6.inspection).first()
    assert "Nguyễn Văn An" in event.changes["participants"][1]
    assert event.changes["started_at"] == [None, "08:30 14/10/2019"]


@pytest.mark.parametrize(
    ("action", "place"), [("word", "?tai=word"), ("print", "/1/in/"), ("sign", "/ky/"), ("save", "/bien-ban/")]
)
def test_every_button_saves_first(cast, sign_in, phuong6, action, place):
    response = sign_in(cast.inspector).post(page_of(phuong6), typed(action=action, place="Phòng họp"))
    assert response.url.endswith(place)
    assert current(phuong6).place == "Phòng họp"


def test_the_team_of_the_round_is_proposed(cast, sign_in, phuong6):
    form = sign_in(cast.inspector).get(page_of(phuong6)).context["form"]
    assert [form.initial["full_name"] for form in form.team.initial_forms] == [str(cast.inspector)]
    team = Team.objects.create(round=phuong6.round, name="Đoàn 1")
    for order, (name, part) in enumerate([("Trần Trưởng", "head"), ("Lê Thư", "secretary"), ("Võ Viên", "member")]):
        TeamMember.objects.create(team=team, full_name=name, part=part, order=order)
    phuong6.team = team
    phuong6.save(update_fields=["team"])
    page = sign_in(cast.inspector).get(page_of(phuong6))
    rows = [(row.initial["full_name"], row.initial["part"]) for row in page.context["form"].team.initial_forms]
    assert rows == [("Trần Trưởng", "head"), ("Lê Thư", "secretary"), ("Võ Viên", "other")]
    assert not Minutes.objects.exists()


def test_more_lines_without_scripts(cast, sign_in, phuong6):
    response = sign_in(cast.inspector).post(page_of(phuong6), typed(action="rows", **FULL))
    assert len(response.context["form"].team.forms) == 5
    assert 'value="Nguyễn Văn An"' in response.content.decode()
    assert not Minutes.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"started_hour": "25:00", "started_on": "14/10/2019"}, "started_hour"),
        ({"started_on": "14/10/2019"}, "started_hour"),
        ({"started_hour": "8:30"}, "started_on"),
        ({"started_hour": "8:30", "started_on": "31/02/2019"}, "started_on"),
        ({"started_hour": "8:30", "started_on": "14/10/2019", "ended_hour": "7:00"}, "ended_hour"),
        ({"copies": "0"}, "copies"),
        ({"copies": ""}, "copies"),
        ({"place": "x" * 301}, "place"),
        ({"ward_remarks": "x" * 4001}, "ward_remarks"),
        ({"ward_remarks": "a\x00b"}, "ward_remarks"),
    ],
)
def test_bad_input_is_shown_again(cast, sign_in, phuong6, changes, field):
    response = sign_in(cast.inspector).post(page_of(phuong6), typed(place="Phòng họp") | changes)
    assert response.status_code == 200
    assert field in response.context["form"].details.errors
    assert not Minutes.objects.exists()


def test_two_heads_or_a_position_without_name_are_refused(cast, sign_in, phuong6):
    client = sign_in(cast.inspector)
    heads = [("A", "", "head"), ("B", "", "head")]
    for team in (heads, [("", "Chuyên viên", "other")], [("A", "", "leader")]):
        assert client.post(page_of(phuong6), typed(team=team)).status_code == 200
    assert not Minutes.objects.exists()


def test_a_stale_form_overwrites_nothing_and_the_same_save_twice_is_one(cast, sign_in, phuong6):
    mine, theirs = sign_in(cast.inspector), sign_in(cast.inspector2)
    for _ in range(2):
        assert theirs.post(page_of(phuong6), typed(place="Hội trường")).status_code == 302
    assert current(phuong6).version == 1
    response = mine.post(page_of(phuong6), typed(place="Phòng họp"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Hội trường" in page
    assert 'value="Phòng họp"' in page
    assert current(phuong6).place == "Hội trường"
    again = response.context["form"].details["version"].value()
    assert mine.post(page_of(phuong6), typed(version=again, place="Phòng họp")).status_code == 302
    assert (current(phuong6).place, current(phuong6).version) == ("Phòng họp", 2)


def test_what_is_missing_has_links(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, dict.fromkeys(range(1, 22), "met"))
    page = sign_in(cast.inspector).get(page_of(phuong6)).content.decode()
    assert f'href="/phieu/{phuong6.pk}/#TC22">22</a>' in page
    assert f'href="/phieu/{phuong6.pk}/#TC21"' not in page


def test_nobody_signs_what_changed_unseen(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    client = sign_in(cast.inspector)
    client.post(page_of(phuong6), typed(**FULL))
    digest = client.get(page_of(phuong6, "minutes-sign")).context["paper"].digest
    answer(phuong6, cast.inspector2, {1: "not_met"})
    data = {"signed_on": f"{timezone.localdate():%d/%m/%Y}", "digest": digest}
    response = client.post(page_of(phuong6, "minutes-sign"), data)
    assert response.status_code == 200
    assert Inspection.objects.get(enrolment=phuong6).status == "draft"
    shown = response.context["form"]["digest"].value()
    assert client.post(page_of(phuong6, "minutes-sign"), data | {"digest": shown}).status_code == 302
    assert Inspection.objects.get(enrolment=phuong6).status == "signed"


def test_the_signing_takes_a_day_left_blank_from_the_minutes(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    client = sign_in(cast.inspector)
    client.post(page_of(phuong6), typed(**FULL))
    assert not what_is_missing(Inspection.objects.get(enrolment=phuong6))
    digest = client.get(page_of(phuong6, "minutes-sign")).context["paper"].digest
    data = {"signed_on": f"{timezone.localdate():%d/%m/%Y}", "digest": digest}
    assert client.post(page_of(phuong6, "minutes-sign"), data).status_code == 302
    found = Inspection.objects.get(enrolment=phuong6)
    assert found.inspected_on == datetime.date(2019, 10, 14)
    assert Event.objects.about(found).first().changes["inspected_on"] == [None, "2019-10-14"]
    assert Minutes.objects.get().content["inspected_on"] == "2019-10-14"
    assert submit_inspection(inspection=found, by=cast.inspector).status == "submitted"


def test_without_any_day_nothing_is_submitted(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    sign_minutes(inspection=phuong6.inspection, signed_on=timezone.localdate(), by=cast.inspector)
    found = Inspection.objects.get(enrolment=phuong6)
    page = sign_in(cast.inspector).post(page_of(phuong6, "submit"), {"version": found.version}, follow=True)
    text = page.content.decode()
    assert gettext("the day of the inspection is missing") in text.lower()
    assert page_of(phuong6, "minutes-supplement") in text
    with pytest.raises(Refused, match=gettext("Not submitted yet: the day of the inspection is missing.")):
        submit_inspection(inspection=found, by=cast.inspector)
    assert Inspection.objects.get(enrolment=phuong6).status == "signed"


def picture(colour="white"):
    file = io.BytesIO()
    Image.new("RGB", (40, 60), colour).save(file, "JPEG")
    return SimpleUploadedFile(f"trang {colour}.jpg", file.getvalue(), "image/jpeg")


def pdf():
    return SimpleUploadedFile("biên bản.pdf", PDF, "application/pdf")


def test_the_scan_comes_with_the_signing_or_later_and_is_replaced(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    client = sign_in(cast.inspector)
    client.post(page_of(phuong6), typed(**FULL))
    digest = client.get(page_of(phuong6, "minutes-sign")).context["paper"].digest
    data = {"signed_on": f"{timezone.localdate():%d/%m/%Y}", "digest": digest, "files": [picture(), picture("red")]}
    assert client.post(page_of(phuong6, "minutes-sign"), data).status_code == 302
    assert Scan.objects.filter(replaced_at=None).count() == 2
    for _ in range(2):
        client.post(page_of(phuong6, "minutes-add-scans", 1), {"files": pdf()})
    assert Scan.objects.filter(replaced_at=None).count() == 1
    assert Scan.objects.count() == 3
    assert Event.objects.about(phuong6.inspection).filter(changes__has_key="scan").count() == 2
    scan = Scan.objects.get(replaced_at=None)
    response = client.get(page_of(phuong6, "minutes-scan", scan.pk))
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert response["Content-Disposition"].startswith("attachment")
    first = Scan.objects.order_by("pk").first()
    assert client.get(page_of(phuong6, "minutes-scan-picture", first.pk)).status_code == 200
    assert client.get(page_of(phuong6, "minutes-scan-picture", scan.pk)).status_code == 404


def test_bad_scans_are_refused_and_sign_nothing(cast, sign_in, phuong6):
    client = sign_in(cast.inspector)
    client.post(page_of(phuong6), typed(**FULL))
    digest = client.get(page_of(phuong6, "minutes-sign")).context["paper"].digest
    page = SimpleUploadedFile("x.html", b"<script>alert(1)</script>", "text/html")
    data = {"signed_on": f"{timezone.localdate():%d/%m/%Y}", "digest": digest, "files": [picture(), page]}
    assert client.post(page_of(phuong6, "minutes-sign"), data).status_code == 200
    assert Inspection.objects.get(enrolment=phuong6).status == "draft"
    assert not Scan.objects.exists()


def test_scans_are_seen_by_those_who_see_the_answers(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    keep_scans(minutes=phuong6.inspection.minutes.get(), uploads=[pdf()], by=cast.inspector)
    address = page_of(phuong6, "minutes-scan", Scan.objects.get().pk)
    assert sign_in(cast.approver).get(address).status_code == 200
    people = (cast.quan10, cast.cangio, cast.leader)
    assert [sign_in(person).get(address).status_code for person in people] == [404, 404, 404]
    approve_inspection(inspection=phuong6.inspection, by=cast.approver)
    assert [sign_in(person).get(address).status_code for person in people] == [200, 404, 200]
    assert (
        sign_in(cast.approver).get(f"/phieu/{phuong6.pk + 1}/bien-ban/ban-ky/{Scan.objects.get().pk}/").status_code
        == 404
    )


def test_the_approver_sees_minutes_and_scan_before_deciding(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    keep_scans(minutes=phuong6.inspection.minutes.get(), uploads=[pdf()], by=cast.inspector)
    page = sign_in(cast.approver).get(page_of(phuong6, "checklist")).content.decode()
    for address in (
        page_of(phuong6, "minutes-word", 1),
        page_of(phuong6, "minutes-print", 1),
        page_of(phuong6, "minutes-scan", Scan.objects.get().pk),
        page_of(phuong6, "approve"),
    ):
        assert address in page


def test_the_supplement_names_every_change(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    client = sign_in(cast.inspector)
    client.post(page_of(phuong6), typed(**FULL))
    sign_minutes(inspection=phuong6.inspection, signed_on=timezone.localdate(), by=cast.inspector)
    assert client.post(page_of(phuong6, "minutes-supplement"), {"reason": " "}).status_code == 200
    client.post(page_of(phuong6, "minutes-supplement"), {"reason": "Đếm lại giá kệ"})
    answer(phuong6, cast.inspector, {20: "not_met"})
    supplement = current(phuong6)
    assert (supplement.sequence, supplement.place) == (2, "Trụ sở UBND Phường 6")
    assert supplement.participants.count() == 3
    content = content_of(supplement)
    (change,) = content["changes"]
    assert (change["number"], change["before"], change["after"]) == (20, "Đạt", "Chưa đạt")
    page = client.get(page_of(phuong6, "minutes-print", 2)).content.decode()
    assert "BIÊN BẢN BỔ SUNG" in page
    assert "Đếm lại giá kệ" in page
    assert grouped(content["base"]["code"]) in page


def test_minutes_before_approval_are_not_for_the_ward(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    addresses = [page_of(phuong6), page_of(phuong6, "minutes-word", 1), page_of(phuong6, "minutes-print", 1)]
    for person, before, after in ((cast.quan10, 404, 200), (cast.cangio, 404, 404), (cast.leader, 404, 200)):
        for address in addresses:
            approved = Inspection.objects.get(enrolment=phuong6).status == "approved"
            assert sign_in(person).get(address).status_code == (after if approved else before)
    approve_inspection(inspection=phuong6.inspection, by=cast.approver)
    for person, after in ((cast.quan10, 200), (cast.cangio, 404), (cast.leader, 200), (cast.administrator, 403)):
        assert [sign_in(person).get(address).status_code for address in addresses] == [after] * 3
    page = sign_in(cast.quan10).get(addresses[0]).content.decode()
    assert "<textarea" not in page
    assert page_of(phuong6, "minutes-add-scans", 1) not in page


@pytest.mark.parametrize("name", ["minutes", "minutes-word", "minutes-print", "minutes-sign"])
def test_queries_do_not_grow_with_criteria(cast, sign_in, name):
    from django.db import connection

    counts = []
    for criteria in (10, 40):
        enrolment = enrol(make_round(make_set(criteria)), make_ward())
        answer(enrolment, cast.inspector, "not_met")
        Minutes.objects.create(inspection=enrolment.inspection, code=f"QUERY{criteria:03d}", opened_by=cast.inspector)
        for criterion in enrolment.round.criteria_set.criteria.all():
            Finding.objects.create(
                inspection=enrolment.inspection, criterion=criterion, recommendation="Sửa", created_by=cast.inspector
            )
        client = sign_in(cast.inspector)
        address = page_of(enrolment, name, *([1] if name in ("minutes-word", "minutes-print") else []))
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 30


def test_the_page_of_the_signing_leads_back_where_there_is_nothing_to_sign(cast, sign_in, phuong6):
    client = sign_in(cast.inspector)
    assert client.get(page_of(phuong6, "minutes-sign")).url == page_of(phuong6)
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    assert client.get(page_of(phuong6, "minutes-sign")).url == page_of(phuong6)
    data = {"signed_on": f"{timezone.localdate():%d/%m/%Y}", "digest": "0" * 64}
    assert client.post(page_of(phuong6, "minutes-sign"), data).url == page_of(phuong6)
    assert Minutes.objects.count() == 1


def test_the_word_for_a_closed_round(cast, sign_in, phuong6):
    """The minutes are read and printed also when the round takes no answers any more."""
    sign_in(cast.inspector).post(page_of(phuong6), typed(place="Phòng họp"))
    phuong6.round.status = "closed"
    phuong6.round.save(update_fields=["status"])
    client = sign_in(cast.inspector)
    assert "<textarea" not in client.get(page_of(phuong6)).content.decode()
    assert client.get(page_of(phuong6, "minutes-word", 1)).status_code == 200
    response = client.post(page_of(phuong6), typed(version=1, place="Nơi khác"))
    assert response.status_code == 200
    assert 'value="Nơi khác"' in response.content.decode()
    assert current(phuong6).place == "Phòng họp"
