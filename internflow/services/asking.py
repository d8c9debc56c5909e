"""Asks repositories: filters that are applied or refused, and the words in which the terminal has answers."""

from rich.console import Console
from rich.markup import escape

from internflow.errors import UserInputError
from internflow.generation.answering import WrittenAnswer
from internflow.generation.cited_answer import CitedSentence
from internflow.listings.safety import reveal
from internflow.repos.languages import LANGUAGES, NAMES
from internflow.retrieval.passages import Filters
from internflow.retrieval.search import Answer, Passage

KINDS = ("function", "method", "class", "module", "section", "text")
KNOWN_LANGUAGES = tuple(sorted({*LANGUAGES.values(), *NAMES.values()}))
LONGEST_QUESTION = 500
LONGEST_GLOB = 200
NOTHING_FITS = "Nothing in this repository fits the question."
MOST_LINES = 12


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


def parse_filters(path: str | None, language: str | None, kind: str | None) -> Filters:
    """Raises UserInputError for a filter that no passage could ever fit."""
    if language and language not in KNOWN_LANGUAGES:
        raise UserInputError(
            f"No language is called {language[:40]!r}: choose among {', '.join(KNOWN_LANGUAGES)}."
        )
    if kind and kind not in KINDS:
        raise UserInputError(f"No passage is a {kind[:40]!r}: choose among {', '.join(KINDS)}.")
    if path and (len(path) > LONGEST_GLOB or not path.isprintable()):
        raise UserInputError(
            f"The path {path[:40]!r} is no pattern: write it like src/*.py, in at most {LONGEST_GLOB} characters."
        )
    return Filters(path=path or None, language=language or None, kind=kind or None)


def describe_index(commit_sha: str, behind: int, tier: str) -> str:
    """At which commit the answers stand, and which search spoke."""
    commits = "1 commit" if behind == 1 else f"{behind:,} commits"
    return f"Index at commit {commit_sha[:8]}, {commits} behind; {tier} search"


def describe_place(passage: Passage) -> str:
    return f"{passage.path}:{passage.start_line}-{passage.end_line}"


def mark_citations(sentence: CitedSentence) -> str:
    """`[1] [2]`"""
    return " ".join(f"[{number}]" for number in sentence.citations)


def print_answer(console: Console, answer: Answer, written: WrittenAnswer | None) -> None:
    """What was written first, then the passages that it cites by number."""
    console.print(
        f"[dim]{escape(describe_index(answer.commit_sha, answer.behind, answer.tier))}[/dim]"
    )
    if not answer.passages:
        console.print(NOTHING_FITS)
    if written is not None:
        print_written(console, written)
    for number, passage in enumerate(answer.passages, start=1):
        print_passage(console, number, passage, answer.commit_sha)


def print_written(console: Console, written: WrittenAnswer) -> None:
    console.print()
    for sentence in written.sentences:
        console.print(escape(f"{sentence.text} {mark_citations(sentence)}"))
    if written.problem:
        console.print(f"[yellow]{escape(written.problem)}[/yellow]")


def print_passage(console: Console, number: int, passage: Passage, commit_sha: str) -> None:
    place = escape(reveal(f"[{number}] {describe_place(passage)}"))
    symbol = escape(reveal(passage.symbol or ""))
    console.print(
        f"\n[bold]{place}[/bold]  {symbol}  [dim]{commit_sha[:8]}  {passage.score:.2f}[/dim]"
    )
    lines = passage.text.splitlines()
    for line_number, line in enumerate(lines[:MOST_LINES], start=passage.start_line):
        console.print(f"[dim]{line_number:>5}[/dim]  {escape(reveal(line))}")
    if len(lines) > MOST_LINES:
        console.print(f"[dim]       {len(lines) - MOST_LINES} more lines[/dim]")
