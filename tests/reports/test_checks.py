"""The checks before publishing: pure functions, and what they find in the records of the two reports."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from archiveportal.vietnamese import sort_key
from criteria.inspections.models import Enrolment, Inspection, KeptAnswer, Result, Round
from criteria.models import Band
from reports.checks import records as checks
from reports.checks.bands import bands_cover, labels_fit, printed_bands_cover, scores_said, spans
from reports.checks.found import SEVERITY, Addition
from reports.checks.names import Name
from reports.checks.records import CheckedWard
from reports.checks.run import findings_of
from reports.checks.training import courses_are_counted_once
from reports.documents.passages import PLACES
from reports.frozen.figures import figures_of
from reports.models import Passage, PassageVersion
from reports.passages.services import write_passage
from tests.reports.test_closing import approve
from tests.support.factories import answer, enrol, make_district, make_round, make_ward
from training.models import Course, Funding, Quota, Scheme, WorkforceCount
from wards.models import Ward


def band(low, high, label="", *, printed="") -> Band:
    upper = None if high is None else Decimal(high)
    return Band(lower_percent=Decimal(low), upper_percent=upper, label=label, printed_label=printed)


WHOLE = [band(50, None), band(0, 50)]


@pytest.mark.parametrize(
    ("bands", "span"),
    [
        (WHOLE, ""),
        ([band(60, None), band(0, 50)], "50–60"),
        ([band(40, None), band(0, 50)], "40–50"),
        ([band(0, 50), band(50, 100)], "100"),
        ([], "0–100"),
    ],
)
def test_bands_that_do_not_cover(bands, span):
    found = bands_cover(bands)
    assert [each.severity for each in found] == ([SEVERITY.HIGH] if span else [])
    assert all(span in each.text for each in found)


@pytest.mark.parametrize(
    ("words", "scores"),
    [
        ("Hoàn thành 23/23 (100%)", ["23", "23"]),
        ("Hoàn thành 12 - 22/23 (từ 50% đến dưới 100%)", ["12–22", "12–22"]),
        ("Hoàn thành từ 12 - 20/23 (từ 50% đến 87%) tiêu chí", ["12–20", "12–20"]),
        ("Hoàn thành dưới 11/23 (dưới 50%) tiêu chí", ["0–10", "0–11"]),
        ("từ 11/23 trở xuống", ["0–11"]),
        ("từ 20/23 trở lên, từ 86,95% trở lên", ["20–23", "20–23"]),
        ("12 – 20/24", ["—"]),
        ("Từ 12 đến 20/23", ["12–20"]),
        ("1 - 99999999999/23", ["1–24"]),
        ("trên 20/23, trên 87%", ["21–23", "21–23"]),
        ("Từ 50%, 50 - 87%", ["12–20"]),
        ("Từ 50%", ["12–23"]),
        ("Khá", []),
        ("", []),
    ],
)
def test_what_words_say(words, scores):
    assert [spans(found) for _said, found in scores_said(words, 23)] == scores
    assert scores_said("50%", 0) == [("50%", set())]


def test_labels_that_do_not_fit_their_bounds():
    assert labels_fit([band(50, 100, "12 - 22/23 (từ 50% đến dưới 100%)")], 23) == []
    (found,) = labels_fit([band(0, 50, "từ 11/23 trở xuống", printed="dưới 11/23 (dưới 50%)")], 23)
    assert found.severity == SEVERITY.MEDIUM and "0–10" in found.text and "0–11" in found.text
    (found,) = labels_fit([band(50, None, "từ 60% trở lên")], 10)
    assert found.severity == SEVERITY.HIGH and "6–10" in found.text and "5–10" in found.text


def test_printed_words_that_leave_scores_out():
    printed = [band(100, None, printed="23/23"), band(50, 100, printed="12 - 20/23"), band(0, 50, printed="dưới 11/23")]
    (found,) = printed_bands_cover(printed, 23)
    assert "11, 21–22" in found.text
    assert printed_bands_cover([*printed, band(1, 2, printed="11 - 22/23")], 23) == []
    assert printed_bands_cover(WHOLE, 23) == []


def test_printed_words_are_checked_only_where_they_are_printed(cast):
    """Another round with the set of 5355/BC-SNV prints the true bounds."""
    assert labels_fit([band(0, 50, "từ 11/23 trở xuống", printed="dưới 11/23")], 23, is_printed=False) == []
    issued = Round.objects.get(code="gd1-2019")
    other = make_round(issued.criteria_set)
    enrol(other, make_ward(make_district()), published_score=20, published_maximum=23)
    assert "12 - 20/23" in texts(issued) and "11, 21–22" in texts(issued)
    assert "12 - 20/23" not in texts(other) and "11, 21–22" not in texts(other)


def test_a_round_with_nothing_to_report(cast):
    inspection_round = make_round()
    (found,) = [each for each in findings_of(inspection_round) if each.severity == "high"]
    assert found.address == f"/dot-kiem-tra/{inspection_round.code}/"
    first = enrol(inspection_round, make_ward(make_district()))
    enrol(inspection_round, make_ward(make_district()))
    (found,) = [each for each in findings_of(inspection_round) if each.severity == "high"]
    assert "2" in found.text and found.address.endswith("/cac-don-vi/?scored=0")
    approve(first, cast)
    assert not [each for each in findings_of(inspection_round) if each.severity == "high"]


def test_passages_that_nobody_has_written(cast):
    inspection_round = make_round()
    page = f"/bao-cao/van-ban/dot-kiem-tra/{inspection_round.code}/"
    (found,) = [each for each in findings_of(inspection_round) if each.address == page]
    titles = {place.key: str(place.title) for place in PLACES["round"]}
    dots = {"guidance", "conference", "aims", "measures", "achieved", "limits"}
    assert found.severity == SEVERITY.MEDIUM and f"({len(dots)})" in found.text
    assert {key for key, title in titles.items() if f"“{title}”" in found.text} == dots
    for key in dots:
        write_passage(subject=inspection_round, key=key, text="Đã viết.", seen=0, by=cast.approver)
    assert not [each for each in findings_of(inspection_round) if each.address == page]
    # What is emptied again is printed as dots again; nothing is missing in the two issued reports.
    write_passage(subject=inspection_round, key="limits", text="", seen=1, by=cast.approver)
    (found,) = [each for each in findings_of(inspection_round) if each.address == page]
    assert titles["limits"] in found.text
    for issued in (Round.objects.get(code="gd1-2019"), Scheme.objects.get(code="02-2014")):
        assert not [each for each in findings_of(issued) if "van-ban" in each.address and "#" not in each.address]


def test_a_total_that_is_not_the_sum():
    right, wrong = Addition("A", 26, [1, 9, 16]), Addition("B", 27, [1, 9, 16], "/b/")
    (found,) = checks.totals_add_up([right, wrong])
    assert found.severity == SEVERITY.HIGH and found.address == "/b/"
    assert "B" in found.text and "27" in found.text and "26" in found.text


@pytest.mark.parametrize(
    ("value", "of", "computed"),
    [
        ("40,60%", ["320", "788", "truncated"], None),
        ("40,61%", ["320", "788", "truncated"], "40,60%"),
        ("87%", ["20", "23", "whole"], None),
        ("11,85", ["308", "26", "mean"], None),
        ("11,84", ["308", "26", "mean"], "11,85"),
        ("5,00%", ["1", "0", "truncated"], "—"),
        ("32,59%", ["1302", "3995", "truncated"], None),
    ],
)
def test_a_percent_that_does_not_follow(value, of, computed):
    found = checks.percents_follow([{"label": "Tỷ lệ", "value": value, "of": of}, {"label": "x", "value": "1"}])
    assert len(found) == (computed is not None)
    assert all(computed in each.text for each in found)


UNIT = CheckedWard("Phường 1", "Quận 1", "approved", True, Decimal(3), Decimal(4), None, None, Decimal(3))


@pytest.mark.parametrize(
    ("changes", "severities"),
    [
        ({}, []),
        ({"answered": Decimal(2)}, ["high"]),
        ({"score": Decimal(5), "answered": Decimal(5)}, ["high"]),
        ({"published": Decimal(2)}, ["medium"]),
        ({"undecided": 1}, ["medium"]),
        ({"score": None, "status": "draft", "is_started": False}, ["medium"]),
        ({"score": None, "status": "draft"}, ["medium", "medium"]),
        ({"status": "draft", "is_started": False, "maximum": Decimal(9)}, ["medium", "low"]),
    ],
)
def test_results_of_a_unit(changes, severities):
    found = checks.results_are_whole([replace(UNIT, **changes)], maximum=Decimal(4), page="/p/")
    assert [each.severity for each in found] == severities
    assert all("Phường 1" in each.text and each.address.startswith("/p/") for each in found)


def test_many_units_are_not_all_named():
    units = [replace(UNIT, name=f"Phường {place}", score=None) for place in range(1, 30)]
    found = checks.results_are_whole(units, maximum=Decimal(4), page="/p/")
    assert any("(29)" in each.text and "Phường 8 (+21)." in each.text for each in found)


def test_districts_without_results():
    units = [replace(UNIT, score=None), replace(UNIT, district="Quận 2"), replace(UNIT, district="")]
    without, absent = checks.districts_have_results(units, ["Quận 1", "Quận 2", "Quận 3"])
    assert "Quận 1" in without.text and "Quận 2" not in without.text
    assert absent.severity == SEVERITY.LOW and "Quận 3" in absent.text
    assert checks.districts_have_results([replace(UNIT, district="")], ["Quận 1"]) == []


@dataclass
class Named:
    pk: int
    name: str
    title: str


DISTRICTS = [
    Named(1, "1", "Quận 1"),
    Named(2, "2", "Quận 2"),
    Named(12, "12", "Quận 12"),
    Named(5, "Tân Bình", "Quận Tân Bình"),
]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Quận 2 chọn 3 UBND phường; quận Tân Bình chọn 2 UBND phường", ["Quận 2", "Quận Tân Bình"]),
        ("UBND Quận 12 làm tốt", ["Quận 12"]),
        ("chậm: Quận 1, 2, Tân Bình", ["Quận 1", "Quận 2", "Quận Tân Bình"]),
        ("phường Tân Bình và Phường 2", []),
        ("Còn 02 quận, huyện chưa có đơn vị trong đợt kiểm tra: Quận 2, quận Tân Bình.", []),
        ("Chưa có đơn vị thực hiện tốt tại Quận 2. Còn 01 quận chưa có đơn vị: Quận 12.", ["Quận 2"]),
        ("Tân  Bình".replace("  ", "\n"), ["Quận Tân Bình"]),
        ("", []),
    ],
)
def test_districts_named_in_a_passage(text, named):
    found = checks.districts_named([text], DISTRICTS, set())
    assert ([each.text for each in found] != []) == bool(named)
    assert all(found[0].text.count(name) >= 1 for name in named)
    assert checks.districts_named([text], DISTRICTS, {1, 2, 12, 5}) == []


def test_findings_of_the_round_of_5355(cast):
    found = findings_of(Round.objects.get(code="gd1-2019"))
    text = "\n".join(each.text for each in found)
    for code in ("D04", "D05", "D07", "D09"):
        assert code in text
    assert "11, 21–22" in text and "“12 - 20/23”" in text and "Quận Thủ Đức" in text
    assert [each.severity for each in found] == sorted((each.severity for each in found), key=list(SEVERITY).index)
    # The records themselves add up: nothing but what the report printed is wrong.
    assert not [each for each in found if each.severity == "high" and "so-lieu" not in each.address]


def test_findings_of_the_scheme_of_2710(cast):
    found = findings_of(Scheme.objects.get(code="02-2014"))
    text = "\n".join(each.text for each in found)
    assert "E01" in text and "E08" in text and "40,61%" in text and "59,42%" in text
    assert "Bồi dưỡng nghiệp vụ ngắn hạn" in text and "Cao đẳng" in text and "03/07/2020" in text


def test_every_address_of_a_finding_opens(cast, sign_in):
    client = sign_in(cast.approver)
    for subject in (Round.objects.get(), Scheme.objects.get()):
        for address in {found.address.partition("#")[0] for found in findings_of(subject)}:
            assert client.get(address).status_code == 200, address


def texts(subject) -> str:
    return "\n".join(f"{each.severity}: {each.text}" for each in findings_of(subject))


def test_what_is_wrong_in_the_records_is_found(cast):
    inspection_round = make_round()
    done, begun, named = (
        enrol(inspection_round, make_ward(make_district(name=f"Đông {n}", kind="huyen"), name=f"W{n}")) for n in "ABC"
    )
    approve(done, cast)
    clean = texts(inspection_round)
    assert "high:" not in clean
    answer(begun, cast.inspector, {1: "met"})
    own_set = inspection_round.criteria_set
    KeptAnswer.objects.create(
        inspection=begun.inspection, criterion=own_set.criteria.first(), criteria_set=own_set,
        values={}, base_version=1, reason="conflict", submission_id=uuid.uuid4(), via="page", sent_by=cast.inspector,
        made_at=timezone.now(),
    )  # fmt: skip
    Enrolment.objects.filter(pk=done.pk).update(published_score=1, published_maximum=4)
    Result.objects.filter(inspection=done.inspection, criterion__number=1).update(outcome="not_met")
    absent = make_district(name="Vắng Mặt", kind="huyen")
    passage = Passage.objects.create(kind="round", round=inspection_round, key="remarks")
    for number, text in enumerate(("Huyện Vắng Mặt và huyện Khác", "Huyện Vắng Mặt làm tốt"), start=1):
        PassageVersion.objects.create(passage=passage, number=number, text=text, written_by=cast.approver)
    found = texts(inspection_round)
    assert found.count("high:") == 2, found  # the score of one ward, and with it the sum by criterion
    assert absent.title in found and begun.ward.full_title in found and named.ward.district.title in found
    assert found.count("medium:") > clean.count("medium:") + 2
    assert Inspection.objects.get(pk=done.inspection.pk).score == 4


def test_what_is_wrong_in_a_scheme_is_found(cast):
    scheme = Scheme.objects.get(code="02-2014")
    before = texts(scheme)
    Quota.objects.filter(category__code="ngan-han").update(target=0)
    Funding.objects.all().delete()
    WorkforceCount.objects.all().delete()
    found = texts(scheme)
    assert len(found.splitlines()) > len(before.splitlines())
    assert {figure["value"] for figure in figures_of(scheme) if figure["key"] == "line.ngan-han.percent"} == {"—"}


def test_courses_that_should_not_count():
    def course(**values):
        plain = {"is_voided": False, "unit": "persons", "is_lower_bound": False, "category_id": 1, "name": "Lớp"}
        return SimpleNamespace(**plain | dict.fromkeys(("registered", "attended", "certified")) | values)

    category = SimpleNamespace(pk=1, unit="persons", name="Dòng")
    for values, severity in (
        ({}, None),
        ({"is_voided": True}, "high"),
        ({"unit": "attendances"}, "high"),
        ({"is_lower_bound": True}, "low"),
        ({"registered": 10, "attended": 12}, "medium"),
        ({"registered": 10, "certified": 11}, "medium"),
        ({"registered": 10, "attended": 9, "certified": 9}, None),
    ):
        attainment = SimpleNamespace(target=5)
        line = SimpleNamespace(category=category, courses=[course(**values)], attainment=attainment)
        found = courses_are_counted_once([line], [])
        assert [each.severity for each in found] == ([severity] if severity else [])
    line.courses = []
    assert [each.severity for each in courses_are_counted_once([line], [course()])] == ["medium"]


def test_checking_takes_the_same_queries_for_few_and_many(cast, django_assert_max_num_queries):
    inspection_round, districts = make_round(), [make_district() for _ in range(3)]
    for number in range(40):
        enrol(
            inspection_round,
            make_ward(districts[number % 3], name=f"Nhiều {number}"),
            published_score=1,
            published_maximum=4,
        )
    # Each table is read once: the wards, the counts by criterion and the districts serve all checks.
    with django_assert_max_num_queries(18):
        findings_of(Round.objects.get(pk=inspection_round.pk))
    with django_assert_max_num_queries(31):
        findings_of(Scheme.objects.get())
    assert Course.objects.exists()


def test_the_names_of_the_records_are_not_keyed_again(cast, monkeypatch):
    """Their keys are stored: working them out again took longer than all queries."""
    keyed: list[str] = []
    monkeypatch.setattr("reports.checks.names.sort_key", lambda text: keyed.append(text) or sort_key(text))
    findings_of(Round.objects.get(code="gd1-2019"))
    wards = Enrolment.objects.filter(round__code="gd1-2019").values_list("ward__name", flat=True)
    named_in_passages = 120
    assert len(keyed) < named_in_passages + len(wards)
    for ward in Ward.objects.select_related("district"):
        name = Name("phường", ward.name, stored_key=ward.sort_key[1:])
        assert name.key == Name("phường", ward.name).key
