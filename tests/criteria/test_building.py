"""A set built by hand on pages, from nothing to in force, and what its pages refuse."""

from decimal import Decimal

import pytest
from django.urls import reverse

from archiveportal.history.models import Event
from criteria.building.outline import outline_of
from criteria.building.readiness import readiness_of
from criteria.models import Band, Bar, CriteriaSet, Criterion, Section
from reports.results.holdings import columns_of
from tests.support.mixed_sets import make_mixed_set


def page(name: str, *keys) -> str:
    return reverse(f"criteria:{name}", args=keys)


def leaf(**typed) -> dict:
    rows = {"option": typed.pop("options", []), "step": typed.pop("steps", []), "act": []}
    data = {"kind": "met", "name": "Có kho", "points": "1", "is_counted": "on"} | typed
    names = {"option": ("text", "points"), "step": ("lower_percent", "points")}
    for prefix, values in rows.items():
        data |= {f"{prefix}-TOTAL_FORMS": str(len(values)), f"{prefix}-INITIAL_FORMS": "0"}
        for place, row in enumerate(values):
            data |= {f"{prefix}-{place}-{name}": value for name, value in zip(names[prefix], row, strict=True)}
    return data


def bands(*rows, by: str = "percent", made_on: str = "") -> dict:
    data = {"bands_by": by, "made_on": made_on, "band-TOTAL_FORMS": str(len(rows)), "band-INITIAL_FORMS": "0"}
    for place, row in enumerate(rows):
        data |= {f"band-{place}-{name}": value for name, value in zip(("lower", "upper", "label"), row, strict=True)}
    return data


@pytest.fixture
def client(cast, sign_in):
    return sign_in(cast.approver)


@pytest.fixture
def empty(client) -> CriteriaSet:
    assert client.post(page("create"), {"code": "btc-2026", "name": "Bộ tiêu chí 2026"}).status_code == 302
    return CriteriaSet.objects.get(code="btc-2026")


def add(client, criteria_set, query: str = "", **typed) -> Criterion:
    answer = client.post(page("build-leaf-add", criteria_set.pk) + query, leaf(**typed))
    assert answer.status_code == 302, answer.context["form"].errors
    return criteria_set.criteria.order_by("pk").last()


def add_section(client, criteria_set, title: str, parent: Section | None = None) -> Section:
    data = {"title": title, "parent": parent.pk if parent else "", "number": "", "points": "", "title_en": ""}
    assert client.post(page("build-section-add", criteria_set.pk), data).status_code == 302
    return Section.objects.get(criteria_set=criteria_set, title=title)


def made_on(client, address: str) -> str:
    return client.get(address).context["form"]["made_on"].value()


def test_a_set_is_built_from_nothing_and_put_in_force(client, cast, sign_in, empty):
    assert (empty.status, empty.version) == ("draft", 1)
    first = add_section(client, empty, "Tổ chức")
    second = add_section(client, empty, "Kho", first)
    add(client, empty, f"?trong={first.pk}", section=first.pk, name="Có quy chế", points="0,2")
    add(client, empty, section=second.pk, kind="choice", points="", options=[("Đủ", "2"), ("Một phần", "0,5")])
    add(client, empty, section=second.pk, kind="ratio", points="", steps=[("80", "3"), ("0", "0")])
    add(client, empty, section=second.pk, kind="measure", points="1", threshold="20", fact_unit="m²")
    add(client, empty, section=second.pk, kind="date", points="1", deadline="30/6/2026")
    whole = add(client, empty, section=second.pk, kind="parts", name="Gồm", points="1,5")
    add(client, empty, parent=whole.pk, section="", kind="part", points="0,5")
    add(client, empty, parent=whole.pk, section="", kind="met", points="1")
    add(client, empty, section=second.pk, kind="fact", points="", fact_kind="decimal", fact_label="Mét giá")
    add(client, empty, section=second.pk, name="Mất tài liệu", points="5", sign="deduction")
    outline = outline_of(empty)
    assert outline.maximum == Decimal("8.7")
    assert [str(branch.section) for branch in outline.branches] == ["I. Tổ chức", "2. Kho"]
    numbers = [row.criterion.printed_number for row in outline.leaves]
    assert numbers == ["1", "2.1", "2.2", "2.3", "2.4", "2.5", "2.5.1", "2.5.2", "2.6", "2.7"]
    assert {row.criterion.group for row in outline.leaves} == {"Tổ chức"}
    address = page("build-bands", empty.pk)
    rows = bands(("90", "", ""), ("50", "90", "Khá"), ("0", "50", ""), made_on=made_on(client, address))
    assert client.post(address, rows).status_code == 302
    labels = list(Band.objects.filter(criteria_set=empty).values_list("label", flat=True))
    assert labels == ["Từ 90% trở lên", "Khá", "Dưới 50%"]
    assert readiness_of(empty).faults == []
    client.post(page("build-status", empty.pk), {"to": "proposed"})
    assert client.post(page("publish", empty.pk), follow=True).status_code == 200
    empty.refresh_from_db()
    assert empty.status == "proposed", "by her own hand"
    sign_in(cast.approver2).post(page("publish", empty.pk))
    empty.refresh_from_db()
    assert empty.status == "in_force"


def test_a_draft_is_not_put_in_force_and_one_that_lacks_something_is_not_proposed(client, cast, sign_in, empty):
    words = client.post(page("build-status", empty.pk), {"to": "proposed"}, follow=True).content.decode()
    assert "chưa hoàn chỉnh" in words
    sign_in(cast.approver2).post(page("publish", empty.pk))
    empty.refresh_from_db()
    assert empty.status == "draft"


FAULTS = {
    "empty section": (lambda s: Section(criteria_set=s, position=9, title="Trống").save(), "trống", "build-section"),
    "sum of a section": (lambda s: s.sections.filter(number="I").update(points=30), "20", "build-section"),
    "announced total": (lambda s: CriteriaSet.objects.filter(pk=s.pk).update(announced_total=96), "96", "build-head"),
    "parts": (lambda s: s.criteria.filter(code="PARTS").update(points=4), "4", "build-leaf"),
    "no options": (lambda s: _without_options(s), "hai lựa chọn", "build-leaf"),
    "option above": (lambda s: s.options.filter(points=3).update(points=9), "vượt", "build-leaf"),
    "no step at 0": (lambda s: s.ratio_steps.filter(lower_percent=0).delete(), "0%", "build-leaf"),
    "steps fall": (lambda s: s.ratio_steps.filter(lower_percent=50).update(points="0.5"), "tăng", "build-leaf"),
    "no threshold": (lambda s: s.criteria.filter(code="MEASURE").update(threshold=None), "ngưỡng", "build-leaf"),
    "no deadline": (lambda s: s.criteria.filter(code="DATE").update(deadline=None), "hạn", "build-leaf"),
    "circle": (lambda s: s.sections.filter(number="1").update(parent=s.sections.get(number="1.1")), "vòng", ""),
    "bar on a fact": (lambda s: _make_a_fact(s), "không chấm", "build-bar"),
    "bar on an answer not offered": (lambda s: _bar_on(s, "excused"), "không có", "build-bar"),
    "gap": (lambda s: s.bands.filter(position=2).update(upper_percent=40), "40", "build-bands"),
    "overlap": (lambda s: s.bands.filter(position=2).update(upper_percent=60), "hai mức", "build-bands"),
    "bar without conditions": (lambda s: s.bar_conditions.all().delete(), "điều kiện", "build-bar"),
    "outside of sections": (lambda s: s.criteria.filter(code="MET").update(section=None), "chưa thuộc", "build-leaf"),
}


def _without_options(criteria_set) -> None:
    criteria_set.bar_conditions.filter(option__isnull=False).delete()
    criteria_set.options.all().delete()


def _make_a_fact(criteria_set) -> None:
    criteria_set.criteria.filter(code="MET").update(kind="fact", fact_kind="text", has_outcome=False, is_counted=False)
    CriteriaSet.objects.filter(pk=criteria_set.pk).update(announced_total=None)


def _bar_on(criteria_set, outcome: str) -> None:
    criteria_set.bar_conditions.filter(criterion__code="MET").update(outcome=outcome)
    CriteriaSet.objects.filter(pk=criteria_set.pk).update(allows_excused=False)


@pytest.mark.parametrize("name", FAULTS)
def test_what_prevents_publishing_is_listed_with_its_place(client, name):
    spoil, words, where = FAULTS[name]
    criteria_set = make_mixed_set()
    assert readiness_of(criteria_set).faults == []
    spoil(criteria_set)
    criteria_set.refresh_from_db()
    readiness = readiness_of(criteria_set)
    assert readiness.faults
    shown = client.get(page("build", criteria_set.pk)).content.decode()
    if where:
        assert [fault.page for fault in readiness.faults] == [where]
        assert words in readiness.faults[0].words or words in shown
        assert readiness.linked()[0][1] in shown
    for _fault, address in readiness.linked():
        assert client.get(address).status_code == 200


def test_words_of_a_band_that_do_not_fit_its_bounds_warn(client, db):
    criteria_set = make_mixed_set()
    criteria_set.bands.filter(position=1).update(label="Khá: 12 - 22/23")
    readiness = readiness_of(criteria_set)
    assert readiness.is_ready
    assert [fault.page for fault in readiness.advice] == ["build-bands"]
    assert "23" in readiness.advice[0].words


def test_phase_1_stays_publishable(baseline):
    assert readiness_of(CriteriaSet.objects.get(code="gd1")).faults == []


def test_a_stale_form_keeps_what_was_typed(client, empty):
    criterion = add(client, empty)
    address = page("build-leaf", empty.pk, criterion.pk)
    shown = made_on(client, address)
    assert client.post(address, leaf(name="Của đồng nghiệp", made_on=shown)).status_code == 302
    again = client.post(address, leaf(name="Của tôi", made_on=shown))
    assert "Của tôi" in again.content.decode()
    assert "Của đồng nghiệp" in again.content.decode()
    assert client.post(address, leaf(name="Của tôi", made_on=made_on_of(again))).status_code == 302
    criterion.refresh_from_db()
    assert criterion.name == "Của tôi"


def made_on_of(answer) -> str:
    return answer.context["form"]["made_on"].value()


def test_more_rows_keep_what_was_typed(client, empty):
    typed = leaf(kind="choice", name="Có kho không", options=[("Đủ", "2")]) | {"more": "option"}
    answer = client.post(page("build-leaf-add", empty.pk), typed)
    assert answer.status_code == 200
    assert not answer.context["form"].errors
    assert 'value="Đủ"' in answer.content.decode()
    assert answer.content.decode().count("-text") > 2 * 3


@pytest.mark.parametrize(("asked", "shown"), [("option", 6), ("step", 4)])
def test_more_rows_come_below_blank_ones(client, empty, asked, shown):
    address = page("build-leaf-add", empty.pk)
    form = client.get(address).context["page"].options.formset
    assert form.total_form_count() == 4
    typed = leaf(kind="choice") | {"option-TOTAL_FORMS": "4", "more": asked}
    answer = client.post(address, typed)
    assert answer.context["page"].options.formset.total_form_count() == shown
    assert 'formaction="#rows-option"' in answer.content.decode()


def test_rows_are_moved_grouped_and_numbered_anew(client, empty):
    first, second = add_section(client, empty, "Một"), add_section(client, empty, "Hai")
    one, two, three = [add(client, empty, section=first.pk, name=f"Mục {place}") for place in (1, 2, 3)]
    Criterion.objects.filter(pk=two.pk).update(printed_number="7b")
    client.post(page("build-arrange", empty.pk), {"up": f"c{three.pk}"})
    client.post(page("build-arrange", empty.pk), {"chosen": [one.pk], "into": second.pk, "group": "1"})
    client.post(page("build-arrange", empty.pk), {"down": f"s{first.pk}"})
    outline = outline_of(empty)
    assert [(str(branch.section), [row.criterion.name for row in branch.leaves]) for branch in outline.branches] == [
        ("I. Hai", ["Mục 1"]),
        ("II. Một", ["Mục 3", "Mục 2"]),
    ]
    assert [row.criterion.shown_number for row in outline.leaves] == ["1", "1", "7b"]
    assert [row.criterion.number for row in outline.leaves] == [1, 2, 3]
    moves = Event.objects.about(empty).filter(changes__has_key="place")
    assert moves.count() == 2


def test_a_set_in_use_is_built_no_more(client, cast, baseline):
    used = CriteriaSet.objects.get(code="gd1")
    first = used.criteria.first()
    for name, keys in (("build", ()), ("build-head", ()), ("build-leaf", (first.pk,)), ("build-bands", ())):
        answer = client.get(page(name, used.pk, *keys), follow=True)
        assert answer.redirect_chain[-1][0] == page("detail", used.pk)
        assert "lập phiên bản mới" in answer.content.decode().lower()
    assert client.post(page("build-leaf-remove", used.pk, first.pk)).status_code == 302
    assert used.criteria.count() == 24


def test_a_criterion_is_removed_with_its_parts_but_not_while_a_bar_names_it(client):
    criteria_set = make_mixed_set()
    parts, met = (criteria_set.criteria.get(code=code) for code in ("PARTS", "MET"))
    assert client.post(page("build-leaf-remove", criteria_set.pk, parts.pk)).status_code == 302
    client.post(page("build-leaf-remove", criteria_set.pk, met.pk))
    codes = set(criteria_set.criteria.values_list("code", flat=True))
    assert {"PARTS", "PART1", "PART2"} & codes == set()
    assert "MET" in codes
    bar = Bar.objects.get(criteria_set=criteria_set)
    client.post(page("build-bar-remove", criteria_set.pk, bar.pk))
    client.post(page("build-leaf-remove", criteria_set.pk, met.pk))
    assert not criteria_set.criteria.filter(code="MET").exists()


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"points": "0"}, "points"),
        ({"kind": "choice", "points": "2", "options": [("Đủ", "3")]}, "points"),
        ({"kind": "choice", "points": "2", "options": [("Đủ", "1"), ("đủ", "1")]}, None),
        ({"kind": "choice", "points": ""}, "points"),
        ({"kind": "khac"}, "kind"),
        ({"name": ""}, "name"),
        ({"points": "1,234"}, "points"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(client, empty, typed, where):
    answer = client.post(page("build-leaf-add", empty.pk), leaf(**typed))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [where or "__all__"]
    assert empty.criteria.count() == 0


def test_sections_nest_to_three_levels_and_not_below_themselves(client, empty):
    one = add_section(client, empty, "Một")
    two = add_section(client, empty, "Hai", one)
    three = add_section(client, empty, "Ba", two)
    data = {"title": "Bốn", "parent": three.pk, "number": "", "points": "", "title_en": ""}
    answer = client.post(page("build-section-add", empty.pk), data)
    assert list(answer.context["form"].errors) == ["parent"]
    address = page("build-section", empty.pk, one.pk)
    data = {"title": "Một", "parent": three.pk, "number": "I", "points": "", "title_en": "", "made_on": ""}
    answer = client.post(address, data | {"made_on": made_on(client, address)})
    assert list(answer.context["form"].errors) == ["parent"]


@pytest.mark.parametrize("name", ["build", "preview", "detail"])
def test_a_set_of_400_criteria_opens_in_few_queries_and_bytes(client, empty, name, django_assert_max_num_queries):
    sections = []
    for position in range(1, 21):
        section = Section(criteria_set=empty, position=position, number=f"{position}", title=f"Nhóm thử số {position}")
        section.save()
        sections.append(section)
    Criterion.objects.bulk_create(
        Criterion(
            criteria_set=empty, section=sections[place // 20], position=place + 1, number=place + 1,
            code=f"TC{place:03d}", heading="Tiêu chí", printed_number=f"{place // 20 + 1}.{place % 20 + 1}",
            name=f"Cơ quan đã ban hành văn bản về công tác văn thư, lưu trữ theo quy định số {place}", group="x",
        )
        for place in range(400)
    )  # fmt: skip
    with django_assert_max_num_queries(12):
        answer = client.get(page(name, empty.pk))
    assert answer.status_code == 200
    if name != "detail":
        assert len(answer.content) < 300_000
    added = client.post(page("build-leaf-add", empty.pk), leaf(section=sections[0].pk))
    assert "400" in added.content.decode()
    assert empty.criteria.count() == 400


def test_a_fact_is_marked_to_be_added_up_once_a_set_and_as_a_number(client, empty):
    add(client, empty, kind="fact", name="Tồn đọng", fact_kind="decimal", fact_unit="mét giá", indicator="backlog")
    assert [column.code for column in columns_of(empty.criteria.all())] == ["backlog"]
    address = page("build-leaf-add", empty.pk)
    for typed in (
        {"name": "Tồn đọng nữa", "fact_kind": "decimal", "indicator": "backlog"},
        {"name": "Đơn vị giao", "fact_kind": "text", "indicator": "received"},
        {"name": "Có kho", "kind": "met", "points": "1", "indicator": "store_area"},
    ):
        answer = client.post(address, leaf(**{"kind": "fact", "points": "", **typed}))
        assert "indicator" in answer.context["form"].errors, typed
    assert empty.criteria.count() == 1
