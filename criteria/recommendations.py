"""What an official recommends where a criterion is not met: a measure of its own for each criterion.

The sentences hold for all versions of a set. The minutes add the day by which it has to be put right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Via
from archiveportal.history.services import event, record_all
from criteria.models import CriteriaSet, Criterion, Recommendation

LONGEST = 600


def recommendations(criteria_set: CriteriaSet) -> dict[str, str]:
    """Return the sentences by the code of their criterion."""
    rows = Recommendation.objects.filter(set_code=criteria_set.code)
    return dict(rows.values_list("criterion_code", "text"))


def own_sentence(criterion: Criterion) -> str:
    """Return the sentence of a criterion, blank where it has none."""
    return recommendations(criterion.criteria_set).get(criterion.code, "")


def digest(sentences: Mapping[str, str]) -> str:
    """Digest the sentences that a form is based on."""
    return hashlib.blake2s(repr(sorted(sentences.items())).encode(), digest_size=8).hexdigest()


@transaction.atomic
def edit_recommendations(
    *, criteria_set: CriteriaSet, sentences: Mapping[str, str], made_on: str, by: User, via: str = Via.PAGE
) -> None:
    """Put these sentences in place of those of the named criteria, also for a set in use: they decide
    nothing, and recommendations already written stay. A blank one takes the sentence away.

    Raises `ValidationError` for other roles and for a form made on other sentences than those stored.
    """
    if not by.can_approve:
        raise ValidationError(_("Your role does not change criteria sets."))
    criteria_set = CriteriaSet.objects.select_for_update().get(pk=criteria_set.pk)
    stored = recommendations(criteria_set)
    if digest(stored) != made_on:
        raise ValidationError(_("Not saved: a colleague changed these sentences after you opened the page."))
    changed = [
        (criterion, stored.get(criterion.code, ""), sentences[criterion.code])
        for criterion in criteria_set.criteria.filter(code__in=sentences)
        if stored.get(criterion.code, "") != sentences[criterion.code]
    ]
    rows = Recommendation.objects.filter(set_code=criteria_set.code)
    rows.filter(criterion_code__in=[criterion.code for criterion, _before, _after in changed]).delete()
    Recommendation.objects.bulk_create(
        Recommendation(set_code=criteria_set.code, criterion_code=criterion.code, text=after)
        for criterion, _before, after in changed
        if after
    )
    record_all(
        event(about=criterion, by=by, via=via, changes={"recommendation": (before or None, after or None)})
        for criterion, before, after in changed
    )


def write_sentence(criteria_set: CriteriaSet, code: str, sentence: str) -> None:
    """Put a sentence in place of that of a criterion, a blank one in place of none; the caller records the event."""
    Recommendation.objects.filter(set_code=criteria_set.code, criterion_code=code).delete()
    if sentence:
        Recommendation.objects.create(set_code=criteria_set.code, criterion_code=code, text=sentence)
