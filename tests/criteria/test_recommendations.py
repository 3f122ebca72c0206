"""Each criterion of phase 1 has a recommendation of its own."""

from criteria.models import CriteriaSet
from criteria.recommendations import own_sentence
from tests.support.factories import make_set


def test_every_counted_criterion_of_phase_1_has_a_measure_of_its_own(baseline):
    criteria = CriteriaSet.objects.get(code="gd1", version=1).criteria.filter(is_counted=True)
    sentences = [own_sentence(criterion) for criterion in criteria]
    assert len(set(sentences)) == len(sentences) == 23
    assert all(text.endswith("báo cáo kết quả về Sở Nội vụ.") and text[0].isupper() for text in sentences)


def test_other_sets_have_none(db):
    assert own_sentence(make_set(1).criteria.get()) == ""
