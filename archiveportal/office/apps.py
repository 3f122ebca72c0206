from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "archiveportal.office"

    def ready(self) -> None:
        from archiveportal import file_properties, own_words
        from archiveportal.office import history_words  # noqa: F401
        from archiveportal.office.own import read_words
        from archiveportal.office.queries import name_for_files

        file_properties.take_agency_from(name_for_files)
        own_words.take_words_from(read_words)
