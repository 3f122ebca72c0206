"""S16 and S17 for every workbook: whatever people typed, the file is sound and the text comes back."""

import datetime
from itertools import chain
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.excel import CUT
from archiveportal.vietnamese import without_control_characters
from criteria import guard as set_guard
from criteria.inspections.models import Enrolment, Finding, Round
from criteria.models import Criterion
from reports.workbooks import Reader
from reports.workbooks.catalogue import ROUND_KINDS, SCHEME_KINDS, Choices
from tests.support.books import data_of, has_formula, parts, values, whole
from tests.support.factories import enrol, make_district, make_round, make_set, make_user, make_ward
from training.models import Category, Course, Funding, Quota, Scheme, WorkforceCount
from wards.models import District, Ward

HOSTILE = [
    "=HYPERLINK(\"http://x\",\"bấm\")", "+1+1", "-2", "@SUM(A1)", "\t=1", "#N/A", "A & B <b>\"đậm\"</b> 'x'",
    "&P&D&Z &\"Arial\"", "👍🏽 e\u0301 Ấ", "_x0041_", "]]>", "a\nb", "x" * 500, ("dài " * 125).strip(),
    "\x01\x1b\u202e ngược", "100%", "{0} {1.x} %s %(a)s",
]  # fmt: skip
#: what a database column takes: PostgreSQL refuses the null character, both refuse lone surrogates
TEXTS = st.text(st.characters(exclude_characters="\x00\r", exclude_categories=["Cs"]), min_size=1, max_size=500)


class World:
    """One row of everything, whose texts are all the same; long ones are cut to their columns as forms do."""

    def __init__(self) -> None:
        self.district = make_district()
        self.ward = make_ward(self.district)
        self.round, self.other = make_round(make_set(1)), make_round()
        enrolments = [
            enrol(inspection_round, self.ward, published_score=1, published_maximum=1, published_personnel="x")
            for inspection_round in (self.round, self.other)
        ]
        day = datetime.date(2020, 2, 3)
        self.scheme = Scheme.objects.create(code="s", name="x", legal_basis="x", starts_year=2020, ends_year=2021)
        category = Category.objects.create(
            scheme=self.scheme, position=1, code="c", name="x", kind="degree", unit="persons"
        )
        Quota.objects.create(category=category, target=3, unit="persons")
        for entering in (True, False):
            Course.objects.create(
                category=category, name="x", participants=2, unit="persons", organiser="district",
                enters_summary=entering, held_from=day,
            ).organiser_districts.add(self.district)  # fmt: skip
        Funding.objects.create(scheme=self.scheme, source="city", amount=5)
        for year in (2020, 2021):
            WorkforceCount.objects.create(
                scheme=self.scheme, counted_on=datetime.date(year, 1, 1), total=9, qualified=3
            )
        Finding.objects.create(
            inspection=enrolments[0].inspection, criterion=self.round.criteria_set.criteria.get(),
            recommendation="x", due_on=day, created_by=make_user(), published_at=timezone.now(),
        )  # fmt: skip

    def rename(self, text: str) -> None:
        # Around the forms and the guard of sets in use: whatever is in a row must not break a file.
        set_guard.take_down(connection)
        District.objects.update(name=text[:100])
        Ward.objects.update(name=text[:100])
        Round.objects.update(name=text[:200], funding=7, legal_basis=text, report_number=text[:40])
        super(type(Criterion.objects.all()), Criterion.objects.all()).update(
            name=text[:300], heading=text[:80], group=text[:120]
        )
        Enrolment.objects.update(published_personnel=text[:300])
        Finding.objects.update(recommendation=text)
        Scheme.objects.update(name=text[:300], legal_basis=text[:200])
        Category.objects.update(name=text[:120])
        Course.objects.update(name=text[:300], partner=text[:300], place=text[:300])
        Funding.objects.update(note=text[:300])

    def books(self) -> dict[str, bytes]:
        reader = Reader(EVERYTHING, filters=f"Điều kiện lọc: {self.name}")
        rounds = Round.objects.select_related("criteria_set")
        inspection_round, other = rounds.get(pk=self.round.pk), rounds.get(pk=self.other.pk)
        made = {name: kind.write(reader, inspection_round, Choices(other=other)) for name, kind in ROUND_KINDS.items()}
        scheme = Scheme.objects.get()
        made |= {name: kind.write(Reader(EVERYTHING), scheme) for name, kind in SCHEME_KINDS.items()}
        # The others are written by the same lines.
        made["findings --data"] = ROUND_KINDS["findings"].writer(is_data=True)(reader, inspection_round, Choices())
        made["courses --data"] = SCHEME_KINDS["courses"].writer(is_data=True)(Reader(EVERYTHING), scheme)
        return {name: data_of(book) for name, book in made.items()}

    @property
    def name(self) -> str:
        return Ward.objects.first().name


@pytest.fixture
def world(db) -> World:
    return World()


def read(value: str) -> str:
    """Read a text as a spreadsheet does: openpyxl leaves the escape of an underscore as it is."""
    return value.replace("_x005F_", "_")


def texts_of(sheet) -> list[str]:
    texts = [value for value in chain.from_iterable(values(sheet)) if isinstance(value, str)]
    return [read(text) for text in texts]


def check(world: World, text: str) -> None:
    world.rename(text)
    expected = {
        "summary": f"Phường {text[:100]}",
        "summary-by-district": f"Phường {text[:100]}",
        "bands": f"Phường {text[:100]}",
        "comparison": f"Phường {text[:100]}",
        "criteria": text[:300],
        "districts": f"Quận {text[:100]}",
        "findings": text,
        # No checklist is approved: the round alone is named.
        "mending": text[:200].upper(),
        # The set asks for no such facts: the round alone is named.
        "holdings": text[:200].upper(),
        "results-long": f"Phường {text[:100]}",
        "attainment": text[:120],
        "courses": text[:300],
        "funding": text[:300],
        "findings --data": text,
        "courses --data": text[:300],
        "workforce": text[:300],
    }
    for name, data in world.books().items():
        assert not has_formula(data), name
        for part, content in parts(data).items():
            if part.endswith((".xml", ".rels")):
                ElementTree.fromstring(content)
        book = whole(data)
        found = set(chain.from_iterable(map(texts_of, book)))
        wanted = without_control_characters(expected[name]).replace("_x005F_", "_")
        assert not wanted or wanted in found, (name, wanted)
        for sheet in book:
            # More than 255 characters of foot make a spreadsheet take the file for damaged.
            assert len(sheet.HeaderFooter.oddFooter.left.text or "") <= 200
            assert all((dimension.height or 0) <= 409 for dimension in sheet.row_dimensions.values())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_in_every_field(world, text):
    check(world, text)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(TEXTS)
@example("=1+1")
@example("\x1f\x0b")
def test_any_text_in_every_field(world, text):
    check(world, text)


def test_a_text_beyond_the_limit_of_a_cell_ends_in_a_visible_mark(world):
    Finding.objects.update(recommendation="ă" * 40_000)
    found = texts_of(whole(world.books()["findings"]).worksheets[0])
    assert any(len(text) == 32_767 and text.endswith(CUT) for text in found)
