from django.apps import AppConfig

from archiveportal.history.guards import keep_through_migrations


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from archiveportal.files.places import register
        from reports import history_words  # noqa: F401
        from reports.closing.places import ReportFiles
        from reports.frozen import guard as closing_guard

        register(ReportFiles())
        keep_through_migrations(self, closing_guard.take_down, closing_guard.put_up)
