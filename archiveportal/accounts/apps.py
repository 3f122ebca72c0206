from django.apps import AppConfig

from archiveportal.history.guards import keep_through_migrations


class AccountsConfig(AppConfig):
    name = "archiveportal.accounts"

    def ready(self) -> None:
        from archiveportal.accounts import checks, guard, history_words, signals  # noqa: F401
        from archiveportal.accounts.account_sheet import AccountSheet
        from archiveportal.sheets.kinds import register

        register(AccountSheet())
        keep_through_migrations(self, guard.take_down, guard.put_up)
