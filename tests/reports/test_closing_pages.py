"""The pages of closed figures: who closes, who reads, what the page says has changed."""

import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services import reopen_inspection
from reports.closing.services import close_figures
from reports.models import Closing
from tests.reports.test_closing import PDF, approve, store  # noqa: F401 (a fixture)
from tests.support.factories import answer, enrol, make_district, make_round, make_ward
from tests.support.known_errors import correct_known_errors
from tests.support.pages import squeeze
from training.models import Scheme

ROUND = reverse("reports:closings", args=["dot-kiem-tra", "gd1-2019"])
SCHEME = reverse("reports:closings", args=["de-an", "02-2014"])


def filled(**changes) -> dict:
    signer = {"signatory": "director", "signatory_name": "Trương Văn Lắm"}
    return {"day": "", "note": "", "seen": "0", "agreed": "on"} | signer | changes


def issued(**changes) -> dict:
    day = f"{timezone.localdate():%d/%m/%Y}"
    values = {"number": "5355/BC-SNV", "issued_on": day, "signatory": "deputy", "signatory_name": "Lắm", "version": "1"}
    return values | changes


@pytest.fixture
def closing(cast) -> Closing:
    return close_figures(subject=Round.objects.get(code="gd1-2019"), seen=0, by=cast.approver)


@pytest.mark.parametrize("address", [ROUND, SCHEME])
def test_an_approver_closes_once_however_often_it_is_pressed(cast, sign_in, address):
    correct_known_errors(Scheme.objects.get(code="02-2014"), cast.approver2)
    client = sign_in(cast.approver)
    assert client.get(address).context["findings"]
    answers = [client.post(address, filled(note="Chốt quý 4")) for _ in range(3)]
    found = Closing.objects.get()
    assert {response.url for response in answers} == {reverse("reports:closing", args=[found.pk])}
    page = client.get(answers[0].url)
    assert page.status_code == 200 and page.context["changed"] == 0 and page.context["is_whole"]
    for file in found.files.select_related("file"):
        response = client.get(reverse("reports:closing-file", args=[found.pk, file.order]))
        content = b"".join(response.streaming_content)
        assert hashlib.sha256(content).hexdigest() == file.file.sha256
        assert response["Content-Disposition"].startswith("attachment; ") and response["X-Content-Type-Options"]
        assert file.file.sha256 in page.content.decode()
    # That the bytes are the same says nothing of a signature.
    assert "tệp không thay đổi từ khi lưu</span>" in page.content.decode()
    assert "nguyên vẹn" not in page.content.decode()


def test_findings_have_to_be_looked_at(cast, sign_in):
    response = sign_in(cast.approver).post(ROUND, filled(agreed=""))
    assert response.status_code == 200 and "agreed" in response.context["form"].errors
    assert not Closing.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"day": "31/02/2020"}, "day"),
        ({"day": "01/01/2099"}, "day"),
        ({"note": "x" * 2001}, "note"),
        ({"note": "\x00"}, "note"),
        ({"seen": ""}, "seen"),
        ({"seen": "-1"}, "seen"),
    ],
)
def test_bad_forms_are_shown_again(cast, sign_in, typed, field):
    response = sign_in(cast.approver).post(ROUND, filled(**typed))
    assert response.status_code == 200 and field in response.context["form"].errors
    assert not Closing.objects.exists()


def test_a_colleague_who_was_faster_is_told_of(cast, sign_in, closing):
    response = sign_in(cast.approver).post(ROUND, filled(note="khác"))
    assert response.status_code == 200 and response.context["form"].non_field_errors()
    assert Closing.objects.count() == 1


def test_17_hours_of_a_day(cast, sign_in):
    sign_in(cast.approver).post(ROUND, filled(day="30/12/2019"))
    assert timezone.localtime(Closing.objects.get().as_of).strftime("%d/%m/%Y %H:%M") == "30/12/2019 17:00"


def test_the_page_says_what_changed_since(cast, sign_in):
    inspection_round = make_round()
    first = enrol(inspection_round, make_ward(make_district(), name="Đổi"))
    enrol(inspection_round, make_ward(make_district()))
    approve(first, cast)
    found = close_figures(subject=inspection_round, seen=0, by=cast.approver)
    index, dashboard = reverse("reports:index"), reverse("reports:dashboard", args=[inspection_round.code])
    address = reverse("reports:closing", args=[found.pk])
    client = sign_in(cast.leader)
    before = [client.get(page).content.decode() for page in (index, dashboard)]
    assert all(f'href="{address}"' in page for page in before)
    reopen_inspection(inspection=first.inspection, by=cast.approver, reason="Nhầm")

    page = client.get(address)
    changed = [line for line in page.context["page"] if line.is_changed]
    assert page.context["changed"] == len(changed) > 0 and not page.context["shows_all"]
    assert f'<code class="breaks">{found.history_head}</code>' in page.content.decode() and found.history_head
    # The list of all figures marks the changed ones; the list of changed ones has no others.
    listed = squeeze(client.get(address, {"xem": "tat-ca"}).content.decode())
    assert listed.count('<span class="tag submitted">đã thay đổi sau khi chốt số liệu') == len(changed)
    text = page.content.decode()
    assert re.search(r"4/4\s*</td>.*?—", text, re.DOTALL)
    whole = client.get(address, {"xem": "tat-ca"}).context["page"]
    assert whole.paginator.count == len(found.figures) and whole.paginator.num_pages == 1
    for old, new in zip(before, (index, dashboard), strict=True):
        added = client.get(new).content.decode().count("tag submitted") - old.count("tag submitted")
        assert added == 1
    listed = client.get(reverse("reports:closings", args=["dot-kiem-tra", inspection_round.code]))
    assert listed.context["is_touched"] and listed.context["form"] is None


def test_leadership_reads_and_hears_nothing_of_drafts(cast, sign_in, closing):
    answer(Enrolment.objects.get(round__code="gd1-2019", position=1), cast.inspector, {1: "met"})
    assert sign_in(cast.inspector).get(ROUND).context["findings"]
    page = sign_in(cast.leader).get(ROUND)
    assert page.context["findings"] == [] and 'id="kiem-tra"' not in page.content.decode()
    assert sign_in(cast.inspector).post(ROUND, filled(seen="1")).status_code == 403


def test_leadership_finds_the_files_from_its_first_page(cast, sign_in, closing):
    """One click to the newest Word file and to the signed copy, one to the closing, which has all its files."""
    client, address = sign_in(cast.leader), reverse("reports:closing", args=[closing.pk])
    again = close_figures(subject=closing.subject, seen=1, by=cast.approver)
    signed = reverse("reports:closing-signed", args=[again.pk])
    assert f'href="{signed}"' not in client.get("/").content.decode()
    upload = SimpleUploadedFile("ký.pdf", PDF, "application/pdf")
    sign_in(cast.approver).post(reverse("reports:closing-issue", args=[again.pk]), issued(upload=upload))
    home = client.get("/").content.decode()
    newest = reverse("reports:closing", args=[again.pk])
    file = reverse("reports:closing-file", args=[again.pk, again.files.get(role="numbered").order])
    assert f'href="{newest}"' in home and f'href="{file}"' in home and f'href="{signed}"' in home
    assert f'href="{address}"' not in home
    index = client.get(reverse("reports:index")).content.decode()
    assert f'href="{newest}"' in index
    page = client.get(newest).content.decode()
    assert f'href="{file}"' in page and f'href="{signed}"' in page
    assert "chot-so-lieu" not in sign_in(cast.quan10).get("/").content.decode()


def test_units_see_nothing_of_it(cast, sign_in, closing):
    pages = [ROUND, SCHEME, *(reverse(f"reports:closing{end}", args=[closing.pk]) for end in ("", "-issue", "-signed"))]
    pages.append(reverse("reports:closing-file", args=[closing.pk, 1]))
    for person in (cast.quan10, cast.thanhan, cast.administrator):
        client = sign_in(person)
        assert {client.get(page).status_code for page in pages} == {403}
        assert client.post(ROUND, filled()).status_code == 403
        assert "chot-so-lieu" not in client.get(reverse("reports:index")).content.decode()
    assert Closing.objects.count() == 1


def test_number_day_and_signed_copy(cast, sign_in, closing):
    client, address = sign_in(cast.approver), reverse("reports:closing-issue", args=[closing.pk])
    assert client.get(address).status_code == 200
    name = '"; filename=x.html\r\nX: y <b>ký</b>.pdf'
    values = issued(upload=SimpleUploadedFile(name, PDF, "text/html"))
    assert client.post(address, values).url == reverse("reports:closing", args=[closing.pk])
    stored = Closing.objects.get()
    assert (stored.number, stored.signatory, stored.version) == ("5355/BC-SNV", "deputy", 2)
    response = client.get(reverse("reports:closing-signed", args=[closing.pk]))
    assert b"".join(response.streaming_content) == PDF and response["Content-Type"] == "application/pdf"
    page = client.get(reverse("reports:closing", args=[closing.pk])).content.decode()
    assert "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC" in page and "<b>ký</b>" not in page

    stale = client.post(address, issued(number="9/BC-SNV"))
    form = stale.context["form"]
    assert stale.status_code == 200 and form.non_field_errors() and form["number"].value() == "9/BC-SNV"
    assert Closing.objects.get().number == "5355/BC-SNV"
    # NĐ 30/2020/NĐ-CP has a zero before a number under 10.
    again = client.post(address, issued(number=" 9 / bc-snv", version=form["version"].value()))
    assert again.status_code == 302 and Closing.objects.get().number == "09/BC-SNV"
    version = str(Closing.objects.get().version)
    assert "1234/BC-SNV" in client.post(address, issued(number="9", version=version)).content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "5" * 61}, "number"),
        ({"number": "5355"}, "number"),
        ({"number": "BC-SNV"}, "number"),
        ({"number": "5355/BC SNV"}, "number"),
        ({"number": "12/CV-SNV"}, "number"),
        ({"number": "77/QĐ-UBND"}, "number"),
        ({"issued_on": "01/01/2099"}, "issued_on"),
        ({"issued_on": "01/01/2001"}, "issued_on"),
        ({"signatory": "king"}, "signatory"),
        ({"signatory_name": "\x07"}, "signatory_name"),
        ({"upload": SimpleUploadedFile("a.pdf", b"MZ", "application/pdf")}, "upload"),
        ({"upload": SimpleUploadedFile("a.pdf", PDF + b"0" * 15 * 1024 * 1024, "application/pdf")}, "upload"),
        ({"version": "x"}, "version"),
    ],
)
def test_bad_details_are_shown_again(cast, sign_in, closing, typed, field):
    response = sign_in(cast.approver).post(reverse("reports:closing-issue", args=[closing.pk]), issued(**typed))
    assert response.status_code == 200 and field in response.context["form"].errors
    stored = Closing.objects.get()
    assert (stored.number, stored.version, stored.signed_copy) == ("", 1, None)


def test_what_was_frozen_cannot_be_sent_along(cast, sign_in, closing):
    values = issued(figures="[]", digest="x", note="đổi", sequence="9", closed_by=str(cast.inspector.pk))
    sign_in(cast.approver).post(reverse("reports:closing-issue", args=[closing.pk]), values)
    stored = Closing.objects.get()
    assert (stored.digest, stored.note, stored.sequence) == (closing.digest, "", 1)


def test_addresses_that_lead_nowhere(cast, sign_in, closing):
    client = sign_in(cast.approver)
    for kind, code in (("dot", "gd1-2019"), ("dot-kiem-tra", "khong-co"), ("de-an", "gd1-2019")):
        assert client.get(reverse("reports:closings", args=[kind, code])).status_code == 404
    assert client.get(reverse("reports:closing", args=[closing.pk + 1])).status_code == 404
    assert client.get(reverse("reports:closing-file", args=[closing.pk, 9])).status_code == 404
    assert client.delete(ROUND).status_code == 405


@pytest.mark.parametrize("wards", [3, 40])
def test_queries_do_not_grow(cast, sign_in, wards, django_assert_max_num_queries):
    inspection_round, districts = make_round(), [make_district() for _ in range(3)]
    for number in range(wards):
        enrol(
            inspection_round,
            make_ward(districts[number % 3], name=f"Đơn vị {number}"),
            published_score=2,
            published_maximum=4,
        )
    found = close_figures(subject=inspection_round, seen=0, by=cast.approver)
    client = sign_in(cast.approver)
    for address, most in (
        (reverse("reports:closings", args=["dot-kiem-tra", inspection_round.code]), 27),
        (reverse("reports:closing", args=[found.pk]), 36),
    ):
        client.get(address)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200
