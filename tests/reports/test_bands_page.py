"""The wards by band, with the sentence for the report."""

import pytest
from django.urls import reverse

from criteria.inspections.models import Round
from reports.results.band_sentences import band_sentence
from reports.results.bands import band_counts
from tests.support.factories import enrol, make_district, make_round, make_ward

PAGE = reverse("reports:bands", args=["gd1-2019"])
NINE = (
    "Có 09 đơn vị hoàn thành từ 12 đến 22/23 tiêu chí, gồm: Phường 3, Quận 4; phường Tân Thuận Đông, Quận 7; "
    "phường Hiệp Phú, Quận 9; Phường 14, Quận 10; phường An Lạc, quận Bình Tân; xã Long Hòa, huyện Cần Giờ; "
    "xã An Thới Đông, huyện Cần Giờ; xã Thạnh An, huyện Cần Giờ; xã Thới Tam Thôn, huyện Hóc Môn."
)


def test_page_shows_1_9_and_16_with_printed_words_beside_true_bounds(cast, sign_in):
    response = sign_in(cast.leader).get(PAGE)
    assert [found.count for found, *_ in response.context["bands"]] == [1, 9, 16]
    page = response.content.decode()
    assert "Hoàn thành từ 12 - 20/23 (từ 50% đến 87%) tiêu chí" in page
    assert "Hoàn thành dưới 11/23 (dưới 50%) tiêu chí" in page
    assert "Hoàn thành 12 - 22/23 (từ 50% đến dưới 100%)" in page
    assert page.count(reverse("wards:detail", args=[1])[:-2]) >= 26


def test_sentences_can_go_into_the_report(cast):
    counts = band_counts(cast.leader, Round.objects.get(code="gd1-2019"))
    first, second, third = (band_sentence(found, cast.leader) for found in counts.bands)
    assert first == "Có 01 đơn vị hoàn thành 23/23 tiêu chí, gồm: phường Tân Quý, quận Tân Phú."
    assert second == NINE
    assert third.startswith("Có 16 đơn vị hoàn thành từ 11/23 tiêu chí trở xuống, gồm: phường Tân Định, Quận 1;")


def test_a_district_speaks_of_itself(cast):
    counts = band_counts(cast.quan10, Round.objects.get(code="gd1-2019"))
    assert [band_sentence(found, cast.quan10) for found in counts.bands] == [
        "Quận 10 có 0 đơn vị hoàn thành 23/23 tiêu chí.",
        "Quận 10 có 01 đơn vị hoàn thành từ 12 đến 22/23 tiêu chí, gồm: Phường 14, Quận 10.",
        "Quận 10 có 02 đơn vị hoàn thành từ 11/23 tiêu chí trở xuống, gồm: Phường 2, Quận 10; Phường 6, Quận 10.",
    ]


def test_a_long_sentence_names_nobody(cast, monkeypatch):
    monkeypatch.setattr("reports.results.band_sentences.NAMED", 8)
    counts = band_counts(cast.leader, Round.objects.get(code="gd1-2019"))
    assert band_sentence(counts.bands[1], cast.leader) == "Có 09 đơn vị hoàn thành từ 12 đến 22/23 tiêu chí."


def test_contradictions_are_for_those_who_work_on_them(cast, sign_in):
    for who in ("inspector", "approver"):
        assert "D07" in sign_in(getattr(cast, who)).get(PAGE).content.decode()
    for who in ("leader", "quan10", "thanhan"):
        assert "D07" not in sign_in(getattr(cast, who)).get(PAGE).content.decode()


@pytest.mark.parametrize(("who", "numbers"), [("quan10", [0, 1, 2]), ("cangio", [0, 3, 2]), ("thanhan", [0, 1, 0])])
def test_counts_keep_to_the_scope(cast, sign_in, who, numbers):
    response = sign_in(getattr(cast, who)).get(PAGE)
    assert [found.count for found, *_ in response.context["bands"]] == numbers


def test_wards_without_a_score_stand_apart(cast, sign_in):
    inspection_round = make_round()
    enrolment = enrol(inspection_round, make_ward(make_district()))
    response = sign_in(cast.inspector).get(reverse("reports:bands", args=[inspection_round.code]))
    assert [row.pk for row in response.context["counts"].unscored] == [enrolment.pk]
    assert enrolment.ward.full_title in response.content.decode()
