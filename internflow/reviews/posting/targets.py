"""What is posted to: the head of the default branch, and each open pull request whose branch is in the mirror."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pygit2

from internflow.errors import ContractViolation
from internflow.repos.mirrors import Mirror, open_repository
from internflow.reviews.posting.stored import Posting


@dataclass(frozen=True)
class Target:
    """Where the review of the commits after `base_sha` up to `head_sha` goes; `number` is a pull request's."""

    name: str
    base_sha: str
    head_sha: str
    number: int | None = None
    branch: str | None = None


def choose_targets(
    mirror: Mirror, kind: str, pulls: Iterable[Mapping[str, Any]], stored: Mapping[str, Posting]
) -> list[Target]:
    """The targets, the default branch last; pull requests whose head was posted already are left out.

    A check run is a commit's, so a pull request and a branch with one head share it; a comment is the pull request's.
    """
    repository = open_repository(mirror.path)
    chosen: dict[str, Target] = {}
    heads = set()
    for pull in pulls:
        target = _choose_pull(repository, kind, pull)
        if target is None:
            continue
        heads.add(target.head_sha)
        known = stored.get(target.name)
        is_posted = known is not None and known.content_hash is not None
        if not (is_posted and known is not None and known.head_sha == target.head_sha):
            chosen[target.name] = target
    if mirror.head_sha not in heads:
        base_sha = _find_base(repository, mirror, stored)
        if base_sha is not None:
            name = f"commit:{mirror.head_sha}"
            chosen[name] = Target(name, base_sha, mirror.head_sha, branch=mirror.default_branch)
    return list(chosen.values())


def _choose_pull(
    repository: pygit2.Repository, kind: str, pull: Mapping[str, Any]
) -> Target | None:
    """None where the mirror lacks its commits: the branch of a fork, or one that is newer than the mirror."""
    try:
        number, head_sha, base = int(pull["number"]), str(pull["head"]["sha"]), pull["base"]["sha"]
        is_there = head_sha in repository and str(base) in repository
        base_id = repository.merge_base(str(base), head_sha) if is_there else None
    except (KeyError, TypeError, ValueError):
        raise ContractViolation(
            "A pull request in GitHub's list", pull, "number, head.sha and base.sha were expected"
        ) from None
    if base_id is None:
        return None
    name = f"commit:{head_sha}" if kind == "checks" else f"pull:{number}"
    return Target(name, str(base_id), head_sha, number=number)


def _find_base(
    repository: pygit2.Repository, mirror: Mirror, stored: Mapping[str, Posting]
) -> str | None:
    """The head that was posted before, else the parent of this one; None for a first commit."""
    own = stored.get(f"commit:{mirror.head_sha}")
    if own is not None:
        return own.base_sha
    for posting in reversed(list(stored.values())):
        is_known = posting.content_hash is not None and posting.head_sha in repository
        if (
            posting.branch == mirror.default_branch
            and is_known
            and repository.descendant_of(mirror.head_sha, posting.head_sha)
        ):
            return posting.head_sha
    parents = repository[mirror.head_sha].peel(pygit2.Commit).parent_ids
    return str(parents[0]) if parents and parents[0] in repository else None
