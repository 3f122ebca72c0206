"""The connection to PostgreSQL, named by ENGINE in the settings."""

from __future__ import annotations

import select
import time
from typing import Any

from django.db.backends.postgresql import base

from archiveportal.postgresql.plans import Plans

#: seconds after which an idle connection is asked whether it still works
FRESH = 5


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with plans of statements and a cheaper answer to whether a kept connection works.

    Django asks the server before the first query of each request. A server that stopped or was
    restarted has ended the connection, which is seen here without asking; only a connection that
    lay idle may have been lost unseen, and is asked.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._checked_at = float("-inf")
        self.plans: Plans | None = None

    def get_new_connection(self, conn_params: Any) -> Any:
        """Connect. Without plans behind a pool, which hands a connection on after each transaction."""
        is_pooled = self.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS", False)
        self.plans = None if is_pooled else Plans()
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        now = time.monotonic()
        is_fresh, self._checked_at = now - self._checked_at < FRESH, now
        return (is_fresh and self._is_open_and_still()) or super().is_usable()

    def _is_open_and_still(self) -> bool:
        """Tell whether nothing has come from the server: between two queries only its end does."""
        connection = self.connection
        if connection is None or connection.closed or self.errors_occurred:
            return False
        reading, _writing, _failing = select.select([connection], [], [], 0)
        return not reading
