"""What became of the functions and classes of the files that a commit changes. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from internflow.repos.history import FileChange

SymbolKind = Literal["function", "class"]


@dataclass(frozen=True)
class Definition:
    """A function or class of a version, `symbol` with the names around it; `digest` stands for its text.

    `is_test`: a test, or a class of tests. `complexity` is known of functions whose other version differs.
    """

    symbol: str
    kind: SymbolKind
    digest: bytes
    is_test: bool = False
    complexity: int | None = None


@dataclass(frozen=True)
class ChangedFile:
    """A changed file with what its versions before and after define; nothing for what is no code.

    `is_unread`: code that was too large, too much, or could not be parsed.
    """

    change: FileChange
    before: tuple[Definition, ...] = ()
    after: tuple[Definition, ...] = ()
    is_code: bool = False
    is_unread: bool = False


@dataclass
class Compared:
    """`changed` has both versions; `tests` are new. What moved came unchanged from another file."""

    added: list[Definition] = field(default_factory=list)
    changed: list[tuple[Definition, Definition]] = field(default_factory=list)
    moved: list[Definition] = field(default_factory=list)
    removed: list[Definition] = field(default_factory=list)
    tests: list[Definition] = field(default_factory=list)


def compare_files(files: Sequence[ChangedFile]) -> Compared:
    """What became of every definition of these files, in their order."""
    compared = Compared()
    came: list[Definition] = []
    left: list[Definition] = []
    for file in files:
        before, after = by_symbol(file.before), by_symbol(file.after)
        new = [definitions[0] for name, definitions in after.items() if name not in before]
        old = [definitions[0] for name, definitions in before.items() if name not in after]
        compared.changed += _drop_enclosing(find_changed(before, after), [*new, *old])
        came += _drop_enclosed(new)
        left += _drop_enclosed(old)
    gone = Counter((d.symbol, d.digest) for d in left)
    for definition in came:
        _place_new(compared, definition, gone)
    moved = {(d.symbol, d.digest) for d in compared.moved}
    compared.removed += [d for d in left if (d.symbol, d.digest) not in moved]
    return compared


def by_symbol(definitions: Iterable[Definition]) -> Mapping[str, list[Definition]]:
    """Definitions by their qualified name, which several may share: overloads, a property and its setter."""
    named: dict[str, list[Definition]] = defaultdict(list)
    for definition in definitions:
        named[definition.symbol].append(definition)
    return named


def find_changed(
    before: Mapping[str, list[Definition]], after: Mapping[str, list[Definition]]
) -> list[tuple[Definition, Definition]]:
    """The names of both sides whose text differs: of several alike, the first that differs."""
    changed = []
    for name, new in after.items():
        old = before.get(name, [])
        if not old or Counter(d.digest for d in old) == Counter(d.digest for d in new):
            continue
        pairs = list(zip(old, new, strict=False))
        changed.append(next((p for p in pairs if p[0].digest != p[1].digest), pairs[-1]))
    return changed


def _drop_enclosing(
    changed: Sequence[tuple[Definition, Definition]], others: Sequence[Definition]
) -> list[tuple[Definition, Definition]]:
    """Without the classes that changed only because something inside them did."""
    touched = {after.symbol for _before, after in changed} | {d.symbol for d in others}
    owners = {name[:end] for name in touched for end in range(len(name)) if name[end] == "."}
    return [pair for pair in changed if pair[1].kind != "class" or pair[1].symbol not in owners]


def _drop_enclosed(definitions: Sequence[Definition]) -> list[Definition]:
    """Without what lies in a class that came or left as a whole; tests count one by one."""
    whole = {d.symbol for d in definitions if not d.is_test}
    return [d for d in definitions if d.is_test or d.symbol.rpartition(".")[0] not in whole]


def _place_new(
    compared: Compared, definition: Definition, gone: Counter[tuple[str, bytes]]
) -> None:
    if gone[definition.symbol, definition.digest] > 0:
        compared.moved.append(definition)
    elif not definition.is_test:
        compared.added.append(definition)
    elif definition.kind == "function":
        compared.tests.append(definition)
