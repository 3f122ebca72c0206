from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "archiveportal.imports"

    def ready(self) -> None:
        from archiveportal.imports import history_words
        from archiveportal.imports.services import work
        from archiveportal.jobs.kinds import register

        assert history_words
        register("imports.check", work.check)
        register("imports.apply", work.apply)
        register("imports.after", work.after)
