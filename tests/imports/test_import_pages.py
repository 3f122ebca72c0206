"""Handing a sheet in on the pages: checked, looked at, answered, confirmed, dropped."""

import datetime
import io
import re
from itertools import chain
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from archiveportal.accounts.models import FirstLink, Role, User
from archiveportal.history.models import Event
from archiveportal.imports import services
from archiveportal.imports.models import ImportPlan, KeptChoice, SheetImport
from archiveportal.imports.services import confirm_import, deciding
from archiveportal.jobs.models import Job
from archiveportal.jobs.services import order_job, run_at_once
from archiveportal.refusal import Refused
from archiveportal.sheets.kinds import KINDS
from tests.accounts.test_account_sheet import row
from tests.support.factories import make_district, make_user, make_ward
from tests.support.sheets import accounts_sheet, zip_bomb

START = ["tai-khoan"]


@pytest.fixture
def ward(db):
    return make_ward(name="Tân Định", code="26737")


@pytest.fixture
def administrator(db):
    return make_user(Role.ADMINISTRATOR, full_name="Bùi Gia Huy")


@pytest.fixture
def client(administrator, sign_in):
    return sign_in(administrator)


def upload(*rows, name="tai-khoan.xlsx", content=None):
    return SimpleUploadedFile(name, content or accounts_sheet(*rows))


def hand_in(client, *rows, **options):
    return hand_in_file(client, upload(*rows, **options))


def hand_in_file(client, file):
    answer = client.post(reverse("imports:start", args=START), {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return SheetImport.objects.latest("pk")


def page(client, made, query=""):
    return client.get(reverse("imports:detail", args=[*START, made.pk]) + query)


def press(client, name, made, **data):
    return client.post(reverse(f"imports:{name}", args=[*START, made.pk]), data, follow=True)


def confirm(client, made):
    return press(client, "confirm", made, shown=ImportPlan.objects.get(import_of=made).digest)


def test_from_the_file_to_the_link_that_was_used(client, ward, administrator):
    made = hand_in(client, row(unit="Tân Định", position="Công chức"), row("Trần Thị Bê", unit="Tân Định", mailbox=""))
    assert made.state == "ready"
    assert not User.objects.filter(ward=ward).exists()
    shown = page(client, made).content.decode()
    assert "nguyen.van.an" in shown
    confirm(client, made)
    made.refresh_from_db()
    assert (made.status, made.decided_by, made.counts["begin"]) == ("applied", administrator, 2)
    assert not mail.outbox
    call_command("run_jobs", once=True)
    made.refresh_from_db()
    assert not made.kept_as
    assert not ImportPlan.objects.exists()
    (letter,) = mail.outbox
    assert letter.to == ["hop@thu.vn"]
    result = client.get(reverse("accounts:first-links"), {"nhap": made.pk}).content.decode()
    assert "nguyen.van.an" in result
    link = re.search(r"http://testserver(\S+)", letter.body)[1]
    visitor = client.__class__()
    choose = visitor.get(link, follow=True)
    assert "Nguyễn Văn An" in choose.content.decode()
    password = "bon-con-trau-qua-song-2026"
    done = visitor.post(choose.redirect_chain[-1][0], {"new_password": password, "repeated": password})
    assert done.status_code == 302
    account = User.objects.get(username="nguyen.van.an")
    assert account.check_password(password)
    assert not account.must_change_password
    assert FirstLink.objects.get().state == "used"
    assert visitor.get(link).status_code == 404


def test_the_same_file_twice_changes_nothing(client, ward):
    # A workbook says in which second it was saved: made twice, it would be two files.
    file = accounts_sheet(row(unit="Tân Định"), row("Trần Thị Bê", unit="Tân Định"))
    made = hand_in(client, content=file)
    assert hand_in(client, content=file) == made
    confirm(client, made)
    events, people = Event.objects.exclude(object_type="imports.sheetimport").count(), User.objects.count()
    again = hand_in(client, content=file)
    assert again != made
    assert again.counts["stay"] == 2
    assert "xac-nhan" not in page(client, again).content.decode()
    confirm(client, again)
    assert (Event.objects.exclude(object_type="imports.sheetimport").count(), User.objects.count()) == (events, people)


def test_one_error_and_nothing_is_taken(client, ward):
    made = hand_in(client, row(unit="Tân Định"), row("Trần Thị Bê", unit="Không Có"))
    shown = page(client, made).content.decode()
    assert "Không Có" in shown
    assert "xac-nhan" not in shown
    confirm(client, made)
    assert not User.objects.filter(ward=ward).exists()
    made.refresh_from_db()
    assert made.state == "ready"


def test_errors_come_as_a_list_and_as_comments(client, ward):
    made = hand_in(client, row(unit="Tân Định"), row("Trần Thị Bê", unit="Không Có", mailbox="sai"))
    errors = client.get(reverse("imports:errors", args=[*START, made.pk]))
    cells = set(chain.from_iterable(load_workbook(io.BytesIO(errors.content)).active.values))
    assert {"Danh sách", 3, "F", "Hộp thư công vụ", "sai"} <= cells
    copy = load_workbook(io.BytesIO(client.get(reverse("imports:copy", args=[*START, made.pk])).content)).active
    assert copy["F3"].comment
    assert not copy["F2"].comment
    text = "Họ và tên;Vai trò;Đơn vị\nTrần Bê;Lãnh đạo Sở;=1+1\n".encode()
    made = hand_in(client, name="a.csv", content=text)
    copy = load_workbook(io.BytesIO(client.get(reverse("imports:copy", args=[*START, made.pk])).content)).active
    assert (copy["C2"].value, copy["C2"].data_type, bool(copy["C2"].comment)) == ("=1+1", "s", True)


def test_an_answer_is_kept_for_later_sheets(client, ward):
    wards = [make_ward(make_district(name, kind="quan"), "11", code=f"2{name}") for name in ("3", "10")]
    made = hand_in(client, row(unit="Phường 11"))
    assert "Phường 11, Quận 10" in page(client, made).content.decode()
    question = made.stored_plan.plan.lines[0].questions[0]
    press(client, "answer", made, question=question.key, value="999")
    made = SheetImport.objects.get(pk=made.pk)
    assert made.counts["refuse"] == 1
    press(client, "answer", made, question=question.key, value=wards[1].pk, keeps="on")
    made = SheetImport.objects.get(pk=made.pk)
    assert made.counts["begin"] == 1
    assert KeptChoice.objects.get().value == str(wards[1].pk)
    other = hand_in(client, row("Trần Thị Bê", unit="phường 11"))
    assert other.stored_plan.plan.lines[0].step["values"]["ward_id"] == wards[1].pk


def test_what_was_previewed_is_what_is_applied(client, ward):
    """Somebody made the account between the preview and the press."""
    made = hand_in(client, row(unit="Tân Định", position="Công chức"))
    shown = made.stored_plan.digest
    make_user(Role.WARD, "nguyen.van.an", full_name="Nguyễn Văn An", ward=ward)
    answer = press(client, "confirm", made, shown=shown)
    made = SheetImport.objects.get(pk=made.pk)
    assert made.state == "ready"
    assert made.message in answer.content.decode().replace("&quot;", '"')
    assert made.counts["change"] == 1
    press(client, "confirm", made, shown=shown)
    assert SheetImport.objects.get(pk=made.pk).state == "ready"
    confirm(client, made)
    assert SheetImport.objects.get(pk=made.pk).status == "applied"
    assert User.objects.get(ward=ward).position == "Công chức"


def test_a_change_within_the_transaction_undoes_all(client, ward, monkeypatch):
    make_user(Role.WARD, "cu", full_name="Trần Thị Bê", ward=ward)
    made = hand_in(client, row(unit="Tân Định"), row("Trần Thị Bê", unit="Tân Định", position="Phó phòng"))
    from archiveportal.accounts.account_sheet import AccountSheet

    apply = AccountSheet.apply

    def late(self, lines, order, *, batch):
        User.objects.filter(username="cu").update(telephone="0281")
        return apply(self, lines, order, batch=batch)

    monkeypatch.setattr(AccountSheet, "apply", late)
    confirm(client, made)
    assert SheetImport.objects.get(pk=made.pk).state == "ready"
    assert not User.objects.filter(username="nguyen.van.an").exists()


def test_pressing_twice_takes_it_in_once(client, ward):
    made = hand_in(client, row(unit="Tân Định"))
    digest = made.stored_plan.digest
    for _press in range(3):
        press(client, "confirm", made, shown=digest)
    assert User.objects.filter(ward=ward).count() == 1
    assert Job.objects.filter(kind="imports.apply").count() == 1


def test_dropping_lets_the_file_go(client, ward):
    made = hand_in(client, row(unit="Tân Định"))
    name = made.kept_as.name
    assert default_storage.exists(name)
    press(client, "drop", made)
    press(client, "drop", made)
    made.refresh_from_db()
    assert (made.status, made.kept_as.name) == ("dropped", "")
    assert not default_storage.exists(name)
    assert Event.objects.about(made).filter(action="voided").count() == 1
    with pytest.raises(Refused):
        services.check_again(made=made, by=made.began_by)


def test_a_large_file_waits_for_a_job(client, ward, monkeypatch):
    monkeypatch.setattr("archiveportal.imports.services.deciding.is_small", lambda content: False)
    monkeypatch.setattr("archiveportal.imports.services.deciding.FEW_ROWS", 0)
    file = upload(row(unit="Tân Định"))
    made = hand_in_file(client, file)
    assert made.state == "checking"
    busy = page(client, made).content.decode()
    assert reverse("jobs:state", args=[made.job_id]) in busy
    state = client.get(reverse("jobs:state", args=[made.job_id])).json()
    assert (state["is_over"], state["percent"]) == (False, None)
    # The same bytes: a workbook that is written anew has another second in it.
    file.seek(0)
    assert hand_in_file(client, file) == made
    assert Job.objects.count() == 1
    call_command("run_jobs", once=True)
    made = SheetImport.objects.get(pk=made.pk)
    assert made.state == "ready"
    confirm(client, made)
    assert SheetImport.objects.get(pk=made.pk).state == "ready"
    call_command("run_jobs", once=True)
    assert SheetImport.objects.get(pk=made.pk).status == "applied"


def test_what_is_no_table_is_refused_beside_the_field(client):
    start = reverse("imports:start", args=START)
    for content, name in ((b"\x89PNG\r\n\x1a\n\0\0", "anh.xlsx"), (zip_bomb(150), "bom.xlsx"), (b"", "trong.xlsx")):
        answer = client.post(start, {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 200
        assert "has-error" in answer.content.decode()
    assert client.post(start).status_code == 200
    assert not SheetImport.objects.exists()


def test_a_file_without_the_headings_says_what_is_missing(client):
    made = hand_in(client, content=accounts_sheet().replace(b"x", b"x"))
    assert made.state == "refused"
    text = "Tên;Tuổi\nAn;5\n".encode()
    made = hand_in(client, name="a.csv", content=text)
    assert made.state == "refused"
    assert "Họ và tên" in page(client, made).content.decode()


def test_pages_of_a_preview(client, ward, django_assert_max_num_queries):
    made = hand_in(client, *(row(f"Người Thứ {number}", unit="Tân Định", mailbox="") for number in range(120)))
    with django_assert_max_num_queries(14):
        first = page(client, made).content.decode()
    assert first.count("Người Thứ") == 50
    assert page(client, made, "?loai=begin&page=3").content.decode().count("Người Thứ") == 20
    assert page(client, made, "?loai=stay").status_code == 200
    assert page(client, made, "?loai=x&page=x").status_code == 200


def test_only_the_right_sees_imports(cast, sign_in):
    made = services.begin_import(kind=KINDS["accounts"], upload=upload(row()), by=cast.administrator)
    for person in cast.all().values():
        visible = SheetImport.objects.visible_to(person).filter(pk=made.pk).exists()
        assert visible == (person.role == Role.ADMINISTRATOR), person
    assert client_status(sign_in(cast.approver), made) == 403


def client_status(client, made):
    return client.get(reverse("imports:detail", args=[*START, made.pk])).status_code


def test_old_imports_are_swept(client, ward):
    made = hand_in(client, row(unit="Tân Định"))
    name = made.kept_as.name
    call_command("sweep_files")
    assert default_storage.exists(name)
    old = timezone.now() - timezone.timedelta(days=services.deciding.KEPT_DAYS + 1)
    SheetImport.objects.update(began_at=old)
    call_command("sweep_files")
    assert SheetImport.objects.get().status == "dropped"
    assert not default_storage.exists(name)


def test_a_preview_that_nobody_confirmed_is_not_applied(client, ward, administrator, monkeypatch):
    """Another check ends between the press and the job: what it found was shown to nobody."""
    made = hand_in(client, row(unit="Tân Định"))
    shown = ImportPlan.objects.get(import_of=made).digest
    monkeypatch.setattr(deciding, "_is_few", lambda made: False)
    confirm_import(made=made, shown=shown, by=administrator)
    make_user(username="nguyen.van.an")
    job = SheetImport.objects.get(pk=made.pk).job
    check_job = order_job(kind="imports.check", title="x", arguments={"import": made.pk}, by=administrator)
    run_at_once(check_job)
    assert ImportPlan.objects.get(import_of=made).digest != shown
    run_at_once(job)
    made.refresh_from_db()
    assert made.status != "applied" and not User.objects.filter(ward=ward).exists()


def test_slips_have_passwords_that_stand_nowhere(client, ward, caplog):
    made = hand_in(client, row(unit="Tân Định"), row("Trần Thị Bê", unit="Tân Định"))
    confirm(client, made)
    call_command("run_jobs", once=True)
    accounts = list(User.objects.filter(ward=ward))
    make_user(username="da-dung", must_change_password=True, last_login=timezone.now())
    answer = client.post(reverse("accounts:slips"), {"all": "on", "nhap": made.pk})
    passwords = re.findall(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", answer.content.decode())
    assert len(passwords) == 2
    assert "no-store" in answer["Cache-Control"]
    for account in User.objects.filter(pk__in=[each.pk for each in accounts]).order_by("sort_key"):
        assert account.must_change_password
        assert any(account.check_password(password) for password in passwords)
    assert set(FirstLink.objects.values_list("ended_at", flat=True)) != {None}
    stored = [*Event.objects.values_list("changes", flat=True), *Job.objects.values_list("arguments", flat=True)]
    assert not any(password in str(stored) + caplog.text for password in passwords)


def test_a_new_link_ends_the_earlier_one(client, ward):
    made = hand_in(client, row(unit="Tân Định"))
    confirm(client, made)
    call_command("run_jobs", once=True)
    account = User.objects.get(ward=ward)
    client.post(reverse("accounts:first-links-send"), {"account": account.pk})
    newest, first = FirstLink.objects.all()
    assert (first.state, newest.state, newest.batch) == ("ended", "sent", made.pk)
    links = [re.search(r"http://testserver(\S+)", letter.body)[1] for letter in mail.outbox]
    assert client.get(links[0]).status_code == 404
    assert client.get(links[1]).status_code == 302
    FirstLink.objects.filter(pk=newest.pk).update(ends_at=timezone.now())
    assert client.get(links[1]).status_code == 404


def test_the_list_of_first_uses_is_searched_and_one_press_reaches_everybody(client, ward):
    people = [row(f"Người {number:02d}", unit="Tân Định", mailbox=f"n{number}@thu.vn") for number in range(12)]
    made = hand_in(client, *people)
    confirm(client, made)
    call_command("run_jobs", once=True)
    used, late = User.objects.get(full_name="Người 00"), User.objects.get(full_name="Người 01")
    User.objects.filter(pk=used.pk).update(must_change_password=False, last_login=timezone.now())
    FirstLink.objects.filter(account=late).update(ends_at=timezone.now() - datetime.timedelta(hours=1))
    address = reverse("accounts:first-links")

    def shown(**query):
        return [account.full_name for account, _link in client.get(address, query).context["rows"]]

    assert len(shown()) == len(shown(nhap=made.pk)) == len(shown(q="tan dinh")) == 12
    assert shown(q="nguoi 07") == ["Người 07"] and shown(q="không có") == shown(nhap=99) == []
    assert shown(state="in-use") == ["Người 00"] and len(shown(state="not-used")) == 11
    assert shown(state="ran-out", nhap=made.pk) == ["Người 01"]
    mail.outbox.clear()
    answer = client.post(reverse("accounts:first-links-send"), {"all": "on"})
    job = Job.objects.get(kind="accounts.first_links")
    assert answer["Location"] == reverse("jobs:detail", args=[job.pk]) and not mail.outbox
    call_command("run_jobs", once=True)
    job.refresh_from_db()
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(f"n{number}@thu.vn" for number in range(1, 12))
    assert (job.status, "11" in job.message) == ("done", True)
    for filters, reached in (({"q": "nguoi 07"}, ["n7@thu.vn"]), ({"state": "in-use"}, []), ({"nhap": "x"}, [])):
        mail.outbox.clear()
        back = client.post(reverse("accounts:first-links-send"), {"all": "on"} | filters)
        assert [letter.to[0] for letter in mail.outbox] == reached
        assert back["Location"] == f"{address}?{urlencode(filters)}"
    page = client.get(address, {"q": "nguoi 07"}).content.decode()
    assert '<input type="hidden" name="q" value="nguoi 07">' in page


def test_a_mail_server_that_refuses_leaves_the_link_unsent(client, ward, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 9
    made = hand_in(client, row(unit="Tân Định"))
    confirm(client, made)
    call_command("run_jobs", once=True)
    link = FirstLink.objects.get()
    assert link.state == "waiting"
    assert link.fault
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    order_job(kind="imports.after", title="Gửi", arguments={"import": made.pk}, by=made.began_by)
    call_command("run_jobs", once=True)
    assert FirstLink.objects.get().state == "sent"
