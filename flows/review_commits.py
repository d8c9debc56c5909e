"""Flow: review the commits of each repository that have no review yet."""

from dataclasses import asdict
from datetime import datetime
from itertools import islice

import structlog
from prefect import flow, task
from prefect.artifacts import create_table_artifact

from flows.progress import show_progress
from internflow.errors import InternflowError
from internflow.repos.history import walk_commits
from internflow.repos.mirrors import open_mirror
from internflow.reviews.narration.narrating import NarrationCounts, narrate_repository
from internflow.reviews.review import ReviewCounts, review_repository
from internflow.settings import read_settings
from internflow.warehouse.connections import connect

logger = structlog.get_logger("internflow.flows")

NARRATED = 200  # newest commits: those that somebody looks at


@flow(name="review-commits")
def review_commits(repo_ids: list[str], limit: int | None, now: datetime) -> None:
    """Review each repository; one that fails stops no other. Fails when all did."""
    counted = {repo_id: _review_one(repo_id, limit, now) for repo_id in repo_ids}
    for repo_id, counts in counted.items():
        if counts is not None:
            _narrate_one(repo_id, now)
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
    show = show_progress(f"review-{repo_id}", f"Reviewing {{total}} commits of {repo_id}")
    with connect(settings, "pipeline") as connection:
        mirror = open_mirror(settings.mirrors_dir, repo_id)
        return review_repository(connection, mirror, limit=limit, now=now, on_progress=show)


@task(task_run_name="narrate {repo_id}")
def narrate_repository_commits(repo_id: str, now: datetime) -> NarrationCounts:
    """Write the short review of the newest commits that have none yet, or another one by now."""
    settings = read_settings()
    with connect(settings, "pipeline") as connection:
        mirror = open_mirror(settings.mirrors_dir, repo_id)
        commits = [commit.sha for commit in islice(walk_commits(mirror), NARRATED)]
        return narrate_repository(connection, mirror, commits, settings=settings, now=now)


def _review_one(repo_id: str, limit: int | None, now: datetime) -> ReviewCounts | None:
    """The border of one repository: None when it failed."""
    try:
        return review_repository_commits(repo_id, limit, now)
    except Exception:
        logger.exception("repository_failed", repo_id=repo_id, step="review")
        return None


def _narrate_one(repo_id: str, now: datetime) -> None:
    """The border of one repository: its review stands without."""
    try:
        narrate_repository_commits(repo_id, now)
    except Exception:
        logger.exception("repository_failed", repo_id=repo_id, step="narrate")
