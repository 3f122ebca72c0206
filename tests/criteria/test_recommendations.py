"""Each criterion of phase 1 has a recommendation of its own, which an approver edits on a page."""

import datetime

import pytest
from django.urls import reverse

from archiveportal.history.models import Event
from criteria.inspections.queries.findings import proposals
from criteria.inspections.services.minutes_content import finding_in_words
from criteria.models import CriteriaSet
from criteria.recommendations import digest, edit_recommendations, own_sentence, recommendations
from criteria.services import authors_of, copy_set, own_hand_in
from tests.support.factories import make_set


@pytest.fixture
def criteria_set(cast):
    return CriteriaSet.objects.get(code="gd1", version=1)


@pytest.fixture
def typed(criteria_set):
    def make(**changes):
        sentences = recommendations(criteria_set)
        return sentences | {"made_on": digest(sentences)} | changes

    return make


def test_every_counted_criterion_of_phase_1_has_a_measure_of_its_own(baseline):
    criteria = CriteriaSet.objects.get(code="gd1", version=1).criteria.filter(is_counted=True)
    sentences = [own_sentence(criterion) for criterion in criteria]
    assert len(set(sentences)) == len(sentences) == 23
    assert all(text.endswith("báo cáo kết quả về Sở Nội vụ.") and text[0].isupper() for text in sentences)


def test_other_sets_have_none(db):
    assert own_sentence(make_set(1).criteria.get()) == ""


def test_an_approver_edits_them_and_inspectors_are_offered_the_new_words(cast, sign_in, criteria_set, typed):
    assert criteria_set.frozen_at
    url, client = reverse("criteria:recommendations", args=[criteria_set.pk]), sign_in(cast.approver)
    assert client.get(url).status_code == 200
    old, new = recommendations(criteria_set)["TC16"], "Trang bị bình chữa cháy; báo cáo kết quả về Sở Nội vụ."
    data = typed(TC16="  Trang bị   bình chữa cháy;\r\nbáo cáo kết quả về Sở Nội vụ.  ")
    assert client.post(url, data).status_code == 302
    assert recommendations(criteria_set)["TC16"] == new
    inspection = criteria_set.rounds.first().enrolments.filter(inspection__isnull=False).first().inspection
    offered, _last = proposals(inspection, criteria_set.criteria.get(code="TC16"), None)
    assert offered[-1].text == new
    entry = Event.objects.get(actor_id=cast.approver.pk)
    assert entry.object_id == criteria_set.criteria.get(code="TC16").pk
    assert entry.changes == {"recommendation": [old, new]}
    assert new in client.get(reverse("criteria:detail", args=[criteria_set.pk])).content.decode()
    # Sent again, as by a double click, it is based on old sentences.
    assert client.post(url, data).context["form"].non_field_errors()


def test_whoever_edits_a_sentence_may_put_a_version_in_force(cast, typed):
    made = copy_set(criteria_set=CriteriaSet.objects.get(code="gd1"), by=cast.approver)
    form = typed(TC16="Trang bị bình chữa cháy.")
    made_on = form.pop("made_on")
    edit_recommendations(criteria_set=made, sentences=form, made_on=made_on, by=cast.approver2)
    assert authors_of(made) == {cast.approver.pk}
    assert own_hand_in(made, cast.approver2) == ""


def test_an_emptied_sentence_gives_way_to_one_made_of_the_name(cast, criteria_set, typed):
    sentences = recommendations(criteria_set)
    edit_recommendations(criteria_set=criteria_set, sentences={"TC05": ""}, made_on=digest(sentences), by=cast.approver)
    criterion = criteria_set.criteria.get(code="TC05")
    assert own_sentence(criterion) == ""
    inspection = criteria_set.rounds.first().enrolments.filter(inspection__isnull=False).first().inspection
    offered, _last = proposals(inspection, criterion, None)
    assert f"thực hiện tiêu chí “{criterion.name}”" in offered[-1].text


@pytest.mark.parametrize("text", ["x" * 601, "a\x08b"])
def test_what_does_not_fit_is_said_beside_it(cast, sign_in, criteria_set, typed, text):
    url = reverse("criteria:recommendations", args=[criteria_set.pk])
    response = sign_in(cast.approver).post(url, typed(TC05=text))
    assert set(response.context["form"].errors) == {"TC05"}


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (
            "Trang bị giá, kệ; báo cáo kết quả về Sở Nội vụ.",
            "Trang bị giá, kệ; hoàn thành trước ngày 05/8/2026, báo cáo kết quả về Sở Nội vụ.",
        ),
        ("Sớm bố trí kho.", "Sớm bố trí kho. Thời hạn khắc phục: 05/8/2026."),
        ("Sớm bố trí kho", "Sớm bố trí kho. Thời hạn khắc phục: 05/8/2026."),
        ("Sớm bố trí kho ;", "Sớm bố trí kho. Thời hạn khắc phục: 05/8/2026."),
        ("Kho ở đâu?", "Kho ở đâu? Thời hạn khắc phục: 05/8/2026."),
    ],
)
def test_the_minutes_add_the_day_where_officials_write_it(text, printed):
    day = datetime.date(2026, 8, 5).isoformat()
    assert finding_in_words({"recommendation": text, "due_on": day}) == printed
    assert finding_in_words({"recommendation": text, "due_on": None}) == text
