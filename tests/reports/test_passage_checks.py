"""What the passages say: numbers that are no figures, wards and districts that are not in the round."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from criteria.inspections.models import Round
from reports.checks import numbers as passage_checks
from reports.checks.found import SEVERITY
from reports.checks.names import Name, districts_exist, districts_said, wards_said, wards_take_part
from reports.checks.numbers import (
    COURSES,
    CRITERIA,
    DISTRICTS,
    MONEY,
    OF_TARGET,
    OF_UNITS,
    PEOPLE,
    PERCENT,
    UNITS,
    Words,
    numbers_said,
)
from reports.checks.run import findings_of
from reports.checks.wording import known_errors_stand
from reports.documents.passages import issued_passages, written_of
from reports.models import Passage, PassageVersion
from reports.passages.services import write_passage
from tests.support.factories import enrol, make_district, make_round, make_ward
from training.models import Scheme


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Có 26 UBND phường, xã, thị trấn", [(UNITS, "26")]),
        ("26 đơn vị của 18 quận, huyện", [(UNITS, "26"), (DISTRICTS, "18")]),
        ("đạt 20/23 tiêu chí (87%)", [(CRITERIA, "23"), (CRITERIA, "20"), (PERCENT, "87")]),
        ("hoàn thành 12 - 20/23 tiêu chí", [(CRITERIA, "23"), (CRITERIA, "20")]),
        ("1.341 lượt CB.CC.VC, 17 lớp, 45 người", [(PEOPLE, "1341"), (COURSES, "17"), (PEOPLE, "45")]),
        ("chỉ đạt 32,59% so với chỉ tiêu của Đề án", [(OF_TARGET, "32.59")]),
        ("đạt 47,67 % so với chỉ tiêu", [(OF_TARGET, "47.67")]),
        ("là 19 tỷ 200 triệu đồng", [(MONEY, "19200000000")]),
        ("4.607.678.000 đồng, tức 4,6 tỷ đồng", [(MONEY, "4607678000"), (MONEY, "4600000000")]),
        # What is no figure.
        ("Kế hoạch số 3609/KH-SNV ngày 25 tháng 9 năm 2018; Thông tư số 01/2011/TT-BNV", []),
        ("trong năm 2019 người dân, tháng 10 đơn vị, giai đoạn 1 tiêu chí", []),
        ("phòng, kho có diện tích tối thiểu là 20m², sau 03 năm, 10 ngày", []),
        ("Phường 2 quận 10, UBND Quận 3 đơn vị", []),
        ("hội đồng, 05 đồng chí, 02 xã hội", []),
        ("UBND phường, xã, thị trấn\n1. Mục tiêu\n2 Kết quả", []),
        ("Quận 1, 5, quận Phú Nhuận", []),
    ],
)
def test_numbers_with_a_unit(text, numbers):
    assert [(each.kind, str(each.value.normalize().__format__("f"))) for each in numbers_said(text)] == numbers


@pytest.mark.parametrize(
    ("text", "figure", "fits"),
    [
        ("87%", "86.956", True),
        ("86%", "86.956", True),
        ("86,9%", "86.956", True),
        ("85%", "86.956", False),
        ("40,60%", "40.6091", True),
        ("40,61%", "40.6091", True),
        ("40,62%", "40.6091", False),
        ("19 tỷ 200 triệu đồng", "19200000000", True),
        ("19,2 tỷ đồng", "19200000000", True),
        ("19 tỷ đồng", "19200000000", True),
        ("18 tỷ đồng", "19200000000", False),
        ("hơn 400 lượt", "412", True),
        ("hơn 400 lượt", "399", False),
        ("gần 4.000 người", "3995", True),
        ("gần 4.000 người", "4001", False),
        ("khoảng 4.000 người", "4100", True),
        ("khoảng 4.000 người", "5000", False),
        ("26 đơn vị", "27", False),
    ],
)
def test_a_number_may_be_rounded_or_only_about_right(text, figure, fits):
    (number,) = numbers_said(text)
    assert number.fits(Decimal(figure)) == fits


def test_numbers_that_are_no_figures():
    known = {UNITS: {Decimal(26)}, PERCENT: {Decimal("32.5907")}, OF_TARGET: {Decimal("82.54")}}
    text = "26 đơn vị, 27 đơn vị, 28 phường, 32,59% và 33,10%, 32,59% so với chỉ tiêu, 5 lớp"
    found = passage_checks.numbers_are_figures([Words("Đoạn", text, "/a/#b")], known)
    assert [each.severity for each in found] == [SEVERITY.MEDIUM] * 3
    assert "“32,59% so với chỉ tiêu”" in found[0].text and "“33,10%”" in found[1].text
    # Courses are nothing that this report counts.
    assert "“27 đơn vị”; “28 phường”" in found[2].text and "26 đơn vị" not in found[2].text
    assert {each.address for each in found} == {"/a/#b"}


def test_a_limit_of_a_band_is_no_share_of_the_units():
    known = {PERCENT: {Decimal(50)}, OF_UNITS: {Decimal("34.6")}}
    fine = Words("Đoạn", "từ 50% trở lên; 35% đơn vị; 34,6% tổng số đơn vị")
    assert passage_checks.numbers_are_figures([fine], known) == []
    (found,) = passage_checks.numbers_are_figures([Words("Đoạn", "50% đơn vị, 50% số đơn vị")], known)
    assert found.severity == SEVERITY.MEDIUM and "“50% đơn vị”; “50% số đơn vị”" in found.text


KNOWN = {Name("phường", "6").key, Name("xã", "Vĩnh Lộc B").key, Name("xã", "Bình Khánh").key}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("UBND xã Long Thới", ["xã Long Thới"]),
        ("kho lớn như: UBND xã Long Thới, Vĩnh Lộc B...", ["xã Long Thới", "xã Vĩnh Lộc B"]),
        ("xã Long Thới, Sở Nội vụ", ["xã Long Thới"]),
        ("Phường 4, Quận 6", ["Phường 4, Quận 6"]),
        ("Phường 04 (Quận 6)", ["Phường 04, Quận 6"]),
        ("Phường 2, 6 và 14, Quận 10; Phường 1", [f"Phường {n}, Quận 10" for n in (2, 6, 14)] + ["Phường 1"]),
        (
            "xã Long Hòa, Bình Khánh và thị trấn Cần Thạnh, huyện Cần Giờ",
            [f"{name}, Huyện Cần Giờ" for name in ("xã Long Hòa", "xã Bình Khánh", "thị trấn Cần Thạnh")],
        ),
        ("phường An Lạc thuộc quận Bình Tân", ["phường An Lạc, Quận Bình Tân"]),
        ("Phường 6 và 5 đơn vị khác", ["Phường 6"]),
        ("UBND phường, xã, thị trấn; phường Quận 10; xã hội; thị xã Tây Ninh; Chủ tịch UBND xã", []),
        ("UBND Quận 2 chọn 3 UBND phường", []),
        ("tại UBND thị trấn\n1. Mục tiêu", []),
    ],
)
def test_wards_named_in_natural_forms(text, named):
    assert [each.title for each in wards_said(text, KNOWN)] == named


def test_wards_that_are_not_in_the_round():
    wards = [Name("Phường", "4", "Quận 6"), Name("Xã", "Long Hòa", "Huyện Cần Giờ"), Name("Phường", "Tân Quý", "")]
    for text, missing in (
        ("Phường 4, Quận 6; phường 04; xã Long Hoà, huyện Cần Giờ; UBND phường Tân Quý", ""),
        ("Phường 4, Quận 3", "Phường 4, Quận 3"),
        ("thị trấn Long Hòa", "thị trấn Long Hòa"),
        ("UBND phường Tân Quy làm tốt", "phường Tân Quy"),
    ):
        found = wards_take_part([Words("Đoạn", text)], wards)
        assert [each.severity for each in found] == [SEVERITY.MEDIUM] * bool(missing), text
        assert all(f"(1): {missing}." in each.text for each in found)


def test_districts_that_did_not_exist():
    districts = [Name("Quận", "1"), Name("Quận", "8"), Name("Quận", "Tân Phú"), Name("Quận", "Tân Bình")]
    assert [each.title for each in districts_said("Quận 8, quận Tân Phú và huyện Củ Chi")] == [
        "Quận 8",
        "quận Tân Phú",
        "huyện Củ Chi",
    ]
    fine = "UBND Quận 8, quận Tân Phú và Tân Bình, Phòng Nội vụ; các quận, huyện; thành phố Đà Nẵng"
    assert districts_exist([Words("Đoạn", fine)], districts) == []
    (found,) = districts_exist([Words("Đoạn", "Quận 1, 13; huyện Tân Bình")], districts)
    assert "(2): Quận 13; huyện Tân Bình." in found.text


def in_passages(subject) -> list:
    """What is said of a passage that somebody wrote, apart from known errors: it leads to its place on the page."""
    known = known_errors_stand(subject, written_of(subject).texts)
    found = [each for each in findings_of(subject) if each not in known]
    return [each for each in found if "/van-ban/" in each.address and "#" in each.address]


def test_the_issued_passages_say_nothing_else_than_the_records_but_for_what_is_known(baseline):
    """Read by hand: Quận 2 and the others have no ward in the round (D06); 32,59% is a share of the staff (E01)."""
    (absent,) = in_passages(Round.objects.get(code="gd1-2019"))
    assert "Quận 2; Quận Bình Thạnh" in absent.text and absent.address.endswith("#limits")
    (misfit,) = in_passages(Scheme.objects.get(code="02-2014"))
    assert "32,59% so với chỉ tiêu" in misfit.text and misfit.address.endswith("/de-an/02-2014/#limits")
    # There was something to read.
    texts = [*issued_passages("5355").values(), *issued_passages("2710").values()]
    assert sum(len(numbers_said(text)) for text in texts) == 4
    assert sum(len(wards_said(text)) + len(districts_said(text)) for text in texts) >= 8


def test_what_a_passage_gets_wrong_is_listed_beside_its_place_before_closing(cast, sign_in):
    inspection_round = Round.objects.get(code="gd1-2019")
    right = "Có 9/26 đơn vị (35%) đạt từ 12 đến 20 tiêu chí, kinh phí 19,2 tỷ đồng, gồm: Phường 4 và 14, Quận 6."
    wrong = "Có 27 đơn vị, 18,5% của 31 quận, huyện, kinh phí 20 tỷ đồng, như: Phường 5, Quận 6; UBND Quận 13."
    write_passage(subject=inspection_round, key="directions", text=right, seen=0, by=cast.approver)
    assert len(in_passages(inspection_round)) == 1
    write_passage(subject=inspection_round, key="directions", text=wrong, seen=1, by=cast.approver)
    found = [each for each in in_passages(inspection_round) if each.address.endswith("#directions")]
    text = "\n".join(each.text for each in found)
    for said in ("“27 đơn vị”", "“31 quận”", "“18,5%”", "“20 tỷ đồng”", "Phường 5, Quận 6", "Quận 13"):
        assert said in text
    page = sign_in(cast.inspector).get(reverse("reports:closings", args=["dot-kiem-tra", "gd1-2019"])).content.decode()
    address = reverse("reports:passages", args=["dot-kiem-tra", "gd1-2019"])
    assert f'href="{address}#directions"' in page and "27 đơn vị" in page


def test_what_a_passage_on_a_scheme_gets_wrong(cast):
    scheme = Scheme.objects.get(code="02-2014")
    right = "Đã mở 17 lớp cho 1.341 học viên, đạt 59,4% so với chỉ tiêu; 2.693 người chưa có trình độ; Quận 8, Tân Phú."
    wrong = "Đã mở 16 lớp cho 1.342 học viên, đạt 59,5% so với chỉ tiêu; kinh phí 4,7 tỷ đồng; Quận 13."
    passage = Passage.objects.get(scheme=scheme, key="assessment")
    for number, (text, findings) in enumerate(((right, 0), (wrong, 4)), start=2):
        PassageVersion.objects.create(passage=passage, number=number, text=text, written_by=cast.approver)
        found = [each for each in in_passages(scheme) if each.address.endswith("#assessment")]
        assert len(found) == findings, found
    text = "\n".join(each.text for each in found)
    for said in ("“16 lớp”", "“1.342 học viên”", "“59,5% so với chỉ tiêu”", "“4,7 tỷ đồng”", "Quận 13"):
        assert said in text


def test_a_round_over_units_without_districts(cast):
    inspection_round = make_round()
    enrol(inspection_round, make_ward(None, "Bình Tiên"))
    text = "UBND phường Bình Tiên, 1 đơn vị; phường Chợ Lớn"
    write_passage(subject=inspection_round, key="limits", text=text, seen=0, by=cast.approver)
    (found,) = in_passages(inspection_round)
    assert "(1): phường Chợ Lớn." in found.text


def test_odd_passages_do_not_stop_the_checks(cast):
    inspection_round = make_round()
    enrol(inspection_round, make_ward(make_district()))
    text = (
        "1" * 5_000
        + " đơn vị 9,9,9% 1.23.4 người Phường  phường \n quận Ă"
        + " xã A" * 2_000
        + " 1/0 tiêu chí %% 0,"
        + "0" * 60
        + "1%"
    )
    write_passage(subject=inspection_round, key="limits", text=text, seen=0, by=cast.approver)
    assert in_passages(inspection_round)
