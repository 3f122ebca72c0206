from django.apps import AppConfig

from archiveportal.history.guards import keep_through_migrations


class CriteriaConfig(AppConfig):
    name = "criteria"

    def ready(self) -> None:
        from archiveportal.sheets.kinds import register
        from criteria import guard, history_words  # noqa: F401
        from criteria.set_sheet.kind import SetSheet

        register(SetSheet())
        keep_through_migrations(self, guard.take_down, guard.put_up)
