"""Another department sees its own names: no page, file or mail of a portal elsewhere names the City's office."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate

from archiveportal.accounts.mail import address_changed_mail, approver_made_mail, first_link_mail, reset_mail
from archiveportal.accounts.models import FirstLink
from archiveportal.office import kept
from archiveportal.office.models import Office
from archiveportal.own_words import in_vietnamese, own_words
from criteria.inspections.services.digest import FOOT
from tests.support.elsewhere import CITYS, DIVISION, make_office, make_people, make_portal, walk, words_of

#: The pages that enter an office give examples of several, and its part for archives is a "Chi cục" there. The figures
#: are those of the City's two reports. Kinds of districts are chosen where districts are entered.
LEFT_OUT = frozenset(
    {
        *("office:overview", "office:add", "office:edit", "office:signatory-add", "office:signatory-edit"),
        *("reports:figures", "reports:discrepancies", "wards:district-create", "wards:district-edit"),
    }
)
ROLES = ("inspector", "approver", "leader", "administrator", "officer", "head", "district")
#: who walks in which language: the words of a screen are the same for everybody, their pages are not
WALKS = [*(("vi", role) for role in ROLES), ("vi", ""), ("en", "approver"), ("en", "")]


def citys_words(text: str) -> list[str]:
    return [text[max(0, hit.start() - 60) : hit.end() + 40].strip() for hit in CITYS.finditer(text)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("division", "walks"),
    [(DIVISION, WALKS), ({}, [("vi", "approver"), ("vi", "officer"), ("en", "officer")])],
    ids=["with a part for archives", "without one"],
)
def test_nothing_names_the_office_of_the_city(sign_in, client, division, walks):
    make_office(**division)
    people, faults, names = make_portal(), [], set()
    for language, role in walks:
        visitor = sign_in(getattr(people, role)) if role else client
        visitor.cookies["django_language"] = language
        for name, response in walk(visitor, ["/", people.minutes] if role else ["/dang-nhap/"], LEFT_OUT):
            names.add(name)
            faults += [f"{language} {role} {name}: {hit!r}" for hit in citys_words(words_of(response))]
    assert not faults
    files = {"inspections:result-word", "inspections:minutes-word", "reports:summary-workbook"}
    assert files | {"home", "training:attainment", "reports:criteria", "reports:round-document"} <= names


@pytest.mark.django_db
@pytest.mark.parametrize("division", [DIVISION, {}], ids=["with a part for archives", "without one"])
def test_no_mail_names_it(division, settings):
    make_office(**division)
    people = make_people()
    link = FirstLink(account=people.officer, sent_to="xa@example.org")
    mails = [
        reset_mail(people.officer, "https://example.org"),
        first_link_mail(link, "https://example.org", hours=72),
        address_changed_mail(people.officer, "cu@example.org"),
        approver_made_mail(people.approver, people.inspector, by=people.administrator),
    ]
    for each in mails:
        assert "Sở Dân chính tỉnh Đồng Nai" in each.body and citys_words(f"{each.subject} {each.body}") == []
    assert in_vietnamese(FOOT) == "Tin nhắc tự động, không thay thế văn bản của Sở Dân chính."
    assert mail.outbox == []


@pytest.mark.django_db
def test_roles_are_called_by_the_office():
    make_office(**DIVISION)
    people = make_people()
    translation.activate("vi")
    assert people.approver.get_role_display() == "Lãnh đạo Phòng Lưu trữ"
    assert people.inspector.get_role_display() == "Công chức Phòng Lưu trữ, thành viên Đoàn kiểm tra"
    assert people.leader.get_role_display() == "Lãnh đạo Sở Dân chính"
    make_office()
    # Its own leadership does not approve: the two roles keep different names.
    assert people.approver.get_role_display() == "Lãnh đạo phụ trách văn thư, lưu trữ"


@pytest.mark.django_db
def test_english_names_are_those_of_the_record():
    assert own_words("en").name == "Department of Home Affairs of Ho Chi Minh City"
    assert own_words("en").area == "Ho Chi Minh City"
    make_office(**DIVISION)
    assert (own_words("en").name, own_words("en").area) == ("Sở Dân chính tỉnh Đồng Nai", "Dong Nai Province")
    make_office(**DIVISION, name_in_english="Civil Affairs of Dong Nai", division_in_english="Archives Division")
    assert (own_words("en").name, own_words("en").division) == ("Civil Affairs of Dong Nai", "Archives Division")


@pytest.mark.django_db
def test_pages_ask_for_the_name_once_in_some_seconds(client, monkeypatch):
    monkeypatch.setattr(kept, "SHOWN", 60.0)
    kept.forget_rows()
    counts = []
    for _visit in range(3):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("accounts:sign-in"))
        counts.append(sum("office_office" in each["sql"] for each in queries))
    assert counts == [1, 0, 0]


@pytest.mark.django_db
def test_another_process_shows_a_change_within_seconds(client, monkeypatch):
    """`update` sends no signal: it is the change of another process."""
    row, page = make_office(), reverse("accounts:sign-in")
    now = [1000.0]
    monkeypatch.setattr(kept, "SHOWN", 2.0)
    monkeypatch.setattr("archiveportal.office.kept.time.monotonic", lambda: now[0])
    assert "Sở Dân chính" in client.get(page).content.decode()
    Office.objects.filter(pk=row.pk).update(name="Sở Văn thư")
    assert "Sở Dân chính" in client.get(page).content.decode()
    now[0] += 2.1
    assert "Sở Văn thư" in client.get(page).content.decode()
    row.name = "Sở Lưu trữ"
    row.save()
    assert "Sở Lưu trữ" in client.get(page).content.decode(), "the own process shows it at once"


@pytest.mark.django_db
def test_a_name_changes_on_the_day_that_its_record_begins():
    make_office(last_day=localdate())
    assert own_words("vi").name == "Sở Dân chính tỉnh Đồng Nai"


@pytest.mark.django_db
def test_the_page_that_says_that_the_database_is_away_asks_nothing(django_assert_num_queries):
    make_office()
    own_words("vi")
    with django_assert_num_queries(0):
        assert own_words("vi", is_asking=False).name == "Sở Dân chính tỉnh Đồng Nai"
