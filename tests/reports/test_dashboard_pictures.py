"""Pictures as files: well-formed whatever the names are, readable without the page, in the size of a slide."""

import datetime
import io
import xml.etree.ElementTree as ET
from decimal import Decimal
from itertools import chain
from types import SimpleNamespace

import pytest
from defusedxml.ElementTree import fromstring
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from criteria.inspections.models import Inspection
from criteria.inspections.queries.areas import NOTHING
from criteria.models import Band, Criterion
from criteria.outcomes import MET, NOT_MET
from reports.dashboard.charts import KINDS, Size
from reports.dashboard.charts.scores import trend as trend_picture
from reports.dashboard.charts.svg import Box, Drawing, alone, inline, shortened, told_apart, wrapped
from reports.results.trend import Trend
from tests.support.factories import answer, enrol, make_district, make_round, make_set, make_ward
from training.models import Category, Scheme
from wards.models import District, Ward

HOSTILE = ["=1+1", "A & B", "<script>alert(1)</script>", "\"'", "]]>", "N" * 500, "e\u0302\u0301", "Ủy ban 😀", "&amp;"]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def hostile(cast):
    criteria_set = make_set(len(HOSTILE))
    for criterion, name in zip(criteria_set.criteria.all(), HOSTILE, strict=True):
        Criterion.objects.filter(pk=criterion.pk).update(heading=name[:80], name=name[:200])
    Band.objects.filter(criteria_set=criteria_set).update(label=HOSTILE[2][:120])
    found = make_round(criteria_set, code="hiem", name='Đợt <b>&"')
    for place, name in enumerate(HOSTILE):
        district = make_district("tạm")
        District.objects.filter(pk=district.pk).update(name=name[:100])
        ward = make_ward(district)
        Ward.objects.filter(pk=ward.pk).update(name=name[:100])
        enrolment = enrol(found, ward)
        answer(enrolment, cast.inspector, MET if place % 2 else NOT_MET)
        Inspection.objects.filter(enrolment=enrolment).update(status=Inspection.Status.APPROVED)
    Category.objects.update(name=HOSTILE[2])
    return found


@pytest.mark.parametrize("slug", KINDS)
def test_hostile_names_stay_text(cast, sign_in, hostile, slug):
    client = sign_in(cast.leader)
    response = client.get(reverse("reports:picture-svg", args=["hiem", slug]))
    assert response.status_code == 200
    root = fromstring(response.content)
    assert root.tag == f"{SVG}svg"
    assert not root.findall(f".//{SVG}script")
    names = set(chain.from_iterable(element.attrib for element in root.iter()))
    assert not [name for name in names if name == "style" or name.startswith("on")]
    assert client.get(reverse("reports:picture-png", args=["hiem", slug])).status_code == 200


def test_the_page_shows_hostile_names_as_text(cast, sign_in, hostile):
    page = sign_in(cast.leader).get(reverse("reports:dashboard", args=["hiem"])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert " style=" not in page
    for part in page.split('<svg class="chart"')[1:]:
        fromstring(f'<svg class="chart"{part.partition("</svg>")[0]}</svg>')


@pytest.mark.parametrize("slug", KINDS)
def test_a_file_stands_alone(cast, sign_in, slug):
    response = sign_in(cast.leader).get(reverse("reports:picture-svg", args=["gd1-2019", slug]))
    if response.status_code == 404:
        assert slug == "tieu-chi"  # in the one approved checklist every criterion is met
        return
    assert response["Content-Disposition"] == f'attachment; filename="{slug}-gd1-2019.svg"'
    assert response["Cache-Control"].count("no-store")
    root = fromstring(response.content)
    assert root.get("role") == "img"
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    assert all(named[name].text for name in root.get("aria-labelledby").split())
    assert "Roboto" in root.get("font-family")
    shapes = [e for e in root.iter() if e.tag in (f"{SVG}rect", f"{SVG}path", f"{SVG}text")]
    assert shapes
    assert all(element.get("fill") or element.get("stroke") for element in shapes)
    assert not root.findall(f".//{SVG}a")
    about = "giai đoạn 2014 - 2020" if slug == "dao-tao" else "Giai đoạn 1"
    assert about in "".join(root.itertext())
    assert "Số liệu tính đến" in "".join(root.itertext())


def test_a_png_is_as_wide_as_a_slide_and_has_its_letters(cast, sign_in):
    response = sign_in(cast.leader).get(reverse("reports:picture-png", args=["gd1-2019", "so-sanh"]))
    assert response["Content-Type"] == "image/png"
    image = Image.open(io.BytesIO(response.content))
    assert image.format == "PNG"
    assert image.width == 1600
    # letters, bars and ground: more than a blank sheet
    assert len(image.convert("L").resize((400, 300)).getcolors()) > 20


def test_an_unknown_picture_is_not_found(cast, sign_in):
    client = sign_in(cast.leader)
    assert client.get(reverse("reports:picture-svg", args=["gd1-2019", "khong-co"])).status_code == 404
    assert client.get(reverse("reports:picture-svg", args=["khong-co", "so-sanh"])).status_code == 404


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_makes_xml(words, title):
    drawing = Drawing("thu", 100, 100)
    drawing.text(1, 2, words)
    drawing.way("/?a=1&b=2", Box(0, 0, 1, 1), words)
    drawing.hatch(Box(0, 0, 10, 10))
    ET.fromstring(inline(drawing, title, words))
    ET.fromstring(alone(drawing, title, words, subtitle=words, foot=title, legend=[("band-1", words)]).encode())


def test_names_that_begin_alike_are_told_apart():
    names = [("1. ", "Ban hành KH"), ("2. ", "Triển khai KH"), ("3. ", "Ban hành Quy chế"), ("15. ", "Có Kho")]
    assert told_apart(names, 64, 11) == ["1. KH", "2. Triển…", "3. Quy chế", "15. Có Kho"]
    assert told_apart(names, 200, 11) == [number + name for number, name in names]
    assert told_apart([("", "Kho lưu trữ"), ("", "Kho lưu trữ")], 40, 11) == ["Kho l…", "Kho l…"]
    assert told_apart([], 40, 11) == []


def test_names_are_shortened_and_sentences_wrapped():
    assert shortened("Phường 6", 200, 10) == "Phường 6"
    assert shortened("n" * 500, 54, 10) == f"{'n' * 9}…"
    # Capitals are wider: a name of them alone would run into the number beside it.
    assert shortened("N" * 500, 54, 10) == f"{'N' * 6}…"
    assert shortened("", 54, 10) == "" and shortened("nn", 4, 10) == "…"
    assert wrapped("một hai ba bốn", 54, 10, most=2) == ["một hai ba", "bốn"]
    # A line that would be cut for its capitals is broken before them.
    assert wrapped("Đề ÁN HAI BA", 54, 10, most=2) == ["Đề ÁN", "HAI BA"]
    assert wrapped("một hai ba bốn năm sáu bảy", 54, 10, most=2)[-1].endswith("…")


def subtitle(markup: bytes) -> str:
    """The lines between the title and the drawing."""
    texts = [element for element in fromstring(markup).iter(f"{SVG}text") if float(element.get("font-size")) == 12]
    return " ".join(element.text for element in texts[:3] if 50 < float(element.get("y")) < 90)


def test_the_picture_of_training_names_the_city_and_the_scheme(cast, sign_in):
    """A scheme has results of the whole City alone, whichever district the dashboard is of."""
    address, quan10 = reverse("reports:picture-svg", args=["gd1-2019", "dao-tao"]), cast.quan10.district.pk
    scheme = Scheme.objects.get()
    for user, query in [(cast.leader, ""), (cast.leader, f"?quan={quan10}"), (cast.quan10, "")]:
        found = sign_in(user).get(f"{address}{query}").content
        assert subtitle(found) == f"Toàn Thành phố · {scheme.name}"
        assert "Quận 10" not in found.decode() and "Giai đoạn 1" not in found.decode()
    Scheme.objects.update(name="Đề án ngắn")
    found = sign_in(cast.leader).get(address).content
    assert subtitle(found) == "Toàn Thành phố · Đề án ngắn (2014 - 2020)"


def test_the_card_of_training_says_that_it_is_of_the_city(cast, sign_in):
    address = reverse("reports:dashboard", args=["gd1-2019"])
    of_city = sign_in(cast.leader).get(address).context["pictures"]["dao_tao"]
    of_district = sign_in(cast.quan10).get(address)
    assert of_city.title == "Đào tạo so với chỉ tiêu"
    assert of_district.context["pictures"]["dao_tao"].title == "Đào tạo toàn Thành phố"


def test_each_bar_of_the_rounds_has_the_number_of_its_wards(cast, sign_in):
    address = reverse("reports:picture-svg", args=["gd1-2019", "dien-bien"])
    for user, wards in ((cast.leader, "26"), (cast.quan10, "3")):
        root = fromstring(sign_in(user).get(address).content)
        texts = [element.text for element in root.iter(f"{SVG}text")]
        assert texts[texts.index("11/18") + 1] == f"{wards} đv"


def test_a_bar_of_one_ward_does_not_look_like_one_of_26():
    """Both reached as much."""
    day = datetime.date(2026, 1, 1)
    rounds = [Trend(f"dot-{n}", f"Đợt {n}", day, "exact", 26, n, Decimal(5 * n), Decimal(10 * n)) for n in (26, 1)]
    stand_in = SimpleNamespace(trend=rounds, round=SimpleNamespace(code=""), district_id=None, divided=NOTHING)
    drawn = trend_picture(stand_in, Size(640, 300)).drawing
    bars = [bar for bar in fromstring(inline(drawn, "x", "y")).iter("rect") if "band-2" in bar.get("class", "")]
    of_many, of_one = [(float(bar.get("width")), float(bar.get("height"))) for bar in bars]
    assert of_many[0] > 3 * of_one[0]
    assert of_many[1] == of_one[1]


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_file_is_named_by_its_round_and_its_district(cast, sign_in, kind):
    district, leader = cast.quan10.district, cast.leader
    cases = {
        (leader, "pho-diem", ""): "pho-diem-gd1-2019",
        (leader, "pho-diem", f"?quan={district.pk}"): f"pho-diem-gd1-2019-{district.code}",
        (cast.quan10, "pho-diem", ""): f"pho-diem-gd1-2019-{district.code}",
        (leader, "dao-tao", f"?quan={district.pk}"): "dao-tao-gd1-2019",
    }
    for (user, slug, query), name in cases.items():
        address = reverse(f"reports:picture-{kind}", args=["gd1-2019", slug])
        response = sign_in(user).get(f"{address}{query}")
        assert response["Content-Disposition"] == f'attachment; filename="{name}.{kind}"'
