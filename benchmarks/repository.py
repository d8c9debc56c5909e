"""A repository through mirror, history and review, and all of it a second time."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import ParamSpec, TypeVar

from internflow.repos.loading import load_repository
from internflow.repos.mirrors import update_mirror
from internflow.repos.vetting import vet_source
from internflow.reviews.review import review_repository
from internflow.settings import Settings
from internflow.warehouse.connections import connect, reach_postgres
from internflow.warehouse.migrate import apply_migrations

P = ParamSpec("P")
T = TypeVar("T")


def measure_repository(repository: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Seconds of each step, first and second time, on an empty embedded Postgres."""
    settings, now = Settings(data_dir=folder), datetime.now(UTC)
    source = vet_source(str(repository), allow_local=True)
    with reach_postgres(settings):
        apply_migrations(settings)
        for time in ("first", "second"):
            mirror, seconds = _timed(update_mirror, source, settings.mirrors_dir)
            yield f"mirror, {time} time", f"{seconds:.2f} s"
            with connect(settings, "pipeline") as connection:
                merged, seconds = _timed(load_repository, connection, source, mirror)
                yield f"history, {time} time", f"{seconds:.2f} s, {merged.changed} rows"
                counts, seconds = _timed(review_repository, connection, mirror, limit=None, now=now)
                commits = counts.reviewed + counts.skipped + counts.failed
                outcome = f"{commits} commits, {counts.findings_new} findings"
                yield f"review, {time} time", f"{seconds:.2f} s, {outcome}"


def _timed(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[T, float]:
    started = perf_counter()
    return work(*args, **kwargs), perf_counter() - started
