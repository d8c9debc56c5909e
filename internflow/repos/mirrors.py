"""Bare mirrors, one per source: cloned aside, fetched under a lock, cloned anew when broken."""

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import time

import pygit2
import structlog
from filelock import FileLock

from internflow.errors import SourceUnavailable, UserInputError
from internflow.logs import log_unit
from internflow.repos.vetting import Source

logger = structlog.get_logger("internflow.repos")

TIMEOUT_SECONDS = 900
USUAL_BRANCHES = ("main", "master", "trunk", "develop")

pygit2.option(
    pygit2.enums.Option.SET_OWNER_VALIDATION, False
)  # our own mirrors may belong to the account of a service


@dataclass(frozen=True)
class Mirror:
    """A bare repository of ours at the commit that its default branch has."""

    repo_id: str
    path: Path
    default_branch: str
    head_sha: str


def mirror_path(mirrors_dir: Path, repo_id: str) -> Path:
    """Where the mirror of a repository lies."""
    return mirrors_dir / f"{repo_id}.git"


def update_mirror(source: Source, mirrors_dir: Path) -> Mirror:
    """Clone or fetch, so that the mirror has what the source has, and return it.

    Raises UserInputError when there is no such repository or it is empty, SourceUnavailable when it did not answer.
    """
    mirrors_dir.mkdir(parents=True, exist_ok=True)
    path = mirror_path(mirrors_dir, source.repo_id)
    with FileLock(f"{path}.lock"), log_unit("mirror_updated", repo_id=source.repo_id) as counts:
        if path.exists() and not _is_sound(path):
            path.rename(path.with_suffix(f".broken-{int(time())}"))
            logger.warning("mirror_set_aside", repo_id=source.repo_id)
        if path.exists():
            _fetch(source, path)
        else:
            _clone(source, path)
        mirror = open_mirror(mirrors_dir, source.repo_id)
        counts["head"] = mirror.head_sha
    return mirror


def open_mirror(mirrors_dir: Path, repo_id: str) -> Mirror:
    """The mirror as it stands. Raises UserInputError when it was never made or has no commit."""
    path = mirror_path(mirrors_dir, repo_id)
    if not path.exists():
        raise UserInputError(
            f"Repository {repo_id} has no mirror: register it, then run the daily flow."
        )
    try:
        repository = pygit2.Repository(str(path))
        head = _find_head(repository)
    except (pygit2.GitError, KeyError, ValueError) as error:
        raise UserInputError(
            f"The mirror {repo_id} cannot be read ({error}): the next daily run makes it anew."
        ) from None
    if head is None:
        raise UserInputError("The repository is empty: it has no commits yet; push one first.")
    return Mirror(repo_id, path, head[0], str(head[1].id))


def count_commits_between(mirror: Mirror, older_sha: str, newer_sha: str) -> int:
    """How many commits the newer one has that the older one lacks; all of them when the older one is gone."""
    repository = pygit2.Repository(str(mirror.path))
    if older_sha == newer_sha:
        return 0
    if older_sha not in repository:
        return sum(1 for _ in repository.walk(newer_sha))
    ahead, _behind = repository.ahead_behind(newer_sha, older_sha)
    return int(ahead)


def _clone(source: Source, path: Path) -> None:
    aside = path.with_suffix(".cloning")
    shutil.rmtree(aside, ignore_errors=True)  # left by a run that was killed
    try:
        _git(
            source,
            "clone",
            "--mirror",
            "--template=",
            "--no-hardlinks",
            "--quiet",
            "--",
            source.location,
            str(aside),
        )
        if _find_head(pygit2.Repository(str(aside))) is None:
            raise UserInputError(
                f"The repository {source.location} is empty: it has no commits yet; push one first."
            )
        aside.rename(path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _fetch(source: Source, path: Path) -> None:
    refspecs = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
    _git(
        source,
        "-C",
        str(path),
        "fetch",
        "--prune",
        "--quiet",
        "--no-auto-gc",
        "--",
        source.location,
        *refspecs,
    )
    head = _git(source, "ls-remote", "--symref", "--", source.location, "HEAD")
    named = re.search(r"^ref: (refs/heads/\S+)\s+HEAD", head, re.MULTILINE)
    if named:
        _git(source, "-C", str(path), "symbolic-ref", "HEAD", named.group(1))


def _git(source: Source, *args: str) -> str:
    """Run git with no configuration but ours: no hooks, filters, submodules, helpers, redirects or other transports."""
    settings = {
        "core.hooksPath": "/dev/null",
        "credential.helper": "",
        "http.followRedirects": "false",
        "protocol.allow": "never",
        "fetch.recurseSubmodules": "false",
        "transfer.fsckObjects": "false",
        "protocol.https.allow" if source.kind == "https" else "protocol.file.allow": "always",
    }
    if source.pinned_address:
        host = source.location.split("/")[2]
        settings["http.curloptResolve"] = f"{host}:443:{source.pinned_address}"
    flags = [flag for name, value in settings.items() for flag in ("-c", f"{name}={value}")]
    with tempfile.NamedTemporaryFile("w", suffix=".gitconfig") as config:
        if (
            source.kind == "local"
        ):  # the serving side ignores -c, and refuses folders of other owners without this
            config.write("[safe]\n\tdirectory = *\n")
            config.flush()
        try:
            done = subprocess.run(
                ["git", *flags, *args],
                env=_environment(config.name),
                capture_output=True,
                text=True,
                errors="replace",
                timeout=TIMEOUT_SECONDS,
                stdin=subprocess.DEVNULL,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SourceUnavailable(
                f"{source.location} did not finish in {TIMEOUT_SECONDS} s: try again later."
            ) from None
    if done.returncode:
        raise _explain(source, done.stderr)
    return done.stdout


def _environment(config: str) -> dict[str, str]:
    kept = {
        k: v
        for k, v in os.environ.items()
        if k in ("PATH", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "https_proxy")
    }
    return {
        **kept,
        "HOME": "/nonexistent",
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": config,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
        "GIT_LFS_SKIP_SMUDGE": "1",
    }


def _explain(source: Source, stderr: str) -> UserInputError | SourceUnavailable:
    last = (stderr.strip().splitlines() or ["git said nothing"])[-1][:200]
    if re.search(
        r"not found|does not exist|could not read Username|Authentication failed|403|401|not appear to be a git",
        stderr,
    ):
        return UserInputError(
            f"There is no public repository at {source.location}: check the address ({last})."
        )
    if re.search(r"redirect|30[1278]", stderr):
        return UserInputError(
            f"{source.location} redirects elsewhere: give the address that it leads to."
        )
    return SourceUnavailable(f"{source.location} did not answer: {last}")


def _is_sound(path: Path) -> bool:
    try:
        head = _find_head(pygit2.Repository(str(path)))
        return head is not None and head[1].tree is not None
    except (pygit2.GitError, KeyError, ValueError):
        return False


def _find_head(repository: pygit2.Repository) -> tuple[str, pygit2.Commit] | None:
    """The branch that HEAD names, else a usual one, else the first, else a detached HEAD; with its commit."""
    branches = list(repository.branches.local)
    head = repository.references.get("HEAD")
    named = str(head.target).removeprefix("refs/heads/") if head is not None else ""
    for candidate in (named, *USUAL_BRANCHES, *sorted(branches)):
        if candidate in branches:
            return candidate, repository.references[f"refs/heads/{candidate}"].peel(pygit2.Commit)
    if head is not None and isinstance(head.target, pygit2.Oid):
        return "HEAD", repository[head.target].peel(pygit2.Commit)
    return None
