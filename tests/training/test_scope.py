"""Who sees which course, and who may write."""

import pytest
from django.urls import reverse

from archiveportal.accounts.models import Role
from tests.support.factories import make_user
from tests.support.training import as_form
from training.models import Course, Quota
from wards.models import District

SCHEME = "02-2014"
READING = ["/dao-tao/", f"/dao-tao/de-an/{SCHEME}/", f"/dao-tao/de-an/{SCHEME}/khoa/"]
ENTRY = [f"/dao-tao/de-an/{SCHEME}/khoa/them/", "/dao-tao/khoa/{pk}/sua/", "/dao-tao/khoa/{pk}/huy/"]
QUOTAS = f"/dao-tao/de-an/{SCHEME}/chi-tieu/"


@pytest.fixture
def course(cast) -> Course:
    return Course.objects.get(report_key="cu-nhan-van-bang-2")


def district_user(code: str):
    return make_user(Role.DISTRICT, district=District.objects.get(code=code))


def listed(client, query: str = "") -> set[str]:
    response = client.get(f"/dao-tao/de-an/{SCHEME}/khoa/{query}")
    return {row.record.report_key for row in response.context["table"].rows}


@pytest.mark.parametrize(
    ("code", "own"),
    [("772", {"quan-11-cu-nhan", "quan-11-cao-dang"}), ("776", {"trung-cap-quan"}), ("771", set())],
    ids=["Quận 11", "Quận 8", "Quận 10"],
)
def test_a_district_sees_its_own_organised_courses_only(cast, sign_in, code, own):
    client = sign_in(district_user(code))
    assert listed(client) == own
    for course in Course.objects.all():
        status = client.get(reverse("training:course", args=[course.pk])).status_code
        assert status == (200 if course.report_key in own else 404), course


def test_a_district_cannot_widen_its_list_by_filters(cast, sign_in):
    client = sign_in(district_user("772"))
    quan8 = District.objects.get(code="776")
    assert listed(client, f"?district={quan8.pk}") == set()
    assert listed(client, "?voided=1&organiser=city") == set()
    offered = client.get(f"/dao-tao/de-an/{SCHEME}/khoa/").context["filter"].form.fields["district"].queryset
    assert [district.code for district in offered] == ["772"]


def test_totals_of_a_district_count_its_own_rows(cast, sign_in):
    table = sign_in(district_user("772")).get(f"/dao-tao/de-an/{SCHEME}/khoa/").context["table"]
    assert [(total.unit, total.participants) for total in table.totals] == [("persons", 2), ("persons", 1)]


def test_a_ward_sees_the_totals_and_no_course(cast, sign_in, course):
    client = sign_in(cast.thanhan)
    assert "269,49%" in client.get(f"/dao-tao/de-an/{SCHEME}/").content.decode()
    assert listed(client) == set()
    assert client.get(f"/dao-tao/khoa/{course.pk}/").status_code == 404


def test_a_leader_reads_everything(cast, sign_in, course):
    client = sign_in(cast.leader)
    assert len(listed(client)) == 17
    page = client.get(f"/dao-tao/khoa/{course.pk}/").content.decode()
    assert "/sua/" not in page
    assert "/huy/" not in page


@pytest.mark.parametrize("who", ["quan10", "cangio", "thanhan", "leader", "administrator"])
def test_only_the_sub_department_enters(cast, sign_in, course, who):
    client = sign_in(getattr(cast, who))
    before = list(Course.objects.order_by("pk").values())
    targets = list(Quota.objects.order_by("pk").values())
    for address in [*ENTRY, QUOTAS]:
        address = address.format(pk=course.pk)
        assert client.get(address).status_code == 403, address
        assert client.post(address, {"reason": "x", "version": 1, "name": "x"}).status_code == 403, address
    assert list(Course.objects.order_by("pk").values()) == before
    assert list(Quota.objects.order_by("pk").values()) == targets


def test_the_administrator_has_no_training(cast, sign_in, course):
    client = sign_in(cast.administrator)
    for address in [*READING, f"/dao-tao/khoa/{course.pk}/", *(a.format(pk=course.pk) for a in ENTRY), QUOTAS]:
        assert client.get(address).status_code == 403, address


def test_an_inspector_sets_no_targets(cast, sign_in):
    client = sign_in(cast.inspector)
    assert client.get(QUOTAS).status_code == 403
    assert client.post(QUOTAS, {}).status_code == 403
    assert QUOTAS not in client.get(f"/dao-tao/de-an/{SCHEME}/").content.decode()


def test_reading_pages_take_no_post(cast, sign_in, course):
    client = sign_in(cast.inspector)
    for address in [*READING, f"/dao-tao/khoa/{course.pk}/"]:
        assert client.post(address).status_code == 405, address


def test_a_get_changes_nothing(cast, sign_in, course):
    client = sign_in(cast.approver)
    before = list(Course.objects.order_by("pk").values())
    for address in [*READING, *(a.format(pk=course.pk) for a in ENTRY), QUOTAS]:
        client.get(address, {"reason": "x", "name": "x", "version": 1})
    assert list(Course.objects.order_by("pk").values()) == before


def test_fields_that_the_form_does_not_have_are_ignored(cast, sign_in, course):
    client = sign_in(cast.inspector)
    address = f"/dao-tao/khoa/{course.pk}/sua/"
    forged = {
        "is_baseline": "",
        "as_reported": "{}",
        "report_key": "x",
        "voided_at": "2020-01-01",
        "void_reason": "x",
        "changed_by": cast.leader.pk,
        "id": 1,
    }
    client.post(address, as_form(client.get(address)) | forged | {"note": "Sửa"})
    after = Course.objects.get(pk=course.pk)
    assert (after.note, after.changed_by) == ("Sửa", cast.inspector)
    assert (after.is_baseline, after.report_key, after.voided_at) == (True, "cu-nhan-van-bang-2", None)
