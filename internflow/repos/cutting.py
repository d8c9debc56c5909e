"""Cuts long spans into pieces at statement borders; each piece repeats the last lines of the one before. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from internflow.repos.definitions import COMMENTS
from internflow.repos.spans import Span

MOST_LINES = 80
TEXT_BLOCK_LINES = 60
OVERLAP_LINES = 3
DEEPEST_BORDER = 40


@dataclass(frozen=True)
class Piece:
    """Lines of a span, from 1, both included; the first `overlap_lines` of them repeat the piece before."""

    start: int
    end: int
    overlap_lines: int
    is_continued: bool


def find_borders(root: Node) -> dict[int, int]:
    """Lines at which a statement begins, with how deep it stands: where code may be cut, best at the least depth."""
    borders: dict[int, int] = {}
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        row, is_after_comment = node.start_point[0], False
        for child in node.children:
            if not child.is_named:
                continue
            line = child.start_point[0] + 1
            if child.start_point[0] > row and not is_after_comment:
                borders[line] = min(depth, borders.get(line, depth))
            row = child.end_point[0]
            is_after_comment = child.type in COMMENTS
            if row >= line and depth < DEEPEST_BORDER:  # one of several lines
                waiting.append((child, depth + 1))
    return borders


def cut_span(span: Span, lines: Sequence[str], borders: Mapping[int, int]) -> Iterator[Piece]:
    """Pieces of a span, without the blank lines at their ends; none when it is blank."""
    most = MOST_LINES if span.kind != "text" else TEXT_BLOCK_LINES
    written = _trim(lines, span.start, span.end)
    if written is None:
        return
    start, last = written
    before = 0
    while True:
        end = min(last, start + most - 1)
        if end < last:
            end = _find_cut(lines, borders, start + most // 2, end)
        piece = _trim(lines, start, end)
        if piece is not None:
            first, stop = piece
            yield Piece(first, stop, max(0, before - first + 1), before > 0)
            before = stop
        if end >= last:
            return
        start = end + 1 - OVERLAP_LINES


def _find_cut(lines: Sequence[str], borders: Mapping[int, int], low: int, high: int) -> int:
    """The last line before the least deep statement between two lines, else a blank line, else the last."""
    cuts = [(borders[n + 1], -n) for n in range(low, high + 1) if n + 1 in borders]
    if cuts:
        return -min(cuts)[1]
    return next((n for n in range(high, low - 1, -1) if not lines[n - 1].strip()), high)


def _trim(lines: Sequence[str], start: int, end: int) -> tuple[int, int] | None:
    while start <= end and not lines[start - 1].strip():
        start += 1
    while end >= start and not lines[end - 1].strip():
        end -= 1
    return (start, end) if start <= end else None
