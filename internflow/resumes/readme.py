"""Finds what a project says of itself: the first paragraph of its README, and that paragraph's first sentence. Pure."""

import re
from collections.abc import Sequence

NAMES = ("readme.md", "readme.rst", "readme.txt", "readme")
MOST_LINES = 12  # of a paragraph
MOST_CHARACTERS = 2000
LONGEST_SENTENCE = 160

# Headings, HTML, tables, lists, fences, pictures, badges, directives, code and bare links.
_no_prose = re.compile(
    r"\s*(#|<|>|\||[*+-]\s|[=:~^]|```|!\[|\[!\[|\[[^\]]+\]:|\.\.\s|\d+[.)]\s|https?://)|    |\t"
)
_underline = re.compile(r"\s*([=\-~^\"'#*+])\1{2,}\s*")


def find_first_paragraph(lines: Sequence[str]) -> tuple[int, int] | None:
    """First and last line, from 1, of the first paragraph of prose that has a printable sentence."""
    is_fenced = False
    start = 1
    for number, line in enumerate([*lines, ""], start=1):
        is_fenced ^= line.lstrip().startswith(("```", "~~~"))
        if line.strip() and not is_fenced:
            continue
        block = lines[start - 1 : number - 1]
        if not is_fenced and _is_prose(block) and parse_first_sentence("\n".join(block)):
            return start, number - 1
        start = number + 1
    return None


def parse_first_sentence(paragraph: str) -> str | None:
    """The first sentence without its markup; None when it is too long or no sentence."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", paragraph)  # pictures
    text = re.sub(r"\[([^\]]+)\](\([^)]*\)|\[[^\]]*\])", r"\1", text)  # links
    text = re.sub(r"`([^`<]+?)\s*<[^>]*>`_+", r"\1", text)  # links in reStructuredText
    text = re.sub(r"<[^>]*>|[*`]+|(?<!\w)_+|_+(?!\w)", "", text)
    text = " ".join(text.split())
    found = re.match(r"(.+?[.!?])(?:\s|$)", text)
    sentence = found.group(1) if found else text
    if not 12 <= len(sentence) <= LONGEST_SENTENCE or " " not in sentence:
        return None
    return sentence if sentence.isprintable() else None


def _is_prose(block: Sequence[str]) -> bool:
    return (
        0 < len(block) <= MOST_LINES
        and sum(map(len, block)) <= MOST_CHARACTERS
        and not any(_no_prose.match(line) for line in block[:1])
        and not any(_underline.fullmatch(line) for line in block)
    )
