"""Flow: mirror and review soon what a webhook says was pushed; nothing when nothing waits."""

from datetime import UTC, datetime

import structlog
from prefect import flow
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound

from flows.mirror_repositories import mirror_repositories
from flows.review_commits import review_commits
from internflow.repos.requested import holding_requests, read_requests
from internflow.settings import read_settings
from internflow.warehouse.connections import connect

logger = structlog.get_logger("internflow.flows")

NEWEST = 200  # commits of a push that are reviewed at once; the daily run takes the rest of a longer history


@flow(name="review-pushed")
def review_pushed(now: datetime | None = None) -> list[str]:
    """Mirror, then review what waits, then have it indexed; return the ids that can be used.

    One run at a time, wherever it runs: the others wait for it, then find what came meanwhile.
    """
    moment = now or datetime.now(UTC)
    with connect(read_settings(), "pipeline") as connection, holding_requests(connection):
        if not read_requests(connection):
            return []
        repo_ids = mirror_repositories(moment, only_requested=True)
        if repo_ids:
            review_commits(repo_ids, NEWEST, moment)
            _order_index(repo_ids, moment)
    return repo_ids


def _order_index(repo_ids: list[str], now: datetime) -> None:
    """Order a run of its own for the index: it takes long and much memory, and nobody waits for it."""
    try:
        run_deployment(
            "index-repositories/index-repositories",
            parameters={"repo_ids": repo_ids, "now": now},
            timeout=0,
            as_subflow=False,
        )
    except ObjectNotFound:
        logger.warning("index_not_ordered", why="no deployment; the daily run indexes them")
