"""Percentages follow the rule of their round or scheme on pages, in workbooks and in documents."""

import re
from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.history.models import Event
from archiveportal.percent import Rounding, format_percent, percent_of
from criteria.inspections.models import Enrolment, Round
from reports.documents import report_file
from reports.frozen.events import was_changed_by_people
from reports.frozen.figures import figures_of
from tests.support import books, papers
from training.models import Scheme

#: where the code may name a rule: the rules themselves, defaults, baseline and illustration of the
#: two models, the reading of what a person wrote, the remark that a report cuts off, and the looks of each rule in
#: a workbook
NAMING = {
    "archiveportal/percent.py",
    "criteria/inspections/baseline.py",
    "criteria/inspections/models/rounds.py",
    "reports/checks/statements.py",
    "reports/checks/training.py",
    "reports/workbooks/form.py",
    "training/baseline.py",
    "training/illustration.py",
    "training/models.py",
}


def names_a_rule(path: Path) -> bool:
    return bool(re.search(r"\bRounding\.[A-Z]+\b", path.read_text(encoding="utf-8")))


def test_no_caller_chooses_a_rule():
    root = Path(settings.BASE_DIR)
    named = set()
    for app in ("archiveportal", "criteria", "reports", "training", "wards"):
        naming = filter(names_a_rule, (root / app).rglob("*.py"))
        named |= {path.relative_to(root).as_posix() for path in naming}
    assert named == NAMING


@pytest.mark.parametrize(
    ("rule", "value", "text"),
    [
        (Rounding.WHOLE, Decimal(41), "41%"),
        (Rounding.TRUNCATED, Decimal("40.60"), "40,60%"),
        (Rounding.EXACT, Decimal("40.61"), "40,61%"),
        ("truncated", Decimal("40.60"), "40,60%"),
    ],
)
def test_each_rule_has_its_decimals(rule, value, text):
    assert percent_of(320, 788, rule) == value
    assert format_percent(percent_of(320, 788, rule)) == text


def test_an_unknown_rule_is_refused():
    with pytest.raises(ValueError, match="upwards"):
        percent_of(1, 2, "upwards")


def test_nothing_to_divide_by_is_a_dash():
    assert format_percent(percent_of(1, 0)) == "—"


def test_a_new_round_and_scheme_round_as_their_reports_do():
    assert (Round().rounding, Scheme().rounding) == ("whole", "truncated")


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Round, Scheme])
def test_the_database_refuses_another_rule(cast, model):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(rounding="upwards")


def percents_of(scheme: Scheme) -> list[str]:
    return [figure["value"] for figure in figures_of(scheme) if figure["key"].endswith(".percent")]


@pytest.mark.django_db
def test_the_reports_round_as_they_were_printed(cast):
    scheme = Scheme.objects.get()
    assert scheme.rounding == "truncated" and Round.objects.get().rounding == "whole"
    assert {"40,60%", "59,41%", "269,49%", "32,59%"} <= set(percents_of(scheme))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rule", "share", "note"),
    [
        ("exact", "40,61%", "làm tròn hai số thập phân."),
        ("whole", "41%", "làm tròn đến phần trăm (Báo cáo số 5355/BC-SNV)."),
    ],
)
def test_a_scheme_with_another_rule(cast, sign_in, rule, share, note):
    Scheme.objects.update(rounding=rule)
    scheme = Scheme.objects.get()
    assert share in percents_of(scheme)
    assert {figure["of"][2] for figure in figures_of(scheme) if figure["of"]} == {rule}
    client = sign_in(cast.approver)
    page = client.get(reverse("training:attainment", args=[scheme.code])).content.decode()
    assert f">{share}<" in page and "Tỷ lệ lấy hai chữ số thập phân" not in page
    assert share in papers.words(report_file(user=EVERYTHING, subject=scheme))
    address = reverse("reports:scheme-workbook", args=[scheme.code, "chi-tieu"])
    data = books.download_data(client, address)
    texts = map(str, chain.from_iterable(books.whole(data)[books.SOURCES].values))
    assert any(text.endswith(note) for text in texts)


@pytest.mark.django_db
def test_a_round_with_another_rule(cast, sign_in):
    Round.objects.update(rounding="exact")
    found = Round.objects.get()
    sentences = " ".join(figure["sentence"] for figure in figures_of(found))
    assert "20/23 tiêu chí (86,96%)" in sentences and "(87%)" not in sentences
    client = sign_in(cast.approver)
    for name in ("inspections:round", "reports:summary", "reports:units"):
        page = client.get(reverse(name, args=[found.code])).content.decode()
        assert "86,96%" in page and "87%" not in page, name
    assert "86,96%" in papers.words(report_file(user=EVERYTHING, subject=found))
    enrolment = Enrolment.objects.get(position=3)
    checklist = client.get(reverse("inspections:checklist", args=[enrolment.pk]))
    assert 'data-percent="exact"' in checklist.content.decode()


@pytest.mark.django_db
def test_loading_the_reports_again_leaves_a_rule_that_was_changed(cast):
    Round.objects.update(rounding="exact")
    Scheme.objects.update(rounding="whole")
    call_command("load_baseline", verbosity=0)
    assert (Round.objects.get().rounding, Scheme.objects.get().rounding) == ("exact", "whole")


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["inspections_round", "training_scheme"])
def test_a_rule_changed_behind_the_portal_is_told(cast, table):
    off, on = "SET LOCAL portal.application = 'off'", "SET LOCAL portal.application = 'on'"
    if connection.vendor == "sqlite":
        off, on = "PRAGMA analysis_limit = 0", f"PRAGMA analysis_limit = {settings.PORTAL_MARK}"
    with connection.cursor() as cursor:
        for statement in (off, f"UPDATE {table} SET rounding = 'exact'", on):
            cursor.execute(statement)
    (event,) = Event.objects.filter(via="sql")
    assert list(event.changes) == ["rounding"] and event.changes["rounding"][1] == "exact"
    assert was_changed_by_people(Round.objects.get() if "round" in table else Scheme.objects.get())
