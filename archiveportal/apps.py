from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "archiveportal"

    def ready(self) -> None:
        from archiveportal import checks  # noqa: F401
