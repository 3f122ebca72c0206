from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "archiveportal.jobs"

    def ready(self) -> None:
        from archiveportal.accounts import long_sending
        from archiveportal.jobs import first_links, history_words, kinds

        assert history_words
        kinds.register(first_links.KIND, first_links.send)
        long_sending.register(first_links.order_sending)
