"""A closing says by which edition of the figures it was made, and is compared by the rules of that edition."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from archiveportal.history import guards
from criteria.inspections.models import Round
from reports.closing.services import close_figures
from reports.frozen import changes as closing_changes
from reports.frozen.changes import differs, lines_of
from reports.frozen.figures import EDITION, WORKFORCE, figures_of
from reports.frozen.guard import REFUSAL
from reports.models import Closing
from tests.reports.test_closing import store  # noqa: F401 (a fixture)
from tests.support.known_errors import correct_known_errors
from training.models import Scheme, WorkforceCount


@pytest.fixture
def closing(cast) -> Closing:
    subject = Round.objects.get(code="gd1-2019")
    return close_figures(subject=subject, seen=0, by=cast.approver)


@pytest.fixture
def today(monkeypatch, closing):
    """Change the figures of today: `today(edition, **changed)` sets fields of the figures with members."""

    def change(edition: int, **changed) -> None:
        figures = figures_of(closing.subject)
        for figure in figures:
            if figure["members"]:
                figure |= changed
        monkeypatch.setattr(closing_changes, "WORDED_SINCE", edition)
        monkeypatch.setattr(closing_changes, "figures_of", lambda subject, results=None: figures)

    return change


REWORDED = [{"label": "Lời khác"}, {"members": ["Tên khác"]}, {"of": ["1", "2", "mean"]}]


def test_a_closing_says_its_edition(closing):
    assert Closing.objects.get(pk=closing.pk).edition == EDITION


@pytest.mark.parametrize("changed", REWORDED)
def test_words_are_compared_within_an_edition(closing, today, changed):
    today(EDITION, **changed)
    assert differs(closing, closing.subject)


@pytest.mark.parametrize("changed", REWORDED)
def test_an_older_edition_is_not_changed_by_other_words(closing, today, changed):
    today(EDITION + 1, **changed)
    assert not differs(closing, closing.subject)
    assert not any(line.came or line.went or line.is_renamed for line in lines_of(closing))


def test_an_older_edition_is_changed_by_another_value(closing, today):
    today(EDITION + 1, value="99", label="Lời khác", members=["Tên khác"])
    changed = [line for line in lines_of(closing) if line.is_changed]
    assert changed and all(line.now["value"] == "99" for line in changed)
    assert all(line.came == ["Tên khác"] for line in changed)


def test_an_older_edition_is_changed_by_another_key(closing, today):
    today(EDITION + 1, key="another.key")
    assert differs(closing, closing.subject)


def test_the_page_of_an_older_edition_reads_as_unchanged(closing, today, cast, sign_in):
    today(EDITION + 1, label="Lời khác")
    page = sign_in(cast.leader).get(reverse("reports:closing", args=[closing.pk]))
    assert page.status_code == 200
    assert page.context["changed"] == 0 and page.context["is_whole"]


def test_the_edition_of_a_closing_does_not_change(closing):
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        connection.cursor().execute("UPDATE reports_closing SET edition = edition + 1")


def test_a_guard_goes_up_before_the_migration_that_adds_its_column(closing):
    guard = guards.Guard("reports_closing", "refused here", frozen=("digest", "not_there_yet"))
    guards.put_up(connection, "probe_", [guard])
    connection.cursor().execute("UPDATE reports_closing SET signatory_name = 'Khác'")
    with pytest.raises(DatabaseError, match=f"refused here|{REFUSAL}"), transaction.atomic():
        connection.cursor().execute("UPDATE reports_closing SET digest = 'x'")
    guards.take_down(connection, "probe_")


def test_the_day_of_the_workforce_says_whether_it_is_that_of_a_report(cast):
    """Closings from before that was said are not changed by it."""
    scheme = Scheme.objects.get(code="02-2014")
    correct_known_errors(scheme, cast.approver2)
    closing = close_figures(subject=scheme, seen=0, by=cast.approver)
    labels = [figure["label"] for figure in closing.figures if figure["section"] == WORKFORCE]
    assert labels and all(label.endswith(", theo báo cáo ngày 03/7/2020") for label in labels)
    WorkforceCount.objects.update(is_day_inferred=False)
    assert "Tổng số, ngày 03/7/2020" in [figure["label"] for figure in figures_of(scheme)]
    assert not differs(closing, scheme)
