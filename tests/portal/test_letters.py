"""What looks the same is the same: stored, searched, matched, on every way in."""

import random
import re
import time
import unicodedata
from importlib import import_module
from itertools import product
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import get_hasher, make_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from archiveportal import letters
from archiveportal.accounts.backends import PortalBackend
from archiveportal.accounts.models import User
from archiveportal.accounts.scope import EVERYTHING
from archiveportal.fields import CleanText, NumberField
from archiveportal.letters import clean_letters, is_of_old_font
from archiveportal.sheets.columns import TableColumn
from archiveportal.sheets.values import NotThis, read_day, read_number
from archiveportal.vietnamese import normalise, search_key, words_of
from tests.messages import CATALOGUE
from tests.support.factories import make_district, make_user, make_ward
from training.models import Course
from wards.lookup import ward_lookup
from wards.models import District, Ward

CYRILLIC = str.maketrans("aeopcxyABEKMHOPCTX", "аеорсхуАВЕКМНОРСТХ")
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
TONES, SHAPES = "\u0300\u0301\u0303\u0309", "\u0302\u0306\u031b"
#: texts that people type here: letters, digits, spaces and the signs of names and numbers
TYPED = st.text(
    alphabet=[*"aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằấẩẫậếềểễệốồổỗộờởỡớợừửữứự ĐÂQÝ0123456789-./"], max_size=30
)


def tones_first(text: str) -> str:
    """Write each tone before the mark that makes another letter, as some keyboards do."""
    return re.sub(f"([{SHAPES}])([{TONES}])", r"\2\1", unicodedata.normalize("NFD", text))


#: ways in which the same reading arrives
DISGUISES = [
    lambda text: unicodedata.normalize("NFD", text),
    tones_first,
    lambda text: text.replace(" ", "\u00a0"),
    lambda text: text.replace(" ", "\u202f\u3000"),
    lambda text: text.replace(" ", "\t "),
    lambda text: f"\ufeff {text}\u200b",
    lambda text: "\u200d".join(text),
    lambda text: text.replace("-", "\u2011"),
    lambda text: text.translate(CYRILLIC),
    lambda text: text.translate(FULL_WIDTH),
    lambda text: text.replace("đ", "ð").replace("Đ", "Ð"),
    lambda text: text.replace("đ", "d\u0335").replace("Đ", "Ɖ"),
]


@given(TYPED, st.integers(0, 10**9))
def test_the_three_levels_hold(text, seed):
    """A disguise changes no level; each level takes together what the one before it does; each is stable."""
    disguised = text
    for disguise in random.Random(seed).sample(DISGUISES, 3):
        disguised = disguise(disguised)
    assert normalise(disguised) == normalise(text)
    assert search_key(disguised) == search_key(text) == search_key(normalise(text))
    assert words_of(disguised) == words_of(text) == words_of(search_key(text))
    for level in (normalise, search_key):
        assert level(level(disguised)) == level(disguised)
    assert unicodedata.is_normalized("NFC", normalise(disguised))


@given(TYPED)
def test_a_text_that_is_in_order_stays_as_it_is(text):
    in_order = " ".join(unicodedata.normalize("NFC", text).split())
    assert normalise(in_order) == in_order


@pytest.mark.parametrize(
    "text",
    [
        "25,5 m²",
        "Ủy ban – “Nhân dân”…",
        "№ 5",
        "Россия",
        "Αθήνα",
        "漢字",
        "dòng 1\ndòng 2",
        "½",
        "Müller",
        "©2020",
        "😀",
    ],
)
def test_what_looks_otherwise_stays(text):
    assert clean_letters(text) == text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Tha\u0323\u0302n", "Thận"),
        ("a\u0301\u0302", "ấ"),
        ("Ðà Nẵng", "Đà Nẵng"),
        ("ðường", "đường"),
        ("\u0422\u00e2n", "Tân"),
        ("\u03a4\u00e2n", "Tân"),
        ("Ｐｈòng　３", "Phòng 3"),
        ("Tân\u00adQuý", "TânQuý"),
        ("m\u2028n", "m n"),
        ("Đợt Ⅱ", "Đợt II"),
    ],
)
def test_examples_are_stored(typed, stored):
    assert CleanText(limit=50).clean(typed) == stored
    assert TableColumn("x", "X").read(typed) == stored


def test_numbers_and_days_of_any_keyboard():
    for typed in ("1\u00a0341", "１３４１", "1.341", "\u200b1341", "1\u202f341"):
        assert NumberField().clean(typed) == read_number(typed) == 1341
    for typed in (
        "28112026",
        "28/11/26",
        "28.11.2026",
        "28\u00a0/ 11/2026",
        "2026-11-28",
        "２８／１１／２０２６",
        28112026,
    ):
        assert f"{read_day(typed):%d/%m/%Y}" == "28/11/2026"


@pytest.mark.parametrize(
    "text",
    ["Uû ban nh©n d©n ph­êng 3", "T©n Quý", "Uyû ban nhaân daân phöôøng 3", "Phöôøng 3", "Quyeát ñònh", "Ñoàng Nai"],
)
def test_text_of_old_fonts_is_told_and_not_kept(text):
    with pytest.raises(ValidationError) as refused:
        CleanText(limit=90).clean(text)
    assert refused.value.error_list[0].code == "old_font"
    with pytest.raises(NotThis):
        TableColumn("x", "X").read(text)


def test_vietnamese_is_of_no_old_font():
    """Neither a word of the screens nor a word of the two reports."""
    texts = [entry.msgstr for entry in polib.pofile(CATALOGUE)]
    texts += [path.read_text("utf-8") for path in Path(settings.BASE_DIR).glob("*/data/**/*.csv")]
    assert len(texts) > 2000
    assert [text for text in texts if is_of_old_font(text)] == []


@pytest.mark.parametrize(
    "text", ["Microsoft® Word", "Coût", "Señor Müller", "naïve", "l\u00adưu", "25 µm", "© Sở Nội vụ"]
)
def test_other_languages_are_of_no_old_font(text):
    assert not is_of_old_font(text)


# --- search and lists ---


@pytest.fixture
def units(db):
    ten, phu, seven = make_district("10"), make_district("Tân Phú"), make_district("7")
    phu_nhuan = make_district("Cần Giờ", kind="huyen")
    return {
        "p3": make_ward(ten, "3"),
        "quy": make_ward(seven, "Tân Quy"),
        "quý": make_ward(phu, "Tân Quý"),
        "thạnh": make_ward(phu_nhuan, "Cần Thạnh", kind="thi_tran"),
        "an": make_ward(phu_nhuan, "Thạnh An", kind="xa"),
        "hòa": make_ward(phu_nhuan, "Long Hòa", kind="xa"),
    }


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Tân Quí", {"quy", "quý"}),
        ("tan qui", {"quy", "quý"}),
        ("TT Cần Thạnh", {"thạnh"}),
        ("tt. cần thạnh", {"thạnh"}),
        ("P3", {"p3"}),
        ("P.03", {"p3"}),
        ("F3", {"p3"}),
        ("P3, Q10", {"p3"}),
        ("phường3 quận10", {"p3"}),
        ("Q10", {"p3"}),
        ("X. Thạnh An", {"an"}),
        ("X.Thạnh\u00a0An", {"an"}),
        ("Long Hoà", {"hòa"}),
        ("H. Cần Giờ", {"thạnh", "an", "hòa"}),
    ],
)
def test_units_are_found_as_people_write_them(units, typed, meant):
    found = Ward.objects.filter(pk__in=[unit.pk for unit in units.values()]).matching(typed)
    assert {name for name, unit in units.items() if unit in found} == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Tân Quí", {"quy", "quý"}),
        ("Phường Tân Quy", {"quy", "quý"}),
        ("Tân Quý, Tân Phú", {"quý"}),
        ("P. Tân Quý, Q. Tân Phú", {"quý"}),
        ("P3, Q10", {"p3"}),
        ("P.3 - Quận 10", {"p3"}),
        ("F3 Q10", {"p3"}),
        ("TT Cần Thạnh", {"thạnh"}),
        ("X Thạnh An", {"an"}),
        ("xã Thạnh\u202fAn", {"an"}),
        ("Long Hoà", {"hòa"}),
        ("Không Có", set()),
    ],
)
def test_a_list_asks_where_two_units_fit(units, typed, meant):
    named = ward_lookup(EVERYTHING, timezone.localdate()).named(typed)
    assert {name for name, unit in units.items() if unit in named} == meant


@pytest.mark.parametrize(
    ("migration", "model"),
    [
        ("wards.migrations.0006_search_keys", Ward),
        ("wards.migrations.0006_search_keys", District),
        ("archiveportal.accounts.migrations.0004_search_keys", User),
        ("training.migrations.0005_search_keys", Course),
    ],
)
def test_keys_of_stored_rows_are_computed_anew(cast, units, migration, model):
    make_user(full_name="Nguyễn Thị Quý")
    expected = dict(model.objects.values_list("pk", "search_key"))
    assert expected
    model.objects.update(search_key="quy")
    import_module(migration).compute_keys(apps, None)
    assert dict(model.objects.values_list("pk", "search_key")) == expected


# --- passwords ---

CHOSEN = "Một mật khẩu dài ế 2026"


@pytest.mark.django_db
def test_a_password_is_right_in_every_form():
    person = make_user(username="mac")
    for form in ("NFC", "NFD"):
        person.set_password(unicodedata.normalize(form, CHOSEN))
        for typed in ("NFC", "NFD"):
            assert person.check_password(unicodedata.normalize(typed, CHOSEN))
    assert not person.check_password(CHOSEN + "x")


@pytest.mark.django_db
def test_a_hash_of_before_still_takes_what_was_typed_then():
    decomposed = unicodedata.normalize("NFD", CHOSEN)
    person = make_user(username="cu")
    User.objects.filter(pk=person.pk).update(password=make_password(decomposed), must_change_password=False)
    assert PortalBackend().authenticate(None, "cu", decomposed) == person


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["sai mat khau", unicodedata.normalize("NFD", "sai mật khẩu")])
def test_an_unknown_name_costs_as_many_hashings_as_a_wrong_password(rf, monkeypatch, typed):
    make_user(username="co")
    hasher, counted = type(get_hasher()), []
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda *a, **k: counted.append(1) or encode(*a, **k))
    costs = []
    for name in ("co", "khong.co"):
        counted.clear()
        assert PortalBackend().authenticate(rf.get("/"), name, typed) is None
        costs.append(len(counted))
    assert costs[0] == costs[1] > 0


def test_plain_text_is_left_as_it_is_by_the_long_way_too(monkeypatch):
    """What nothing has to be done to is told at one look; the long way agrees with it."""
    signs = "".join(map(chr, range(32, 127))) + "\t\n–—‘’“”…°²³"
    vietnamese = "".join(sorted(set(letters._VIETNAMESE + letters._VIETNAMESE.upper())))
    for text in (vietnamese, *(f"{one}{other}" for one, other in product("aAêỆđĐ–°", vietnamese + signs))):
        assert letters._PLAIN.fullmatch(text)
        monkeypatch.setattr(letters, "_PLAIN", re.compile("(?!)"))
        assert letters.clean_letters(text) == text
        monkeypatch.undo()
    assert not any(letters._PLAIN.fullmatch(text) for text in ("e\u0301", "Ð", "а", "\u00a0", "\u00ad", "\r\n"))


@pytest.mark.parametrize("marks", ["\u0301\u0302", "\u0301\u0323", "\u0301\u200b\u0323", "\u0323…\u0301"])
def test_a_heap_of_marks_costs_in_proportion_to_its_length(marks):
    """In the square of the length, as Unicode sorts them, this would take an hour."""
    began = time.process_time()
    cleaned = clean_letters("a" + marks * 200_000)
    assert time.process_time() - began < 5
    runs = re.findall("[\u0300-\u036f]+", unicodedata.normalize("NFD", cleaned))
    assert 0 < max(map(len, runs)) <= 31


def test_shapes_come_before_tones_in_a_longer_run_too():
    assert clean_letters("a\u0301\u0300\u0302\u0309") == "ấ\u0300\u0309"
