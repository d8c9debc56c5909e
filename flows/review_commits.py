"""Flow: review the commits of each repository that have no review yet."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import structlog
from prefect import flow, task
from prefect.artifacts import (
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from internflow.errors import InternflowError
from internflow.repos.mirrors import open_mirror
from internflow.reviews.review import ReviewCounts, review_repository
from internflow.settings import read_settings
from internflow.warehouse.connections import connect

logger = structlog.get_logger("internflow.flows")


@flow(name="review-commits")
def review_commits(repo_ids: list[str], limit: int | None, now: datetime) -> None:
    """Review each repository; one that fails stops no other. Fails when all did."""
    counted = {repo_id: _review_one(repo_id, limit, now) for repo_id in repo_ids}
    rows = [
        {"repository": repo_id, "result": "reviewed" if counts else "failed"}
        | asdict(counts or ReviewCounts())
        for repo_id, counts in counted.items()
    ]
    create_table_artifact(
        rows, key="review-coverage", description="Commits and findings of this run"
    )
    if repo_ids and not any(counted.values()):
        raise InternflowError(
            f"None of {len(repo_ids)} repositories could be reviewed: the log says why."
        )


@task(task_run_name="review {repo_id}")
def review_repository_commits(repo_id: str, limit: int | None, now: datetime) -> ReviewCounts:
    """Review the newest commits of one repository that have no review yet; a long history shows its progress."""
    settings = read_settings()
    progress_id: UUID | None = None

    def show(done: int, total: int) -> None:
        nonlocal progress_id
        share = 100 * done / total
        if progress_id is None:
            progress_id = create_progress_artifact(  # type: ignore[assignment]  # sync outside of a loop
                share, f"review-{repo_id}", f"Reviewing {total} commits of {repo_id}"
            )
        else:
            update_progress_artifact(progress_id, share)

    with connect(settings, "pipeline") as connection:
        mirror = open_mirror(settings.mirrors_dir, repo_id)
        return review_repository(connection, mirror, limit=limit, now=now, on_progress=show)


def _review_one(repo_id: str, limit: int | None, now: datetime) -> ReviewCounts | None:
    """The border of one repository: None when it failed."""
    try:
        return review_repository_commits(repo_id, limit, now)
    except Exception:
        logger.exception("repository_failed", repo_id=repo_id, step="review")
        return None
