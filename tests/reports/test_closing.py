"""Closing the figures of a report: frozen with its files, compared with what the records say later."""

import datetime
import hashlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from archiveportal.files.models import StoredFile
from archiveportal.history.models import Action, Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services import approve_inspection, reopen_inspection
from reports.closing.files import TABLES
from reports.closing.services import IssueDetails, close_figures, record_issue
from reports.frozen.changes import State, checked, figures_are_whole, lines_of
from reports.frozen.events import was_changed_by_people, with_closing
from reports.frozen.figures import digest_of, figures_of
from reports.models import Closing, ReportKind
from reports.workbooks import summary_workbook
from tests.support.factories import answer, enrol, make_district, make_round, make_ward, submit_signed
from tests.support.known_errors import correct_known_errors
from tests.support.pdf import pdf_of
from training.models import Quota, Scheme
from training.services.quotas import QuotaChange, set_quotas

NOW = datetime.timedelta(seconds=1)
PDF = pdf_of([[]])


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    here = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": here}
    return tmp_path


@pytest.fixture
def inspection_round(cast) -> Round:
    return Round.objects.get(code="gd1-2019")


@pytest.fixture
def scheme(cast) -> Scheme:
    found = Scheme.objects.get(code="02-2014")
    correct_known_errors(found, cast.approver2)
    return found


def files_of(store) -> dict:
    return {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}


def by_key(closing) -> dict:
    return {figure["key"]: figure for figure in closing.figures}


def approve(enrolment: Enrolment, cast, outcomes="met") -> None:
    answer(enrolment, cast.inspector, outcomes)
    enrolment.inspection.refresh_from_db()
    submit_signed(inspection=enrolment.inspection, by=cast.inspector)
    approve_inspection(inspection=enrolment.inspection, by=cast.approver)


def noted(subject, user):
    return with_closing(type(subject).objects.visible_to(user), user).get(pk=subject.pk)


def is_touched(subject, user) -> bool:
    return noted(subject, user).closing_is_touched


def details(**changes) -> IssueDetails:
    values = {"number": "5355/BC-SNV", "issued_on": timezone.localdate(), "signatory": "director"}
    return IssueDetails(**values | {"signatory_name": "Trương Văn Lắm"} | changes)


def pdf(content=PDF, name="bc.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def test_the_figures_of_the_round_are_those_of_the_report(cast, inspection_round):
    figures = {figure["key"]: figure for figure in figures_of(inspection_round)}
    values = {key: figures[key]["value"] for key in ("enrolled", "districts", "scored", "points", "average")}
    assert values == {"enrolled": "26", "districts": "18", "scored": "26", "points": "308", "average": "11,85"}
    assert [figures[f"band.{place}"]["value"] for place in (1, 2, 3)] == ["1", "9", "16"]
    assert figures["band.2"]["sentence"].startswith("Có 09 đơn vị hoàn thành từ 12 đến 22/23 tiêu chí, gồm: ")
    assert figures["average"]["of"] == ["308", "26", "mean"]
    assert figures["funding"]["value"] == "19.200.000.000 đồng"
    assert len([key for key in figures if key.startswith("unit.")]) == 26
    assert len(figures) == len(figures_of(inspection_round))


def test_the_figures_of_the_scheme_are_those_of_the_report(scheme):
    values = {figure["value"] for figure in figures_of(scheme)}
    assert {"1.272", "269,49%", "40,60%", "59,41%", "47,67%", "4.607.678.000 đồng", "32,59%"} <= values


@pytest.mark.parametrize("kind", ["round", "scheme"])
def test_closing_freezes_figures_and_files(cast, inspection_round, scheme, store, kind):
    subject = {"round": inspection_round, "scheme": scheme}[kind]
    closing = close_figures(subject=subject, note="Lần đầu", seen=0, by=cast.approver)
    stored = Closing.objects.get()
    assert stored.subject == subject and stored.sequence == 1 and stored.kind == kind
    assert stored.figures == figures_of(subject) and stored.digest == digest_of(stored.figures) == closing.digest
    files = [kept.file for kept in stored.files.select_related("file")]
    assert files and all(checked(file).state == State.SAME for file in files)
    assert {hashlib.sha256(content).hexdigest() for content in files_of(store).values()} == {f.sha256 for f in files}
    (event,) = Event.objects.about(stored)
    assert event.action == Action.CLOSED and event.actor_id == cast.approver.pk
    assert stored.digest in str(event.changes) and files[0].sha256 in str(event.changes)
    assert not any(line.is_changed for line in lines_of(stored))


def test_a_score_that_changes_later_shows_and_the_closing_keeps_its_own(cast, store):
    inspection_round = make_round()
    first, second = (enrol(inspection_round, make_ward(make_district())) for _ in range(2))
    approve(first, cast)
    closing = close_figures(subject=inspection_round, seen=0, by=cast.approver)
    before, kept = files_of(store), Closing.objects.get().figures
    assert not is_touched(inspection_round, cast.leader)

    reopen_inspection(inspection=first.inspection, by=cast.approver, reason="Nhầm")
    assert is_touched(inspection_round, cast.leader)
    closing = Closing.objects.get(pk=closing.pk)
    changed = {line.then["key"]: line for line in lines_of(closing) if line.is_changed}
    unit = changed[f"unit.{first.ward_id}"]
    assert (unit.then["value"], unit.now["value"]) == ("4/4", "—")
    assert {"scored", "approved", "average", "points", "band.1"} <= set(changed)
    assert changed["band.1"].went == [first.ward.full_in_sentence] and changed["band.1"].came == []
    assert f"unit.{second.ward_id}" not in changed and "enrolled" not in changed
    assert closing.figures == kept and figures_are_whole(closing) and files_of(store) == before


def test_a_ward_that_comes_or_goes_shows(cast):
    from criteria.inspections.services import remove_ward

    inspection_round = make_round()
    gone = enrol(inspection_round, make_ward(make_district()))
    closing = close_figures(subject=inspection_round, seen=0, by=cast.approver)
    remove_ward(enrolment=gone, by=cast.approver)
    assert is_touched(inspection_round, cast.leader)
    line = next(line for line in lines_of(closing) if line.then and line.then["key"].startswith("unit."))
    assert line.is_changed and line.now is None


def test_a_target_that_changes_later_shows(cast, scheme):
    closing = close_figures(subject=scheme, seen=0, by=cast.approver)
    quota = Quota.objects.get(category__code="ngan-han")
    assert not is_touched(scheme, cast.leader)
    change = QuotaChange(quota.category, shown=(472, quota.unit), typed=(500, quota.unit))
    assert set_quotas(scheme=scheme, changes=[change], by=cast.approver2) == {}
    changed = {
        line.then["key"]: (line.then["value"], line.now["value"]) for line in lines_of(closing) if line.is_changed
    }
    assert changed == {
        "line.ngan-han.target": ("472", "500"),
        "line.ngan-han.percent": ("269,49%", "254,40%"),
    }
    assert is_touched(scheme, cast.leader)


def test_a_draft_is_in_no_file_and_no_figure(cast, inspection_round, monkeypatch):
    seen = []

    def watched(table, *, reader):
        seen.append((table, reader))
        return summary_workbook(table, reader=reader)

    monkeypatch.setattr("reports.closing.files.summary_workbook", watched)
    before = digest_of(figures_of(inspection_round))
    answer(Enrolment.objects.get(round=inspection_round, position=1), cast.inspector, {1: "met"})
    close_figures(subject=inspection_round, seen=0, by=cast.approver)
    assert Closing.objects.get().digest == before
    [(table, reader)] = seen
    assert not table.user.sees_unapproved_results
    assert reader.name == f"{cast.approver.full_name} ({cast.approver.username})"


def test_a_double_click_closes_once(cast, inspection_round, store):
    first = close_figures(subject=inspection_round, seen=0, note="x", by=cast.approver)
    files = files_of(store)
    assert close_figures(subject=inspection_round, seen=0, note="x", by=cast.approver) == first
    assert Closing.objects.count() == 1 and files_of(store) == files
    again = close_figures(subject=inspection_round, seen=1, note="x", by=cast.approver)
    assert again.sequence == 2 and noted(inspection_round, cast.leader).closing_pk == again.pk
    assert (
        noted(inspection_round, cast.quan10).closing_pk is None
        and not noted(inspection_round, cast.quan10).closing_is_touched
    )


def test_another_day_is_no_double_click(cast, inspection_round):
    """Back in the browser, another day chosen, sent again: that is another closing, and has to be meant."""
    yesterday = timezone.now() - datetime.timedelta(days=1)
    first = close_figures(subject=inspection_round, as_of=yesterday, seen=0, by=cast.approver)
    assert close_figures(subject=inspection_round, as_of=yesterday, seen=0, by=cast.approver) == first
    for other in (None, yesterday + NOW):
        with pytest.raises(Refused):
            close_figures(subject=inspection_round, as_of=other, seen=0, by=cast.approver)
    assert Closing.objects.count() == 1


def test_nobody_closes_beside_a_colleague_unseen(cast, inspection_round, store):
    close_figures(subject=inspection_round, seen=0, by=cast.approver)
    files = files_of(store)
    with pytest.raises(Refused):
        close_figures(subject=inspection_round, seen=0, note="khác", by=cast.approver)
    assert Closing.objects.count() == 1 and files_of(store) == files


def test_only_approvers_close(cast, inspection_round, store):
    for person in (cast.inspector, cast.leader, cast.quan10, cast.thanhan, cast.administrator):
        with pytest.raises(Refused):
            close_figures(subject=inspection_round, seen=0, by=person)
    assert not Closing.objects.exists() and not files_of(store)


def test_the_moment_is_neither_to_come_nor_overtaken(cast, inspection_round):
    with pytest.raises(ValidationError, match="day"):
        close_figures(subject=inspection_round, as_of=timezone.now() + NOW, seen=0, by=cast.approver)
    yesterday = timezone.now() - datetime.timedelta(days=1)
    assert not was_changed_by_people(inspection_round, yesterday)
    assert close_figures(subject=inspection_round, as_of=yesterday, seen=0, by=cast.approver).as_of == yesterday
    mine = make_round()
    approve(enrol(mine, make_ward(make_district())), cast)
    with pytest.raises(ValidationError, match="day"):
        close_figures(subject=mine, as_of=yesterday, seen=0, by=cast.approver)


def test_what_fails_leaves_nothing(cast, inspection_round, store, monkeypatch):
    def fails(*arguments):
        raise OSError("full")

    monkeypatch.setitem(TABLES, ReportKind.ROUND, ("hong", fails))
    with pytest.raises(OSError, match="full"):
        close_figures(subject=inspection_round, seen=0, by=cast.approver)
    assert not Closing.objects.exists() and not StoredFile.objects.exists() and not files_of(store)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_closing SET figures = '[]'",
        "UPDATE reports_closing SET digest = 'x'",
        "UPDATE reports_closing SET note = 'x'",
        "DELETE FROM reports_closedfile",
        "UPDATE reports_closedfile SET file_id = file_id + 1",
    ],
)
def test_the_database_keeps_what_was_closed(cast, inspection_round, statement):
    close_figures(subject=inspection_round, seen=0, by=cast.approver)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    closing = Closing.objects.get()
    closing.note = "đổi"
    with pytest.raises(DatabaseError), transaction.atomic():
        closing.save()
    with pytest.raises(ProtectedError):
        closing.delete()


def test_number_and_day_are_recorded_and_corrected_with_history(cast, inspection_round):
    closing = close_figures(subject=inspection_round, seen=0, by=cast.approver)
    assert set(record_issue(closing=closing, details=details(), upload=pdf(), version=1, by=cast.approver)) == {
        "number", "issued_on", "signatory", "signatory_name", "signed_copy",
    }  # fmt: skip
    # The same form again: nothing is left to do, whatever its version.
    assert record_issue(closing=closing, details=details(), upload=pdf(), version=1, by=cast.approver) == []
    with pytest.raises(Refused, match="5355/BC-SNV"):
        record_issue(closing=closing, details=details(number="1/BC-SNV"), version=1, by=cast.approver)
    changed = details(number="5356/BC-SNV", signatory="deputy")
    assert record_issue(closing=closing, details=changed, version=2, by=cast.approver) == ["number", "signatory"]
    stored = Closing.objects.get()
    assert (stored.number, stored.version, stored.signed_copy.name) == ("5356/BC-SNV", 3, "bc.pdf")
    newest = Event.objects.about(stored).first()
    files = newest.changes.pop("files")
    assert newest.changes == {"number": ["5355/BC-SNV", "5356/BC-SNV"], "signatory": ["director", "deputy"]}
    assert "so-5356-bc-snv.docx" in files[1]
    assert figures_are_whole(stored)


def test_details_that_cannot_be(cast, inspection_round, store):
    closing = close_figures(subject=inspection_round, seen=0, by=cast.approver)
    files = files_of(store)
    day = datetime.timedelta(days=1)
    for wrong, field in (
        (details(issued_on=timezone.localdate() + day), "issued_on"),
        (details(issued_on=timezone.localdate() - day), "issued_on"),
        (details(number="5355"), "number"),
        (details(number=""), "number"),
        (details(number="77/QĐ-UBND"), "number"),
    ):
        with pytest.raises(ValidationError, match=field):
            record_issue(closing=closing, details=wrong, upload=pdf(), version=1, by=cast.approver)
    for content in (b"<html>", PDF + b"0" * 15 * 1024 * 1024, b""):
        with pytest.raises(ValidationError, match="upload"):
            record_issue(closing=closing, details=details(), upload=pdf(content), version=1, by=cast.approver)
    for person in (cast.inspector, cast.leader, cast.quan10):
        with pytest.raises(Refused):
            record_issue(closing=closing, details=details(), version=1, by=person)
    record_issue(closing=closing, details=details(), version=1, by=cast.approver)
    other = close_figures(subject=inspection_round, seen=1, by=cast.approver)
    with pytest.raises(ValidationError, match="number"):
        record_issue(closing=other, details=details(), version=1, by=cast.approver)
    assert files_of(store).items() >= files.items()


def test_a_file_that_was_altered_or_lost_is_told(cast, inspection_round):
    file = close_figures(subject=inspection_round, seen=0, by=cast.approver).files.first().file
    with Path(file.original.path).open("ab") as content:
        content.write(b"x")
    assert checked(file).state == State.ALTERED
    file.original.storage.delete(file.original.name)
    assert checked(file).state == State.MISSING


def test_a_signed_copy_that_was_lost_can_be_handed_in_again(cast, inspection_round):
    closing = close_figures(subject=inspection_round, seen=0, by=cast.approver)
    record_issue(closing=closing, details=details(), upload=pdf(), version=1, by=cast.approver)
    lost = Closing.objects.get().signed_copy
    lost.original.storage.delete(lost.original.name)
    again = record_issue(closing=closing, details=details(), upload=pdf(), version=2, by=cast.approver)
    assert again == ["signed_copy"] and checked(Closing.objects.get().signed_copy).state == State.SAME
    assert record_issue(closing=closing, details=details(), upload=pdf(), version=3, by=cast.approver) == []


def test_hostile_names_are_kept_as_they_are(cast):
    name = '=1+1 & <b>"x"</b> ' + "ơ" * 80
    inspection_round = make_round(name=name)
    enrol(inspection_round, make_ward(make_district(name=name[:100]), name=name[:90]))
    closing = close_figures(subject=inspection_round, seen=0, note="<script>", by=cast.approver)
    assert Closing.objects.get().figures == figures_of(inspection_round)
    assert any(name[:60] in figure["label"] for figure in closing.figures)


def test_an_empty_round_can_be_closed(cast):
    closing = close_figures(subject=make_round(), seen=0, by=cast.approver)
    assert by_key(closing)["average"]["value"] == "—" and by_key(closing)["enrolled"]["value"] == "0"


def test_few_and_many_units_take_the_same_queries(cast, django_assert_max_num_queries):
    inspection_round = make_round()
    districts = [make_district() for _ in range(3)]
    for number in range(30):
        enrol(inspection_round, make_ward(districts[number % 3], name=f"Nhiều {number}"))
    with django_assert_max_num_queries(8):
        figures_of(inspection_round)
