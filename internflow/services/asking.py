"""Questions to repositories: filters that are applied or refused, and the words that page and terminal share."""

from internflow.errors import UserInputError
from internflow.generation.cited_answer import CitedSentence
from internflow.retrieval.choices import Choices
from internflow.retrieval.neighbours import Place
from internflow.retrieval.passages import Filters
from internflow.retrieval.search import Passage

LONGEST_QUESTION = 500
LONGEST_GLOB = 200
NOTHING_FITS = "Nothing in this repository fits the question."
TIERS = {
    "dense": "words and meaning",
    "lexical": "words only, until the index knows meaning",
}


def parse_question(question: str) -> str:
    """Raises UserInputError for a question that cannot be asked."""
    asked = " ".join(question.replace("\x00", " ").split())
    if not asked:
        raise UserInputError("The question is empty: ask for a behaviour, a name or a file.")
    if len(asked) > LONGEST_QUESTION:
        raise UserInputError(
            f"The question has {len(asked)} characters: ask in at most {LONGEST_QUESTION}."
        )
    return asked


def parse_filters(
    path: str | None, language: str | None, kind: str | None, choices: Choices
) -> Filters:
    """Raises UserInputError for a filter that no passage of the repository could fit."""
    for name, given, known in (
        ("language", language, choices.languages),
        ("kind", kind, choices.kinds),
    ):
        if given and known and given not in known:
            raise UserInputError(
                f"No passage of this repository has the {name} {given[:40]!r}: choose among {', '.join(known)}."
            )
    if path and (len(path) > LONGEST_GLOB or not path.isprintable()):
        raise UserInputError(
            f"The path {path[:40]!r} is no pattern: write it like src/*.py, in at most {LONGEST_GLOB} characters."
        )
    return Filters(path=path or None, language=language or None, kind=kind or None)


def describe_index(commit_sha: str, behind: int, tier: str) -> str:
    """At which commit the answers stand, and which search spoke."""
    commits = "1 commit" if behind == 1 else f"{behind:,} commits"
    return f"Index at commit {commit_sha[:8]}, {commits} behind; searched by {TIERS[tier]}"


def describe_passage(passage: Passage) -> str:
    return f"{passage.path}:{passage.start_line}-{passage.end_line}"


def describe_place(place: Place) -> str:
    return f"{place.path}:{place.line}"


def mark_citations(sentence: CitedSentence) -> str:
    """`[1] [2]`"""
    return " ".join(f"[{number}]" for number in sentence.citations)
