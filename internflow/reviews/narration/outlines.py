"""The functions and classes of versions of files, out of one mirror: a bounded number is kept. Runs nothing of it."""

from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import TypeVar

import pygit2
from tree_sitter import Node

from internflow.repos.encodings import decode_file, is_binary, split_lines
from internflow.repos.generated import is_generated
from internflow.repos.history import measure_blob
from internflow.repos.places import Place, find_places, walk_places
from internflow.repos.syntax import parse_code

T = TypeVar("T")

LARGEST_FILE = 500_000
MOST_SYMBOLS = 2_000
MOST_OUTLINES = 256
MOST_TREES = 8
KINDS = frozenset({"function", "method", "class"})


@dataclass(frozen=True)
class Symbol:
    """Lines from 1; `line` names it, and `digest` stands for its text with comments and decorators."""

    symbol: str
    name: str
    is_function: bool
    line: int
    end: int
    digest: bytes


@dataclass(frozen=True)
class Outline:
    symbols: tuple[Symbol, ...] = ()
    is_generated: bool = False


@dataclass(frozen=True)
class Parsed:
    lines: list[str]
    root: Node


@dataclass
class OutlineReader:
    """Commits share versions: what one leaves, the next one changes."""

    repository: pygit2.Repository
    _outlines: OrderedDict[tuple[str, str], Outline | None] = field(default_factory=OrderedDict)
    _trees: OrderedDict[tuple[str, str], Parsed | None] = field(default_factory=OrderedDict)

    def read_outline(self, language: str, blob_sha: str) -> Outline | None:
        """None when the version is missing, too large, no text, or too slow to parse."""
        key = (language, blob_sha)
        if key not in self._outlines:
            parsed = self.read_tree(language, blob_sha)
            outline = None if parsed is None else _build_outline(language, parsed)
            _keep(self._outlines, key, outline, MOST_OUTLINES)
        self._outlines.move_to_end(key)
        return self._outlines[key]

    def read_tree(self, language: str, blob_sha: str) -> Parsed | None:
        """The lines and the syntax tree of a version."""
        key = (language, blob_sha)
        if key not in self._trees:
            _keep(self._trees, key, self._parse(language, blob_sha), MOST_TREES)
        self._trees.move_to_end(key)
        return self._trees[key]

    def _parse(self, language: str, blob_sha: str) -> Parsed | None:
        size = measure_blob(self.repository, pygit2.Oid(hex=blob_sha))
        if size is None or size > LARGEST_FILE:
            return None
        data = bytes(self.repository[blob_sha].peel(pygit2.Blob).data)
        if is_binary(data):
            return None
        lines = split_lines(decode_file(language, data))
        root = parse_code(language, "\n".join(lines).encode())
        return None if root is None else Parsed(lines, root)


def _build_outline(language: str, parsed: Parsed) -> Outline:
    if is_generated(language, parsed.lines):
        return Outline(is_generated=True)
    places = islice(walk_places(find_places(parsed.root, parsed.lines)), MOST_SYMBOLS)
    return Outline(
        tuple(_build_symbol(parsed.lines, p) for p in places if p.name and p.kind in KINDS)
    )


def _build_symbol(lines: list[str], place: Place) -> Symbol:
    text = "\n".join(lines[place.start - 1 : place.end])
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    is_function = place.kind != "class"
    return Symbol(
        place.symbol or place.name, place.name, is_function, place.line, place.end, digest
    )


def _keep(kept: OrderedDict[tuple[str, str], T], key: tuple[str, str], value: T, most: int) -> None:
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)
