"""The page of results against targets, with the figures of 2710/BC-SNV."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import escape

from tests.support.training import make_category, make_course, make_scheme
from training.bullets import bullet
from training.models import Quota, Scheme
from training.queries import summary_lines
from training.report_sentences import line_sentence, summary_text

PAGE = "/dao-tao/de-an/02-2014/"


def rows(response) -> dict:
    return {line.category.code: line for line, _bar in response.context["lines"]}


def test_overview_leads_to_the_newest_scheme(cast, sign_in):
    client = sign_in(cast.leader)
    assert client.get("/dao-tao/").url == PAGE
    newer = make_scheme(starts_year=2026, ends_year=2030)
    assert client.get("/dao-tao/").url == reverse("training:attainment", args=[newer.code])


def test_overview_without_a_scheme_says_so(db, sign_in):
    from tests.support.factories import make_user

    response = sign_in(make_user()).get("/dao-tao/")
    assert response.status_code == 200
    assert 'class="empty"' in response.content.decode()


def test_percents_are_cut_off_as_printed(cast, sign_in):
    response = sign_in(cast.inspector).get(PAGE)
    percents = {code: line.attainment.percent for code, line in rows(response).items()}
    assert percents == {
        "dai-hoc": Decimal("47.67"),
        "cao-dang": None,
        "trung-cap": Decimal("40.60"),
        "so-cap-3-thang": Decimal("59.41"),
        "ngan-han": Decimal("269.49"),
        "tap-huan": None,
        "hoc-tap-trong-nuoc": None,
    }
    page = response.content.decode()
    for text in ("47,67%", "40,60%", "59,41%", "269,49%", "41/86", "320/788", "1.341/2.257", "1.272/472"):
        assert text in page


def test_workforce_share_and_funding(cast, sign_in):
    page = sign_in(cast.leader).get(PAGE).content.decode()
    assert "32,59%" in page
    assert "1.302/3.995" in page
    assert "4.607.678.000 đồng" in page
    assert "Bốn tỷ sáu trăm lẻ bảy triệu sáu trăm bảy mươi tám ngàn đồng" in page


def test_cut_off_day_and_period_are_two_things(cast, sign_in):
    page = sign_in(cast.leader).get(PAGE).content.decode()
    assert "2014 – 2020" in page
    assert "03/07/2020" in page


def test_missing_and_zero_targets_give_no_percent(cast, sign_in):
    scheme = make_scheme()
    for target in (None, 0):
        make_course(make_category(scheme, target=target), cast.inspector, participants=7)
    response = sign_in(cast.inspector).get(reverse("training:attainment", args=[scheme.code]))
    assert [line.attainment.percent for line in rows(response).values()] == [None, None]
    assert response.context["lines"][0][1] is None
    assert '<svg class="bullet"' not in response.content.decode()


def test_a_lower_bound_keeps_its_word(cast, sign_in):
    scheme = make_scheme()
    category = make_category(scheme, target=100)
    make_course(category, cast.inspector, participants=30)
    make_course(category, cast.inspector, participants=20, is_lower_bound=True)
    (line,) = summary_lines(scheme)
    assert (line.attainment.actual, line.attainment.is_lower_bound) == (50, True)
    assert line_sentence(line) == f"{category.name}: hơn 50 CB.CC.VC đạt hơn 50,00% so với chỉ tiêu là 100 người."


def test_different_units_are_said(cast, sign_in):
    page = sign_in(cast.inspector).get(PAGE).content.decode()
    assert page.count('class="soft units-differ"') == 2  # the two lines of professional courses (E07)


def test_sentences_are_those_of_the_report(cast, sign_in):
    sentences = [line_sentence(line) for line in summary_lines(Scheme.objects.get())]
    assert sentences[:5] == [
        "Đại học: 41 CB.CC.VC đạt 47,67% so với chỉ tiêu là 86 người.",
        "Cao đẳng: 01 CB.CC.VC.",
        "Trung cấp: 320 CB.CC.VC đạt 40,60% so với chỉ tiêu là 788 người.",
        "Bồi dưỡng nghiệp vụ (lớp sơ cấp 3 tháng): 1.341 lượt CB.CC.VC đạt 59,41% so với chỉ tiêu là 2.257 người.",
        "Bồi dưỡng nghiệp vụ ngắn hạn: 1.272 lượt CB.CC.VC đạt 269,49% so với chỉ tiêu là 472 người.",
    ]
    text = summary_text(summary_lines(Scheme.objects.get()))
    assert "- Số lượng tập huấn: 22.384 lượt CB.CC.VC." in text
    assert escape(text) in sign_in(cast.quan10).get(PAGE).content.decode()


def test_actuals_open_the_rows_that_make_them(cast, sign_in):
    client = sign_in(cast.inspector)
    page = client.get(PAGE).content.decode()
    for line in summary_lines(Scheme.objects.get()):
        address = f"/bao-cao/dao-tao/02-2014/{line.category.code}/"
        assert f'href="{address}"' in page
        rows = client.get(address).context["courses"]
        assert {course.pk for course in rows} == {course.pk for course in line.courses}
        assert sum(course.participants for course in rows) == line.attainment.actual


@pytest.mark.parametrize("who", ["quan10", "thanhan"])
def test_districts_and_wards_see_totals_without_the_rows(cast, sign_in, who):
    response = sign_in(getattr(cast, who)).get(PAGE)
    page = response.content.decode()
    assert "47,67%" in page
    assert "summary=1" not in page
    assert response.context["outside"] == []


def test_rows_outside_the_summary_say_why(cast, sign_in):
    response = sign_in(cast.leader).get(PAGE)
    keys = {course.report_key for course in response.context["outside"]}
    assert {"trung-cap-quan", "hoc-tap-so-hoa", "hoc-tap-kinh-nghiem"} <= keys
    assert "cu-nhan-van-bang-2" not in keys
    assert "Không tính vào chỉ tiêu của Thành phố" in response.content.decode()
    # Codes of discrepancies are for those who work on them.
    assert "E09" not in response.content.decode()
    assert "(E09)" in sign_in(cast.inspector).get(PAGE).content.decode()


def test_an_unknown_scheme_is_not_found(cast, sign_in):
    assert sign_in(cast.leader).get("/dao-tao/de-an/khong-co/").status_code == 404


def test_bars_are_drawn_by_attributes_alone(cast, sign_in):
    page = sign_in(cast.leader).get(PAGE).content.decode()
    assert page.count('<svg class="bullet"') == 4
    assert "style=" not in page


def test_short_bars_have_one_scale():
    half, full = bullet(Decimal("50")), bullet(Decimal("100"))
    assert (half.end - half.zero) * 2 == full.end - full.zero
    assert full.end == full.full
    assert not bullet(Decimal("140")).is_broken


def test_a_long_bar_is_broken_and_labelled_not_cut():
    bar = bullet(Decimal("269.49"))
    assert bar.is_broken
    assert bar.resumes_at == 250
    # behind the break the scale is the same: 19,49% beyond 250%
    assert bar.second_width == round(Decimal("19.49") * 2)
    assert bar.break_from < bar.break_to < bar.end <= 360
    longer = bullet(Decimal("274.49"))
    assert longer.end - bar.end == 10


@pytest.mark.parametrize("percent", ["140.01", "141", "164.99", "165", "999.99", "1234567.89"])
def test_every_long_bar_stays_within_the_drawing(percent):
    bar = bullet(Decimal(percent))
    assert bar.break_to < bar.end <= 352
    assert bar.end_label <= 330


def test_no_percent_no_bar():
    assert bullet(None) is None


def test_the_number_of_queries_does_not_grow(cast, sign_in, django_assert_max_num_queries):
    scheme = make_scheme()
    category = make_category(scheme, target=100)
    client = sign_in(cast.inspector)
    counts = []
    for more in (10, 30):
        for number in range(more):
            make_course(category, cast.inspector, enters_summary=bool(number % 2))
        with django_assert_max_num_queries(12) as captured:
            client.get(reverse("training:attainment", args=[scheme.code]))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_cleared_target_is_no_target(cast):
    Quota.objects.filter(category__code="dai-hoc").update(target=None)
    assert summary_lines(Scheme.objects.get())[0].attainment.percent is None
