"""Terms of code and of questions about it, alike for both: words of identifiers, in their stems. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

import snowballstemmer

TERMS_VERSION = "terms-1"

LONGEST_WORD = 60  # longer ones are data
NAME_WORDS = 6  # of a question, that a function's name is made of
STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        a an and are as at be by can do does for from has have how i if in into is it its me my no not of on or our
        so such that the their then there these they this to us was we what when where which who why will with you
        """,
    )
)

_word = re.compile(r"\w+")
_part = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_a-zA-Z]+")
_stemmer = snowballstemmer.stemmer("english")


def find_terms(text: str) -> list[str]:
    """The terms of a text, in order: `loadStore_v2` gives `loadstore_v2`, `load`, `store`, `v2`'s parts."""
    return list(chain.from_iterable(map(split_word, _word.findall(text))))


def find_question_terms(question: str, languages: Iterable[str] = ()) -> list[str]:
    """The terms of a question once each, without the names of languages when other words remain.

    That a repository is in Python makes "python" say nothing of any of its functions.
    """
    terms = list(dict.fromkeys(find_terms(question)))
    named = {_stem(language.lower()) for language in languages}
    return [term for term in terms if term not in named] or terms


def drop_language_names(question: str, languages: Iterable[str]) -> str:
    """The question as the encoder sees it, without the names of the repository's languages."""
    named = {language.lower() for language in languages}
    kept = [word for word in question.split() if word.lower().strip(".,?!:;") not in named]
    return " ".join(kept) or question


def write_as_function(question: str) -> str:
    """The head of a function that would answer a question, or the question when it has no words to name one by."""
    words = [word.lower() for word in _word.findall(question)]
    name = "_".join([word for word in words if word not in STOP_WORDS][:NAME_WORDS])
    return f'def {name}():\n    """{question}"""' if name else question


@lru_cache(maxsize=500_000)  # a million chunks have as many names
def split_word(word: str) -> tuple[str, ...]:
    """The terms of one identifier: its parts in their stems, itself before them when it has several."""
    if len(word) > LONGEST_WORD:
        return ()
    parts = [part.lower() for part in _part.findall(word)]
    terms = [_stem(part) for part in parts if len(part) > 1 and part not in STOP_WORDS]
    return (word.lower(), *terms) if len(parts) > 1 else tuple(terms)


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word))
