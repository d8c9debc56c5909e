"""Flow: bring the mirror and the loaded history of every registered repository up to date."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import structlog
from prefect import Task, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import exponential_backoff

from internflow.errors import EmptyRepository, InternflowError, SourceUnavailable
from internflow.repos.loading import load_repository, record_mirror
from internflow.repos.mirrors import Mirror, update_mirror
from internflow.repos.requested import close_requests, read_requests
from internflow.repos.vetting import Source, vet_again
from internflow.settings import read_settings
from internflow.students.accounts import read_registered_sources
from internflow.warehouse.connections import connect

logger = structlog.get_logger("internflow.flows")

Status = Literal["ok", "empty", "failed"]


@flow(name="mirror-repositories")
def mirror_repositories(now: datetime, only_requested: bool = False) -> list[str]:
    """Mirror and load what students registered, or only what was pushed to since; return the ids that can be used.

    Fails when every one failed. A request is taken when its repository was tried, so that a killed run loses none.
    """
    with connect(read_settings(), "pipeline") as connection:
        requests = read_requests(connection)
        sources = read_registered_sources(connection)
    if only_requested:
        sources = [source for source in sources if source.repo_id in requests]
    statuses: dict[str, Status] = {}
    for source in sources:
        statuses[source.repo_id] = _mirror_one(source, now)
        _close(requests.pop(source.repo_id, []), now)
    _close(
        [d for left in requests.values() for d in left], now
    )  # nobody has these registered any more
    if statuses and set(statuses.values()) == {"failed"}:
        raise SourceUnavailable(
            f"None of {len(statuses)} repositories could be mirrored: ops.mirror_results says why."
        )
    return [repo_id for repo_id, status in statuses.items() if status == "ok"]


def _close(deliveries: Sequence[str], now: datetime) -> None:
    if deliveries:
        with connect(read_settings(), "pipeline") as connection:
            close_requests(connection, deliveries, now)


def _is_worth_retrying(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    return isinstance(state.result(raise_on_failure=False), SourceUnavailable)


@task(
    retries=2,
    retry_delay_seconds=exponential_backoff(10),
    retry_jitter_factor=0.5,
    retry_condition_fn=_is_worth_retrying,
    task_run_name="mirror {source.name}",
    cache_policy=NO_CACHE,
)
def mirror_repository(source: Source) -> Mirror:
    """Clone or fetch; the only part that reaches the network. The address is vetted again, it may have moved."""
    settings = read_settings()
    vetted = vet_again(source, allow_local=settings.local_repositories)
    return update_mirror(vetted, settings.mirrors_dir)


@task(task_run_name="load history of {source.name}", cache_policy=NO_CACHE)
def load_history(source: Source, mirror: Mirror) -> None:
    """Load what is new in the mirror's history."""
    with connect(read_settings(), "pipeline") as connection:
        load_repository(connection, source, mirror)


def _mirror_one(source: Source, now: datetime) -> Status:
    """The border of one repository: its failure is recorded and stops no other."""
    status: Status = "ok"
    message = None
    try:
        load_history(source, mirror_repository(source))
    except EmptyRepository as error:
        status, message = "empty", str(error)
    except Exception as error:
        status = "failed"
        is_ours = isinstance(error, InternflowError)
        message = str(error) if is_ours else f"{type(error).__name__}: see the log"
        logger.exception("repository_failed", repo_id=source.repo_id, step="mirror")
    with connect(read_settings(), "pipeline") as connection:
        record_mirror(connection, source, status, message, now)
    return status
