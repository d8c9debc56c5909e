"""Problems of a version of a file, which of them a commit brought in, how one is known again. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from internflow.reviews.rule import RelatedPlace

SYNTAX = "invalid-syntax"
COMPLEXITY = "C901"

Anchor = tuple[str, str]


@dataclass(frozen=True)
class Problem:
    """What an analyzer says of one version of a file. Lines are 1-based and inclusive, `quote` is their text.

    `subject` is what tells it from others of its rule in the file, where the quote would not do.
    """

    rule: str
    start_line: int
    end_line: int
    message: str
    quote: str
    rule_url: str | None = None
    subject: str | None = None
    related: tuple[RelatedPlace, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A problem that a commit brought in; at that commit `quote` is exactly the text of these lines."""

    fingerprint: str
    commit_sha: str
    path: str
    start_line: int
    end_line: int
    quote: str
    rule: str
    category: str
    severity: str
    message: str
    rule_url: str | None
    analyzer: str
    related: tuple[RelatedPlace, ...] = ()
    subject: str | None = None


def normalise_quote(quote: str) -> str:
    """A quote without its layout: no whitespace, one kind of quotation mark, no trailing comma."""
    dense = "".join(quote.split()).replace("'", '"')
    return re.sub(r",(?=[)\]}])", "", dense)


def subject_of(problem: Problem) -> str:
    """What a problem is about, as far as it tells it from others of its rule in the same file.

    That is its quote; but the function's name for complexity, whose signature may change, and nothing for a
    syntax error, since the line that the parser stumbles over says little.
    """
    if problem.subject is not None:
        return problem.subject
    if problem.rule == SYNTAX:
        return ""
    if problem.rule == COMPLEXITY:
        return problem.message.partition(" is too complex")[0]
    return normalise_quote(problem.quote)


def anchor_of(problem: Problem) -> Anchor:
    """What two problems of one file have in common when they may be the same, wherever they stand."""
    return problem.rule, subject_of(problem)


def brought_in(
    before: Iterable[Problem], after: Iterable[Problem], touched: Collection[int] = ()
) -> list[Problem]:
    """The problems of `after` that `before` does not have, in the order of their lines.

    Of several alike, as many are new as there are more than before: first those on `touched` lines
    (lines that the change added), then the last ones of the file.
    """
    old = Counter(map(anchor_of, before))
    alike: dict[Anchor, list[Problem]] = defaultdict(list)
    for problem in after:
        alike[anchor_of(problem)].append(problem)
    new: list[Problem] = []
    for anchor, problems in alike.items():
        surplus = max(0, len(problems) - old[anchor])
        likely = sorted(problems, key=lambda p: (not is_touched(p, touched), -p.start_line))
        new.extend(likely[:surplus])
    return sorted(new, key=_place)


def is_touched(problem: Problem, touched: Collection[int]) -> bool:
    """Whether the problem stands on one of these lines."""
    return any(line in touched for line in range(problem.start_line, problem.end_line + 1))


def fingerprint(rule: str, path: str, subject: str, ordinal: int) -> str:
    """The name of a problem as long as nobody edits its text, wherever it moves in its file.

    It is sha256 over rule, path, subject without layout, and the ordinal among equal ones from 0.
    """
    parts = (rule, path, normalise_quote(subject), str(ordinal))
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def name_problems(
    path: str, problems: Iterable[Problem], before: Sequence[Problem] = ()
) -> list[tuple[str, Problem]]:
    """Each problem with its fingerprint, by line; equal ones are counted on from those of `before`."""
    seen = Counter(map(anchor_of, before))
    named = []
    for problem in sorted(problems, key=_place):
        anchor = anchor_of(problem)
        named.append((fingerprint(problem.rule, path, anchor[1], seen[anchor]), problem))
        seen[anchor] += 1
    return named


def _place(problem: Problem) -> tuple[int, int, str]:
    return problem.start_line, problem.end_line, problem.rule
