"""One call as it is written: what it is called on, how many arguments it passes, which keywords. Pure."""

from dataclasses import dataclass

from tree_sitter import Node

from internflow.reviews.repository.nodes import ancestors, is_same, last_line_of, line_of, text_of

CALLS = frozenset({
    "call", "call_expression", "method_invocation", "new_expression", "object_creation_expression",
})  # fmt: skip
ACCESS = frozenset({"attribute", "member_expression", "selector_expression", "field_expression"})
OPEN = frozenset({
    "list_splat", "dictionary_splat", "spread_element", "variadic_argument", "splat_argument",
})  # fmt: skip
EXPECTED_TO_FAIL = ("raises", "assertRaises", "assertThrows", "toThrow", "throws")


@dataclass(frozen=True)
class Call:
    """`receiver` is the source before the dot, empty for a bare name. An open call passes an unknown number."""

    receiver: str
    line: int
    end_line: int
    positional: int
    keywords: tuple[str, ...]
    arguments: tuple[str, ...]
    is_open: bool
    is_new: bool


def read_call(name: Node) -> Call | None:
    """The call whose function this name is; None when the name is used in another way."""
    receiver, called = "", name
    parent = name.parent
    if parent is not None and parent.type in ACCESS:
        receiver = text_of(parent.children[0])
        called = parent
        if is_same(parent.children[0], name):
            return None
    call = called.parent
    if call is None or call.type not in CALLS:
        return None
    if call.type == "method_invocation":
        if not is_same(call.child_by_field_name("name"), name):
            return None
        receiver = text_of(call.child_by_field_name("object"))
    elif not any(
        is_same(call.child_by_field_name(f), called) for f in ("function", "constructor", "type")
    ):
        return None
    return _read_arguments(call, receiver)


def is_expected_to_fail(node: Node) -> bool:
    """Whether a call stands where a test wants it to raise."""
    for around in ancestors(node):
        if around.type == "with_statement" or around.type in CALLS:
            head = text_of(around)[:200].split("\n", 1)[0]
            if any(word in head for word in EXPECTED_TO_FAIL):
                return True
    return False


def _read_arguments(call: Node, receiver: str) -> Call | None:
    node = call.child_by_field_name("arguments")
    if call.has_error:
        return None
    is_new = call.type in ("new_expression", "object_creation_expression")
    if node is None:
        if not is_new:
            return None
        return Call(receiver, line_of(call), last_line_of(call), 0, (), (), False, is_new)
    if node.type == "generator_expression":
        children = [node]
    elif node.type in ("arguments", "argument_list"):
        children = [c for c in node.named_children if "comment" not in c.type]
    else:
        return None  # a template string
    keywords = [c for c in children if c.type == "keyword_argument"]
    plain = [c for c in children if c.type != "keyword_argument"]
    return Call(
        receiver,
        line_of(call),
        last_line_of(call),
        len(plain),
        tuple(text_of(c.child_by_field_name("name")) for c in keywords),
        tuple(text_of(c)[:80] for c in plain),
        any(c.type in OPEN for c in children),
        is_new,
    )
