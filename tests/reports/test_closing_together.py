"""Several people at once: figures are closed once, files are kept once, and no change slips in unseen."""

from itertools import count

import pytest
from django.core.exceptions import ValidationError

from archiveportal.accounts.models import Role
from archiveportal.files.models import StoredFile
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services import approve_inspection
from reports.closing.services import close_figures, record_issue
from reports.frozen.changes import differs
from reports.frozen.events import was_changed_since
from reports.models import Closing
from tests.history.test_many_writers import together
from tests.reports.test_closing import details, files_of, pdf, store  # noqa: F401 (a fixture)
from tests.support.factories import answer, enrol, make_round, make_user, make_ward, submit_signed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def approvers(db):
    return [make_user(Role.APPROVER) for _ in range(4)]


def attempt(work):
    """What it gave, or the refusal."""
    try:
        return work()
    except ValidationError as refusal:
        return refusal


def test_four_approvers_close_at_once(approvers, store):  # noqa: F811
    inspection_round = make_round()
    answers = together(
        [lambda by=by: attempt(lambda: close_figures(subject=inspection_round, seen=0, by=by)) for by in approvers]
    )
    made = [each for each in answers if isinstance(each, Closing)]
    assert len(made) == 1 and sum(isinstance(each, ValidationError) for each in answers) == 3
    assert Closing.objects.count() == 1
    assert len(files_of(store)) == StoredFile.objects.count() == 3


def test_one_approver_presses_four_times_at_once(approvers, store):  # noqa: F811
    inspection_round, by = make_round(), approvers[0]
    answers = together([lambda: close_figures(subject=inspection_round, seen=0, by=by)] * 4)
    assert {each.pk for each in answers} == {Closing.objects.get().pk}
    assert len(files_of(store)) == StoredFile.objects.count() == 3


def test_two_approvers_record_a_number_at_once(approvers, store):  # noqa: F811
    closing = close_figures(subject=make_round(), seen=0, by=approvers[0])
    numbers = count(1)

    def record(by):
        values = details(number=f"{next(numbers)}/BC-SNV")
        return attempt(lambda: record_issue(closing=closing, details=values, upload=pdf(), version=1, by=by))

    answers = together([lambda by=by: record(by) for by in approvers])
    assert sum(isinstance(each, list) for each in answers) == 1
    assert Closing.objects.get().version == 2 and len(files_of(store)) == StoredFile.objects.count()


def test_two_closings_do_not_get_one_number(approvers, store):  # noqa: F811
    """Each is another row: neither waits for the other unless they are held together."""

    def record(closing, by, number):
        values = details(number=f"{number}/BC-SNV")
        return attempt(lambda: record_issue(closing=closing, details=values, version=1, by=by))

    for number in range(1, 6):
        made = [close_figures(subject=make_round(), seen=0, by=approvers[0]) for _ in range(4)]
        answers = together(
            [lambda pair=pair, number=number: record(*pair, number) for pair in zip(made, approvers, strict=True)]
        )
        assert sum(isinstance(each, list) for each in answers) == 1
        assert Closing.objects.filter(number=f"{number:02d}/BC-SNV").count() == 1


def test_an_approval_beside_a_closing_is_in_it_or_told_of(approvers, store):  # noqa: F811
    inspector = make_user(Role.INSPECTOR)
    for _ in range(4):
        inspection_round = make_round()
        enrolments = [enrol(inspection_round, make_ward()) for _ in range(3)]
        for enrolment in enrolments:
            answer(enrolment, inspector, "met")
            enrolment.inspection.refresh_from_db()
            submit_signed(inspection=enrolment.inspection, by=inspector)
        work = [
            lambda inspection_round=inspection_round: attempt(
                lambda: close_figures(subject=inspection_round, seen=0, by=approvers[0])
            )
        ]
        for enrolment, by in zip(enrolments, approvers[1:], strict=True):
            inspection = Enrolment.objects.get(pk=enrolment.pk).inspection
            work.append(lambda inspection=inspection, by=by: approve_inspection(inspection=inspection, by=by))
        closing, *_rest = together(work)
        if isinstance(closing, Closing):
            found = Round.objects.get(pk=inspection_round.pk)
            assert was_changed_since(found, closing.closed_at) or not differs(closing, found)
        else:
            assert not Closing.objects.filter(round=inspection_round).exists()
