from django.apps import AppConfig

from archiveportal.history.guards import keep_through_migrations


class WardsConfig(AppConfig):
    name = "wards"

    def ready(self) -> None:
        from archiveportal.sheets.kinds import register
        from wards import guard, history_words  # noqa: F401
        from wards.contact_sheet import ContactSheet
        from wards.groups.sheet import GroupSheet
        from wards.unit_sheet import UnitSheet

        register(UnitSheet())
        register(GroupSheet())
        register(ContactSheet())
        keep_through_migrations(self, guard.take_down, guard.put_up)
