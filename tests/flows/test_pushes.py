"""From a signed push at the api to its stored review: real api, Postgres, Prefect server, and Git over https."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prefect.client.orchestration import get_client
from pydantic import SecretStr

from flows import mirror_repositories, review_commits, watch_pushes
from flows.review_pushed import review_pushed
from flows.serve_deployments import build_deployment, read_deployments
from internflow.api.app import create_app
from internflow.repos.requested import (
    CHANNEL,
    holding_requests,
    listen_for_requests,
    read_requests,
    request_repository,
)
from internflow.repos.vetting import Source, find_repo_id
from internflow.retrieval import indexing
from internflow.retrieval.search import ask
from internflow.settings import Settings
from internflow.students.accounts import register_repository, register_student
from internflow.warehouse.connections import connect, open_pool
from tests.git_https import serving_git
from tests.git_repositories import GitRepository

SECRET = "it's a secret"
URL = "https://github.com/asha/shop"
SOURCE = Source(str(find_repo_id(URL)), URL, "https", "shop")
MOST_SECONDS = 20  # 5 are promised; other tests may be at work on this machine
NOW = datetime(2026, 2, 1, tzinfo=UTC)
MUTABLE = "def add{n}(item, bag=[]):\n    return bag\n"


@dataclass
class Pushed:
    """A repository on a host, and the webhook that the host calls."""

    work: GitRepository
    bare: Path
    api: TestClient
    count: int = 0

    def push(self) -> str:
        """Push one commit with one problem, then deliver; return the commit."""
        self.count += 1
        sha = self.work.commit("more", {f"f{self.count}.py": MUTABLE.format(n=self.count)})
        self.work.git("push", "--quiet", str(self.bare), "main")
        body = json.dumps({"repository": {"clone_url": f"{URL}.git"}}).encode()
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {
            "X-Hub-Signature-256": f"sha256={signature}", "X-GitHub-Event": "push",
            "X-GitHub-Delivery": f"d-{self.count}",
        }  # fmt: skip
        answer = self.api.post("/hooks/github", content=body, headers=headers)
        assert answer.json() == {"result": "queued"}
        return sha


@pytest.fixture
def pushed(
    prefect_server: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Pushed]:
    monkeypatch.setenv("GIT_SSL_CAINFO", str(tmp_path / "certificate.pem"))
    work = GitRepository(tmp_path / "work")
    work.commit("start", {"app.py": "x = 1\n"})
    bare = tmp_path / "host" / "asha" / "shop.git"
    work.git("clone", "--quiet", "--bare", ".", str(bare))
    with connect(settings, "app") as connection:
        student = register_student(connection, "Asha", "asha@example.org", ())
        register_repository(connection, student.student_id, SOURCE)
    known = settings.model_copy(update={"webhook_secret": SecretStr(SECRET)})
    with serving_git(tmp_path / "host") as host, TestClient(create_app(known)) as api:
        here = Source(SOURCE.repo_id, host.url("/asha/shop"), "https", "shop", ("127.0.0.1",))
        monkeypatch.setattr(mirror_repositories, "vet_again", lambda _source, **_: here)
        yield Pushed(work, bare, api)
    open_pool(known, "app").close()


@pytest.fixture
def reviewed(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Released each time that a repository's reviews are stored."""
    done, review = threading.Semaphore(0), review_commits.review_repository

    def review_and_tell(*args: Any, **more: Any) -> Any:
        counts = review(*args, **more)
        done.release()
        return counts

    monkeypatch.setattr(review_commits, "review_repository", review_and_tell)
    return done


@pytest.fixture
def watcher(pushed: Pushed, settings: Settings) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=watch_pushes.watch_pushes, args=(settings, stop))
    thread.start()
    yield
    stop.set()
    with connect(settings, "pipeline") as connection:
        connection.execute("select pg_notify(%s, '')", (CHANNEL,))
    thread.join(60)
    assert not thread.is_alive()


def read_findings(settings: Settings) -> list[str]:
    with connect(settings, "pipeline") as connection:
        rows = connection.execute("select commit_sha from ai.findings order by path").fetchall()
    return [row["commit_sha"] for row in rows]


@pytest.mark.usefixtures("watcher")
def test_a_push_is_reviewed_soon_after_its_delivery(
    pushed: Pushed, settings: Settings, reviewed: threading.Semaphore
) -> None:
    shas = []
    for _push in range(5):
        started = time.perf_counter()
        shas.append(pushed.push())
        assert reviewed.acquire(timeout=60)
        assert time.perf_counter() - started < MOST_SECONDS
        assert read_findings(settings) == shas
    with connect(settings, "pipeline") as connection:
        assert read_requests(connection) == {}


def test_the_scheduled_run_reviews_and_indexes_what_nobody_watched(
    pushed: Pushed, settings: Settings
) -> None:
    sha = pushed.push()
    assert review_pushed(NOW) == [SOURCE.repo_id]
    assert read_findings(settings) == [sha]
    with connect(settings, "pipeline") as connection:
        answer = ask(settings, connection, SOURCE.repo_id, "add1 bag")
    assert (answer.commit_sha, answer.behind, answer.tier) == (sha, 0, "dense")
    assert answer.passages[0].symbol == "add1"
    assert review_pushed(NOW) == []


def test_a_run_is_ordered_for_the_vectors_of_much_code(
    pushed: Pushed, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "MOST_AWAITED", 0)
    (written,) = [d for d in read_deployments() if d["name"] == "index-repositories"]
    deployment_id = build_deployment(written).apply()
    sha = pushed.push()
    assert review_pushed(NOW) == [SOURCE.repo_id]
    with connect(settings, "pipeline") as connection:
        answer = ask(settings, connection, SOURCE.repo_id, "add1 bag")
    assert (answer.commit_sha, answer.tier) == (sha, "lexical")
    with get_client(sync_client=True) as client:
        runs = [run for run in client.read_flow_runs() if run.deployment_id == deployment_id]
    assert [run.parameters["repo_ids"] for run in runs] == [[SOURCE.repo_id]]


def test_what_failed_stops_no_later_push(
    pushed: Pushed, watcher: None, settings: Settings, reviewed: threading.Semaphore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    failed = threading.Event()

    def fail(*_args: object, **_more: object) -> None:
        failed.set()
        raise RuntimeError("Prefect is away")

    with monkeypatch.context() as patched:
        patched.setattr(watch_pushes, "review_pushed", fail)
        first = pushed.push()
        assert failed.wait(60)
    second = pushed.push()
    assert reviewed.acquire(timeout=60)
    assert read_findings(settings) == [first, second]


def test_a_listener_hears_each_request_when_it_is_committed(settings: Settings) -> None:
    with ExitStack() as stack:
        listening = stack.enter_context(connect(settings, "pipeline"))
        app = stack.enter_context(connect(settings, "app"))
        student = register_student(app, "Asha", "asha@example.org", ())
        register_repository(app, student.student_id, SOURCE)
        words = listen_for_requests(listening, idle_seconds=0)
        next(words)
        request_repository(app, SOURCE.repo_id, "d-1", NOW)
        next(words)
        assert read_requests(listening) == {}
        app.commit()
        next(words)
        assert read_requests(listening) == {SOURCE.repo_id: ["d-1"]}


def test_the_queue_is_one_process_s_at_a_time(settings: Settings) -> None:
    order: list[str] = []
    holds = threading.Event()

    def work() -> None:
        with connect(settings, "pipeline") as connection, holding_requests(connection):
            order.append("first")
            holds.set()
            order.append("first again")

    with connect(settings, "pipeline") as connection:
        with holding_requests(connection):
            thread = threading.Thread(target=work)
            thread.start()
            assert not holds.wait(0.3)
            order.append("held")
        thread.join(60)
    assert order == ["held", "first", "first again"]
