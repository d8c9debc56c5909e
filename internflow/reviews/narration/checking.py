"""Whether a reworded sentence says what that of the template said: no more, no less, nothing turned round. Pure.

Names, numbers and what happened to them keep their order; every other word is one that a review needs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from internflow.generation.grounding import is_grounded
from internflow.reviews.narration.templates import Sentence

# What happened: one of the words may stand for another of its line, and for no other line.
DIRECTIONS = {
    word: words.split()[0]
    for words in (
        "add adds added adding new introduces introduced introducing",
        "change changes changed changing modifies modified modifying updates updated updating edits edited",
        "remove removes removed removing deletes deleted deleting",
        "rename renames renamed", "copy copies copied", "move moves moved moving",
        "fix fixes fixed fixing mends mended resolves resolved",
        "down lowers lowered lowering reduces reduced reducing", "up raises raised raising rises rose grows grew",
        "from", "to", "high", "medium", "low", "more",
    )
    for word in words.split()
}  # fmt: skip
NOUNS = {
    word: words.split()[0]
    for words in (
        "line lines", "file files", "function functions", "class classes", "finding findings", "test tests",
        "complexity", "documentation docs", "code",
    )
    for word in words.split()
}  # fmt: skip
PLAIN = frozenset({
    "a", "an", "the", "this", "that", "these", "those", "it", "its", "they", "their", "them", "which", "where",
    "while", "and", "also", "as", "at", "by", "for", "in", "into", "of", "on", "onto", "with", "within", "between",
    "is", "are", "was", "were", "has", "have", "goes", "go", "went", "comes", "come", "came", "brings", "bring",
    "brought", "gets", "get", "got", "makes", "make", "made", "takes", "take", "you", "your", "please", "should",
    "look", "looks", "looking", "see", "check", "checks", "read", "start", "begin", "note", "worth", "closer",
    "attention", "commit", "review", "change", "rule", "severity", "part", "parts", "place", "places", "along",
    "together", "including", "plus", "there", "here", "now", "named", "called",
})  # fmt: skip
TOKEN = re.compile(r"`[^`]+`|\d+|[A-Za-z]+")
SPAN = re.compile(r"`[^`]+`")
PUNCTUATED = re.compile(r"[A-Za-z0-9 .,:;()'-]*")
LONGEST_ADDITION = 80  # characters, beyond the length of the sentence


@dataclass(frozen=True)
class _Passage:
    """The sentence of the template, as what the reworded one is checked against."""

    path: str
    start_line: int
    end_line: int
    text: str
    symbol: str | None = None
    language: str = ""


def list_vocabulary() -> list[str]:
    """The words that a reworded sentence may have besides those of its own."""
    return sorted(PLAIN | DIRECTIONS.keys() | NOUNS.keys())


def keeps_facts(original: Sentence, text: str) -> bool:
    """Whether `text` may stand for the sentence."""
    plain = SPAN.sub(" ", text)
    words, own = _list_words(text), _list_words(original.text)
    return (
        len(text) <= len(original.text) + LONGEST_ADDITION
        and PUNCTUATED.fullmatch(plain) is not None
        and list(_walk_claims(text)) == list(_walk_claims(original.text))
        and {NOUNS[w] for w in words & NOUNS.keys()} == {NOUNS[w] for w in own & NOUNS.keys()}
        and words <= own | PLAIN | DIRECTIONS.keys() | NOUNS.keys()
        and is_grounded(text, _build_passages(original))
    )


def _walk_claims(text: str) -> Iterator[str]:
    """Names, numbers and directions as they follow each other."""
    for token in TOKEN.findall(text):
        if not token.isalpha():
            yield token
        elif token.lower() in DIRECTIONS:
            yield DIRECTIONS[token.lower()]


def _list_words(text: str) -> set[str]:
    return {token.lower() for token in TOKEN.findall(text) if token.isalpha()}


def _build_passages(original: Sentence) -> list[_Passage]:
    """One for each place; without a place no line may be named."""
    if not original.places:
        return [_Passage("", 1, 0, original.text)]
    return [_Passage(p.path, p.line, p.line, original.text) for p in original.places]
