from django.apps import AppConfig

from archiveportal.history.guards import keep_through_migrations


class InspectionsConfig(AppConfig):
    name = "criteria.inspections"

    def ready(self) -> None:
        from archiveportal.files.places import register
        from archiveportal.jobs import kinds
        from criteria.inspections import guard, history_words, issued_guard  # noqa: F401
        from criteria.inspections.papers.official import ordering
        from criteria.inspections.queries.places import InspectionFiles

        register(InspectionFiles())
        kinds.register(ordering.KIND, ordering.make_archive, file_right="can_inspect")
        keep_through_migrations(self, guard.take_down, guard.put_up)
        keep_through_migrations(self, issued_guard.take_down, issued_guard.put_up)
