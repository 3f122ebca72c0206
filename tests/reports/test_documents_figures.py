"""The new documents have every printed figure of the reports, or a footnote that says why not."""

import datetime
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.baseline import rows
from archiveportal.vietnamese import count_in_text
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services import approve_inspection
from reports.baseline import DATA
from reports.documents import report_file
from reports.documents.passages import EMPTY
from reports.known_errors.finding import corrected_text
from reports.models import Figure, Passage
from reports.passages.services import write_passage
from tests.support.factories import answer, make_round, submit_signed
from tests.support.papers import footnotes, grid, opened, words
from training.models import Course, Scheme

NOON = datetime.datetime(2026, 3, 5, 5, 0, tzinfo=datetime.UTC)
#: the text for each figure of 5355/BC-SNV; those left out need a footnote
OF_ROUND = {
    "5355-01": "Trong 24 quận, huyện",
    "5355-03": "có 18 quận, huyện",
    "5355-04": "chọn 26 UBND phường, xã, thị trấn",
    "5355-07": "UBND Quận 6 chọn 02 đơn vị",
    "5355-08": "UBND Quận 10 chọn 03 đơn vị",
    "5355-10": "UBND huyện Cần Giờ chọn 05 đơn vị",
    "5355-11": "UBND huyện Bình Chánh chọn 02 đơn vị",
    "5355-12": "Từ tháng 11 năm 2018 đến tháng 10 năm 2019",
    "5355-13": "tối thiểu là 20m²",
    "5355-14": "(23 tiêu chí)",
    "5355-15": "Hoàn thành 23/23 (100%): Có 01 UBND phường, xã, thị trấn, gồm: phường Tân Quý, quận Tân Phú.",
    "5355-16": "Có 09 UBND phường, xã, thị trấn",
    "5355-18": "đến 87%",
    "5355-19": "Có 16 UBND phường, xã, thị trấn",
    "5355-20": "19 tỷ 200 triệu đồng",
}
NOTED_OF_ROUND = {"5355-02", "5355-05", "5355-06", "5355-09", "5355-17", "5355-19", "5355-21", "5355-22"}
OF_SCHEME = {
    "2710-01": "Lớp văn bằng 2 Cử nhân Lưu trữ học và Quản trị văn phòng, ",
    "2710-02": ": 320 người tham gia.",
    "2710-03": "17 lớp bồi dưỡng nghiệp vụ VTLT (03 tháng)",
    "2710-04": ": 1.341 lượt người tham gia.",
    "2710-05": "15 lớp bồi dưỡng nghiệp vụ chỉnh lý tài liệu lưu trữ",
    "2710-06": ": 370 lượt người tham gia.",
    "2710-07": "08 lớp bồi dưỡng nghiệp vụ VTLT (10 ngày)",
    "2710-08": ": 822 lượt người tham gia.",
    "2710-09": "02 lớp bồi dưỡng nghiệp vụ về công tác số hóa tài liệu",
    "2710-10": ": 80 lượt người tham gia.",
    "2710-11": ": 22.384 lượt người tham gia.",
    "2710-12": "03 lớp với",
    "2710-13": "với 45 lượt người tham gia",
    "2710-14": "Quảng Ngãi, Bình Định: 15 lượt người tham gia.",
    "2710-16": "hơn 400 lượt người tham gia",
    "2710-17": "hơn 3.070 người tham gia",
    "2710-18": "7.934 người tham gia",
    "2710-19": "03 lớp Trung cấp VTLT do Quận 8, quận Tân Phú và Tân Bình tổ chức",
    "2710-20": "hơn 200 người tham gia",
    "2710-21": "02 người tham gia",
    "2710-22": "Quận 11 hỗ trợ lớp Cao đẳng VTLT: 01 người tham gia",
    "2710-23": "Đại học: 41 CB.CC.VC",
    "2710-24": "so với chỉ tiêu là 86 người",
    "2710-25": "đạt 47,67% so với",
    "2710-26": "Trung cấp: 320 CB.CC.VC",
    "2710-27": "so với chỉ tiêu là 788 người",
    "2710-28": "đạt 40,60% so với",
    "2710-29": "(lớp sơ cấp 3 tháng): 1.341 lượt CB.CC.VC",
    "2710-30": "so với chỉ tiêu là 2.257 người",
    "2710-31": "đạt 59,41% so với",
    "2710-32": "Bồi dưỡng nghiệp vụ ngắn hạn: 1.272 lượt CB.CC.VC",
    "2710-33": "so với chỉ tiêu là 472 người",
    "2710-34": "đạt 269,49% so với",
    "2710-35": "Cao đẳng: 01 CB.CC.VC",
    "2710-36": "Số lượng tập huấn: 22.384 lượt CB.CC.VC",
    "2710-37": "trong nước: 45 lượt CB.CC.VC",
    "2710-38": "4.607.678.000 đồng",
    "2710-39": "(Bốn tỷ sáu trăm lẻ bảy triệu sáu trăm bảy mươi tám ngàn đồng)",
    "2710-40": "là 3.995 người",
    "2710-41": "chuyên ngành VTLT là 1.302 người",
    "2710-42": "là 32,59% (1.302/3.995)",
}
NOTED_OF_SCHEME = {"2710-15", "2710-42"}


def of_round() -> bytes:
    return report_file(user=EVERYTHING, subject=Round.objects.get(code="gd1-2019"), made_at=NOON)


def of_scheme() -> bytes:
    return report_file(user=EVERYTHING, subject=Scheme.objects.get(code="02-2014"), made_at=NOON)


def is_noted(figure: Figure, notes: list[str]) -> bool:
    return any(f"in “{figure.printed}” ({figure.label})" in note for note in notes)


@pytest.mark.parametrize(
    ("report", "make", "said", "noted"),
    [("5355", of_round, OF_ROUND, NOTED_OF_ROUND), ("2710", of_scheme, OF_SCHEME, NOTED_OF_SCHEME)],
)
def test_every_printed_figure_is_there_or_noted(baseline, report, make, said, noted):
    content = make()
    text, notes = words(content), footnotes(content)
    scores = {f"5355-{22 + position:02d}" for position in range(1, 27)}
    figures = {figure.code: figure for figure in Figure.objects.filter(report=report)}
    assert set(said) | noted | (scores if report == "5355" else set()) == set(figures)
    for code, words_for_it in said.items():
        assert words_for_it in text, code
    for code, figure in figures.items():
        assert is_noted(figure, notes) == (code in noted), code


#: figures that the document says in more words than the ledger
IN_MORE_WORDS = {
    "5355-12": "Từ tháng 11 năm 2018 đến tháng 10 năm 2019",
    "5355-13": "20m²",
    "5355-15": "Hoàn thành 23/23 (100%): Có 01 UBND phường, xã, thị trấn, gồm: phường Tân Quý, quận Tân Phú.",
}


def ways_to_print(figure: dict[str, str]) -> list[str]:
    """Write "9" as "09", as in a sentence, and "47,67 %" without its space."""
    printed = IN_MORE_WORDS.get(figure["code"], figure["printed"]).replace(" %", "%")
    return [printed, count_in_text(int(printed))] if printed.isdecimal() else [printed]


def test_all_90_printed_figures_are_read_in_the_right_document(baseline):
    """The figures of the data file, one by one: in the body, a table or a footnote; the 26 scores at their ward."""
    contents = {"5355": of_round(), "2710": of_scheme()}
    texts = {report: "\n".join([words(content), *footnotes(content)]) for report, content in contents.items()}
    scores = {f"{row[1]}, {row[2]}": row[-1].rstrip("*") for row in grid(contents["5355"])[2:-1]}
    figures = list(rows(DATA / "figures.csv"))
    assert len(figures) == 90
    lost = []
    for figure in figures:
        if figure["section"] == "Bảng tổng hợp":
            found = scores[figure["label"].removeprefix("Số lượng tiêu chí đạt được: ")] == figure["printed"]
        else:
            found = any(
                re.search(rf"(?<![\w.,/]){re.escape(way)}(?![\w/]|[.,]\d)", texts[figure["report"]])
                for way in ways_to_print(figure)
            )
        if not found:
            lost.append(figure["code"])
    assert lost == []


def test_nothing_is_left_open_in_the_first_reports(baseline):
    assert EMPTY not in words(of_round()) + words(of_scheme())


def note_behind(content: bytes, said: str) -> str:
    """Return the footnote directly after these words."""
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    before = ""
    for node in opened(content).element.body.iter(f"{space}t", f"{space}footnoteReference"):
        if node.tag == f"{space}footnoteReference":
            if before.endswith(said):
                return footnotes(content)[int(node.get(f"{space}id")) - 1]
            before = ""
        else:
            before += node.text or ""
    return ""


@pytest.mark.parametrize(
    ("make", "said", "note"),
    [
        (of_round, "ngày 21 ngày 12 năm 2018", "Sai sót D03: "),
        (of_round, "trên 90", "(Người tham dự Hội nghị triển khai)"),
        (of_round, "chưa trang bị hệ thống báo, chữa cháy tự động", "Cần làm rõ D18: "),
        (of_round, "Bình Thạnh và huyện Củ Chi", "(UBND quận, huyện chậm ban hành kế hoạch)"),
        (of_scheme, "32,59%", "Mâu thuẫn E01: "),
        (of_scheme, "Nghị định số 110/2017/NĐ-CP", "Sai sót E06: "),
        (of_scheme, "Thông tư số 36/2018/TT-BNV", "Sai sót E05: "),
    ],
)
def test_the_notes_on_passages_stand_behind_the_words_that_they_are_about(baseline, make, said, note):
    assert note in note_behind(make(), said)


def test_a_passage_that_was_mended_has_no_note_on_what_is_gone(cast):
    scheme = Scheme.objects.get(code="02-2014")
    text = Passage.objects.get(kind="scheme", key="limits").versions.first().text
    mended = text.replace("110/2017/NĐ-CP", "101/2017/NĐ-CP").replace(", đến nay chỉ đạt 32,59% so với chỉ tiêu", "")
    write_passage(subject=scheme, key="limits", text=mended, seen=1, by=cast.approver)
    notes = footnotes(of_scheme())
    assert not any("E06" in note for note in notes) and any("E05" in note for note in notes)
    # The signed report printed the figure nevertheless: it keeps its note, at the end of the passage.
    assert note_behind(of_scheme(), "nghiên cứu chưa cao.").startswith("Báo cáo số 2710/BC-SNV in “32,59%”")


def test_a_copy_without_notes_says_the_same_otherwise(baseline):
    for code, model, whole in (("gd1-2019", Round, of_round()), ("02-2014", Scheme, of_scheme())):
        subject = model.objects.get(code=code)
        clean = report_file(user=EVERYTHING, subject=subject, made_at=NOON, has_notes=False)
        printed = report_file(user=EVERYTHING, subject=subject, made_at=NOON, is_as_printed=True)
        assert footnotes(whole) and not footnotes(clean) and not footnotes(printed)
        # Two notes at one place are separated by a comma.
        said = words(whole).replace(", \n", "\n").replace(", ", "")
        assert said == words(printed).replace(", ", "")
        # Scanned words on the staff are not in a new paper: the appendix of a round differs.
        body, corrected = (text.partition("Phụ lục\n")[0] for text in (words(clean), corrected_text(words(printed))))
        assert body == corrected


def test_the_26_scores_stand_in_the_appendix(baseline):
    lines = grid(of_round())[2:-1]
    printed = Figure.objects.filter(code__gte="5355-23", report="5355").order_by("code")
    assert [row[-1].rstrip("*") for row in lines] == [figure.printed for figure in printed]
    # The one ward whose cells are known has no mark of a score that was only published.
    assert [row[0] for row in lines if not row[-1].endswith("*")] == ["16"]
    assert grid(of_round())[-1][-1] == "308"


def test_the_appendix_has_the_24_columns_in_two_header_rows(baseline):
    upper, lower = grid(of_round())[:2]
    assert len(upper) == 3 + 24 + 1
    assert upper[8:11] == ["Nhân sự làm công tác VTLT"] * 3 and lower[8:11] == [
        "Số lượng",
        "Trình độ CM",
        "Trình độ VTLT",
    ]
    assert upper[18:23] == ["Kho Lưu trữ"] * 5 and lower[18] == "Có Kho"


def test_cells_that_no_record_has_stay_empty(baseline):
    for row in grid(of_round())[2:-1]:
        cells = row[3:8] + row[11:27]
        assert set(cells) == ({"1"} if row[0] == "16" else {""})


def test_a_discrepancy_is_quoted(baseline):
    notes = footnotes(of_round())
    (note,) = [note for note in notes if "chọn từ 2 đến 5 đơn vị" in note]
    assert "in “6”" in note and "hồ sơ cho kết quả 4" in note and "Mâu thuẫn D05: " in note
    assert any("Mâu thuẫn E01: " in note for note in footnotes(of_scheme()))


def test_a_score_that_changed_since_is_noted_in_its_cell(cast):
    enrolment = Enrolment.objects.get(round__code="gd1-2019", position=11)
    answer(enrolment, cast.inspector, "met")
    submit_signed(inspection=enrolment.inspection, by=cast.inspector)
    enrolment.inspection.refresh_from_db()
    approve_inspection(inspection=enrolment.inspection, by=cast.approver)
    content = of_round()
    assert grid(content)[2 + 10][-1] == "23"
    (note,) = [note for note in footnotes(content) if "Phường 6, Quận 10" in note]
    assert "số liệu của báo cáo là 11, hồ sơ hiện nay là 23" in note
    assert "Hoàn thành 23/23 (100%): Có 02 UBND phường, xã, thị trấn, gồm: " in words(content)


def test_a_course_that_was_corrected_is_noted(baseline):
    course = Course.objects.get(report_key="boi-duong-10-ngay")
    course.participants, course.as_reported = 900, {"participants": 822}
    course.save()
    content = of_scheme()
    assert ": 900 lượt người tham gia" in words(content) and "1.350 lượt CB.CC.VC" in words(content)
    assert any("in “822”" in note and "hồ sơ hiện nay là 900" in note for note in footnotes(content))


def test_the_same_records_give_the_same_bytes(baseline):
    assert of_round() == of_round() and of_scheme() == of_scheme()


@pytest.mark.parametrize(
    ("name", "argument", "kind", "file"),
    [
        ("round-document", "gd1-2019", "dot-kiem-tra", "bao-cao-so-ket-gd1-2019-khong-chu-thich.docx"),
        ("scheme-document", "02-2014", "de-an", "bao-cao-tong-ket-02-2014-khong-chu-thich.docx"),
    ],
)
def test_the_pages_offer_the_copy_without_notes(cast, sign_in, name, argument, kind, file):
    client, address = sign_in(cast.inspector), f"{reverse(f'reports:{name}', args=[argument])}?chu-thich=khong"
    response = client.get(address)
    assert not footnotes(response.content) and file in response["Content-Disposition"]
    for page in (reverse("reports:index"), reverse("reports:passages", args=[kind, argument])):
        assert address in client.get(page).content.decode()
        # Leadership has one copy: the clean one.
        assert "chu-thich" not in sign_in(cast.leader).get(page).content.decode()


def test_a_report_that_was_not_issued_has_no_second_copy(cast, sign_in):
    made = make_round()
    page = sign_in(cast.leader).get(reverse("reports:passages", args=["dot-kiem-tra", made.code])).content.decode()
    assert reverse("reports:round-document", args=[made.code]) in page and "chu-thich" not in page


@pytest.mark.parametrize("kind", ["report-5355", "report-2710"])
def test_the_command_writes_a_copy_without_notes(baseline, tmp_path, kind):
    subject = ["--round", "gd1-2019"] if kind == "report-5355" else ["--scheme", "02-2014"]
    for options, has_notes in (([], True), (["--without-notes"], False)):
        output = tmp_path / "report.docx"
        call_command("export", kind, *subject, *options, "--output", str(output), stdout=StringIO())
        assert bool(footnotes(output.read_bytes())) == has_notes
