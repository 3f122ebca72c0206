from django.apps import AppConfig

from archiveportal.history.guards import keep_through_migrations


class HistoryConfig(AppConfig):
    name = "archiveportal.history"

    def ready(self) -> None:
        from archiveportal.history import history_words, seal_guard, triggers  # noqa: F401

        keep_through_migrations(self, triggers.take_down, triggers.put_up)
        keep_through_migrations(self, seal_guard.take_down, seal_guard.put_up)
