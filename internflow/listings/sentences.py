"""Sentences of a posting around plain words, so that rules read a few lines instead of the whole text. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from internflow.listings.statements import find_words, lower_in_place

MOST_QUOTED = 240  # characters

# Not after an initial (U.S. citizens, B. Tech) and not before a number (Rs. 500).
_stop = re.compile(r"(?<!\b[A-Z])[.!?;]\s+(?=[^a-z\d])")


@dataclass(frozen=True)
class Source:
    """A text and the same text in lower case, letter for letter."""

    text: str
    lowered: str


@lru_cache(maxsize=8)
def read_source(title: str, description: str) -> Source:
    """The text of a posting, its title on the first line; kept for the next rules on the same posting."""
    text = f"{title}\n{description}"
    return Source(text, lower_in_place(text))


def find_sentences(
    source: Source, words: tuple[str, ...], capitals: re.Pattern[str] | None = None
) -> Iterator[str]:
    """The sentences that hold one of some words, each once; at most two quotes long and on one line.

    The words are of lower case and stand for every case. Plain words cost least; what counts in capitals alone is a
    pattern that begins with them.
    """
    seen: set[str] = set()
    for at in _find_places(source, words, capitals):
        sentence = _sentence_at(source.text, at)
        if sentence not in seen:
            seen.add(sentence)
            yield sentence


def quote(sentence: str) -> str:
    """The words of a sentence to show, as they stand."""
    return sentence.strip()[:MOST_QUOTED].strip()


def _find_places(
    source: Source, words: tuple[str, ...], capitals: re.Pattern[str] | None
) -> Iterator[int]:
    yield from find_words(source.lowered, words)
    if capitals is not None:
        yield from (found.start() for found in capitals.finditer(source.text))


def _sentence_at(text: str, at: int) -> str:
    first = max(0, at - MOST_QUOTED)
    first = max(first, text.rfind("\n", first, at) + 1)
    last = text.find("\n", at, at + MOST_QUOTED)
    line = text[first : last if last >= 0 else at + MOST_QUOTED]
    start, end = 0, len(line)
    for stop in _stop.finditer(line):
        if stop.end() > at - first:
            end = stop.start()
            break
        start = stop.end()
    return line[start:end]
