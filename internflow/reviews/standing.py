"""Where a finding's text stands at a commit, now that its file may have been renamed, edited or laid out anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from internflow.repos.mirrors import Mirror
from internflow.reviews.findings import Finding, normalise_quote
from internflow.reviews.lines import split_lines
from internflow.reviews.reading import find_reading
from internflow.reviews.rule import RelatedPlace
from internflow.reviews.sources import LeftOut, find_blob, read_source

LONGEST_GROWTH = 20  # lines that a formatter may make of a quote beyond those that it had


@dataclass(frozen=True)
class Place:
    """Lines of a file at the mirror's head, 1-based and inclusive, with their text."""

    path: str
    start_line: int
    end_line: int
    quote: str


def find_place(
    mirror: Mirror, finding: Finding, paths: Iterable[str], line: int | None
) -> Place | None:
    """The finding's place in the first of the files that has its text at this line; None without one.

    Where a line is all that is left of the text (a signature that changed, say), the line alone.
    """
    fallback = None
    for path in paths if line is not None else ():
        lines = _read_lines(mirror, path)
        if line is None or not 1 <= line <= len(lines):
            continue
        place = _match(path, lines, line, normalise_quote(finding.quote))
        if place is not None:
            return place
        fallback = fallback or Place(path, line, line, lines[line - 1])
    return fallback


def find_line(mirror: Mirror, path: str, quote: str, near: int) -> int | None:
    """The line of a file at the mirror's head where a quote begins, the nearest to a line; None without one."""
    lines, wanted = _read_lines(mirror, path), normalise_quote(quote)
    if not wanted:
        return None
    starts = sorted(range(1, len(lines) + 1), key=lambda line: abs(line - near))
    return next((n for n in starts if _match(path, lines, n, wanted)), None)


def find_related(mirror: Mirror, related: RelatedPlace) -> RelatedPlace | None:
    """Where related code stands at the mirror's head: where it was, else the first place with its text."""
    lines, wanted = _read_lines(mirror, related.path), split_lines(related.quote)
    starts = [related.start_line, *range(1, len(lines) - len(wanted) + 2)]
    for start in starts:
        end = start + len(wanted) - 1
        if lines[start - 1 : end] == wanted:
            return replace(related, start_line=start, end_line=end)
    return None


def _match(path: str, lines: Sequence[str], start: int, wanted: str) -> Place | None:
    """The shortest run of lines from `start` that is the wanted text, layout apart."""
    for end in range(start, min(len(lines), start + len(wanted) + LONGEST_GROWTH) + 1):
        quote = "\n".join(lines[start - 1 : end])
        dense = normalise_quote(quote)
        if dense == wanted:
            return Place(path, start, end, quote)
        if len(dense) > len(wanted) + 1:  # a trailing comma may go again with the next line
            return None
    return None


def _read_lines(mirror: Mirror, path: str) -> list[str]:
    blob_sha = find_blob(mirror, mirror.head_sha, path)
    text = (
        read_source(mirror, blob_sha, find_reading(path) or "text")
        if blob_sha
        else LeftOut("not there")
    )
    return [] if isinstance(text, LeftOut) else split_lines(text)
