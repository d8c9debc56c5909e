"""Edits that change nothing of what code does, at the place where a defect would be put."""

import random
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ast_grep_py import SgNode

from benchmarks.reviews.edits import Edit, indent_at
from benchmarks.reviews.injections import Spot

Harmless = tuple[str, Sequence[Edit]]

BLOCKS = frozenset(
    {"block", "statement_block", "compound_statement", "statement_list", "constructor_body"}
)
COMMENTS = {"python": "# the usual case comes first", "other": "// the usual case comes first"}
LOGS = {
    "python": 'print("step done")',
    "javascript": "console.log('step done');",
    "java": 'System.out.println("step done");',
    "c": 'puts("step done");',
    "go": 'println("step done")',
}
DECLARED: dict[str, dict[str, Any]] = {
    "python": {"kind": "assignment", "field": "left"},
    "javascript": {"kind": "variable_declarator", "field": "name"},
    "java": {"kind": "variable_declarator", "field": "name"},
    "c": {"kind": "init_declarator", "field": "declarator"},
    "go": {"kind": "expression_list", "inside": {"kind": "short_var_declaration", "field": "left"}},
}
OTHER_NAMES = frozenset({
    "field_identifier", "property_identifier", "shorthand_property_identifier", "type_identifier",
    "shorthand_property_identifier_pattern",
})  # fmt: skip


def make_harmless(
    spot: Spot, text: str, function: SgNode, chance: random.Random
) -> Harmless | None:
    """One such edit with its name: an equivalent, a comment, a line that logs, or another name for a variable."""
    family = spot.way.family
    statement = find_statement(text, spot.node)
    ways: list[Callable[[], Harmless | None]] = [
        lambda: ("rewritten", spot.same) if spot.same else None,
        lambda: _insert("comment", COMMENTS.get(family, COMMENTS["other"]), text, statement),
        lambda: _insert("log line", LOGS[family], text, statement),
        lambda: _rename(family, function),
    ]
    chance.shuffle(ways)
    return next((made for way in ways if (made := way()) is not None), None)


def find_statement(text: str, node: SgNode) -> SgNode | None:
    """The statement around a node, when its line begins with it."""
    around: Iterable[SgNode] = (node, *node.ancestors())
    for each in around:
        parent = each.parent()
        start = each.range().start.index
        is_label = "case" in each.kind() or "default" in each.kind()
        if parent is not None and parent.kind() in BLOCKS and each.is_named() and not is_label:
            return each if not text[text.rfind("\n", 0, start) + 1 : start].strip() else None
    return None


def _insert(name: str, line: str, text: str, statement: SgNode | None) -> Harmless | None:
    if statement is None:
        return None
    start = statement.range().start.index
    return name, (Edit(start, start, f"{line}\n{indent_at(text, start)}"),)


def _rename(family: str, function: SgNode) -> Harmless | None:
    """The first variable of the function that is nobody else's gets a longer name."""
    body = function.field("body")
    for declared in body.find_all(kind="identifier", inside=DECLARED[family]) if body else ():
        name = declared.text()
        named = function.find_all(regex=f"^{re.escape(name)}$")
        starts = [n.range().start.index for n in named]
        if min(starts) < body.range().start.index:  # a parameter or a type, or the function itself
            continue
        uses = [n for n in named if n.kind() == "identifier"]
        is_shared = any(n.kind() in OTHER_NAMES for n in named)
        if len(name) < 2 or is_shared or any(_is_fixed(use) for use in uses):
            continue
        spans = sorted({(u.range().start.index, u.range().end.index) for u in uses})
        longer = f"{name}_value" if family == "python" else f"{name}Value"
        return "renamed variable", tuple(Edit(*span, longer) for span in spans)
    return None


def _is_fixed(use: SgNode) -> bool:
    """Whether the name is somebody else's, too: of an argument, or from outside of the function."""
    parent = use.parent()
    if parent is None:
        return True
    if parent.kind() in (
        "keyword_argument",
        "attribute",
        "global_statement",
        "nonlocal_statement",
        "parameters",
    ):
        named = parent.field("name") or parent.field("attribute")
        return named is None or named.range().start.index == use.range().start.index
    return parent.kind() in (
        "method_invocation",
        "field_access",
        "labeled_statement",
        "default_parameter",
    )
