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
    moment, settings = now or datetime.now(UTC), read_settings()
    with connect(settings, "pipeline") as connection, holding_requests(connection):
        if not read_requests(connection):
            return []
        repo_ids = mirror_repositories(moment, only_requested=True)
        if repo_ids:
            review_commits(repo_ids, NEWEST, moment)
            if settings.github_post != "off":
                _order("post-reviews", repo_ids, moment)
            _order("index-repositories", repo_ids, moment)
    return repo_ids


def _order(name: str, repo_ids: list[str], now: datetime) -> None:
    """Order a run of its own for what takes long, or much memory, and what nobody waits for."""
    try:
        run_deployment(
            f"{name}/{name}",
            parameters={"repo_ids": repo_ids, "now": now},
            timeout=0,
            as_subflow=False,
        )
    except ObjectNotFound:
        logger.warning("run_not_ordered", deployment=name, why="it is not served")
