"""The first account of a new server."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from archiveportal.accounts.models import User
from archiveportal.history.models import Event


def test_the_printed_password_signs_in_and_must_be_changed(db, client):
    printed = StringIO()
    call_command("create_administrator", "quan.tri", "Nguyễn Quản Trị", stdout=printed)
    password = printed.getvalue().split(": ")[1].strip()
    account = User.objects.get(username="quan.tri")
    assert (account.role, account.must_change_password) == ("administrator", True)
    assert Event.objects.about(account).get().via == "command"
    client.post("/tai-khoan/dang-nhap/", {"username": "quan.tri", "password": password})
    assert client.get("/").url == "/tai-khoan/mat-khau/"


def test_a_name_is_given_once(db):
    call_command("create_administrator", "quan.tri", "Nguyễn Quản Trị", stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("create_administrator", "quan.tri", "Người Khác", stdout=StringIO())
    assert User.objects.count() == 1
