import pytest
from prefect.artifacts import Artifact

from flows.review_commits import review_commits
from internflow.errors import InternflowError
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import update_mirror
from internflow.repos.vetting import vet_source
from internflow.settings import Settings
from internflow.warehouse.connections import connect
from tests.git_repositories import GitRepository
from tests.reviews.conftest import NOW


def test_the_flow_reviews_each_repository_and_fails_when_all_did(
    prefect_server: None, repository: GitRepository, settings: Settings
) -> None:
    repository.commit("start", {"app.py": "def f(a=[]):\n    return a\n"})
    source = vet_source(str(repository.path), allow_local=True)
    mirror = update_mirror(source, settings.mirrors_dir)
    with connect(settings, "pipeline") as connection:
        load_repository(connection, source, mirror)
    review_commits(["missing", mirror.repo_id], None, NOW)
    with connect(settings, "pipeline") as connection:
        rows = connection.execute("select rule, state from ai.findings").fetchall()
        told = connection.execute("select text, written_by from ai.narrations").fetchall()
    assert rows == [{"rule": "B006", "state": "new"}]
    assert [row["written_by"] for row in told] == ["template"]
    assert "Look at `app.py:1` (`B006`" in told[0]["text"]
    artifact = Artifact.get("review-coverage")
    assert artifact is not None
    assert '"findings_new": 1' in str(artifact.data)
    progress = Artifact.get(f"review-{mirror.repo_id}")
    assert progress is not None
    assert progress.data == 100
    with pytest.raises(InternflowError, match="None of 1 repositories"):
        review_commits(["missing"], None, NOW)


def test_a_narration_that_fails_leaves_the_review(
    prefect_server: None,
    repository: GitRepository,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("flows.review_commits.narrate_repository", fail)
    repository.commit("start", {"app.py": "def f(a=[]):\n    return a\n"})
    source = vet_source(str(repository.path), allow_local=True)
    mirror = update_mirror(source, settings.mirrors_dir)
    with connect(settings, "pipeline") as connection:
        load_repository(connection, source, mirror)
    review_commits([mirror.repo_id], None, NOW)
    with connect(settings, "pipeline") as connection:
        assert connection.execute("select rule from ai.findings").fetchall() == [{"rule": "B006"}]
        assert connection.execute("select from ai.narrations").fetchall() == []
