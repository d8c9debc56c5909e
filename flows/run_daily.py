"""Flow: the whole main job, in order. A part that fails does not stop the parts that can do without it."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from prefect import flow, task
from prefect.client.schemas.objects import State

from flows.build_warehouse import build_warehouse
from flows.crawl_listings import crawl_listings
from flows.index_repositories import index_vectors, index_words
from flows.match_listings import match_listings
from flows.mirror_repositories import mirror_repositories
from flows.review_commits import review_commits
from flows.write_resumes import write_resumes


@task(name="chunks and words beside the rest")
def index_words_beside(repo_ids: list[str], moment: datetime) -> dict[str, int | None]:
    """Resumes read the chunks."""
    return index_words(repo_ids, moment)


@task(name="vectors beside the rest")
def index_vectors_beside(awaited: dict[str, int | None], moment: datetime) -> None:
    """Encoding takes longest, and none of the other parts reads the vectors of code."""
    index_vectors(awaited, moment)


@flow(name="run-daily")
def run_daily(
    now: datetime | None = None, boards_dir: str | None = None, review_limit: int | None = None
) -> list[State[Any]]:
    """Mirror, index beside all that follows, crawl, review, write, model, match. Ends failed when a part failed.

    `now` makes a run repeatable: the same moment, run again after a crash, gives the same marts.
    """
    moment = now or datetime.now(UTC)
    run_id = moment.strftime("%Y%m%dT%H%M%SZ")
    mirrored = mirror_repositories(moment, return_state=True)
    repo_ids: list[str] = mirrored.result() if mirrored.is_completed() else []
    words = index_words_beside.submit(repo_ids, moment)
    indexing = index_vectors_beside.submit(words, moment)  # type: ignore[call-overload]  # it gets the result
    crawled = crawl_listings(run_id, moment, boards_dir, return_state=True)
    reviewed = review_commits(repo_ids, review_limit, moment, return_state=True)
    words.wait()
    written = write_resumes(moment, return_state=True)
    modelled = build_warehouse(return_state=True)
    matched = match_listings(moment, return_state=True)
    indexing.wait()
    return [crawled, mirrored, words.state, indexing.state, reviewed, written, modelled, matched]


def main(
    now: Annotated[
        datetime | None, typer.Option(help="the run's moment, UTC", formats=["%Y-%m-%dT%H:%M:%S"])
    ] = None,
    boards_dir: Annotated[
        str | None, typer.Option(help="folder of board lists; default: crawlers/boards")
    ] = None,
    review_limit: Annotated[int | None, typer.Option(help="review only the newest commits")] = None,
) -> None:
    """Run the whole daily job once, now. Exits with 1 when a part of it failed."""
    moment = now.replace(tzinfo=UTC) if now else None
    state = run_daily(moment, boards_dir, review_limit, return_state=True)
    if not state.is_completed():
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
