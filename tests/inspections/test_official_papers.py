"""The papers of an inspection: from the records, written, signed, issued; what they lack; the file of one unit."""

import datetime
import io
import json
import re
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone

from archiveportal.files.checking import read_as_kept
from archiveportal.files.services import check_file, keep_file
from archiveportal.office.kinds import PaperKind
from archiveportal.office.models import Signatory
from archiveportal.word.writer import Text
from criteria.inspections.models import (
    Decision,
    DecisionUnit,
    Enrolment,
    Extension,
    Minutes,
    OfficialPaper,
    Scan,
    Team,
    TeamMember,
)
from criteria.inspections.models.official_papers import OF_WHOLE_DECISION
from criteria.inspections.papers.official.archive import FILE_NAMES, papers_of_round
from criteria.inspections.papers.official.blocks import IssuedAs, blocks_of, word_of, words_of, words_of_papers
from criteria.inspections.papers.official.lacking import lacking_in
from criteria.inspections.papers.official.reading import subject_of
from criteria.inspections.papers.official.words import PaperWords
from criteria.inspections.services import official_papers as services
from tests.support.factories import enrol, make_round, make_set, make_ward
from tests.support.inspections import published_finding
from tests.support.papers import words
from tests.support.pdf import pdf_of
from tests.support.pictures import word_file

DAY = datetime.date(2026, 3, 2)
KINDS = sorted(kind for kind in PaperKind if kind not in ("round_report", "scheme_report", "round_letter", "minutes"))
OF_ONE_UNIT = ("visit_notice", "announcement", "remedy_letter")


@pytest.fixture
def decided(cast) -> Decision:
    """A decision on three units by a team of two."""
    inspection_round = make_round(make_set(3), kind="specialised", legal_basis="Luật Lưu trữ số 33/2024/QH15")
    team = Team.objects.create(round=inspection_round, name="Đoàn kiểm tra số 1")
    for order, (part, person, name) in enumerate(
        [("head", cast.inspector, "Nguyễn Thị Lan"), ("member", None, "Lê B")]
    ):
        TeamMember.objects.create(team=team, part=part, person=person, full_name=name, order=order)
    decision = Decision.objects.create(
        round=inspection_round, team=team, title="Về việc kiểm tra công tác lưu trữ", ground="directed",
        grounds="Văn bản số 9/UBND ngày 01 tháng 02 năm 2026", contents="Việc lập hồ sơ\nKho lưu trữ",
        number="45/QĐ-CCVTLT", issued_on=DAY, signer_name="Lê Minh Đức",
    )  # fmt: skip
    for _ in range(3):
        unit = enrol(inspection_round, make_ward())
        Enrolment.objects.filter(pk=unit.pk).update(team=team)
        DecisionUnit.objects.create(decision=decision, enrolment=unit)
    return decision


def begin(decision: Decision, kind: str, by) -> OfficialPaper:
    unit = decision.units.first().enrolment if kind in OF_ONE_UNIT else None
    about = services.About(PaperKind(kind), decision.round, None if kind == "plan" else decision, unit)
    return services.draft_paper(about=about, by=by)


def text_of(paper: OfficialPaper, form: IssuedAs | None = None) -> str:
    (said,) = words_of_papers([paper], paper.made_by)
    return words(word_of(said, form or IssuedAs(), made_at=timezone.now()))


def stored_words(paper: OfficialPaper) -> dict:
    (said,) = words_of_papers([paper], paper.made_by)
    return said.as_stored()


def issued(paper: OfficialPaper, by, number: str = "46/QĐ-CCVTLT", **options) -> OfficialPaper:
    made = services.MadeWord("a.docx", word_file())
    waiting = services.make_to_sign(paper=paper, made=made, words=stored_words(paper), by=by)
    of = services.Number(number, DAY)
    return services.issue_paper(paper=waiting, number=of, made=made, by=by, **options)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_written_from_the_records(cast, decided, kind):
    text = text_of(begin(decided, kind, cast.approver))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert kind in ("plan", *OF_ONE_UNIT) or "45/QĐ-CCVTLT" in text or kind == "decision"
    if kind not in OF_ONE_UNIT:
        assert "Căn cứ Nghị định số 217/2025/NĐ-CP" in text


def test_the_decision_has_what_the_law_asks_for(cast, decided):
    text = text_of(begin(decided, "decision", cast.approver), IssuedAs("45/QĐ-CCVTLT", DAY))
    for part in ("Số: 45/QĐ-CCVTLT", "CHI CỤC TRƯỞNG", "Căn cứ Văn bản số 9/UBND", "Việc lập hồ sơ", "10 ngày",
                 "Nguyễn Thị Lan - Trưởng đoàn", "Lê Minh Đức", decided.units.first().enrolment.ward.body):  # fmt: skip
        assert part in text, part


def test_the_plan_of_how_to_inspect_has_nine_contents(cast, decided):
    lines = text_of(begin(decided, "conduct_plan", cast.inspector)).split("\n")
    parts = [
        line for line in lines if line.partition(".")[0] in ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    ]
    assert len(parts) == 9 and any("PHÊ DUYỆT" in line for line in lines)


def test_lists_of_that_plan_end_with_a_stop(cast, decided):
    said = words_of(subject_of(begin(decided, "conduct_plan", cast.approver), cast.approver))
    for heading in ("V. THỜI GIAN", "IX. DỰ KIẾN NGUỒN LỰC"):
        assert said.body[list(said.body).index(heading) - 1].endswith(".")
    assert sum(line.startswith("- ") and line.endswith(".") for line in said.body) == 3


@pytest.mark.parametrize("kind", sorted(OF_WHOLE_DECISION))
def test_what_is_about_the_decision_is_about_all_its_units(cast, decided, kind):
    unit = decided.units.first().enrolment
    with pytest.raises(ValidationError, match="mọi đơn vị"):
        services.draft_paper(about=services.About(PaperKind(kind), decided.round, decided, unit), by=cast.approver)
    # A draft that was begun for one unit before names all of them, too.
    about = {"round": decided.round, "kind": kind, "decision": decided, "enrolment": unit}
    before = OfficialPaper.objects.create(**about, made_by=cast.approver)
    assert len(subject_of(before, cast.approver).enrolments) == 3


@pytest.mark.parametrize("kind", ["pause", "stop", "remedy_letter"])
def test_the_head_of_the_office_receives_no_paper_that_the_head_signs(cast, decided, kind):
    said = words_of(subject_of(begin(decided, kind, cast.approver), cast.approver))
    assert said.titles == ["GIÁM ĐỐC"] and not any("để báo cáo" in line for line in said.receivers)
    extended = words_of(subject_of(begin(decided, "extension", cast.approver), cast.approver))
    assert "- Giám đốc Sở (để báo cáo);" in extended.receivers


@pytest.mark.parametrize(
    ("titles", "authority"),
    [
        ("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", "GIÁM ĐỐC SỞ NỘI VỤ"),
        ("GIÁM ĐỐC", "GIÁM ĐỐC SỞ NỘI VỤ"),
        ("GIÁM ĐỐC SỞ", "GIÁM ĐỐC SỞ NỘI VỤ"),
        ("GIÁM ĐỐC SỞ NỘI VỤ", "GIÁM ĐỐC SỞ NỘI VỤ"),
    ],
)
def test_a_decision_is_the_heads_whoever_signs_it(cast, decided, titles, authority):
    row = {"kind": "pause", "level": "department", "titles": titles, "symbol": "QĐ-SNV", "receivers": "- {kept}."}
    Signatory.objects.create(**row, first_day=datetime.date(2020, 1, 1))
    said = words_of(subject_of(begin(decided, "pause", cast.approver), cast.approver))
    assert said.authority == authority and said.titles == titles.split("\n")


def test_a_round_of_guidance_prints_no_ground_of_the_decree(cast):
    inspection_round = make_round(make_set(3))
    unit = enrol(inspection_round, make_ward())
    for kind in ("plan", "visit_notice", "result_report", "remedy_letter"):
        about = services.About(PaperKind(kind), inspection_round, None, None if kind == "plan" else unit)
        text = text_of(services.draft_paper(about=about, by=cast.approver))
        assert "217/2025" not in text and "chuyên ngành" not in text and "Thanh tra" not in text, kind
    with pytest.raises(ValidationError):
        services.draft_paper(about=services.About(PaperKind.DECISION, inspection_round), by=cast.approver)


def test_an_extension_says_its_days_and_what_it_lacks_before(cast, decided):
    paper = begin(decided, "extension", cast.approver)
    subject = subject_of(paper, cast.approver)
    lacking = lacking_in(subject, words_of(subject))
    Extension.objects.create(
        decision=decided, days=4, ground="complex", words="Nhiều hồ sơ.", number="5/QĐ", issued_on=DAY
    )
    assert "thêm 04 ngày" in text_of(paper)
    subject = subject_of(paper, cast.approver)
    assert len(lacking_in(subject, words_of(subject))) < len(lacking)


def test_a_letter_lists_what_is_to_be_put_right(cast, decided):
    unit = decided.units.first().enrolment
    published_finding(unit, cast.inspector, due_on=datetime.date(2026, 6, 30))
    text = text_of(begin(decided, "remedy_letter", cast.approver))
    assert "30/6/2026" in text and "GIÁM ĐỐC" in text and "SNV-CCVTLT" in text


def test_words_of_people_stay_and_follow_the_records_where_they_wrote_none(cast, decided):
    paper = begin(decided, "decision", cast.approver)
    paper = services.write_words(
        paper=paper, words={"subject": "Kiểm tra đột xuất", "body": ""}, version=paper.version, by=cast.approver
    )
    assert paper.own_words == {"subject": "Kiểm tra đột xuất"} and "Việc lập hồ sơ" in text_of(paper)
    with pytest.raises(ValidationError):
        services.write_words(paper=paper, words={}, version=1, by=cast.approver)


def test_from_the_draft_to_the_issued_paper(cast, decided):
    paper = begin(decided, "decision", cast.approver)
    assert begin(decided, "decision", cast.approver) == paper
    done = issued(paper, cast.approver)
    assert (done.state, done.number) == ("issued", "46/QĐ-CCVTLT") and done.to_sign and done.numbered
    signed = SimpleUploadedFile("da-ky.pdf", pdf_of([["Quyết định"]]))
    assert services.add_signed_copy(paper=done, upload=signed, by=cast.approver).signed.kind == "pdf"
    with pytest.raises(ValidationError):
        services.write_words(paper=done, words={"body": "khác"}, version=done.version + 1, by=cast.approver)
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inspections_officialpaper SET number = '1/QĐ' WHERE id = %s", [done.pk])
    with pytest.raises(ValidationError):
        issued(begin(decided, "extension", cast.approver), cast.approver)
    with pytest.raises(ValidationError):
        services.void_paper(paper=done, reason=" ", by=cast.approver)
    assert services.void_paper(paper=done, reason="Ban hành nhầm", by=cast.approver).voided_at


@pytest.mark.parametrize("kind", KINDS)
def test_the_words_of_every_kind_are_stored_whole(cast, decided, kind):
    for _ in range(4):
        DecisionUnit.objects.create(decision=decided, enrolment=enrol(decided.round, make_ward()))
    (said,) = words_of_papers([begin(decided, kind, cast.approver)], cast.approver)
    again = PaperWords.of_stored(json.loads(json.dumps(said.as_stored())))
    form, moment = IssuedAs("45/QĐ-CCVTLT", DAY), timezone.now()
    assert word_of(again, form, made_at=moment) == word_of(said, form, made_at=moment)


def test_nothing_follows_the_records_from_the_copy_to_sign_on(cast, decided, sign_in):
    """The file with the number is made from the words of that copy; in draft again the own words are back."""
    client, paper = sign_in(cast.approver), begin(decided, "conduct_plan", cast.approver)
    address = reverse("inspections:round-paper", args=[decided.round.code, paper.pk])
    own = {"name": "Trần Văn A"}
    services.write_words(paper=paper, words=own, version=paper.version, by=cast.approver)
    client.post(address, {"step": "to_sign"})
    TeamMember.objects.filter(full_name="Lê B").update(full_name="Người đến sau")
    Team.objects.filter(pk=decided.team_id).update(name="Đoàn kiểm tra số 9")
    form = IssuedAs(is_draft=True)
    paper.refresh_from_db()
    for text in (text_of(paper), client.get(address).content.decode(), words(client.get(f"{address}word/").content)):
        assert "Lê B" in text and "Người đến sau" not in text
    client.post(address, {"step": "draft"})
    paper.refresh_from_db()
    assert paper.content is None and paper.own_words == own
    assert "Người đến sau" in text_of(paper, form) and "Trần Văn A" in text_of(paper, form)
    client.post(address, {"step": "to_sign"})
    TeamMember.objects.filter(full_name="Người đến sau").update(full_name="Người thứ ba")
    paper.refresh_from_db()
    number = {"step": "issue", "number": "9/KH-ĐKT", "issued_on": "02/03/2026", "version": paper.version}
    stale = client.post(address, number | {"version": paper.version - 1})
    assert stale.context["number"].errors
    paper.refresh_from_db()
    assert paper.state == "to_sign"
    client.post(address, number)
    paper.refresh_from_db()
    numbered = words(read_as_kept(paper.numbered))
    assert "Số: 9/KH-ĐKT" in numbered and "Người đến sau" in numbered and "Người thứ ba" not in numbered
    with zipfile.ZipFile(io.BytesIO(b"".join(client.get(zipped(decided)).streaming_content))) as archive:
        assert words(archive.read(archive.namelist()[0])) == numbered


def zipped(decision: Decision) -> str:
    return reverse("inspections:round-papers", args=[decision.round.code]) + "?zip=1"


def test_a_unit_reads_its_paper_without_what_was_before(cast, decided, sign_in):
    person, unit = cast.thanhan, decided.units.first().enrolment
    type(person).objects.filter(pk=person.pk).update(ward=unit.ward)
    paper = issued(begin(decided, "visit_notice", cast.approver), cast.approver, "7/TB-CCVTLT")
    address = reverse("inspections:round-paper", args=[decided.round.code, paper.pk])
    page = sign_in(type(person).objects.get(pk=person.pk)).get(address)
    assert page.status_code == 200 and page.context["events"] is None
    assert sign_in(cast.inspector).get(address).context["events"]


def test_a_replaced_scan_is_not_in_the_file_of_an_inspection(cast, decided, sign_in):
    """It may be the paper of another unit."""
    unit = decided.units.first().enrolment
    minutes = Minutes.objects.create(
        inspection=unit.inspection, code="ABCD2345", opened_by=cast.inspector, signed_by=cast.inspector,
        signed_on=DAY, signed_at=timezone.now(), digest="0" * 64,
    )  # fmt: skip
    for name, replaced_at in (("nham.pdf", timezone.now()), ("dung.pdf", None)):
        upload = SimpleUploadedFile(name, pdf_of([[name]]))
        file = keep_file(upload=check_file(upload=upload, kinds=["pdf"]), by=cast.inspector)
        Scan.objects.create(minutes=minutes, file=file, replaced_at=replaced_at)
    page = sign_in(cast.approver).get(reverse("inspections:unit-file", args=[unit.pk]))
    assert [each.name for each in page.context["files"]] == ["dung.pdf"]


def test_who_writes_what(cast, decided):
    assert begin(decided, "conduct_plan", cast.inspector)
    for kind, person in (("decision", cast.inspector), ("conduct_plan", cast.inspector2), ("plan", cast.leader)):
        with pytest.raises(ValidationError):
            begin(decided, kind, person)


def test_a_unit_sees_what_was_issued_to_it_alone(cast, decided):
    unit = decided.units.first().enrolment
    person = cast.thanhan
    type(person).objects.filter(pk=person.pk).update(ward=unit.ward)
    person = type(person).objects.get(pk=person.pk)
    draft = begin(decided, "visit_notice", cast.approver)
    seen = OfficialPaper.objects.visible_to
    assert not seen(person).exists()
    issued(draft, cast.approver, "7/TB-CCVTLT")
    issued(begin(decided, "result_report", cast.approver), cast.approver, "8/BC-ĐKT")
    assert [paper.kind for paper in seen(person)] == ["visit_notice"]
    assert not seen(cast.quan10).exists() and seen(cast.leader).count() == 2


def test_pages_from_beginning_to_issue(cast, decided, sign_in):
    client = sign_in(cast.approver)
    listed = reverse("inspections:round-papers", args=[decided.round.code])
    page = client.post(listed, {"kind": "decision", "decision": decided.pk}, follow=True)
    paper = OfficialPaper.objects.get()
    address = reverse("inspections:round-paper", args=[decided.round.code, paper.pk])
    assert page.redirect_chain[-1][0] == address and page.context["lacking"]
    sent = {name: field.value() or "" for name, field in ((each.name, each) for each in page.context["form"])}
    client.post(address, sent | {"step": "words", "name": "Trần Văn A"})
    paper.refresh_from_db()
    assert paper.own_words == {"name": "Trần Văn A"}
    client.post(address, {"step": "to_sign"})
    paper.refresh_from_db()
    assert paper.state == "to_sign"
    number = {"step": "issue", "number": "abc", "issued_on": "02/03/2026", "version": paper.version}
    wrong = client.post(address, number)
    assert wrong.context["number"].errors.keys() == {"number"}
    signed = SimpleUploadedFile("ky.pdf", pdf_of([["Quyết định"]]))
    client.post(address, number | {"number": "9/QĐ-CCVTLT", "upload": signed})
    paper.refresh_from_db()
    assert (paper.state, paper.number, bool(paper.signed)) == ("issued", "9/QĐ-CCVTLT", True)
    file = client.get(reverse("inspections:round-paper-file", args=[decided.round.code, paper.pk]), {"tep": "co-so"})
    assert "Số: 9/QĐ-CCVTLT" in words(b"".join(file.streaming_content))
    assert "Trần Văn A" in words(client.get(f"{address}word/").content)
    assert client.get(listed).status_code == 200


def test_the_file_of_one_inspection_has_its_list_and_its_files(cast, decided, sign_in):
    client, unit = sign_in(cast.approver), decided.units.first().enrolment
    issued(begin(decided, "decision", cast.approver), cast.approver)
    address = reverse("inspections:unit-file", args=[unit.pk])
    assert "46/QĐ-CCVTLT" in client.get(address).content.decode()
    content = b"".join(client.get(address, {"zip": 1}).streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == ["00-muc-luc.docx", "01-quyet-dinh-kiem-tra.docx"]
        contents = words(archive.read("00-muc-luc.docx"))
        assert "46/QĐ-CCVTLT" in contents and "01-quyet-dinh-kiem-tra.docx" in contents


def test_every_kind_has_a_name_as_a_file():
    assert FILE_NAMES.keys() == set(PaperKind) and len(set(FILE_NAMES.values())) == len(PaperKind)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+", name) for name in FILE_NAMES.values())


@pytest.mark.parametrize("kind", KINDS)
def test_lines_that_end_with_a_long_row_of_dots_are_not_stretched(cast, decided, kind):
    (said,) = words_of_papers([begin(decided, kind, cast.approver)], cast.approver)
    blocks = blocks_of(said, IssuedAs())
    found = [block for block in blocks if isinstance(block, Text) and "………………" in block.text]
    assert all(block.align == "left" for block in found)
    assert found or kind not in ("announcement", "result_report")


def test_papers_of_a_round_take_the_same_queries_however_many(cast, decided, django_assert_max_num_queries):
    for kind in KINDS:
        begin(decided, kind, cast.approver)
    papers = list(OfficialPaper.objects.select_related("round__criteria_set").filter(round=decided.round))
    with django_assert_max_num_queries(22):
        assert len(list(papers_of_round(papers, cast.approver))) == len(KINDS)


def test_the_list_takes_the_same_queries_however_many(cast, decided, sign_in, django_assert_max_num_queries):
    for kind in KINDS:
        begin(decided, kind, cast.approver)
    client = sign_in(cast.approver)
    listed = reverse("inspections:round-papers", args=[decided.round.code])
    with django_assert_max_num_queries(13):
        client.get(listed)
    with zipfile.ZipFile(io.BytesIO(b"".join(client.get(listed, {"zip": 1}).streaming_content))) as archive:
        assert len(archive.namelist()) == len(KINDS)
