"""The 24 districts of 2018-2020 and the 26 pilot wards of 5355/BC-SNV, as they were then."""

from pathlib import Path

from archiveportal.baseline import add_missing, rows_without_source
from archiveportal.history.models import Action, Via
from archiveportal.history.services import event, record_all
from wards.models import District, Succession, Ward

DATA = Path(__file__).parent.parent / "data"


def load() -> None:
    districts, _made = add_missing(
        District, rows_without_source(DATA / "districts_2019.csv"), key="code", is_baseline=True
    )
    units = list(rows_without_source(DATA / "pilot_wards.csv"))
    for row in units:
        row["district"] = districts[row.pop("district_code")]
    wards, made = add_missing(Ward, units, key="code", is_baseline=True)
    successions = [
        Succession(predecessor=wards[row.pop("code")], **row)
        for row in rows_without_source(DATA / "pilot_ward_successions.csv")
        if row["code"] in made
    ]
    Succession.objects.bulk_create(successions)
    record_all(event(about=row, by=None, via=Via.COMMAND, action=Action.CREATED) for row in successions)
