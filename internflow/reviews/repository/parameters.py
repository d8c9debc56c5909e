"""The parameters of a function, as its syntax tree states them, and whether a call fits them. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tree_sitter import Node

from internflow.reviews.repository.calls import Call
from internflow.reviews.repository.nodes import text_of

ParameterKind = Literal["positional", "either", "keyword", "rest", "rest_keywords"]

LANGUAGES = frozenset({"python", "javascript", "typescript", "tsx", "java", "go", "c"})
SCRIPTS = frozenset({"javascript", "typescript", "tsx"})

_SKIPPED = frozenset(
    {"comment", "line_comment", "block_comment", "decorator", "receiver_parameter"}
)
_RESTS = frozenset(
    {"variadic_parameter_declaration", "variadic_parameter", "spread_parameter", "rest_pattern"}
)


@dataclass(frozen=True)
class Parameter:
    """`either`: may be passed by position or by keyword. `text` is its whole source."""

    name: str
    kind: ParameterKind
    has_default: bool
    text: str


@dataclass(frozen=True)
class Parameters:
    """What a call may and must pass."""

    items: tuple[Parameter, ...]

    @property
    def positional(self) -> list[Parameter]:
        return [p for p in self.items if p.kind in ("positional", "either")]

    @property
    def has_rest(self) -> bool:
        return any(p.kind == "rest" for p in self.items)

    @property
    def has_rest_keywords(self) -> bool:
        return any(p.kind == "rest_keywords" for p in self.items)

    def without_first(self) -> "Parameters":
        """Without `self` or `cls`, which the call does not write."""
        is_bound = bool(self.items) and self.items[0].kind in ("positional", "either")
        return Parameters(self.items[1:]) if is_bound else self


def read_parameters(language: str, function: Node) -> Parameters | None:
    """The parameters of a function's node; None when they cannot be told."""
    node = function.child_by_field_name("parameters")
    if node is None or language not in LANGUAGES or node.has_error:
        return None
    children = [child for child in node.named_children if child.type not in _SKIPPED]
    if language == "python":
        return _read_python(children)
    if language == "c":
        return _read_c(node, children)
    items: list[Parameter] = []
    for child in children:
        if language == "go":
            items += _read_go(child)
        else:
            items.append(_read_other(child))
    return Parameters(tuple(p for p in items if p.name != "this"))


def fits(parameters: Parameters, call: Call) -> bool:
    """Whether a call passes what the parameters ask for, by number and by keyword."""
    room = parameters.positional
    if call.positional > len(room) and not parameters.has_rest:
        return False
    passed = {p.name for p in room[: call.positional]}
    named = {p.name for p in parameters.items if p.kind in ("either", "keyword")}
    for keyword in call.keywords:
        if keyword in passed or (keyword not in named and not parameters.has_rest_keywords):
            return False
    passed |= set(call.keywords)
    needed = (p for p in parameters.items if p.kind in ("positional", "either", "keyword"))
    return all(p.has_default or p.name in passed for p in needed)


def is_optional_in(name: str, body: str) -> bool:
    """Whether a script's function looks whether it was given this parameter, or takes what comes."""
    n = re.escape(name)
    asked = (
        rf"\barguments\b|!\s*{n}\b|\b{n}\s*(\|\||&&|\?|=[^=>]|[!=]==?\s*(null|undefined)\b)"
        rf"|typeof\s*\(?\s*{n}\b|\bif\s*\(\s*{n}\b|(undefined|null)\s*[!=]==?\s*{n}\b"
    )
    return re.search(asked, body) is not None


def _read_python(children: Sequence[Node]) -> Parameters | None:
    items: list[Parameter] = []
    kind: ParameterKind = "either"
    for child in children:
        if child.type == "positional_separator":
            items = [Parameter(p.name, "positional", p.has_default, p.text) for p in items]
            continue
        if child.type == "keyword_separator":
            kind = "keyword"
            continue
        item = _read_python_item(child, kind)
        if item is None:
            return None
        if item.kind == "rest":
            kind = "keyword"
        items.append(item)
    return Parameters(tuple(items))


def _read_python_item(node: Node, kind: ParameterKind) -> Parameter | None:
    inner = node.named_children[0] if node.type == "typed_parameter" else node
    named = inner.child_by_field_name("name")
    text = text_of(node)
    if inner.type == "identifier":
        return Parameter(text_of(inner), kind, has_default=False, text=text)
    if inner.type == "list_splat_pattern":
        return Parameter(text_of(inner).lstrip("* "), "rest", has_default=True, text=text)
    if inner.type == "dictionary_splat_pattern":
        return Parameter(text_of(inner).lstrip("* "), "rest_keywords", has_default=True, text=text)
    if named is not None and named.type == "identifier":
        return Parameter(text_of(named), kind, has_default=True, text=text)
    return None  # Python 2 took tuples apart here


def _read_c(node: Node, children: Sequence[Node]) -> Parameters | None:
    if not children or any(child.type == "identifier" for child in children):
        return None  # () takes anything before C23, and (a, b) is the style of K&R
    if text_of(node).strip("() \n") == "void":
        return Parameters(())
    return Parameters(tuple(map(_read_other, children)))


def _read_go(node: Node) -> Iterator[Parameter]:
    """One declaration may name several parameters of one type."""
    names = [text_of(n) for n in node.children_by_field_name("name")] or ["_"]
    kind: ParameterKind = "rest" if node.type in _RESTS else "positional"
    for name in names:
        yield Parameter(name, kind, kind == "rest", text_of(node))


def _read_other(node: Node) -> Parameter:
    """A parameter of JavaScript, TypeScript, Java or C."""
    text = text_of(node)
    pattern = node.child_by_field_name("pattern")
    named = node.child_by_field_name("name") or node.child_by_field_name("declarator") or pattern
    named = named or node.child_by_field_name("left") or node
    name = text_of(named).lstrip("*& ")
    if node.type in _RESTS or (pattern is not None and pattern.type in _RESTS):
        return Parameter(name.lstrip("."), "rest", has_default=True, text=text)
    has_value = node.child_by_field_name("value") is not None
    is_optional = node.type in ("optional_parameter", "assignment_pattern") or has_value
    return Parameter(name, "positional", is_optional, text)
