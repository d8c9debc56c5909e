"""Which files of a commit are reviewed, and what becomes of a commit: reviewed, skipped or failed, with the reason."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from internflow.repos.history import FileChange
from internflow.repos.languages import find_language, is_generated_or_vendored
from internflow.reviews.analyzers import Analysis, BlobKey
from internflow.reviews.sources import GENERATED

MOST_FILES = 400  # a commit with more of them is an import of somebody's code


@dataclass(frozen=True)
class FileVersion:
    """A file as a commit leaves it, and as it was before where it was there."""

    path: str
    after: BlobKey
    before: BlobKey | None


@dataclass(frozen=True)
class Scope:
    """What to review of a commit; with a `skip_reason` there is nothing."""

    files: tuple[FileVersion, ...] = ()
    left_out: tuple[str, ...] = ()
    skip_reason: str | None = None

    @property
    def keys(self) -> set[BlobKey]:
        """Every version that must be analyzed to judge the commit."""
        return {key for f in self.files for key in (f.after, f.before) if key is not None}


@dataclass(frozen=True)
class Outcome:
    """status: reviewed, skipped or failed; only a reviewed commit may have no reason."""

    status: str
    reason: str | None


def choose_scope(changes: Iterable[FileChange]) -> Scope:
    """The Python files to review of what a commit changed."""
    python = [c for c in changes if find_language(c.path) == "python"]
    kept = [c for c in python if c.blob_sha is not None]
    if not kept:
        why = "Python files only deleted" if python else "no Python file changed"
        return Scope(skip_reason=why)
    own = [c for c in kept if not is_generated_or_vendored(c.path)]
    if len(own) > MOST_FILES:
        return Scope(skip_reason=f"too large: {len(own)} files")
    left_out = (GENERATED,) * (len(kept) - len(own))
    if not own:
        return Scope(left_out=left_out, skip_reason=_describe_nothing(left_out))
    return Scope(tuple(map(_choose_version, own)), left_out)


def _choose_version(change: FileChange) -> FileVersion:
    after = BlobKey(str(change.blob_sha), PurePosixPath(change.path).suffix.lower())
    # A copy is new code that brings in what it copies; what was a link before was no code.
    is_new = change.old_blob_sha is None or change.change_kind in ("copied", "type_changed")
    return FileVersion(
        change.path, after, None if is_new else BlobKey(str(change.old_blob_sha), after.suffix)
    )


def decide_outcome(scope: Scope, analyses: Mapping[BlobKey, Analysis]) -> Outcome:
    """What becomes of the commit, once its files are analyzed."""
    if scope.skip_reason:
        return Outcome("skipped", scope.skip_reason)
    for key in sorted(scope.keys, key=lambda k: k.sha):
        failure = analyses[key].failure
        if failure:
            return Outcome("failed", failure)
    left_out = [why for f in scope.files if (why := analyses[f.after].left_out)]
    everything = (*scope.left_out, *left_out)
    if len(left_out) == len(scope.files):
        return Outcome("skipped", _describe_nothing(everything))
    return Outcome("reviewed", f"left out: {_describe(everything)}" if everything else None)


def _describe_nothing(left_out: Iterable[str]) -> str:
    reasons = tuple(left_out)
    if set(reasons) == {GENERATED}:
        return "generated or vendored files only"
    return f"no file to review: {_describe(reasons)}"


def _describe(reasons: Iterable[str]) -> str:
    return ", ".join(f"{count} {why}" for why, count in sorted(Counter(reasons).items()))
