"""The figures that a closing keeps, each with its words: of an uneven round, and of the report's scheme.

The files of expected/ were checked by hand against the table of tests/support/uneven_round.py and
against 2710/BC-SNV, I.2.b. A line: key, section, label, value, sentence, members, what it follows from.
"""

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from criteria.inspections.models import Round
from reports.frozen.figures import digest_of, figures_of
from tests.support.factories import make_round
from tests.support.uneven_round import UnevenRound, make_uneven_round
from training.models import Course, Funding, Scheme

pytestmark = pytest.mark.django_db
EXPECTED = Path(__file__).parent / "expected"


def as_line(figure: dict, names: dict[str, str]) -> str:
    kind, *parts = figure["key"].split(".")
    key = ".".join([kind, *(names.get(f"{kind}.{part}", part) for part in parts)])
    words = [figure[name] for name in ("section", "label", "value", "sentence")]
    return " | ".join([key, *words, "; ".join(figure["members"]), "/".join(figure["of"] or [])])


def lines_of(subject, names: dict[str, str] | None = None) -> list[str]:
    return [as_line(figure, names or {}).rstrip(" |") for figure in figures_of(subject)]


def read_expected(name: str) -> list[str]:
    return (EXPECTED / name).read_text().splitlines()


def names_of(uneven: UnevenRound) -> dict[str, str]:
    wards = {f"unit.{each.ward_id}": name for name, each in uneven.enrolments.items()}
    return wards | {f"district.{each.pk}": each.name for each in uneven.districts}


def test_the_figures_of_a_round_and_their_words(db):
    uneven = make_uneven_round()
    assert lines_of(uneven.round, names_of(uneven)) == read_expected("uneven-round.txt")


def test_the_figures_of_the_scheme_and_their_words(baseline):
    assert lines_of(Scheme.objects.get()) == read_expected("scheme.txt")


def test_a_round_without_units_has_no_average(db):
    empty = make_round(funding=Decimal(1_500_000))
    lines = [line for line in lines_of(empty) if line.startswith(("average", "funding", "points", "scored"))]
    assert lines == [
        "scored | Số liệu chung | Đơn vị có kết quả | 0 | Có 0/0 đơn vị có kết quả.",
        "points | Số liệu chung | Tổng số điểm | —",
        "average | Số liệu chung | Bình quân | —",
        "funding | Số liệu chung | Kinh phí | 1.500.000 đồng",
    ]
    assert "criterion.TC01.met | Theo tiêu chí | 1. Tiêu chí thử 1: đạt | 0" in lines_of(empty)
    assert "band.1 | Mức hoàn thành | Từ 50% | 0 | Có 0 đơn vị" in "\n".join(lines_of(empty))


def test_the_year_of_a_course_a_lower_bound_and_several_funds(baseline):
    scheme = Scheme.objects.get()
    course = Course.objects.get(report_key="cu-nhan-van-bang-2")
    day = datetime.date(2016, 3, 1)
    Course.objects.filter(pk=course.pk).update(held_from=day, held_to=day, is_lower_bound=True)
    Funding.objects.create(scheme=scheme, source="district", amount=322_000)
    by_key = {figure["key"]: figure for figure in figures_of(scheme)}
    assert by_key["line.dai-hoc.actual"]["value"] == "hơn 41"
    assert by_key["line.dai-hoc.2016"]["value"] == "hơn 41"
    assert by_key["line.dai-hoc.2016"]["label"] == "Đại học, năm 2016"
    assert "line.dai-hoc.0" not in by_key and "line.cao-dang.2016" not in by_key
    assert by_key["funding.district"]["value"] == "322.000 đồng"
    assert by_key["funding"]["value"] == "4.608.000.000 đồng"


def test_a_digest_follows_values_and_not_the_order_of_keys(db):
    figures = figures_of(make_round())
    turned = [dict(reversed(figure.items())) for figure in figures]
    assert digest_of(turned) == digest_of(figures)
    assert digest_of([{"key": "ố", "value": "1"}]) == (
        "2b81b4fa096680f016c1f82611c7be96ad69a3dcd995332943382f2dda685fe1"
    )
    assert digest_of(figures[1:]) != digest_of(figures)
    assert Round.objects.count() == 1
