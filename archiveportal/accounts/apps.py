from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "archiveportal.accounts"

    def ready(self) -> None:
        from archiveportal.accounts import checks, history_words, signals  # noqa: F401
