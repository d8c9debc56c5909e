"""Whether a sentence names only what stands in the passages that it cites: files, names of code, numbers, lines. Pure.

What it says in plain words about them is not judged: the passages stand below it for that.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Protocol


class CitedPassage(Protocol):
    """A piece of a file, as retrieval finds it."""

    @property
    def path(self) -> str: ...
    @property
    def start_line(self) -> int: ...
    @property
    def end_line(self) -> int: ...
    @property
    def symbol(self) -> str | None: ...
    @property
    def language(self) -> str: ...
    @property
    def text(self) -> str: ...


QUOTED = re.compile(r"`+([^`]+)`+")
LINES = re.compile(
    r"(?:\blines?\s+|(?<=\w):)(\d+)(?:\s*(?:-|\u2013|to|and)\s*(\d+))?", re.IGNORECASE
)
NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3}(?!\d)|[._]\d+)*")
WORD = re.compile(r"[^\s`\"\u201c\u201d\u2018\u2019,;!?]+")
ADDRESS = re.compile(r"://|\bwww\.|\w@\w+\.\w", re.IGNORECASE)
# Written by people in prose as well, so that it is no name of code: e.g. and/or, i.e. this.
ABBREVIATIONS = {"e.g", "i.e", "etc", "vs", "and/or"}
# Underscores, inner capitals, dots, paths, calls, scopes, options, and letters with digits.
NAME = re.compile(r"_|[a-z][A-Z]|\w[./\\]\w|^[./~]+\w|\w\(|::|^--?\w|->|[@#$=<>{}|*]|\d")
NUMBER_WORDS = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12", "fifteen": "15", "twenty": "20", "thirty": "30", "fifty": "50",
    "sixty": "60", "dozen": "12", "hundred": "100", "thousand": "1000", "million": "1000000",
}  # fmt: skip


def is_grounded(sentence: str, passages: Sequence[CitedPassage]) -> bool:
    """Whether all that the sentence names occurs in one of the passages; never when it names a web address."""
    if ADDRESS.search(sentence) or not _is_plain(sentence):
        return False
    spans = [(int(m[1]), int(m[2] or m[1])) for m in LINES.finditer(sentence)]
    text = LINES.sub(" ", sentence)
    return (
        all(_has_lines(span, passages) for span in spans)
        and all(_occurs(name, passages) for name in find_names(text))
        and all(_is_mentioned(word, passages) for word in find_large_words(text))
        and all(_has_number(number, passages) for number in find_numbers(text))
    )


def find_names(sentence: str) -> Iterator[str]:
    """What can only be a name of code: in backticks, or shaped like one."""
    yield from (name.strip() for name in QUOTED.findall(sentence))
    for word in WORD.findall(QUOTED.sub(" ", sentence)):
        name = _trim(word)
        if NAME.search(name) and name.lower() not in ABBREVIATIONS:
            yield name


def find_large_words(sentence: str) -> Iterator[str]:
    """Words that are written large inside the sentence, as the names of products are."""
    is_first = True
    for word in WORD.findall(QUOTED.sub(" ", sentence)):
        name = _trim(word)
        if name[:1].isupper() and len(name) > 1 and not is_first and not NAME.search(name):
            yield name
        is_first = word.endswith((".", ":"))


def find_numbers(sentence: str) -> set[str]:
    """Numbers in digits and, from two on, in words."""
    words = {w.lower() for w in re.findall(r"[A-Za-z]+", sentence)}
    return _read_numbers(sentence) | {NUMBER_WORDS[w] for w in words & NUMBER_WORDS.keys()}


def _read_numbers(text: str) -> set[str]:
    return {re.sub(r"[,_]", "", number) for number in NUMBER.findall(text)}


def _is_plain(sentence: str) -> bool:
    """No invisible characters, with which a name would look like another, and no numerals that are no digits."""
    return not any(
        unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs", "Cn"}
        or (c.isnumeric() and not ("0" <= c <= "9"))
        for c in sentence
    )


def _trim(word: str) -> str:
    """The word without the punctuation around it; a call keeps its brackets."""
    word = word.rstrip(".:'")
    while word.endswith((")", "]")) and word.count("(") + word.count("[") < _count_closing(word):
        word = word[:-1].rstrip(".:'")
    return word.lstrip("'([").removesuffix("'s")


def _count_closing(word: str) -> int:
    return word.count(")") + word.count("]")


def _occurs(name: str, passages: Sequence[CitedPassage]) -> bool:
    if NUMBER.fullmatch(name):
        return _has_number(re.sub(r"[,_]", "", name), passages)
    bare = re.sub(r"\(\s*\)$", "", name)  # `load()` is the function load
    pattern = r"\s+".join(re.escape(part) for part in bare.split())
    if not pattern:
        return True
    left = r"(?<!\w)" if re.match(r"\w", bare) else ""
    right = r"(?!\w)" if re.search(r"\w$", bare) else ""
    whole = re.compile(left + pattern + right)
    return any(whole.search(part) for p in passages for part in _list_parts(p))


def _is_mentioned(word: str, passages: Sequence[CitedPassage]) -> bool:
    whole = re.compile(rf"(?<![a-z]){re.escape(word)}(?![a-z])", re.IGNORECASE)
    return any(whole.search(part) for p in passages for part in (p.language, *_list_parts(p)))


def _has_number(number: str, passages: Sequence[CitedPassage]) -> bool:
    return any(number in find_numbers(part) for p in passages for part in _list_parts(p))


def _has_lines(span: tuple[int, int], passages: Sequence[CitedPassage]) -> bool:
    return any(p.start_line <= span[0] <= span[1] <= p.end_line for p in passages)


def _list_parts(passage: CitedPassage) -> tuple[str, ...]:
    return (passage.text, passage.path, passage.symbol or "")
