"""Flow: post the reviews of what was pushed to GitHub, where the operator has switched that on."""

from datetime import datetime
from typing import Any

import structlog
from prefect import Task, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from internflow.errors import InternflowError, SourceUnavailable
from internflow.repos.mirrors import open_mirror
from internflow.repos.vetting import Source
from internflow.reviews.catalog import RULES
from internflow.reviews.posting.posting import post_reviews as post_reviews_of
from internflow.settings import read_settings
from internflow.students.accounts import read_registered_sources
from internflow.warehouse.connections import connect

logger = structlog.get_logger("internflow.flows")


@flow(name="post-reviews")
def post_reviews(repo_ids: list[str], now: datetime) -> int:
    """Post each repository's reviews; one that fails stops no other. Fails when some could not be posted."""
    with connect(read_settings(), "pipeline") as connection:
        sources = [s for s in read_registered_sources(connection) if s.repo_id in repo_ids]
    changed = [_post_one(source, now) for source in sources]
    failed = changed.count(None)
    if failed:
        raise InternflowError(
            f"The reviews of {failed} of {len(sources)} repositories could not be posted: the log says why."
        )
    return sum(count or 0 for count in changed)


def _is_worth_retrying(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    return isinstance(state.result(raise_on_failure=False), SourceUnavailable)


@task(
    retries=3,
    retry_delay_seconds=[10, 60, 300],  # GitHub wants a minute at least after its secondary limit
    retry_jitter_factor=0.5,
    retry_condition_fn=_is_worth_retrying,
    task_run_name="post reviews of {source.name}",
    cache_policy=NO_CACHE,
)
def post_repository_reviews(source: Source, now: datetime) -> int:
    """Post what is new; what was posted before a failure is not posted again."""
    settings = read_settings()
    with connect(settings, "pipeline") as connection:
        mirror = open_mirror(settings.mirrors_dir, source.repo_id)
        return post_reviews_of(settings, connection, mirror, source, RULES, now=now)


def _post_one(source: Source, now: datetime) -> int | None:
    """The border of one repository: None when it failed."""
    try:
        return post_repository_reviews(source, now)
    except Exception:
        logger.exception("repository_failed", repo_id=source.repo_id, step="post")
        return None
