"""Which lines of a file belong to which function, method, class or section. Pure; reads what it can of broken code."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import cast

from tree_sitter import Node
from tree_sitter_language_pack import SupportedLanguage, get_parser

from internflow.repos.definitions import COMMENTS, TRANSPARENT, Definition, read_definition

PARSED = frozenset({"python", "javascript", "typescript", "tsx", "java", "c", "cpp", "go", "rust"})
DEEPEST = 12  # classes in classes; deeper nesting is somebody's attack on the stack


@dataclass(frozen=True)
class Span:
    """Lines that belong together, before long ones are split; lines count from 1, both ends included."""

    kind: str
    symbol: str | None
    start: int
    end: int


@dataclass(frozen=True)
class _Place:
    """A definition with the lines that it covers, its doc comment included."""

    kind: str
    symbol: str | None
    start: int
    end: int
    inner: tuple["_Place", ...]


def find_spans(language: str, lines: Sequence[str]) -> list[Span]:
    """Spans that cover every line once, in order."""
    if language in PARSED:
        return find_code_spans(language, lines)
    if language == "markdown":
        return find_sections(lines)
    return [Span("text", None, 1, len(lines))]


def find_code_spans(language: str, lines: Sequence[str]) -> list[Span]:
    """Functions, methods, what is left of their classes, and what is left of the module."""
    parser = get_parser(cast(SupportedLanguage, language))
    root = parser.parse("\n".join(lines).encode()).root_node
    places: list[_Place | None] = [None] * len(lines)
    _paint(places, _find_places(root.children, "", DEEPEST, is_class=False))
    return _join_bare_ends(_find_runs(places), lines)


def find_sections(lines: Sequence[str]) -> list[Span]:
    """The sections of a Markdown text, each with its heading as symbol; headings in code fences are none."""
    spans: list[Span] = []
    start, symbol, fence = 1, None, ""
    for number, line in enumerate(lines, start=1):
        mark = re.match(r" {0,3}(```|~~~)", line)
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
        heading = None if fence else re.match(r"#{1,6}\s+(.+)", line)
        if heading:
            if number > start:
                spans.append(Span("section", symbol, start, number - 1))
            start, symbol = number, heading[1].strip().rstrip("#").strip()[:200] or None
    return [*spans, Span("section", symbol, start, len(lines))]


def _find_places(
    nodes: Sequence[Node], prefix: str, depth: int, *, is_class: bool
) -> Iterator[_Place]:
    """Definitions among sibling nodes, in order, not overlapping; a line that two share goes to the first."""
    last = 0
    for position, node in enumerate(nodes):
        definition = read_definition(node)
        if definition is None:
            if node.type in TRANSPARENT and depth:
                yield from _find_places(node.children, prefix, depth - 1, is_class=is_class)
            continue
        start = max(_find_start(nodes, position), last + 1)
        end = _last_line(node)
        if start > end:
            continue
        last = end
        yield from _build_places(definition, prefix, depth, (start, end), is_class=is_class)


def _build_places(
    definition: Definition, prefix: str, depth: int, lines: tuple[int, int], *, is_class: bool
) -> Iterator[_Place]:
    symbol = ".".join(part for part in (prefix, definition.name) if part)
    body = definition.body.children if definition.body is not None and depth else []
    if definition.kind == "namespace":
        yield from _find_places(body, symbol, depth - 1, is_class=False)
        return
    inner = tuple(_find_places(body, symbol, depth - 1, is_class=True))
    kind = "method" if definition.kind == "function" and is_class else definition.kind
    yield _Place(kind, symbol or None, *lines, inner)


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


def _paint(painted: list[_Place | None], places: Iterable[_Place]) -> None:
    """Give each line to the innermost place that covers it."""
    for place in places:
        end = min(place.end, len(painted))
        painted[place.start - 1 : end] = [place] * (end - place.start + 1)
        _paint(painted, place.inner)


def _find_runs(painted: Sequence[_Place | None]) -> list[Span]:
    """Spans of adjacent lines of one place; a class that its methods interrupt has several."""
    spans, line = [], 1
    for _identity, run in groupby(painted, key=id):
        members = list(run)
        place = members[0]
        kind, symbol = (place.kind, place.symbol) if place is not None else ("module", None)
        spans.append(Span(kind, symbol, line, line + len(members) - 1))
        line += len(members)
    return spans


def _join_bare_ends(spans: Sequence[Span], lines: Sequence[str]) -> list[Span]:
    """Lines that hold no word, such as a class's last brace, go to the span before them."""
    joined: list[Span] = []
    for span in spans:
        has_words = any(re.search(r"\w", line) for line in lines[span.start - 1 : span.end])
        if joined and not has_words:
            joined[-1] = replace(joined[-1], end=span.end)
        else:
            joined.append(span)
    return joined
