"""What became of findings in real histories, and how often the product speaks at all."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pygit2

from benchmarks.reviews.sources import find_head
from internflow.repos.history import CommitRecord, walk_commits
from internflow.repos.mirrors import Mirror
from internflow.reviews.findings import Finding, normalise_quote
from internflow.reviews.judging import CommitReview
from internflow.reviews.repository.reviewer import TreeReviewer
from internflow.reviews.review import review_each
from internflow.reviews.sources import LeftOut, find_blob, read_source

NEWEST = 300
LOUD = ("high", "medium")


@dataclass
class Fate:
    """Findings of old commits: of `found`, so many `repaired` are gone at HEAD from a file that is still there."""

    found: Counter[str] = field(default_factory=Counter)
    repaired: Counter[str] = field(default_factory=Counter)
    lost: int = 0  # the file is gone, so nothing can be said


@dataclass(frozen=True)
class Quiet:
    """Loud findings over the newest commits, and on those that touch documentation alone."""

    commits: int
    loud: int
    documentation_commits: int
    documentation_findings: int


def open_mirror(path: Path) -> Mirror:
    """A bare repository as it is; nothing is fetched."""
    repository = pygit2.Repository(str(path))
    head = find_head(repository)
    branch = "HEAD" if repository.head_is_unborn else repository.head.shorthand
    return Mirror(path.parent.name, path, branch, str(head.id) if head else "")


def follow_findings(mirror: Mirror, commits: Sequence[CommitRecord]) -> Fate:
    """Review old commits, and look which of the findings' lines later commits took out."""
    fate = Fate()
    for review in _review(mirror, commits):
        for finding in review.findings:
            stands = _stands_at_head(mirror, finding)
            if stands is None:
                fate.lost += 1
                continue
            fate.found[finding.rule] += 1
            fate.repaired[finding.rule] += not stands
    return fate


def measure_quiet(mirror: Mirror, commits: Sequence[CommitRecord]) -> Quiet:
    """Count loud findings."""
    loud: dict[str, int] = defaultdict(int)
    reviews = _review(mirror, commits)
    for review in reviews:
        loud[review.commit_sha] += sum(f.severity in LOUD for f in review.findings)
    documentation = [r for r in reviews if is_documentation_only(mirror, r.commit_sha)]
    return Quiet(
        commits=len(reviews),
        loud=sum(loud.values()),
        documentation_commits=len(documentation),
        documentation_findings=sum(len(r.findings) for r in documentation),
    )


def is_documentation_only(mirror: Mirror, commit_sha: str) -> bool:
    """Whether a commit with one parent touches nothing but documentation."""
    repository = pygit2.Repository(str(mirror.path))
    commit = repository[commit_sha].peel(pygit2.Commit)
    if len(commit.parents) != 1:
        return False
    diff = repository.diff(commit.parents[0], commit)
    paths = [delta.new_file.path for delta in diff.deltas]
    return bool(paths) and all(
        path.endswith((".rst", ".md", ".txt")) or path.startswith("docs/") for path in paths
    )


def list_commits(path: Path) -> tuple[Mirror, list[CommitRecord]]:
    """A repository and its commits, newest first."""
    mirror = open_mirror(path)
    return mirror, list(walk_commits(mirror))


def _review(mirror: Mirror, commits: Sequence[CommitRecord]) -> list[CommitReview]:
    return [review for batch in review_each(mirror, commits, TreeReviewer()) for review in batch]


def _stands_at_head(mirror: Mirror, finding: Finding) -> bool | None:
    """Whether the quoted lines are still in the file, however laid out; None without the file."""
    blob = find_blob(mirror, mirror.head_sha, finding.path)
    text = None if blob is None else read_source(mirror, blob, "text")
    if text is None or isinstance(text, LeftOut):
        return None
    return normalise_quote(finding.quote) in normalise_quote(text)
