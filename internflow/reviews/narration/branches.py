"""How many ways lead through a function, counted in its syntax tree: Python as ruff's C901 does, others by lizard's
tokens. Pure."""

from collections.abc import Sequence
from functools import cache
from typing import cast

from tree_sitter import Node, Point, Query, QueryCursor
from tree_sitter_language_pack import SupportedLanguage, get_language

# A query takes quadratic time over very many siblings.
MOST_NODES = 20_000
MOST_LINES = 1_000

_SCRIPT = '["if" "for" "while" "case" "catch" "&&" "||" "??"] @branch (ternary_expression) @branch'
QUERIES = {
    "python": """
[(if_statement) (elif_clause) (for_statement) (while_statement) (except_clause) (case_clause)] @branch
(function_definition) @branch
(try_statement (else_clause) @branch)
((case_clause (case_pattern) @rest) (#eq? @rest "_"))
""",
    "javascript": _SCRIPT,
    "typescript": _SCRIPT,
    "tsx": _SCRIPT,
    "java": '["if" "for" "while" "case" "catch" "&&" "||"] @branch (ternary_expression) @branch',
    "c": '["if" "for" "while" "case" "&&" "||"] @branch (conditional_expression) @branch',
    "cpp": '["if" "for" "while" "case" "catch" "&&" "||"] @branch (conditional_expression) @branch',
    "go": '["if" "for" "case" "&&" "||"] @branch',
}


def measure_complexity(
    language: str, root: Node, lines: Sequence[str], start: int, end: int
) -> int | None:
    """The complexity of the function on these lines (from 1, `start` is the one that names it); functions inside count
    with it. None where the language has no rule for it or the function is huge."""
    if language not in QUERIES or end - start > MOST_LINES:
        return None
    first = lines[start - 1]
    begin = Point(start - 1, len(first[: len(first) - len(first.lstrip())].encode()))
    finish = Point(end - 1, len(lines[end - 1].rstrip().encode()))
    node = root.descendant_for_point_range(begin, finish)
    if node is None or node.descendant_count > MOST_NODES:
        return None
    found = QueryCursor(_build_query(language)).captures(node)
    count = len(found.get("branch", ())) - len(found.get("rest", ()))
    return count if language == "python" else count + 1  # Python's own definition was counted


@cache
def _build_query(language: str) -> Query:
    return Query(get_language(cast(SupportedLanguage, language)), QUERIES[language])
