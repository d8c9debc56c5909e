"""What a code file defines and which words it mentions: enough to compare trees without their texts. Pure."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import islice

from tree_sitter import Node

from internflow.repos.generated import is_generated
from internflow.repos.places import Place, find_places, walk_places
from internflow.repos.uses import QUERIES
from internflow.reviews.repository.nodes import (
    LONGEST_LINE,
    ancestors,
    find_word,
    is_same,
    node_at,
    text_of,
)
from internflow.reviews.repository.shingles import build_shingles, sketch, split_tokens

LANGUAGES = frozenset(QUERIES) - {"sql", "shell"}
MOST_SYMBOLS = 2_000  # a file of more definitions is data
FEWEST_LINES = 8
FEWEST_TOKENS = 50
LONGEST_PARAMETERS = 4_000

_word = re.compile(r"[^\W\d]\w*")
_layout = re.compile(r" ?([^\w ]) ?")


@dataclass(frozen=True, slots=True)
class CodeSymbol:
    """A definition; `symbol` has the names around it. Lines from 1, those of its comments and decorators included.

    `parameters` is their source without layout, `digest` stands for the whole text, `sketch` for that of a function
    long enough to be worth comparing.
    """

    name: str
    symbol: str
    kind: str
    signature: str
    line: int
    start: int
    end: int
    parameters: str | None
    digest: bytes
    sketch: tuple[int, ...]

    @property
    def is_function(self) -> bool:
        return self.kind in ("function", "method")

    @property
    def owner(self) -> str:
        """The qualified name of what it is defined in; empty at the top of a file."""
        return self.symbol.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """`words` are all names in the text, those in strings and comments too."""

    language: str
    symbols: tuple[CodeSymbol, ...]
    words: frozenset[str]
    is_generated: bool

    def find_symbol(self, symbol: str) -> CodeSymbol | None:
        """The definition of this qualified name; None when there is none or more than one."""
        found = [s for s in self.symbols if s.symbol == symbol]
        return found[0] if len(found) == 1 else None


def build_facts(language: str, lines: Sequence[str], root: Node) -> FileFacts:
    """The facts of a text and its syntax tree."""
    words = frozenset(sys.intern(w) for line in lines for w in _word.findall(line))
    if is_generated(language, lines):
        return FileFacts(language, (), words, is_generated=True)
    places = islice(walk_places(find_places(root, lines)), MOST_SYMBOLS)
    symbols = tuple(_build_symbol(root, lines, place) for place in places)
    return FileFacts(language, symbols, words, is_generated=False)


def find_function(root: Node, lines: Sequence[str], line: int, name: str) -> Node | None:
    """The node that holds the parameters of the function that is named on a line."""
    for column in find_word(lines[line - 1][:LONGEST_LINE], name):
        node = node_at(root, lines, line, column)
        if node is None or not _is_declared(node):
            continue
        for around in islice(ancestors(node), 4):
            for part in (None, "value", "right", "declarator"):
                holder = around.child_by_field_name(part) if part else around
                if holder is not None and holder.child_by_field_name("parameters") is not None:
                    return holder
    return None


def _is_declared(name: Node) -> bool:
    parent = name.parent
    fields = ("name", "declarator", "property", "left", "key")
    return parent is not None and any(is_same(parent.child_by_field_name(f), name) for f in fields)


def _build_symbol(root: Node, lines: Sequence[str], place: Place) -> CodeSymbol:
    is_function = place.kind in ("function", "method")
    text = "\n".join(lines[place.start - 1 : place.end])
    parameters = None
    if is_function and place.name:
        holder = find_function(root, lines, place.line, place.name)
        if holder is not None:
            raw = text_of(holder.child_by_field_name("parameters"))
            parameters = _layout.sub(r"\1", " ".join(raw.split()))[:LONGEST_PARAMETERS]
    is_long = is_function and place.end - place.line + 1 >= FEWEST_LINES
    body = "\n".join(lines[place.line - 1 : place.end])
    return CodeSymbol(
        sys.intern(place.name),
        sys.intern(place.symbol or place.name),
        sys.intern(place.kind),
        place.signature,
        place.line,
        place.start,
        place.end,
        parameters,
        blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(),
        _sketch(body) if is_long else (),
    )


@lru_cache(maxsize=4_096)
def _sketch(body: str) -> tuple[int, ...]:
    """Most functions of a new version are those of the old one."""
    tokens = split_tokens(body.split("\n"))
    return sketch(build_shingles(tokens)) if len(tokens) >= FEWEST_TOKENS else ()
