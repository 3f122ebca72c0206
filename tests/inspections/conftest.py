import uuid

import pytest

from criteria.inspections.forms.checklist import fingerprint
from criteria.inspections.models import Enrolment, Inspection
from criteria.inspections.services import BLANK, values_of


@pytest.fixture
def phuong6(cast) -> Enrolment:
    """Phường 6, Quận 10: published 11, checklist empty."""
    return Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")


@pytest.fixture
def form_data():
    """The fields that the checklist page sends: as shown now, with changes by criterion code on top."""

    def make(enrolment: Enrolment, **changes: dict) -> dict:
        results = {result.criterion_id: result for result in enrolment.inspection.results.all()}
        version = Inspection.objects.get(enrolment=enrolment).version
        data = {"submission_id": str(uuid.uuid4()), "inspected_on": "", "shown_on": "", "version": version}
        for criterion in enrolment.round.criteria_set.criteria.all():
            result = results.get(criterion.pk)
            values = values_of(result) if result else BLANK
            data[f"{criterion.code}-seen"] = f"{result.version if result else 0}:{fingerprint(values)}"
            shown = {name: "" if value is None else str(value) for name, value in values.items()}
            shown |= changes.get(criterion.code, {})
            if not criterion.has_outcome:
                del shown["outcome"]
            data |= {f"{criterion.code}-{name}": value for name, value in shown.items()}
        return data

    return make


@pytest.fixture
def all_answered(form_data):
    """A complete checklist with so many criteria met."""

    def make(enrolment: Enrolment, met: int) -> dict:
        criteria = enrolment.round.criteria_set.criteria.filter(is_counted=True)
        return form_data(enrolment, **{c.code: {"outcome": "met" if c.number <= met else "not_met"} for c in criteria})

    return make
