"""All papers and result sheets of a round as one archive, made by a job."""

import datetime
import io
import os
import time
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from archiveportal.accounts.models import Role, User
from archiveportal.jobs import services as jobs
from archiveportal.jobs.models import Job
from archiveportal.office.kinds import PaperKind
from criteria.inspections.papers.official.ordering import order_papers
from criteria.inspections.services import official_papers
from criteria.inspections.services.workflow import approve_inspection
from tests.support.factories import answer, enrol, make_district, make_round, make_user, make_ward, submit_signed
from tests.support.papers import words


@pytest.fixture
def inspected(cast):
    """A round with a plan, two approved units and one that is not inspected."""
    inspection_round = make_round()
    for name, outcomes in (("Đa Kao", {1: "met", 2: "not_met"}), ("Bến Thành", dict.fromkeys((1, 2, 3), "met"))):
        unit = enrol(inspection_round, make_ward(make_district(), name=name))
        answer(unit, cast.inspector, dict.fromkeys((1, 2, 3, 4), "met") | outcomes)
        inspection = submit_signed(inspection=unit.inspection, by=cast.inspector)
        approve_inspection(inspection=inspection or unit.inspection, by=cast.approver)
    enrol(inspection_round, make_ward(make_district(), name="Chưa kiểm tra"))
    about = official_papers.About(PaperKind.PLAN, inspection_round)
    official_papers.draft_paper(about=about, by=cast.approver)
    return inspection_round


def made_by(job: Job) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(job.result_file.read()))


def fetch(client, job):
    return client.get(reverse("jobs:file", args=[job.pk]))


def test_the_archive_has_the_papers_and_the_sheets_of_units_with_a_result(cast, inspected, sign_in):
    client = sign_in(cast.inspector)
    pressed = client.post(reverse("inspections:round-papers-all", args=[inspected.code]))
    again = client.post(reverse("inspections:round-papers-all", args=[inspected.code]))
    assert pressed.url == again.url, "pressed twice, it is one"
    (job,) = Job.objects.all()
    job = jobs.run_at_once(job)
    assert (job.status, job.result_name) == ("done", f"van-ban-{inspected.code}.zip"), job.message
    with made_by(job) as archive:
        names = archive.namelist()
        assert names == [
            "00-muc-luc.docx",
            "van-ban/001-ke-hoach-kiem-tra.docx",
            "phieu-ket-qua/001-phuong-da-kao.docx",
            "phieu-ket-qua/002-phuong-ben-thanh.docx",
        ]
        contents = words(archive.read(names[0]))
        assert all(name in contents for name in names[1:])
        assert "KẾ HOẠCH" in words(archive.read(names[1])) and "3/4" in words(archive.read(names[2]))
    assert job.result_name in client.get(pressed.url).content.decode()
    file = fetch(client, job)
    assert b"".join(file.streaming_content)[:2] == b"PK"
    assert f'filename="{job.result_name}"' in file["Content-Disposition"]


def test_nobody_else_fetches_it_and_a_lost_right_ends_it(cast, inspected, sign_in):
    job = jobs.run_at_once(order_papers(inspection_round=inspected, by=cast.inspector))
    for other in (cast.approver, make_user(Role.ADMINISTRATOR), make_user(Role.LEADERSHIP)):
        assert fetch(sign_in(other), job).status_code == 404
    client = sign_in(cast.inspector)
    assert fetch(client, job).status_code == 200
    User.objects.filter(pk=cast.inspector.pk).update(role=Role.LEADERSHIP)
    assert fetch(client, job).status_code == 404


def test_who_lost_the_right_before_it_began_gets_none(cast, inspected):
    job = order_papers(inspection_round=inspected, by=cast.inspector)
    User.objects.filter(pk=cast.inspector.pk).update(is_active=False)
    job = jobs.run_at_once(job)
    assert (job.status, job.result_file.name) == ("failed", "")


def test_a_round_without_papers_and_results_says_so(cast):
    job = jobs.run_at_once(order_papers(inspection_round=make_round(), by=cast.inspector))
    assert job.status == "failed" and job.message


def stored() -> set[str]:
    found = set()
    for folder in default_storage.listdir("")[0] if default_storage.exists("") else []:
        found |= {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
    return found


def test_a_worker_that_lost_its_job_leaves_no_file(cast, inspected, monkeypatch):
    before = stored()
    job = order_papers(inspection_round=inspected, by=cast.inspector)
    whole = jobs.write_whole

    def lose(*values):
        whole(*values)
        Job.objects.filter(pk=job.pk).update(worker="another")

    monkeypatch.setattr(jobs, "write_whole", lose)
    job = jobs.run_at_once(job)
    assert (job.status, job.result_file.name, stored()) == ("running", "", before)


def test_the_file_goes_after_a_week_and_not_before(cast, inspected, sign_in):
    job = jobs.run_at_once(order_papers(inspection_round=inspected, by=cast.inspector))
    call_command("sweep_files")
    assert job.result_file.name in stored()
    Job.objects.update(finished_at=timezone.now() - datetime.timedelta(days=jobs.KEPT_DAYS, hours=1))
    call_command("sweep_files")
    assert job.result_file.name not in stored()
    assert fetch(sign_in(cast.inspector), job).url == reverse("jobs:detail", args=[job.pk])


def test_what_a_worker_leaves_that_is_killed_while_it_stores_goes_after_a_day(
    cast, inspected, settings, tmp_path, monkeypatch
):
    """Nothing is done after a kill: neither the row of the file is written nor the file removed."""
    settings.MEDIA_ROOT = str(tmp_path)
    files = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
    settings.STORAGES = settings.STORAGES | files
    done = jobs.run_at_once(order_papers(inspection_round=inspected, by=cast.inspector))
    job = order_papers(inspection_round=inspected, by=cast.approver)
    before, kill = stored(), {"commit": lambda _self: 1 / 0, "fail": lambda _self, _message: None}
    with monkeypatch.context() as killed, pytest.raises(ZeroDivisionError):
        for name, what in kill.items():
            killed.setattr(jobs.JobHandle, name, what)
        killed.setattr(type(default_storage), "delete", lambda _self, _name: None, raising=False)
        killed.setattr("django.core.files.storage.FileSystemStorage.delete", lambda _self, _name: None)
        jobs.run_at_once(job)
    (left,) = stored() - before
    job.refresh_from_db()
    assert (job.status, job.result_file.name) == ("running", "")
    call_command("sweep_files")
    assert left in stored(), "it may be of a worker that is still at it"
    long_ago = time.time() - 100_000
    for name in (left, done.result_file.name):
        os.utime(tmp_path / name, (long_ago, long_ago))
    call_command("sweep_files")
    assert stored() == before


def test_more_units_ask_no_more(cast, inspected, django_assert_max_num_queries, monkeypatch):
    # A job says once a second how far it is: more often on a busy machine.
    monkeypatch.setattr(jobs, "SECONDS_BETWEEN_TELLING", 10**9)
    with django_assert_max_num_queries(50) as few:
        jobs.run_at_once(order_papers(inspection_round=inspected, by=cast.inspector))
    for name in ("Một", "Hai", "Ba"):
        unit = enrol(inspected, make_ward(make_district(), name=name))
        answer(unit, cast.inspector, dict.fromkeys((1, 2, 3, 4), "met"))
        submit_signed(inspection=unit.inspection, by=cast.inspector)
        approve_inspection(inspection=unit.inspection, by=cast.approver)
    with django_assert_max_num_queries(len(few)):
        job = jobs.run_at_once(order_papers(inspection_round=inspected, by=cast.inspector))
    with made_by(job) as archive:
        assert len(archive.namelist()) == 7
