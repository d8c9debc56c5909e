"""A problem with the text of its lines, within the limits of what a finding can show. Pure."""

from collections.abc import Sequence

from internflow.reviews.findings import Problem

LONGEST_QUOTE_LINES = 12
LONGEST_QUOTE_CHARACTERS = 2000
LONGEST_MESSAGE = 300


def quote_problem(
    rule: str,
    lines: Sequence[str],
    start_line: int,
    end_line: int,
    message: str,
    *,
    rule_url: str | None = None,
    subject: str | None = None,
) -> Problem | None:
    """The problem with its quote, cut to its first lines; None when there is nothing to quote or too much."""
    end = min(max(start_line, end_line), start_line + LONGEST_QUOTE_LINES - 1, len(lines))
    while end > start_line and not lines[end - 1].strip():
        end -= 1
    quote = "\n".join(lines[start_line - 1 : end])
    if not quote.strip() or len(quote) > LONGEST_QUOTE_CHARACTERS:
        return None
    return Problem(rule, start_line, end, tidy(message), quote, rule_url, subject)


def tidy(message: str) -> str:
    """One line of printable characters: messages repeat parts of the code."""
    return "".join(c if c.isprintable() else " " for c in message)[:LONGEST_MESSAGE].strip()
