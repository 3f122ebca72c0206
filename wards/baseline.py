"""The 24 districts of 2018-2020 and the 26 pilot wards of 5355/BC-SNV, as they stood then."""

from pathlib import Path

from archiveportal.baseline import add_once, rows
from wards.models import District, Succession, Ward

DATA = Path(__file__).parent / "data"


def load() -> None:
    for row in rows(DATA / "districts_2019.csv"):
        values = {"kind": row["kind"], "name": row["name"], "ward_count": row["ward_count"], "is_baseline": True}
        add_once(District, values, code=row["code"], valid_to=row["valid_to"])
    districts = {district.code: district for district in District.objects.filter(is_baseline=True)}
    wards = {}
    for row in rows(DATA / "pilot_wards.csv"):
        values = {"kind": row["kind"], "name": row["name"], "district": districts[row["district_code"]]}
        wards[row["code"]], _ = add_once(
            Ward, {**values, "is_baseline": True}, code=row["code"], valid_to=row["valid_to"]
        )
    for row in rows(DATA / "pilot_ward_successions.csv"):
        values = {name: row[name] for name in ("successor_name", "extent", "legal_act")}
        key = {"successor_code": row["successor_code"], "took_effect_on": row["took_effect_on"]}
        add_once(Succession, values, predecessor=wards[row["code"]], **key)
