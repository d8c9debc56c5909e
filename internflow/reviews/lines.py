"""Lines of a text as a review counts them, and which of them belong together. Pure."""

import re
import tokenize
from collections.abc import Sequence

LINE_END = re.compile(r"\r\n|\r|\n")  # str.splitlines ends lines at form feeds and the like, too


def split_lines(text: str) -> list[str]:
    """Lines without their ends, as Python and ruff count them."""
    return LINE_END.split(text)


def quote_lines(text: str, start_line: int, end_line: int) -> str:
    """The text of lines, 1-based and inclusive, joined with line feeds."""
    return "\n".join(split_lines(text)[start_line - 1 : end_line])


def find_closing(lines: Sequence[str], start_line: int) -> int | None:
    """The line where the brackets that a line leaves open are closed, 1-based; None when it leaves none open.

    Give it no more lines than matter: it reads up to their end.
    """
    rest = iter(f"{line}\n" for line in lines[start_line - 1 :])
    depth = 0
    try:
        for token in tokenize.generate_tokens(rest.__next__):
            if token.start[0] > 1 and not depth:
                return None
            if token.type == tokenize.OP and token.string in "([{":
                depth += 1
            elif token.type == tokenize.OP and token.string in ")]}":
                depth = max(0, depth - 1)
                if token.start[0] > 1 and not depth:
                    return start_line + token.start[0] - 1
    except (tokenize.TokenError, SyntaxError):
        return None
    return None
