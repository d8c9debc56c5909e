"""Repositories that somebody pushed to and that wait to be mirrored: ops.repository_requests."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from internflow.warehouse.connections import Connection

CHANNEL = "internflow_pushes"
LOCK_KEY = 0x1F11  # any constant; the same in every process
DELIVERIES_KEPT = timedelta(days=30)  # so long a delivery that comes again is known


def is_registered_by_anybody(connection: Connection, repo_id: str) -> bool:
    """Whether any student registered the repository."""
    row = connection.execute(
        "select app.is_registered_by_anybody(%s) as answer", (repo_id,)
    ).fetchone()
    return bool(row and row["answer"])


def request_repository(
    connection: Connection, repo_id: str, delivery_id: str, now: datetime
) -> bool:
    """Queue a registered repository and tell whoever listens; False when this delivery was taken before."""
    # Without naming the key: that would need the right to read deliveries.
    done = connection.execute(
        "insert into ops.repository_requests (delivery_id, repo_id, requested_at)"
        " values (%s, %s, %s) on conflict do nothing",
        (delivery_id, repo_id, now),
    )
    if done.rowcount != 1:
        return False
    connection.execute("select pg_notify(%s, '')", (CHANNEL,))  # heard when this is committed
    return True


def listen_for_requests(connection: Connection, *, idle_seconds: float) -> Iterator[None]:
    """Yield now, and then whenever a repository was queued or nothing was heard for so long.

    The connection is this listener's alone from now on, and commits each statement.
    """
    connection.autocommit = True
    connection.execute(f"listen {CHANNEL}".encode())
    while True:
        yield
        for _word in connection.notifies(timeout=idle_seconds, stop_after=1):
            pass


@contextmanager
def holding_requests(connection: Connection) -> Iterator[None]:
    """Wait until no other process works on the queue, and keep others from it for the block."""
    connection.execute("select pg_advisory_lock(%s)", (LOCK_KEY,))
    connection.commit()
    try:
        yield
    finally:
        connection.execute("select pg_advisory_unlock(%s)", (LOCK_KEY,))


def read_requests(connection: Connection) -> dict[str, list[str]]:
    """The deliveries that wait, by repository, the oldest first."""
    rows = connection.execute(
        "select repo_id, array_agg(delivery_id) as deliveries from ops.repository_requests"
        " where taken_at is null group by repo_id order by min(requested_at)"
    ).fetchall()
    return {row["repo_id"]: row["deliveries"] for row in rows}


def close_requests(connection: Connection, deliveries: Sequence[str], now: datetime) -> None:
    """Take deliveries off the queue, and forget those of long ago."""
    connection.execute(
        "update ops.repository_requests set taken_at = %s where delivery_id = any(%s)",
        (now, list(deliveries)),
    )
    connection.execute(
        "delete from ops.repository_requests where taken_at < %s", (now - DELIVERIES_KEPT,)
    )
