"""Answers to leaves of every kind: derived outcomes, points, deductions, bars, and what is refused where."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils.translation import override

from archiveportal.history.agreeing import disagreements
from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Inspection, KeptAnswer, Result
from criteria.inspections.querysets import points_earned
from criteria.inspections.services import BLANK, Change, save_results, settle_kept
from criteria.inspections.services.self_assessment import save_self_answers
from criteria.models import Bar
from criteria.outcomes import EXCUSED, MET, NOT_APPLICABLE, NOT_MET, NOT_SHOWN, PARTLY
from tests.support.factories import enrol, make_round
from tests.support.mixed_sets import make_mixed_set


@pytest.fixture
def enrolment(cast):
    inspection_round = make_round(make_mixed_set(), asks_self_assessment=True)
    return enrol(inspection_round, cast.thanhan.ward)


def leaf_of(enrolment, code):
    return enrolment.round.criteria_set.criteria.get(code=code)


def option_of(enrolment, place):
    return list(leaf_of(enrolment, "CHOICE").options.all())[place].pk


def save(enrolment, by, **answers):
    """Save values by the code of the leaf, on the versions that are there; return the checklist."""
    versions = dict(enrolment.inspection.results.values_list("criterion__code", "version"))
    changes = [Change(leaf_of(enrolment, code), versions.get(code, 0), values) for code, values in answers.items()]
    save_results(inspection=enrolment.inspection, changes=changes, by=by, submission_id=uuid.uuid4())
    return Inspection.objects.get(enrolment=enrolment)


def stored(enrolment, code):
    result = Result.objects.get(inspection__enrolment=enrolment, criterion__code=code)
    return result.outcome, result.earned


def test_a_whole_checklist_of_mixed_kinds(cast, enrolment):
    inspection = save(
        enrolment,
        cast.inspector,
        MET={"outcome": MET},
        CHOICE={"option": option_of(enrolment, 1)},
        RATIO={"number": Decimal(4), "of_number": Decimal(5)},
        MEASURE={"number": Decimal("18.5")},
        DATE={"day": datetime.date(2026, 6, 30)},
        PART1={"number": Decimal("0.15")},
        PART2={"number": Decimal("2.8")},
        MINUS={"outcome": NOT_MET},
        PLUS={"outcome": MET},
    )
    found = {code: stored(enrolment, code) for code in ("MET", "CHOICE", "RATIO", "MEASURE", "DATE", "PART1", "PART2")}
    assert found == {
        "MET": (MET, None),
        "CHOICE": (PARTLY, Decimal("1.25")),
        "RATIO": (MET, 4),
        "MEASURE": (NOT_MET, 0),
        "DATE": (MET, 2),
        "PART1": (PARTLY, Decimal("0.15")),
        "PART2": (MET, Decimal("2.8")),
    }
    assert (inspection.score, inspection.maximum) == (Decimal("16.70"), 20)
    assert (inspection.deducted, inspection.bonus) == (2, 1)
    assert (inspection.met_criteria, inspection.open_criteria, inspection.highest_band) == (4, 0, None)


def test_the_history_tells_option_and_points_and_agrees_with_the_rows(cast, enrolment):
    save(enrolment, cast.inspector, CHOICE={"option": option_of(enrolment, 1)}, PART1={"number": Decimal("0.1")})
    save(enrolment, cast.inspector, CHOICE={"option": option_of(enrolment, 0)})
    events = Event.objects.about(enrolment.inspection).filter(object_name="2. Nội dung CHOICE").order_by("pk")
    assert [each.changes for each in events] == [
        {"outcome": ["", PARTLY], "option": [None, "Một phần"], "earned": [None, "1.25"]},
        {"outcome": [PARTLY, MET], "option": ["Một phần", "Đầy đủ"], "earned": ["1.25", "3.00"]},
    ]
    assert list(disagreements()) == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inspections_result SET earned = 3 WHERE number IS NOT NULL")
    assert len(list(disagreements())) == 1


def test_what_was_chosen_stays_and_leaves_no_option(cast, enrolment):
    save(enrolment, cast.inspector, CHOICE={"option": option_of(enrolment, 0)})
    save(enrolment, cast.inspector, CHOICE={"outcome": NOT_SHOWN, "option": option_of(enrolment, 0)})
    assert stored(enrolment, "CHOICE") == (NOT_SHOWN, 0)
    assert Result.objects.get(criterion__code="CHOICE").option is None
    inspection = save(enrolment, cast.inspector, RATIO={"outcome": EXCUSED, "note": "Kho đang sửa chữa"})
    assert (stored(enrolment, "RATIO"), inspection.maximum) == ((EXCUSED, None), 16)


def test_half_a_ratio_is_kept_and_open(cast, enrolment):
    inspection = save(enrolment, cast.inspector, RATIO={"number": Decimal(4)})
    assert (stored(enrolment, "RATIO"), inspection.open_criteria) == (("", None), 9)
    assert Result.objects.get(criterion__code="RATIO").number == 4


def test_a_bar_holds_the_unit_while_all_its_conditions_are_true(cast, enrolment):
    bar = Bar.objects.get(criteria_set=enrolment.round.criteria_set)
    assert save(enrolment, cast.inspector, MET={"outcome": NOT_MET}).highest_band is None
    assert save(enrolment, cast.inspector, CHOICE={"option": option_of(enrolment, 2)}).highest_band == bar.highest_band
    assert save(enrolment, cast.inspector, MET={"outcome": MET}).highest_band is None


@override("vi")
@pytest.mark.parametrize(
    ("code", "values", "field", "word"),
    [
        ("RATIO", {"number": 1, "of_number": 0}, "of_number", "lớn hơn 0"),
        ("RATIO", {"number": 6, "of_number": 5}, "number", "6"),
        ("PART1", {"number": Decimal("0.21")}, "number", "0,2"),
        ("PART2", {"number": Decimal("0.125")}, "number", "2"),
        ("MEASURE", {"number": -1}, "number", "âm"),
        ("MET", {"outcome": EXCUSED}, None, "lý do"),
        ("MET", {"outcome": NOT_APPLICABLE, "note": " "}, None, ""),
        ("MET", {"outcome": PARTLY}, None, ""),
        ("MET", {"number": 2}, None, ""),
        ("MET", {"day": datetime.date(2026, 1, 1)}, None, ""),
        ("CHOICE", {"of_number": 2}, None, ""),
        ("CHOICE", {"option": 10**6}, None, ""),
        ("CHOICE", {"outcome": MET}, None, "phương án"),
        ("PARTS", {"outcome": MET}, None, ""),
        ("PARTS", {"number": 3}, None, ""),
        ("DATE", {"day": datetime.date(202, 1, 1)}, None, ""),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(cast, enrolment, code, values, field, word):
    for save_with in (save, save_own):
        by = cast.inspector if save_with is save else cast.thanhan
        with pytest.raises(Refused) as refusal:
            save_with(enrolment, by, **{code: values})
        if field:
            assert list(refusal.value.message_dict) == [field]
        assert word in " ".join(refusal.value.messages)
    assert not Result.objects.filter(inspection__enrolment=enrolment).exists()


def save_own(enrolment, by, **answers):
    changes = [Change(leaf_of(enrolment, code), 0, values) for code, values in answers.items()]
    return save_self_answers(enrolment=enrolment, changes=changes, by=by)


def test_a_unit_assesses_itself_by_the_same_rules(cast, enrolment):
    save_own(
        enrolment,
        cast.thanhan,
        CHOICE={"option": option_of(enrolment, 1)},
        PART1={"number": Decimal("0.2")},
    )
    own = {each.criterion.code: each for each in enrolment.self_assessment.answers.all()}
    assert (own["CHOICE"].outcome, own["CHOICE"].earned, own["PART1"].outcome) == (PARTLY, Decimal("1.25"), MET)


def test_an_option_of_another_leaf_is_refused(cast, enrolment):
    other = make_mixed_set().criteria.get(code="CHOICE").options.first()
    with pytest.raises(Refused):
        save(enrolment, cast.inspector, CHOICE={"option": other.pk})


@pytest.fixture
def sent(cast, enrolment):
    """The form of one answer as a device sends it."""

    def make(code, by=None, **typed):
        parts = {"outcome": "", "number": "", "text": "", "note": ""}
        return {
            "user": (by or cast.inspector).pk,
            "criterion": code,
            "set": enrolment.round.criteria_set_id,
            "base_version": "0",
            "submission_id": str(uuid.uuid4()),
            "via": "autosave",
            **parts,
            **typed,
        }

    return make


def post(client, enrolment, data):
    return client.post(reverse("inspections:save", args=[enrolment.pk]), data, headers={"accept": "application/json"})


def test_a_device_sends_the_further_parts(cast, enrolment, sent, sign_in):
    client = sign_in(cast.inspector)
    option = str(option_of(enrolment, 1))
    answers = [
        (sent("CHOICE", option=option), {"option": option}),
        (sent("RATIO", number="3", of_number="4"), {"number": "3", "of_number": "4"}),
        (sent("DATE", day="2026-06-30"), {"day": "30/06/2026"}),
    ]
    for data, expected in answers:
        found = post(client, enrolment, data).json()
        assert found["state"] == "saved"
        assert {name: value for name, value in found["values"].items() if value} == expected
        again = post(client, enrolment, data).json()
        assert (again["state"], again["version"], again["values"]) == ("saved", 1, found["values"])
    assert found["checklist"]["points"] == 5.75
    assert [stored(enrolment, code)[0] for code in ("CHOICE", "RATIO", "DATE")] == [PARTLY, PARTLY, MET]


def test_a_device_of_an_earlier_release_sends_four_parts(cast, enrolment, sent, sign_in):
    found = post(sign_in(cast.inspector), enrolment, sent("MET", outcome=MET)).json()
    assert (found["state"], found["values"]) == ("saved", {"outcome": MET, "number": "", "text": "", "note": ""})


@pytest.mark.parametrize(
    ("code", "typed", "field"),
    [
        ("RATIO", {"number": "1", "of_number": "0"}, "of_number"),
        ("RATIO", {"number": "3", "of_number": "2"}, "number"),
        ("PART1", {"number": "0,3"}, "number"),
        ("PART1", {"number": "0,125"}, "number"),
        ("DATE", {"day": "31/02/2026"}, "day"),
        ("CHOICE", {"option": "x"}, "option"),
        ("MET", {"outcome": EXCUSED}, "note"),
    ],
)
def test_a_device_is_told_which_part_is_refused(cast, enrolment, sent, sign_in, code, typed, field):
    found = post(sign_in(cast.inspector), enrolment, sent(code, **typed)).json()
    assert (found["state"], list(found["errors"])) == ("refused", [field])


def test_two_parts_of_a_criterion_are_merged_and_one_part_is_a_conflict(cast, enrolment, sent, sign_in):
    first, second = sign_in(cast.inspector), sign_in(cast.inspector2)
    assert post(first, enrolment, sent("PART1", number="0,1")).json()["state"] == "saved"
    assert post(second, enrolment, sent("PART2", by=cast.inspector2, number="1")).json()["state"] == "saved"
    found = post(second, enrolment, sent("PART1", by=cast.inspector2, number="0,2")).json()
    assert found["state"] == "conflict"
    kept = KeptAnswer.objects.get()
    assert kept.values["number"] == "0.2"
    settle_kept(kept=kept, take=True, seen=1, by=cast.inspector2, via="page")
    assert stored(enrolment, "PART1") == (MET, Decimal("0.20"))
    assert Inspection.objects.get(enrolment=enrolment).score == Decimal("1.20")


def test_a_kept_choice_is_taken_with_its_option(cast, enrolment, sent, sign_in):
    first, second = sign_in(cast.inspector), sign_in(cast.inspector2)
    post(first, enrolment, sent("CHOICE", option=str(option_of(enrolment, 2))))
    found = post(second, enrolment, sent("CHOICE", by=cast.inspector2, option=str(option_of(enrolment, 0)))).json()
    assert found["state"] == "conflict"
    settle_kept(kept=KeptAnswer.objects.get(), take=True, seen=1, by=cast.inspector2, via="page")
    assert stored(enrolment, "CHOICE") == (MET, 3)


def test_a_choice_reads_its_options_and_the_bars_beside_the_ten_queries_of_an_answer(
    cast, enrolment, sent, sign_in, django_assert_max_num_queries
):
    client, data = sign_in(cast.inspector), sent("CHOICE", option=str(option_of(enrolment, 0)))
    with django_assert_max_num_queries(10 + 3):
        assert post(client, enrolment, data).json()["state"] == "saved"


@pytest.mark.parametrize("counts", ["left_out", "full"])
def test_the_database_adds_up_the_points_of_answers_as_the_score_does(cast, counts):
    inspection_round = make_round(make_mixed_set(not_applicable_counts=counts, deduction_cap=None))
    enrolment = enrol(inspection_round, cast.thanhan.ward)
    inspection = save(
        enrolment,
        cast.inspector,
        MET={"outcome": MET},
        CHOICE={"option": option_of(enrolment, 1)},
        RATIO={"outcome": EXCUSED, "note": "Kho đang sửa chữa"},
        MEASURE={"number": Decimal("18.5")},
        PART2={"outcome": NOT_SHOWN},
        MINUS={"outcome": NOT_MET},
        PLUS={"outcome": MET},
    )
    results = Result.objects.filter(inspection=inspection, criterion__is_counted=True)
    by_code = dict(results.values_list("criterion__code", points_earned()))
    assert by_code["MINUS"] == -2 and by_code["RATIO"] == (4 if counts == "full" else 0)
    assert sum(by_code.values()) == inspection.score


def test_blank_values_say_all_parts():
    assert set(BLANK) == {"outcome", "number", "text", "note", "option", "of_number", "day"}


def test_a_leaf_with_answers_is_not_deleted(cast, enrolment):
    save(enrolment, cast.inspector, MET={"outcome": MET})
    with pytest.raises(ValidationError):
        leaf_of(enrolment, "MET").delete()
