"""What is to know of a stretch of text in one language: its spans, where it may be cut, its symbols and uses. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from internflow.repos.cutting import MOST_LINES, find_borders
from internflow.repos.documents import find_sections
from internflow.repos.places import Place, find_places, walk_places
from internflow.repos.spans import Span, build_spans
from internflow.repos.syntax import parse_code
from internflow.repos.uses import Uses, find_uses

MOST_SPANS = 2_000  # a file of more definitions is data; every chunk costs an encoding
SECTIONED = frozenset({"markdown", "rst"})
# A rule or an element is found as a symbol, but alone says too little to be a chunk.
UNDIVIDED = frozenset({"html", "css"})


@dataclass(frozen=True)
class Outline:
    spans: Sequence[Span]
    borders: Mapping[int, int] = field(default_factory=dict)
    places: Sequence[Place] = ()
    uses: Uses = field(default_factory=Uses)


def build_outline(language: str, lines: Sequence[str]) -> Outline:
    """Definitions or sections where the language has them; one span of text where they cannot be told."""
    if language in SECTIONED:
        return Outline(_bound(find_sections(language, lines), lines))
    root = parse_code(language, "\n".join(lines).encode())
    if root is None:
        return Outline([Span("text", None, 1, len(lines))])
    places = find_places(root, lines)
    spans = _bound(build_spans([] if language in UNDIVIDED else places, lines), lines)
    known = list(islice(walk_places(places), MOST_SPANS))
    is_long = any(span.end - span.start >= MOST_LINES for span in spans)
    return Outline(
        spans,
        find_borders(root) if is_long else {},
        known,
        find_uses(language, root, {(place.line, place.name) for place in known}),
    )


def _bound(spans: list[Span], lines: Sequence[str]) -> list[Span]:
    return spans if len(spans) <= MOST_SPANS else [Span("text", None, 1, len(lines))]
