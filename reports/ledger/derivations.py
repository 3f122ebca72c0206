"""The ledger: how each of the 90 tracked figures of the two reports is derived from the records.

A derivation is a function of the records (`reports.ledger.records.Records`), which come in two columns: as
reported, and as they are now. It gives the value and the words in the manner of the printed figure.
No result is written here; the printed figures are rows of `Figure`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from archiveportal.percent import percent_of
from archiveportal.vietnamese import at_least, document_date, money, money_in_words, number, short_money
from criteria.scoring import whole_score_bounds
from reports.ledger.derived_values import UNKNOWN, Source, Value, count, padded_count, percent
from reports.ledger.records import Records
from training.models import Course

Derivation = Callable[[Records], Value]

ROUND, SUMMARY = Source("round"), Source("summary")
DISTRICTS, WORKFORCE, FUNDING = Source("districts"), Source("workforce"), Source("funding")
TOP, MIDDLE, LOW = range(3)
#: the bands of the round by their place on its page
IN_TOP, IN_MIDDLE, IN_LOW = (Source("band", place) for place in (1, 2, 3))

#: figures that exist only in print: nothing in the records could give them
PRINTED_ONLY = frozenset({"5355-02", "5355-21", "5355-22"})

DERIVATIONS: dict[str, Derivation] = {}


def figure(code: str) -> Callable[[Derivation], Derivation]:
    def register(derivation: Derivation) -> Derivation:
        DERIVATIONS[code] = derivation
        return derivation

    return register


# 5355/BC-SNV: who took part, when, with what


@figure("5355-01")
def districts_at_the_conference(records: Records) -> Value:
    return count(len(records.districts), Source("units"))


@figure("5355-03")
def districts_with_pilot_wards(records: Records) -> Value:
    return count(len(records.wards_by_district), DISTRICTS)


@figure("5355-04")
def pilot_wards(records: Records) -> Value:
    return count(len(records.enrolments), ROUND)


@figure("5355-05")
def districts_with_two_to_five(records: Records) -> Value:
    return count(sum(2 <= wards <= 5 for wards in records.wards_by_district.values()), DISTRICTS)


def _wards_of_district(district_code: str) -> Derivation:
    def derivation(records: Records) -> Value:
        district = records.district(district_code)
        if district is None:
            return Value(None, UNKNOWN)
        return count(records.wards_by_district[district.pk], Source("district", district.pk))

    return derivation


#: districts that I.2 names with a number of wards, by their codes of 2018
_NAMED_DISTRICTS = {
    "5355-06": "769",
    "5355-07": "775",
    "5355-08": "771",
    "5355-09": "766",
    "5355-10": "787",
    "5355-11": "785",
}
DERIVATIONS |= {code: _wards_of_district(district) for code, district in _NAMED_DISTRICTS.items()}


@figure("5355-12")
def period(records: Records) -> Value:
    days = (records.get(records.round, "starts_on"), records.get(records.round, "ends_on"))
    months = [document_date(day).partition("/")[2] for day in days]
    return Value(days, "tháng {} - tháng {}".format(*months), ROUND)


@figure("5355-13")
def least_floor_area(records: Records) -> Value:
    store = records.criterion("TC15")
    if store is None or store.fact_minimum is None:
        return Value(None, UNKNOWN)
    return Value(store.fact_minimum, f"{number(store.fact_minimum)} {store.fact_unit}", Source("criterion", store.code))


@figure("5355-14")
def counted_criteria(records: Records) -> Value:
    return count(sum(criterion.is_counted for criterion in records.criteria), SUMMARY)


@figure("5355-15")
def wards_in_top_band(records: Records) -> Value:
    wards = records.by_band[TOP]
    names = ", ".join(records.ward_name(row.ward) for row in wards)
    return Value(len(wards), f"{number(len(wards))} ({names})" if wards else "0", IN_TOP)


@figure("5355-16")
def wards_in_middle_band(records: Records) -> Value:
    return count(len(records.by_band[MIDDLE]), IN_MIDDLE)


@figure("5355-17")
def lower_end_of_middle_band(records: Records) -> Value:
    """Return the lowest whole score of the band, since the band begins there by its definition.

    Rounded as pages are: no whole score gives the 50% of the report, by whatever rule (D09).
    """
    bounds = whole_score_bounds(records.bands[MIDDLE], int(records.maximum))
    lowest = bounds[0] if bounds else None
    return percent(percent_of(lowest, records.maximum), lowest, records.maximum, source=IN_MIDDLE)


@figure("5355-18")
def upper_end_of_middle_band(records: Records) -> Value:
    """The highest score that a ward of the band reached: the band itself ends at 22/23, the report at 20/23."""
    scores = [records.score(row)[0] for row in records.by_band[MIDDLE]]
    highest = max((score for score in scores if score is not None), default=None)
    share = percent_of(highest, records.maximum, records.get(records.round, "rounding"))
    return percent(share, highest, records.maximum, source=IN_MIDDLE)


@figure("5355-19")
def wards_in_low_band(records: Records) -> Value:
    return count(len(records.by_band[LOW]), IN_LOW)


@figure("5355-20")
def pilot_funding(records: Records) -> Value:
    amount = records.get(records.round, "funding")
    if amount is None:
        return Value(None, UNKNOWN, ROUND)
    return Value(amount, short_money(amount), ROUND, money(amount))


def _score_at(position: int) -> Derivation:
    def derivation(records: Records) -> Value:
        enrolment = records.enrolment_at(position)
        if enrolment is None:
            return Value(None, UNKNOWN)
        return count(records.score(enrolment)[0], Source("ward", enrolment.ward_id))

    return derivation


#: the 26 lines of the appendix, in their order
DERIVATIONS |= {f"5355-{22 + position:02d}": _score_at(position) for position in range(1, 27)}


def late_districts_note(records: Records, printed: str) -> str:
    """The six districts that III.4.a calls late are those without an enrolled ward: a coincidence, noted as such.

    Gives the names of the districts in force without an enrolled ward if they are the printed ones, else "".
    """
    without = [district for district in records.districts if not records.wards_by_district[district.pk]]
    named = {re.sub(r"^(quận|huyện) ", "", name, flags=re.IGNORECASE) for name in re.split(r", | và ", printed)}
    if {district.name for district in without} != named:
        return ""
    return ", ".join(district.in_sentence for district in without)


# 2710/BC-SNV: course rows, summary lines, workforce, money


def _course_count(key: str, name: str) -> Derivation:
    def derivation(records: Records) -> Value:
        course = records.course(key)
        if course is None:
            return Value(None, UNKNOWN)
        is_lower_bound = name == "participants" and records.get(course, "is_lower_bound")
        return padded_count(records.get(course, name), Source("course", course.pk), is_lower_bound=is_lower_bound)

    return derivation


#: the rows of I.2.a and which of their counts is printed
_COURSE_COUNTS = {
    "2710-01": ("cu-nhan-van-bang-2", "participants"),
    "2710-02": ("trung-cap-thanh-pho", "participants"),
    "2710-03": ("boi-duong-3-thang", "classes"),
    "2710-04": ("boi-duong-3-thang", "participants"),
    "2710-05": ("boi-duong-chinh-ly", "classes"),
    "2710-06": ("boi-duong-chinh-ly", "participants"),
    "2710-07": ("boi-duong-10-ngay", "classes"),
    "2710-08": ("boi-duong-10-ngay", "participants"),
    "2710-09": ("boi-duong-so-hoa", "classes"),
    "2710-10": ("boi-duong-so-hoa", "participants"),
    "2710-11": ("tap-huan-thanh-pho", "participants"),
    "2710-14": ("hoc-tap-so-hoa", "participants"),
    "2710-16": ("hoc-tap-kinh-nghiem", "participants"),
    "2710-17": ("tap-huan-so-nganh", "participants"),
    "2710-18": ("tap-huan-quan-huyen", "participants"),
    "2710-19": ("trung-cap-quan", "classes"),
    "2710-20": ("trung-cap-quan", "participants"),
    "2710-21": ("quan-11-cu-nhan", "participants"),
    "2710-22": ("quan-11-cao-dang", "participants"),
}
DERIVATIONS |= {code: _course_count(key, name) for code, (key, name) in _COURSE_COUNTS.items()}


@figure("2710-12")
def study_tour_classes(records: Records) -> Value:
    line = records.lines["hoc-tap-trong-nuoc"]
    classes = sum(records.get(course, "classes") or 0 for course in line.courses)
    return padded_count(classes, Source("category", line.category.code))


@figure("2710-15")
def provinces_visited(records: Records) -> Value:
    """Provinces, and the places named beside them that are none (E08)."""
    course = records.course("hoc-tap-kinh-nghiem")
    if course is None:
        return Value(None, UNKNOWN)
    provinces = [name for name in records.get(course, "provinces").split(";") if name.strip()]
    places = [place.strip() for place in records.get(course, "place").split(",")]
    others = [place for place in places if place and not place.startswith("Chi cục")]
    words = " và ".join([f"{len(provinces)} tỉnh", *others])
    return Value(len(provinces), words, Source("course", course.pk))


def _actual(category: str) -> Derivation:
    def derivation(records: Records) -> Value:
        line = records.lines[category]
        value = padded_count(
            line.attainment.actual, Source("category", category), is_lower_bound=line.attainment.is_lower_bound
        )
        return Value(value.value, value.display, value.source, _sum_of(records, line.courses))

    return derivation


def _sum_of(records: Records, courses: list[Course]) -> str:
    """ "370 + 822 + 80"; nothing for a single row."""
    return " + ".join(_participants(records, course) for course in courses) if len(courses) > 1 else ""


def _participants(records: Records, course: Course) -> str:
    is_lower_bound = records.get(course, "is_lower_bound")
    return at_least(number(records.get(course, "participants")), is_lower_bound=is_lower_bound)


def _target(category: str) -> Derivation:
    return lambda records: padded_count(records.lines[category].attainment.target, Source("category", category))


def _attained(category: str) -> Derivation:
    def derivation(records: Records) -> Value:
        line = records.lines[category].attainment
        options = {"source": Source("category", category), "sign": " %", "is_lower_bound": line.is_lower_bound}
        return percent(line.percent, line.actual, line.target, **options)

    return derivation


_ACTUALS = {
    "2710-13": "hoc-tap-trong-nuoc",
    "2710-23": "dai-hoc",
    "2710-26": "trung-cap",
    "2710-29": "so-cap-3-thang",
    "2710-32": "ngan-han",
    "2710-35": "cao-dang",
    "2710-36": "tap-huan",
    "2710-37": "hoc-tap-trong-nuoc",
}
_TARGETS = {"2710-24": "dai-hoc", "2710-27": "trung-cap", "2710-30": "so-cap-3-thang", "2710-33": "ngan-han"}
_PERCENTS = {"2710-25": "dai-hoc", "2710-28": "trung-cap", "2710-31": "so-cap-3-thang", "2710-34": "ngan-han"}
DERIVATIONS |= {code: _actual(category) for code, category in _ACTUALS.items()}
DERIVATIONS |= {code: _target(category) for code, category in _TARGETS.items()}
DERIVATIONS |= {code: _attained(category) for code, category in _PERCENTS.items()}


def _city_money(words: Callable[[Decimal], str]) -> Derivation:
    def derivation(records: Records) -> Value:
        funding = records.city_funding
        amount = records.get(funding, "amount") if funding else None
        return Value(amount, UNKNOWN if amount is None else words(amount), FUNDING)

    return derivation


DERIVATIONS |= {"2710-38": _city_money(money), "2710-39": _city_money(money_in_words)}


def _workforce(name: str) -> Derivation:
    def derivation(records: Records) -> Value:
        counted = records.workforce
        return padded_count(records.get(counted, name) if counted else None, WORKFORCE)

    return derivation


DERIVATIONS |= {"2710-40": _workforce("total"), "2710-41": _workforce("qualified")}


@figure("2710-42")
def qualified_share(records: Records) -> Value:
    """Printed as a share of the targets; only the qualified of all people gives it (E01)."""
    counted = records.workforce
    qualified, total = (records.get(counted, name) for name in ("qualified", "total")) if counted else (None, None)
    share = percent_of(qualified, total, records.get(records.scheme, "rounding"))
    return percent(share, qualified, total, source=WORKFORCE)
