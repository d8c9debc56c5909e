"""Bare mirrors, one per source: made aside and renamed, fetched under a lock, made anew when they are broken."""

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pygit2
import structlog
from filelock import FileLock
from pygit2.enums import RepositoryOpenFlag

from internflow.errors import EmptyRepository, InternflowError, UserInputError
from internflow.logs import log_unit
from internflow.repos.limits import FolderLimit, check_file_count
from internflow.repos.transport import run_git
from internflow.repos.vetting import Source
from internflow.settings import read_settings

logger = structlog.get_logger("internflow.repos")

USUAL_BRANCHES = ("main", "master", "trunk", "develop")
# Not every ref: hosts keep one for each pull request, other people's code.
REFSPECS = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")


@dataclass(frozen=True)
class Mirror:
    """A bare repository of ours at the commit that its default branch has."""

    repo_id: str
    path: Path
    default_branch: str
    head_sha: str


@dataclass(frozen=True)
class SourceState:
    """The address at which a source answers, and what its HEAD is: a branch or, detached, a commit."""

    address: str
    branch: str | None
    detached_sha: str | None


def mirror_path(mirrors_dir: Path, repo_id: str) -> Path:
    """Where the mirror of a repository lies."""
    return mirrors_dir / f"{repo_id}.git"


def update_mirror(source: Source, mirrors_dir: Path) -> Mirror:
    """Bring the mirror to what the source has now, or make it, and return it.

    Raises EmptyRepository, UserInputError when there is no such repository or it is too large, SourceUnavailable
    when it does not answer.
    """
    mirrors_dir.mkdir(parents=True, exist_ok=True)
    path = mirror_path(mirrors_dir, source.repo_id)
    with (
        FileLock(f"{path}.lock"),
        log_unit("mirror_updated", repo_id=source.repo_id) as counts,
    ):
        _clear_leftovers(path)
        if path.exists() and not _is_sound(path):
            _set_aside(path)
        if path.exists():
            _refresh(source, path)
            _check_files(source, path)
            run_git(source, "-C", str(path), "gc", "--auto", "--quiet")
        else:
            _make(source, path)
        mirror = open_mirror(mirrors_dir, source.repo_id)
        counts["head"] = mirror.head_sha
    return mirror


def open_mirror(mirrors_dir: Path, repo_id: str) -> Mirror:
    """The mirror as it stands. Raises UserInputError when it was never made, EmptyRepository without a commit."""
    path = mirror_path(mirrors_dir, repo_id)
    if not path.exists():
        raise UserInputError(
            f"Repository {repo_id} has no mirror: register it, then run the daily flow."
        )
    try:
        head = _find_head(open_repository(path))
    except (pygit2.GitError, KeyError, ValueError) as error:
        raise UserInputError(
            f"The mirror {repo_id} cannot be read ({error}): the next daily run makes it anew."
        ) from None
    if head is None:
        raise EmptyRepository(
            f"Repository {repo_id} is empty, it has no commits yet: push one first."
        )
    return Mirror(repo_id, path, head[0], str(head[1].id))


def open_repository(path: Path) -> pygit2.Repository:
    """Exactly this bare repository: a broken one must not lead to the repository of a folder around it."""
    flags = RepositoryOpenFlag.NO_SEARCH | RepositoryOpenFlag.BARE | RepositoryOpenFlag.NO_DOTGIT
    return pygit2.Repository(str(path), flags)


def count_commits_between(mirror: Mirror, older_sha: str, newer_sha: str) -> int:
    """How many commits the newer one has that the older one lacks; all of them when the older one is gone."""
    if older_sha == newer_sha:
        return 0
    repository = open_repository(mirror.path)
    walker = repository.walk(newer_sha)
    if older_sha in repository:
        walker.hide(older_sha)
    return sum(1 for _ in walker)


def _make(source: Source, path: Path) -> None:
    state = _ask_source(source)
    with tempfile.TemporaryDirectory(prefix=_leftover_prefix(path), dir=path.parent) as folder:
        aside = Path(folder) / "new.git"
        run_git(source, "init", "--quiet", "--bare", "--template=", str(aside))
        _fetch(source, aside, state)
        if _find_head(open_repository(aside)) is None:
            raise EmptyRepository(
                f"The repository {source.location} is empty, it has no commits yet: push one first."
            )
        _check_files(source, aside)
        aside.rename(path)


def _refresh(source: Source, path: Path) -> None:
    state = _ask_source(source)
    try:
        _fetch(source, path, state)
    except InternflowError:  # the source has just answered, so the mirror itself may be why
        if _is_whole(source, path):
            raise
        _set_aside(path)
        _make(source, path)


def _ask_source(source: Source) -> SourceState:
    """Where the source answers, and its HEAD. Some hosts know a repository only with .git, or redirect to that."""
    try:
        return _ask(source, source.location)
    except UserInputError as error:
        if source.kind == "local":
            raise
        try:
            return _ask(source, f"{source.location}.git")
        except InternflowError:
            raise error from None


def _ask(source: Source, address: str) -> SourceState:
    listed = run_git(source, "ls-remote", "--symref", "--", address, "HEAD")
    branch = re.search(r"^ref: (refs/heads/\S+)\tHEAD$", listed, re.MULTILINE)
    detached = re.search(r"^([0-9a-f]{40,64})\tHEAD$", listed, re.MULTILINE)
    return SourceState(address, branch and branch[1], None if branch else detached and detached[1])


def _fetch(source: Source, path: Path, state: SourceState) -> None:
    # Not --atomic: that refuses for ever a branch `a` that was renamed to `a/b`.
    specs = (*REFSPECS, "HEAD") if state.detached_sha else REFSPECS
    # What packing anew needs beside the old packs for a while must not count as the source's size.
    options = (
        "--quiet",
        "--prune",
        "--update-shallow",
        "--no-recurse-submodules",
        "--no-auto-maintenance",
    )
    limit = FolderLimit(path, read_settings().repository_megabytes)
    run_git(source, "-C", str(path), "fetch", *options, "--", state.address, *specs, limit=limit)
    run_git(source, "-C", str(path), "pack-refs", "--all")  # else a file for each branch and tag
    if state.branch:
        run_git(source, "-C", str(path), "symbolic-ref", "HEAD", state.branch)
    elif state.detached_sha:
        run_git(source, "-C", str(path), "update-ref", "--no-deref", "HEAD", state.detached_sha)


def _check_files(source: Source, path: Path) -> None:
    head = _find_head(open_repository(path))
    if head is not None:
        most = read_settings().repository_files
        check_file_count(head[1].peel(pygit2.Tree), most, source.location)


def _leftover_prefix(path: Path) -> str:
    return f"{path.stem}.making-"


def _clear_leftovers(path: Path) -> None:
    """Remove what a killed run left; we hold the lock, so nobody uses it."""
    for folder in path.parent.glob(f"{_leftover_prefix(path)}*"):
        shutil.rmtree(folder, ignore_errors=True)
    for left in (*path.rglob("*.lock"), *path.glob("objects/pack/tmp_*")):
        left.unlink()


def _set_aside(path: Path) -> None:
    """Keep one broken mirror for a person to look at."""
    broken = path.with_suffix(".broken")
    shutil.rmtree(broken, ignore_errors=True)
    path.rename(broken)
    logger.warning("mirror_set_aside", repo_id=path.stem)


def _is_sound(path: Path) -> bool:
    """Whether HEAD's files and every commit behind it can be read."""
    try:
        repository = open_repository(path)
        head = _find_head(repository)
        if head is not None:
            head[1].peel(pygit2.Tree)
            sum(1 for _ in repository.walk(head[1].id))
    except (pygit2.GitError, KeyError, ValueError):
        return False
    return True


def _is_whole(source: Source, path: Path) -> bool:
    try:
        run_git(source, "-C", str(path), "fsck", "--connectivity-only", "--no-dangling")
    except InternflowError:
        return False
    return True


def _find_head(repository: pygit2.Repository) -> tuple[str, pygit2.Commit] | None:
    """The branch that HEAD names if it exists, else a usual one, else the first, else a detached HEAD; its commit."""
    branches = list(repository.branches.local)
    head = repository.references.get("HEAD")
    named = str(head.target).removeprefix("refs/heads/") if head is not None else ""
    for candidate in (named, *USUAL_BRANCHES, *sorted(branches)):
        if candidate in branches:
            return candidate, repository.references[f"refs/heads/{candidate}"].peel(pygit2.Commit)
    if repository.head_is_detached:
        return "HEAD", repository.head.peel(pygit2.Commit)
    return None
