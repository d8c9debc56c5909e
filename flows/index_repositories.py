"""Flow: bring the search index of each repository to its HEAD: words of all first, then vectors, with whoever helps."""

from datetime import datetime

import structlog
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.ordering import count_workers, order_run
from flows.progress import show_progress
from internflow.errors import InternflowError
from internflow.repos.mirrors import open_mirror
from internflow.retrieval.awaited import help_encode
from internflow.retrieval.encoder import open_encoder
from internflow.retrieval.indexing import index_first_tier, index_repository
from internflow.settings import read_settings
from internflow.warehouse.connections import connect

logger = structlog.get_logger("internflow.flows")

WORTH_HELP = 2_000  # texts; one worker encodes them in the time that another needs to begin


@flow(name="index-repositories")
def index_repositories(repo_ids: list[str], now: datetime) -> None:
    """Index each repository; one that fails stops no other. Fails when all did."""
    index_vectors(index_words(repo_ids, now), now)


def index_words(repo_ids: list[str], now: datetime) -> dict[str, int | None]:
    """Chunk each repository and make it searchable, by words alone where vectors take long.

    Returns how many of its texts wait for vectors; None for a repository that failed.
    """
    return {repo_id: _index_words_of(repo_id, now) for repo_id in repo_ids}


def index_vectors(awaited: dict[str, int | None], now: datetime) -> None:
    """Complete what `index_words` has left; with much to encode every other worker of the pool is asked to help.

    Raises InternflowError when every repository failed.
    """
    if sum(count or 0 for count in awaited.values()) > WORTH_HELP:
        for _helper in range(count_workers() - 1):
            order_run("encode-texts")
    done = [
        count is not None and (count == 0 or _index_one(repo_id, now))
        for repo_id, count in awaited.items()
    ]
    empty_queue()
    if done and not any(done):
        raise InternflowError(
            f"None of {len(done)} repositories could be indexed: the log says why."
        )


@task(task_run_name="words of {repo_id}", cache_policy=NO_CACHE)
def index_words_of_repository(repo_id: str, now: datetime) -> int:
    """Chunk and store what is new; returns how many texts wait for vectors."""
    settings = read_settings()
    with connect(settings, "pipeline") as connection:
        mirror = open_mirror(settings.mirrors_dir, repo_id)
        encoder = open_encoder(settings)
        return index_first_tier(settings, connection, mirror, encoder, now=now).awaited


@task(task_run_name="index {repo_id}", cache_policy=NO_CACHE)
def index_one_repository(repo_id: str, now: datetime) -> None:
    """Encode and store what is new; long encoding shows its progress."""
    settings = read_settings()
    show = show_progress(f"index-{repo_id}", f"Encoding {{total}} texts of {repo_id}")
    with connect(settings, "pipeline") as connection:
        mirror = open_mirror(settings.mirrors_dir, repo_id)
        encoder = open_encoder(settings)
        index_repository(settings, connection, mirror, encoder, now=now, on_progress=show)


@task(cache_policy=NO_CACHE)
def empty_queue() -> None:
    """Encode what is left: of runs that were killed, or of others that are still at work."""
    settings = read_settings()
    with connect(settings, "pipeline") as connection:
        help_encode(connection, open_encoder(settings))


def _index_words_of(repo_id: str, now: datetime) -> int | None:
    """The border of one repository."""
    try:
        return index_words_of_repository(repo_id, now)
    except Exception:
        logger.exception("repository_failed", repo_id=repo_id, step="words")
        return None


def _index_one(repo_id: str, now: datetime) -> bool:
    """The border of one repository."""
    try:
        index_one_repository(repo_id, now)
    except Exception:
        logger.exception("repository_failed", repo_id=repo_id, step="index")
        return False
    return True
