"""Reads how code is broken (`kinds/<language>.yml`) and finds the places in real code where it can be.

Each way is a rule in ast-grep's format for the code that gets broken, and what it becomes: a template with the rule's
$NAMES (`to`), nothing (`gone`), or what a function of moves.py makes of it (`move`).

same: an equivalent that changes nothing. also: other code that the defect is about, with a star wherever that name is
used. once: must occur just once in the function. imports: what the code needs at its top then.
"""

import random
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import ascii_letters, digits
from typing import Any

import yaml
from ast_grep_py import SgNode, SgRoot

from benchmarks.reviews.edits import Edit, indent_at, whole_lines
from benchmarks.reviews.moves import MOVES

FOLDER = Path(__file__).parent / "kinds"
FUNCTIONS = frozenset({
    "function_definition", "function_declaration", "method_declaration", "method_definition", "arrow_function",
    "function_expression", "constructor_declaration", "generator_function_declaration", "func_literal",
})  # fmt: skip
NAME = re.compile(r"(\$\$\$|\$)([A-Z_]+)")
LETTERS = "".join(c for c in ascii_letters + digits if c not in "lIO01")


@dataclass(frozen=True)
class Way:
    """One way to put a kind of defect into code of a family of languages."""

    kind: str
    family: str
    grammars: tuple[str, ...]
    config: Mapping[str, Any]
    to: str | None
    same: str | None
    move: str | None
    also: tuple[str, ...]
    once: str | None
    imports: str | None


@dataclass(frozen=True)
class Spot:
    """A place where the way fits. `same` are edits that change nothing, when the way knows any."""

    way: Way
    node: SgNode
    start: int
    edits: tuple[Edit, ...]
    places: tuple[int, ...]
    same: tuple[Edit, ...]


@cache
def read_ways(family: str) -> tuple[Way, ...]:
    """All ways of a family of languages, in the order of the file."""
    kinds = yaml.safe_load((FOLDER / f"{family}.yml").read_text(encoding="utf-8"))
    return tuple(_read_way(kind, family, way) for kind, ways in kinds.items() for way in ways)


def _read_way(kind: str, family: str, way: dict[str, Any]) -> Way:
    every = {"javascript": ("javascript", "typescript", "tsx"), "c": ("c", "cpp")}
    config = {name: way[name] for name in ("rule", "constraints", "utils") if name in way}
    return Way(
        kind=kind,
        family=family,
        grammars=tuple(way.get("grammars", every.get(family, (family,)))),
        config=config,
        to="" if way.get("gone") else way.get("to"),
        same=way.get("same"),
        move=way.get("move"),
        also=tuple(way.get("also", ())),
        once=way.get("once"),
        imports=way.get("imports"),
    )


def find_spots(way: Way, text: str, root: SgNode, chance: random.Random) -> Iterator[Spot]:
    """The places in functions where the way fits, from the top."""
    for node in root.find_all(dict(way.config)):
        function = find_function(node)
        if function is None:
            continue
        if way.once and function.text().count(_fill(way.once, text, node, chance)) != 1:
            continue
        edits = _make_edits(way, text, node, function, chance)
        if not edits or all(text[e.start : e.end] == e.text for e in edits):
            continue
        if way.imports and way.imports not in text:
            edits = (*edits, *_import(way.imports, text))
        places = [place for name in way.also for place in _find_places(name, node, function)]
        same = () if way.same is None else (_replace(way.same, text, node, chance),)
        yield Spot(way, node, node.range().start.index, edits, tuple(places), same)


def _find_places(name: str, node: SgNode, function: SgNode) -> list[int]:
    """Where the code stands that a rule calls so; with a star in front, wherever that name is used."""
    found = node.get_match(name.removeprefix("*"))
    if found is None:
        return []
    if not name.startswith("*"):
        return [found.range().start.index]
    same = function.find_all(kind="identifier", regex=f"^{found.text()}$")
    return [
        use.range().start.index for use in same if use.range().start.index > node.range().end.index
    ]


def find_function(node: SgNode) -> SgNode | None:
    """The innermost function around a node."""
    return next((a for a in node.ancestors() if a.kind() in FUNCTIONS), None)


def parses(grammar: str, text: str) -> bool:
    """Whether the parser understands all of it, and Python's own compiler, which is stricter."""
    if grammar == "python":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                compile(text, "module.py", "exec", dont_inherit=True)
            except (SyntaxError, ValueError):
                return False
    return SgRoot(text, grammar).root().find(kind="ERROR") is None


def _make_edits(
    way: Way, text: str, node: SgNode, function: SgNode, chance: random.Random
) -> tuple[Edit, ...]:
    if way.move:
        return tuple(MOVES[way.move](text, node, function, chance))
    if not way.to:
        return (Edit(*whole_lines(text, node.range().start.index, node.range().end.index), ""),)
    return (_replace(way.to, text, node, chance),)


def _replace(template: str, text: str, node: SgNode, chance: random.Random) -> Edit:
    span = node.range()
    return Edit(span.start.index, span.end.index, _fill(template, text, node, chance))


def _import(line: str, text: str) -> tuple[Edit, ...]:
    first = re.search(
        r"^import \(\n\s*|^(?=import |from (?!__future__)\w+ import )", text, re.MULTILINE
    )
    if first is None:
        return ()
    indent = "\t" if text[first.start() : first.end()].startswith("import (") else ""
    return (Edit(first.end(), first.end(), f"{line}\n{indent}"),)


def _fill(template: str, text: str, node: SgNode, chance: random.Random) -> str:
    def fill(found: re.Match[str]) -> str:
        if found[1] == "$":
            match = node.get_match(found[2])
            return match.text() if match else ""
        several = node.get_multiple_matches(found[2])
        while several and not several[-1].is_named():
            several.pop()  # a comma at the end
        if not several:
            return ""
        return text[several[0].range().start.index : several[-1].range().end.index]

    filled = NAME.sub(fill, template)
    filled = filled.replace("%newline%", "\n" + indent_at(text, node.range().start.index))
    return filled.replace("%secret%", "".join(chance.choices(LETTERS, k=chance.randint(12, 24))))
