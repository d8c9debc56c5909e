"""The post-commit hook, run by real git; the process that it starts is real, too, and tells a pipe when it is done."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from internflow.errors import UserInputError
from internflow.services.hook import install_hook, uninstall_hook
from internflow.services.post_commit import answer_requests, find_folder
from internflow.settings import ROOT, Settings
from internflow.warehouse.connections import connect
from tests.git_repositories import GitRepository

MUTABLE = "def add(item, bag=[]):\n    return bag\n"
Commit = Callable[[], None]


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    made = GitRepository(tmp_path / "my shop")
    made.commit("start", {"app.py": "x = 1\n"})
    return made


def commit(repository: GitRepository, message: str = "more", **environment: str) -> str:
    """A commit as a person makes it, in the test's own environment; what git prints is read to its end."""
    done = subprocess.run(
        ["git", "-c", "user.name=Asha", "-c", "user.email=asha@example.org", "commit", "--allow-empty", "-m", message],
        cwd=repository.path, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout + done.stderr


def telling(tmp_path: Path, command: str) -> tuple[str, Path]:
    """A program for the hook that runs a command, and a pipe: who reads it waits for the command's end."""
    pipe, program = tmp_path / "pipe", tmp_path / "program"
    os.mkfifo(pipe)
    program.write_text(f"#!/bin/sh\n{command}\necho done >'{pipe}'\n")
    program.chmod(0o755)
    return str(program), pipe


def test_commits_return_at_once_and_are_reviewed_in_the_background(
    settings: Settings, repository: GitRepository, tmp_path: Path
) -> None:
    program, pipe = telling(tmp_path, f"PYTHONPATH='{ROOT}' '{sys.executable}' \"$@\"")
    install_hook(str(repository.path), settings.data_dir, program)
    (repository.path / "typer.py").write_text("raise SystemExit('code of the repository ran')\n")
    (repository.path / "app.py").write_text(MUTABLE)
    repository.git("add", "--all")
    said = commit(repository)
    assert "nohup" not in said
    assert pipe.read_text() == "done\n"  # nobody has read it before: the commit did not wait for it
    with connect(settings, "pipeline") as connection:
        found = connection.execute("select rule, commit_sha from ai.findings").fetchall()
        covered = connection.execute("select count(*) as n from ops.review_coverage").fetchone()
    assert found == [{"rule": "B006", "commit_sha": repository.head()}]
    assert covered == {"n": 2}
    log = (find_folder(settings.data_dir, repository.path) / "log").read_text()
    assert "repository_reviewed" in log
    assert "bag" not in log, "the log has no code"


def test_a_program_that_is_gone_breaks_no_commit(repository: GitRepository, tmp_path: Path) -> None:
    install_hook(str(repository.path), tmp_path / "data", "/nonexistent/python")
    before = repository.head()
    said = commit(repository)
    assert repository.head() != before
    assert "nonexistent" not in said


def test_requests_that_come_meanwhile_are_one_more_review(tmp_path: Path) -> None:
    runs: list[int] = []

    def review() -> None:
        runs.append(1)
        if len(runs) == 1:  # three commits while the first is reviewed
            for _commit in range(3):
                answer_requests(tmp_path, lambda: pytest.fail("two reviews at once"))

    answer_requests(tmp_path, review)
    assert len(runs) == 2
    assert not (tmp_path / "request").exists()


def test_a_request_that_a_killed_process_left_is_answered_by_the_next(tmp_path: Path) -> None:
    with FileLock(tmp_path / "lock"):
        answer_requests(tmp_path, lambda: pytest.fail("another process is at it"))
    assert (tmp_path / "request").exists()
    runs: list[int] = []
    answer_requests(tmp_path, lambda: runs.append(1))
    assert runs == [1]


def test_a_hook_that_was_there_still_runs_and_comes_back_byte_by_byte(
    repository: GitRepository, tmp_path: Path
) -> None:
    hook = repository.path / ".git" / "hooks" / "post-commit"
    before = b"#!/usr/bin/env bash\nset -e\necho caf\xe9 >theirs\nexit 0\n"
    hook.parent.mkdir(exist_ok=True)
    hook.write_bytes(before)
    hook.chmod(0o700)
    program, pipe = telling(tmp_path, "true")
    for _twice in range(2):
        assert install_hook(str(repository.path), tmp_path / "data", program) == hook
    assert hook.read_bytes().count(b">>> internflow") == 1
    commit(repository)
    assert (repository.path / "theirs").read_bytes() == b"caf\xe9\n"
    assert pipe.read_text() == "done\n"
    assert uninstall_hook(str(repository.path))
    assert hook.read_bytes() == before
    assert hook.stat().st_mode & 0o777 == 0o700
    assert not uninstall_hook(str(repository.path))


def test_a_hook_of_ours_alone_is_removed(repository: GitRepository, tmp_path: Path) -> None:
    (repository.path / "src").mkdir()
    hook = install_hook(str(repository.path / "src"), tmp_path / "data", sys.executable)
    assert os.access(hook, os.X_OK)
    assert uninstall_hook(str(repository.path))
    assert not hook.exists()


def test_a_linked_working_tree_shares_the_hook_and_is_itself_reviewed(
    repository: GitRepository, tmp_path: Path
) -> None:
    linked = tmp_path / "linked"
    repository.git("worktree", "add", "--quiet", str(linked))
    program, pipe = telling(tmp_path, f"pwd >'{tmp_path}/where'")
    hook = install_hook(str(linked), tmp_path / "data", program)
    assert hook == repository.path / ".git" / "hooks" / "post-commit"
    repository.path = linked
    commit(repository)
    assert pipe.read_text() == "done\n"
    assert (tmp_path / "where").read_text().strip() == str(linked)


def test_hooks_in_another_folder_of_the_repository(
    repository: GitRepository, tmp_path: Path
) -> None:
    repository.git("config", "core.hooksPath", ".githooks")
    program, pipe = telling(tmp_path, "true")
    hook = install_hook(str(repository.path), tmp_path / "data", program)
    assert hook == repository.path / ".githooks" / "post-commit"
    commit(repository)
    assert pipe.read_text() == "done\n"


def test_what_is_not_ours_to_change_is_refused(repository: GitRepository, tmp_path: Path) -> None:
    def refuse(sentence: str, path: Path = repository.path) -> None:
        with pytest.raises(UserInputError, match=sentence):
            install_hook(str(path), tmp_path / "data", sys.executable)

    hook = repository.path / ".git" / "hooks" / "post-commit"
    hook.parent.mkdir(exist_ok=True)
    for text in ("#!/usr/bin/env python3\n", "\x7fELF", ""):
        hook.write_text(text)
        hook.chmod(0o755)
        refuse("is no shell script")
        assert hook.read_text() == text
    hook.write_text("#!/bin/sh\n")
    hook.chmod(0o644)
    refuse("not executable")
    hook.unlink()
    hook.symlink_to("../../post-commit.sh")
    refuse("is a link to")
    hook.unlink()
    repository.git("config", "core.hooksPath", str(tmp_path / "everybody's"))
    refuse("other repositories may use")
    refuse("in no working tree", Path("/etc"))
    refuse("in no working tree", tmp_path / "nowhere")
    bare = tmp_path / "bare.git"
    repository.git("init", "--quiet", "--bare", str(bare))
    refuse("in no working tree", bare)
