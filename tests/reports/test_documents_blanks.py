"""What is not recorded is left out of a paper or left blank, and said on the page: no remark of the system in it."""

import re

import pytest
from django.utils.translation import override

from archiveportal.accounts.scope import EVERYTHING
from criteria.inspections.models import Round
from criteria.inspections.services import approve_inspection
from reports.checks.run import findings_of
from reports.documents import report_file
from tests.support.factories import answer, enrol, make_district, make_round, make_set, make_ward, submit_signed
from tests.support.papers import opened, words
from tests.support.training import make_category, make_scheme
from training.models import Course, Funding, Scheme, WorkforceCount

#: sentences in brackets that the issued reports have themselves, and the form of an appendix
OF_PAPERS = ("(Kết quả đạt các tiêu chí theo Bảng tổng hợp đính kèm.)", "(Kèm theo Báo cáo số")
#: what only a program would say
REMARKS = re.compile(
    r"\(…\)|chưa có số liệu|không có số liệu|hồ sơ không|chưa lập bảng|chữ quét|chưa đối chiếu|chưa nhập|\bNone\b|"
    r"chưa có đơn vị nào|không rõ năm",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"[\d.,]*\d(?:/\d+|%)")


def approved(found: Round, cast, outcomes: dict) -> None:
    enrolment = enrol(found, make_ward(make_district()))
    answer(enrolment, cast.inspector, outcomes)
    submit_signed(inspection=enrolment.inspection, by=cast.inspector)
    enrolment.inspection.refresh_from_db()
    approve_inspection(inspection=enrolment.inspection, by=cast.approver)


def empty_round(cast) -> Round:
    return make_round()


def round_without_results(cast) -> Round:
    found = make_round(make_set(3))
    for _ in range(2):
        enrol(found, make_ward(make_district()))
    return found


def round_with_one_result_of_four(cast) -> Round:
    found = make_round(make_set(3))
    approved(found, cast, {1: "met", 2: "not_met", 3: "met"})
    for _ in range(3):
        enrol(found, make_ward(make_district()))
    return found


def round_with_a_full_score(cast) -> Round:
    found = make_round(make_set(3))
    approved(found, cast, {1: "met", 2: "met", 3: "met"})
    return found


def issued_round(cast) -> Round:
    return Round.objects.get(code="gd1-2019")


def empty_scheme(cast) -> Scheme:
    return make_scheme()


def scheme_with_a_line_of_nothing(cast) -> Scheme:
    found = make_scheme()
    make_category(found, name="Không ghi gì")
    course = make_category(found, target=10, name="Đại học")
    make_category(found, target=10, name="Có chỉ tiêu", kind="professional")
    Course(
        category=course, name="Lớp", participants=7, classes=1, unit="persons", organiser="city", enters_summary=True
    ).save()
    return found


def issued_scheme(cast) -> Scheme:
    return Scheme.objects.get(code="02-2014")


SUBJECTS = [
    empty_round,
    round_without_results,
    round_with_one_result_of_four,
    round_with_a_full_score,
    issued_round,
    empty_scheme,
    scheme_with_a_line_of_nothing,
    issued_scheme,
]


@pytest.fixture(params=SUBJECTS, ids=lambda make: make.__name__)
def clean(request, cast) -> bytes:
    return report_file(user=EVERYTHING, subject=request.param(cast), has_notes=False)


def test_no_remark_of_the_system_stands_in_a_paper(clean):
    lines = [line.strip() for line in words(clean).split("\n")]
    assert [line for line in lines if REMARKS.search(line)] == []
    in_brackets = [line for line in lines if line.startswith("(") and line.endswith(")")]
    assert [line for line in in_brackets if not line.startswith(OF_PAPERS)] == []


def test_no_row_of_a_table_has_nothing_but_zeros(clean):
    for table in opened(clean).tables[1:]:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        for row in rows[1:]:
            figures = [cell for cell in row[1:] if re.fullmatch(r"[\d.,]+%?|—", cell)]
            assert not figures or set(figures) - {"0", "0%", "—", "0,00"}, row


def test_no_bracket_repeats_the_words_before_it(clean):
    for line in words(clean).split("\n"):
        for bracket in re.finditer(r"\(([^()]*)\)", line):
            numbers = set(_NUMBERS.findall(bracket[1]))
            before = set(_NUMBERS.findall(line[: bracket.start()]))
            assert not numbers or numbers - before, line


def listed(subject) -> str:
    with override("en"):
        return "\n".join(finding.text for finding in findings_of(subject))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (empty_round, "No unit takes part in this round"),
        (round_without_results, "None of the 2 units of this round has a result yet."),
        (round_with_one_result_of_four, "The table by criterion is left out of the report: 1 of 4 units"),
        (
            issued_round,
            "Words on the staff as scanned, without an approved checklist, are left out of a new paper (25).",
        ),
        (empty_scheme, "No course is recorded: sections a) and b) are left blank."),
        (empty_scheme, "No funding is recorded."),
        (empty_scheme, "No count of the workforce is recorded."),
        (scheme_with_a_line_of_nothing, "are left out of the report (1): Không ghi gì."),
        (scheme_with_a_line_of_nothing, "No course has a day, so the report has no table by year."),
    ],
)
def test_what_is_missing_is_listed_on_the_page(cast, make, said):
    assert said in listed(make(cast))


def test_a_criterion_that_nobody_assessed_is_left_out_and_listed(cast):
    found = make_round(make_set(3))
    approved(found, cast, {1: "met", 2: "not_met", 3: "met"})
    nobody = found.criteria_set.criteria.get(number=3)
    nobody.results.all().update(outcome="")
    text = words(report_file(user=EVERYTHING, subject=found, has_notes=False)).partition("Phụ lục\n")[0]
    table = text.partition("Kết quả theo từng tiêu chí")[2]
    assert nobody.name not in table and found.criteria_set.criteria.get(number=1).name in table
    assert f"Criteria that nobody assessed are left out of the report (1): {nobody.name}." in listed(found)


def test_blanks_are_those_of_a_paper(cast):
    of_scheme = words(report_file(user=EVERYTHING, subject=empty_scheme(cast), has_notes=False))
    assert "trong đó trình độ chuyên ngành VTLT là …… người." in re.sub("…+", "……", of_scheme)
    assert "d) Kinh phí đào tạo từ nguồn ngân sách của Thành phố là …… đồng." in re.sub("…+", "……", of_scheme)
    found = empty_scheme(cast)
    WorkforceCount.objects.create(scheme=found, counted_on="2021-05-01", total=10, qualified=4)
    Funding.objects.create(scheme=found, source="city", amount=10**9)
    assert "là …" not in words(report_file(user=EVERYTHING, subject=found, has_notes=False))


def test_scanned_words_on_the_staff_are_in_copies_of_the_old_report_alone(cast):
    found = issued_round(cast)
    options = ({"has_notes": False}, {"is_as_printed": True}, {})
    texts = [words(report_file(user=EVERYTHING, subject=found, **each)) for each in options]
    assert ["CN Luật | 0 | 0" in text for text in texts] == [False, True, True]
    assert ["chữ quét" in text for text in texts] == [False, True, True]
