"""A scope that is not a person: commands work for everybody's data only when they say so."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Everything:
    """Sees all that is approved or published and may change none of it. It answers what `visible_to` asks of a user."""

    pk: None = None
    district: None = None
    district_id: None = None
    ward: None = None
    ward_id: None = None
    sees_all_units: bool = True
    sees_results: bool = True
    sees_unapproved_results: bool = False
    sees_training: bool = True
    sees_all_courses: bool = True
    sees_reports: bool = True
    sees_ledger: bool = True
    answers_for_units: bool = False
    can_inspect: bool = False
    can_approve: bool = False
    can_manage_accounts: bool = False
    can_manage_units: bool = False


EVERYTHING = Everything()
