import json
import logging

import pytest
from django.core.cache import cache
from django.test import Client

from archiveportal.logs import OneLine


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def visitor() -> Client:
    """Somebody who is not signed in and reads English, so that texts are those of the code."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(OneLine())
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))

    def named(self, event: str) -> list[dict]:
        return [line for line in map(json.loads, self.texts) if line["event"] == event]


@pytest.fixture
def log_lines():
    """The lines of the portal and of Django, as the settings let them through."""
    lines = Lines()
    loggers = [logging.getLogger(name) for name in ("portal", "axes", None)]
    for logger in loggers:
        logger.addHandler(lines)
    yield lines
    for logger in loggers:
        logger.removeHandler(lines)
