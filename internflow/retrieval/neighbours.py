"""What stands around passages: the places that use what they define, and the definitions of what they use.

By name alone, as the warehouse has it: a name that many things have leads nowhere.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from internflow.repos.chunks import CHUNKER
from internflow.repos.languages import PROSE
from internflow.retrieval.passages import find_last_name
from internflow.retrieval.search import Passage
from internflow.warehouse.connections import Connection

MOST_SHOWN = 3  # of each kind, beside one passage
MOST_NAMESAKES = 3  # a name with more definitions does not tell which of them is meant
MOST_USES = 60  # of one name, looked at

USES_IN_FILES = (
    "select path, name, line from app.uses where repo_id = %s and chunker = %s and path = any(%s)"
)
USES_OF_NAMES = """
    select path, name, line from (
      select path, name, line, row_number() over (partition by name order by path, line) as nth
      from app.uses where repo_id = %s and chunker = %s and name = any(%s)
    ) uses where nth <= %s
"""
DEFINITIONS = """
    select name, path, symbol, start_line as line from (
      select name, path, symbol, start_line, row_number() over (partition by name order by path, start_line) as nth
      from app.definitions where repo_id = %s and chunker = %s and name = any(%s)
    ) definitions where nth <= %s
"""
SPANS = """
    select path, symbol, start_line, end_line from app.passages
    where repo_id = %s and chunker = %s and path = any(%s) and symbol is not null
"""


@dataclass(frozen=True)
class Place:
    """A line of a file; `symbol` is what is defined there, or what encloses it."""

    path: str
    line: int
    symbol: str | None


@dataclass(frozen=True)
class Neighbours:
    """Of one passage: places that use its symbol, and where the symbols are defined that it uses most."""

    used_by: tuple[Place, ...] = ()
    uses: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Use:
    path: str
    name: str
    line: int


@dataclass(frozen=True)
class Surroundings:
    """What the warehouse knows around some passages; definitions by name, with one more than namesakes are allowed."""

    uses_inside: Sequence[Use]
    uses_of_symbols: Sequence[Use]
    definitions: dict[str, list[Place]] = field(default_factory=dict)
    spans: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)


def find_neighbours(
    connection: Connection, repo_id: str, passages: Sequence[Passage]
) -> tuple[Neighbours, ...]:
    """The neighbours of each passage of an answer, at the commit of the index and for whoever the connection is."""
    around = read_surroundings(connection, repo_id, passages)
    return tuple(
        Neighbours(choose_used_by(passage, around), choose_uses(passage, around))
        for passage in passages
    )


def read_surroundings(
    connection: Connection, repo_id: str, passages: Sequence[Passage]
) -> Surroundings:
    """Read around all passages at once."""
    where = (repo_id, CHUNKER)
    paths = sorted({p.path for p in passages})
    found = connection.execute(USES_IN_FILES, (*where, paths)).fetchall()
    inside = [u for u in (Use(**row) for row in found) if any(_holds(p, u) for p in passages)]
    symbols = sorted({name for p in passages if (name := _find_own_name(p))})
    rows = connection.execute(USES_OF_NAMES, (*where, symbols, MOST_USES)).fetchall()
    of_symbols = [Use(**row) for row in rows]
    around = Surroundings(inside, of_symbols)
    names = sorted({*symbols, *(use.name for use in inside)})
    for row in connection.execute(DEFINITIONS, (*where, names, MOST_NAMESAKES + 1)):
        around.definitions.setdefault(row.pop("name"), []).append(Place(**row))
    for row in connection.execute(SPANS, (*where, sorted({use.path for use in of_symbols}))):
        span = (row["start_line"], row["end_line"], row["symbol"])
        around.spans.setdefault(row["path"], []).append(span)
    return around


def choose_used_by(passage: Passage, around: Surroundings) -> tuple[Place, ...]:
    """Places that use the passage's symbol: the nearest files first, one in each function, no import beside it."""
    name = _find_own_name(passage)
    if name is None or not _is_telling(name, around):
        return ()
    places = [
        Place(use.path, use.line, _find_enclosing(use, around))
        for use in around.uses_of_symbols
        if use.name == name and not _holds(passage, use)
    ]
    others = [p for p in places if (p.path, p.symbol) != (passage.path, passage.symbol)]
    first = {(p.path, p.symbol): p for p in sorted(others, key=_get_line, reverse=True)}
    inside = {p.path for p in first.values() if p.symbol}
    telling = [p for p in first.values() if p.symbol or p.path not in inside]
    return tuple(sorted(telling, key=lambda p: _rank(passage, p))[:MOST_SHOWN])


def choose_uses(passage: Passage, around: Surroundings) -> tuple[Place, ...]:
    """Where the symbols are defined that the passage names on most of its lines."""
    counts = Counter(use.name for use in around.uses_inside if _holds(passage, use))
    chosen: list[Place] = []
    for name, _count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        places = around.definitions.get(name, [])
        outside = [p for p in places if not _covers(passage, p.path, p.line)]
        if _is_telling(name, around) and outside:
            nearest = min(outside, key=lambda p: _rank(passage, p))
            chosen += [nearest] if nearest not in chosen else []
    return tuple(chosen[:MOST_SHOWN])


def _find_own_name(passage: Passage) -> str | None:
    """The name that code would use; headings of documents are none."""
    return None if passage.language in PROSE else find_last_name(passage.symbol)


def _is_telling(name: str, around: Surroundings) -> bool:
    return len(around.definitions.get(name, [])) <= MOST_NAMESAKES


def _holds(passage: Passage, use: Use) -> bool:
    return _covers(passage, use.path, use.line)


def _covers(passage: Passage, path: str, line: int) -> bool:
    return path == passage.path and passage.start_line <= line <= passage.end_line


def _find_enclosing(use: Use, around: Surroundings) -> str | None:
    spans = around.spans.get(use.path, [])
    return next((symbol for start, end, symbol in spans if start <= use.line <= end), None)


def _get_line(place: Place) -> int:
    return place.line


def _rank(passage: Passage, place: Place) -> tuple[int, str, int]:
    return (-_count_shared(passage.path.split("/"), place.path.split("/")), place.path, place.line)


def _count_shared(ours: Iterable[str], theirs: Iterable[str]) -> int:
    """How many folders, from the top on, two paths have in common."""
    shared = 0
    for own, other in zip(ours, theirs, strict=False):
        if own != other:
            break
        shared += 1
    return shared
