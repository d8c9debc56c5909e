"""Which files of a commit are reviewed, and what becomes of a commit: reviewed, skipped or failed, with the reason."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from internflow.repos.history import FileChange
from internflow.repos.languages import is_generated, is_vendored
from internflow.reviews.analyzers.protocol import Analysis, BlobKey
from internflow.reviews.reading import find_reading, is_code, is_script
from internflow.reviews.sources import GENERATED

MOST_FILES = 400  # a commit with more of them is an import of somebody's code
VENDORED = "vendored"
NOT_SEARCHED = "not searched for secrets"
WITHOUT_RULES = "in a language without rules"


@dataclass(frozen=True)
class FileVersion:
    """A file as a commit leaves it, and as it was before where it was there."""

    path: str
    after: BlobKey
    before: BlobKey | None


@dataclass(frozen=True)
class Scope:
    """What to review of a commit; with a `skip_reason` there is nothing.

    `files` are code that has rules, and lists of dependencies. `texts` are searched for secrets, and make no review
    unless one is found.
    """

    files: tuple[FileVersion, ...] = ()
    texts: tuple[FileVersion, ...] = ()
    left_out: tuple[str, ...] = ()
    skip_reason: str | None = None

    @property
    def everything(self) -> tuple[FileVersion, ...]:
        return self.files + self.texts

    @property
    def keys(self) -> set[BlobKey]:
        """Every version that must be analyzed to judge the commit."""
        return {key for f in self.everything for key in (f.after, f.before) if key is not None}


@dataclass(frozen=True)
class Outcome:
    """status: reviewed, skipped or failed; only a reviewed commit may have no reason."""

    status: str
    reason: str | None


def choose_scope(changes: Sequence[FileChange]) -> Scope:
    """The files to review of what a commit changed."""
    files: list[FileVersion] = []
    texts: list[FileVersion] = []
    left_out: list[str] = []
    for change in changes:
        read_as = find_reading(change.path)
        if read_as is None or change.blob_sha is None or _is_data(change, read_as):
            continue
        strange = _find_strange(change.path)
        if strange is None:
            version = _choose_version(change, read_as)
            (files if is_code(read_as) else texts).append(version)
            left_out += [WITHOUT_RULES] * is_script(read_as)
        elif is_code(read_as) or is_script(read_as):
            left_out.append(strange)
    if len(files) > MOST_FILES:
        return Scope(skip_reason=f"too large: {len(files)} files")
    if len(texts) > MOST_FILES:
        left_out += [NOT_SEARCHED] * (len(texts) - MOST_FILES)
    scope = Scope(tuple(files), tuple(texts[:MOST_FILES]), tuple(left_out))
    if files or texts:
        return scope
    return Scope(left_out=scope.left_out, skip_reason=_say_why_nothing(changes, left_out))


def decide_outcome(
    scope: Scope,
    analyses: Mapping[BlobKey, Analysis],
    finding_count: int,
    gaps: Sequence[str] = (),
) -> Outcome:
    """What becomes of the commit, once its files are analyzed and so many findings stand; `gaps` are of the tree."""
    if scope.skip_reason and not finding_count:
        return Outcome("skipped", scope.skip_reason)
    for key in sorted(scope.keys):
        failure = analyses[key].failure
        if failure:
            return Outcome("failed", failure)
    left_out = [why for f in scope.files if (why := analyses[f.after].left_out)]
    left_out += [gap for f in scope.everything for gap in analyses[f.after].gaps]
    everything = (*scope.left_out, *left_out, *gaps)
    if finding_count:
        return Outcome("reviewed", _note(everything))
    if not scope.files:
        reason = describe_nothing(scope.left_out) if _lost_code(scope) else "no code file changed"
        return Outcome("skipped", reason)
    if all(analyses[f.after].left_out for f in scope.files):
        return Outcome("skipped", describe_nothing(everything))
    return Outcome("reviewed", _note(everything))


def describe_nothing(left_out: Iterable[str]) -> str:
    """Why a commit has no file to review, when these were left out."""
    reasons = tuple(left_out)
    kinds = set(reasons)
    if kinds and kinds <= {GENERATED, VENDORED}:
        return f"{' and '.join(sorted(kinds))} files only"
    return f"no file to review: {_count(reasons)}"


def _is_data(change: FileChange, read_as: str) -> bool:
    """Whether a file is no text. Code is looked into all the same: it may only be large, or lost."""
    return change.is_binary and not is_code(read_as)


def _find_strange(path: str) -> str | None:
    """Why a file is not its author's work, by its path."""
    if is_vendored(path):
        return VENDORED
    return GENERATED if is_generated(path) else None


def _say_why_nothing(changes: Sequence[FileChange], left_out: Sequence[str]) -> str:
    if left_out:
        return describe_nothing(left_out)
    if any(c.blob_sha is None and _is_main(c.path) for c in changes):
        return "code files only deleted"
    if changes and all(c.is_binary for c in changes):
        return "binary files only"
    return "no code file changed"


def _is_main(path: str) -> bool:
    read_as = find_reading(path)
    return read_as is not None and (is_code(read_as) or is_script(read_as))


def _lost_code(scope: Scope) -> bool:
    return any(why != NOT_SEARCHED for why in scope.left_out)


def _choose_version(change: FileChange, read_as: str) -> FileVersion:
    after = BlobKey(str(change.blob_sha), read_as)
    # A copy is new code that brings in what it copies; what was a link before was no code.
    is_new = change.old_blob_sha is None or change.change_kind in ("copied", "type_changed")
    before = None if is_new else BlobKey(str(change.old_blob_sha), read_as)
    return FileVersion(change.path, after, before)


def _note(left_out: Iterable[str]) -> str | None:
    counted = _count(left_out)
    return f"left out: {counted}" if counted else None


def _count(left_out: Iterable[str]) -> str:
    return ", ".join(f"{count} {why}" for why, count in sorted(Counter(left_out).items()))
