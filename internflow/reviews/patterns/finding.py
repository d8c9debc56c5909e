"""Finds our patterns in a text. Pure; a text that is too long or too deep for the rules is refused."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from ast_grep_py import SgNode, SgRoot

from internflow.errors import TextRefused
from internflow.reviews.findings import Problem
from internflow.reviews.lines import LINE_END, split_lines
from internflow.reviews.patterns.catalog import Pattern, load_patterns
from internflow.reviews.quoting import quote_problem

MOST_PROBLEMS = 200  # of one file
MOST_CHARACTERS = 1_000_000
# Rules look up and down the tree from each place, so that they are slow where it is deep.
DEEPEST = 300  # brackets in one another
MOST_BRANCHES = 1000  # else if, each of which stands in the one before
LONGEST_LINE = 500  # longer ones are written by programs

# A header is C by its name; these words say that it is C++.
ONLY_CPP = re.compile(
    r"^[ \t]*(namespace\b|template[ \t]*<|class[ \t]+\w[^;\n]*$|using[ \t])", re.MULTILINE
)
BRACKET = re.compile(r"[\[({]|[\])}]")
OPENING = frozenset("[({")
BRANCH = re.compile(r"\b(?:else\s+if|elif)\b")
# The author's explicit word, in the comments that linters of these languages read.
SILENCED = re.compile(
    r"(#|//|/\*).*(\bnoqa\b|\bnosec\b|\bnosonar|\bnolint\b|eslint-disable-line)", re.IGNORECASE
)
NEXT_SILENCED = re.compile(
    r"(#|//|/\*).*(eslint-disable-next-line|nolintnextline|ast-grep-ignore)", re.IGNORECASE
)


def find_patterns(language: str, text: str) -> list[Problem]:
    """The problems that our patterns find, by line; at most one of a rule on a line.

    Raises TextRefused, since a text without problems would have fixed those of the version before.
    """
    grammar = "cpp" if language == "c" and ONLY_CPP.search(text) else language
    patterns = [p for p in load_patterns(grammar) if p.needs.search(text)]
    if not patterns:
        return []
    if len(text) > MOST_CHARACTERS or _is_deep(text):
        raise TextRefused("too long, or nested too deeply")
    lines = split_lines(text)
    starts = [0, *(end.end() for end in LINE_END.finditer(text))]
    # Half a character becomes one question mark, so that the others stay where they are.
    root = SgRoot(text.encode("utf-8", "replace").decode(), grammar).root()
    found: dict[tuple[int, str], Problem] = {}
    for pattern in patterns:
        for node in root.find_all(pattern.config):
            problem = _build_problem(pattern, node, lines, starts)
            if problem and not _is_silenced(problem, lines):
                found.setdefault((problem.start_line, problem.rule), problem)
    return [found[place] for place in sorted(found)[:MOST_PROBLEMS]]


def _is_deep(text: str) -> bool:
    depth = 0
    for bracket in BRACKET.finditer(text):
        depth = depth + 1 if bracket.group() in OPENING else max(0, depth - 1)
        if depth > DEEPEST:
            return True
    return len(BRANCH.findall(text)) > MOST_BRANCHES


def _build_problem(
    pattern: Pattern, node: SgNode, lines: Sequence[str], starts: Sequence[int]
) -> Problem | None:
    """None where there is nothing short enough to quote, or where the text around did not parse."""
    span = node.range()
    start = bisect_right(starts, span.start.index)
    end = bisect_right(starts, max(span.start.index, span.end.index - 1))
    rule = pattern.rule
    problem = quote_problem(rule.code, lines, start, end, pattern.message, rule_url=rule.url)
    if problem is None or _is_broken(node):
        return None
    is_written = all(len(line) <= LONGEST_LINE for line in problem.quote.split("\n"))
    return problem if is_written else None


def _is_broken(node: SgNode) -> bool:
    """Whether the parser gave up on this very place: what it makes of it then is a guess."""
    parent = node.parent()
    return (parent is not None and parent.kind() == "ERROR") or bool(node.find(kind="ERROR"))


def _is_silenced(problem: Problem, lines: Sequence[str]) -> bool:
    before = lines[problem.start_line - 2][-LONGEST_LINE:] if problem.start_line > 1 else ""
    return bool(SILENCED.search(lines[problem.start_line - 1]) or NEXT_SILENCED.search(before))
