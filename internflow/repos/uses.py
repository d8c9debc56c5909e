"""Which names a file uses and which it imports, by tree-sitter queries. Pure; of broken code what can be read.

A use is a call, a created object, a named type, a base class, a decorator or an import; plain variables are none.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cache
from typing import cast

from tree_sitter import Node, Query, QueryCursor
from tree_sitter_language_pack import SupportedLanguage, get_language

from internflow.repos.definitions import LONGEST_NAME
from internflow.repos.syntax import GRAMMARS

MOST_REFERENCES = 5_000
MOST_SIBLINGS = 1_000
MOST_NODES = 20_000

_SCRIPT = """
(call_expression function: [(identifier) @use (member_expression property: (property_identifier) @use)])
(new_expression constructor: (identifier) @use)
(import_clause (identifier) @import) (namespace_import (identifier) @import)
(import_specifier !alias name: (identifier) @import) (import_specifier alias: (identifier) @import)
(variable_declarator name: (identifier) @import
  value: (call_expression function: (identifier) @_f (#eq? @_f "require")))
"""
_TYPED_SCRIPT = (
    _SCRIPT
    + """
(type_identifier) @use (decorator (identifier) @use) (extends_clause value: (identifier) @use)
"""
)
_C = """
(call_expression function: [(identifier) @use (field_expression field: (field_identifier) @use)])
(type_identifier) @use
"""
QUERIES = {
    "python": """
(call function: [(identifier) @use (attribute attribute: (identifier) @use)])
(decorator [(identifier) @use (attribute attribute: (identifier) @use)])
(class_definition superclasses: (argument_list [(identifier) @use (attribute attribute: (identifier) @use)]))
(type [(identifier) @use (_ (identifier) @use)])
(import_statement name: (dotted_name . (identifier) @import))
(import_from_statement name: (dotted_name (identifier) @import))
(aliased_import alias: (identifier) @import)
""",
    "javascript": _SCRIPT + "(class_heritage (identifier) @use)",
    "typescript": _TYPED_SCRIPT,
    "tsx": _TYPED_SCRIPT,
    "java": """
(method_invocation name: (identifier) @use) (type_identifier) @use
(marker_annotation name: (identifier) @use) (annotation name: (identifier) @use)
(import_declaration (scoped_identifier name: (identifier) @import))
""",
    "c": _C,
    "cpp": _C
    + """
(call_expression function: (qualified_identifier name: (identifier) @use))
(using_declaration (qualified_identifier name: (identifier) @import))
""",
    "csharp": """
(invocation_expression function: [(identifier) @use (member_access_expression name: (identifier) @use)])
(object_creation_expression type: (identifier) @use) (base_list (identifier) @use)
(attribute name: (identifier) @use) (parameter type: (identifier) @use)
(using_directive name: (identifier) @import)
""",
    "go": """
(call_expression function: [(identifier) @use (selector_expression field: (field_identifier) @use)])
(type_identifier) @use
(import_spec name: (package_identifier) @import) (import_spec !name path: (_) @import)
""",
    "rust": """
(call_expression function: [(identifier) @use (field_expression field: (field_identifier) @use)
  (scoped_identifier name: (identifier) @use)])
(macro_invocation macro: (identifier) @use) (type_identifier) @use
(use_declaration argument: [(identifier) @import (scoped_identifier name: (identifier) @import)])
(use_list [(identifier) @import (scoped_identifier name: (identifier) @import)])
(use_as_clause alias: (identifier) @import)
""",
    "kotlin": """
(call_expression [(simple_identifier) @use (navigation_expression (navigation_suffix (simple_identifier) @use))])
(user_type (type_identifier) @use)
(import_header (identifier (simple_identifier) @import .)) (import_alias (type_identifier) @import)
""",
    "swift": """
(call_expression [(simple_identifier) @use
  (navigation_expression suffix: (navigation_suffix suffix: (simple_identifier) @use))])
(user_type (type_identifier) @use) (import_declaration (identifier (simple_identifier) @import))
""",
    "ruby": "(call method: (identifier) @use) (call receiver: (constant) @use) (superclass (constant) @use)",
    "php": """
(function_call_expression function: (name) @use) (member_call_expression name: (name) @use)
(scoped_call_expression scope: (name) @use) (scoped_call_expression name: (name) @use)
(object_creation_expression (name) @use)
(named_type (name) @use) (base_clause (name) @use) (class_interface_clause (name) @use)
(namespace_use_clause [(name) @import (qualified_name (name) @import)])
""",
    "scala": """
(call_expression function: [(identifier) @use (field_expression field: (identifier) @use)])
(type_identifier) @use
(import_declaration path: (identifier) @import .) (namespace_selectors (identifier) @import)
(arrow_renamed_identifier alias: (identifier) @import)
""",
    "sql": """
(relation (object_reference name: (identifier) @use))
(invocation (object_reference name: (identifier) @use))
""",
    "shell": "(command name: (command_name (word) @use))",
}


@dataclass(frozen=True)
class Reference:
    name: str
    line: int


@dataclass(frozen=True)
class Uses:
    """References, each once a line, in order; and the names that imports bind."""

    references: tuple[Reference, ...] = ()
    imports: frozenset[str] = frozenset()


def find_uses(language: str, root: Node, declared: Set[tuple[int, str]]) -> Uses:
    """The names that a syntax tree uses and imports; a `declared` name is not used at its own line."""
    if language not in QUERIES:
        return Uses()
    cursor = QueryCursor(_build_query(language))
    used: list[Node] = []
    imported: list[Node] = []
    for node in _split_huge(root):
        found = cursor.captures(node)
        used += found.get("use", [])
        imported += found.get("import", [])
    places = {(n.start_point[0] + 1, _read(n)) for n in [*used, *imported]}
    references = [Reference(name, line) for line, name in sorted(places - declared) if name]
    return Uses(tuple(references[:MOST_REFERENCES]), frozenset(filter(None, map(_read, imported))))


def _split_huge(root: Node) -> Iterator[Node]:
    """The tree, in parts where it is huge: a query takes quadratic time over very many siblings."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.child_count > MOST_SIBLINGS or node.descendant_count > MOST_NODES:
            waiting += node.named_children
        else:
            yield node


@cache
def _build_query(language: str) -> Query:
    return Query(get_language(cast(SupportedLanguage, GRAMMARS[language])), QUERIES[language])


def _read(node: Node) -> str:
    text = node.text.decode("utf-8", "replace") if node.text else ""
    return text.strip("\"'`").rsplit("/", 1)[-1][
        :LONGEST_NAME
    ]  # Go imports a path, whose end is the name
