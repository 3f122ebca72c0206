"""The vocabulary of answers: one place, from which a further kind reaches every word, mark and style."""

import re
from itertools import chain
from pathlib import Path

import pytest
from django.db import connection
from django.template import Context, Template
from django.urls import reverse
from django.utils.translation import override

from criteria.inspections.forms.checklist import ResultForm
from criteria.inspections.services import approve_inspection
from criteria.inspections.services.minutes_content import answer_in_words
from criteria.outcomes import MET, OPEN, OUTCOMES, PARTLY, Outcome, failures, kinds_of, offered_in
from criteria.scoring import score
from reports.results.criteria import criterion_counts
from reports.results.table import summary
from reports.workbooks import summary_workbook
from tests.support.books import data_of, head_row, opened, values
from tests.support.factories import answer, enrol, make_district, make_round, make_set, make_ward, submit_signed

ROOT = Path(__file__).parents[2]
SPOILT = Outcome(
    code="spoilt",
    name="spoilt",
    label="Spoilt",
    label_in_sentence="spoilt",
    word="Hỏng",
    in_sentence="hỏng",
    mark="HG",
    sign="m-3 0l6 0",
    paint="step-2",
    sign_paint="sign-light",
    typed=("hg",),
)


@pytest.fixture
def spoilt(monkeypatch):
    monkeypatch.setitem(OUTCOMES, SPOILT.code, SPOILT)
    return SPOILT


@pytest.fixture
def round_with_a_further_kind(cast, spoilt):
    """A round whose one ward has an approved checklist: met, and what was not shown."""
    with connection.cursor() as cursor:
        # The database guards the codes until a migration tells it of another one.
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("ALTER TABLE inspections_result DROP CONSTRAINT result_outcome")
    inspection_round = make_round(make_set(2))
    enrolment = enrol(inspection_round, make_ward(make_district()))
    answer(enrolment, cast.inspector, {1: MET, 2: SPOILT.code})
    submit_signed(inspection=enrolment.inspection, by=cast.inspector)
    approve_inspection(inspection=enrolment.inspection, by=cast.approver)
    yield inspection_round
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def test_a_further_kind_is_offered_drawn_and_said(spoilt):
    criteria_set = make_unsaved_set()
    criterion = criteria_set.unsaved
    form = ResultForm(criterion, offered=offered_in(criteria_set))
    assert ("spoilt", "Spoilt") in form.fields["outcome"].choices
    drawn = Template("{% answer 'spoilt' word=True %}").render(Context())
    assert 'class="answer answer-spoilt"' in drawn and "Spoilt" in drawn
    assert answer_in_words({"outcome": "spoilt", "has_outcome": True, "fact": "", "note": ""}) == "Hỏng"
    assert '"spoilt":{"word":"Hỏng","typed":["hg"]}' in Template("{% outcomes_for_scripts %}").render(Context())
    assert "spoilt" in failures()


def test_every_answer_has_words_for_a_sentence():
    """A rule that bars higher bands names the answer that did it, of whatever kind."""
    with override("vi"):
        said = {code: str(outcome.label_in_sentence) for code, outcome in OUTCOMES.items()}
    assert said == {code: outcome.in_sentence for code, outcome in OUTCOMES.items()}


@pytest.mark.parametrize(("kind", "is_partly"), [("measure", False), ("date", False), ("ratio", True), ("met", False)])
def test_papers_name_a_part_of_the_points_where_one_can_be_earned(kind, is_partly):
    criteria_set = make_unsaved_set()
    criteria_set.unsaved.kind = kind
    assert (OUTCOMES[PARTLY] in kinds_of(criteria_set, [criteria_set.unsaved])) == is_partly


def make_unsaved_set():
    """A set and its criterion, as far as a form reads them."""
    from criteria.models import CriteriaSet, Criterion

    criteria_set = CriteriaSet(name="Bộ thử")
    criteria_set.unsaved = Criterion(criteria_set=criteria_set, code="TC01", name="Tiêu chí thử")
    return criteria_set


def test_a_further_kind_scores_by_what_the_vocabulary_says_of_it(spoilt):
    criteria = [make_unsaved_set().unsaved for _place in range(3)]
    for key, criterion in enumerate(criteria, start=1):
        criterion.pk, criterion.is_counted = key, True
    total = score({1: MET, 2: SPOILT.code}, criteria)
    assert (total.points, total.maximum, total.met, total.open) == (1, 3, 1, 1)


def test_a_further_kind_comes_out_in_pages_and_workbook(round_with_a_further_kind, cast, sign_in):
    inspection_round = round_with_a_further_kind
    client = sign_in(cast.leader)
    table = client.get(reverse("reports:summary", args=[inspection_round.code])).content.decode()
    assert table.count('class="answer answer-spoilt"') == 2, "a cell and the legend"
    page = client.get(reverse("reports:criterion", args=[inspection_round.code, "TC02"]), {"answer": "spoilt"})
    assert page.context["filter"].form.is_valid() and 'href="?answer=spoilt"><b>1</b>' in page.content.decode()
    sheet = opened(data_of(summary_workbook(summary(cast.leader, inspection_round))))
    assert [cell.value for cell in sheet[head_row(sheet) + 2]][3:6] == [1, "HG", 1]
    assert any("HG: hỏng" in str(row[0]) for row in values(sheet))
    second = criterion_counts(cast.leader, inspection_round)[1]
    assert (second.met, second.open, second.applicable, second.count_of(SPOILT)) == (0, 0, 1, 1)


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=[outcome.name for outcome in OUTCOMES.values()])
def test_every_kind_has_a_symbol_and_a_colour(outcome):
    sprite = (ROOT / "static/img/icons.svg").read_text(encoding="utf-8")
    styles = (ROOT / "static/css/parts.css").read_text(encoding="utf-8")
    assert f'id="i-{outcome.name}"' in sprite and f".answer-{outcome.name} " in styles


def _sources() -> list[Path]:
    packages = ("archiveportal", "criteria", "reports", "templates", "static/js")
    paths = chain.from_iterable((ROOT / package).rglob("*") for package in packages)
    files = [path for path in paths if path.suffix in {".py", ".html", ".js"} and "migrations" not in path.parts]
    # The sums of the page follow criteria/scoring.py, which names the codes too.
    vocabulary = {ROOT / "criteria/outcomes.py", ROOT / "static/js/checklist/kinds.js"}
    return [path for path in files if path not in vocabulary]


def test_words_codes_and_marks_of_answers_are_written_in_one_place():
    """A whole text that is the word, the code or the mark of an answer stands in the vocabulary alone.

    "met" and "open" are other things too; numbers and the blank code say nothing by themselves.
    """
    with override("en"):
        labels = {str(each.label) for each in OUTCOMES.values()}
    texts = labels.union(*((each.word, each.in_sentence, each.code) for each in OUTCOMES.values()))
    marks = {each.mark for each in OUTCOMES.values() if isinstance(each.mark, str)}
    guarded = (texts | marks) - {MET, OPEN}
    pattern = re.compile(f"[\"'`>]({'|'.join(map(re.escape, sorted(guarded)))})[\"'`<]")
    found = {str(path.relative_to(ROOT)): pattern.findall(path.read_text(encoding="utf-8")) for path in _sources()}
    assert {name: texts for name, texts in found.items() if texts} == {}
