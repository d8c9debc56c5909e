"""Bad input at the command line: one sentence, exit code 1, nothing half-written."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crawlers.replay_server import SAMPLES, Canned, serve_samples
from internflow.cli import main
from internflow.settings import Settings, read_settings
from internflow.warehouse.connections import connect
from tests.git_repositories import GitRepository

Run = Callable[..., str]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command, which must end with code 1; return the sentence that it says."""

    def run(*args: str) -> str:
        monkeypatch.setattr(sys, "argv", ["internflow", *args])
        read_settings.cache_clear()
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 1
        said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Error: ")]
        assert len(said) == 1, "one sentence, no traceback"
        return said[0]

    return run


@pytest.mark.parametrize(
    ("repository", "sentence"),
    [
        ("file:///etc", "is not https"),
        ("/etc", "is no Git repository"),
        ("/does/not/exist", "does not exist"),
        ("https://127.0.0.1/owner/name", "inside this network"),
        ("https://localhost/owner/name", "inside this network"),
        ("https://user:secret@github.com/owner/name", "credentials"),
    ],
)
def test_a_repository_that_must_not_be_mirrored(
    failing: Run, tmp_path: Path, repository: str, sentence: str
) -> None:
    for command in (
        ("demo", repository),
        ("ask", repository, "where?"),
        ("register", repository, "--name", "A", "--email", "a@b.org"),
    ):
        said = failing(*command)
        assert sentence in said
        assert "secret" not in said
    assert not (tmp_path / "data" / "mirrors").exists()


def test_an_empty_repository(failing: Run, tmp_path: Path) -> None:
    repository = GitRepository(tmp_path / "empty")
    assert "has no commits yet" in failing("demo", str(repository.path))
    assert list((tmp_path / "data" / "mirrors").glob("*.git")) == []


def test_a_database_that_refuses(
    failing: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("INTERNFLOW_DATABASE_URL", "postgresql://owner:hunter2@127.0.0.1:1/shop")
    repository = GitRepository(tmp_path / "shop")
    repository.commit("one", {"a.py": "a = 1\n"})
    for command in (("migrate",), ("demo", str(repository.path)), ("crawl", "greenhouse", "acme")):
        said = failing(*command)
        assert "The database at 127.0.0.1:1/shop refuses" in said
        assert "hunter2" not in said


def test_a_question_to_a_repository_that_was_never_indexed(
    failing: Run, settings: Settings, tmp_path: Path
) -> None:
    repository = GitRepository(tmp_path / "shop")
    repository.commit("one", {"a.py": "a = 1\n"})
    assert settings.database_url is not None
    assert "has no index yet: build it with `internflow index REPO`" in failing(
        "ask", str(repository.path), "where?"
    )


def test_boards_that_answer_wrongly_are_named_and_stored(
    failing: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = Canned(200, "text/html", "<html>Please wait</html>")
    with serve_samples(SAMPLES, faults={"harrowgatedata": [html]}) as url:
        monkeypatch.setenv("INTERNFLOW_REPLAY_URL", url)
        said = failing("crawl", "greenhouse", "nosuchboard", "harrowgatedata", "nilavurobotics")
    assert "Board 'nosuchboard' is not found" in said
    assert "Board 'harrowgatedata' is failed" in said
    assert "nilavurobotics" not in said
    with connect(settings, "pipeline") as connection:
        results = connection.execute("select board, status from ops.crawl_results").fetchall()
        boards = connection.execute("select distinct board from raw.postings").fetchall()
    assert {r["board"]: r["status"] for r in results} == {
        "nosuchboard": "not_found", "harrowgatedata": "failed", "nilavurobotics": "ok"
    }  # fmt: skip
    assert boards == [{"board": "nilavurobotics"}]


def test_a_platform_without_a_board_list(failing: Run, settings: Settings) -> None:
    assert settings.database_url is not None
    assert "choose another platform" in failing("crawl", "../etc/passwd", "acme")
