"""The office and who signs its papers: by days, without code, and papers as they were under the reports' words."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from archiveportal.history.models import Event
from archiveportal.history.services import digest
from archiveportal.office import baseline, services
from archiveportal.office.baseline import reports_office
from archiveportal.office.kinds import Level, PaperKind
from archiveportal.office.models import Office, Signatory
from archiveportal.office.queries import issuer_of, office_on, report_symbols, signing_of, signings_on

FIRST = datetime.date(2027, 3, 1)
EVE = FIRST - datetime.timedelta(days=1)
ELSEWHERE = {
    "name": "Sở Văn hóa",
    "superior_head": "ỦY BAN NHÂN DÂN\nTỈNH LÂM ĐỒNG",
    "superior": "UBND tỉnh Lâm Đồng",
    "area": "tỉnh Lâm Đồng",
    "area_noun": "tỉnh",
    "place": "Lâm Đồng",
    "symbol": "SVH",
    "head_title": "Giám đốc",
    "deputy_title": "Phó Giám đốc",
    "basis": "Nghị quyết số 1/NQ-HĐND",
}
SIGNING = {"level": Level.DIVISION, "titles": "TUQ. GIÁM ĐỐC\nCHI CỤC TRƯỞNG", "symbol": "QĐ-SNV", "name": "Lê Văn A"}


def elsewhere(**values) -> Office:
    return Office(**ELSEWHERE | {"first_day": FIRST} | values)


def typed(row: Office, **values) -> dict[str, str]:
    """Return what the form of an office sends."""
    sent = {name: getattr(row, name) for name in services.OFFICE_FIELDS}
    return {name: "" if value is None else str(value) for name, value in (sent | values).items()}


@pytest.mark.django_db
def test_without_a_row_papers_name_the_office_of_the_reports():
    Office.objects.all().delete()
    assert office_on().name_with_area == "Sở Nội vụ Thành phố Hồ Chí Minh"
    assert report_symbols() == ["BC-SNV"]
    baseline.load()
    baseline.load()
    (row,) = Office.objects.all()
    assert (str(row), row.first_day) == (str(reports_office()), baseline.FIRST_DAY)
    assert Event.objects.filter(object_type="office.office", action="created").count() == 1


@pytest.mark.parametrize(
    ("kind", "symbol", "titles", "head"),
    [
        (PaperKind.ROUND_REPORT, "BC-SNV", ["GIÁM ĐỐC"], "SỞ NỘI VỤ"),
        (PaperKind.ROUND_LETTER, "SNV-CCVTLT", ["GIÁM ĐỐC"], "SỞ NỘI VỤ"),
        # What is delegated to the head of the sub-department, and what is not (NĐ 217/2025, Điều 6.2, 7.2).
        (PaperKind.DECISION, "QĐ-CCVTLT", ["CHI CỤC TRƯỞNG"], "CHI CỤC VĂN THƯ - LƯU TRỮ"),
        (PaperKind.PAUSE, "QĐ-SNV", ["GIÁM ĐỐC"], "SỞ NỘI VỤ"),
        (PaperKind.STOP, "QĐ-SNV", ["GIÁM ĐỐC"], "SỞ NỘI VỤ"),
        (PaperKind.REMEDY_LETTER, "SNV-CCVTLT", ["GIÁM ĐỐC"], "SỞ NỘI VỤ"),
        (PaperKind.CONDUCT_PLAN, "KH-ĐKT", ["TRƯỞNG ĐOÀN"], "ĐOÀN KIỂM TRA"),
    ],
)
def test_who_usually_signs(db, kind, symbol, titles, head):
    signing = signing_of(kind)
    assert (signing.symbol, list(signing.titles), signing.head[-1]) == (symbol, titles, head)


def test_another_office_from_a_day_on(cast):
    services.enter_office(office=elsewhere(), by=cast.administrator)
    assert (office_on(EVE).symbol, office_on(FIRST).symbol) == ("SNV", "SVH")
    assert Office.objects.get(symbol="SNV").last_day == EVE
    report = signing_of(PaperKind.ROUND_REPORT, FIRST)
    assert report.head == ["ỦY BAN NHÂN DÂN", "TỈNH LÂM ĐỒNG", "SỞ VĂN HÓA"]
    assert report.receivers_for("phường, xã")[:2] == ["- UBND tỉnh;", "- Văn phòng UBND tỉnh;"]
    assert report.receivers_for("phường, xã")[-2:] == ["- UBND phường, xã;", "- Lưu: VT."]
    # Without a sub-department its head signs nothing.
    decision = signing_of(PaperKind.DECISION, FIRST)
    assert (decision.symbol, list(decision.titles), decision.head[-1]) == ("QĐ-SVH", ["GIÁM ĐỐC"], "SỞ VĂN HÓA")
    assert signing_of(PaperKind.MINUTES, FIRST).head == ["SỞ VĂN HÓA", "ĐOÀN KIỂM TRA"]
    assert report_symbols(FIRST) == ["BC-SVH"] and set(report_symbols()) == {"BC-SVH", "BC-SNV"}
    assert issuer_of("12/QĐ-SVH", FIRST) == "Sở Văn hóa" and issuer_of("12/QĐ-SVH", EVE) == ""


def test_between_two_rows_the_one_before_counts(cast):
    row = Office.objects.get()
    row.last_day = datetime.date(2026, 1, 1)
    services.correct_office(
        office=row, made_on=digest(Office.objects.get(), services.OFFICE_FIELDS), by=cast.administrator
    )
    services.enter_office(office=elsewhere(), by=cast.administrator)
    assert office_on(datetime.date(2026, 6, 1)).symbol == office_on(datetime.date(1990, 1, 1)).symbol == "SNV"


def test_who_signs_from_a_day_on(cast):
    services.enter_signatory(
        signatory=Signatory(kind=PaperKind.DECISION, first_day=FIRST, **SIGNING), by=cast.administrator
    )
    assert signing_of(PaperKind.DECISION, EVE).symbol == "QĐ-CCVTLT"
    signing = signings_on(FIRST)[PaperKind.DECISION]
    assert (signing.symbol, signing.name) == ("QĐ-SNV", "Lê Văn A")
    assert signing.titles == ("TUQ. GIÁM ĐỐC", "CHI CỤC TRƯỞNG")


def refused_fields(write, **arguments) -> set[str]:
    """Return the fields that the refusal of a service is about; blank where it is about none."""
    with pytest.raises(ValidationError) as refusal:
        write(**arguments)
    return set(getattr(refusal.value, "error_dict", ()))


def test_bad_input(cast):
    by, enter = cast.administrator, services.enter_office
    assert refused_fields(enter, office=elsewhere(), by=cast.approver) == set()
    assert refused_fields(enter, office=elsewhere(last_day=EVE), by=by) == {"last_day"}
    for day in (baseline.FIRST_DAY, datetime.date(2013, 1, 1)):
        assert refused_fields(enter, office=elsewhere(first_day=day), by=by) == {"first_day"}
    enter(office=elsewhere(), by=by)
    decision = Signatory(kind=PaperKind.DECISION, first_day=FIRST, **SIGNING)
    assert refused_fields(services.enter_signatory, signatory=decision, by=by) == {"level"}
    stale = elsewhere(pk=Office.objects.get(symbol="SVH").pk, name="Sở khác")
    assert refused_fields(services.correct_office, office=stale, made_on="0", by=by) == set()
    assert set(Office.objects.values_list("name", flat=True)) == {"Sở Nội vụ", "Sở Văn hóa"}
    assert not Signatory.objects.exists()


def test_an_administrator_sets_up_another_province_on_pages(cast, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.administrator)
    page = client.get(reverse("office:add"))
    assert 'value="SNV"' in page.content.decode()
    wrong = client.post(reverse("office:add"), typed(elsewhere(symbol="s v h"), first_day="01/03/2027"))
    assert wrong.status_code == 200 and wrong.context["form"].errors.keys() == {"symbol"}
    answer = client.post(reverse("office:add"), typed(elsewhere(first_day=datetime.date(2020, 1, 1))))
    assert answer.status_code == 302, answer.context["form"].errors
    with django_assert_max_num_queries(12):
        text = client.get(reverse("office:overview")).content.decode()
    assert "Sở Văn hóa tỉnh Lâm Đồng" in text and "BC-SVH" in text
    sent = {"kind": "pause", "first_day": "01/03/2027", **SIGNING, "level": "department", "receivers": "- Như Điều 3;"}
    assert client.get(reverse("office:signatory-add"), {"kind": "pause"}).context["form"].initial["symbol"] == "QĐ-SVH"
    assert client.post(reverse("office:signatory-add"), sent).status_code == 302
    row = Signatory.objects.get()
    page = client.get(reverse("office:signatory-edit", args=[row.pk])).context["form"]
    sent |= {"made_on": page["made_on"].value(), "symbol": "QĐ-SVH"}
    assert client.post(reverse("office:signatory-edit", args=[row.pk]), sent).status_code == 302
    row.refresh_from_db()
    assert (row.symbol, row.kind, row.receivers) == ("QĐ-SVH", "pause", "- Như Điều 3;")


def test_an_office_with_a_sub_department_is_entered_on_pages(cast, sign_in):
    client, add = sign_in(cast.administrator), reverse("office:add")
    division = {
        "division": "Trung tâm Lưu trữ lịch sử",
        "division_short": "TTLTLS",
        "division_symbol": "TTLTLS",
        "division_head_title": "Giám đốc",
    }
    wrong = client.post(add, typed(elsewhere(**division | {"division_symbol": "t t"})))
    assert list(wrong.context["form"].errors) == ["division_symbol"]
    office = elsewhere(**division)
    assert client.post(add, typed(office)).status_code == 302
    signing = signing_of(PaperKind.DECISION, office.first_day)
    assert (signing.symbol, signing.agency) == ("QĐ-TTLTLS", "Trung tâm Lưu trữ lịch sử")


def test_a_form_that_is_refused_changes_no_paper(cast, sign_in):
    client, present = sign_in(cast.administrator), office_on()
    client.post(reverse("office:add"), typed(elsewhere(symbol="s v h"), first_day="01/03/2027"))
    assert (office_on().pk, office_on().name) == (present.pk, present.name)


def test_approvers_read_and_do_not_write(cast, sign_in):
    client = sign_in(cast.approver)
    assert client.get(reverse("office:overview")).status_code == 200
    assert client.get(reverse("office:add")).status_code == 403
    assert sign_in(cast.quan10).get(reverse("office:overview")).status_code == 403
