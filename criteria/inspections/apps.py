from django.apps import AppConfig

from archiveportal.history.guards import keep_through_migrations


class InspectionsConfig(AppConfig):
    name = "criteria.inspections"

    def ready(self) -> None:
        from archiveportal.files.places import register
        from criteria.inspections import decision_guard, guard, history_words, paper_guard  # noqa: F401
        from criteria.inspections.queries.places import InspectionFiles

        register(InspectionFiles())
        keep_through_migrations(self, guard.take_down, guard.put_up)
        keep_through_migrations(self, decision_guard.take_down, decision_guard.put_up)
        keep_through_migrations(self, paper_guard.take_down, paper_guard.put_up)
