"""The hint that records were changed after a closing: more careful than the truth at times, never less."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from archiveportal.history.models import Event
from archiveportal.history.services import record
from criteria import guard as set_guard
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services import add_wards
from criteria.models import Band
from reports.closing.services import close_figures
from reports.frozen.changes import differs, lines_of
from reports.frozen.events import was_changed_since
from reports.frozen.figures import figures_of
from reports.models import Closing
from reports.subjects import report_of
from tests.history.test_behind_the_portal import behind  # noqa: F401 (a fixture)
from tests.reports.test_closing import approve, is_touched, store  # noqa: F401 (a fixture)
from tests.support.factories import answer, enrol, make_district, make_round, make_ward
from tests.support.known_errors import correct_known_errors
from training.models import Scheme, WorkforceCount
from training.services.funds import save_workforce
from wards.services import update_district, update_ward

DAY = datetime.timedelta(days=1)


@pytest.fixture
def mine(cast) -> Round:
    """Two wards of one district, both approved."""
    found, district = make_round(), make_district()
    for _ in range(2):
        approve(enrol(found, make_ward(district)), cast)
    return found


@pytest.fixture
def scheme(cast) -> Scheme:
    found = Scheme.objects.get(code="02-2014")
    correct_known_errors(found, cast.approver2)
    return found


def state(subject, cast) -> tuple[bool, bool]:
    """Whether a figure of the newest closing differs, and what the lists say."""
    subject = type(subject).objects.get(pk=subject.pk)
    closing = Closing.objects.filter(**report_of(subject).owner).first()
    assert is_touched(subject, cast.leader) == was_changed_since(subject, closing.closed_at, has_words=True)
    return differs(closing, subject), is_touched(subject, cast.leader)


OF_ROUND = "SELECT i.id FROM inspections_inspection i JOIN inspections_enrolment e ON e.id = i.enrolment_id"
OF_SCHEME = "SELECT id FROM training_category WHERE scheme_id = {pk}"
ON_ROUND = [
    f"UPDATE inspections_inspection SET score = 1 WHERE id IN ({OF_ROUND} WHERE e.round_id = {{pk}})",
    f"UPDATE inspections_result SET outcome = 'not_met' WHERE inspection_id IN ({OF_ROUND} WHERE e.round_id = {{pk}})",
    f"DELETE FROM inspections_result WHERE inspection_id IN ({OF_ROUND} WHERE e.round_id = {{pk}})",
    "UPDATE inspections_enrolment SET round_id = {other}, position = position + 100 WHERE round_id = {pk}",
    "UPDATE inspections_round SET funding = 5 WHERE id = {pk}",
    "UPDATE wards_ward SET name = name || 'x' WHERE id IN (SELECT ward_id FROM inspections_enrolment "
    "WHERE round_id = {pk})",
    "UPDATE wards_ward SET district_id = NULL WHERE id IN (SELECT ward_id FROM inspections_enrolment "
    "WHERE round_id = {pk})",
    "UPDATE wards_district SET kind = 'huyen' WHERE id IN (SELECT w.district_id FROM wards_ward w "
    "JOIN inspections_enrolment e ON e.ward_id = w.id WHERE e.round_id = {pk})",
    "UPDATE criteria_band SET label = 'x' WHERE criteria_set_id = {set}",
    "UPDATE criteria_criterion SET name = 'x' WHERE criteria_set_id = {set}",
]
ON_SCHEME = [
    f"UPDATE training_course SET participants = participants + 1 WHERE category_id IN ({OF_SCHEME})",
    f"UPDATE training_quota SET target = 1 WHERE category_id IN ({OF_SCHEME})",
    f"DELETE FROM training_quota WHERE category_id IN ({OF_SCHEME})",
    "UPDATE training_category SET name = 'x' WHERE scheme_id = {pk}",
    "UPDATE training_funding SET amount = 1 WHERE scheme_id = {pk}",
    "DELETE FROM training_funding WHERE scheme_id = {pk}",
    "UPDATE training_workforcecount SET qualified = 1 WHERE scheme_id = {pk}",
    "INSERT INTO training_workforcecount (scheme_id, counted_on, total, qualified, is_baseline, is_day_inferred) "
    "VALUES ({pk}, '2021-01-01', 5, 3, {false}, {false})",
]


@pytest.mark.parametrize("statement", ON_ROUND)
def test_figures_of_a_round_that_sql_changed(mine, cast, behind, statement):  # noqa: F811
    other = make_round(mine.criteria_set)
    close_figures(subject=mine, seen=0, by=cast.approver)
    assert state(mine, cast) == (False, False)
    # Whoever owns the database can take the guard of sets in use down.
    set_guard.take_down(connection)
    behind.execute(statement.format(pk=mine.pk, other=other.pk, set=mine.criteria_set_id))
    assert state(mine, cast) == (True, True)


@pytest.mark.parametrize("statement", ON_SCHEME)
def test_figures_of_a_scheme_that_sql_changed(scheme, cast, behind, statement):  # noqa: F811
    close_figures(subject=scheme, seen=0, by=cast.approver)
    assert state(scheme, cast) == (False, False)
    behind.execute(statement.format(pk=scheme.pk, false="0" if connection.vendor == "sqlite" else "false"))
    assert state(scheme, cast) == (True, True)


def test_rows_that_a_command_adds_after_a_closing(scheme, cast):
    """The data of a report are loaded with each start; what was missing when the figures were closed is a change."""
    WorkforceCount.objects.all().delete()
    close_figures(subject=scheme, seen=0, by=cast.approver)
    call_command("load_baseline", verbosity=0)
    assert Event.objects.filter(object_type="training.workforcecount", via="command").count() == 2
    assert state(scheme, cast) == (True, True)


def test_loading_again_changes_nothing(scheme, cast):
    inspection_round = Round.objects.get(code="gd1-2019")
    for subject in (inspection_round, scheme):
        close_figures(subject=subject, seen=0, by=cast.approver)
    call_command("load_baseline", verbosity=0)
    assert state(inspection_round, cast) == state(scheme, cast) == (False, False)


def test_a_ward_that_a_command_enrols_after_a_closing(mine, cast):
    close_figures(subject=mine, seen=0, by=cast.approver)
    enrol(mine, make_ward())
    assert state(mine, cast) == (True, True)


def test_names_that_are_corrected_after_a_closing(mine, cast):
    close_figures(subject=mine, seen=0, by=cast.approver)
    ward = Enrolment.objects.select_related("ward__district").filter(round=mine).first().ward
    before, ward.name = ward.full_title, "Đổi tên"
    update_ward(ward=ward, by=cast.administrator)
    assert state(mine, cast) == (True, True)
    changed = {line.then["key"]: line for line in lines_of(Closing.objects.get()) if line.is_changed}
    line = changed[f"unit.{ward.pk}"]
    assert line.is_renamed and line.then["value"] == line.now["value"]
    assert (line.then["label"], line.now["label"]) == (before, ward.full_title)
    assert changed["band.1"].came == [ward.full_in_sentence] and len(changed) == 2

    close_figures(subject=mine, seen=1, by=cast.approver)
    district = ward.district
    district.name = "Quận khác"
    update_district(district=district, by=cast.administrator)
    assert state(mine, cast) == (True, True)


def test_a_corrected_name_stands_on_the_page(mine, cast, sign_in):
    closing = close_figures(subject=mine, seen=0, by=cast.approver)
    ward = Enrolment.objects.select_related("ward").filter(round=mine).first().ward
    before, ward.name = ward.title, "Đổi tên"
    update_ward(ward=ward, by=cast.administrator)
    page = sign_in(cast.leader).get(reverse("reports:closing", args=[closing.pk])).content.decode()
    assert before in page and "Phường Đổi tên" in page


def test_what_changes_no_figure_of_the_round(mine, cast):
    """Another round, a draft, another ward, the last day of a unit."""
    close_figures(subject=mine, seen=0, by=cast.approver)
    other = make_round(mine.criteria_set)
    approve(enrol(other, make_ward(make_district())), cast)
    ward = Enrolment.objects.select_related("ward").filter(round=mine).first().ward
    ward.legal_act = "Nghị quyết số 1"
    update_ward(ward=ward, by=cast.administrator)
    assert state(mine, cast) == (False, False)


def test_a_set_that_is_still_changed_for_an_empty_round(cast):
    found = make_round()
    close_figures(subject=found, seen=0, by=cast.approver)
    band = Band.objects.filter(criteria_set=found.criteria_set).first()
    band.label = "Nhãn khác"
    band.save(update_fields=["label"])
    record(about=band, by=cast.approver, changes={"label": ("a", "b")})
    assert state(found, cast) == (True, True)


@pytest.mark.parametrize("kind", ["round", "scheme"])
def test_the_language_of_the_screen_changes_no_figure(cast, scheme, kind):
    subject = {"round": Round.objects.get(code="gd1-2019"), "scheme": scheme}[kind]
    with override("vi"):
        found = figures_of(subject)
    with override("en"):
        assert figures_of(type(subject).objects.get(pk=subject.pk)) == found


def at_17(year: int, month: int, day: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime(year, month, day, 17, 0))


def refused(subject, as_of, cast, *, seen=0) -> str:
    with pytest.raises(ValidationError) as refusal, override("en"):
        close_figures(subject=subject, as_of=as_of, seen=seen, by=cast.approver)
    (message,) = refusal.value.message_dict["day"]
    return message


def test_the_moment_has_a_lower_bound(cast, scheme):
    signed = Round.objects.get(code="gd1-2019")
    # The records of a signed report are those of its day.
    assert "30/12/2019" in refused(signed, at_17(2019, 12, 29), cast)
    assert "03/07/2020" in refused(scheme, at_17(2020, 7, 2), cast)
    close_figures(subject=signed, as_of=at_17(2019, 12, 30), seen=0, by=cast.approver)
    close_figures(subject=signed, as_of=at_17(2020, 2, 1), seen=1, by=cast.approver)
    assert "17:00, 01/02/2020" in refused(signed, at_17(2020, 1, 31), cast, seen=2)
    assert close_figures(subject=signed, as_of=at_17(2020, 2, 1), seen=2, note="lại", by=cast.approver).sequence == 3

    today = timezone.localdate()
    young = make_round(starts_on=today, ends_on=today + DAY)
    assert f"{today:%d/%m/%Y}" in refused(young, timezone.now() - DAY, cast)
    assert "changed after" in refused(make_mine(cast), timezone.now() - DAY, cast)
    later = make_round(starts_on=today + DAY, ends_on=today + DAY)
    assert f"{today + DAY:%d/%m/%Y}" in refused(later, None, cast)
    new = Scheme.objects.create(code="moi", name="Mới", starts_year=today.year + 1, ends_year=today.year + 5)
    assert f"01/01/{today.year + 1}" in refused(new, None, cast)


def make_mine(cast) -> Round:
    found = make_round()
    add_wards(inspection_round=found, wards=[make_ward()], by=cast.approver)
    return found


def test_a_count_entered_later_overtakes_an_earlier_moment(cast, scheme):
    values = {"counted_on": datetime.date(2021, 1, 1), "total": 10, "qualified": 5}
    save_workforce(scheme=scheme, **values, by=cast.inspector)
    assert "changed after" in refused(scheme, timezone.now() - DAY, cast)


def test_drafts_touch_nothing(mine, cast):
    close_figures(subject=mine, seen=0, by=cast.approver)
    third = enrol(make_round(mine.criteria_set), make_ward())
    answer(third, cast.inspector, "met")
    assert state(mine, cast) == (False, False)
