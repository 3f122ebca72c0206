from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from archiveportal.sheets.kinds import register
        from training import history_words  # noqa: F401
        from training.scheme_sheet import SchemeSheet

        register(SchemeSheet())
