"""Waits for pushes and reviews each at once: `python -m flows.watch_pushes`. The flow's schedule stands in for it.

A flow run that a schedule starts comes up to a minute late and begins with a process of its own; this one is there.
"""

from threading import Event

import psycopg
import structlog

from flows.review_pushed import review_pushed
from internflow.errors import ConfigError
from internflow.repos.requested import listen_for_requests, read_requests
from internflow.settings import Settings, read_settings
from internflow.warehouse.connections import connect

logger = structlog.get_logger("internflow.flows")

IDLE_SECONDS = 60  # after so long without a word it looks by itself
RETRY_SECONDS = 5


def watch_pushes(settings: Settings, stop: Event) -> None:
    """Review pushes until told to stop. A database that is away is asked again and again."""
    while not stop.is_set():
        try:
            with connect(settings, "pipeline") as connection:
                for _word in listen_for_requests(connection, idle_seconds=IDLE_SECONDS):
                    if stop.is_set():
                        return
                    if read_requests(connection):
                        _review()
        except (ConfigError, psycopg.OperationalError) as error:
            logger.warning("pushes_not_watched", error=str(error)[:200])
            stop.wait(RETRY_SECONDS)


def _review() -> None:
    """The border of one run: whatever it meets, the next push is reviewed."""
    try:
        review_pushed()
    except Exception:
        logger.exception("pushes_failed")


if __name__ == "__main__":
    watch_pushes(read_settings(), Event())
