"""A unit outside of a person's scope is refused in a sheet with the words for one that does not exist."""

import pytest
from django.utils import timezone

from archiveportal.accounts.models import Role
from archiveportal.sheets.checking import make_plan
from archiveportal.sheets.kinds import KINDS, Order
from tests.support.factories import make_district, make_user, make_ward
from tests.support.sheets import workbook

#: {kind: (headings beside code and name, cells below them)}
SHEETS = {
    "groups": (("Nhóm", "Cách chia nhóm"), ("Khu vực 1", "Khu vực")),
    "directory": (("Hộp thư công vụ",), ("a@b.vn",)),
    "accounts": (("Họ và tên", "Vai trò"), ("Nguyễn Văn An", "cấp xã")),
}


@pytest.mark.parametrize("kind", SHEETS)
def test_a_foreign_unit_is_refused_like_one_that_is_not_there(db, kind):
    own, other = make_ward(make_district("10"), "Một"), make_ward(make_district("3"), "Hai")
    ended = make_ward(other.district, "Ba", valid_to=timezone.localdate().replace(year=2024))
    person = make_user(Role.DISTRICT, district=own.district)
    headings, cells = SHEETS[kind]

    def said(code: str, name: str) -> list[str]:
        content = workbook([("Mã đơn vị", "Đơn vị", *headings), (code, name, *cells)])
        order = Order(by=person, as_of=timezone.localdate())
        (line,) = make_plan(content, "a.xlsx", kind=KINDS[kind], order=order).lines
        return [fault.expected for fault in line.faults] + [question.value for question in line.questions]

    assert said(own.code, "") == said("", "Phường Một") == []
    unknown_code, unknown_name = said("99999", ""), said("", "Phường Không Có")
    assert unknown_code and unknown_name
    for foreign in (other, ended):
        assert said(foreign.code, "") == unknown_code
        assert said("", foreign.title) == unknown_name
        assert said("99999", foreign.title) == unknown_code
