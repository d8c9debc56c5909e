"""What a Python file imports, and which file of the tree a module is. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from tree_sitter import Node

from internflow.reviews.repository.nodes import (
    ancestors,
    find_matches,
    last_line_of,
    line_of,
    text_of,
)

USUAL_ROOTS = ("", "src/", "lib/", "python/")


@dataclass(frozen=True)
class Import:
    """One imported name: `from module import name as bound`, or without a name `import module as bound`.

    A guarded one stands in a `try` or an `if`, where it may well fail.
    """

    module: str
    name: str | None
    bound: str
    line: int
    end_line: int
    is_guarded: bool


@dataclass(frozen=True)
class Modules:
    """The Python files of a tree by the names under which they can be imported."""

    paths: frozenset[str]

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        stems: dict[str, list[str]] = {}
        for path in sorted(self.paths):
            stems.setdefault(_dotted(path)[-1], []).append(path)
        return stems

    def resolve(self, importer: str, module: str) -> str | None:
        """The file of a module as a file names it; None when it is outside the tree or could be several."""
        relative = len(module) - len(module.lstrip("."))
        parts = [part for part in module[relative:].split(".") if part]
        if relative:
            folder = PurePosixPath(importer).parts[:-1]
            if relative - 1 > len(folder):
                return None
            return self._find("/".join((*folder[: len(folder) - relative + 1], *parts)))
        if not parts:
            return None
        found = [
            path
            for path in self._by_stem.get(parts[-1], ())
            if self._is_importable(importer, _dotted(path), parts)
        ]
        if len(found) == 1:
            return found[0]
        usual = {self._find(root + "/".join(parts)) for root in USUAL_ROOTS} & set(found)
        return usual.pop() if len(usual) == 1 else None

    def _is_importable(self, importer: str, dotted: Sequence[str], parts: Sequence[str]) -> bool:
        """Whether a file is what an absolute name means: it hangs in a folder that is no package itself.

        A name alone may mean a package from outside, unless the folder is a usual one or around the importer.
        """
        if tuple(dotted[-len(parts) :]) != tuple(parts):
            return False
        folder = "".join(f"{part}/" for part in dotted[: -len(parts)])
        if f"{folder}__init__.py" in self.paths:
            return False
        return len(parts) > 1 or folder in USUAL_ROOTS or importer.startswith(folder)

    def _find(self, place: str) -> str | None:
        names = (f"{place}.py", f"{place}/__init__.py" if place else "__init__.py")
        return next((name for name in names if name in self.paths), None)


def find_imports(root: Node, lines: Sequence[str]) -> list[Import]:
    """The imports of a Python file, wherever in it they stand."""
    found: list[Import] = []
    seen: set[int] = set()
    for needle in ("from", "import"):
        for node in find_matches(root, lines, _statement_of(needle), needle):
            statement = node.parent
            if statement is not None and "import" in statement.type and statement.id not in seen:
                seen.add(statement.id)
                found += _read_statement(statement)
    return found


def _statement_of(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.]){word}\b")


def _read_statement(node: Node) -> Iterable[Import]:
    guards = {"try_statement", "if_statement", "except_clause", "with_statement"}
    is_guarded = any(around.type in guards for around in ancestors(node))
    module = text_of(node.child_by_field_name("module_name"))
    for child in node.children_by_field_name("name"):
        named = child.child_by_field_name("name") if child.type == "aliased_import" else child
        alias = text_of(child.child_by_field_name("alias"))
        name = text_of(named)
        lines = (line_of(node), last_line_of(node))
        if node.type == "import_from_statement":
            yield Import(module, name, alias or name, *lines, is_guarded)
        elif node.type == "import_statement":
            yield Import(name, None, alias or name, *lines, is_guarded)
    if any(child.type == "wildcard_import" for child in node.children):
        yield Import(module, "*", "*", line_of(node), last_line_of(node), is_guarded)


def _dotted(path: str) -> tuple[str, ...]:
    parts = PurePosixPath(path).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts
