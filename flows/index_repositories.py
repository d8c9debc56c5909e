"""Flow: bring the search index of each repository to its HEAD."""

from datetime import datetime
from uuid import UUID

import structlog
from prefect import flow, task
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE

from internflow.errors import InternflowError
from internflow.repos.mirrors import open_mirror
from internflow.retrieval.encoder import SentenceEncoder, open_encoder
from internflow.retrieval.indexing import index_repository
from internflow.settings import read_settings
from internflow.warehouse.connections import connect

logger = structlog.get_logger("internflow.flows")


@flow(name="index-repositories")
def index_repositories(repo_ids: list[str], now: datetime) -> None:
    """Index each repository; one that fails stops no other. Fails when all did."""
    encoder = open_encoder(read_settings())
    failed = [repo_id for repo_id in repo_ids if not _index_one(repo_id, encoder, now)]
    if repo_ids and len(failed) == len(repo_ids):
        raise InternflowError(
            f"None of {len(failed)} repositories could be indexed: the log says why."
        )


@task(task_run_name="index {repo_id}", cache_policy=NO_CACHE)  # a loaded model is no cache key
def index_one_repository(repo_id: str, encoder: SentenceEncoder, now: datetime) -> None:
    """Chunk, embed and store what is new; long encoding shows its progress."""
    settings = read_settings()
    progress_id: UUID | None = None

    def show(done: int, total: int) -> None:
        nonlocal progress_id
        share = 100 * done / total
        if progress_id is None:
            progress_id = create_progress_artifact(  # type: ignore[assignment]  # sync outside of a loop
                share, f"index-{repo_id}", f"Encoding {total} chunks of {repo_id}"
            )
        else:
            update_progress_artifact(progress_id, share)

    with connect(settings, "pipeline") as connection:
        mirror = open_mirror(settings.mirrors_dir, repo_id)
        index_repository(settings, connection, mirror, encoder, now=now, on_progress=show)


def _index_one(repo_id: str, encoder: SentenceEncoder, now: datetime) -> bool:
    """The border of one repository."""
    try:
        index_one_repository(repo_id, encoder, now)
    except Exception:
        logger.exception("repository_failed", repo_id=repo_id, step="index")
        return False
    return True
