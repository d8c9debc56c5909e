from collections.abc import Callable
from pathlib import Path

import pytest

from internflow.errors import UserInputError
from internflow.repos.mirrors import (
    Mirror,
    count_commits_between,
    mirror_path,
    open_mirror,
    update_mirror,
)
from internflow.repos.vetting import Source, vet_source
from tests.git_repositories import GitRepository

MirrorOf = Callable[[GitRepository], Mirror]


def test_a_mirror_follows_new_commits_and_force_pushes(
    repository: GitRepository, mirror_of: MirrorOf
) -> None:
    first = repository.commit("one", {"a.py": "a = 1\n"})
    second = repository.commit("two", {"a.py": "a = 2\n"})
    assert mirror_of(repository).head_sha == second
    repository.git("reset", "--quiet", "--hard", first)
    other = repository.commit("other two", {"a.py": "a = 3\n"})
    mirror = mirror_of(repository)
    assert mirror.head_sha == other
    assert count_commits_between(mirror, first, other) == 1
    assert count_commits_between(mirror, other, other) == 0


def test_the_default_branch_is_the_one_that_the_source_names(
    repository: GitRepository, mirror_of: MirrorOf
) -> None:
    repository.commit("one", {"a.py": ""})
    mirror_of(repository)
    repository.git("checkout", "--quiet", "-b", "work")
    head = repository.commit("two", {"b.py": ""})
    assert (mirror_of(repository).default_branch, mirror_of(repository).head_sha) == ("work", head)


def test_a_detached_head_falls_back_to_the_usual_branch(
    repository: GitRepository, mirror_of: MirrorOf
) -> None:
    repository.commit("one", {"a.py": ""})
    second = repository.commit("two", {"b.py": ""})
    repository.git("checkout", "--quiet", "--detach", "HEAD~1")
    assert (mirror_of(repository).default_branch, mirror_of(repository).head_sha) == (
        "main",
        second,
    )


def test_an_empty_repository_is_refused_and_leaves_nothing(
    repository: GitRepository, tmp_path: Path
) -> None:
    source = vet_source(str(repository.path), allow_local=True)
    with pytest.raises(UserInputError, match="is empty: it has no commits yet"):
        update_mirror(source, tmp_path / "mirrors")
    assert [p.suffix for p in (tmp_path / "mirrors").iterdir()] == [".lock"]


def test_what_a_killed_clone_left_is_cleared(
    repository: GitRepository, tmp_path: Path, mirror_of: MirrorOf
) -> None:
    head = repository.commit("one", {"a.py": ""})
    source = vet_source(str(repository.path), allow_local=True)
    half = mirror_path(tmp_path / "mirrors", source.repo_id).with_suffix(".cloning")
    half.mkdir(parents=True)
    (half / "HEAD").write_text("ref: refs/heads/main")
    assert mirror_of(repository).head_sha == head
    assert not half.exists()


@pytest.mark.parametrize("broken", ["HEAD", "packed-refs", "objects"])
def test_a_broken_mirror_is_set_aside_and_made_anew(
    repository: GitRepository, mirror_of: MirrorOf, tmp_path: Path, broken: str
) -> None:
    head = repository.commit("one", {"a.py": ""})
    mirror = mirror_of(repository)
    target = mirror.path / broken
    target.rename(tmp_path / "taken")
    if broken == "objects":
        (mirror.path / "objects").mkdir()
    assert mirror_of(repository).head_sha == head
    assert len(list((tmp_path / "mirrors").glob("*.broken-*"))) == 1


def test_a_source_that_vanished_says_so_and_the_mirror_stays(
    repository: GitRepository, mirror_of: MirrorOf, tmp_path: Path
) -> None:
    head = repository.commit("one", {"a.py": ""})
    source = vet_source(str(repository.path), allow_local=True)
    mirror_of(repository)
    repository.path.rename(tmp_path / "moved")
    with pytest.raises(UserInputError, match="no public repository at"):
        update_mirror(source, tmp_path / "mirrors")
    assert open_mirror(tmp_path / "mirrors", source.repo_id).head_sha == head


def test_hooks_and_configuration_of_the_source_do_not_run(
    repository: GitRepository, mirror_of: MirrorOf, tmp_path: Path
) -> None:
    repository.commit("one", {"a.py": ""})
    trap = tmp_path / "ran"
    repository.git("config", "uploadpack.packObjectsHook", f"touch {trap}; git")
    repository.git("config", "core.fsmonitor", f"touch {trap}")
    (repository.path / ".git" / "hooks" / "post-checkout").write_text(f"#!/bin/sh\ntouch {trap}\n")
    mirror_of(repository)
    assert not trap.exists()


def test_an_https_source_cannot_be_served_from_a_file(
    repository: GitRepository, tmp_path: Path
) -> None:
    repository.commit("one", {"a.py": ""})
    disguised = Source("0" * 16, str(repository.path), "https", "work", None)
    with pytest.raises(Exception, match=r"not allowed|did not answer"):
        update_mirror(disguised, tmp_path / "mirrors")
