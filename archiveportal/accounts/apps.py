from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "archiveportal.accounts"

    def ready(self) -> None:
        from archiveportal.accounts import checks, signals  # noqa: F401
