"""What counts as a definition in the syntax trees of each language, and the name it declares. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from tree_sitter import Node

LONGEST_NAME = 120

FUNCTIONS = frozenset({
    "function_definition", "function_declaration", "generator_function_declaration", "method_definition",
    "method_declaration", "constructor_declaration", "compact_constructor_declaration", "function_item",
    "macro_definition",
})  # fmt: skip
FUNCTION_VALUES = frozenset({"arrow_function", "function_expression", "generator_function"})
CLASSES = frozenset({
    "class_definition", "class_declaration", "abstract_class_declaration", "class", "class_specifier",
    "struct_specifier", "union_specifier", "enum_specifier", "interface_declaration", "enum_declaration",
    "record_declaration", "annotation_type_declaration", "type_alias_declaration", "type_declaration",
    "type_definition", "impl_item", "trait_item", "struct_item", "enum_item", "union_item",
})  # fmt: skip
NAMESPACES = frozenset({"namespace_definition", "mod_item", "internal_module", "module"})

# A definition may hide in these: what they hold besides it (decorators, `export`, template parameters) belongs to it.
WRAPPERS = {
    "decorated_definition": "definition",
    "export_statement": "declaration",
    "ambient_declaration": None,
    "expression_statement": None,
    "template_declaration": None,
}
# Definitions are looked for in these as if they stood one level higher.
TRANSPARENT = frozenset({
    "block", "statement_block", "declaration_list", "enum_body_declarations", "linkage_specification", "preproc_if",
    "preproc_ifdef", "preproc_else", "preproc_elif", "if_statement", "else_clause", "elif_clause", "try_statement",
    "except_clause", "finally_clause", "with_statement", "ERROR",
})  # fmt: skip
COMMENTS = frozenset({"comment", "line_comment", "block_comment", "attribute_item", "decorator"})


@dataclass(frozen=True)
class Definition:
    """`body` holds further definitions: the methods of a class, the content of a namespace."""

    kind: Literal["function", "class", "namespace"]
    name: str
    body: Node | None = None


def read_definition(node: Node) -> Definition | None:
    """What a node defines; None when it is no definition."""
    inner = _unwrap(node)
    if inner.type in FUNCTIONS:
        return Definition("function", _join(_find_receiver(inner), _find_name(inner)))
    if inner.type in CLASSES:
        return Definition("class", _find_name(inner), inner.child_by_field_name("body"))
    if inner.type in NAMESPACES and inner.child_by_field_name("body") is not None:
        return Definition("namespace", _find_name(inner), inner.child_by_field_name("body"))
    return _read_assigned_function(inner)


def _read_assigned_function(node: Node) -> Definition | None:
    """`const f = () => ...`, `exports.f = function ...`, a class's `f = () => ...`, `export default () => ...`."""
    if node.type in FUNCTION_VALUES:
        return Definition("function", "default")
    if node.type in ("lexical_declaration", "variable_declaration"):
        node = next((c for c in node.children if c.type == "variable_declarator"), node)
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    if value is None or value.type not in FUNCTION_VALUES:
        return None
    named = (
        node.child_by_field_name("name")
        or node.child_by_field_name("property")
        or node.child_by_field_name("left")
    )
    return Definition("function", _read_name(named) if named is not None else "")


def _unwrap(node: Node) -> Node:
    while node.type in WRAPPERS:
        field = WRAPPERS[node.type]
        inner = node.child_by_field_name(field) if field else None
        inner = inner or node.child_by_field_name("value")
        inner = inner or next((c for c in reversed(node.children) if c.is_named), None)
        if inner is None:
            break
        node = inner
    return node


def _find_name(node: Node) -> str:
    """The name that a definition declares; in C it hides in nested declarators, in Rust's impl it is a type."""
    named = node.child_by_field_name("name")
    if named is None and node.type == "impl_item":
        named = node.child_by_field_name("type")
    if named is None and node.type == "type_declaration":  # Go: type NAME struct { ... }
        spec = next((c for c in node.children if c.type in ("type_spec", "type_alias")), None)
        named = spec.child_by_field_name("name") if spec is not None else None
    if named is None:
        named = _find_declared(node)
    return _read_name(named) if named is not None else ""


def _find_declared(node: Node) -> Node | None:
    declared = node.child_by_field_name("declarator")
    while declared is not None:
        deeper = declared.child_by_field_name("declarator")
        if deeper is None and declared.type in ("parenthesized_declarator", "reference_declarator"):
            deeper = next((c for c in declared.children if c.is_named), None)
        if deeper is None:
            return declared
        declared = deeper
    return None


def _find_receiver(node: Node) -> str:
    """The type of a Go method's receiver."""
    receiver = node.child_by_field_name("receiver")
    text = (
        receiver.text.decode("utf-8", "replace") if receiver is not None and receiver.text else ""
    )
    found = re.search(r"([^\W\d]\w*)\s*(\[[^\]]*\])?\s*\)$", text)
    return found[1] if found else ""


def _read_name(node: Node) -> str:
    text = node.text.decode("utf-8", "replace") if node.text else ""
    if "operator" not in text:
        text = re.sub(r"<[^<>]*>", "", text)  # parameters of a generic type
    return " ".join(text.split())[:LONGEST_NAME].strip("\"'")


def _join(receiver: str, name: str) -> str:
    return f"{receiver}.{name}" if receiver and name else name
