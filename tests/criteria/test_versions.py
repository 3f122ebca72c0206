"""Which criteria count is data that an approver changes in a new version of the set, not code."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.history.models import Event
from criteria.forms import CriterionForm
from criteria.inspections.models import Enrolment, Round
from criteria.models import CriteriaSet, Criterion
from criteria.services import CRITERION_FIELDS, copy_set, digest, edit_set, put_in_force
from criteria.stock_notes import digest as digest_of_notes
from criteria.stock_notes import edit_stock_notes, stock_notes
from reports.results.bands import band_counts


@pytest.fixture
def copied(cast):
    return copy_set(criteria_set=CriteriaSet.objects.get(code="gd1", version=1), by=cast.approver)


def form_data(criteria_set, **changes):
    data = {"name": criteria_set.name, "legal_basis": "", "note": "", "made_on": digest(criteria_set)}
    for criterion in criteria_set.criteria.all():
        data |= {f"{criterion.code}-{name}": getattr(criterion, name) for name in ("heading", "name", "guidance")}
        data |= {f"{criterion.code}-points": "1", f"{criterion.code}-legal_basis": criterion.legal_basis}
        if criterion.is_counted:
            data[f"{criterion.code}-is_counted"] = "on"
    for band in criteria_set.bands.all():
        data[f"band{band.position}-label"] = band.label
        data[f"band{band.position}-lower_percent"] = str(band.lower_percent)
        data[f"band{band.position}-upper_percent"] = "" if band.upper_percent is None else str(band.upper_percent)
    data |= changes
    return {name: value for name, value in data.items() if value is not None}


def test_a_copy_is_the_same_and_free(copied):
    original = CriteriaSet.objects.get(code="gd1", version=1)
    assert (copied.version, copied.status, copied.frozen_at) == (2, "proposed", None)
    assert list(copied.criteria.values_list("code", "number")) == list(original.criteria.values_list("code", "number"))
    assert copied.bands.count() == 3
    # A note speaks of the version that it was written for.
    assert original.note
    assert copied.note == ""


def test_the_other_reading_of_the_appendix(cast, sign_in, copied):
    """The head count scores, the professional qualification is a text: still 23, numbered anew."""
    data = form_data(copied, **{"TT01-is_counted": "on", "TC06-is_counted": None})
    response = sign_in(cast.approver).post(reverse("criteria:edit", args=[copied.pk]), data)
    assert response.status_code == 302, response.content.decode()
    numbers = dict(Criterion.objects.filter(criteria_set=copied).values_list("code", "number"))
    assert (numbers["TT01"], numbers["TC06"], numbers["TC07"], numbers["TC23"]) == (6, None, 7, 23)
    assert Criterion.objects.get(criteria_set=copied, code="TT01").has_outcome
    changed = Event.objects.filter(action="changed", object_type="criteria.criterion")
    assert {(event.object_id, "is_counted" in event.changes) for event in changed} == {
        (Criterion.objects.get(criteria_set=copied, code=code).pk, True) for code in ("TT01", "TC06")
    }


def test_the_other_reading_is_published_and_the_scores_of_the_report_stay(cast, sign_in, copied):
    def stands():
        rows = Enrolment.objects.filter(round__code="gd1-2019").with_standing()
        bands = [(count.band.label, count.count) for count in band_counts(EVERYTHING, round_of_report).bands]
        return sorted(rows.values_list("pk", "standing_score", "standing_maximum")), bands

    round_of_report = Round.objects.get(code="gd1-2019")
    before = stands()
    assert len(before[0]) == 26
    data = form_data(copied, **{"TT01-is_counted": "on", "TC06-is_counted": None})
    sign_in(cast.approver).post(reverse("criteria:edit", args=[copied.pk]), data)
    put_in_force(criteria_set=CriteriaSet.objects.get(pk=copied.pk), by=cast.approver2)
    copied.refresh_from_db()
    assert copied.status == "in_force"
    assert stands() == before
    assert Round.objects.get(code="gd1-2019").criteria_set.version == 1


def test_the_set_in_use_is_untouched(cast, sign_in, copied):
    original = CriteriaSet.objects.get(code="gd1", version=1)
    response = sign_in(cast.approver).post(
        reverse("criteria:edit", args=[original.pk]), form_data(original, **{"TC01-name": "Khác"})
    )
    assert response.status_code == 302
    assert not Criterion.objects.filter(name="Khác").exists()


def test_bands_must_cover_every_score_once(cast, sign_in, copied):
    client = sign_in(cast.approver)
    page = client.post(reverse("criteria:edit", args=[copied.pk]), form_data(copied, **{"band2-lower_percent": "60"}))
    assert "50–60" in page.content.decode()
    assert 'value="60"' in page.content.decode()
    copied.bands.filter(position=2).update(lower_percent=60)
    client.post(reverse("criteria:publish", args=[copied.pk]))
    assert CriteriaSet.objects.get(pk=copied.pk).status == "proposed"


def edit(criteria_set, by, **options):
    """Save the form of a set as it stands, apart from the options."""
    criteria = {row.pk: {name: getattr(row, name) for name in CRITERION_FIELDS} for row in criteria_set.criteria.all()}
    values = {"criteria": criteria, "values": {}, "bands": {}, "made_on": digest(criteria_set)}
    edit_set(criteria_set=criteria_set, by=by, **values | options)


def test_a_stale_form_is_not_saved(cast, copied):
    made_on = digest(copied)
    copied.criteria.filter(code="TC01").update(name="Đồng nghiệp sửa")
    with override("en"), pytest.raises(ValidationError, match="a colleague changed this set"):
        edit(copied, cast.approver, made_on=made_on)


def test_a_set_is_changed_by_an_approver_while_it_is_free_and_something_counts(cast, copied):
    used, nothing = CriteriaSet.objects.get(code="gd1", version=1), {0: {"is_counted": False}}
    with override("en"):
        with pytest.raises(ValidationError, match="in use and does not change"):
            edit(used, cast.approver)
        with pytest.raises(ValidationError, match="has to count"):
            edit(copied, cast.approver, criteria=nothing)
        with pytest.raises(ValidationError, match="Your role"):
            edit(copied, cast.inspector)
        with pytest.raises(ValidationError, match="Your role"):
            edit_stock_notes(criteria_set=copied, notes={}, made_on="", by=cast.inspector)
        copied.criteria.update(is_counted=False)
        with pytest.raises(ValidationError, match="has to count"):
            put_in_force(criteria_set=copied, by=cast.approver2)
    assert CriteriaSet.objects.get(pk=copied.pk).status == "proposed"


def test_putting_in_force_replaces_the_one_before(cast, sign_in, copied):
    client = sign_in(cast.approver2)
    client.post(reverse("criteria:publish", args=[copied.pk]))
    third = copy_set(criteria_set=copied, by=cast.approver)
    client.post(reverse("criteria:publish", args=[third.pk]))
    found = dict(CriteriaSet.objects.filter(code="gd1").values_list("version", "status"))
    assert found == {1: "proposed", 2: "replaced", 3: "in_force"}


def test_nobody_puts_in_force_what_he_wrote(cast, sign_in, copied):
    """Stock sentences decide nothing and are no hand in it."""
    notes = stock_notes(copied)
    edit_stock_notes(
        criteria_set=copied,
        notes={"TC01": ["Chưa ban hành."]},
        made_on=digest_of_notes(notes),
        by=cast.approver2,
    )
    page = sign_in(cast.approver).post(reverse("criteria:publish", args=[copied.pk]), follow=True)
    assert f"Người có thể thực hiện: {cast.approver2.full_name}." in page.content.decode()
    assert CriteriaSet.objects.get(pk=copied.pk).status == "proposed"
    sign_in(cast.approver2).post(reverse("criteria:publish", args=[copied.pk]))
    assert CriteriaSet.objects.get(pk=copied.pk).status == "in_force"


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("TC01-points", "0", "lớn hơn 0 điểm"),
        ("TC01-points", "một", "không phải là số"),
        ("TC01-name", "", "không được để trống"),
        ("TC01-name", "x" * 1001, "tối đa 1.000 ký tự"),
        ("band2-upper_percent", "40", "Cận trên của mức phải lớn hơn cận dưới"),
    ],
)
def test_bad_input_is_explained(cast, sign_in, copied, field, typed, message):
    page = sign_in(cast.approver).post(reverse("criteria:edit", args=[copied.pk]), form_data(copied, **{field: typed}))
    assert page.status_code == 200
    assert message in page.content.decode()


def test_the_button_on_the_page_of_a_set_makes_a_new_version(cast, sign_in):
    original = CriteriaSet.objects.get(code="gd1")
    client, page = sign_in(cast.approver), reverse("criteria:detail", args=[original.pk])
    address = reverse("criteria:copy", args=[original.pk])
    assert f'<form method="post" action="{address}">' in client.get(page).content.decode()
    response = client.post(address, follow=True)
    made = CriteriaSet.objects.get(version=2)
    assert response.redirect_chain == [(reverse("criteria:edit", args=[made.pk]), 302)]
    assert "Đã lập phiên bản 2" in response.content.decode()
    assert made.criteria.count() == original.criteria.count() == 24
    assert Event.objects.about(made).get().actor_id == cast.approver.pk
    assert address not in sign_in(cast.leader).get(page).content.decode()


@pytest.mark.parametrize("person", ["inspector", "leader", "quan10", "administrator"])
def test_only_an_approver_makes_versions(cast, sign_in, person):
    original = CriteriaSet.objects.get(code="gd1")
    client = sign_in(getattr(cast, person))
    for page in ("copy", "publish"):
        assert client.post(reverse(f"criteria:{page}", args=[original.pk])).status_code == 403
    assert CriteriaSet.objects.get(code="gd1").status == "proposed"


def test_a_criterion_can_ask_for_evidence_and_a_note(cast, sign_in, copied):
    url = reverse("criteria:edit", args=[copied.pk])
    data = form_data(copied, **{"TC05-needs_evidence": "on", "TC06-needs_explanation": "on"})
    assert sign_in(cast.approver).post(url, data).status_code == 302
    asked = copied.criteria.values_list("code", "needs_evidence", "needs_explanation")
    assert [row for row in asked if row[1] or row[2]] == [("TC05", True, False), ("TC06", False, True)]
    changes = Event.objects.about(copied.criteria.get(code="TC05")).first().changes
    assert changes["needs_evidence"] == [False, True]
    assert copy_set(criteria_set=copied, by=cast.approver).criteria.get(code="TC05").needs_evidence


@pytest.mark.parametrize("name", ["name", "legal_basis"])
def test_the_form_of_a_plain_set_takes_what_the_builder_takes(name):
    assert CriterionForm.base_fields[name].limit == Criterion._meta.get_field(name).max_length
