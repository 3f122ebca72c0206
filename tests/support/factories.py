"""Small makers of rows for tests. Each takes what matters to a test and fills in the rest."""

import datetime
from itertools import count

from django.utils import timezone

from archiveportal.accounts.models import Role, User
from archiveportal.history.models import Via
from criteria.inspections.models import Enrolment, Inspection, Round
from criteria.inspections.services import Change, enrol_wards, save_results, sign_minutes, submit_inspection
from criteria.models import Band, CriteriaSet, Criterion
from wards.models import District, Grouping, Ward
from wards.services import assign_units

PASSWORD = "mat-khau-thu-nghiem-2019"
_numbers = count(1)


def make_user(role: str = Role.INSPECTOR, username: str = "", **values) -> User:
    username = username or f"{role}-{next(_numbers)}"
    return User.objects.create_user(
        username=username, password=PASSWORD, role=role, **{"full_name": f"Người dùng {username}", **values}
    )


def make_district(name: str = "", **values) -> District:
    number = next(_numbers)
    district = District(code=f"D{number}", name=name or f"Quận thử {number}", **{"kind": "quan", **values})
    district.save()
    return district


def make_ward(district: District | None = None, name: str = "", **values) -> Ward:
    number = next(_numbers)
    defaults = {"code": f"W{number}", "kind": "phuong", "name": name or str(number)}
    ward = Ward(district=district, **defaults | values)
    ward.save()
    return ward


def make_grouping(name: str = "Khu vực", groups: list[str] | dict[str, list[Ward]] = (), **values) -> Grouping:
    """A way of grouping; a dict gives each group its units, too."""
    grouping = Grouping(code=f"g{next(_numbers)}", name=name, **values)
    grouping.save()
    for position, title in enumerate(groups, start=1):
        group = grouping.groups.create(code=f"nhom-{position}", name=title, position=position)
        if isinstance(groups, dict):
            assign_units(grouping=grouping, group=group, wards=groups[title], by=None, via=Via.COMMAND)
    return grouping


def make_set(criteria: int = 4, **values) -> CriteriaSet:
    """A set of so many counted criteria in one section, with the two bands "half and more" and "less"."""
    number = next(_numbers)
    criteria_set = CriteriaSet.objects.create(code=f"set{number}", name=f"Bộ {number}", **values)
    for position in range(1, criteria + 1):
        Criterion(
            criteria_set=criteria_set,
            position=position,
            number=position,
            code=f"TC{position:02d}",
            heading=f"Tiêu chí {position}",
            name=f"Tiêu chí thử {position}",
            group="Mục thử",
        ).save()
    Band(criteria_set=criteria_set, position=1, label="Từ 50%", lower_percent=50).save()
    Band(criteria_set=criteria_set, position=2, label="Dưới 50%", lower_percent=0, upper_percent=50).save()
    return criteria_set


def make_round(criteria_set: CriteriaSet | None = None, **values) -> Round:
    number = next(_numbers)
    defaults = {
        "code": f"dot-{number}",
        "name": f"Đợt {number}",
        "starts_on": datetime.date(2026, 1, 1),
        "ends_on": datetime.date(2026, 12, 31),
    }
    return Round.objects.create(criteria_set=criteria_set or make_set(), **defaults | values)


def enrol(inspection_round: Round, ward: Ward, **published) -> Enrolment:
    (enrolment,) = enrol_wards(
        inspection_round=inspection_round, wards=[ward], by=None, via=Via.COMMAND, published={ward.pk: published}
    )
    return enrolment


def answer(enrolment: Enrolment, by: User, outcomes: dict[int, str] | str, **options):
    """Saves outcomes by criterion number; a single outcome answers every counted criterion with it."""
    import uuid

    criteria = {c.number: c for c in enrolment.round.criteria_set.criteria.filter(is_counted=True)}
    if isinstance(outcomes, str):
        outcomes = dict.fromkeys(criteria, outcomes)
    versions = dict(enrolment.inspection.results.values_list("criterion_id", "version"))
    changes = [
        Change(
            criterion=criteria[number],
            base_version=versions.get(criteria[number].pk, 0),
            values={"outcome": outcome, "number": None, "text": "", "note": ""},
        )
        for number, outcome in outcomes.items()
    ]
    return save_results(inspection=enrolment.inspection, changes=changes, by=by, submission_id=uuid.uuid4(), **options)


def visit_today(inspection: Inspection) -> None:
    """A checklist without the day of its inspection gets it, without a trace."""
    Inspection.objects.filter(pk=inspection.pk, inspected_on=None).update(inspected_on=timezone.localdate())


def submit_signed(*, inspection: Inspection, by: User, **options) -> Inspection:
    """The minutes signed today, and submitted; of a visit today where the checklist has no day."""
    visit_today(inspection)
    sign_minutes(inspection=inspection, signed_on=timezone.localdate(), by=by)
    return submit_inspection(inspection=inspection, by=by, **options)
