"""A range of commits as a person writes it: `A..B`, resolved to the commits that B has and A lacks."""

import re
from dataclasses import dataclass
from pathlib import Path

import pygit2

from internflow.errors import UserInputError
from internflow.repos.mirrors import Mirror, open_repository

HEAD = re.compile(r"(?:HEAD|@)(?=$|[~^@])")


@dataclass(frozen=True)
class CommitRange:
    """Two commits of a mirror."""

    base_sha: str
    end_sha: str


def parse_range(text: str) -> tuple[str, str]:
    """The two names of `A..B`; a name left out means HEAD, as in git. Raises UserInputError."""
    base, dots, end = text.strip().partition("..")
    names = (base.strip() or "HEAD", end.strip() or "HEAD")
    is_odd = not dots or names == ("HEAD", "HEAD") or end.startswith(".")
    if is_odd or any(name.startswith("-") or not name.isprintable() for name in names):
        raise UserInputError(
            f"{text[:80]!r} is no range of commits: write A..B, such as HEAD~5..HEAD."
        )
    return names


def resolve_range(mirror: Mirror, text: str, worktree: Path | None = None) -> CommitRange:
    """The commits that a range names. In a local repository names mean what they mean there, remote branches too.

    Raises UserInputError for a name that is no commit, or one that the mirror does not have.
    """
    names = parse_range(text)
    base_sha, end_sha = (_resolve(mirror, name, worktree) for name in names)
    return CommitRange(base_sha, end_sha)


def _resolve(mirror: Mirror, name: str, worktree: Path | None) -> str:
    repository = open_repository(mirror.path)
    found = _find(pygit2.Repository(str(worktree)), name) if worktree else None
    if found is None:
        found = _find(repository, HEAD.sub(mirror.head_sha, name, count=1))
    if found is None:
        raise UserInputError(
            f"{name[:80]!r} names no commit of this repository: give a branch, a tag or a commit's id."
        )
    if found not in repository:
        raise UserInputError(
            f"The commit {name[:80]!r} is on no branch and no tag: put a branch there first."
        )
    return found


def _find(repository: pygit2.Repository, name: str) -> str | None:
    """The id of the commit that a name leads to; None where it leads to none."""
    try:
        return str(repository.revparse_single(name).peel(pygit2.Commit).id)
    except (KeyError, ValueError, pygit2.GitError):
        return None
