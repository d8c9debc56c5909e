"""Reads what the files that a commit changes define, before it and after it. Runs nothing of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pygit2

from internflow.repos.history import FileChange, find_changes, measure_blob
from internflow.repos.languages import find_language, is_generated_or_vendored
from internflow.repos.mirrors import Mirror
from internflow.reviews.catalog import is_apart
from internflow.reviews.narration.branches import measure_complexity
from internflow.reviews.narration.comparing import ChangedFile, Definition
from internflow.reviews.repository.facts import LANGUAGES, CodeSymbol, FileFacts
from internflow.reviews.repository.snapshot import Library

# Of one commit: what is beyond is counted as a file, and its functions are not looked at.
MOST_FILES = 40
MOST_BYTES = 1_000_000
MOST_MEASURED = 20  # functions of a file


@dataclass
class VersionReader:
    """For the commits of one mirror, one after the other: a version that two of them share is parsed once."""

    mirror: Mirror
    library: Library = field(init=False)

    def __post_init__(self) -> None:
        self.library = Library(self.mirror)

    def read_files(self, commit_sha: str) -> list[ChangedFile]:
        """Every file that the commit changes. Raises KeyError and GitError where the mirror lacks something."""
        changes = find_changes(self.library.repository, commit_sha)
        code = [c for c in changes if _is_code(c)]
        files = {c.path: ChangedFile(c) for c in changes}
        size = 0
        for position, change in enumerate(sorted(code, key=_size_of_change)):
            size += self._measure(change)
            if position >= MOST_FILES or size > MOST_BYTES:
                files[change.path] = ChangedFile(change, is_code=True, is_unread=True)
            else:
                files[change.path] = self._read_file(change)
        return list(files.values())

    def _measure(self, change: FileChange) -> int:
        blobs = [sha for sha in (change.old_blob_sha, change.blob_sha) if sha]
        sizes = [measure_blob(self.library.repository, pygit2.Oid(hex=sha)) for sha in blobs]
        return sum(size or 0 for size in sizes)

    def _read_file(self, change: FileChange) -> ChangedFile:
        # A copy is new code; what it was copied from stays.
        old = None if change.change_kind == "copied" else change.old_blob_sha
        old_path = change.old_path or change.path
        before, after = (
            self._read_version(old_path, old),
            self._read_version(change.path, change.blob_sha),
        )
        if before is None or after is None:
            return ChangedFile(change, is_code=True, is_unread=True)
        if before.facts.is_generated or after.facts.is_generated:
            return ChangedFile(change)
        differing = _find_differing(before.facts, after.facts)
        return ChangedFile(
            change,
            before=self._define(before, differing),
            after=self._define(after, differing),
            is_code=True,
        )

    def _read_version(self, path: str, blob_sha: str | None) -> "_Version | None":
        """None when it cannot be read; a version without symbols when there is none."""
        language = find_language(path) or ""
        if blob_sha is None or language not in LANGUAGES:
            empty = FileFacts(language, (), frozenset(), is_generated=False)
            return _Version(path, None, empty)
        facts = self.library.read_facts(language, blob_sha)
        return None if facts is None else _Version(path, blob_sha, facts)

    def _define(self, version: "_Version", differing: Sequence[str]) -> tuple[Definition, ...]:
        wanted = set(differing[:MOST_MEASURED])
        return tuple(
            replace(_describe(version.path, symbol), complexity=self._count(version, symbol))
            if symbol.symbol in wanted
            else _describe(version.path, symbol)
            for symbol in version.facts.symbols
            if symbol.kind in ("function", "method", "class")
        )

    def _count(self, version: "_Version", symbol: CodeSymbol) -> int | None:
        language, blob_sha = version.facts.language, version.blob_sha
        if blob_sha is None:
            return None
        root, lines = (
            self.library.read_root(language, blob_sha),
            self.library.read_lines(language, blob_sha),
        )
        if root is None or lines is None:
            return None
        return measure_complexity(language, root, lines, symbol.line, symbol.end)


@dataclass(frozen=True)
class _Version:
    path: str
    blob_sha: str | None
    facts: FileFacts


def _is_code(change: FileChange) -> bool:
    paths = (change.path, change.old_path or change.path)
    return not is_generated_or_vendored(change.path) and any(
        find_language(path) in LANGUAGES for path in paths
    )


def _size_of_change(change: FileChange) -> tuple[bool, int, str]:
    """Code before its tests, and of each the largest change first."""
    return is_apart(change.path), -(change.additions + change.deletions), change.path


def _find_differing(before: FileFacts, after: FileFacts) -> list[str]:
    """The functions whose name stands once on both sides, and whose text differs."""
    old = {s.symbol: s.digest for s in before.symbols if s.is_function}
    count = Counter(s.symbol for facts in (before, after) for s in facts.symbols)
    return [
        s.symbol
        for s in after.symbols
        if s.is_function and count[s.symbol] == 2 and old.get(s.symbol, s.digest) != s.digest
    ]


def _describe(path: str, symbol: CodeSymbol) -> Definition:
    is_test = is_apart(path) and symbol.name.lower().startswith("test")
    kind = "function" if symbol.is_function else "class"
    return Definition(symbol.symbol, kind, symbol.digest, is_test)  # type: ignore[arg-type]
