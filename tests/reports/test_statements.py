"""What the sentences of a passage say of units, districts, scores and shares, held against the records."""

from __future__ import annotations

from decimal import Decimal
from itertools import chain

import pytest

from criteria.inspections.models import Round
from reports.checks import statements
from reports.checks.found import SEVERITY
from reports.checks.names import Name
from reports.checks.numbers import Words
from reports.checks.run import findings_of
from reports.checks.statements import BandFacts, Facts, WardScore, statements_hold
from reports.documents.context import CONTEXTS, RoundContext, SchemeContext
from reports.documents.passages import issued_passages, written_of
from reports.documents.round_report import parts as round_parts
from reports.frozen.figures import figures_of
from reports.models import ReportKind
from reports.passages.proposals import proposals
from reports.passages.services import write_passage
from reports.results.band_sentences import band_sentence
from reports.results.bands import band_counts
from reports.subjects import report_of
from tests.reports.test_closing import approve
from tests.support.factories import enrol, make_district, make_round, make_ward
from training.models import Scheme
from training.queries import summary_lines
from training.report_sentences import summary_text


def unit(name: str, district: str, score: int | None, *, kind: str = "Phường") -> WardScore:
    points = None if score is None else Decimal(score)
    return WardScore(Name(kind, name, district), points, None if score is None else Decimal(23))


UNITS = [
    unit("Tân Quý", "Quận Tân Phú", 23),
    unit("4", "Quận 6", 20),
    unit("14", "Quận 6", 12),
    unit("4", "Quận 3", 11),
    unit("Long Hòa", "Huyện Cần Giờ", None, kind="Xã"),
]
FACTS = Facts(
    units=UNITS,
    districts=[Name("Quận", name) for name in ("2", "3", "6", "Tân Phú")] + [Name("Huyện", "Cần Giờ")],
    bands=[
        BandFacts(["Hoàn thành 23/23 (100%)", "Tốt"], UNITS[:1]),
        BandFacts(["Hoàn thành 12 - 22/23 (từ 50% đến dưới 100%)", "12 - 20/23"], UNITS[1:3]),
        BandFacts(["Hoàn thành từ 11/23 trở xuống", "dưới 11/23"], UNITS[3:4]),
    ],
    maximum=23,
)


@pytest.mark.parametrize(
    ("rule", "text", "true"),
    [
        # Shares.
        ("shares_follow", "9/26 đơn vị (35%)", []),
        ("shares_follow", "9/26 đơn vị (34%); 9/26 đơn vị (34,61%); 9/26 đơn vị (34,62%)", ["35%", "34,61%"]),
        ("shares_follow", "9/26 đơn vị, chiếm tỷ lệ 53%", ["35%"]),
        ("shares_follow", "Kho (12/14 đơn vị, 86%); 20/23 tiêu chí (78%)", ["87%"]),
        ("shares_follow", "1.302/3.995 (32,59%), 1.302/3.995 (32,95%)", ["32,59%"]),
        ("shares_follow", "9/26 đơn vị (34,6%), 9/26 đơn vị (34,7%)", ["34,61%"]),
        ("shares_follow", "02 đơn vị hoàn thành 12 - 22/23 tiêu chí (40%)", []),
        ("shares_follow", "11/23 (50% đến 60%); 9/26 đơn vị đạt 50% tiêu chí; tháng 12/2018 (50%); 1/0 (5%)", []),
        # Lists.
        ("lists_are_complete", "Có 03 đơn vị, gồm: Phường 4, Phường 14, Quận 6; phường Tân Quý, quận Tân Phú.", []),
        ("lists_are_complete", "Có 03 đơn vị đạt từ 12 đến 22/23 tiêu chí, gồm: Phường 4 và 14, Quận 6.", ["2"]),
        ("lists_are_complete", "2/5 đơn vị chưa đạt: Phường 4 (Quận 6), Phường 4 (Quận 3), xã Long Hòa", ["3"]),
        ("lists_are_complete", "2 UBND phường, xã được kiểm tra, bao gồm: xã Long Hòa, Bình Khánh, An Nghĩa", ["3"]),
        ("lists_are_complete", "Có 09 đơn vị làm tốt như: Phường 4, Quận 6; hơn 20 đơn vị, gồm Phường 4", []),
        ("lists_are_complete", "Có 09 đơn vị, gồm: Phường 4, Quận 6...; 5 đơn vị: kho, tủ. Phường 4", []),
        ("lists_are_complete", "Có 9 đơn vị, kinh phí 2 tỷ đồng, gồm: Phường 4; 3 đơn vị. Như sau: Phường 4", []),
        ("lists_are_complete", "2 đơn vị: Phường 4, 14, Quận 6, trong đó Phường 14 làm tốt", []),
        # Units of a district.
        ("districts_have_units", "Quận 6 có 02 đơn vị tham gia; Quận 3 chọn 01 đơn vị; huyện Cần Giờ có 1 đơn vị", []),
        ("districts_have_units", "Quận 6 có 03 đơn vị, UBND quận Tân Phú chọn 2 đơn vị.", ["2", "1"]),
        ("districts_have_units", "Quận 2 có 1 đơn vị trong đợt kiểm tra", ["0"]),
        ("districts_have_units", "Quận 6 có 01 đơn vị hoàn thành 20/23 tiêu chí; Quận 6 có 1 đơn vị thực hiện tốt", []),
        ("districts_have_units", "Quận 3, 6 có 03 đơn vị; Quận 6 có 14 đơn vị hành chính; Quận 99 có 1 đơn vị", []),
        # Scores.
        ("units_have_scores", "Phường 4, Quận 6 đạt 20/23 tiêu chí (87%); phường Tân Quý đã hoàn thành 23/23", []),
        ("units_have_scores", "Phường 4, Quận 6 đạt 21/23; Phường 4 (Quận 3) chỉ đạt 12/23", ["20/23", "11/23"]),
        ("units_have_scores", "Phường 4 đạt 11/23 tiêu chí, Phường 4 đạt 12/23 tiêu chí", ["20/23; 11/23"]),
        ("units_have_scores", "xã Long Hòa, huyện Cần Giờ đạt 9/23 tiêu chí", ["—"]),
        ("units_have_scores", "Phường 14, Quận 6 đạt 3/5 tiêu chí; Phường 77 đạt 3/23; Phường 4 chưa đạt 9/23", []),
        # Averages: 66/4; Quận 6: 16.
        ("averages_follow", "Bình quân 16,50 tiêu chí trên 04 đơn vị; bình quân mỗi đơn vị đạt 16,5/23 tiêu chí", []),
        ("averages_follow", "bình quân của Quận 6 là 16 tiêu chí; bình quân đạt 11 tiêu chí", []),
        ("averages_follow", "Bình quân toàn đợt đạt 17,85 tiêu chí", ["16,50"]),
        ("averages_follow", "Quận 6 đạt bình quân 16,5 tiêu chí", ["16,00"]),
        # Bands.
        ("bands_are_counted", "Có 02 đơn vị hoàn thành từ 12 đến 22/23 tiêu chí; 1/5 đơn vị (20%) đạt 23/23", []),
        ("bands_are_counted", "Có 03 đơn vị hoàn thành từ 12 đến 22/23 tiêu chí, gồm: Phường 4", ["2"]),
        ("bands_are_counted", "02 đơn vị hoàn thành từ 11/23 tiêu chí trở xuống; 02 đơn vị đạt 23/23", ["1", "1"]),
        ("bands_are_counted", "3 đơn vị hoàn thành 12 - 22/23 (từ 50% đến dưới 100%)", ["2"]),
        ("bands_are_counted", "02 đơn vị hoàn thành 12 - 20/23; 1 đơn vị hoàn thành dưới 11/23 tiêu chí", []),
        ("bands_are_counted", "2 đơn vị đạt từ 12/23 đến 20/23; 3 đơn vị đạt từ 12/23 đến 20/23 tiêu chí", ["2"]),
        ("bands_are_counted", "Quận 6 có 01 đơn vị hoàn thành từ 12 đến 22/23 tiêu chí", ["2"]),
        ("bands_are_counted", "Quận 3 có 01 đơn vị hoàn thành từ 11/23 tiêu chí trở xuống", []),
        ("bands_are_counted", "02 đơn vị thuộc mức “Tốt”; 1 đơn vị xếp loại tốt; 4 đơn vị đạt tiêu chí “Tốt”", ["1"]),
        ("bands_are_counted", "5 đơn vị chưa đạt 12/23; hơn 5 đơn vị đạt 23/23; 5 đơn vị đạt ít nhất 1/23", []),
    ],
)  # fmt: skip
def test_rules(rule, text, true):
    found = [wrong.true for wrong in getattr(statements, rule)(text, FACTS)]
    assert found == true


def test_every_rule_is_told_with_its_words_and_its_place():
    text = (
        "Có 9/26 đơn vị (34%).\n3 đơn vị, gồm: Phường 4, Quận 6.\nQuận 6 có 3 đơn vị.\n"
        "Phường 14 đạt 13/23 tiêu chí.\nBình quân 9 tiêu chí.\n2 đơn vị đạt 23/23 tiêu chí."
    )
    found = statements_hold([Words("“Đoạn”", text, "/a/#b")], FACTS)
    said = ["9/26 đơn vị (34%", "3 đơn vị", "Quận 6 có 3 đơn vị", "Phường 14 đạt 13/23", "Bình quân 9", "2 đơn vị đạt"]
    assert len(found) == len(statements.RULES) == len(said)
    for each, words in zip(found, said, strict=True):
        assert each.severity == SEVERITY.HIGH and each.address == "/a/#b"
        assert "“Đoạn”" in each.text and f"“{words}" in each.text
    # A report without units (on a scheme) is held against itself alone.
    alone = statements_hold([Words("“Đoạn”", text, "/a/#b")], Facts())
    assert alone == found[:2]


def contradictions(subject) -> list[str]:
    return [each.text for each in findings_of(subject) if "#" in each.address and "/van-ban/" in each.address]


def texts_of_the_portal(subject, user) -> list[str]:
    """Return what the portal itself words on the records of a round or scheme."""
    kind = report_of(subject).kind
    context = CONTEXTS[kind](user, subject, has_notes=False)
    written = [figure["sentence"] for figure in figures_of(subject)]
    written += SENTENCES[kind](context)
    written += [proposal.text for proposal in proposals(context) if proposal.origin == "records"]
    lines = chain.from_iterable(text.split("\n") for text in written_of(subject).texts.values())
    by_people = {line.strip() for line in lines}
    return [text for text in written if text and "…" not in text and text not in by_people]


def sentences_on_a_round(context: RoundContext) -> list[str]:
    bands = band_counts(context.user, context.round).bands
    blocks = list(chain.from_iterable(round_parts(context).values()))
    texts = [getattr(block, "text", "") for block in blocks]
    in_parts = [block.parts for block in blocks if hasattr(block, "parts")]
    return [
        *(band_sentence(band, context.user) for band in bands),
        *(text for text in texts if isinstance(text, str)),
        *("".join(part for part in parts if isinstance(part, str)) for parts in in_parts),
    ]


def sentences_on_a_scheme(context: SchemeContext) -> list[str]:
    return [summary_text(summary_lines(context.scheme))]


SENTENCES = {
    ReportKind.ROUND: sentences_on_a_round,
    ReportKind.SCHEME: sentences_on_a_scheme,
}


@pytest.mark.parametrize("is_issued", [True, False])
def test_the_portals_own_sentences_contradict_nothing(cast, is_issued):
    inspection_round = Round.objects.get(code="gd1-2019") if is_issued else make_round()
    if not is_issued:
        districts = [make_district(name="7"), make_district(name="Đông Hòa", kind="huyen")]
        rows = [enrol(inspection_round, make_ward(districts[place % 2], name=str(place + 1))) for place in range(5)]
        for row, met in zip(rows[:4], (4, 3, 1, 4), strict=True):
            approve(row, cast, {place: "met" if place <= met else "not_met" for place in range(1, 5)})
    before = contradictions(inspection_round)
    written = texts_of_the_portal(inspection_round, cast.approver)
    if is_issued:
        written += [band_sentence(band, cast.cangio) for band in band_counts(cast.cangio, inspection_round).bands]
        assert any(text.startswith("Huyện Cần Giờ có 0") for text in written)
    assert len(written) > 20
    write_passage(subject=inspection_round, key="directions", text="\n".join(written), seen=0, by=cast.approver)
    assert contradictions(inspection_round) == before


def test_the_portals_own_sentences_on_a_scheme_contradict_nothing(cast):
    scheme = Scheme.objects.get(code="02-2014")
    written = texts_of_the_portal(scheme, cast.approver)
    assert len(written) > 5
    assert statements_hold([Words("Đoạn", "\n".join(written))], Facts()) == []


def test_the_issued_passages_contradict_nothing():
    texts = [*issued_passages("5355").values(), *issued_passages("2710").values()]
    assert statements_hold([Words("Đoạn", text) for text in texts], FACTS) == []


def test_what_contradicts_the_records_of_a_round_weighs_heavily(cast):
    """Each number is some figure of the report, but not that of which it is said."""
    inspection_round = Round.objects.get(code="gd1-2019")
    text = (
        "Có 16 đơn vị hoàn thành từ 12 đến 22/23 tiêu chí. Có 9/26 đơn vị (62%). 87% đơn vị đạt. Quận 6 có 09 đơn vị."
    )
    write_passage(subject=inspection_round, key="directions", text=text, seen=0, by=cast.approver)
    found = [each for each in findings_of(inspection_round) if each.address.endswith("#directions")]
    assert [each.severity for each in found] == ["high", "high", "high", "medium"]
    told = "\n".join(each.text for each in found)
    for said in ("16 đơn vị hoàn thành", "9/26 đơn vị (62%", "Quận 6 có 09 đơn vị", "87% đơn vị"):
        assert said in told
