"""Checks of accounts for `manage.py check --deploy`."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection

from archiveportal.accounts.models import User


@register(Tags.security, deploy=True)
def no_demo_accounts(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Accounts with a published password must not be in the database of a server."""
    if settings.LOCAL:
        return []
    try:
        if User._meta.db_table not in connection.introspection.table_names():
            return []
        names = sorted(User.objects.filter(is_demo=True).values_list("username", flat=True))
    except DatabaseError as error:
        return [Error(f"The accounts cannot be read: {error}", id="accounts.E002")]
    if not names:
        return []
    return [
        Error(
            f"Demo accounts stand in this database: {', '.join(names)}.",
            hint="They cannot sign in outside local mode. Use a database that was not filled by `make run`.",
            id="accounts.E001",
        )
    ]
