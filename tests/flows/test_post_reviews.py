"""The flow that posts: what may pass is tried again by Prefect, and one repository stops no other."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prefect import task

from flows import review_pushed as pushed_flow
from flows.post_reviews import post_repository_reviews, post_reviews
from internflow.errors import InternflowError, StaleIndex
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import update_mirror
from internflow.repos.vetting import Source, vet_source
from internflow.settings import Settings, read_settings
from internflow.students.accounts import register_repository, register_student
from internflow.warehouse.connections import connect
from tests.git_repositories import GitRepository
from tests.reviews.fake_github import FakeGitHub, serving_github

NOW = datetime(2026, 2, 1, tzinfo=UTC)
SOURCE = Source("5" * 16, "https://127.0.0.1/asha/shop", "https", "shop")
BROKEN = Source("6" * 16, "https://127.0.0.1/asha/gone", "https", "gone")
MUTABLE = "def add(item, bag=[]):\n    return bag\n"


@pytest.fixture
def github(
    prefect_server: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeGitHub]:
    """A host where asha/shop was pushed to; beside it a repository is registered that has no mirror."""
    monkeypatch.setattr(post_repository_reviews, "retry_delay_seconds", 0)
    work = GitRepository(tmp_path / "shop")
    work.commit("start", {"app.py": "x = 1\n"})
    work.commit("more", {"a.py": MUTABLE})
    here = vet_source(str(work.path), allow_local=True)
    mirror = update_mirror(
        Source(SOURCE.repo_id, here.location, "local", "shop"), settings.mirrors_dir
    )
    with connect(settings, "pipeline") as connection:
        load_repository(connection, SOURCE, mirror)
    with connect(settings, "app") as connection:
        student = register_student(connection, "Asha", "asha@example.org", ())
        for source in (SOURCE, BROKEN):
            register_repository(connection, student.student_id, source)
    with serving_github() as server:
        monkeypatch.setenv("INTERNFLOW_GITHUB_API_URL", server.url)
        monkeypatch.setenv("INTERNFLOW_GITHUB_TOKEN", "ghs_secret")
        monkeypatch.setenv("INTERNFLOW_GITHUB_POST", "checks")
        read_settings.cache_clear()
        yield server


def test_what_may_pass_is_tried_again_and_posted_once(github: FakeGitHub) -> None:
    limit = {"message": "You have exceeded a secondary rate limit"}
    github.refusals = [(502, {}, {}), (403, {"Retry-After": "60"}, limit)]
    assert post_reviews([SOURCE.repo_id], NOW) == 1
    assert len(github.checks) == 1
    assert post_reviews([SOURCE.repo_id], NOW) == 0


def test_what_does_not_pass_is_not_tried_again_and_stops_no_other(github: FakeGitHub) -> None:
    with pytest.raises(InternflowError, match="of 1 of 2 repositories could not be posted"):
        post_reviews([BROKEN.repo_id, SOURCE.repo_id], NOW)
    assert len(github.checks) == 1
    github.checks.clear()
    with connect(read_settings(), "pipeline") as connection:
        connection.execute("delete from ops.postings")
    github.refusals = [(422, {}, {"message": "Invalid"})] * 2
    with pytest.raises(InternflowError, match="of 1 of 1"):
        post_reviews([SOURCE.repo_id], NOW)
    assert len(github.refusals) == 1


@pytest.mark.parametrize(
    ("kind", "awaited", "ordered"),
    [
        ("off", 0, []),
        ("checks", 0, ["post-reviews"]),
        ("off", 300, ["index-repositories"]),
        ("off", None, ["index-repositories"]),
    ],
)
def test_a_push_orders_posting_where_it_is_on_and_vectors_where_many_wait(
    kind: str, awaited: int | None, ordered: list[str], monkeypatch: pytest.MonkeyPatch, settings: Settings,
    prefect_server: None,
) -> None:  # fmt: skip
    @task
    def index(_repo_id: str, _now: datetime) -> int:
        if awaited is None:
            raise StaleIndex("broken")
        return awaited

    orders: list[str] = []
    monkeypatch.setenv("INTERNFLOW_GITHUB_POST", kind)
    read_settings.cache_clear()
    monkeypatch.setattr(pushed_flow, "read_requests", lambda _connection: {"r": ["d-1"]})
    monkeypatch.setattr(pushed_flow, "mirror_repositories", lambda *_, **_more: ["r"])
    monkeypatch.setattr(pushed_flow, "review_commits", lambda *_: None)
    monkeypatch.setattr(pushed_flow, "index_words_of_repository", index)
    monkeypatch.setattr(pushed_flow, "order_run", lambda name, **_: orders.append(name))
    assert pushed_flow.review_pushed(NOW) == ["r"]
    assert orders == ordered
