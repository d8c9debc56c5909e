"""Flow: mirror what a webhook says was pushed; nothing when nothing waits."""

from datetime import UTC, datetime

from prefect import flow

from flows.mirror_repositories import mirror_repositories
from internflow.repos.requested import read_requests
from internflow.settings import read_settings
from internflow.warehouse.connections import connect


@flow(name="mirror-requested")
def mirror_requested(now: datetime | None = None) -> list[str]:
    """Mirror the repositories that wait; return the ids that can be used."""
    with connect(read_settings(), "pipeline") as connection:
        is_waiting = bool(read_requests(connection))
    return mirror_repositories(now or datetime.now(UTC), only_requested=True) if is_waiting else []
