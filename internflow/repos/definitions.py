"""What counts as a definition in the syntax trees of each language, and the name it declares. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from tree_sitter import Node

LONGEST_NAME = 120

FUNCTIONS = frozenset({
    "function_definition", "function_declaration", "generator_function_declaration", "method_definition",
    "method_declaration", "constructor_declaration", "compact_constructor_declaration", "function_item",
    "macro_definition", "destructor_declaration", "operator_declaration", "local_function_statement",
    "secondary_constructor", "init_declaration", "deinit_declaration", "subscript_declaration",
    "protocol_function_declaration", "method", "singleton_method", "create_function", "create_procedure",
    "create_trigger",
})  # fmt: skip
FUNCTIONS_WITHOUT_NAME = {
    "init_declaration": "init", "deinit_declaration": "deinit", "subscript_declaration": "subscript",
    "secondary_constructor": "constructor",
}  # fmt: skip
FUNCTION_VALUES = frozenset({"arrow_function", "function_expression", "generator_function"})
CLASSES = frozenset({
    "class_definition", "class_declaration", "abstract_class_declaration", "class", "class_specifier",
    "struct_specifier", "union_specifier", "enum_specifier", "interface_declaration", "enum_declaration",
    "record_declaration", "annotation_type_declaration", "type_alias_declaration", "type_declaration",
    "type_definition", "impl_item", "trait_item", "struct_item", "enum_item", "union_item", "struct_declaration",
    "record_struct_declaration", "delegate_declaration", "object_declaration", "type_alias", "protocol_declaration",
    "typealias_declaration", "trait_declaration", "object_definition", "trait_definition", "enum_definition",
    "create_table", "create_view", "create_materialized_view", "create_type",
})  # fmt: skip
NAMESPACES = frozenset({
    "namespace_definition", "namespace_declaration", "mod_item", "internal_module", "module", "package_object",
})  # fmt: skip
ELEMENTS = frozenset({"element", "script_element", "style_element"})
BODIES = frozenset({"class_body", "enum_class_body"})  # of grammars that give a body no field
NAMES = ("simple_identifier", "type_identifier", "object_reference")  # the same of a name

# A definition may hide in these: what they hold besides it (decorators, `export`, template parameters) belongs to it.
WRAPPERS = {
    "decorated_definition": "definition",
    "export_statement": "declaration",
    "ambient_declaration": None,
    "expression_statement": None,
    "template_declaration": None,
    "statement": None,
}
# Definitions are looked for in these as if they stood one level higher.
TRANSPARENT = frozenset({
    "block", "statement_block", "declaration_list", "enum_body_declarations", "linkage_specification", "preproc_if",
    "preproc_ifdef", "preproc_else", "preproc_elif", "if_statement", "else_clause", "elif_clause", "try_statement",
    "except_clause", "finally_clause", "with_statement", "companion_object", "class_body", "singleton_class",
    "body_statement", "package_clause", "template_body", "element", "media_statement", "supports_statement", "ERROR",
})  # fmt: skip
COMMENTS = frozenset({
    "comment", "line_comment", "block_comment", "multiline_comment", "marginalia", "attribute_item", "decorator",
})  # fmt: skip


@dataclass(frozen=True)
class Definition:
    """`line` is the one that names it; `body` holds further definitions: a class's methods, a namespace's content."""

    kind: Literal["function", "class", "namespace", "element", "rule"]
    name: str
    line: int
    body: Node | None = None


def read_definition(node: Node) -> Definition | None:
    """What a node defines; None when it is no definition."""
    inner = _unwrap(node)
    if inner.type in FUNCTIONS:
        named = _find_named(inner)
        name = (
            _read_name(named) if named is not None else FUNCTIONS_WITHOUT_NAME.get(inner.type, "")
        )
        return Definition("function", _join(_find_receiver(inner), name), _line(named or inner))
    body = _find_body(inner)
    if inner.type in CLASSES:
        return _define("class", inner, body)
    if inner.type in NAMESPACES and body is not None:
        return _define("namespace", inner, body)
    if inner.type in ELEMENTS:
        return _read_element(inner)
    if inner.type == "rule_set":
        return Definition("rule", _read_name(inner.children[0]), _line(inner))
    return _read_assigned_function(inner)


def _define(kind: Literal["class", "namespace"], node: Node, body: Node | None) -> Definition:
    named = _find_named(node)
    return Definition(
        kind, _read_name(named) if named is not None else "", _line(named or node), body
    )


def _find_body(node: Node) -> Node | None:
    body = node.child_by_field_name("body")
    if body is None and node.type in ("class_declaration", "object_declaration"):
        body = next((c for c in node.children if c.type in BODIES), None)
    return body


def _read_element(node: Node) -> Definition | None:
    """An HTML element that has an id, which is its name."""
    tag = node.children[0] if node.children else None
    for attribute in tag.children if tag is not None else ():
        found = re.match(r"id\s*=\s*[\"']?([^\"'\s>]+)", _text(attribute))
        if attribute.type == "attribute" and found:
            return Definition("element", f"#{found[1]}"[:LONGEST_NAME], _line(node))
    return None


def _read_assigned_function(node: Node) -> Definition | None:
    """`const f = () => ...`, `exports.f = function ...`, a class's `f = () => ...`, `export default () => ...`."""
    if node.type in FUNCTION_VALUES:
        return Definition("function", "default", _line(node))
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
    name = _read_name(named) if named is not None else ""
    return Definition("function", name, _line(named or node))


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


def _find_named(node: Node) -> Node | None:
    """The name that a definition declares; in C it hides in nested declarators, in Rust's impl it is a type."""
    named = node.child_by_field_name("name")
    if named is None and node.type == "impl_item":
        named = node.child_by_field_name("type")
    if named is None and node.type == "type_declaration":  # Go: type NAME struct { ... }
        spec = next((c for c in node.children if c.type in ("type_spec", "type_alias")), None)
        named = spec.child_by_field_name("name") if spec is not None else None
    if named is None:
        named = _find_declared(node)
    return named or next((c for c in node.children if c.type in NAMES), None)


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
    text = _text(receiver) if receiver is not None else ""
    found = re.search(r"([^\W\d]\w*)\s*(\[[^\]]*\])?\s*\)$", text)
    return found[1] if found else ""


def _read_name(node: Node) -> str:
    text = _text(node)
    if "operator" not in text:
        text = re.sub(r"<[^<>]*>", "", text)  # parameters of a generic type
    return " ".join(text.split())[:LONGEST_NAME].strip("\"'")


def _text(node: Node) -> str:
    return node.text.decode("utf-8", "replace") if node.text else ""


def _line(node: Node) -> int:
    return node.start_point[0] + 1


def _join(receiver: str, name: str) -> str:
    return f"{receiver}.{name}" if receiver and name else name
