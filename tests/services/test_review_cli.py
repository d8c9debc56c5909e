"""`internflow review` on real repositories and a real Postgres."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from internflow.cli import main
from internflow.repos.vetting import vet_source
from internflow.reviews.verdicts import dismiss
from internflow.settings import Settings, read_settings
from internflow.students.accounts import register_repository, register_student
from internflow.students.current import write_current_student
from internflow.warehouse.connections import as_student, connect
from tests.git_repositories import GitRepository

Run = Callable[..., str]
MUTABLE = "def add(item, bag=[]):\n    return bag\n"
NOW = datetime(2026, 2, 1, 6, 0, tzinfo=UTC)
SWALLOW = "try:\n    x = 1\nexcept:\n    x = 2\n"


@pytest.fixture
def run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run `internflow review ...`; return its standard output, or the one sentence of an error."""

    def call(*args: str, code: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["internflow", "review", *args])
        read_settings.cache_clear()
        with pytest.raises(SystemExit) as ended:
            main()
        assert (ended.value.code or 0) == code
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        if code:
            (sentence,) = [line for line in said.err.splitlines() if line.startswith("Error: ")]
            assert said.out == ""
            return sentence
        return said.out

    return call


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return GitRepository(tmp_path / "shop")


def stored(settings: Settings) -> list[tuple[str, str]]:
    """Coverage: commit and status."""
    with connect(settings, "pipeline") as connection:
        rows = connection.execute("select commit_sha, status from ops.review_coverage").fetchall()
    return sorted((r["commit_sha"], r["status"]) for r in rows)


def test_without_a_range_the_ledger_at_head_is_told_and_only_new_commits_are_reviewed(
    run: Run, repository: GitRepository, settings: Settings
) -> None:
    repository.commit("start", {"app.py": MUTABLE})
    said = run(str(repository.path))
    assert "app.py:1  medium  B006" in said
    assert "1 commit: 1 reviewed. 1 finding stands: 1 medium." in said
    repository.git("mv", "app.py", "bag.py")
    repository.commit("move", {"bag.py": f"import os\n\n{MUTABLE}", "new.py": SWALLOW})
    said = run(str(repository.path))
    assert "bag.py:3  medium  B006" in said
    assert "new.py:3  medium  E722" in said
    assert "2 commits: 2 reviewed. 2 findings stand: 2 medium." in said
    assert len(stored(settings)) == 2


def test_a_path_inside_of_a_working_tree_means_the_tree(
    run: Run, repository: GitRepository
) -> None:
    repository.commit("start", {"src/pkg/app.py": MUTABLE})
    for path in ("src/pkg", "src/pkg/app.py", "."):
        assert "src/pkg/app.py:1  medium  B006" in run(str(repository.path / path))


def test_a_range_tells_what_its_commits_brought_in_and_what_stands_at_its_end(
    run: Run, repository: GitRepository, settings: Settings
) -> None:
    repository.commit("old", {"old.py": MUTABLE})
    repository.commit("both", {"a.py": SWALLOW, "b.py": SWALLOW})
    repository.commit("mend one", {"a.py": "x = 1\n"})
    end = repository.git("rev-parse", "HEAD")
    repository.commit("mend the other", {"b.py": "x = 1\n"})
    said = run(str(repository.path), "--range", f"HEAD~3..{end}")
    assert "b.py:3  medium  E722" in said
    assert "2 commits: 2 reviewed. 1 finding stands: 1 medium." in said
    assert len(stored(settings)) == 2
    assert "No finding stands." in run(str(repository.path), "--range", "HEAD~3..")
    assert len(stored(settings)) == 3
    with connect(settings, "pipeline") as connection:
        states = connection.execute("select distinct state from ai.findings").fetchall()
    assert states == [{"state": "fixed"}]


def test_commits_of_another_branch_are_reviewed_and_not_stored(
    run: Run, repository: GitRepository, settings: Settings
) -> None:
    repository.commit("start", {"app.py": "x = 1\n"})
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit("topic", {"topic.py": MUTABLE})
    repository.git("checkout", "--quiet", "main")
    said = run(str(repository.path), "--range", "main..topic")
    assert "topic.py:1  medium  B006" in said
    assert stored(settings) == []


def test_names_mean_what_they_mean_in_the_working_tree(
    run: Run, repository: GitRepository, tmp_path: Path
) -> None:
    repository.commit("start", {"app.py": "x = 1\n"})
    clone = GitRepository(tmp_path / "clone")
    clone.git("pull", "--quiet", str(repository.path), "main")
    clone.git("remote", "add", "origin", str(repository.path))
    clone.git("fetch", "--quiet", "origin")
    clone.commit("mine", {"mine.py": MUTABLE})
    assert "mine.py:1  medium  B006" in run(str(clone.path), "--range", "origin/main..HEAD")


def test_an_empty_range_has_no_commits(run: Run, repository: GitRepository) -> None:
    repository.commit("start", {"app.py": MUTABLE})
    assert "No finding stands." in run(str(repository.path), "--range", "main..HEAD")


def test_reports_in_other_forms_on_standard_output_and_in_a_file(
    run: Run, repository: GitRepository, tmp_path: Path
) -> None:
    sha = repository.commit("start", {"app.py": MUTABLE})
    log = json.loads(run(str(repository.path), "--format", "sarif"))
    (result,) = log["runs"][0]["results"]
    assert result["ruleId"] == "B006"
    assert result["properties"]["commit"] == sha
    assert "```python\ndef add(item, bag=[]):" in run(str(repository.path), "--format", "markdown")
    file = tmp_path / "report.sarif"
    said = run(str(repository.path), "--format", "sarif", "--output", str(file))
    assert said == f"1 finding stands: 1 medium. The report is in {file}.\n"
    assert json.loads(file.read_text()) == log
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--range", "HEAD"), "is no range of commits: write A..B"),
        (("--range", "--all..HEAD"), "is no range of commits"),
        (("--range", "main...HEAD"), "is no range of commits"),
        (("--range", ".."), "is no range of commits"),
        (("--range", "nosuch..HEAD"), "'nosuch' names no commit of this repository"),
        (("--range", "HEAD~9..HEAD"), "'HEAD~9' names no commit"),
        (("--range", "HEAD:app.py..HEAD"), "'HEAD:app.py' names no commit"),
        (("--format", "pdf"), "'pdf' is no format: choose text, markdown, sarif."),
        (("--output", "/nonexistent/report"), "give a file in a folder that exists"),
        (("--output", "/"), "cannot be written"),
    ],
)
def test_bad_wishes_are_one_sentence(
    run: Run, repository: GitRepository, settings: Settings, options: tuple[str, ...], sentence: str
) -> None:
    repository.commit("start", {"app.py": MUTABLE})
    assert sentence in run(str(repository.path), *options, code=1)
    assert stored(settings) == []


def test_bad_repositories_are_one_sentence(run: Run, tmp_path: Path) -> None:
    GitRepository(tmp_path / "empty")
    assert "has no commits yet" in run(str(tmp_path / "empty"), code=1)
    assert "does not exist" in run(str(tmp_path / "nowhere"), code=1)
    assert "is no Git repository" in run("/etc", code=1)
    assert "inside this network" in run("https://127.0.0.1/asha/shop", code=1)


def test_a_commit_that_is_on_no_branch(run: Run, repository: GitRepository) -> None:
    repository.commit("start", {"app.py": MUTABLE})
    lost = repository.commit("lost", {"b.py": MUTABLE})
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    said = run(str(repository.path), "--range", f"HEAD..{lost}", code=1)
    assert "is on no branch and no tag" in said


def test_paths_are_not_looked_at_where_they_are_not_allowed(
    run: Run, repository: GitRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit("start", {"app.py": MUTABLE})
    monkeypatch.setenv("INTERNFLOW_LOCAL_REPOSITORIES", "false")
    assert "paths are not allowed here" in run(str(repository.path), code=1)


def test_what_the_student_of_the_laptop_dismissed_is_suppressed_with_the_reason(
    run: Run, repository: GitRepository, settings: Settings
) -> None:
    repository.commit("start", {"app.py": MUTABLE, "io.py": SWALLOW})
    run(str(repository.path))
    source = vet_source(str(repository.path), allow_local=True)
    with connect(settings, "app") as connection:
        student_id = register_student(connection, "asha", "asha@example.org", []).student_id
        register_repository(connection, student_id, source)
    write_current_student(settings, student_id)
    with connect(settings, "app") as connection, as_student(connection, student_id):
        (row,) = connection.execute("select fingerprint from ai.findings where rule = 'E722'")
        dismiss(connection, student_id, source.repo_id, row["fingerprint"], "meant", now=NOW)
    repository.git("mv", "io.py", "moved.py")
    repository.commit("move", {})
    for wish in ((), ("--range", "HEAD~1..HEAD")):
        said = run(str(repository.path), *wish)
        assert "moved.py" not in said
    assert "1 more was dismissed." in run(str(repository.path))
    (log,) = json.loads(run(str(repository.path), "--format", "sarif"))["runs"]
    suppressed = [r["suppressions"] for r in log["results"] if r["ruleId"] == "E722"]
    assert [s["justification"] for (s,) in suppressed] == ["meant"]
