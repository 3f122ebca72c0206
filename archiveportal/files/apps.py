from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class FilesConfig(AppConfig):
    name = "archiveportal.files"

    def ready(self) -> None:
        pre_migrate.connect(_before_migration, sender=self)
        post_migrate.connect(_after_migration, sender=self)


def _before_migration(using: str, plan: list, **facts: Any) -> None:
    from archiveportal.files.guard import take_down

    if plan and connections[using].vendor == "sqlite":
        take_down(connections[using])


def _after_migration(using: str, **facts: Any) -> None:
    from archiveportal.files.guard import put_up

    put_up(connections[using])
