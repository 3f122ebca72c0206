"""Legal acts in the words of a sheet: read as a whole or not at all, recorded once, cited by the criteria."""

import datetime
from decimal import Decimal

import pytest

from archiveportal.history.models import Event
from criteria.act_words import MOST_ARTICLES, MOST_ISSUER, MOST_NUMBER, MOST_TITLE, acts_in_words
from criteria.building.services.citing import new_acts_in
from criteria.building.services.whole_set import write_whole_set
from criteria.models import Citation, LegalAct, SetBasis
from criteria.specification import LeafSpec, SetSpecification

DECREE = "Nghị định số 30/2020/NĐ-CP"
WHOLE = "Khoản 2 Điều 5 Thông tư số 05/2025/TT-BNV ngày 14/5/2025 của Bộ Nội vụ quy định nghiệp vụ lưu trữ"
DECISION = "Quyết định số 458/QĐ-TTg ngày 03 tháng 4 năm 2020 của Thủ tướng Chính phủ"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (DECREE, [("Nghị định", "30/2020/NĐ-CP", "")]),
        ("Căn cứ Luật Lưu trữ số 33/2024/QH15.", [("Luật", "33/2024/QH15", "")]),
        (f"Điều 8, Điều 9 của {DECREE}", [("Nghị định", "30/2020/NĐ-CP", "Điều 8, Điều 9")]),
        (f"{DECREE}; {DECISION}", [("Nghị định", "30/2020/NĐ-CP", ""), ("Quyết định", "458/QĐ-TTg", "")]),
        (WHOLE, [("Thông tư", "05/2025/TT-BNV", "Khoản 2 Điều 5")]),
        ("", []),
        ("Minh họa, không phải văn bản của cơ quan nào", []),
        (f"{DECREE}; thực tế tại đơn vị", []),
        (f"{DECREE}; {DECREE}", []),
        (f"{DECREE} ngày 32/3/2020", []),
        (f"Trừ khi {DECREE} quy định khác", []),
    ],
)
def test_acts_are_read_as_people_write_them(text, read):
    assert [(act.kind, act.number, act.articles) for act in acts_in_words(text)] == read


def make(basis: str, set_basis: str = "") -> SetSpecification:
    rule = {"kind": "met", "points": Decimal(1), "threshold_rule": "at_least"}
    leaf = LeafSpec(code="I-1", name="Có quy chế", heading="Có quy chế", legal_basis=basis, **rule)
    return SetSpecification(code="btc-thu", name="Bộ thử", legal_basis=set_basis, leaves=(leaf,))


@pytest.fixture
def decree(db) -> LegalAct:
    return LegalAct.objects.create(
        number="30/2020/NĐ-CP", kind="Nghị định", title="t", issuer="Chính phủ", issued_on=datetime.date(2020, 3, 5)
    )


def test_what_is_recorded_is_cited_and_what_is_named_in_full_is_recorded(decree):
    made = write_whole_set(specification=make(f"Điều 8 {DECREE}; {WHOLE}", DECISION), by=None)
    cited = Citation.objects.filter(criterion__criteria_set=made)
    assert [(row.act.number, row.articles) for row in cited] == [
        ("30/2020/NĐ-CP", "Điều 8"),
        ("05/2025/TT-BNV", "Khoản 2 Điều 5"),
    ]
    added = LegalAct.objects.get(number="05/2025/TT-BNV")
    assert (added.issuer, added.issued_on) == ("Bộ Nội vụ", datetime.date(2025, 5, 14))
    assert (added.title, added.source) == ("quy định nghiệp vụ lưu trữ", "Bảng bộ tiêu chí btc-thu, phiên bản 1")
    assert SetBasis.objects.get(criteria_set=made).act.number == "458/QĐ-TTg"
    told = Event.objects.filter(object_type="criteria.legalact", action="created")
    assert told.count() == 2
    events = Event.objects.count()
    write_whole_set(specification=make(f"Điều 8 {DECREE}; {WHOLE}", DECISION), by=None)
    assert (Event.objects.count(), LegalAct.objects.count()) == (events, 3)


def test_a_citation_goes_with_the_words_that_named_it(decree):
    made = write_whole_set(specification=make(DECREE), by=None)
    write_whole_set(specification=make(WHOLE), by=None)
    cited = Citation.objects.get(criterion__criteria_set=made)
    assert cited.act.number == "05/2025/TT-BNV"
    assert Event.objects.filter(object_type="criteria.citation", action="voided").count() == 1


@pytest.mark.parametrize("basis", ["Nghị định số 99/2030/NĐ-CP", f"{DECREE}; Nghị định số 99/2030/NĐ-CP"])
def test_an_act_that_is_not_named_in_full_stays_in_words(decree, basis):
    made = write_whole_set(specification=make(basis), by=None)
    assert not Citation.objects.exists()
    assert made.criteria.get().legal_basis == basis


def test_no_more_is_read_than_the_columns_hold():
    fields = [(LegalAct, "number"), (LegalAct, "title"), (LegalAct, "issuer"), (Citation, "articles")]
    most = [model._meta.get_field(name).max_length for model, name in fields]
    assert most == [MOST_NUMBER, MOST_TITLE, MOST_ISSUER, MOST_ARTICLES]
    assert acts_in_words(f"Điều {'1' * MOST_ARTICLES} {DECREE}") == []


def test_the_preview_says_which_act_is_added(decree):
    assert [act.in_words for act in new_acts_in([f"{DECREE}; {WHOLE}"])] == [
        "Thông tư số 05/2025/TT-BNV, 14/5/2025, Bộ Nội vụ"
    ]
