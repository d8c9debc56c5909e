from datetime import UTC, datetime
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate

from flows import encode_texts as encode_texts_module
from flows import index_repositories as index_repositories_module
from flows.encode_texts import encode_texts
from flows.index_repositories import index_repositories
from flows.mirror_repositories import mirror_repositories, mirror_repository
from flows.ordering import POOL, count_workers
from flows.review_pushed import review_pushed
from flows.serve_deployments import build_deployment, read_deployments
from internflow.repos.requested import read_requests, request_repository
from internflow.repos.vetting import Source, vet_source
from internflow.retrieval import indexing
from internflow.retrieval.awaited import await_texts
from internflow.settings import Settings
from internflow.students.accounts import register_repository, register_student
from internflow.warehouse.connections import connect
from tests.git_repositories import GitRepository
from tests.word_encoder import WordEncoder

NOW = datetime(2026, 2, 1, tzinfo=UTC)
# No resolver takes a name with an empty label, so nothing leaves this machine.
UNREACHABLE = Source("1" * 16, "https://no..host/a/unreachable", "https", "unreachable")


def register(settings: Settings, *sources: Source) -> None:
    with connect(settings, "app") as connection:
        student = register_student(connection, "Asha Rao", "asha@example.org", ())
        for source in sources:
            register_repository(connection, student.student_id, source)


def read_statuses(settings: Settings) -> dict[str, str]:
    with connect(settings, "pipeline") as connection:
        rows = connection.execute("select source, status from ops.mirror_results").fetchall()
    return {Path(row["source"]).name: row["status"] for row in rows}


def count_runs(source: Source) -> list[int]:
    with get_client(sync_client=True) as client:
        runs = client.read_task_runs()
    return [run.run_count for run in runs if run.name == f"mirror {source.name}"]


def test_one_repository_that_fails_stops_no_other(
    prefect_server: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror_repository, "retry_delay_seconds", 0)
    pictures, empty = GitRepository(tmp_path / "pictures"), GitRepository(tmp_path / "empty")
    pictures.commit("one", {"a.png": b"\x89PNG\0"})
    good, bare = (vet_source(str(r.path), allow_local=True) for r in (pictures, empty))
    gone = Source("0" * 16, str(tmp_path / "vanished"), "local", "vanished")
    register(settings, gone, good, bare, UNREACHABLE)

    assert mirror_repositories(NOW) == [good.repo_id]
    assert read_statuses(settings) == {
        "pictures": "ok",
        "empty": "empty",
        "vanished": "failed",
        "unreachable": "failed",
    }
    assert (count_runs(UNREACHABLE), count_runs(gone)) == ([3], [1])

    index_repositories([gone.repo_id, good.repo_id], NOW)
    with connect(settings, "pipeline") as connection:
        (row,) = connection.execute("select repo_id, built_at from ops.index_manifests").fetchall()
    assert row == {"repo_id": good.repo_id, "built_at": NOW}


def test_with_much_to_encode_every_other_worker_is_asked_to_help(
    prefect_server: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_repositories_module, "WORTH_HELP", 0)
    monkeypatch.setattr(indexing, "MOST_AWAITED", 0)
    monkeypatch.setattr(index_repositories_module, "open_encoder", lambda _settings: WordEncoder())
    (written,) = [d for d in read_deployments() if d["name"] == "encode-texts"]
    deployment_id = build_deployment(written).apply()
    repositories = [GitRepository(tmp_path / name) for name in ("first", "second")]
    for repository in repositories:
        repository.commit("one", {"a.py": f"def of_{repository.path.name}():\n    pass\n"})
    sources = [vet_source(str(r.path), allow_local=True) for r in repositories]
    register(settings, *sources)
    repo_ids = mirror_repositories(NOW)
    assert count_workers() == 0, "no worker ever came"
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        for name in ("one", "two", "three"):
            client.send_worker_heartbeat(POOL, name, heartbeat_interval_seconds=60)
        index_repositories(repo_ids, NOW)
        runs = [run for run in client.read_flow_runs() if run.deployment_id == deployment_id]
        client.delete_work_pool(POOL)
    assert len(runs) == 2
    with connect(settings, "pipeline") as connection:
        rows = connection.execute("select repo_id, tier from ops.index_manifests").fetchall()
    assert {(row["repo_id"], row["tier"]) for row in rows} == {(r, "dense") for r in repo_ids}


def test_a_helper_s_run_encodes_what_waits(
    prefect_server: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = WordEncoder()
    monkeypatch.setattr(encode_texts_module, "open_encoder", lambda _settings: encoder)
    with connect(settings, "pipeline") as connection:
        await_texts(connection, ["one", "other"], encoder)
    assert encode_texts() == 2
    assert encode_texts() == 0
    assert sorted(encoder.encoded) == ["one", "other"]


def test_a_run_in_which_every_repository_failed_is_failed(
    prefect_server: None, settings: Settings, tmp_path: Path
) -> None:
    gone = Source("0" * 16, str(tmp_path / "gone"), "local", "gone")
    register(settings, gone)
    assert mirror_repositories(NOW, return_state=True).is_failed()
    assert index_repositories([gone.repo_id], NOW, return_state=True).is_failed()
    assert index_repositories([], NOW, return_state=True).is_completed()


def test_only_what_was_pushed_to_is_mirrored_and_reviewed_and_then_waits_no_more(
    prefect_server: None, settings: Settings, tmp_path: Path
) -> None:
    pushed, quiet = GitRepository(tmp_path / "pushed"), GitRepository(tmp_path / "quiet")
    for repository in (pushed, quiet):
        repository.commit("one", {"a.py": ""})
    sources = [vet_source(str(r.path), allow_local=True) for r in (pushed, quiet)]
    register(settings, *sources)
    assert review_pushed(NOW) == []
    assert read_statuses(settings) == {}
    with connect(settings, "app") as connection:
        assert request_repository(connection, sources[0].repo_id, "d-1", NOW)
    assert review_pushed(NOW) == [sources[0].repo_id]
    assert read_statuses(settings) == {"pushed": "ok"}
    with connect(settings, "pipeline") as connection:
        assert read_requests(connection) == {}
    with connect(settings, "app") as connection:
        assert not request_repository(connection, sources[0].repo_id, "d-1", NOW)
