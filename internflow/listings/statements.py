"""Finds the places in a description worth a closer look, so that costly rules read only those. Pure."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

MOST_LOOKS = 200  # per word; a text that says one word more often is hostile


@lru_cache(maxsize=8)
def lower_in_place(text: str) -> str:
    """Lower case with every character where it was; kept for the next rules on the same text."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def find_words(lowered: str, words: Iterable[str]) -> Iterator[int]:
    """Where the words stand in a lower-case text, word by word."""
    for word in words:
        position = lowered.find(word)
        for _look in range(MOST_LOOKS):
            if position < 0:
                break
            yield position
            position = lowered.find(word, position + len(word))
