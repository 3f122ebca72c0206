"""Accepted reports of units that nobody visits count beside verified results, marked, and never among them."""

from django.urls import reverse

from criteria.inspections.models import Enrolment
from criteria.inspections.queries.progress import progress
from criteria.inspections.services.self_reading import accept_report
from reports.results.reported import reported_bands, reported_sentence
from reports.results.rows import unverified, visible_enrolments
from tests.support.factories import enrol, make_round, make_set
from tests.support.self_assessments import confirmed


def counted_bands(viewer, inspection_round):
    return reported_bands(viewer, inspection_round, unverified(viewer, inspection_round))


def test_accepted_reports_count_apart_and_marked(cast, sign_in):
    inspection_round = make_round(make_set(), asks_self_assessment=True)
    unit = enrol(inspection_round, cast.thanhan.ward)
    Enrolment.objects.filter(pk=unit.pk).update(way="report")
    unit = Enrolment.objects.get(pk=unit.pk)
    assessment = confirmed(unit, cast.thanhan, cast.ldthanhan)
    assert counted_bands(cast.leader, inspection_round) == []
    accept_report(assessment=assessment, seen=assessment.version, by=cast.inspector)
    (band,) = [band for band, count in counted_bands(cast.leader, inspection_round) if count]
    counts = unverified(cast.leader, inspection_round)
    assert band.label in reported_sentence(cast.leader, inspection_round, counts)
    assert counts.accepted == 1
    assert not visible_enrolments(cast.leader, inspection_round).exists()
    assert not counted_bands(cast.quan10, inspection_round)
    rows = Enrolment.objects.visible_to(cast.leader).filter(round=inspection_round).with_standing()
    counted = progress(rows)
    assert (counted.accepted, counted.scored, counted.approved) == (1, 0, 0)
    for name in ("summary", "bands"):
        page = sign_in(cast.leader).get(reverse(f"reports:{name}", args=[inspection_round.code])).content.decode()
        assert "Chi cục đã chấp nhận: 1" in page and "chưa kiểm tra" in page
