"""The administrator works under the eyes of approvers and leadership."""

from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from archiveportal.accounts import mail as portal_mail
from archiveportal.accounts import services
from archiveportal.accounts.models import Role, User
from archiveportal.accounts.services import create_account, give_new_password, update_account, update_accounts
from archiveportal.accounts.stand_ins import name_stand_in
from archiveportal.history.models import Event
from criteria.inspections.models import Enrolment
from tests.support.factories import make_user
from wards.models import District, Ward
from wards.services import update_ward

JOURNAL = "/tai-khoan/nhat-ky/"


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(services, "deliver", portal_mail._send)


def test_a_changed_address_is_a_line_and_a_mail_to_the_old_one(
    cast, at_once, log_lines, django_capture_on_commit_callbacks
):
    person = make_user(username="anh", full_name="Trần Văn Ánh", email="cu@tphcm.gov.vn")
    person.email = "moi@tphcm.gov.vn"
    with django_capture_on_commit_callbacks(execute=True):
        update_account(account=person, by=cast.administrator)
    assert [message.to for message in mail.outbox] == [["cu@tphcm.gov.vn"]]
    assert "anh" in mail.outbox[0].body
    assert "moi@" not in mail.outbox[0].body
    (line,) = log_lines.named("e-mail address changed")
    assert (line["user"], line["by"]) == (person.pk, cast.administrator.pk)


def test_an_approvers_new_password_is_told_to_all_approvers(cast, at_once, django_capture_on_commit_callbacks):
    User.objects.filter(pk=cast.approver.pk).update(email="mot@tphcm.gov.vn")
    User.objects.filter(pk=cast.approver2.pk).update(email="hai@tphcm.gov.vn")
    with django_capture_on_commit_callbacks(execute=True):
        give_new_password(account=cast.inspector, by=cast.administrator)
    assert mail.outbox == []
    with django_capture_on_commit_callbacks(execute=True):
        password = give_new_password(account=cast.approver, by=cast.administrator)
    assert sorted(message.to for message in mail.outbox) == [["hai@tphcm.gov.vn"], ["mot@tphcm.gov.vn"]]
    assert not [message for message in mail.outbox if password in message.body]


def test_an_approvers_new_address_is_told_to_the_other_approvers(cast, at_once, django_capture_on_commit_callbacks):
    """A link to a new password goes there: an account without an address had nobody who would be told."""
    User.objects.filter(pk=cast.approver2.pk).update(email="hai@tphcm.gov.vn")

    def told_of(person: User) -> list[list[str]]:
        mail.outbox.clear()
        person.refresh_from_db()
        person.email = "moi@tphcm.gov.vn"
        with django_capture_on_commit_callbacks(execute=True):
            update_account(account=person, by=cast.administrator)
        return [message.to for message in mail.outbox]

    assert told_of(cast.approver) == [["hai@tphcm.gov.vn"]]
    assert cast.approver.username in mail.outbox[0].body and "moi@" not in mail.outbox[0].body
    assert told_of(cast.inspector) == []
    today = timezone.localdate()
    name_stand_in(person=cast.inspector2, decision="1/QĐ", starts_on=today, ends_on=today, by=cast.approver2)
    # Both approvers have an address by now.
    assert sorted(told_of(cast.inspector2)) == [["hai@tphcm.gov.vn"], ["moi@tphcm.gov.vn"]]


def test_a_new_approver_is_told_to_those_who_are_there(cast, at_once, django_capture_on_commit_callbacks):
    User.objects.filter(pk=cast.approver.pk).update(email="mot@tphcm.gov.vn")
    account = User(username="binh", full_name="Lê Bình", role=Role.INSPECTOR, email="binh@tphcm.gov.vn")
    with django_capture_on_commit_callbacks(execute=True):
        create_account(account=account, by=cast.administrator)
    assert mail.outbox == []
    account.role = Role.APPROVER
    with django_capture_on_commit_callbacks(execute=True):
        update_account(account=account, by=cast.administrator)
    assert [message.to for message in mail.outbox] == [["mot@tphcm.gov.vn"]]
    other = User(username="khanh", full_name="Đỗ Khánh", role=Role.APPROVER)
    with django_capture_on_commit_callbacks(execute=True):
        create_account(account=other, by=cast.administrator)
    assert sorted(message.to[0] for message in mail.outbox[1:]) == ["binh@tphcm.gov.vn", "mot@tphcm.gov.vn"]
    assert "khanh" in mail.outbox[1].body and cast.administrator.full_name in mail.outbox[1].body


def test_the_journal_hides_what_is_private(cast, sign_in):
    account = User(username="binh", full_name="Lê Bình", role=Role.INSPECTOR, email="binh@tphcm.gov.vn")
    create_account(account=account, by=cast.administrator)
    account.role, account.email = Role.APPROVER, "khac@tphcm.gov.vn"
    update_account(account=account, by=cast.administrator)
    for person in (cast.approver, cast.leader, cast.administrator):
        page = sign_in(person).get(JOURNAL).content.decode()
        assert "Lê Bình" in page
        assert "Lãnh đạo Chi cục" in page or "approver" in page
        assert "@tphcm.gov.vn" not in page
        # Two people may have one name: the sign-in name stands beside it.
        assert cast.administrator.username in page


def test_a_namesake_is_asked_about(cast, sign_in):
    client, address = sign_in(cast.administrator), reverse("accounts:create")
    make_user(username="anh1", full_name="Trần Văn Ánh")
    typed = {"full_name": "Trần  Văn Ánh", "username": "anh2", "role": "inspector", "email": ""}
    for name in ("Trần  Văn Ánh", "TRẦN VĂN ÁNH", "tran van anh"):
        page = client.post(address, typed | {"full_name": name}).content.decode()
        assert "anh1" in page, name
        assert 'name="is_another"' in page
    part = client.post(address, typed | {"full_name": "Trần Văn", "username": ""}).content.decode()
    assert 'name="is_another"' not in part
    assert not User.objects.filter(username="anh2").exists()
    client.post(address, typed | {"is_another": "on"})
    assert User.objects.filter(username="anh2").exists()


def test_a_unit_with_results_moves_with_a_reason(cast, sign_in):
    phuong6 = Enrolment.objects.get(ward__code="27202")
    ward, elsewhere = Ward.objects.get(pk=phuong6.ward_id), District.objects.get(code="787")
    ward.district = elsewhere
    with pytest.raises(ValidationError) as refusal:
        update_ward(ward=ward, by=cast.administrator)
    assert "reason" in refusal.value.message_dict
    client, address = sign_in(cast.administrator), reverse("wards:edit", args=[ward.pk])
    form = client.get(address).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"district": elsewhere.pk}
    page = client.post(address, typed).content.decode()
    assert "Ghi lý do chuyển" in page
    assert client.post(address, typed | {"reason": "Quyết định thử 77"}).status_code == 302
    (event,) = Event.objects.about(ward)[:1]
    assert event.reason == "Quyết định thử 77"
    story = sign_in(cast.approver).get(reverse("inspections:history", args=[phuong6.pk]))
    assert "Quyết định thử 77" in story.content.decode()
    reverse("wards:detail", args=[ward.pk])
    assert "Quyết định thử 77" in sign_in(cast.leader).get(reverse("wards:detail", args=[ward.pk])).content.decode()
    assert (
        "Quyết định thử 77" not in sign_in(cast.inspector).get(reverse("wards:detail", args=[ward.pk])).content.decode()
    )


def test_a_unit_without_results_moves_without_one(cast):
    ward = Ward.objects.filter(enrolments=None).first() or Ward.objects.create(code="99999", kind="xa", name="Thử")
    ward.district = District.objects.get(code="787")
    assert "district" in update_ward(ward=ward, by=cast.administrator)


class Picky(EmailBackend):
    """A mail server that knows no mailbox "chet"."""

    def send_messages(self, messages):
        for message in messages:
            if message.to[0].startswith("chet@"):
                raise SMTPRecipientsRefused({message.to[0]: (550, b"no such user")})
        return super().send_messages(messages)


def test_a_dead_mailbox_keeps_no_other_mail_back(
    cast, at_once, settings, log_lines, django_capture_on_commit_callbacks
):
    """Whoever takes an approver's account by its address would go unnoticed where the old address is dead."""
    settings.EMAIL_BACKEND = f"{__name__}.Picky"
    User.objects.filter(pk=cast.approver2.pk).update(email="hai@tphcm.gov.vn")
    people = [cast.approver, cast.inspector, cast.inspector2]
    for person, mailbox in zip(people, ("chet", "mot", "chet"), strict=True):
        User.objects.filter(pk=person.pk).update(email=f"{mailbox}@tphcm.gov.vn")
        person.email = f"moi{person.pk}@tphcm.gov.vn"
    with django_capture_on_commit_callbacks(execute=True):
        update_accounts(accounts=people, made_on=[None] * 3, by=cast.administrator)
    assert sorted(message.to[0] for message in mail.outbox) == ["hai@tphcm.gov.vn", "mot@tphcm.gov.vn"]
    assert [line["mails"] for line in log_lines.named("mail not sent")] == [1, 1]
