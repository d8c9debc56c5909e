"""Edits of a text, and on which lines of the new text they stand. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from internflow.reviews.lines import LINE_END


@dataclass(frozen=True, order=True)
class Edit:
    """The characters from `start` up to `end` become `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Change:
    """A text after edits. `lines` are those that the change is about, 1-based, in the text after."""

    text: str
    lines: frozenset[int]


def change_text(text: str, edits: Iterable[Edit], places: Sequence[int] = ()) -> Change:
    """Make edits that do not overlap. `places` are offsets of the old text that the change is about, too."""
    ordered = sorted(edits)
    parts: list[str] = []
    spans: list[tuple[int, int]] = []  # in the new text
    moved: list[tuple[int, int]] = [(0, 0)]  # from an old offset on, so far is the new one away
    last = length = 0
    for edit in ordered:
        parts += [text[last : edit.start], edit.text]
        length += edit.start - last
        spans.append((length, length + max(0, len(edit.text) - 1)))
        length += len(edit.text)
        moved.append((edit.end, length - edit.end))
        last = edit.end
    new = "".join([*parts, text[last:]])
    for place in places:
        at = place + next(by for since, by in reversed(moved) if since <= place)
        spans.append((at, at))
    starts = find_line_starts(new)
    lines = {
        line
        for first, final in spans
        for line in range(bisect_right(starts, first), bisect_right(starts, final) + 1)
    }
    return Change(new, frozenset(lines))


def find_line_starts(text: str) -> list[int]:
    """Where each line begins."""
    return [0, *(end.end() for end in LINE_END.finditer(text))]


def indent_at(text: str, offset: int) -> str:
    """The white space at the start of the line that this offset is on."""
    line = text[text.rfind("\n", 0, offset) + 1 :]
    return line[: len(line) - len(line.lstrip(" \t"))]


def whole_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with its indentation and line end, when nothing else stands on its lines."""
    first = text.rfind("\n", 0, start) + 1
    final = text.find("\n", end)
    final = len(text) if final < 0 else final + 1
    if text[first:start].strip() or text[end:final].strip():
        return start, end
    return first, final
