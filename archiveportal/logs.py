"""Log lines that nobody can forge: one event is one line of JSON, whatever it carries."""

import json
import logging
from contextvars import ContextVar
from typing import Any

#: the request at work in this thread, for its lines: {"request": its number}
current_request: ContextVar[dict[str, Any]] = ContextVar("current_request", default={})  # noqa: B039


class OneLine(logging.Formatter):
    """Control characters of values are escaped by JSON, so a name with a line feed stays within its line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"time": self.formatTime(record), "level": record.levelname, "event": record.getMessage()}
        line.update(current_request.get())
        line.update(getattr(record, "event", {}))
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)


def name_person(key: int | None) -> None:
    """Let the lines of this request say who asks, once that is known."""
    if current_request.get():
        current_request.get()["user"] = key


def name_reason(reason: str) -> None:
    """Let the lines of this request say why it was refused."""
    if current_request.get():
        current_request.get()["reason"] = reason


def log_event(name: str, /, **facts: object) -> None:
    """Write one structured line for what a security review wants to find again: sign-ins, refusals,
    exports, approvals."""
    logging.getLogger("portal").info(name, extra={"event": facts})
