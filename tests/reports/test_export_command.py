"""The workbooks from the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from criteria.inspections.models import Enrolment
from reports.workbooks.catalogue import ROUND_KINDS, SCHEME_KINDS
from tests.support.books import numbered_rows, opened, values, ward_rows, whole
from tests.support.factories import answer, make_round
from tests.support.papers import words


def export(*arguments: object) -> str:
    out = StringIO()
    call_command("export", *map(str, arguments), stdout=out)
    return out.getvalue()


def titles(target) -> list:
    return [row[0] for row in values(opened(target.read_bytes()))]


@pytest.mark.parametrize("kind", [*ROUND_KINDS, *SCHEME_KINDS])
def test_every_workbook(baseline, tmp_path, kind):
    target = tmp_path / "bieu.xlsx"
    place = ["--round", "gd1-2019"] if kind in ROUND_KINDS else ["--scheme", "02-2014"]
    other = ["--with", make_round(name="Đợt khác").code] if kind == "comparison" else []
    export(kind, *place, *other, "--output", target)
    assert whole(target.read_bytes()).sheetnames[-1] == "Nguồn"


def test_a_workbook_of_one_district(cast, tmp_path):
    target = tmp_path / "bieu.xlsx"
    export("summary", "--round", "gd1-2019", "--district", "771", "--output", target)
    assert [row[2] for row in numbered_rows(opened(target.read_bytes()))] == ["Quận 10"] * 3
    with pytest.raises(CommandError, match="There is no district 771"):
        export("summary", "--round", "gd1-2019", "--district", "771", "--output", target, "--as", "cangio")


def test_summary_of_everything(baseline, tmp_path):
    target = tmp_path / "tong-hop.xlsx"
    assert str(target) in export("summary", "--round", "gd1-2019", "--output", target)
    assert [row[0] for row in ward_rows(opened(target.read_bytes()))] == list(range(1, 27))
    assert list(tmp_path.iterdir()) == [target]


def test_attainment(baseline, tmp_path):
    target = tmp_path / "dao-tao.xlsx"
    export("attainment", "--scheme", "02-2014", "--output", target)
    assert "KẾT QUẢ ĐÀO TẠO, BỒI DƯỠNG, TẬP HUẤN SO VỚI CHỈ TIÊU" in titles(target)


@pytest.mark.parametrize("kind", [["report-5355", "--round", "gd1-2019"], ["report-2710", "--scheme", "02-2014"]])
def test_the_reports(baseline, tmp_path, kind):
    target = tmp_path / "bao-cao.docx"
    assert str(target) in export(*kind, "--output", target)
    assert "BÁO CÁO" in words(target.read_bytes())


def test_the_scope_of_an_account(cast, tmp_path):
    target = tmp_path / "tong-hop.xlsx"
    enrolment = Enrolment.objects.get(round__code="gd1-2019", position=11)
    answer(enrolment, cast.inspector, {1: "met"})
    export("summary", "--round", "gd1-2019", "--output", target, "--as", "quan10")
    rows = list(ward_rows(opened(target.read_bytes())))
    assert [(row[0], row[3]) for row in rows] == [(10, None), (11, None), (12, None)]
    export("summary", "--round", "gd1-2019", "--output", target)
    # Without an account the file holds everybody's wards, and what is approved or published alone.
    rows = list(ward_rows(opened(target.read_bytes())))
    assert len(rows) == 26 and rows[10][3] is None
    export("summary", "--round", "gd1-2019", "--output", target, "--as", "inspector")
    assert list(ward_rows(opened(target.read_bytes())))[10][3] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["summary", "--round", "khong-co"], "There is no round khong-co. Rounds: gd1-2019."),
        (["summary", "--round", "gd1-2019", "--as", "ai-do"], "There is no account ai-do."),
        (["summary", "--round", "gd1-2019", "--as", "administrator"], "There is no round gd1-2019. Rounds: none."),
        (["attainment", "--scheme", "khong-co"], "There is no scheme khong-co. Schemes: 02-2014."),
        (["attainment", "--scheme", "02-2014", "--as", "administrator"], "There is no scheme 02-2014. Schemes: none."),
        (
            ["comparison", "--round", "gd1-2019", "--with", "gd1-2019"],
            "A round is not compared with itself; name another one after --with.",
        ),
        (["report-5355", "--round", "khong-co"], "There is no round khong-co. Rounds: gd1-2019."),
        (
            ["report-5355", "--round", "gd1-2019", "--as", "quan10"],
            "The reports are of the whole city; this account sees a part of it.",
        ),
    ],
)
def test_what_is_unknown_is_said_in_one_line(cast, tmp_path, arguments, words):
    with pytest.raises(CommandError) as caught:
        export(*arguments, "--output", tmp_path / "x.xlsx")
    assert str(caught.value) == words
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", [["summary", "--round", "gd1-2019"], ["attainment", "--scheme", "02-2014"]])
def test_a_path_that_cannot_be_written(baseline, tmp_path, kind):
    with pytest.raises(CommandError) as caught:
        export(*kind, "--output", tmp_path / "khong-co" / "x.xlsx")
    assert "Cannot write" in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(CommandError, match="Cannot write"):
        export(*kind, "--output", tmp_path)
    assert list(tmp_path.iterdir()) == []
