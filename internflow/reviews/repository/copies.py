"""An added function that is nearly the same as one that stands elsewhere in the tree. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from internflow.reviews.catalog import is_apart
from internflow.reviews.findings import Problem
from internflow.reviews.repository.commits import Commit, Placed
from internflow.reviews.repository.facts import CodeSymbol
from internflow.reviews.repository.rules import COPY
from internflow.reviews.repository.shingles import (
    Shingles,
    build_shingles,
    measure_likeness,
    split_tokens,
)
from internflow.reviews.repository.snapshot import Snapshot
from internflow.reviews.rule import RelatedPlace

LEAST_LIKENESS = 0.85
# Each of the six smallest runs of either is in both with that probability: fewer than three are in 1 of 170 such pairs.
FEWEST_SHARED = 3
LONGEST_KEPT = 2_000  # characters
LONGEST_QUOTE = 40
BETWEEN = " ~ "


def find_copies(commit: Commit) -> Iterator[Placed]:
    """The functions that a commit adds though a very similar one is there."""
    added = list(_find_added(commit))
    if not added:
        return
    wanted: dict[int, list[tuple[str, CodeSymbol]]] = {}
    for path, symbol in added:
        for number in symbol.sketch:
            wanted.setdefault(number, []).append((path, symbol))
    told = set()
    for other_path, other in _walk_functions(commit.after):
        if not _stood_before(commit, other_path, other):
            continue
        shared = Counter(one for n in other.sketch for one in wanted.get(n, ()))
        for (path, symbol), count in shared.items():
            if (
                count < FEWEST_SHARED
                or (path, symbol.symbol) in told
                or (path, symbol) == (other_path, other)
            ):
                continue
            likeness = _compare(commit.after, (path, symbol), (other_path, other))
            if likeness >= LEAST_LIKENESS:
                told.add((path, symbol.symbol))
                yield (
                    path,
                    _build_problem(commit.after, (path, symbol), (other_path, other), likeness),
                )


def copy_stands(snapshot: Snapshot, path: str, subject: str) -> bool | None:
    """Whether both functions are still there and alike."""
    name, _, rest = subject.partition(BETWEEN)
    other_path, _, other_name = rest.rpartition("::")
    sides = []
    for place, symbol_name in ((path, name), (other_path, other_name)):
        facts = snapshot.find_facts(place)
        if facts is None and place in snapshot.files:
            return None
        symbol = facts.find_symbol(symbol_name) if facts is not None else None
        if symbol is None:
            return False
        sides.append((place, symbol))
    return _compare(snapshot, sides[0], sides[1]) >= LEAST_LIKENESS


def _find_added(commit: Commit) -> Iterator[tuple[str, CodeSymbol]]:
    """Functions of changed files whose text stood nowhere in the file before."""
    for change in commit.changes:
        new = commit.after.find_facts(change.path)
        if new is None or is_apart(change.path):
            continue
        is_copy = change.change_kind == "copied"
        old = None if is_copy else commit.before.find_facts(change.old_path or change.path)
        names = {s.symbol for s in old.symbols} if old is not None else set()
        for symbol in new.symbols:
            if symbol.sketch and symbol.symbol not in names:
                yield change.path, symbol


def _walk_functions(snapshot: Snapshot) -> Iterator[tuple[str, CodeSymbol]]:
    for path, file in snapshot.files.items():
        if file.facts is not None and not is_apart(path):
            yield from ((path, s) for s in file.facts.symbols if s.sketch)


def _stood_before(commit: Commit, path: str, symbol: CodeSymbol) -> bool:
    facts = commit.before.find_facts(path)
    return facts is not None and any(s.symbol == symbol.symbol for s in facts.symbols)


def _compare(snapshot: Snapshot, one: tuple[str, CodeSymbol], two: tuple[str, CodeSymbol]) -> float:
    return measure_likeness(*(_read_shingles(snapshot, *side) for side in (one, two)))


def _read_shingles(snapshot: Snapshot, path: str, symbol: CodeSymbol) -> Shingles:
    text = "\n".join(_read_text(snapshot, path, symbol))
    return _shingle(text) if len(text) <= LONGEST_KEPT else build_shingles(split_tokens([text]))


@lru_cache(maxsize=8_192)
def _shingle(text: str) -> Shingles:
    """One function is compared with many."""
    return build_shingles(split_tokens([text]))


def _read_text(snapshot: Snapshot, path: str, symbol: CodeSymbol) -> Sequence[str]:
    return snapshot.read_lines(path)[symbol.line - 1 : symbol.end]


def _build_problem(
    snapshot: Snapshot, copy: tuple[str, CodeSymbol], first: tuple[str, CodeSymbol], likeness: float
) -> Problem:
    (path, symbol), (other_path, other) = copy, first
    text = _read_text(snapshot, path, symbol)[:LONGEST_QUOTE]
    other_text = _read_text(snapshot, other_path, other)[:LONGEST_QUOTE]
    return Problem(
        COPY,
        symbol.line,
        symbol.line + len(text) - 1,
        f"`{symbol.symbol}` is {likeness:.0%} the same as `{other.symbol}` in {other_path}",
        "\n".join(text),
        subject=f"{symbol.symbol}{BETWEEN}{other_path}::{other.symbol}",
        related=(
            RelatedPlace(
                other_path,
                other.line,
                other.line + len(other_text) - 1,
                "\n".join(other_text),
                f"`{other.symbol}` stands here already",
            ),
        ),
    )
