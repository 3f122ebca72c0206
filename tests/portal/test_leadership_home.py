"""What leadership finds on its first page: figures with their records behind them, and the reports to take away."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from criteria.inspections.models import Round
from reports.closing.services import IssueDetails, close_figures, record_issue
from tests.reports.test_closing import PDF, store  # noqa: F401 (a fixture)
from tests.support.factories import enrol, make_round
from tests.support.known_errors import correct_known_errors
from training.models import Scheme
from wards.models import Ward

HOME = reverse("home")
OF_ROUND = reverse("reports:round-document", args=["gd1-2019"])
OF_SCHEME = reverse("reports:scheme-document", args=["02-2014"])


def test_both_reports_are_one_click_away(cast, sign_in):
    client = sign_in(cast.leader)
    page = client.get(HOME).content.decode()
    for address in (OF_ROUND, OF_SCHEME):
        assert f'href="{address}"' in page
        assert client.get(address)["Content-Type"].endswith("wordprocessingml.document")


def test_the_closed_report_comes_first_and_a_signed_one_before_it(cast, sign_in, store):  # noqa: F811
    inspection_round = Round.objects.get(code="gd1-2019")
    closing = close_figures(subject=inspection_round, seen=0, by=cast.approver)
    client = sign_in(cast.leader)
    page = client.get(HOME).content.decode()
    closed = reverse("reports:closing-file", args=[closing.pk, 1])
    assert page.index(closed) < page.index(OF_ROUND)
    assert b"".join(client.get(closed).streaming_content).startswith(b"PK")
    details = IssueDetails("5355/BC-SNV", timezone.localdate(), "director", "Trương Văn Lắm")
    record_issue(
        closing=closing, details=details, upload=SimpleUploadedFile("ky.pdf", PDF), version=closing.version,
        by=cast.approver,
    )  # fmt: skip
    page = client.get(HOME).content.decode()
    signed = reverse("reports:closing-signed", args=[closing.pk])
    numbered = reverse("reports:closing-file", args=[closing.pk, closing.files.get(role="numbered").order])
    assert page.index(signed) < page.index(numbered) < page.index(OF_ROUND) and closed not in page
    assert "5355/BC-SNV" in page


def test_home_without_rounds_schemes_and_with_an_empty_round(db, cast, sign_in):
    client = sign_in(cast.leader)
    make_round(code="rong", name='=1+1 & <b> "Đợt" ' + "dài " * 40)
    page = client.get(HOME)
    assert page.status_code == 200 and "&lt;b&gt;" in page.content.decode()


def make_newer_round(code: str, **values) -> Round:
    return make_round(code=code, starts_on=datetime.date(2027, 1, 1), ends_on=datetime.date(2027, 2, 1), **values)


def test_home_is_of_the_round_that_was_last_opened(cast, sign_in):
    newer = make_newer_round("moi-2027")
    enrol(newer, Ward.objects.first(), published_score=3, published_maximum=4)
    client = sign_in(cast.leader)
    assert client.get(HOME).context["round"].code == "moi-2027"
    client.get(reverse("reports:dashboard", args=["gd1-2019"]))
    page = client.get(HOME)
    assert page.context["round"].code == "gd1-2019" and OF_ROUND in page.content.decode()


def test_a_round_that_was_just_opened_does_not_empty_the_page(cast, sign_in):
    enrol(make_newer_round("moi-2027", name="Đợt mới mở"), Ward.objects.first())
    closed = make_newer_round("dong-2027", name="Đợt đã đóng", status=Round.Status.CLOSED)
    page = sign_in(cast.leader).get(HOME)
    text = page.content.decode()
    assert page.context["round"].code == "gd1-2019" and OF_ROUND in text
    assert reverse("reports:round-document", args=["moi-2027"]) not in text
    beside = text[text.index("glance-beside") :][:300]
    assert reverse("inspections:round", args=["moi-2027"]) in beside and "Đợt mới mở</a>: chưa có kết quả" in beside
    assert closed.name not in text.partition("glance-heading")[2]


def test_a_round_without_results_that_was_opened_stays_and_says_where_results_are(cast, sign_in):
    make_newer_round("moi-2027")
    client = sign_in(cast.leader)
    client.get(reverse("inspections:round", args=["moi-2027"]))
    page = client.get(HOME)
    assert page.context["round"].code == "moi-2027"
    assert reverse("reports:dashboard", args=["gd1-2019"]) in page.content.decode()


def test_made_up_data_are_called_so(cast, sign_in):
    make_round(
        code="mo-phong", is_simulated=True, starts_on=datetime.date(2027, 1, 1), ends_on=datetime.date(2027, 2, 1)
    )
    assert "số liệu mô phỏng" in sign_in(cast.leader).get(HOME).content.decode()


def test_home_asks_little(cast, sign_in, django_assert_max_num_queries):
    for subject in (Round.objects.get(code="gd1-2019"), Scheme.objects.get(code="02-2014")):
        correct_known_errors(subject, cast.approver2)
        close_figures(subject=subject, seen=0, by=cast.approver)
    client = sign_in(cast.leader)
    client.get(HOME)
    with django_assert_max_num_queries(16):
        client.get(HOME)
