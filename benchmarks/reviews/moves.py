"""Ways to break code that no template can say: statements that change places, blocks that lose their `with`."""

import random
import re
from collections.abc import Callable, Sequence

from ast_grep_py import SgNode

from benchmarks.reviews.edits import Edit, indent_at, whole_lines

Move = Callable[[str, SgNode, SgNode, random.Random], Sequence[Edit]]
PLACEHOLDER = re.compile(r"'?(\?|%s|\$\d|:\w+)'?")


def _span(node: SgNode) -> tuple[int, int]:
    return node.range().start.index, node.range().end.index


def unwrap_with(text: str, node: SgNode, _function: SgNode, _chance: random.Random) -> list[Edit]:
    """`with open(p) as f:` becomes `f = open(p)`, `with lock:` becomes `lock.acquire()`; its block comes out."""
    item, body = node.get_match("ITEM"), node.get_match("BODY")
    if item is None or body is None or '"""' in body.text() or "'''" in body.text():
        return []
    value, _as, name = item.text().partition(" as ")
    indent = indent_at(text, _span(node)[0])
    opened = f"{name.strip()} = {value.strip()}" if name else f"{value.strip()}.acquire()"
    inner = text[text.rfind("\n", 0, _span(body)[0]) + 1 : _span(body)[1]]
    deeper = indent_at(text, _span(body)[0])
    lines = [
        indent + line.removeprefix(deeper) if line.strip() else line for line in inner.split("\n")
    ]
    return [Edit(*_span(node), opened + "\n" + "\n".join(lines))]


def unwrap_try(text: str, node: SgNode, _function: SgNode, _chance: random.Random) -> list[Edit]:
    """`try (R r = open()) { ... }` becomes `R r = open();` and `try { ... }`, or just the block without a catch."""
    resources, body = node.field("resources"), node.field("body")
    if resources is None or body is None:
        return []
    indent = indent_at(text, _span(node)[0])
    inside = re.sub(r"\s*\n\s*", " ", resources.text()[1:-1].strip().rstrip(";"))
    opened = f";\n{indent}".join(part.strip() for part in inside.split(";"))
    has_handler = any(c.kind() in ("catch_clause", "finally_clause") for c in node.children())
    start = f"{opened};\n{indent}" + ("try " if has_handler else "")
    return [Edit(_span(node)[0], _span(body)[0], start)]


def swap_with_next(
    text: str, node: SgNode, _function: SgNode, _chance: random.Random
) -> list[Edit]:
    """A statement and the one after it change places."""
    after = node.next()
    while after is not None and not after.is_named():
        after = after.next()
    return (
        []
        if after is None
        else [Edit(*_span(node), after.text()), Edit(*_span(after), node.text())]
    )


def repeat_later(text: str, node: SgNode, _function: SgNode, _chance: random.Random) -> list[Edit]:
    """A statement is written a second time: after the next one, when that does not leave."""
    after = node.next()
    is_reached = after is not None and after.kind() == "expression_statement"
    end = _span(after if after is not None and is_reached else node)[1]
    return [Edit(end, end, f"\n{indent_at(text, _span(node)[0])}{node.text()}")]


def mistype_name(text: str, node: SgNode, _function: SgNode, chance: random.Random) -> list[Edit]:
    """A name loses a letter, or two of its letters change places."""
    name = node.text()
    at = chance.randrange(1, len(name) - 1)
    typo = (
        name[:at] + name[at + 1 :]
        if chance.random() < 0.5
        else name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    )
    if re.search(rf"\b{re.escape(typo)}\b", text) or not typo.isidentifier():
        return []
    return [Edit(*_span(node), typo)]


def paste_into_sql(text: str, node: SgNode, _function: SgNode, chance: random.Random) -> list[Edit]:
    """The parameters of a statement are put into its text: by +, or between braces where the language has that."""
    sql = node.get_match("SQL")
    pasted = None if sql is None else _paste(text, node, sql, chance)
    if sql is None or pasted is None:
        return []
    return [Edit(_span(sql)[0], _span(node)[1], f"{pasted})")]


def paste_into_named_sql(
    text: str, node: SgNode, _function: SgNode, chance: random.Random
) -> list[Edit]:
    """The same where the text of the statement has a name: the parameters leave the call."""
    sql, given = node.get_match("SQL"), node.field("arguments")
    pasted = None if sql is None else _paste(text, node, sql, chance)
    if sql is None or given is None or pasted is None:
        return []
    name = given.child(1)
    return [Edit(*_span(sql), pasted), Edit(_span(name)[1], _span(node)[1], ")")] if name else []


def _paste(text: str, node: SgNode, sql: SgNode, chance: random.Random) -> str | None:
    one = node.get_match("ONE")
    values = (
        [one.text()]
        if one
        else [n.text() for n in node.get_multiple_matches("ARGS") if n.is_named()]
    )
    quote = sql.text()[0]
    if not values or len(PLACEHOLDER.findall(sql.text())) != len(values):
        return None
    if quote not in "'\"`" or sql.text().startswith(quote * 3):
        return None
    filled = iter(values)
    between = _find_braces(node, text, quote) if chance.random() < 0.5 else None
    if between:
        start, end, mark = between
        return (
            start + PLACEHOLDER.sub(lambda _m: f"'{mark}{next(filled)}}}'", sql.text()[1:-1]) + end
        )
    apart = "" if quote == "'" else "'"
    pasted = PLACEHOLDER.sub(
        lambda _m: f"{apart}{quote} + {next(filled)} + {quote}{apart}", sql.text()
    )
    return pasted.removesuffix(f" + {quote}{quote}")


def _find_braces(node: SgNode, text: str, quote: str) -> tuple[str, str, str] | None:
    """How a text with values in braces begins and ends; None for Java and Go, and where quotes would clash."""
    if node.kind() == "call":
        return ('f"', '"', "{") if quote == '"' else None
    is_script = node.kind() == "call_expression" and not re.search(r"^package ", text, re.MULTILINE)
    return ("`", "`", "${") if is_script else None


def catch_all(text: str, node: SgNode, _function: SgNode, _chance: random.Random) -> list[Edit]:
    """`except ValueError:` becomes `except:`."""
    start, end = _span(node)
    return [Edit(start - 1 if text[start - 1] == " " else start, end, "")]


def trust_everybody(
    _text: str, node: SgNode, _function: SgNode, _chance: random.Random
) -> list[Edit]:
    """The options of a connection say that certificates need not be checked."""
    options = node if node.kind() == "literal_value" else node.find(kind="object")
    if options is None:
        return []
    start = _span(options)[0] + 1
    is_go = node.kind() == "literal_value"
    said = "InsecureSkipVerify: true" if is_go else " rejectUnauthorized: false"
    return [Edit(start, start, said if options.text()[1:].strip() == "}" else f"{said},")]


def mistype_text(_text: str, node: SgNode, _function: SgNode, chance: random.Random) -> list[Edit]:
    """A word in quotation marks loses a letter."""
    start, end = _span(node)
    at = chance.randrange(start + 2, end - 1)
    return [Edit(at, at + 1, "")]


def compare_by_assigning(
    _text: str, node: SgNode, _function: SgNode, chance: random.Random
) -> list[Edit]:
    """`if (done)` becomes `if (done = true)`."""
    return [Edit(_span(node)[1], _span(node)[1], f" = {chance.choice(('true', 'false'))}")]


def return_at_end(text: str, node: SgNode, _function: SgNode, _chance: random.Random) -> list[Edit]:
    """The block ends with a return that stands elsewhere."""
    returned = node.get_match("RETURN")
    if returned is None:
        return []
    at = text.rfind("\n", 0, _span(node)[1])
    last = text[text.rfind("\n", 0, at) + 1 :]
    return [Edit(at, at, f"\n{indent_at(last, 0)}{returned.text()}")]


def realloc_in_place(
    _text: str, node: SgNode, function: SgNode, _chance: random.Random
) -> list[Edit]:
    """The second pointer that the result of realloc() went to is gone: the first one takes it."""
    declaration, pointer, name = node.parent(), node.get_match("P"), node.find(kind="identifier")
    if (
        declaration is None
        or pointer is None
        or name is None
        or declaration.kind() != "declaration"
    ):
        return []
    value = node.field("value")
    start, end = _span(declaration)
    edits = [Edit(start, end, f"{pointer.text()} = {value.text() if value else ''};")]
    for other in function.find_all(kind="identifier"):
        at = _span(other)
        if other.text() == name.text() and not start <= at[0] < end:
            edits.append(Edit(*at, pointer.text()))
    return edits


def drop_error(text: str, node: SgNode, _function: SgNode, _chance: random.Random) -> list[Edit]:
    """The check of an error goes, and so that it still compiles, the error goes to _."""
    called = node.prev()
    while called is not None and not called.is_named():
        called = called.prev()
    names = None if called is None else called.field("left")
    if names is None:
        return []
    end = _span(names)[1]
    return [Edit(end - len("err"), end, "_"), Edit(*whole_lines(text, *_span(node)), "")]


MOVES: dict[str, Move] = {
    move.__name__: move
    for move in (
        unwrap_with,
        unwrap_try,
        swap_with_next,
        repeat_later,
        mistype_name,
        paste_into_sql,
        paste_into_named_sql,
        catch_all,
        trust_everybody,
        mistype_text,
        compare_by_assigning,
        return_at_end,
        realloc_in_place,
        drop_error,
    )
}
