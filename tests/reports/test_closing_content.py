"""A closing stores every word of the report, and the file with the number is made from them alone."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from archiveportal.accounts.scope import LEADERSHIP
from archiveportal.files.models import StoredFile
from archiveportal.history.models import Event
from archiveportal.history.sealing import newest_head, newest_seal
from archiveportal.word.stored import from_data, to_data
from archiveportal.word.writer import word_file
from criteria.inspections.models import Round
from reports.closing.services import Signer, close_figures, record_issue
from reports.documents import Issue, fields, files
from reports.documents.content import context_of, copies_of, digest_of_content
from reports.frozen import guard
from reports.frozen.figures import figures_of
from reports.frozen.guard import REFUSAL
from reports.models import ClosedFile, Closing, ReportKind
from reports.passages.services import write_passage
from tests.reports.test_closing import details, store  # noqa: F401 (a fixture)
from tests.reports.test_documents_templates import take, template
from tests.support.factories import enrol, make_district, make_round, make_ward
from tests.support.known_errors import correct_known_errors
from tests.support.papers import footnotes, words
from training.models import Scheme

SIGNER = Signer("deputy", "Lê Văn Ký")
NOON = datetime.datetime(2026, 3, 5, 5, 0, tzinfo=datetime.UTC)
Role = ClosedFile.Role


@pytest.fixture
def subjects(cast) -> dict:
    found = {"round": Round.objects.get(code="gd1-2019"), "scheme": Scheme.objects.get(code="02-2014")}
    correct_known_errors(found["scheme"], cast.approver2)
    return found


@pytest.fixture
def mine(cast) -> Round:
    found = make_round(legal_basis="Kế hoạch số 7/KH-SNV")
    enrol(found, make_ward(make_district("Mười"), name="Cũ"))
    return found


def content(file: StoredFile) -> bytes:
    with file.original.open("rb") as opened:
        return opened.read()


def text_of(closing: Closing, role: str) -> str:
    return words(content(closing.files.filter(role=role).last().file))


def number(closing: Closing, by, **changes) -> Closing:
    stored = Closing.objects.get(pk=closing.pk)
    record_issue(closing=closing, details=details(**changes), version=stored.version, by=by)
    return Closing.objects.get(pk=closing.pk)


@pytest.mark.parametrize("kind", ["round", "scheme"])
def test_blocks_are_the_same_after_they_were_stored(subjects, kind):
    subject = subjects[kind]
    values = fields.VALUES[ReportKind(kind)](context_of(subject, user=LEADERSHIP, issue=Issue()))
    for name, blocks in values.parts.items():
        again = from_data(to_data(blocks))
        made, remade = (word_file(each, title="", made_at=NOON) for each in (blocks, again))
        assert made == remade, name


@pytest.mark.parametrize("kind", ["round", "scheme"])
def test_a_closing_keeps_all_words_and_the_copies_to_sign(subjects, cast, kind):
    subject = subjects[kind]
    closing = close_figures(subject=subject, signer=SIGNER, seen=0, by=cast.approver)
    stored = Closing.objects.get(pk=closing.pk)
    assert [kept.role for kept in stored.files.all()] == [Role.CLEAN, Role.NOTED, Role.TABLE, Role.TEMPLATE]
    assert stored.content_digest == digest_of_content(stored.content)
    assert stored.content_digest in str(Event.objects.about(stored).get().changes)
    # The history was sealed beforehand, up to the last event before the closing.
    assert stored.history_head == newest_head() and newest_seal().events == Event.objects.count() - 1
    text = text_of(stored, Role.CLEAN)
    assert "PHÓ GIÁM ĐỐC\nLê Văn Ký" in text and "Số: ………/BC-SNV" in text and "DỰ THẢO" not in text
    clean, noted = (footnotes(content(stored.files.get(role=role).file)) for role in (Role.CLEAN, Role.NOTED))
    assert noted and not clean
    template = stored.files.get(role=Role.TEMPLATE).file
    assert stored.content["template"] == {"name": template.name, "sha256": template.sha256, "is_own": True}
    assert stored.content["sources"]["name"] == subject.name
    assert stored.figures == figures_of(subject)


def test_a_report_without_footnotes_has_one_copy(mine, cast):
    closing = close_figures(subject=mine, seen=0, by=cast.approver)
    assert [kept.role for kept in closing.files.all()] == [Role.CLEAN, Role.TABLE, Role.TEMPLATE]
    assert Closing.objects.get().content["noted"] is None


def test_the_number_stands_over_the_words_that_were_closed(mine, cast):
    write_passage(subject=mine, key="limits", text="Lời đã trình ký", seen=0, by=cast.approver2)
    closing = close_figures(subject=mine, signer=SIGNER, seen=0, by=cast.approver)
    write_passage(subject=mine, key="limits", text="Lời viết sau", seen=1, by=cast.approver2)
    Round.objects.filter(pk=mine.pk).update(name="Tên khác", legal_basis="Quyết định số 9999")
    stored = number(closing, cast.approver, number="124/BC-SNV", signatory="deputy", signatory_name="Lê Văn Ký")
    text = text_of(stored, Role.NUMBERED)
    today = f"{details().issued_on:ngày %d tháng %m năm %Y}"
    assert "Số: 124/BC-SNV" in text and f"(Kèm theo Báo cáo số 124/BC-SNV {today} của Sở Nội vụ)" in text
    assert "Lời đã trình ký" in text and "Kế hoạch số 7/KH-SNV" in text and "DỰ THẢO" not in text
    for later in ("Lời viết sau", "Tên khác", "9999"):
        assert later not in text
    for kept in stored.files.filter(file__kind="word").exclude(role=Role.NUMBERED):
        assert "124/BC-SNV" not in words(content(kept.file))


def test_a_corrected_number_makes_another_file_and_both_stay(mine, cast, sign_in):
    closing = close_figures(subject=mine, signer=SIGNER, seen=0, by=cast.approver)
    number(closing, cast.approver, number="124/BC-SNV")
    stored = number(closing, cast.approver, number="125/BC-SNV")
    # The same form again makes none.
    stored = number(closing, cast.approver, number="125/BC-SNV")
    numbered = stored.files.filter(role=Role.NUMBERED)
    assert [kept.number for kept in numbered] == ["124/BC-SNV", "125/BC-SNV"]
    for kept in numbered:
        assert f"Số: {kept.number}" in words(content(kept.file))
    page = sign_in(cast.leader).get(reverse("reports:closing", args=[closing.pk])).content.decode()
    assert all(f"{kept.number}, " in page and kept.file.sha256 in page for kept in numbered)
    assert page.count("đã thay bằng bản sửa lại") == 1
    assert page.index("124/BC-SNV, ") < page.index("đã thay bằng bản sửa lại") < page.index("125/BC-SNV, ")


def test_the_template_of_the_closing_is_that_of_the_number(subjects, cast):
    take(cast, template("Mẫu lúc chốt"))
    closing = close_figures(subject=subjects["scheme"], seen=0, by=cast.approver)
    take(cast, template("Mẫu mới"))
    stored = number(closing, cast.approver, number="124/BC-SNV")
    assert not stored.content["template"]["is_own"]
    assert "Mẫu lúc chốt" in text_of(stored, Role.NUMBERED)


def test_without_its_template_nothing_is_recorded(mine, cast):
    closing = close_figures(subject=mine, seen=0, by=cast.approver)
    kept = closing.files.get(role=Role.TEMPLATE).file
    kept.original.storage.delete(kept.original.name)
    with pytest.raises(ValidationError, match=kept.sha256):
        number(closing, cast.approver)
    stored = Closing.objects.get()
    assert not stored.number and not stored.files.filter(role=Role.NUMBERED).exists()


def test_content_that_was_altered_gets_no_number(mine, cast, sign_in):
    closing = close_figures(subject=mine, seen=0, by=cast.approver)
    page = sign_in(cast.approver).get(reverse("reports:closing", args=[closing.pk]))
    assert page.context["is_content_whole"]
    guard.take_down(connection)
    Closing.objects.update(content=closing.content | {"title": "Khác"})
    guard.put_up(connection)
    page = sign_in(cast.approver).get(reverse("reports:closing", args=[closing.pk]))
    assert "đã bị sửa trong cơ sở dữ liệu" in page.content.decode()
    with pytest.raises(ValidationError):
        number(closing, cast.approver)
    assert not Closing.objects.get().number


def test_a_closing_of_an_earlier_release_gets_a_number_and_no_file(mine, cast):
    closing = Closing.objects.create(
        kind="round", round=mine, as_of=NOON, figures=figures_of(mine), digest="x", closed_by=cast.approver
    )
    stored = number(closing, cast.approver, number="124/BC-SNV")
    assert stored.number == "124/BC-SNV" and not stored.files.exists()


def test_the_copy_with_footnotes_is_for_those_who_work_on_them(subjects, cast, sign_in):
    closing = close_figures(subject=subjects["round"], seen=0, by=cast.approver)
    noted = closing.files.get(role=Role.NOTED)
    file = reverse("reports:closing-file", args=[closing.pk, noted.order])
    page = reverse("reports:closing", args=[closing.pk])
    for person, status in ((cast.inspector, 200), (cast.leader, 404)):
        client = sign_in(person)
        answer = client.get(file)
        assert answer.status_code == status
        b"".join(getattr(answer, "streaming_content", ()))
        assert (f'href="{file}"' in client.get(page).content.decode()) == (status == 200)


@pytest.mark.parametrize("change", ["content = NULL", "content = '{}'", "content_digest = 'x'", "history_head = ''"])
def test_the_stored_content_does_not_change(mine, cast, change):
    close_figures(subject=mine, seen=0, by=cast.approver)
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        connection.cursor().execute(f"UPDATE reports_closing SET {change}")


@pytest.mark.parametrize("change", ["role = 'kept'", "number = '1/BC-SNV'", "signatory_name = 'x'"])
def test_what_a_kept_file_bears_does_not_change(mine, cast, change):
    close_figures(subject=mine, seen=0, by=cast.approver)
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        connection.cursor().execute(f"UPDATE reports_closedfile SET {change}")


def test_words_written_while_the_files_are_made_stop_the_closing(mine, cast, monkeypatch):
    from reports.closing import services

    def made(context, **options):
        papers = services_made(context, **options)
        write_passage(subject=mine, key="limits", text="Chen ngang", seen=0, by=cast.approver2)
        return papers

    services_made = services.made_papers
    monkeypatch.setattr(services, "made_papers", made)
    with pytest.raises(ValidationError):
        close_figures(subject=mine, seen=0, by=cast.approver)
    assert not Closing.objects.exists() and not StoredFile.objects.exists()


def test_another_signer_is_another_closing(mine, cast):
    close_figures(subject=mine, signer=SIGNER, seen=0, by=cast.approver)
    close_figures(subject=mine, signer=SIGNER, seen=0, by=cast.approver)
    with pytest.raises(ValidationError):
        close_figures(subject=mine, seen=0, by=cast.approver)
    assert Closing.objects.count() == 1


def test_both_copies_follow_from_one_reading(subjects, cast, django_assert_max_num_queries):
    context = context_of(subjects["round"], user=LEADERSHIP, issue=Issue())
    list(context.table.rows())
    copies_of(context)
    with django_assert_max_num_queries(8):
        figures_of(subjects["round"], context)


def test_a_round_too_large_for_word_keeps_the_words_of_people(mine, cast, sign_in, monkeypatch):
    monkeypatch.setattr(files, "MOST_WARDS", 0)
    write_passage(subject=mine, key="limits", text="Lời cũ", seen=0, by=cast.approver2)
    closing = close_figures(subject=mine, signer=SIGNER, seen=0, by=cast.approver)
    assert [kept.role for kept in closing.files.all()] == [Role.TABLE]
    assert closing.content["sources"]["passage.limits"] == "Lời cũ" and closing.content_digest
    stored = number(closing, cast.approver, number="124/BC-SNV")
    assert stored.number and not stored.files.filter(role=Role.NUMBERED).exists()
    Round.objects.filter(pk=mine.pk).update(name="Tên khác")
    write_passage(subject=mine, key="limits", text="Lời mới", seen=1, by=cast.approver)
    page = sign_in(cast.leader).get(reverse("reports:closing", args=[closing.pk]))
    assert {(line.then, line.now) for line in page.context["words"]} == {(mine.name, "Tên khác"), ("Lời cũ", "Lời mới")}
    assert page.context["is_content_whole"] and "quá nhiều đơn vị" in page.content.decode()
    listed = sign_in(cast.leader).get(reverse("reports:index")).content.decode()
    assert "2 dòng lời văn" in listed
