"""Reviews the commits of a repository, each once, and keeps its ledger at HEAD. Runs nothing of what it reads."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

import structlog

from internflow.logs import log_unit
from internflow.repos.history import CommitRecord, FileChange, read_changes, walk_commits
from internflow.repos.mirrors import Mirror
from internflow.reviews.analyzers.protocol import Analysis, BlobKey
from internflow.reviews.analyzers.running import ANALYZER, analyze_blobs
from internflow.reviews.findings import Finding
from internflow.reviews.head import settle_ledger
from internflow.reviews.judging import CommitReview, judge_commit, quote_stands
from internflow.reviews.ledger import Coverage, read_coverage, read_findings, store_reviews
from internflow.reviews.repository.reviewer import TreeReview, TreeReviewer, borrow_reviewer
from internflow.reviews.scope import Outcome, Scope, choose_scope
from internflow.reviews.sources import find_links
from internflow.warehouse.connections import Connection

T = TypeVar("T")
Progress = Callable[[int, int], None]  # commits done, commits due

logger = structlog.get_logger("internflow.reviews")

FIRST_COMMITS = 10  # so that there is soon something to see
BATCH_COMMITS = 100
BATCH_BLOBS = 1000
MOST_CHANGES = 2000  # files; a commit with more is an import, of which the tree says nothing


@dataclass(frozen=True)
class ReviewCounts:
    """What one call did: commits by outcome, findings new and fixed, quotes refused; `open` is the ledger's total."""

    reviewed: int = 0
    skipped: int = 0
    failed: int = 0
    findings_new: int = 0
    findings_fixed: int = 0
    open: int = 0
    quotes_dropped: int = 0

    def __add__(self, other: "ReviewCounts") -> "ReviewCounts":
        return ReviewCounts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Plan:
    """A commit and what of it is to be analyzed; without changes its tree is not looked at."""

    commit_sha: str
    scope: Scope
    changes: Sequence[FileChange] = ()


def review_repository(
    connection: Connection,
    mirror: Mirror,
    *,
    limit: int | None,
    now: datetime,
    on_progress: Progress | None = None,
) -> ReviewCounts:
    """Review the newest `limit` commits of the default branch (None: all), newest first, and settle the ledger.

    Covered commits are not repeated, unless they failed or the analyzer is another one since. Each batch is committed
    with its coverage, so that a killed run goes on where it was. `on_progress` is told after each batch.
    """
    with (
        log_unit("repository_reviewed", repo_id=mirror.repo_id) as logged,
        borrow_reviewer(mirror) as tree,
    ):
        commits = list(walk_commits(mirror))
        age = {commit.sha: position for position, commit in enumerate(commits)}
        covered = read_coverage(connection, mirror.repo_id, list(age))
        due = [c for c in commits if _is_due(covered.get(c.sha), age[c.sha], limit)]
        counts, done = ReviewCounts(), 0
        for reviews in review_each(mirror, due, tree):
            new = store_reviews(
                connection, mirror.repo_id, reviews, age=age, analyzer=ANALYZER, now=now
            )
            connection.commit()
            counts += _count(reviews, new)
            is_first, done = not done, done + len(reviews)
            if is_first and done < len(due):  # what the first ones found is shown as it stands
                counts += ReviewCounts(
                    findings_fixed=settle_ledger(connection, mirror, age, tree)[0]
                )
                connection.commit()
            if on_progress:
                on_progress(done, len(due))
        fixed, still_open = settle_ledger(connection, mirror, age, tree)
        connection.commit()
        counts += ReviewCounts(findings_fixed=fixed, open=still_open)
        logged.update(asdict(counts))
    return counts


def review_each(
    mirror: Mirror, commits: Iterable[CommitRecord], tree: TreeReviewer
) -> Iterator[list[CommitReview]]:
    """The review of each commit, in batches of the given order; stores nothing."""
    for batch in _plan_batches(mirror, commits):
        yield _review_batch(mirror, batch, tree)


def verify_quotes(connection: Connection, mirror: Mirror) -> list[Finding]:
    """The findings whose quote is not the text of its lines at its commit; there should be none."""
    stored = read_findings(connection, mirror.repo_id)
    return [finding for finding in stored if not quote_stands(mirror, finding)]


def _is_due(covered: Coverage | None, age: int, limit: int | None) -> bool:
    if covered is None:
        return limit is None or age < limit
    return not covered.is_final(ANALYZER)


def _plan_batches(
    mirror: Mirror, commits: Iterable[CommitRecord]
) -> Iterator[list[Plan | CommitReview]]:
    """Batches small enough for one analyzer run and one transaction."""
    batch: list[Plan | CommitReview] = []
    blobs, most = 0, FIRST_COMMITS
    for commit in commits:
        planned = _at_border(commit.sha, partial(_plan_commit, mirror, commit))
        size = len(planned.scope.keys) if isinstance(planned, Plan) else 0
        if batch and (len(batch) >= most or blobs + size > BATCH_BLOBS):
            yield batch
            batch, blobs, most = [], 0, BATCH_COMMITS
        batch.append(planned)
        blobs += size
    if batch:
        yield batch


def _at_border(commit_sha: str, step: Callable[[], T]) -> T | CommitReview:
    """Take a step for one commit; its failure becomes the review of that commit and stops no other."""
    try:
        return step()
    except Exception as error:
        logger.exception("commit_failed", commit_sha=commit_sha)
        return CommitReview(commit_sha, Outcome("failed", f"{type(error).__name__}: {error}"[:300]))


def _plan_commit(mirror: Mirror, commit: CommitRecord) -> Plan:
    if len(commit.parent_shas) > 1:
        return Plan(commit.sha, Scope(skip_reason="merge commit"))
    if not commit.parent_shas and commit.sha in _read_boundary(mirror):
        return Plan(commit.sha, Scope(skip_reason="the history before it is missing"))
    changes = read_changes(mirror, commit.sha)
    scope = choose_scope(changes)
    links = find_links(mirror, commit.sha, [f.path for f in scope.everything])
    if links:
        scope = choose_scope([c for c in changes if c.path not in links])
    return Plan(commit.sha, scope, changes if len(changes) <= MOST_CHANGES else ())


def _read_boundary(mirror: Mirror) -> set[str]:
    """The commits where a shallow clone ends: not the first ones, though they look so."""
    listed = mirror.path / "shallow"
    return set(listed.read_text(encoding="ascii").split()) if listed.exists() else set()


def _review_batch(
    mirror: Mirror, batch: Sequence[Plan | CommitReview], tree: TreeReviewer
) -> list[CommitReview]:
    """The review of each commit of a batch, with one analysis for all."""
    keys = {key for p in batch if isinstance(p, Plan) for key in p.scope.keys}
    analyses = analyze_blobs(mirror, keys)
    reviews = []
    for planned in batch:
        if isinstance(planned, Plan):
            judge = partial(_judge, mirror, planned, analyses, tree)
            reviews.append(_at_border(planned.commit_sha, judge))
        else:
            reviews.append(planned)
    return reviews


def _judge(
    mirror: Mirror, plan: Plan, analyses: Mapping[BlobKey, Analysis], tree: TreeReviewer
) -> CommitReview:
    sha, changes = plan.commit_sha, plan.changes
    seen = tree.review(mirror, sha, changes) if changes else TreeReview({})
    return judge_commit(mirror, sha, plan.scope, analyses, seen)


def _count(reviews: Sequence[CommitReview], findings_new: int) -> ReviewCounts:
    by_status = Counter(review.outcome.status for review in reviews)
    return ReviewCounts(
        reviewed=by_status["reviewed"],
        skipped=by_status["skipped"],
        failed=by_status["failed"],
        findings_new=findings_new,
        quotes_dropped=sum(review.dropped_count for review in reviews),
    )
