"""Sections of documents: Markdown by its headings, reStructuredText by its underlined titles. Pure."""

import re
from collections.abc import Iterator, Sequence

from internflow.repos.spans import Span

LONGEST_TITLE = 200

_underline = re.compile(r"([!-/:-@\[-`{-~])\1{2,}\s*$")


def find_sections(language: str, lines: Sequence[str]) -> list[Span]:
    """The sections of a document, each with its heading as symbol; they cover every line once."""
    headings = _find_titles(lines) if language == "rst" else _find_headings(lines)
    spans: list[Span] = []
    start, symbol = 1, None
    for number, heading in headings:
        if number > start:
            spans.append(Span("section", symbol, start, number - 1))
        start, symbol = number, heading[:LONGEST_TITLE] or None
    return [*spans, Span("section", symbol, start, len(lines))]


def _find_headings(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Headings of a Markdown text with their lines; those in code fences are none."""
    fence = ""
    for number, line in enumerate(lines, start=1):
        mark = re.match(r" {0,3}(```|~~~)", line)
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
        heading = None if fence else re.match(r"#{1,6}\s+(.+)", line)
        if heading:
            yield number, heading[1].strip().rstrip("#").strip()


def _find_titles(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Titles of a reStructuredText with the lines where they begin, a line above the title included."""
    for row in range(1, len(lines)):
        title, line = lines[row - 1].rstrip(), lines[row].rstrip()
        if not _underline.match(line) or not re.search(r"\w", title):
            continue
        if len(line) < len(title) or (title != title.lstrip() and not _is_over(lines, row)):
            continue  # an indented line over dots is no title, nor is one longer than its underline
        yield row - 1 if _is_over(lines, row) else row, title.strip()


def _is_over(lines: Sequence[str], row: int) -> bool:
    """Whether the title above this underline has the same line above it, too."""
    return row >= 2 and lines[row - 2].rstrip() == lines[row].rstrip()
