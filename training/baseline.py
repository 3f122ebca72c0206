"""The scheme of 02/2014/QĐ-UBND with every course, target, fund and workforce count of 2710/BC-SNV."""

import datetime
from pathlib import Path

from archiveportal.baseline import add_once, rows
from training.models import Category, Course, Funding, Quota, Scheme, WorkforceCount
from wards.models import District

DATA = Path(__file__).parent / "data"
SCHEME_CODE = "02-2014"

SCHEME = {
    "name": (
        "Đề án nâng cao năng lực đội ngũ cán bộ, công chức, viên chức làm công tác văn thư, lưu trữ "
        "của Thành phố Hồ Chí Minh giai đoạn 2014 - 2020"
    ),
    "legal_basis": "Quyết định số 02/2014/QĐ-UBND",
    "decided_on": datetime.date(2014, 1, 13),
    "starts_year": 2014,
    "ends_year": 2020,
    "cut_off_on": datetime.date(2020, 7, 3),
    "is_baseline": True,
}


def load() -> None:
    scheme, _ = add_once(Scheme, SCHEME, code=SCHEME_CODE)
    for row in rows(DATA / "categories.csv"):
        target, unit = row.pop("target"), row.pop("target_unit")
        category, _ = add_once(Category, row, scheme=scheme, code=row.pop("code"))
        if target:
            add_once(Quota, {"target": int(target), "unit": unit, "is_baseline": True}, category=category)
    for row in rows(DATA / "courses.csv"):
        _add_course(scheme, row)
    counts = {"total": 3995, "qualified": 1302, "is_baseline": True}
    add_once(WorkforceCount, counts, scheme=scheme, counted_on=scheme.cut_off_on)
    add_once(Funding, {"amount": 4_607_678_000, "is_baseline": True}, scheme=scheme, source=Funding.Source.CITY)


def _add_course(scheme: Scheme, row: dict[str, str]) -> None:
    category = Category.objects.get(scheme=scheme, code=row.pop("category"))
    codes = [code for code in row.pop("districts").split(";") if code]
    key = row.pop("report_key")
    for name in ("classes", "organiser_share", "participant_share"):
        row[name] = row[name] or None
    for name in ("is_lower_bound", "enters_summary"):
        row[name] = row[name] == "1"
    if Course.objects.filter(category__scheme=scheme, report_key=key).exists():
        return
    course, _ = add_once(Course, {**row, "is_baseline": True}, category=category, report_key=key)
    course.organiser_districts.set(District.objects.filter(code__in=codes, is_baseline=True))
