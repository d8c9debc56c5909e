"""Finds syntax nodes by the text that stands there, without walking the tree. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from tree_sitter import Node, Point

LONGEST_LINE = 2_000  # longer ones are data; looking up many places in one takes quadratic time
MOST_PLACES = 2_000

NAMES = frozenset({
    "identifier", "property_identifier", "type_identifier", "field_identifier", "package_identifier",
    "shorthand_property_identifier", "shorthand_property_identifier_pattern",
})  # fmt: skip

_word = re.compile(r"[\w$]+")


@lru_cache(maxsize=512)
def word_pattern(name: str) -> re.Pattern[str]:
    """A name as a whole word."""
    return re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")


def find_word(line: str, name: str) -> Iterator[int]:
    """The columns where a name stands as a whole word. Compiling a pattern for each of many names takes longer."""
    if _word.fullmatch(name):
        yield from (found.start() for found in _word.finditer(line) if found.group() == name)
    elif name in line:
        yield from (found.start() for found in word_pattern(name).finditer(line))


def node_at(root: Node, lines: Sequence[str], line: int, column: int) -> Node | None:
    """The smallest node at a character of a line; lines count from 1, columns from 0."""
    point = Point(line - 1, len(lines[line - 1][:column].encode()))
    return root.descendant_for_point_range(point, point)


def find_matches(
    root: Node, lines: Sequence[str], pattern: re.Pattern[str], needle: str
) -> Iterator[Node]:
    """The nodes where a pattern matches; only lines that contain the needle are searched."""
    count = 0
    for number, line in enumerate(lines, start=1):
        if needle not in line or len(line) > LONGEST_LINE:
            continue
        for match in pattern.finditer(line):
            count += 1
            node = node_at(root, lines, number, match.start())
            if count > MOST_PLACES:
                return
            if node is not None:
                yield node


def find_names(root: Node, lines: Sequence[str], name: str) -> Iterator[Node]:
    """The nodes that are this name: not in comments, not in strings."""
    length = len(name.encode())  # a node's own text is slow to have
    for node in find_matches(root, lines, word_pattern(name), name):
        if node.type in NAMES and node.end_byte - node.start_byte == length:
            yield node


def text_of(node: Node | None) -> str:
    """A node's source."""
    return node.text.decode("utf-8", "replace") if node is not None and node.text else ""


def line_of(node: Node) -> int:
    """The line where a node begins, from 1."""
    return int(node.start_point[0]) + 1


def last_line_of(node: Node) -> int:
    """The line where a node ends, from 1."""
    row, column = node.end_point
    return int(row if column == 0 and row > node.start_point[0] else row + 1)


def ancestors(node: Node) -> Iterator[Node]:
    """The nodes around a node, innermost first."""
    around = node.parent
    while around is not None:
        yield around
        around = around.parent


def is_same(one: Node | None, other: Node) -> bool:
    """Whether two are the same node of one tree."""
    return one is not None and one.id == other.id
