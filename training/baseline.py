"""The scheme of 02/2014/QĐ-UBND with every course, target, fund and workforce count of 2710/BC-SNV."""

import datetime
from pathlib import Path

from archiveportal.baseline import add_missing, add_once, rows_without_source
from archiveportal.percent import Rounding
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
    "rounding": Rounding.TRUNCATED,
    "is_baseline": True,
}


def load() -> None:
    scheme, _made = add_once(Scheme, SCHEME, code=SCHEME_CODE)
    listed = list(rows_without_source(DATA / "categories.csv"))
    targets = {row["code"]: (row.pop("target"), row.pop("target_unit")) for row in listed}
    categories, _made = add_missing(Category, listed, key="code", scheme=scheme)
    for code, (target, unit) in targets.items():
        if target:
            add_once(Quota, {"target": int(target), "unit": unit, "is_baseline": True}, category=categories[code])
    _add_courses(categories)
    # The report does not say when it counted.
    counts = {"total": 3995, "qualified": 1302, "is_day_inferred": True, "is_baseline": True}
    add_once(WorkforceCount, counts, scheme=scheme, counted_on=scheme.cut_off_on)
    add_once(Funding, {"amount": 4_607_678_000, "is_baseline": True}, scheme=scheme, source=Funding.Source.CITY)


def _add_courses(categories: dict[str, Category]) -> None:
    """A course that people moved to another category of the scheme is there already."""
    known = Course.objects.filter(category__in=categories.values(), is_baseline=True)
    known_keys = set(known.values_list("report_key", flat=True))
    unsourced = rows_without_source(DATA / "courses.csv")
    listed = [row for row in unsourced if row["report_key"] not in known_keys]
    organisers = {row["report_key"]: row.pop("districts").split(";") for row in listed}
    for row in listed:
        row["category"] = categories[row["category"]]
        for name in ("classes", "organiser_share", "participant_share"):
            row[name] = row[name] or None
        for name in ("is_lower_bound", "enters_summary"):
            row[name] = row[name] == "1"
    courses, made = add_missing(Course, listed, key="report_key", is_baseline=True)
    for key in made:
        if organisers[key] != [""]:
            courses[key].organiser_districts.set(District.objects.filter(code__in=organisers[key], is_baseline=True))
