"""Papers on pauses and changes of the team: each is on a record of its own, whose number and day are offered."""

import datetime

from django.urls import reverse

from criteria.inspections.models import Decision, Suspension, TeamChange
from criteria.inspections.papers.official.reading import subject_of
from criteria.inspections.services import official_papers as services
from tests.inspections.test_official_papers import DAY, begin, decided, issued, stored_words, text_of

__all__ = ["decided"]


def paused(decision: Decision, number: str, day: int) -> Suspension:
    days = {"from_on": DAY + datetime.timedelta(days=day), "issued_on": DAY, "reason": f"Lũ lần {day}"}
    return Suspension.objects.create(decision=decision, kind="pause", ground="force_majeure", number=number, **days)


def test_each_pause_has_a_paper_of_its_own(cast, decided):
    first, _second = paused(decided, "50/QĐ-CCVTLT", 1), paused(decided, "51/QĐ-CCVTLT", 4)
    paper = begin(decided, "pause", cast.approver)
    assert "lần 1" in text_of(paper) and "lần 4" not in text_of(paper)
    made = services.MadeWord("a.docx", b"PK")
    waiting = services.make_to_sign(paper=paper, made=made, words=stored_words(paper), by=cast.approver)
    other = begin(decided, "pause", cast.approver)
    assert other.pk != paper.pk and "lần 4" in text_of(other), "the first one is not issued yet"
    services.issue_paper(paper=waiting, number=services.Number(first.number, DAY), made=made, by=cast.approver)
    assert "lần 4" in text_of(other)
    issued(other, cast.approver, number="52/QĐ-CCVTLT")
    third = begin(decided, "pause", cast.approver)
    assert "lần" not in text_of(third), "what is not recorded is left open"
    assert subject_of(third, cast.approver).suspension is None
    paused(decided, "53/QĐ-CCVTLT", 9)
    assert "lần 9" in text_of(third)


def test_changes_of_the_team_go_by_their_number(cast, decided):
    for number, name in (("60/QĐ-CCVTLT", "Lê B"), ("60/QĐ-CCVTLT", "Lê C"), ("61/QĐ-CCVTLT", "Lê D")):
        TeamChange.objects.create(
            decision=decided, part="member", comes_name=name, reason="Điều động", number=number, issued_on=DAY
        )
    paper = begin(decided, "team_change", cast.approver)
    assert "Lê C" in text_of(paper) and "Lê D" not in text_of(paper)
    issued(paper, cast.approver, number="60/QĐ-CCVTLT")
    other = begin(decided, "team_change", cast.approver)
    assert "Lê D" in text_of(other) and "Lê C" not in text_of(other)


def test_number_and_day_of_the_record_are_offered(cast, decided, sign_in):
    record = paused(decided, "50/QĐ-CCVTLT", 1)
    paper = begin(decided, "pause", cast.approver)
    made = services.MadeWord("a.docx", b"PK")
    services.make_to_sign(paper=paper, made=made, words=stored_words(paper), by=cast.approver)
    page = sign_in(cast.approver).get(reverse("inspections:round-paper", args=[decided.round.code, paper.pk]))
    offered = page.context["number"].initial
    assert (offered["number"], offered["issued_on"]) == (record.number, record.issued_on)
