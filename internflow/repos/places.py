"""Where the definitions of a file stand: their lines, names and signatures, one inside the other. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tree_sitter import Node

from internflow.repos.definitions import COMMENTS, TRANSPARENT, Definition, read_definition

DEEPEST = 12  # classes in classes; deeper nesting is somebody's attack on the stack
LONGEST_SIGNATURE = 200


@dataclass(frozen=True)
class Place:
    """A definition with the lines that it covers, its doc comment included; lines count from 1.

    `line`, whose text is the `signature`, names it; `header` holds the signatures around it, outermost first.
    """

    kind: str
    name: str
    symbol: str | None
    line: int
    signature: str
    header: tuple[str, ...]
    start: int
    end: int
    inner: tuple["Place", ...]


@dataclass(frozen=True)
class _Scope:
    """What encloses the definitions that are looked for."""

    lines: Sequence[str]
    prefix: str = ""
    header: tuple[str, ...] = ()
    depth: int = DEEPEST
    is_class: bool = False


def find_places(root: Node, lines: Sequence[str]) -> list[Place]:
    """The outermost definitions of a file, in order, not overlapping."""
    return list(_find_places(root.children, _Scope(lines)))


def walk_places(places: Iterable[Place]) -> Iterator[Place]:
    """Definitions with those inside them, each before its own."""
    for place in places:
        yield place
        yield from walk_places(place.inner)


def _find_places(nodes: Sequence[Node], scope: _Scope) -> Iterator[Place]:
    """Definitions among sibling nodes; a line that two share goes to the first."""
    last = 0
    for position, node in enumerate(nodes):
        if not node.is_named:
            continue
        definition = read_definition(node)
        if definition is None:
            if node.type in TRANSPARENT and scope.depth:
                yield from _find_places(node.children, replace(scope, depth=scope.depth - 1))
            continue
        start = max(_find_start(nodes, position), last + 1)
        end = _last_line(node)
        if start > end:
            continue
        last = end
        yield from _build_places(definition, scope, start, end)


def _build_places(definition: Definition, scope: _Scope, start: int, end: int) -> Iterator[Place]:
    symbol = ".".join(part for part in (scope.prefix, definition.name) if part)
    line = min(max(definition.line, start), len(scope.lines))
    signature = scope.lines[line - 1].strip()[:LONGEST_SIGNATURE]
    inside = replace(
        scope,
        prefix=symbol,
        header=(*scope.header, signature),
        depth=scope.depth - 1,
        is_class=definition.kind != "namespace",
    )
    body = definition.body.children if definition.body is not None and scope.depth else []
    if definition.kind == "namespace":
        yield from _find_places(body, inside)
        return
    is_method = definition.kind == "function" and scope.is_class
    yield Place(
        "method" if is_method else definition.kind,
        _find_bare_name(definition),
        symbol or None,
        line,
        signature,
        scope.header,
        start,
        min(end, len(scope.lines)),
        tuple(_find_places(body, inside)),
    )


def _find_bare_name(definition: Definition) -> str:
    """A name without what qualifies it where it is declared: a Go receiver, a C++ class, an SQL schema."""
    if definition.kind in ("element", "rule"):
        return definition.name
    return re.split(r"\.|::", definition.name)[-1] or definition.name


def _find_start(nodes: Sequence[Node], position: int) -> int:
    """First line of a definition with the comments, attributes and decorators that stand directly above it."""
    start = nodes[position].start_point[0] + 1
    for before in reversed(nodes[:position]):
        if before.type not in COMMENTS or _last_line(before) < start - 1:
            break
        start = before.start_point[0] + 1
    return start


def _last_line(node: Node) -> int:
    row, column = node.end_point
    ends_with_line = column == 0 and row > node.start_point[0]
    return row if ends_with_line else row + 1
