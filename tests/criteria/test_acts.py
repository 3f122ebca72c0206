"""Acts that criteria rest on: in force or ended on the day, cited while a set is not in use."""

import datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from archiveportal.refusal import Refused
from criteria import guard
from criteria.act_services import cite, create_act, edit_act, uncite
from criteria.acts import acts_on
from criteria.models import Citation, CriteriaSet, LegalAct
from criteria.services import copy_set
from tests.support.factories import enrol, make_round, make_set, make_ward

LIST = "/bo-tieu-chi/van-ban/"


def make_act(number, **values) -> LegalAct:
    words = {"kind": "Thông tư", "title": "về thử", "issuer": "Bộ Nội vụ", "issued_on": datetime.date(2011, 1, 19)}
    return LegalAct.objects.create(number=number, **words | values)


def cited_on(criterion, day):
    return acts_on(criterion.criteria_set, day).get(criterion.pk, [])


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def chain(cast):
    """Three acts of which each replaced the one before it, and a criterion that cites the first."""
    last = make_act("3/2024", in_force_from=day("2025-07-01"))
    middle = make_act("2/2020", in_force_from=day("2020-03-05"), in_force_to=day("2025-06-30"), replaced_by=last)
    first = make_act("1/2011", in_force_to=day("2020-03-04"), replaced_by=middle)
    criterion = make_set().criteria.first()
    cite(criterion=criterion, act=first, articles="Điều 4", by=cast.approver)
    return criterion


@pytest.mark.parametrize(
    ("on", "has_ended", "successor"),
    [
        ("2019-10-14", False, None),
        ("2020-03-04", False, None),
        ("2020-03-05", True, "2/2020"),
        ("2025-06-30", True, "2/2020"),
        ("2025-07-01", True, "3/2024"),
    ],
)
def test_an_act_that_had_ended_names_the_one_in_force(chain, on, has_ended, successor):
    (cited,) = cited_on(chain, day(on))
    assert cited.words == "Điều 4, Thông tư số 1/2011"
    assert (cited.has_ended, cited.successor and cited.successor.number) == (has_ended, successor)


def test_acts_are_asked_for_in_one_query(chain, cast, django_assert_max_num_queries):
    for number in range(20):
        cite(criterion=chain, act=make_act(f"{number}/2012"), articles="", by=cast.approver)
    with django_assert_max_num_queries(1):
        acts_on(chain.criteria_set, day("2026-11-01"))


def test_the_checklist_warns_of_an_act_that_has_ended(cast, sign_in):
    enrolment = enrol(make_round(criteria_set=CriteriaSet.objects.get(code="gd1")), make_ward())
    page = sign_in(cast.inspector).get(f"/phieu/{enrolment.pk}/").content.decode()
    assert "Nghị định số 30/2020/NĐ-CP" in page
    enrolment.inspection.inspected_on = day("2019-10-14")
    enrolment.inspection.save(update_fields=["inspected_on"])
    page = sign_in(cast.inspector).get(f"/phieu/{enrolment.pk}/").content.decode()
    assert "Thông tư số 01/2011/TT-BNV" in page
    assert "Nghị định số 30/2020/NĐ-CP" not in page


def test_a_copy_cites_what_its_source_does(cast):
    source = CriteriaSet.objects.get(code="gd1")
    copied = copy_set(criteria_set=source, by=cast.approver)
    words = [sorted((each.criterion.code, each.act.number) for each in row.citations.all()) for row in (source, copied)]
    assert words[0] == words[1]
    assert len(words[0]) == 3


def test_a_set_in_use_takes_no_citation(cast, sign_in):
    criterion = CriteriaSet.objects.get(code="gd1").criteria.first()
    act = LegalAct.objects.get(number="33/2024/QH15")
    with pytest.raises(Refused):
        cite(criterion=criterion, act=act, articles="", by=cast.approver)
    with pytest.raises(Refused):
        uncite(citation=Citation.objects.filter(criteria_set=criterion.criteria_set).first(), by=cast.approver)
    page = sign_in(cast.approver).get(f"/bo-tieu-chi/{criterion.criteria_set_id}/can-cu/").content.decode()
    assert 'name="articles"' not in page


def test_acts_are_added_and_corrected_on_a_page(cast, sign_in):
    client = sign_in(cast.approver)
    values = {"number": "5/2025/TT-BNV", "kind": "Thông tư", "title": "về thử", "issuer": "Bộ Nội vụ"}
    values |= {"issued_on": "140525", "in_force_from": "01/7/2025", "in_force_to": "", "replaced_by": "", "source": ""}
    assert client.post(f"{LIST}them/", values).status_code == 302
    act = LegalAct.objects.get(number="5/2025/TT-BNV")
    assert act.issued_on == day("2025-05-14")
    page = f"{LIST}{act.pk}/"
    made_on = client.get(page).context["form"]["made_on"].value()
    LegalAct.objects.filter(pk=act.pk).update(title="của đồng nghiệp")
    again = client.post(page, values | {"title": "của tôi", "made_on": made_on})
    assert "của đồng nghiệp" in again.content.decode()
    assert 'value="của tôi"' in again.content.decode()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": "33/2024/qh15"}, "number"),
        ({"in_force_from": day("2010-01-01")}, "in_force_from"),
        ({"in_force_from": day("2012-01-01"), "in_force_to": day("2011-12-31")}, None),
        ({"issued_on": day("0019-01-01")}, None),
    ],
)
def test_an_act_that_cannot_be_is_refused(cast, values, field):
    words = {"number": "9/2011", "kind": "Thông tư", "title": "x", "issuer": "x", "issued_on": day("2011-01-19")}
    with pytest.raises((Refused, DatabaseError)) as refused, transaction.atomic():
        create_act(act=LegalAct(**words | values), by=cast.approver)
    if field:
        assert list(refused.value.message_dict) == [field]


def test_acts_do_not_replace_each_other_in_a_circle(chain, cast):
    from archiveportal.history.services import digest
    from criteria.act_services import ACT_FIELDS

    last = LegalAct.objects.get(number="3/2024")
    made_on = digest(last, ACT_FIELDS)
    last.replaced_by = LegalAct.objects.get(number="1/2011")
    with pytest.raises(Refused) as refused:
        edit_act(act=last, made_on=made_on, by=cast.approver)
    assert list(refused.value.message_dict) == ["replaced_by"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE criteria_criterion SET points = 2 WHERE criteria_set_id = {set}",
        "DELETE FROM criteria_citation WHERE criteria_set_id = {set}",
        "UPDATE criteria_band SET label = 'x' WHERE criteria_set_id = {set}",
        "UPDATE criteria_band SET criteria_set_id = {other} WHERE criteria_set_id = {set}",
        "UPDATE criteria_criterion SET criteria_set_id = {set}, position = 99, code = 'X', number = NULL, "
        "is_counted = {false} WHERE criteria_set_id = {other}",
        "UPDATE criteria_criteriaset SET frozen_at = NULL WHERE id = {set}",
        "UPDATE criteria_criteriaset SET name = 'x' WHERE id = {set}",
        "DELETE FROM criteria_criteriaset WHERE id = {set}",
        "INSERT INTO criteria_citation (criteria_set_id, criterion_id, act_id, articles) "
        "SELECT {set}, min(c.id), (SELECT max(id) FROM criteria_legalact), '' FROM criteria_criterion c",
        "UPDATE criteria_criteriaset SET status = 'draft' WHERE id = {set}",
        "INSERT INTO criteria_option (criteria_set_id, criterion_id, position, text, points) "
        "SELECT {other}, min(id), 1, 'x', 0 FROM criteria_criterion WHERE criteria_set_id = {set}",
        "INSERT INTO criteria_ratiostep (criteria_set_id, criterion_id, lower_percent, points) "
        "SELECT {other}, min(id), 0, 0 FROM criteria_criterion WHERE criteria_set_id = {set}",
        "INSERT INTO criteria_citation (criteria_set_id, criterion_id, act_id, articles) SELECT {other}, min(id), "
        "(SELECT max(id) FROM criteria_legalact), '' FROM criteria_criterion WHERE criteria_set_id = {set}",
    ],
)
def test_a_set_in_use_does_not_change_by_sql(baseline, statement):
    used, other = CriteriaSet.objects.get(code="gd1"), make_set()
    false = "false" if connection.vendor == "postgresql" else "0"
    written = statement.format(set=used.pk, other=other.pk, false=false)
    refused = pytest.raises(DatabaseError, match=f"{guard.REFUSAL}|{guard.ELSEWHERE}")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(written)


def test_the_state_of_a_set_in_use_goes_on_and_not_back(baseline):
    used = CriteriaSet.objects.filter(code="gd1")
    assert used.update(status="replaced") == 1
    for status in ("in_force", "proposed", "draft"):
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            used.update(status=status)


@pytest.mark.parametrize("status", ["in_force", "unknown"])
def test_a_set_has_one_version_in_force_and_a_known_state(db, status):
    first = make_set(status="in_force")
    with pytest.raises(IntegrityError), transaction.atomic():
        CriteriaSet.objects.create(code=first.code, version=2, name="Bản sau", status=status)


@pytest.mark.only_postgresql
@pytest.mark.parametrize("table", guard.PARTS)
def test_tables_of_sets_are_not_emptied(baseline, table):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")
