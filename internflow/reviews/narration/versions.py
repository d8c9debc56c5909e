"""What the files that a commit changes define, before it and after it, with the complexity of what differs."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pygit2

from internflow.repos.history import FileChange, find_changes, measure_blob
from internflow.repos.languages import find_language, is_generated_or_vendored
from internflow.reviews.catalog import is_apart
from internflow.reviews.narration.branches import measure_complexity
from internflow.reviews.narration.comparing import ChangedFile, Definition
from internflow.reviews.repository.facts import LANGUAGES, CodeSymbol, FileFacts
from internflow.reviews.repository.snapshot import Library

# Of one commit: what is beyond is counted as a file, and its functions are not looked at.
MOST_FILES = 30
MOST_BYTES = 500_000
MOST_MEASURED = 20  # functions of a file
KINDS = frozenset({"function", "method", "class"})
NOTHING = FileFacts("", (), frozenset(), is_generated=False)


@dataclass(frozen=True)
class _Version:
    path: str
    language: str
    blob_sha: str | None
    facts: FileFacts

    @property
    def symbols(self) -> list[CodeSymbol]:
        return [s for s in self.facts.symbols if s.name and s.kind in KINDS]


class VersionReader:
    """For commits of the library's mirror, one after the other: a version that two of them share is parsed once."""

    def __init__(self, library: Library) -> None:
        self._library, self._repository = library, library.repository

    def read_files(self, commit_sha: str) -> list[ChangedFile]:
        """Every file that the commit changes. Raises KeyError and GitError where the mirror lacks something."""
        changes = find_changes(self._repository, commit_sha)
        files = {c.path: ChangedFile(c) for c in changes}
        size = 0
        code = sorted(filter(_is_code, changes), key=_order)
        for position, change in enumerate(code):
            size += self._measure(change)
            if position >= MOST_FILES or size > MOST_BYTES:
                files[change.path] = ChangedFile(change, is_code=True, is_unread=True)
            else:
                files[change.path] = self._read_file(change)
        return list(files.values())

    def _measure(self, change: FileChange) -> int:
        blobs = [sha for sha in (change.old_blob_sha, change.blob_sha) if sha]
        sizes = [measure_blob(self._repository, pygit2.Oid(hex=sha)) for sha in blobs]
        return sum(size or 0 for size in sizes)

    def _read_file(self, change: FileChange) -> ChangedFile:
        # A copy is new code; what it was copied from stays.
        old = None if change.change_kind == "copied" else change.old_blob_sha
        before = self._read_version(change.old_path or change.path, old)
        after = self._read_version(change.path, change.blob_sha)
        if before is None or after is None:
            return ChangedFile(change, is_code=True, is_unread=True)
        if before.facts.is_generated or after.facts.is_generated:
            return ChangedFile(change)
        differing = _find_differing(before.symbols, after.symbols)
        return ChangedFile(
            change,
            before=self._define(before, differing),
            after=self._define(after, differing),
            is_code=True,
        )

    def _read_version(self, path: str, blob_sha: str | None) -> _Version | None:
        """None when it cannot be read; a version without symbols where there is none."""
        language = find_language(path) or ""
        if blob_sha is None or language not in LANGUAGES:
            return _Version(path, language, None, NOTHING)
        facts = self._library.read_facts(language, blob_sha)
        return None if facts is None else _Version(path, language, blob_sha, facts)

    def _define(self, version: _Version, differing: Collection[str]) -> tuple[Definition, ...]:
        may_be_test = is_apart(version.path)
        return tuple(
            Definition(
                s.symbol,
                "function" if s.is_function else "class",
                s.digest,
                may_be_test and s.name.lower().startswith("test"),
                self._count(version, s) if s.symbol in differing else None,
            )
            for s in version.symbols
        )

    def _count(self, version: _Version, symbol: CodeSymbol) -> int | None:
        language, blob_sha = version.language, version.blob_sha
        if blob_sha is None:
            return None
        root = self._library.read_root(language, blob_sha)
        lines = self._library.read_lines(language, blob_sha)
        if root is None or lines is None:
            return None
        return measure_complexity(language, root, lines, symbol.line, symbol.end)


def _is_code(change: FileChange) -> bool:
    return not is_generated_or_vendored(change.path) and find_language(change.path) in LANGUAGES


def _order(change: FileChange) -> tuple[bool, int, str]:
    """Code before its tests, and of each the largest change first."""
    return is_apart(change.path), -(change.additions + change.deletions), change.path


def _find_differing(before: Sequence[CodeSymbol], after: Sequence[CodeSymbol]) -> list[str]:
    """The functions whose name stands once on both sides, and whose text differs."""
    old = {s.symbol: s.digest for s in before if s.is_function}
    count = Counter(s.symbol for s in (*before, *after))
    names = [
        s.symbol
        for s in after
        if s.is_function and count[s.symbol] == 2 and old.get(s.symbol, s.digest) != s.digest
    ]
    return names[:MOST_MEASURED]
