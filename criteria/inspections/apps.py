from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "criteria.inspections"

    def ready(self) -> None:
        from criteria.inspections import history_words  # noqa: F401
