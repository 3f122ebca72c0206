"""A round at a glance: its figures are those of the other pages, within the scope of the person."""

import datetime
import re
from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from criteria.inspections.models import Enrolment, Inspection, Round
from criteria.outcomes import MET, NOT_MET, OUTCOMES
from reports.dashboard.charts import KINDS, file_picture, page_pictures
from reports.dashboard.data import Dashboard, ranked
from reports.results.bands import band_counts
from reports.results.criteria import criterion_counts
from reports.results.districts import district_scores, totals_by_district
from reports.results.table import summary
from tests.support.factories import answer, enrol, make_district, make_round, make_set, make_user, make_ward
from training.models import Quota
from wards.models import District

PAGE = reverse("reports:dashboard", args=["gd1-2019"])


def approve(enrolment: Enrolment, by, outcomes) -> None:
    answer(enrolment, by, outcomes)
    Inspection.objects.filter(enrolment=enrolment).update(status=Inspection.Status.APPROVED)


@pytest.fixture
def two_districts(cast):
    """A round of 2 x 20 wards, so that districts are shown for wards; half approved."""
    found = make_round(make_set(3), code="lon", name="Đợt lớn")
    for number in (1, 2):
        district = make_district(f"Lớn {number}", ward_count=21)
        for place in range(20):
            enrolment = enrol(found, make_ward(district))
            if place % 2:
                approve(enrolment, cast.inspector, {1: MET, 2: MET if number == 1 else NOT_MET, 3: NOT_MET})
    return found


def test_the_same_figures_as_on_the_other_pages(cast):
    inspection_round = Round.objects.get(code="gd1-2019")
    dashboard, bands = Dashboard(cast.leader, inspection_round), band_counts(cast.leader, inspection_round)
    assert [dashboard.by_band[band.band.pk] for band in bands.bands] == [1, 9, 16] == [b.count for b in bands.bands]
    table = summary(cast.leader, inspection_round)
    assert (dashboard.enrolled, dashboard.scored, dashboard.average) == (26, 26, table.scores.average)
    assert dashboard.unit_count == 322
    assert sum(dashboard.distribution.values()) == 26
    assert dashboard.distribution[Decimal(11), Decimal(23)] == 8
    scores = district_scores(cast.leader, inspection_round)
    assert [(score.district.pk, score.average, score.scored) for score in dashboard.district_scores] == [
        (score.district.pk, score.average, score.scored) for score in scores
    ]
    assert [row.percent for row in dashboard.trend] == [Decimal(52)]


def test_criteria_and_heat_are_those_of_the_tables(cast, two_districts):
    dashboard = Dashboard(cast.leader, two_districts)
    assert dashboard.criteria == criterion_counts(cast.leader, two_districts)
    assert [(count.criterion.number, count.percent) for count in dashboard.least_met] == [(3, 0), (2, 50)]
    assert not dashboard.heat_is_of_wards
    totals = totals_by_district(summary(cast.leader, two_districts))
    assert [row.answers for row in dashboard.heat] == [
        [Counter(count.answers) for count in district.counts] for district in totals
    ]
    assert [row.place.value for row in dashboard.heat] == [district.scores.average for district in totals]


def test_the_answers_are_read_once_for_all_pictures(cast, two_districts):
    dashboard = Dashboard(cast.leader, two_districts)
    with CaptureQueriesContext(connection) as asked:
        page_pictures(dashboard)
    assert sum('FROM "inspections_result"' in query["sql"] for query in asked) == 1


def test_a_district_that_is_chosen_shows_its_wards(cast, two_districts):
    district = District.objects.get(name="Lớn 2")
    dashboard = Dashboard(cast.leader, two_districts, district_id=district.pk)
    assert (dashboard.enrolled, dashboard.scored, dashboard.unit_count) == (20, 10, 21)
    assert len(dashboard.heat) == len(dashboard.places) == 20
    chosen = two_districts.enrolments.filter(ward__district=district)
    assert dashboard.criteria == summary(cast.leader, two_districts, chosen).totals
    assert [row.scored for row in dashboard.trend] == [10]


def test_a_draft_counts_in_no_picture(cast):
    enrolment = Enrolment.objects.get(ward__code="27202")
    answer(enrolment, cast.inspector, MET)
    dashboard = Dashboard(cast.inspector, enrolment.round)
    row = next(row for row in dashboard.heat if row.row.pk == enrolment.pk)
    assert not any(row.row.cells)
    assert row.place.value == 11
    assert dashboard.approved == 1


def test_ranking_is_off_until_it_is_switched_on(cast, sign_in):
    client = sign_in(cast.leader)
    places = client.get(PAGE).context["dashboard"].places
    assert [place.title for place in places][:3] == ["Quận 1", "Quận 3", "Quận 4"]
    assert {place.rank for place in places} == {None}
    response = client.get(f"{PAGE}?xep-hang=1")
    places = response.context["dashboard"].places
    assert [(place.rank, place.title) for place in places][:4] == [
        (1, "Quận Tân Phú"),
        (2, "Quận Bình Tân"),
        (3, "Quận 9"),
        (3, "Huyện Hóc Môn"),
    ]
    assert "xep-hang=1" in response.content.decode()


def test_who_has_no_score_has_no_rank(cast, two_districts):
    district = District.objects.get(name="Lớn 1")
    found = ranked(Dashboard(cast.leader, two_districts, district_id=district.pk).places)
    assert [place.rank for place in found] == [1] * 10 + [None] * 10


def test_a_district_office_sees_its_own_alone(cast, sign_in):
    client = sign_in(cast.quan10)
    response = client.get(PAGE)
    dashboard = response.context["dashboard"]
    assert dashboard.enrolled == 3
    assert {place.title for place in dashboard.places} == {"Phường 2", "Phường 6", "Phường 14"}
    assert response.context["pictures"]["do_bao_phu"].rows[0][2].text == "15"
    cangio = District.objects.get(code="787")
    assert client.get(f"{PAGE}?quan={cangio.pk}").status_code == 404
    for kind in ("svg", "png"):
        address = reverse(f"reports:picture-{kind}", args=["gd1-2019", "bang-nhiet"])
        assert client.get(f"{address}?quan={cangio.pk}").status_code == 404
    page = response.content.decode() + client.get(address.replace("png", "svg")).content.decode()
    assert not [name for name in ("Thạnh An", "Tân Quý", "Huyện Cần Giờ", "Quận 11") if name in page]


@pytest.mark.parametrize("query", ["quan=x", "quan=999999", "quan=-1", "quan=1%27"])
def test_a_district_that_does_not_exist_is_not_found(cast, sign_in, query):
    assert sign_in(cast.leader).get(f"{PAGE}?{query}").status_code == 404


def test_a_page_that_does_not_exist_is_the_nearest(cast, sign_in):
    for page in ("0", "99", "x", "9" * 30):
        assert sign_in(cast.leader).get(f"{PAGE}?trang={page}").status_code == 200


def test_an_empty_round_and_wards_without_results(cast, sign_in):
    empty = make_round(code="rong", starts_on=datetime.date(2026, 2, 1))
    client = sign_in(cast.leader)
    for code in ("rong", "moi"):
        if code == "moi":
            enrol(make_round(code="moi"), make_ward(make_district()))
        pictures = client.get(reverse("reports:dashboard", args=[code])).context["pictures"]
        assert pictures["pho_diem"].empty
        assert pictures["tieu_chi"].empty
        assert client.get(reverse("reports:picture-png", args=[code, "pho-diem"])).status_code == 404
        assert client.get(reverse("reports:picture-png", args=[code, "do-bao-phu"])).status_code == 200
    assert Dashboard(cast.leader, empty).average is None


def test_without_districts_the_wards_come_a_page_at_a_time(cast, sign_in):
    found = make_round(make_set(2), code="moi-2026")
    for number in range(1, 36):
        enrolment = enrol(found, make_ward(name=f"Không quận {number:02d}"))
        if number > 30:
            approve(enrolment, cast.inspector, MET)
    address = reverse("reports:dashboard", args=["moi-2026"])
    first = sign_in(cast.leader).get(address).context["dashboard"]
    assert (first.pages, len(first.heat), len(first.shown_places)) == (2, 30, 30)
    second = sign_in(cast.leader).get(f"{address}?trang=2&xep-hang=1").context["dashboard"]
    assert len(second.heat) == 5
    assert [place.rank for place in second.places][:6] == [1] * 5 + [None]


def test_zero_quotas_have_no_bar(cast, sign_in):
    Quota.objects.update(target=0)
    response = sign_in(cast.leader).get(PAGE)
    assert response.context["pictures"]["dao_tao"].empty


def test_269_percent_breaks_the_axis_and_not_the_scale(cast):
    inspection_round = Round.objects.get(code="gd1-2019")
    picture = KINDS["dao-tao"].draw(Dashboard(cast.leader, inspection_round), KINDS["dao-tao"].page)
    assert "269,49%" in picture.drawing.shapes
    assert ">250%<" in picture.drawing.shapes
    assert ">100%<" in picture.drawing.shapes
    assert [row[3].text for row in picture.rows].count("—") >= 1


def test_queries_do_not_grow(cast, sign_in, two_districts, django_assert_max_num_queries):
    for user in (cast.leader, cast.inspector, make_user("district", district=District.objects.get(name="Lớn 1"))):
        client = sign_in(user)
        for code in ("lon", "gd1-2019") if user.sees_all_units else ("lon",):
            address = reverse("reports:dashboard", args=[code])
            client.get(address)
            with django_assert_max_num_queries(15):
                assert client.get(address).status_code == 200


def test_every_number_has_a_way_to_its_records(cast, sign_in):
    """A number of a picture's table is a link, or a percent or a rank of numbers that are."""
    client = sign_in(cast.leader)
    pictures = client.get(PAGE).context["pictures"]
    assert [row[1].address for row in pictures["muc_hoan_thanh"].rows]
    for name in ("pho_diem", "muc_hoan_thanh", "so_sanh", "do_bao_phu"):
        for row in pictures[name].rows:
            linked = [cell for cell in row if cell.address]
            assert linked, name
            for cell in linked:
                response = client.get(cell.address)
                assert response.status_code == 200
                if name in ("pho_diem", "muc_hoan_thanh", "do_bao_phu"):
                    assert response.context["count"] == int(cell.text)


def test_a_slide_is_drawn_larger_than_the_page(cast):
    dashboard = Dashboard(cast.leader, Round.objects.get(code="gd1-2019"))
    small = page_pictures(dashboard)
    assert file_picture(dashboard, "pho-diem").drawing.width > small["pho_diem"].drawing.width


def test_few_checklists_say_over_how_many_the_criteria_are_counted(cast, sign_in, two_districts):
    client = sign_in(cast.leader)
    address = reverse("reports:dashboard", args=["lon"])
    # 20 of 40: half of them
    assert client.get(address).context["pictures"]["tieu_chi"].note == ""
    approved = Inspection.objects.filter(enrolment__round=two_districts, status="approved").order_by("pk")
    Inspection.objects.filter(pk=approved.first().pk).update(status="draft")
    page = client.get(address)
    picture, words = page.context["pictures"]["tieu_chi"], "Tính trên 19/40 phiếu đã phê duyệt, chưa đủ đại diện."
    assert picture.note == words and words in picture.description
    assert f"<li>{words}</li>" in page.content.decode()
    # Within the district that the page is narrowed to: 10 of 20.
    district = District.objects.filter(wards__enrolments__round=two_districts).order_by("-pk").first()
    assert client.get(address, {"quan": district.pk}).context["pictures"]["tieu_chi"].note == ""


def test_the_legend_shows_answers_as_their_cells_do(cast, sign_in):
    enrolment = Enrolment.objects.filter(round__code="gd1-2019").order_by("pk").first()
    approve(enrolment, cast.inspector, dict.fromkeys(range(1, 24), NOT_MET))
    picture = sign_in(cast.leader).get(PAGE).context["pictures"]["bang_nhiet"]
    shapes = {words: markup for markup, words in picture.samples}
    for words, answer_given in (("Đạt", MET), ("Chưa đạt", NOT_MET)):
        outcome = OUTCOMES[answer_given]
        assert all(part in shapes[words] for part in (f"c-{outcome.paint}", f"c-{outcome.sign_paint}", outcome.sign))
        assert outcome.sign in picture.drawing.shapes
    assert "-hatch" in shapes["Chưa đánh giá"]


@pytest.mark.parametrize("narrowed", [False, True])
def test_no_letter_of_the_page_is_smaller_than_eleven(cast, two_districts, narrowed):
    for inspection_round in (two_districts, Round.objects.get(code="gd1-2019")):
        dashboard = Dashboard(cast.leader, inspection_round)
        dashboard.district_id = dashboard.taking_part[-1].pk if narrowed else None
        for picture in page_pictures(dashboard).values():
            if picture.drawing:
                sizes = re.findall(r'font-size="([\d.]+)"', picture.drawing.shapes)
                assert sizes and min(map(float, sizes)) >= 11, picture.slug


def test_what_the_criteria_leave_the_years_take(cast, two_districts):
    def heights(inspection_round, **narrowed):
        found = page_pictures(Dashboard(cast.leader, inspection_round, **narrowed))
        return found["tieu_chi"].drawing, found["dien_bien"].drawing.height

    printed = Round.objects.get(code="gd1-2019")
    plain = KINDS["dien-bien"].page.height
    assert heights(two_districts)[1] == plain
    nothing, height = heights(printed)
    assert nothing is None and height > plain + 100
    # Three wards make no high table, and so no room.
    assert heights(printed, district_id=District.objects.get(name="10").pk) == (None, plain)
