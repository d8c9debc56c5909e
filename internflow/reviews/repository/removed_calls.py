"""A function or method that a commit removed and other code still calls: all languages but Python's functions. Pure."""

import re
from collections.abc import Iterator

from internflow.reviews.catalog import is_apart
from internflow.reviews.findings import Problem
from internflow.reviews.repository.bindings import is_binding
from internflow.reviews.repository.callers import (
    CONSTRUCTORS,
    CallPlace,
    find_callers,
    read_calls,
    shorten,
)
from internflow.reviews.repository.commits import Commit, Placed
from internflow.reviews.repository.facts import CodeSymbol
from internflow.reviews.repository.nodes import find_names
from internflow.reviews.repository.parameters import LANGUAGES
from internflow.reviews.repository.rules import REMOVED_CALL
from internflow.reviews.repository.snapshot import Snapshot

MOST_USES = 5
MOST_NAMES = 200
MOST_BASES = 20
LONGEST_QUOTE = 12

_DYNAMIC = frozenset({"__getattr__", "__getattribute__", "setattr", "Proxy", "method_missing"})
_ROOTS = frozenset(
    {"object", "ABC", "abc", "Generic", "Protocol", "t", "typing", "metaclass", "ABCMeta"}
)
_word = re.compile(r"[^\W\d]\w*")


def find_removed_calls(commit: Commit) -> Iterator[Placed]:
    """The calls that surely meant a definition that no file of the tree has any more."""
    for old_path, symbol in _find_gone(commit):
        sure = find_callers(commit.before, old_path, symbol)
        places = {(p.path, p.call.receiver) for p in sure}
        still = [
            place
            for path in sorted({p.path for p in sure})
            if path in commit.after.files and not _may_mean_other(commit.after, path, symbol.name)
            for place in read_calls(commit.after, path, symbol.name)
            if (path, place.call.receiver) in places
        ]
        for place in still[:MOST_USES]:
            yield place.path, _build_problem(shorten(place, LONGEST_QUOTE), old_path, symbol)


def call_stands(snapshot: Snapshot, path: str, subject: str) -> bool | None:
    """Whether the name is still called in this file and still defined nowhere."""
    _origin, _, symbol = subject.partition("::")
    name = symbol.rpartition(".")[2]
    if path not in snapshot.files or snapshot.find_definitions(name):
        return False
    if _may_mean_other(snapshot, path, name):
        return None
    return any(True for _ in read_calls(snapshot, path, name))


def _find_gone(commit: Commit) -> Iterator[tuple[str, CodeSymbol]]:
    count = 0
    for change in commit.changes:
        old_path = change.old_path or change.path
        old = commit.before.find_facts(old_path)
        if old is None or change.change_kind in ("added", "copied") or is_apart(old_path):
            continue
        new = commit.after.find_facts(change.path)
        if new is None and change.path in commit.after.files:
            continue  # it is there and cannot be read
        if new is not None and _DYNAMIC & new.words:
            continue
        kept = {s.name for s in new.symbols} if new is not None else set()
        for symbol in old.symbols:
            if symbol.name not in kept and _can_tell(commit, old_path, symbol):
                yield old_path, symbol
                count += 1
                if count >= MOST_NAMES:
                    return


def _can_tell(commit: Commit, path: str, symbol: CodeSymbol) -> bool:
    """Whether a call of this name means this definition or nothing."""
    language = commit.before.files[path].language
    if not symbol.is_function or symbol.name in CONSTRUCTORS or language not in LANGUAGES:
        return False
    is_method = symbol.kind == "method" or (language == "go" and bool(symbol.owner))
    if language == "python" and not is_method:
        return False  # imports tell more, and a name that its own file lacks is told by others
    if language == "go" and is_method:
        return False  # an embedded type may have one
    if commit.after.find_definitions(symbol.name):
        return False
    if is_method and not _has_known_bases(commit.before, path, symbol.owner):
        return False
    pattern = _other_meanings(symbol.name)
    users = commit.after.find_mentions(symbol.name)
    return not any(_is_given(commit.after, user, pattern) for user in users)


def _is_given(snapshot: Snapshot, path: str, pattern: re.Pattern[str]) -> bool:
    """Whether a file gives the name a meaning that is no definition, or has it as a string."""
    return any(pattern.search(line) for line in snapshot.read_lines(path))


def _other_meanings(name: str) -> re.Pattern[str]:
    n = re.escape(name)
    return re.compile(
        rf"\.{n}\s*=[^=]|['\"]{n}['\"]|#\s*define\s+{n}\b|^\s*{n}\s*[:=]|[{{,]\s*{n}\s*[:,}}]"
    )


def _has_known_bases(snapshot: Snapshot, path: str, owner: str) -> bool:
    """Whether all that a class inherits from is in the tree, so that nothing else can have the method."""
    facts = snapshot.find_facts(path)
    waiting = [s for s in (facts.symbols if facts is not None else ()) if s.symbol == owner]
    seen: set[str] = set()
    if not waiting or (facts is not None and _DYNAMIC & facts.words):
        return False
    while waiting:
        symbol = waiting.pop()
        for base in _word.findall(symbol.signature.partition(symbol.name)[2]):
            if base in seen or base in _ROOTS:
                continue
            seen.add(base)
            found = [s for _p, s in snapshot.find_definitions(base) if s.kind == "class"]
            if not found or len(seen) > MOST_BASES:
                return False
            waiting += found
    return True


def _may_mean_other(snapshot: Snapshot, path: str, name: str) -> bool:
    """Whether a file imports or binds the name itself."""
    root, lines = snapshot.read_root(path), snapshot.read_lines(path)
    if root is None or root.has_error:
        return True
    if any(re.match(r"\s*import\b", line) and name in line for line in lines):
        return True
    return any(is_binding(node) for node in find_names(root, lines, name))


def _build_problem(place: CallPlace, path: str, symbol: CodeSymbol) -> Problem:
    return Problem(
        REMOVED_CALL,
        place.call.line,
        place.call.end_line,
        f"`{symbol.symbol}` is called here, and {path} no longer defines it",
        place.quote,
        subject=f"{path}::{symbol.symbol}",
    )
