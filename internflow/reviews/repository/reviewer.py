"""Reviews one commit with the whole tree in view, and says at HEAD what of it still stands. Runs nothing of it."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import pygit2
import structlog

from internflow.repos.history import FileChange
from internflow.repos.mirrors import Mirror
from internflow.reviews.findings import Problem
from internflow.reviews.repository.commits import Commit, Placed
from internflow.reviews.repository.copies import copy_stands, find_copies
from internflow.reviews.repository.heavy import find_large_files, large_file_stands
from internflow.reviews.repository.options import find_gone_options, option_is_gone
from internflow.reviews.repository.removals import find_removed, use_stands
from internflow.reviews.repository.removed_calls import call_stands, find_removed_calls
from internflow.reviews.repository.rules import (
    CALLERS,
    COPY,
    LARGE,
    OPTION,
    REMOVED,
    REMOVED_CALL,
    UNTESTED,
)
from internflow.reviews.repository.signatures import callers_misfit, find_misfits
from internflow.reviews.repository.snapshot import (
    Library,
    Snapshot,
    move_snapshot,
    take_snapshot,
)
from internflow.reviews.repository.untested import find_untested, test_was_left

logger = structlog.get_logger("internflow.reviews")

MOST_KEPT = 2  # trees; one may take 100 MB
MOST_OF_A_RULE = 10  # in one commit; more of the same are one decision, not many mistakes

FINDERS: tuple[Callable[[Commit], Iterator[Placed]], ...] = (
    find_misfits,
    find_removed,
    find_removed_calls,
    find_copies,
    find_untested,
    find_gone_options,
    find_large_files,
)
STANDING: Mapping[str, Callable[[Snapshot, str, str], bool | None]] = {
    CALLERS: callers_misfit,
    REMOVED: use_stands,
    REMOVED_CALL: call_stands,
    COPY: copy_stands,
    UNTESTED: test_was_left,
    OPTION: option_is_gone,
    LARGE: large_file_stands,
}


class Settled(Protocol):
    """What `still_stands` must know of a finding; `path` is where its file is at HEAD."""

    @property
    def rule(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def subject(self) -> str | None: ...


@dataclass(frozen=True)
class TreeReview:
    """The problems that a commit brings in, by path; `reason` says why the tree, or a part, was not looked at."""

    problems: Mapping[str, list[Problem]]
    reason: str | None = None


_kept: "OrderedDict[tuple[Path, int], TreeReviewer]" = OrderedDict()


@contextmanager
def borrow_reviewer(mirror: Mirror) -> Iterator["TreeReviewer"]:
    """The reviewer that saw this mirror last in this process, else a new one: a push then costs what it changes.

    Nobody else has it meanwhile. A mirror that was cloned anew is another folder, whatever its path.
    """
    key = (mirror.path, mirror.path.stat().st_ino)
    reviewer = _kept.pop(key, None) or TreeReviewer()
    yield reviewer
    _kept[key] = reviewer
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)


class TreeReviewer:
    """Keeps the tree of the last commit, so that the next one costs what differs. For one thread."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._last: Snapshot | None = None
        self._head: Snapshot | None = None

    def review(self, mirror: Mirror, commit_sha: str, changes: Sequence[FileChange]) -> TreeReview:
        """What the commit brings in against its first parent. Raises nothing for what the repository holds."""
        try:
            commit = self._open(mirror, commit_sha, changes)
        except (KeyError, pygit2.GitError) as error:
            self._last = None
            return TreeReview({}, f"the tree cannot be read ({error})"[:200])
        reasons = [r for r in (commit.before.reason, commit.after.reason) if r][:1]
        found: dict[str, list[Problem]] = defaultdict(list)
        for finder in FINDERS:
            try:
                for path, problem in _bound(finder(commit)):
                    found[path].append(problem)
            except Exception as error:  # the border of one rule at one commit
                logger.exception("rule_failed", rule=finder.__name__, commit_sha=commit_sha)
                reasons.append(f"{finder.__name__} failed: {type(error).__name__}")
        return TreeReview(dict(found), "; ".join(reasons) or None)

    def still_stands(self, mirror: Mirror, finding: Settled) -> bool | None:
        """Whether what the finding says holds at HEAD; None when that cannot be told."""
        ask = STANDING.get(finding.rule)
        if ask is None:
            return None
        head = self._take_head(mirror)
        is_blind = head.reason is not None and finding.rule != LARGE
        return None if is_blind else ask(head, finding.path, finding.subject or "")

    def _open(self, mirror: Mirror, commit_sha: str, changes: Sequence[FileChange]) -> Commit:
        library = self.open_library(mirror)
        commit = library.repository[commit_sha].peel(pygit2.Commit)
        parents = [str(p) for p in commit.parent_ids if p in library.repository]
        before = self._move_to(library, parents[0]) if parents else take_snapshot(library, None)
        self._last = after = move_snapshot(before, commit_sha)
        return Commit(before, after, changes)

    def _move_to(self, library: Library, sha: str) -> Snapshot:
        if self._last is None:
            return take_snapshot(library, sha)
        return self._last if self._last.commit_sha == sha else move_snapshot(self._last, sha)

    def _take_head(self, mirror: Mirror) -> Snapshot:
        library = self.open_library(mirror)
        if self._head is None or self._head.commit_sha != mirror.head_sha:
            nearest = self._head or self._last
            move = partial(move_snapshot, nearest) if nearest else partial(take_snapshot, library)
            self._head = move(mirror.head_sha)
        return self._head

    def open_library(self, mirror: Mirror) -> Library:
        """The versions of files of a mirror; those that the last reviews read are there."""
        if self._path != mirror.path or self._last is None:
            self._path, self._head = mirror.path, None
            self._last = take_snapshot(Library(mirror), None)
        return self._last.library


def _bound(found: Iterator[Placed]) -> Iterator[Placed]:
    for position, placed in enumerate(found):
        if position >= MOST_OF_A_RULE:
            return
        yield placed
