"""The code of a repository at one commit, moved from commit to commit at the cost of what differs."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import TypeVar

import pygit2
from pygit2.enums import FileMode
from tree_sitter import Node

from internflow.repos.encodings import decode_file, is_binary, split_lines
from internflow.repos.history import decode_text, measure_blob
from internflow.repos.languages import find_language, is_generated_or_vendored
from internflow.repos.mirrors import Mirror, open_repository
from internflow.repos.syntax import parse_code
from internflow.reviews.repository.facts import LANGUAGES, CodeSymbol, FileFacts, build_facts
from internflow.reviews.repository.imports import Import, Modules, find_imports

MOST_FILES = 5_000
LARGEST_FILE = 1_000_000
MOST_BYTES = 32_000_000
MOST_FACTS = 256  # versions kept though no tree in use has them
MOST_WALKED = 20_000
MOST_OPEN = 8  # texts and syntax trees kept

K = TypeVar("K")
V = TypeVar("V")

REGULAR = (FileMode.BLOB, FileMode.BLOB_EXECUTABLE)


@dataclass(frozen=True, slots=True)
class CodeFile:
    """A version of a file. Without facts it was left out: too large, no text, or too slow to parse."""

    path: str
    language: str
    blob_sha: str
    size: int
    facts: FileFacts | None = field(compare=False)


class Library:
    """Versions of files out of one mirror, read once: their facts, texts and syntax trees, a bounded number of each."""

    def __init__(self, mirror: Mirror) -> None:
        self.repository = open_repository(mirror.path)
        self._facts: OrderedDict[tuple[str, str], FileFacts | None] = OrderedDict()
        self._lines: OrderedDict[tuple[str, str], list[str] | None] = OrderedDict()
        self._roots: OrderedDict[tuple[str, str], Node | None] = OrderedDict()
        self._imports: OrderedDict[str, tuple[Import, ...]] = OrderedDict()

    def read_facts(self, language: str, blob_sha: str) -> FileFacts | None:
        """What a version defines and mentions."""
        key = (language, blob_sha)
        if key not in self._facts:
            lines, root = self.read_lines(language, blob_sha), self.read_root(language, blob_sha)
            if lines is None or root is None:
                _keep(self._facts, key, None, MOST_FACTS)
            else:
                _keep(self._facts, key, build_facts(language, lines, root), MOST_FACTS)
        self._facts.move_to_end(key)
        return self._facts[key]

    def read_lines(self, language: str, blob_sha: str) -> list[str] | None:
        """The lines of a version; None when it is missing, too large or no text."""
        key = (language, blob_sha)
        if key not in self._lines:
            _keep(self._lines, key, self._read_lines(language, blob_sha), MOST_OPEN)
        self._lines.move_to_end(key)
        return self._lines[key]

    def read_root(self, language: str, blob_sha: str) -> Node | None:
        """The syntax tree of a version."""
        key = (language, blob_sha)
        if key not in self._roots:
            lines = self.read_lines(language, blob_sha)
            root = parse_code(language, "\n".join(lines).encode()) if lines is not None else None
            _keep(self._roots, key, root, MOST_OPEN)
        self._roots.move_to_end(key)
        return self._roots[key]

    def read_imports(self, blob_sha: str) -> tuple[Import, ...]:
        """What a version of a Python file imports."""
        if blob_sha not in self._imports:
            root, lines = self.read_root("python", blob_sha), self.read_lines("python", blob_sha)
            found = find_imports(root, lines) if root is not None and lines is not None else ()
            _keep(self._imports, blob_sha, tuple(found), MOST_FACTS)
        self._imports.move_to_end(blob_sha)
        return self._imports[blob_sha]

    def _read_lines(self, language: str, blob_sha: str) -> list[str] | None:
        size = measure_blob(self.repository, pygit2.Oid(hex=blob_sha))
        if size is None or size > LARGEST_FILE:
            return None
        data = bytes(self.repository[blob_sha].peel(pygit2.Blob).data)
        return None if is_binary(data) else split_lines(decode_file(language, data))


@dataclass(frozen=True)
class Snapshot:
    """The code files of a commit's tree by path, other people's and machines' apart.

    With a `reason` there are none: the tree is too large to be read.
    """

    commit_sha: str | None
    files: Mapping[str, CodeFile]
    library: Library = field(repr=False, compare=False)
    reason: str | None = None

    @property
    def left_out(self) -> list[str]:
        """The paths of code that could not be read."""
        return [path for path, file in self.files.items() if file.facts is None]

    def read_lines(self, path: str) -> Sequence[str]:
        """The lines of a file; none when it is not there."""
        file = self.files.get(path)
        lines = self.library.read_lines(file.language, file.blob_sha) if file else None
        return lines or ()

    def read_root(self, path: str) -> Node | None:
        """The syntax tree of a file."""
        file = self.files.get(path)
        return self.library.read_root(file.language, file.blob_sha) if file else None

    def read_imports(self, path: str) -> tuple[Import, ...]:
        """What a Python file imports; nothing for other files."""
        file = self.files.get(path)
        if file is None or file.language != "python" or file.facts is None:
            return ()
        return self.library.read_imports(file.blob_sha)

    @cached_property
    def modules(self) -> Modules:
        """The Python modules of the tree."""
        return Modules(frozenset(p for p, f in self.files.items() if f.language == "python"))

    def find_facts(self, path: str) -> FileFacts | None:
        """The facts of a file; None when it is not there or was left out."""
        file = self.files.get(path)
        return file.facts if file else None

    def find_definitions(self, name: str) -> list[tuple[str, CodeSymbol]]:
        """Where a bare name is defined."""
        return [
            (path, symbol)
            for path in self.find_mentions(name)
            for symbol in self._facts_of(path).symbols
            if symbol.name == name
        ]

    def find_mentions(self, name: str) -> list[str]:
        """The files whose text has this word. A look into each set of words costs less than keeping an index."""
        return [p for p, f in self.files.items() if f.facts is not None and name in f.facts.words]

    def _facts_of(self, path: str) -> FileFacts:
        facts = self.files[path].facts
        return facts if facts is not None else FileFacts("", (), frozenset(), is_generated=False)


def take_snapshot(library: Library, commit_sha: str | None) -> Snapshot:
    """The tree of a commit, read as a whole; None is the empty tree before the first commit."""
    empty = Snapshot(None, {}, library)
    return empty if commit_sha is None else move_snapshot(empty, commit_sha)


def move_snapshot(snapshot: Snapshot, commit_sha: str) -> Snapshot:
    """The tree of another commit: only what differs is read. Raises KeyError when the mirror lacks it."""
    library = snapshot.library
    files = dict(snapshot.files)
    for path, entry in _walk_differences(library.repository, snapshot.commit_sha, commit_sha):
        files.pop(path, None)
        language = find_language(path)
        if entry is None or language not in LANGUAGES or is_generated_or_vendored(path):
            continue
        size = measure_blob(library.repository, entry)
        files[path] = CodeFile(path, language, str(entry), -1 if size is None else size, None)
    reason = _find_reason(files)
    if reason is None:
        files = {path: _complete(library, file) for path, file in files.items()}
    else:
        files = {p: replace(f, facts=None) if f.facts else f for p, f in files.items()}
    return Snapshot(commit_sha, files, library, reason)


def walk_files(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """The regular files of a snapshot's commit, code or not: path and blob; the first 20,000."""
    if snapshot.commit_sha is None:
        return
    differences = _walk_differences(snapshot.library.repository, None, snapshot.commit_sha)
    for path, blob_id in islice(differences, MOST_WALKED):
        if blob_id is not None:
            yield path, str(blob_id)


def _complete(library: Library, file: CodeFile) -> CodeFile:
    if file.facts is not None or not 0 <= file.size <= LARGEST_FILE:
        return file
    facts = library.read_facts(file.language, file.blob_sha)
    return file if facts is None else replace(file, facts=facts)


def _find_reason(files: Mapping[str, CodeFile]) -> str | None:
    if len(files) > MOST_FILES:
        return f"more than {MOST_FILES} code files"
    size = sum(file.size for file in files.values() if file.size <= LARGEST_FILE)
    return f"more than {MOST_BYTES // 1_000_000} MB of code" if size > MOST_BYTES else None


def _walk_differences(
    repository: pygit2.Repository, old_sha: str | None, new_sha: str
) -> Iterator[tuple[str, pygit2.Oid | None]]:
    """The paths that differ between two commits, each with its regular file in the new one, if there is one."""
    new = repository[new_sha].peel(pygit2.Tree)
    old = repository[old_sha].peel(pygit2.Tree) if old_sha is not None else None
    diff = new.diff_to_tree(swap=True) if old is None else old.diff_to_tree(new)
    gone: list[tuple[str, pygit2.Oid | None]] = []
    there: list[tuple[str, pygit2.Oid | None]] = []
    for delta in diff.deltas:
        side = delta.new_file
        path = decode_text(side.raw_path)
        is_file = side.mode in REGULAR
        (there if is_file else gone).append((path, side.id if is_file else None))
    yield from gone  # a link that became a file is both
    yield from there


def _keep(kept: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)
