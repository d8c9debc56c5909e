from collections.abc import Callable
from pathlib import Path

import pytest

from internflow.errors import EmptyRepository, UserInputError
from internflow.repos.mirrors import (
    Mirror,
    count_commits_between,
    mirror_path,
    open_mirror,
    open_repository,
    update_mirror,
)
from internflow.repos.vetting import vet_source
from tests.git_repositories import GitRepository, unpack_objects

MirrorOf = Callable[[GitRepository], Mirror]


def branches(mirror: Mirror) -> list[str]:
    return list(open_repository(mirror.path).branches.local)


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
    for _run in range(2):
        mirror = mirror_of(repository)
        assert (mirror.default_branch, mirror.head_sha) == ("main", second)


def test_a_detached_head_without_any_branch_is_followed(
    repository: GitRepository, mirror_of: MirrorOf
) -> None:
    repository.commit("one", {"a.py": ""})
    repository.git("checkout", "--quiet", "--detach")
    repository.git("branch", "--quiet", "-D", "main")
    for message in ("two", "three"):
        head = repository.commit(message, {"a.py": message})
        assert mirror_of(repository).head_sha == head


def test_a_head_that_names_no_branch_falls_back_to_the_first(
    repository: GitRepository, mirror_of: MirrorOf
) -> None:
    head = repository.commit("one", {"a.py": ""})
    repository.git("branch", "--quiet", "-m", "main", "topic")
    repository.git("symbolic-ref", "HEAD", "refs/heads/gone")
    for _run in range(2):
        mirror = mirror_of(repository)
        assert (mirror.default_branch, mirror.head_sha) == ("topic", head)


def test_a_branch_renamed_into_a_folder_of_its_name_is_followed(
    repository: GitRepository, mirror_of: MirrorOf
) -> None:
    repository.commit("one", {"a.py": ""})
    repository.git("branch", "fix")
    mirror_of(repository)
    repository.git("branch", "-m", "fix", "fix/one")
    assert sorted(branches(mirror_of(repository))) == ["fix/one", "main"]


def test_a_worktree_and_a_bare_repository_can_be_mirrored(
    repository: GitRepository, mirror_of: MirrorOf, tmp_path: Path
) -> None:
    repository.commit("one", {"a.py": ""})
    repository.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    for path, branch in ((tmp_path / "side", "side"), (tmp_path / "bare.git", "main")):
        source = vet_source(str(path), allow_local=True)
        assert update_mirror(source, tmp_path / "mirrors").default_branch == branch


def test_a_shallow_source_that_grows_is_followed(
    repository: GitRepository, mirror_of: MirrorOf, tmp_path: Path
) -> None:
    repository.commit("one", {"a.py": ""})
    repository.commit("two", {"b.py": ""})
    origin = f"file://{repository.path}"
    shallow = tmp_path / "shallow"
    repository.git("clone", "--quiet", "--depth", "1", origin, str(shallow))
    source = vet_source(str(shallow), allow_local=True)
    update_mirror(source, tmp_path / "mirrors")
    for message in ("three", "four"):
        head = repository.commit(message, {"c.py": message})
        repository.git("-C", str(shallow), "fetch", "--quiet", "--depth", "1", "origin")
        repository.git("-C", str(shallow), "reset", "--quiet", "--hard", "origin/main")
        assert update_mirror(source, tmp_path / "mirrors").head_sha == head


def test_an_empty_repository_is_refused_and_leaves_nothing(
    repository: GitRepository, tmp_path: Path
) -> None:
    source = vet_source(str(repository.path), allow_local=True)
    with pytest.raises(EmptyRepository, match="has no commits yet: push one first"):
        update_mirror(source, tmp_path / "mirrors")
    assert [p.suffix for p in (tmp_path / "mirrors").iterdir()] == [".lock"]
    head = repository.commit("one", {"a.py": ""})
    assert update_mirror(source, tmp_path / "mirrors").head_sha == head


def test_a_repository_that_was_emptied_is_empty_until_it_is_filled(
    repository: GitRepository, mirror_of: MirrorOf
) -> None:
    first = repository.commit("one", {"a.py": ""})
    mirror_of(repository)
    repository.git("update-ref", "-d", "refs/heads/main")
    for _run in range(2):
        with pytest.raises(EmptyRepository):
            mirror_of(repository)
    repository.git("update-ref", "refs/heads/main", first)
    assert mirror_of(repository).head_sha == first


def test_what_a_killed_clone_left_is_cleared(
    repository: GitRepository, tmp_path: Path, mirror_of: MirrorOf
) -> None:
    head = repository.commit("one", {"a.py": ""})
    source = vet_source(str(repository.path), allow_local=True)
    half = tmp_path / "mirrors" / f"{source.repo_id}.making-x1" / "new.git"
    half.mkdir(parents=True)
    (half / "HEAD").write_text("ref: refs/heads/main")
    assert mirror_of(repository).head_sha == head
    assert sorted(p.name for p in (tmp_path / "mirrors").iterdir()) == [
        f"{source.repo_id}.git",
        f"{source.repo_id}.git.lock",
    ]


def test_locks_that_a_killed_fetch_left_do_not_stop_the_next(
    repository: GitRepository, mirror_of: MirrorOf
) -> None:
    repository.commit("one", {"a.py": ""})
    mirror = mirror_of(repository)
    for name in ("refs/heads/main.lock", "packed-refs.lock", "HEAD.lock", "shallow.lock"):
        (mirror.path / name).parent.mkdir(parents=True, exist_ok=True)
        (mirror.path / name).touch()
    head = repository.commit("two", {"b.py": ""})
    assert mirror_of(repository).head_sha == head


def test_a_fetch_killed_between_objects_and_branches_is_completed(
    repository: GitRepository, mirror_of: MirrorOf
) -> None:
    first = repository.commit("one", {"a.py": ""})
    mirror = mirror_of(repository)
    second = repository.commit("two", {"b.py": ""})
    mirror_of(repository)
    repository.git("-C", str(mirror.path), "update-ref", "refs/heads/main", first)
    assert mirror_of(repository).head_sha == second


@pytest.mark.parametrize("broken", ["HEAD", "refs", "objects", "pack", "history"])
def test_a_broken_mirror_is_set_aside_and_made_anew(
    repository: GitRepository, mirror_of: MirrorOf, tmp_path: Path, broken: str
) -> None:
    first = repository.commit("one", {"a.py": ""})
    repository.commit("two", {"a.py": "a = 2"})
    mirror = mirror_of(repository)
    if broken == "pack":
        repository.git("-C", str(mirror.path), "gc", "--quiet")
        pack = next(mirror.path.glob("objects/pack/*.pack"))
        pack.chmod(0o644)
        pack.write_bytes(pack.read_bytes()[:40])
    elif broken == "history":  # what HEAD needs is there, what lies behind it is not
        unpack_objects(mirror.path)
        (mirror.path / "objects" / first[:2] / first[2:]).unlink()
    else:
        (mirror.path / broken).rename(tmp_path / "taken")
        if broken == "objects":
            (mirror.path / "objects").mkdir()
    head = repository.commit("three", {"a.py": "a = 3"})
    assert mirror_of(repository).head_sha == head
    repository.git("-C", str(mirror.path), "fsck", "--connectivity-only")


def test_a_broken_mirror_never_leads_to_the_repository_around_it(
    repository: GitRepository, tmp_path: Path
) -> None:
    around = GitRepository(tmp_path / "around")
    around.commit("not yours", {"secret.py": ""})
    head = repository.commit("one", {"a.py": ""})
    source = vet_source(str(repository.path), allow_local=True)
    mirrors = around.path / "mirrors"
    update_mirror(source, mirrors)
    (mirror_path(mirrors, source.repo_id) / "HEAD").unlink()
    with pytest.raises(UserInputError, match="cannot be read"):
        open_mirror(mirrors, source.repo_id)
    assert update_mirror(source, mirrors).head_sha == head


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
