from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "archiveportal.jobs"

    def ready(self) -> None:
        from archiveportal.jobs import history_words  # noqa: F401
