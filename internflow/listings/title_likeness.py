"""How alike two titles of one company are: another spelling is one job; another number, season or team is not."""

import re

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

SAME_TITLE = 85.0  # least token_sort_ratio of two titles of one job
LONG_WORD = 7  # letters from which one letter more, less or other is a slip

# Words that one board adds and another leaves out without meaning another job.
_LIGHT_WORDS = frozenset({
    "a", "an", "the", "of", "and", "for", "in", "at", "to", "with", "or", "position", "role", "job", "opportunity",
    "program", "programme", "paid",
})  # fmt: skip
_STEMS = {
    "engineering": "engineer", "engineers": "engineer", "development": "developer", "developers": "developer",
    "programming": "programmer", "programmers": "programmer", "backend": "back end", "frontend": "front end",
    "fullstack": "full stack",
}  # fmt: skip
_plural = re.compile(r"(?<=[a-z]{4}[a-rt-z])s$")


def read_stems(title_key: str) -> frozenset[str]:
    """The words of a title key that carry meaning; `engineer` and `engineering`, `system` and `systems` are one."""
    words = " ".join(_STEMS.get(w, w) for w in title_key.split() if w not in _LIGHT_WORDS).split()
    return frozenset(_plural.sub("", word) for word in words) or frozenset(title_key.split())


def compare_stems(one: frozenset[str], other: frozenset[str]) -> float:
    """100 for the same words, less for slips of spelling, 0 when any word has no partner in the other title."""
    if one == other:
        return 100.0
    ours, theirs = one - other, other - one
    if len(ours) != len(theirs):
        return 0.0
    for words, partners in ((ours, theirs), (theirs, ours)):
        if not all(any(_is_slip(word, partner) for partner in partners) for word in words):
            return 0.0
    likeness = fuzz.token_sort_ratio(" ".join(sorted(one)), " ".join(sorted(other)))
    return likeness if likeness >= SAME_TITLE else 0.0


def are_related(one_key: str, other_key: str) -> bool:
    """Whether two title keys may be two wordings of the job behind one requisition id."""
    return fuzz.token_set_ratio(one_key, other_key) >= SAME_TITLE


def _is_slip(one: str, other: str) -> bool:
    return (
        min(len(one), len(other)) >= LONG_WORD
        and one.isalpha()
        and other.isalpha()
        and Levenshtein.distance(one, other, score_cutoff=1) == 1
    )
