"""What a name in a file is bound to: the definition in another file, or something of its own. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import normpath

from tree_sitter import Node

from internflow.reviews.repository.facts import CodeSymbol
from internflow.reviews.repository.nodes import find_names, is_same, line_of, text_of
from internflow.reviews.repository.snapshot import Snapshot

MOST_HOPS = 4  # from file to file that imports a name only to pass it on
SCRIPT_ENDINGS = (
    "", ".js", ".ts", ".tsx", ".jsx", ".mjs", ".cjs",
    "/index.js", "/index.ts", "/index.tsx", "/index.jsx", "/index.mjs",
)  # fmt: skip

_BINDERS = frozenset({
    "parameters", "lambda_parameters", "default_parameter", "typed_parameter", "typed_default_parameter",
    "assignment", "for_statement", "for_in_clause", "as_pattern_target", "named_expression", "pattern_list",
    "tuple_pattern", "list_pattern", "list_splat_pattern", "dictionary_splat_pattern", "global_statement",
    "function_definition", "class_definition", "formal_parameters", "variable_declarator", "required_parameter",
    "optional_parameter", "assignment_expression", "array_pattern", "object_pattern", "rest_pattern",
    "assignment_pattern", "function_declaration", "class_declaration", "function_expression", "arrow_function",
    "formal_parameter", "parameter_declaration", "init_declarator", "pointer_declarator", "array_declarator",
    "var_spec", "const_spec", "declaration", "for_in_statement", "catch_clause",
})  # fmt: skip
_VALUES = ("value", "right", "type", "return_type", "body", "condition", "object", "superclass")
_SCRIPT_IMPORT = re.compile(
    r"""(?:\bimport\s+(?:type\s+)?(?P<clause>[^'";]{1,2000}?)\s+from\s*"""
    r"""|\b(?:const|let|var)\s+(?P<target>[\w$]+|\{[^}'";]{1,2000}\})\s*=\s*require\s*\(\s*)"""
    r"""['"](?P<place>\.[^'"\n]{0,200})['"]"""
)


@dataclass(frozen=True)
class Bound:
    """The names under which a file has a definition: bare ones, and receivers that lead to it."""

    bare: frozenset[str] = frozenset()
    receivers: frozenset[str] = frozenset()


def find_bound(snapshot: Snapshot, user: str, path: str, name: str) -> Bound:
    """Under which names a file has the `name` that the top of another file defines."""
    file = snapshot.files[user]
    if file.language == "python":
        return _find_python(snapshot, user, path, name)
    return _find_script(snapshot, user, path, name)


def find_origin(
    snapshot: Snapshot, importer: str, module: str, name: str, hops: int = MOST_HOPS
) -> str | None:
    """The file that defines what `from module import name` takes; None outside the tree or when it is unclear."""
    path = snapshot.modules.resolve(importer, module)
    facts = snapshot.find_facts(path) if path is not None else None
    if path is None or facts is None:
        return None
    passed_on = [i for i in snapshot.read_imports(path) if i.bound in (name, "*") and i.name]
    if any(s.symbol == name for s in facts.symbols) or not passed_on or not hops:
        return path
    for one in passed_on:
        taken = name if one.name in ("*", None) else str(one.name)
        origin = find_origin(snapshot, path, one.module, taken, hops - 1)
        if origin is not None and one.name != "*":
            return origin
        known = snapshot.find_facts(origin) if origin is not None else None
        if known is not None and any(s.symbol == name for s in known.symbols):
            return origin
    return path


def is_rebound(snapshot: Snapshot, path: str, name: str, own: CodeSymbol | None) -> bool:
    """Whether a file gives a bare name another meaning somewhere, besides its `own` definition or import."""
    root, lines = snapshot.read_root(path), snapshot.read_lines(path)
    facts = snapshot.find_facts(path)
    if root is None or facts is None:
        return True
    methods = {s.line for s in facts.symbols if s.kind == "method" and s.name == name}
    own_line = own.line if own is not None else 0
    return any(
        is_binding(node) and line_of(node) not in methods and line_of(node) != own_line
        for node in find_names(root, lines, name)
    )


def is_binding(node: Node) -> bool:
    """Whether a name is given a meaning here, but for an import."""
    parent = node.parent
    if parent is None or parent.type not in _BINDERS or _is_required(parent):
        return False
    return not any(is_same(parent.child_by_field_name(field), node) for field in _VALUES)


def _is_required(pattern: Node) -> bool:
    """Whether a pattern takes names out of another file: `const { name } = require(...)`."""
    around = pattern if pattern.type == "variable_declarator" else pattern.parent
    value = around.child_by_field_name("value") if around is not None else None
    return value is not None and text_of(value).startswith("require")


def walk_script_imports(snapshot: Snapshot, user: str) -> Iterator[tuple[str, str, int]]:
    """The relative imports of a script: what it binds, the file it leads to (empty: none), the line of its end."""
    text = "\n".join(snapshot.read_lines(user))
    for match in _SCRIPT_IMPORT.finditer(text):
        place = normpath(str(PurePosixPath(user).parent / match["place"]))
        found = next((place + e for e in SCRIPT_ENDINGS if place + e in snapshot.files), "")
        yield match["clause"] or match["target"], found, text.count("\n", 0, match.end()) + 1


def read_clause(clause: str) -> Iterator[tuple[str, str]]:
    """The names that an import of a script takes out of a file, each with the name it gives it."""
    inside = re.search(r"\{(.*)\}", clause, re.DOTALL)
    for part in inside[1].split(",") if inside else ():
        words = re.split(r"\s+as\s+|\s*:\s*", part.strip().removeprefix("type "))
        if words[0]:
            yield words[0].strip(), words[-1].strip()


def _find_python(snapshot: Snapshot, user: str, path: str, name: str) -> Bound:
    bare, receivers = set(), set()
    for one in snapshot.read_imports(user):
        if one.name == name and find_origin(snapshot, user, one.module, name) == path:
            bare.add(one.bound)
        elif one.name is None and snapshot.modules.resolve(user, one.module) == path:
            receivers.add(one.bound)
        elif one.name and one.name != "*":
            inside = f"{one.module}{'' if one.module.endswith('.') else '.'}{one.name}"
            if snapshot.modules.resolve(user, inside) == path:
                receivers.add(one.bound)
        elif one.name is None and find_origin(snapshot, user, one.module, name) == path:
            receivers.add(one.bound)  # a package that passes the name on
    return Bound(frozenset(bare), frozenset(receivers))


def _find_script(snapshot: Snapshot, user: str, path: str, name: str) -> Bound:
    bare, receivers = set(), set()
    for clause, place, _line in walk_script_imports(snapshot, user):
        if place != path:
            continue
        bare |= {given for taken, given in read_clause(clause) if taken == name}
        whole = re.match(r"(?:\*\s*as\s+)?([\w$]+)", clause.strip())
        if whole:
            receivers.add(whole[1])
    return Bound(frozenset(bare), frozenset(receivers))
