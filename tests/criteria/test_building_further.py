"""Heads, bands by points, bars, copies and crosswalks of sets that are built."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import strip_tags
from lxml import html

from archiveportal.history.models import Event
from archiveportal.vietnamese import search_key
from criteria.building.outline import outline_of
from criteria.building.readiness import readiness_of
from criteria.building.services import crosswalk
from criteria.building.services.crosswalk import crosswalk_of
from criteria.building.services.whole_set import specification_of
from criteria.models import Citation, CriteriaSet, Crossing, LegalAct, Section, SetBasis, SetKind, StockNote
from criteria.outcomes import outcome_of
from criteria.services import authors_of, copy_set, own_hand_in
from tests.support.mixed_sets import make_mixed_set


def page(name: str, *keys) -> str:
    return reverse(f"criteria:{name}", args=keys)


def rows(prefix: str, *values: dict) -> dict:
    data = {f"{prefix}-TOTAL_FORMS": str(len(values)), f"{prefix}-INITIAL_FORMS": "0"}
    for place, row in enumerate(values):
        data |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return data


def shown(client, address: str) -> dict:
    form = client.get(address).context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) not in (None, "", False)}


@pytest.fixture
def client(cast, sign_in):
    return sign_in(cast.approver)


@pytest.fixture
def mixed(db) -> CriteriaSet:
    return make_mixed_set(status="draft")


def test_the_head_has_acts_kinds_and_rules_and_keeps_what_was_typed(client, mixed):
    address, act = page("build-head", mixed.pk), LegalAct.objects.first()
    typed = shown(client, address) | {"kinds": ["xa", "phuong"], "announced_total": "20,00", "deduction_cap": ""}
    typed |= rows("basis", {"act": act.pk, "articles": "Điều 5"}, {"act": act.pk, "articles": "Điều 7"})
    assert client.post(address, typed).status_code == 302
    mixed.refresh_from_db()
    assert (mixed.announced_total, mixed.deduction_cap, mixed.bonus_cap) == (Decimal(20), None, Decimal(1))
    assert list(SetBasis.objects.filter(criteria_set=mixed).values_list("articles", flat=True)) == ["Điều 7"]
    assert SetKind.objects.filter(criteria_set=mixed).count() == 2
    stale = client.post(address, typed | {"name": "Của tôi"})
    assert 'value="Của tôi"' in stale.content.decode()
    again = {"made_on": stale.context["form"]["made_on"].value(), "name": "Của tôi"}
    assert client.post(address, typed | again).status_code == 302


@pytest.mark.parametrize(("upper", "where"), [("15", "15"), ("30", ""), ("8", "8")])
def test_bands_by_points_are_held_against_the_maximum(client, mixed, upper, where):
    address = page("build-bands", mixed.pk)
    low = mixed.bands.get(position=2)
    typed = shown(client, address) | {"bands_by": "points"}
    high = mixed.bands.get(position=1)
    typed |= rows(
        "band",
        {"key": high.pk, "lower": upper, "upper": "", "label": ""},
        {"key": low.pk, "lower": "0", "upper": "10", "label": "Chưa đạt"},
    )
    assert client.post(address, typed).status_code == 302
    faults = [fault.words for fault in readiness_of(CriteriaSet.objects.get(pk=mixed.pk)).faults]
    assert faults
    assert where in faults[0]
    # The bar still names its band: the row was kept.
    assert mixed.bars.get().highest_band_id == low.pk


def test_a_band_that_a_bar_names_does_not_go(client, mixed):
    address = page("build-bands", mixed.pk)
    high = mixed.bands.get(position=1)
    typed = shown(client, address) | rows("band", {"key": high.pk, "lower": "0", "upper": "", "label": ""})
    answer = client.post(address, typed)
    assert answer.status_code == 200
    assert "điểm liệt" in answer.content.decode()
    assert mixed.bands.count() == 2


def test_a_bar_joins_answers_of_several_criteria(client, mixed):
    address = page("build-bar-add", mixed.pk)
    met, choice = (mixed.criteria.get(code=code) for code in ("MET", "CHOICE"))
    option, low = choice.options.last(), mixed.bands.get(position=2)
    typed = {"highest_band": low.pk, "made_on": ""}
    wrong = rows("condition", {"criterion": met.pk, "answer": f"o{option.pk}"})
    assert client.post(address, typed | wrong).status_code == 200
    assert client.post(address, typed | rows("condition")).status_code == 200
    right = rows(
        "condition",
        {"criterion": met.pk, "answer": "not_shown"},
        {"criterion": choice.pk, "answer": f"o{option.pk}"},
    )
    assert client.post(address, typed | right).status_code == 302
    made = mixed.bars.order_by("position").last()
    assert set(made.conditions.values_list("outcome", "option")) == {("not_shown", None), ("", option.pk)}


def test_a_copy_under_another_code_has_everything_and_a_crosswalk(client, cast, baseline):
    source = CriteriaSet.objects.get(code="gd1")
    typed = {"code": "btc-moi", "name": "Bộ mới", "copied_from": source.pk}
    assert client.post(page("create"), typed).status_code == 302
    made = CriteriaSet.objects.get(code="btc-moi")
    assert (made.status, made.version, made.replaces, made.name) == ("draft", 1, source, "Bộ mới")
    assert made.criteria.count() == 24
    notes = [StockNote.objects.filter(set_code=code).count() for code in ("gd1", "btc-moi")]
    assert notes[0] == notes[1] > 0
    assert set(made.crossings.values_list("relation", flat=True)) == {"same"}
    answer = client.post(page("create"), typed)
    assert list(answer.context["form"].errors) == ["code"]
    client.post(page("build-sections", made.pk))
    assert made.sections.count() == len({criterion.group for criterion in made.criteria.all()})
    assert readiness_of(made).faults == []


def is_open(criteria_set: CriteriaSet) -> bool:
    return "build-crosswalk" in {advice.page for advice in readiness_of(criteria_set).advice}


def test_a_crosswalk_is_proposed_corrected_and_says_what_is_open(client, cast, baseline):
    made = copy_set(criteria_set=CriteriaSet.objects.get(code="gd1"), by=cast.approver)
    first, second, third = list(made.criteria.order_by("position"))[:3]
    Crossing.objects.filter(new_criterion__in=[first, second]).delete()
    address = page("build-crosswalk", made.pk)
    shown_page = client.get(address)
    assert "TC01" in shown_page.content.decode()
    typed = shown(client, address)
    # Proposed by code and words, although nothing is stored of it.
    assert (typed[f"r{first.pk}"], typed[f"o{first.pk}"]) == ("same", "TC01")
    unknown = client.post(address, typed | {f"o{first.pk}": "TC99"})
    assert list(unknown.context["form"].errors) == [f"o{first.pk}"]
    one_merged = client.post(address, typed | {f"r{first.pk}": "merged"})
    assert one_merged.context["form"].non_field_errors()
    typed |= {f"r{first.pk}": "merged", f"o{first.pk}": "TC01, tc02", f"r{second.pk}": "new", f"o{second.pk}": ""}
    assert client.post(address, typed).status_code == 302
    lines = {line.new.code: line for line in crosswalk_of(made).lines}
    assert [row.code for row in lines["TC01"].old] == ["TC01", "TC02"]
    assert (lines["TC02"].relation, lines["TC02"].old) == ("new", ())
    assert not is_open(made)
    client.post(page("build-leaf-remove", made.pk, third.pk))
    assert [row.code for row in crosswalk_of(made).without_successor] == [third.code]
    assert is_open(made)
    gone = crosswalk_of(made).without_successor[0]
    client.post(address, shown(client, address) | {"dropped": [gone.pk]})
    assert not is_open(made)


def test_whoever_removed_something_had_a_hand_in_the_set(cast, sign_in, baseline):
    made = copy_set(criteria_set=CriteriaSet.objects.get(code="gd1"), by=cast.approver)
    sign_in(cast.approver2).post(page("build-leaf-remove", made.pk, made.criteria.last().pk))
    assert authors_of(made) == {cast.approver.pk, cast.approver2.pk}
    assert own_hand_in(made, cast.approver2)


def test_whoever_took_out_an_act_had_a_hand_in_the_set(cast, sign_in, baseline):
    made = copy_set(criteria_set=CriteriaSet.objects.get(code="gd1"), by=cast.approver)
    cited = made.citations.select_related("criterion", "act").first()
    others = list(cited.criterion.citations.exclude(pk=cited.pk))
    client = sign_in(cast.approver2)
    client.post(page("citation-remove", made.pk, cited.pk))
    assert own_hand_in(made, cast.approver2)
    told = Event.objects.get(actor_id=cast.approver2.pk)
    assert told.object_id == cited.criterion_id
    assert told.changes == {"citations": ["; ".join(map(str, [cited, *others])), "; ".join(map(str, others))]}
    assert str(cited.act) in client.get(page("detail", made.pk)).content.decode()


def test_changed_words_make_a_copied_criterion_reworded(client, cast, baseline):
    made = copy_set(criteria_set=CriteriaSet.objects.get(code="gd1"), by=cast.approver)
    first = made.criteria.first()
    address = page("build-leaf", made.pk, first.pk)
    typed = shown(client, address) | rows("option") | rows("step") | rows("act")
    assert client.post(address, typed | {"guidance": "Xem văn bản."}).status_code == 302
    assert made.crossings.get(new_criterion=first).relation == "same"
    typed |= {"made_on": shown(client, address)["made_on"], "name": "Lời khác", "guidance": "Xem văn bản."}
    assert client.post(address, typed).status_code == 302
    assert made.crossings.get(new_criterion=first).relation == "reworded"


def test_a_crosswalk_has_notes_that_other_changes_leave_alone(client, cast, baseline):
    made = copy_set(criteria_set=CriteriaSet.objects.get(code="gd1"), by=cast.approver)
    first, second, third = list(made.criteria.order_by("position"))[:3]
    client.post(page("build-leaf-remove", made.pk, third.pk))
    gone = crosswalk_of(made).without_successor[0]
    address = page("build-crosswalk", made.pk)
    typed = shown(client, address) | {f"n{first.pk}": "Theo Luật 33/2024", f"d{gone.pk}": "Không còn áp dụng"}
    unticked = client.post(address, typed)
    assert list(unticked.context["form"].errors) == [f"d{gone.pk}"]
    assert 'value="Theo Luật 33/2024"' in unticked.content.decode()
    assert client.post(address, typed | {"dropped": [gone.pk]}).status_code == 302
    typed = shown(client, address)
    assert (typed[f"n{first.pk}"], typed[f"d{gone.pk}"]) == ("Theo Luật 33/2024", "Không còn áp dụng")
    assert client.post(address, typed | {f"r{second.pk}": "reworded"}).status_code == 302
    notes = dict(made.crossings.exclude(note="").values_list("relation", "note"))
    assert notes == {"same": "Theo Luật 33/2024", "dropped": "Không còn áp dụng"}
    assert made.crossings.get(new_criterion=second).relation == "reworded"
    undecided = client.post(address, shown(client, address) | {f"r{first.pk}": "", f"o{first.pk}": ""})
    assert undecided.context["form"].non_field_errors()
    assert "Theo Luật 33/2024" in undecided.content.decode()
    long = client.post(address, shown(client, address) | {f"n{first.pk}": "x" * 301})
    assert list(long.context["form"].errors) == [f"n{first.pk}"]


def test_options_change_places_and_go_while_a_bar_names_one(client, mixed):
    choice = mixed.criteria.get(code="CHOICE")
    named = mixed.bars.get().conditions.get(criterion=choice).option
    address = page("build-leaf", mixed.pk, choice.pk)
    others = [option for option in choice.options.order_by("position") if option != named]
    # The first goes, or two change places: each keeps its words and its row.
    listed = [named, others[1]] if named.position > others[0].position else [others[0], named]
    for order in (list(reversed(choice.options.order_by("position"))), listed):
        typed = shown(client, address)
        typed |= rows("option", *({"text": each.text, "points": f"{each.points}"} for each in order))
        answer = client.post(address, typed | rows("step") | rows("act"))
        assert answer.status_code == 302, answer.context["form"].errors
        stored = choice.options.order_by("position")
        assert [(each.pk, each.text, each.position) for each in stored] == [
            (each.pk, each.text, place) for place, each in enumerate(order, start=1)
        ]
    typed = shown(client, address) | rows("option", {"text": others[0].text, "points": "3"}, {"text": "", "points": ""})
    refused = client.post(address, typed | rows("step") | rows("act"))
    assert refused.status_code in {200, 302}
    assert mixed.bars.get().conditions.get(criterion=choice).option == named


def test_a_criterion_that_a_later_crosswalk_names_says_so(client, cast, mixed):
    later = copy_set(criteria_set=mixed, by=cast.approver)
    if later == mixed:
        later = CriteriaSet.objects.create(code=mixed.code, version=2, replaces=mixed, name="Sau", status="draft")
        Crossing(criteria_set=later, relation="dropped", old_criterion=mixed.criteria.get(code="DATE")).save()
    date = mixed.criteria.get(code="DATE")
    answer = client.post(page("build-leaf-remove", mixed.pk, date.pk), follow=True)
    assert mixed.criteria.filter(pk=date.pk).exists()
    assert "đối chiếu" in answer.content.decode().lower()


def sent_by_page(client, address: str) -> dict:
    """Return what a browser sends of the form of a page when nothing was changed."""
    forms = html.fromstring(client.get(address).content.decode()).forms
    form = next(each for each in forms if any("TOTAL_FORMS" in (name or "") for name in each.fields))
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent


def test_rows_that_nobody_touched_stay(client, mixed):
    """A form sends them as they are stored; Django would read nothing of them."""
    choice, ratio = (mixed.criteria.get(code=code) for code in ("CHOICE", "RATIO"))
    act = LegalAct.objects.first()
    Citation(criteria_set=mixed, criterion=choice, act=act, articles="Điều 1").save()
    SetBasis(criteria_set=mixed, act=act, articles="Điều 2").save()
    before = specification_of(mixed)
    for name, keys, change in (
        ("build-leaf", [choice.pk], {"guidance": "Xem sổ"}),
        ("build-leaf", [ratio.pk], {"guidance": "Xem sổ"}),
        ("build-head", [], {"note": "Ghi chú"}),
        ("build-bands", [], {"band-0-label": "Tốt"}),
        ("build-bar", [mixed.bars.get().pk], {}),
    ):
        address = page(name, mixed.pk, *keys)
        answer = client.post(address, sent_by_page(client, address) | change)
        assert answer.status_code == 302, (name, answer.context["form"].errors)
    mixed.refresh_from_db()
    after = specification_of(mixed)
    assert (after.leaves[1].options, after.leaves[2].steps) == (before.leaves[1].options, before.leaves[2].steps)
    assert [band.lower for band in after.bands] == [band.lower for band in before.bands]
    assert [len(bar.conditions) for bar in after.bars] == [2]
    assert after.note == "Ghi chú"
    assert (choice.citations.count(), SetBasis.objects.filter(criteria_set=mixed).count()) == (1, 1)


def test_a_section_of_deductions_alone_says_no_points(client, mixed):
    """Its maximum is nothing; "0 điểm" would read as if nothing in it counted."""
    section = Section.objects.create(criteria_set=mixed, position=9, number="II", title="Điểm trừ")
    mixed.criteria.filter(sign="deduction").update(section=section)
    for address in (reverse("criteria:build", args=[mixed.pk]), reverse("criteria:preview", args=[mixed.pk])):
        words = re.sub(r"\s+", " ", strip_tags(client.get(address).content.decode()))
        assert "Điểm trừ" in words and " 20 điểm" in words
        assert " 0 điểm" not in words


def test_a_fact_that_goes_with_a_criterion_still_does_after_an_edit(client, cast, baseline):
    made = copy_set(criteria_set=CriteriaSet.objects.get(code="gd1"), by=cast.approver)
    fact, above = made.criteria.get(kind="fact"), made.criteria.get(code="TC01").pk
    made.criteria.filter(pk=fact.pk).update(parent=above)
    address = page("build-leaf", made.pk, fact.pk)
    answer = client.post(address, sent_by_page(client, address) | {"guidance": "Xem sổ"})
    assert answer.status_code == 302, answer.context["form"].errors
    fact.refresh_from_db()
    assert (fact.guidance, fact.parent_id) == ("Xem sổ", above)


@pytest.mark.parametrize(("code", "words"), [("RATIO", "≥ 80%"), ("MEASURE", "20"), ("DATE", "30/6/2026")])
def test_another_kind_shows_once_what_it_does_not_keep(client, mixed, code, words):
    criterion = mixed.criteria.get(code=code)
    before, address = specification_of(mixed), page("build-leaf", mixed.pk, criterion.pk)
    asked = client.post(address, sent_by_page(client, address) | {"kind": "met"})
    assert list(asked.context["form"].errors) == ["kind"]
    assert words in asked.context["form"].errors["kind"][0]
    assert specification_of(mixed) == before
    again = sent_by_page(client, address) | {"drops_for": asked.context["form"]["drops_for"].value()}
    asked_anew = client.post(address, again | {"kind": "part"})
    assert list(asked_anew.context["form"].errors) == ["kind"]
    assert client.post(address, again | {"kind": "met"}).status_code == 302
    criterion.refresh_from_db()
    assert (criterion.kind, criterion.threshold, criterion.deadline) == ("met", None, None)
    assert criterion.steps.count() == 0


def test_steps_of_a_ratio_become_options_once_they_were_shown(client, mixed):
    criterion = mixed.criteria.get(code="RATIO")
    stored = [(step.lower_percent, step.points) for step in criterion.steps.order_by("-lower_percent")]
    address = page("build-leaf", mixed.pk, criterion.pk)
    shown = client.post(address, sent_by_page(client, address) | {"kind": "choice"})
    assert list(shown.context["form"].errors) == ["kind"]
    rows = [form.initial for form in shown.context["page"].options.formset.forms if form.initial]
    assert [row["points"] for row in rows] == [points for _lower, points in stored]
    assert rows[0]["text"] == "Từ 80% trở lên" and rows[-1]["text"].startswith("Dưới")
    sent = sent_by_page(client, address) | {"kind": "choice", "drops_for": "choice"}
    sent["option-TOTAL_FORMS"] = str(len(rows))
    for place, row in enumerate(rows):
        sent |= {f"option-{place}-text": row["text"], f"option-{place}-points": str(row["points"])}
    assert client.post(address, sent).status_code == 302
    criterion.refresh_from_db()
    assert criterion.kind == "choice" and criterion.steps.count() == 0
    assert [option.points for option in criterion.options.all()] == [points for _lower, points in stored]


def test_a_number_beside_an_answer_is_in_view_where_there_is_one(client, mixed):
    for code, expected in (("MET", False), ("FACT", True)):
        address = page("build-leaf", mixed.pk, mixed.criteria.get(code=code).pk)
        assert client.get(address).context["page"].shows_fact is expected


def test_the_preview_offers_what_the_set_allows_at_every_kind(client, mixed):
    CriteriaSet.objects.filter(pk=mixed.pk).update(allows_excused=True)
    words = client.get(reverse("criteria:preview", args=[mixed.pk])).content.decode()
    assert words.count(f">{outcome_of('excused').word}</span>") == mixed.criteria.filter(has_outcome=True).count()


def test_a_criterion_with_parts_keeps_its_kind(client, mixed):
    whole = mixed.criteria.get(code="PARTS")
    address = page("build-leaf", mixed.pk, whole.pk)
    answer = client.post(address, sent_by_page(client, address) | {"kind": "met", "is_counted": "on"})
    assert list(answer.context["form"].errors) == ["kind"]
    assert outline_of(mixed).maximum == 20


@pytest.mark.parametrize(
    ("code", "changed"),
    [("MEASURE", {"threshold": "25"}), ("CHOICE", {"option-1-points": "1"}), ("MET", {"sign": "bonus"})],
)
def test_another_rule_makes_a_copied_criterion_reworded(client, cast, code, changed):
    made = copy_set(criteria_set=make_mixed_set(status="in_force"), by=cast.approver)
    criterion = made.criteria.get(code=code)
    address = page("build-leaf", made.pk, criterion.pk)
    answer = client.post(address, sent_by_page(client, address) | changed)
    assert answer.status_code == 302, answer.context["form"].errors
    assert made.crossings.get(new_criterion=criterion).relation == "reworded"
    assert made.crossings.filter(relation="same").count() == made.criteria.count() - 1


def test_an_undecided_crosswalk_reads_the_words_of_each_criterion_once(client, cast, baseline, monkeypatch):
    made = copy_set(criteria_set=CriteriaSet.objects.get(code="gd1"), by=cast.approver)
    made.crossings.all().delete()
    read: list[str] = []
    monkeypatch.setattr(crosswalk, "search_key", lambda text: read.append(text) or search_key(text))
    answer = client.get(page("build-crosswalk", made.pk))
    assert {row["is_proposed"] for row in answer.context["form"].rows()} == {True}
    assert len(read) == 2 * made.criteria.count()
