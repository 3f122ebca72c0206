"""A kept file that was altered or lost in the store is never handed out as the kept one."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from archiveportal.files.models import StoredFile
from reports.closing.services import close_figures, record_issue
from reports.models import Closing
from tests.reports.test_closing import details, pdf, store  # noqa: F401 (a fixture)
from tests.support.factories import make_round


@pytest.fixture
def closing(cast) -> Closing:
    made = close_figures(subject=make_round(), seen=0, by=cast.approver)
    record_issue(closing=made, details=details(), upload=pdf(), version=1, by=cast.approver)
    return Closing.objects.get(pk=made.pk)


def alter(file: StoredFile) -> None:
    with Path(file.original.path).open("r+b") as content:
        content.write(b"x")


def lose(file: StoredFile) -> None:
    file.original.storage.delete(file.original.name)


def put_a_folder_in_its_place(file: StoredFile) -> None:
    lose(file)
    Path(file.original.path).mkdir()


def addresses(closing: Closing) -> list[tuple[StoredFile, str]]:
    files = [
        (kept.file, reverse("reports:closing-file", args=[closing.pk, kept.order])) for kept in closing.files.all()
    ]
    return [*files, (closing.signed_copy, reverse("reports:closing-signed", args=[closing.pk]))]


@pytest.mark.parametrize("damage", [alter, lose, put_a_folder_in_its_place])
def test_no_damaged_file_is_handed_out(closing, cast, sign_in, damage):
    client = sign_in(cast.leader)
    for file, address in addresses(closing):
        assert b"".join(client.get(address).streaming_content)[:1] in (b"P", b"%")
        damage(file)
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == 409 and "Content-Disposition" not in answer
        assert file.sha256 in page and file.name in page and str(cast.administrator) in page


def checked() -> tuple[int, str]:
    printed = io.StringIO()
    try:
        call_command("check_files", stdout=printed)
    except CommandError as error:
        return error.returncode, printed.getvalue()
    return 0, printed.getvalue()


def test_the_command_names_what_is_damaged(closing, cast):
    assert checked() == (0, f"{StoredFile.objects.count()} files are as they were kept.\n")
    first, second = (kept.file for kept in closing.files.all()[:2])
    alter(first)
    lose(second)
    status, printed = checked()
    assert status == 1
    for state, file in (("altered", first), ("missing", second)):
        line = next(line for line in printed.splitlines() if line.startswith(f"{state}: {file.name}"))
        assert file.sha256 in line and f"closing {closing.pk} of {closing.subject.code}" in line
    assert len(printed.splitlines()) == 2


def test_the_monitor_hears_of_lost_files_and_of_cut_ones(closing, client):
    def said() -> list[str]:
        answer = client.get(reverse("readyz"))
        assert answer.status_code == 200
        # The room that is left follows where the folder is there, and what no worker takes.
        others = ("free for files", "jobs:")
        return [line for line in answer.content.decode().split("\n") if not line.startswith(others)]

    assert said() == ["ok"]
    lose(closing.signed_copy)
    with Path(closing.files.first().file.original.path).open("ab") as content:
        content.write(b"x")
    kept = closing.files.count() + 1
    assert said() == ["ok", f"closed files: 2 of {kept} damaged, see manage.py check_files"]
