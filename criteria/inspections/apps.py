from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "criteria.inspections"

    def ready(self) -> None:
        from archiveportal.files.places import register
        from criteria.inspections import history_words  # noqa: F401
        from criteria.inspections.queries.places import InspectionFiles

        register(InspectionFiles())
