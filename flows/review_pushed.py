"""Flow: mirror and review soon what a webhook says was pushed; nothing when nothing waits."""

from datetime import UTC, datetime

from prefect import flow, task

from flows.index_repositories import index_words
from flows.mirror_repositories import mirror_repositories
from flows.ordering import order_run
from flows.review_commits import review_commits
from internflow.repos.requested import holding_requests, read_requests
from internflow.settings import read_settings
from internflow.warehouse.connections import connect

NEWEST = 200  # commits of a push that are reviewed at once; the daily run takes the rest of a longer history


@task(name="index beside the review")
def index_beside(repo_ids: list[str], moment: datetime) -> dict[str, int | None]:
    """Neither reads what the other writes."""
    return index_words(repo_ids, moment)


@flow(name="review-pushed")
def review_pushed(now: datetime | None = None) -> list[str]:
    """Mirror, then review what waits and make it searchable; return the ids that can be used.

    A push brings few texts, so their vectors are made here; for many a run is ordered, and words answer meanwhile.

    One run at a time, wherever it runs: the others wait for it, then find what came meanwhile.
    """
    moment, settings = now or datetime.now(UTC), read_settings()
    with connect(settings, "pipeline") as connection, holding_requests(connection):
        if not read_requests(connection):
            return []
        repo_ids = mirror_repositories(moment, only_requested=True)
        if repo_ids:
            indexing = index_beside.submit(repo_ids, moment)
            review_commits(repo_ids, NEWEST, moment)
            if settings.github_post != "off":
                order_run("post-reviews", repo_ids=repo_ids, now=moment)
            awaited = indexing.result()
            left = [repo_id for repo_id in repo_ids if awaited[repo_id] != 0]
            if left:
                order_run("index-repositories", repo_ids=left, now=moment)
    return repo_ids
