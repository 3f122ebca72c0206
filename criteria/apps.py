from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    name = "criteria"

    def ready(self) -> None:
        from criteria import history_words  # noqa: F401
