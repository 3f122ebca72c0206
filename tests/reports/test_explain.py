"""Which nine wards? The records behind a number, and the sentence that names them."""

import pytest
from django.urls import reverse

from archiveportal.accounts.models import Role
from archiveportal.accounts.scope import EVERYTHING
from criteria.inspections.models import Enrolment, Inspection, Round
from criteria.outcomes import MET, NOT_MET
from reports.results.band_sentences import band_sentence
from reports.results.bands import band_counts
from reports.results.criteria import criterion_counts
from reports.results.table import summary
from reports.workbooks import summary_workbook
from tests.reports.test_bands_page import NINE
from tests.support.books import data_of, opened, values
from tests.support.factories import answer, enrol, make_district, make_round, make_set, make_user, make_ward
from tests.support.pages import squeeze
from training.models import Course
from wards.models import District

PAGE = reverse("reports:units", args=["gd1-2019"])
SHORT_COURSES = reverse("reports:courses", args=["02-2014", "ngan-han"])


def names(response) -> list[str]:
    return [row.record.ward.title for row in response.context["table"].rows]


@pytest.mark.parametrize("person", ["leader", "inspector", "quan10", "thanhan"])
def test_a_band_is_named_as_on_the_page_of_bands(cast, sign_in, person):
    user = getattr(cast, person)
    client = sign_in(user)
    for found in band_counts(user, Round.objects.get(code="gd1-2019")).bands:
        response = client.get(f"{PAGE}?band={found.band.pk}")
        assert response.context["count"] == found.count
        assert response.context["sentence"] == band_sentence(found, user)
        assert names(response) == [enrolment.ward.title for enrolment in found.enrolments]


def test_which_nine_wards_is_one_click_from_home_and_from_the_dashboard(cast, sign_in):
    client = sign_in(cast.leader)
    middle = Round.objects.get(code="gd1-2019").criteria_set.bands.get(position=2)
    address = f"{PAGE}?band={middle.pk}"
    for page in (reverse("home"), reverse("reports:dashboard", args=["gd1-2019"])):
        assert f'href="{address}"' in client.get(page).content.decode()
    page = client.get(address).content.decode()
    assert NINE in page
    assert "data-copy" in page


def test_every_choice_finds_its_wards(cast, sign_in):
    client = sign_in(cast.leader)
    for query, count, words in (
        ("", 26, "Có 26 đơn vị tham gia đợt kiểm tra, gồm:"),
        ("?score=11", 8, "Có 08 đơn vị đạt 11/23 tiêu chí, gồm:"),
        ("?scored=1", 26, "Có 26 đơn vị có kết quả, gồm:"),
        ("?scored=0", 0, "Có 0 đơn vị chưa có kết quả."),
        ("?status=approved", 1, "Có 01 đơn vị có phiếu kiểm tra đã được phê duyệt, gồm: phường Tân Quý, quận Tân Phú."),
        ("?at_least=50&under=60", 5, "Có 05 đơn vị đạt từ 50% đến dưới 60% số tiêu chí, gồm:"),
        ("?under=50", 16, "Có 16 đơn vị đạt dưới 50% số tiêu chí, gồm:"),
        ("?kind=thi_tran", 1, "Có 01 thị trấn tham gia đợt kiểm tra, gồm: thị trấn Cần Thạnh, huyện Cần Giờ."),
        ("?criterion=TC15&answer=met", 1, "Có 01 đơn vị đạt tiêu chí “"),
        ("?criterion=TC15&answer=open", 25, "Có 25 đơn vị chưa được đánh giá tiêu chí “"),
        (f"?district={District.objects.get(code='771').pk}&score=11", 2, "Quận 10 có 02 đơn vị đạt 11/23 tiêu chí"),
    ):
        response = client.get(PAGE + query)
        assert response.context["count"] == count, query
        assert response.context["sentence"].startswith(words), query


def test_outcomes_are_those_of_the_criterion_pages(cast, sign_in):
    client = sign_in(cast.leader)
    for count in criterion_counts(cast.leader, Round.objects.get(code="gd1-2019")):
        if count.criterion.has_outcome:
            for outcome, wards in (("met", count.met), ("not_met", count.not_met), ("open", count.open)):
                response = client.get(f"{PAGE}?criterion={count.criterion.code}&answer={outcome}")
                assert response.context["count"] == wards


def test_what_cannot_be_read_finds_nothing_and_says_why(cast, sign_in):
    client = sign_in(cast.leader)
    for query in ("?answer=met", "?criterion=XX", "?criterion=TC04&answer=x", "?score=x", "?band=999", "?at_least=-5"):
        response = client.get(PAGE + query)
        assert response.context["count"] == 0, query
        assert response.context["filter"].form.errors, query
        assert response.context["sentence"] == "", query


def test_a_foreign_district_finds_nothing(cast, sign_in):
    cangio = District.objects.get(code="787")
    response = sign_in(cast.quan10).get(f"{PAGE}?district={cangio.pk}")
    assert response.context["count"] == 0
    assert "Thạnh An" not in response.content.decode()


def test_a_draft_is_named_to_nobody_as_an_answer(cast, sign_in):
    enrolment = Enrolment.objects.get(ward__code="27202")
    answer(enrolment, cast.inspector, NOT_MET)
    for person in (cast.inspector, cast.quan10):
        assert sign_in(person).get(f"{PAGE}?criterion=TC04&answer=not_met").context["count"] == 0


def test_many_wards_are_counted_and_not_named(cast, sign_in, django_assert_max_num_queries):
    found, district = make_round(make_set(2), code="nhieu"), make_district()
    for number in range(70):
        enrolment = enrol(found, make_ward(district))
        if number < 65:
            answer(enrolment, cast.inspector, MET)
            Inspection.objects.filter(enrolment=enrolment).update(status=Inspection.Status.APPROVED)
    client = sign_in(cast.leader)
    address = reverse("reports:units", args=["nhieu"])
    client.get(address)
    with django_assert_max_num_queries(18):
        assert client.get(f"{address}?scored=1").context["sentence"] == "Có 65 đơn vị có kết quả."


def test_the_list_downloads_as_it_is_filtered(cast, sign_in):
    response = sign_in(cast.leader).get(f"{PAGE}?score=11&tai=xlsx")
    assert response["Content-Type"].endswith("sheet")


def test_the_three_rows_in_1272(cast, sign_in):
    response = sign_in(cast.leader).get(SHORT_COURSES)
    assert [course.participants for course in response.context["courses"]] == [370, 822, 80]
    page = squeeze(response.content.decode())
    assert "370 + 822 + 80" in page
    sentence = "Bồi dưỡng nghiệp vụ ngắn hạn: 1.272 lượt CB.CC.VC đạt 269,49% so với chỉ tiêu là 472 người."
    assert response.context["sentence"] == sentence
    assert sentence in page


def test_districts_see_the_sum_and_their_own_rows(cast, sign_in):
    response = sign_in(cast.quan10).get(SHORT_COURSES)
    assert not response.context["courses"]
    assert response.context["hidden"] == 3
    assert "1.272" in response.content.decode()
    q11 = make_user(Role.DISTRICT, "quan11", district=District.objects.get(code="772"))
    response = sign_in(q11).get(reverse("reports:courses", args=["02-2014", "cao-dang"]))
    assert [course.report_key for course in response.context["courses"]] == ["quan-11-cao-dang"]


def test_a_voided_row_leaves_the_sum(cast, sign_in):
    course = Course.objects.get(report_key="boi-duong-so-hoa")
    Course.objects.filter(pk=course.pk).update(
        voided_at="2026-01-01T00:00Z", void_reason="nhầm", voided_by=cast.inspector
    )
    response = sign_in(cast.leader).get(SHORT_COURSES)
    assert response.context["line"].attainment.actual == 1192
    assert len(response.context["courses"]) == 2


def test_an_unknown_category_is_not_found(cast, sign_in):
    assert sign_in(cast.leader).get(reverse("reports:courses", args=["02-2014", "khong-co"])).status_code == 404


def test_numbers_of_the_districts_open_their_wards(cast, sign_in):
    client = sign_in(cast.leader)
    response = client.get(reverse("reports:districts", args=["gd1-2019"]))
    page, opened = response.content.decode(), 0
    for score, counts in response.context["rows"]:
        for band, wards in counts:
            query = f"?district={score.district.pk}&band={band.pk}"
            assert f'href="{PAGE}{query.replace("&", "&amp;")}"' in page
            if wards and opened < 6:
                assert client.get(PAGE + query).context["count"] == wards
                opened += 1
    assert opened == 6


def test_percents_averages_and_counts_lead_to_their_records(cast, sign_in):
    client = sign_in(cast.leader)
    inspection_round = Round.objects.get(code="gd1-2019")
    middle, district = inspection_round.criteria_set.bands.get(position=2), District.objects.get(code="771")
    expected = {
        reverse("home"): [f'{SHORT_COURSES}">269,49%', f'{PAGE}"><b>26<', f'{PAGE}?scored=1"><b>11,85<'],
        reverse("training:attainment", args=["02-2014"]): [f'{SHORT_COURSES}">269,49%'],
        reverse("inspections:round", args=[inspection_round.code]): [f'{PAGE}"><b>26<', f'{PAGE}?scored=1"><b>11,85<'],
        reverse("reports:bands", args=[inspection_round.code]): [f'{PAGE}?band={middle.pk}">9</a>'],
        reverse("reports:districts", args=[inspection_round.code]): [
            f'{PAGE}?district={district.pk}&amp;scored=1">11,33</a>'
        ],
    }
    for address, ways in expected.items():
        page = squeeze(client.get(address).content.decode())
        assert [way for way in ways if way not in page] == [], address


def test_where_there_are_no_districts_numbers_lead_to_the_whole_round(cast, sign_in):
    found = make_round(make_set(2), code="moi-2026")
    enrol(found, make_ward(name="An Khánh"))
    page = squeeze(sign_in(cast.leader).get(reverse("reports:districts", args=[found.code])).content.decode())
    units, band = reverse("reports:units", args=[found.code]), found.criteria_set.bands.first()
    assert f'href="{units}?scored=1">0</a>' in page and f'href="{units}?band={band.pk}">0</a>' in page


def test_counts_of_the_progress_lead_to_their_wards(cast, sign_in):
    client = sign_in(cast.approver)
    address = reverse("inspections:round-progress", args=["gd1-2019"])
    district = District.objects.get(code="771")
    page = client.get(f"{address}?district={district.pk}")
    way = f"{PAGE}?district={district.pk}&amp;status=not_started"
    assert f'href="{way}"><b>3<' in page.content.decode()
    assert client.get(way.replace("&amp;", "&")).context["count"] == page.context["counts"].not_started == 3
    assert f'href="{PAGE}?"><b>26<' in client.get(address).content.decode()
    assert (
        PAGE
        not in client.get(f"{address}?team=none").content.decode().split('class="figures"')[1].split("</div>\n<")[0]
    )


@pytest.mark.parametrize(("category", "heading"), [("dai-hoc", "Số người"), ("tap-huan", "Số lượt")])
def test_what_courses_count_is_headed_by_its_unit(cast, sign_in, category, heading):
    page = sign_in(cast.leader).get(reverse("reports:courses", args=["02-2014", category])).content.decode()
    assert f'<th scope="col" class="number">{heading}</th>' in page and f'data-label="{heading}"' in page
    assert "Số người tham gia" not in page


def test_an_average_has_two_decimals_wherever_it_stands(cast, sign_in):
    """Of two wards with 11 each it is 11,00, as the report in Word has it."""
    inspection_round, district = make_round(make_set(12), code="tron"), District.objects.get(code="771")
    for _place in range(2):
        enrol(inspection_round, make_ward(district), published_score=11, published_maximum=12)
    client = sign_in(cast.leader)
    expected = {
        reverse("reports:districts", args=["tron"]): 'scored=1">11,00</a>',
        reverse("reports:summary", args=["tron"]): "11,00 tiêu chí",
        reverse("inspections:round", args=["tron"]): "<b>11,00</b>",
        reverse("wards:district", args=[district.pk]): "<b>11,00</b>",
        reverse("reports:picture-svg", args=["tron", "so-sanh"]): ">11,00</text>",
        reverse("reports:picture-svg", args=["tron", "pho-diem"]): "bình quân 11,00",
    }
    for address, text in expected.items():
        assert text in squeeze(client.get(address).content.decode()), address
    # A ward has its score and no average.
    wards = client.get(
        f"{reverse('reports:picture-svg', args=['tron', 'so-sanh'])}?quan={district.pk}"
    ).content.decode()
    assert ">11</text>" in wards and "11,00" not in wards
    data = data_of(summary_workbook(summary(EVERYTHING, inspection_round)))
    assert any("Bình quân: 11,00 tiêu chí" in str(row[0]) for row in values(opened(data)))
