"""Bad input at the command line: one sentence, exit code 1, nothing half-written."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawlers.replay_server import SAMPLES, Canned, serve_samples
from internflow.cli import app, main
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import update_mirror
from internflow.repos.vetting import vet_source
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
    assert "has no index yet: build it with `internflow index build REPO`" in failing(
        "ask", str(repository.path), "where?"
    )


def test_an_index_is_verified_and_its_fix_is_named(
    failing: Run, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = GitRepository(tmp_path / "shop")
    repository.commit("one", {"a.png": b"\x89PNG\0"})
    source = vet_source(str(repository.path), allow_local=True)
    mirror = update_mirror(source, settings.mirrors_dir)
    with connect(settings, "pipeline") as connection:
        load_repository(connection, source, mirror)
    path = str(repository.path)
    assert "has no index yet: build it with `internflow index build" in failing(
        "index", "verify", path
    )
    for command in (("build", path), ("verify", path), ("verify",), ("rebuild", path)):
        done = CliRunner().invoke(app, ["index", *command], catch_exceptions=False)
        assert done.exit_code == 0
    capsys.readouterr()
    repository.commit("two", {"b.png": b"\x89PNG\0"})
    mirror = update_mirror(source, settings.mirrors_dir)
    assert "behind: the next daily run" in failing("index", "verify", path)
    with connect(settings, "pipeline") as connection:
        load_repository(connection, source, mirror)
    assert "behind: run `internflow index build REPO`" in failing("index", "verify", path)
    assert "1 of 1 indexes are not as they should be" in failing("index", "verify")


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
