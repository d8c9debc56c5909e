"""Flow: mirror and review soon what a webhook says was pushed; nothing when nothing waits."""

from datetime import UTC, datetime

from prefect import flow

from flows.index_repositories import index_words_of_repository
from flows.mirror_repositories import mirror_repositories
from flows.ordering import order_run
from flows.review_commits import review_commits
from internflow.repos.requested import holding_requests, read_requests
from internflow.settings import read_settings
from internflow.warehouse.connections import connect

NEWEST = 200  # commits of a push that are reviewed at once; the daily run takes the rest of a longer history


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
            indexing = {r: index_words_of_repository.submit(r, moment) for r in repo_ids}
            review_commits(repo_ids, NEWEST, moment)
            if settings.github_post != "off":
                order_run("post-reviews", repo_ids=repo_ids, now=moment)
            left = [r for r, words in indexing.items() if words.result(raise_on_failure=False) != 0]
            if left:
                order_run("index-repositories", repo_ids=left, now=moment)
    return repo_ids
