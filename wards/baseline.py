"""The 24 districts of 2018-2020 and the 26 pilot wards of 5355/BC-SNV, as they stood then."""

from pathlib import Path

from archiveportal.baseline import add_missing, rows
from wards.models import District, Succession, Ward

DATA = Path(__file__).parent / "data"


def load() -> None:
    districts, _made = add_missing(District, rows(DATA / "districts_2019.csv"), key="code", is_baseline=True)
    units = list(rows(DATA / "pilot_wards.csv"))
    for row in units:
        row["district"] = districts[row.pop("district_code")]
    wards, made = add_missing(Ward, units, key="code", is_baseline=True)
    for row in rows(DATA / "pilot_ward_successions.csv"):
        predecessor = wards[row.pop("code")]
        if predecessor.code in made:
            Succession.objects.create(predecessor=predecessor, **row)
