"""Progress of long work as Prefect shows it: an artifact of the run, made when there is something to tell."""

from collections.abc import Callable
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact


def show_progress(key: str, told: str) -> Callable[[int, int], None]:
    """A function of how many are done of how many in total; `told` describes them, with {total} in it."""
    progress_id: UUID | None = None

    def show(done: int, total: int) -> None:
        nonlocal progress_id
        share = 100 * done / total
        if progress_id is None:
            progress_id = create_progress_artifact(  # type: ignore[assignment]  # sync outside of a loop
                share, key, told.format(total=total)
            )
        else:
            update_progress_artifact(progress_id, share)

    return show
