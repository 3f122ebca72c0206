"""The mail of a day names the papers behind its notices that its reader sees: listed, decided, and issued here."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archiveportal.accounts.models import Role
from criteria.inspections.models import DecisionUnit, Notice, OfficialPaper, RoundDocument
from criteria.inspections.services.digest_papers import MOST_NAMED, papers_behind
from tests.inspections.test_official_papers import begin, decided, issued  # noqa: F401 (a fixture)
from tests.support.factories import make_user

DAY = datetime.date(2026, 3, 2)
DECISION = "Văn bản chính thức: quyết định kiểm tra số 45/QĐ-CCVTLT ngày 02/3/2026."


def lines_for(enrolment, person) -> list[str]:
    notice = Notice(kind=Notice.Kind.SELF_LATE, person=person, round=enrolment.round, enrolment=enrolment, day=DAY)
    return papers_behind([notice], person)


@pytest.fixture
def units(decided):  # noqa: F811
    """The first unit of the decision, and one that the decision does not name."""
    named = decided.units.select_related("enrolment__ward", "enrolment__round")
    first, second, _third = [each.enrolment for each in named]
    DecisionUnit.objects.filter(enrolment=second).delete()
    return first, second


@pytest.fixture
def readers(units):
    named, other = (make_user(Role.WARD, ward=unit.ward) for unit in units)
    return {"named": named, "other": other}


def test_each_reads_of_the_papers_that_it_may_open(cast, decided, units, readers):  # noqa: F811
    first, second = units
    issued(begin(decided, "plan", cast.approver), cast.approver, "7/KH-SNV")
    issued(begin(decided, "visit_notice", cast.approver), cast.approver, "8/TB-SNV")
    issued(begin(decided, "extension", cast.approver), cast.approver, "9/QĐ-SNV")
    begin(decided, "pause", cast.approver)
    own = lines_for(first, readers["named"])
    assert own[0] == DECISION and len(own) == 3
    assert any("số 8/TB-SNV" in line for line in own) and any("số 9/QĐ-SNV" in line for line in own)
    assert lines_for(second, readers["other"]) == []
    inspects = lines_for(first, cast.inspector)
    assert [line.split(" số ")[1].split(" ")[0] for line in inspects] == ["45/QĐ-CCVTLT", "7/KH-SNV", "9/QĐ-SNV"]


def test_what_is_voided_or_waits_for_its_number_is_not_named(cast, decided, units, readers):  # noqa: F811
    paper = issued(begin(decided, "visit_notice", cast.approver), cast.approver, "8/TB-SNV")
    OfficialPaper.objects.filter(pk=paper.pk).update(voided_at=timezone.now(), void_reason="Nhầm")
    assert lines_for(units[0], readers["named"]) == [DECISION]


def test_a_paper_that_is_listed_too_is_named_once(decided, units, readers):  # noqa: F811
    RoundDocument.objects.create(round=decided.round, kind="decision", number=decided.number, issued_on=DAY)
    assert lines_for(units[0], readers["named"]) == ["Văn bản chính thức: số 45/QĐ-CCVTLT ngày 02/3/2026."]


def test_many_papers_are_counted_and_take_no_more_queries(decided, units, readers):  # noqa: F811
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            lines_for(units[0], readers["named"])
        return len(queries)

    few = asked()
    for number in range(MOST_NAMED + 4):
        values = {"number": f"{number}/CV-SNV", "issued_on": DAY + datetime.timedelta(days=number + 1)}
        RoundDocument.objects.create(round=decided.round, kind="other", **values)
    assert asked() == few
    lines = lines_for(units[0], readers["named"])
    assert len(lines) == MOST_NAMED + 1 and lines[-1] == "Và 5 văn bản trước đó, xem trên cổng."
