from django.apps import AppConfig

from archiveportal.history.guards import keep_through_migrations


class CriteriaConfig(AppConfig):
    name = "criteria"

    def ready(self) -> None:
        from criteria import guard, history_words  # noqa: F401

        keep_through_migrations(self, guard.take_down, guard.put_up)
