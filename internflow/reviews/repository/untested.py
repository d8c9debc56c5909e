"""The behaviour of a function changed, and the test that exercises it was left as it is. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from tree_sitter import Node

from internflow.reviews.catalog import is_apart
from internflow.reviews.findings import Problem
from internflow.reviews.repository.commits import Commit, Placed
from internflow.reviews.repository.facts import CodeSymbol, find_function
from internflow.reviews.repository.nodes import word_pattern
from internflow.reviews.repository.rules import UNTESTED
from internflow.reviews.repository.snapshot import Snapshot
from internflow.reviews.rule import RelatedPlace

FEWEST_STATEMENTS = 3  # of the function
LEAST_CHANGE = 2  # statements
MOST_NODES = 20_000
FEWEST_LETTERS = 3
AT = " @ "

_statement = re.compile(
    r"_statement$|^(\w+_)?clause$|_declaration$|^call(_expression)?$|^assignment"
)
_idle = re.compile(r"^import|^future_import|^pass_statement$|^expression_statement$|type_|^package")


@dataclass(frozen=True)
class _Change:
    path: str
    symbol: CodeSymbol
    size: int  # statements added and removed
    test_path: str


def find_untested(commit: Commit) -> Iterator[Placed]:
    """The function of a commit without tests that changed most, if a test of its module uses it."""
    if any(is_test(change.path) for change in commit.changes):
        return
    changes = list(_find_changes(commit))
    if changes:
        largest = max(changes, key=lambda c: c.size)
        yield largest.path, _build_problem(commit.after, largest)


def test_was_left(snapshot: Snapshot, path: str, subject: str) -> bool | None:
    """Whether the test is still as it was at the commit."""
    _symbol, _, place = subject.partition(AT)
    test_path, _, version = place.rpartition(":")
    file = snapshot.files.get(test_path)
    return path in snapshot.files and file is not None and file.blob_sha.startswith(version)


def is_test(path: str) -> bool:
    """Whether a file is a test or something that tests use."""
    return is_apart(path) or re.search(r"[._-](test|spec)s?\.\w+$|Tests?\.\w+$", path) is not None


def _find_changes(commit: Commit) -> Iterator[_Change]:
    tests: dict[str, list[str]] = {}
    for old_path, earlier, path, symbol in commit.walk_changed_functions():
        if path not in tests:
            tests[path] = [] if is_test(path) else _find_tests(commit.after, path)
        test_path = next((t for t in tests[path] if _uses(commit.after, t, symbol)), None)
        if test_path is None:
            continue
        old = _count_statements(commit.before, old_path, earlier)
        new = _count_statements(commit.after, path, symbol)
        size = sum(((new - old) + (old - new)).values())
        if size >= LEAST_CHANGE and sum(new.values()) >= FEWEST_STATEMENTS:
            yield _Change(path, symbol, size, test_path)


def _find_tests(snapshot: Snapshot, path: str) -> list[str]:
    """The tests that are named after a module, in its language."""
    place = PurePosixPath(path)
    stem = (place.parent.name if place.stem in ("__init__", "index") else place.stem).strip("_")
    names = {
        f"{mark}{sign}{stem}".lower() for mark in ("test", "tests") for sign in ("_", "-", "")
    } | {
        f"{stem}{sign}{mark}".lower()
        for mark in ("test", "tests", "spec")
        for sign in ("_", "-", ".", "")
    }
    language = snapshot.files[path].language
    return [
        p
        for p, file in snapshot.files.items()
        if file.language == language and file.facts and PurePosixPath(p).stem.lower() in names
    ]


def _uses(snapshot: Snapshot, test_path: str, symbol: CodeSymbol) -> bool:
    """Whether a test has the name of a function, or for a special method that of its class."""
    facts = snapshot.find_facts(test_path)
    name = symbol.owner.rpartition(".")[2] if symbol.name.startswith("__") else symbol.name
    return facts is not None and len(name) >= FEWEST_LETTERS and name in facts.words


def _count_statements(snapshot: Snapshot, path: str, symbol: CodeSymbol) -> Counter[str]:
    """The statements, calls and assignments of a function by kind; no comments, types, imports or formatting."""
    root, lines = snapshot.read_root(path), snapshot.read_lines(path)
    node = find_function(root, lines, symbol.line, symbol.name) if root is not None else None
    body = _find_body(node) if node is not None else None
    counts: Counter[str] = Counter()
    waiting = [body] if body is not None else []
    seen = 0
    while waiting and seen < MOST_NODES:
        inner = waiting.pop()
        seen += 1
        if _statement.search(inner.type) and not _idle.search(inner.type):
            counts[inner.type] += 1
        waiting += inner.named_children
    return counts


def _find_body(node: Node) -> Node | None:
    body = node.child_by_field_name("body")
    if body is None and node.parent is not None:  # in C the parameters belong to a declarator
        body = node.parent.child_by_field_name("body")
    return body


def _build_problem(snapshot: Snapshot, change: _Change) -> Problem:
    symbol, test_path = change.symbol, change.test_path
    name = symbol.owner.rpartition(".")[2] if symbol.name.startswith("__") else symbol.name
    lines = snapshot.read_lines(test_path)
    place = next(
        (
            RelatedPlace(test_path, number, number, line, f"this test uses `{name}`")
            for number, line in enumerate(lines, start=1)
            if word_pattern(name).search(line)
        ),
        None,
    )
    return Problem(
        UNTESTED,
        symbol.line,
        symbol.line,
        f"What `{symbol.symbol}` does changed, and {test_path} was not touched",
        snapshot.read_lines(change.path)[symbol.line - 1],
        subject=f"{symbol.symbol}{AT}{test_path}:{snapshot.files[test_path].blob_sha[:12]}",
        related=(place,) if place is not None else (),
    )
