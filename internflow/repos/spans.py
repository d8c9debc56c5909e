"""Which lines of a file belong to which function, method, class or section, before long ones are cut. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from internflow.repos.places import Place

_bare_end = re.compile(r"\W*(?:end\b\W*)*")


@dataclass(frozen=True)
class Span:
    """Lines that belong together; lines count from 1, both ends included.

    `header` holds the signature lines of what encloses it; `signature` is its own, for what is cut off it.
    """

    kind: str
    symbol: str | None
    start: int
    end: int
    header: tuple[str, ...] = ()
    signature: str | None = None


def build_spans(places: Sequence[Place], lines: Sequence[str]) -> list[Span]:
    """Functions, methods, what is left of their classes, and what is left of the module; every line once."""
    painted: list[Place | None] = [None] * len(lines)
    _paint(painted, places)
    return _join_bare_ends(_find_runs(painted), lines)


def _paint(painted: list[Place | None], places: Iterable[Place]) -> None:
    """Give each line to the innermost place that covers it."""
    for place in places:
        painted[place.start - 1 : place.end] = [place] * (place.end - place.start + 1)
        _paint(painted, place.inner)


def _find_runs(painted: Sequence[Place | None]) -> list[Span]:
    """Spans of adjacent lines of one place; a class that its methods interrupt has several."""
    spans: list[Span] = []
    seen: set[int] = set()
    line = 1
    for identity, run in groupby(painted, key=id):
        members = list(run)
        end = line + len(members) - 1
        place = members[0]
        if place is None:
            spans.append(Span("module", None, line, end))
        else:
            header = (*place.header, place.signature) if identity in seen else place.header
            # A later part of a class has its signature in the header already.
            signature = None if identity in seen else place.signature
            spans.append(Span(place.kind, place.symbol, line, end, header, signature))
        seen.add(identity)
        line = end + 1
    return spans


def _join_bare_ends(spans: Sequence[Span], lines: Sequence[str]) -> list[Span]:
    """Lines that only end something, such as a class's last brace, go to the span before them."""
    joined: list[Span] = []
    for span in spans:
        is_bare = all(_bare_end.fullmatch(line) for line in lines[span.start - 1 : span.end])
        if joined and is_bare:
            joined[-1] = replace(joined[-1], end=span.end)
        else:
            joined.append(span)
    return joined
