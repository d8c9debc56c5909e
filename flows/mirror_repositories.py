"""Flow: bring the mirror and the loaded history of every registered repository up to date."""

from datetime import datetime

import structlog
from prefect import flow, task
from prefect.tasks import exponential_backoff

from internflow.errors import InternflowError, SourceUnavailable, UserInputError
from internflow.repos.loading import load_repository, record_mirror
from internflow.repos.mirrors import Mirror, update_mirror
from internflow.repos.vetting import Source, vet_source
from internflow.settings import read_settings
from internflow.students.accounts import read_registered_sources
from internflow.warehouse.connections import connect

logger = structlog.get_logger("internflow.flows")


def _is_worth_retrying(_task: object, _run: object, state: object) -> bool:
    try:
        state.result()  # type: ignore[attr-defined]
    except SourceUnavailable:
        return True
    except Exception:  # noqa: BLE001  whatever else it was, trying again will not help
        return False
    return False


@flow(name="mirror-repositories")
def mirror_repositories(now: datetime) -> list[str]:
    """Mirror and load what students registered; return the ids that can be used. Fails when none of several can."""
    with connect(read_settings(), "pipeline") as connection:
        sources = read_registered_sources(connection)
    usable = [source.repo_id for source in sources if _mirror_one(source, now)]
    if sources and not usable:
        raise SourceUnavailable(
            f"None of {len(sources)} repositories could be mirrored: ops.mirror_results says why."
        )
    return usable


@task(
    retries=2,
    retry_delay_seconds=exponential_backoff(10),
    retry_jitter_factor=0.5,
    retry_condition_fn=_is_worth_retrying,
    task_run_name="mirror {source.name}",
)
def mirror_repository(source: Source) -> Mirror:
    """Clone or fetch; the only part that reaches the network. The address is vetted again, it may have moved."""
    settings = read_settings()
    vetted = vet_source(source.location, allow_local=settings.local_repositories)
    return update_mirror(vetted, settings.mirrors_dir)


@task(task_run_name="load history of {source.name}")
def load_history(source: Source, mirror: Mirror) -> None:
    """Load what is new in the mirror's history."""
    with connect(read_settings(), "pipeline") as connection:
        load_repository(connection, source, mirror)


def _mirror_one(source: Source, now: datetime) -> bool:
    """The border of one repository: its failure is recorded and stops no other."""
    status, message = "ok", None
    try:
        load_history(source, mirror_repository(source))
    except Exception as error:
        status = (
            "empty" if isinstance(error, UserInputError) and "empty" in str(error) else "failed"
        )
        message = (
            str(error)
            if isinstance(error, InternflowError)
            else f"{type(error).__name__}: see the log"
        )
        logger.exception("repository_failed", repo_id=source.repo_id, step="mirror")
    with connect(read_settings(), "pipeline") as connection:
        record_mirror(connection, source, status, message, now)
    return status == "ok"
