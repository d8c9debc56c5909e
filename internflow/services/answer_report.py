"""Prints answers on the terminal; all text of repositories and models is made harmless first."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from internflow.generation.answering import WrittenAnswer
from internflow.listings.safety import reveal
from internflow.retrieval.neighbours import Neighbours, Place
from internflow.retrieval.search import Answer, Passage
from internflow.services.asking import (
    NOTHING_FITS,
    describe_index,
    describe_passage,
    describe_place,
    mark_citations,
)

MOST_LINES = 12


def print_answer(
    console: Console,
    answer: Answer,
    neighbours: Sequence[Neighbours],
    written: WrittenAnswer | None,
) -> None:
    """What was written first, then the passages that it cites by number, each with its neighbours."""
    console.print(
        f"[dim]{escape(describe_index(answer.commit_sha, answer.behind, answer.tier))}[/dim]"
    )
    if not answer.passages:
        console.print(NOTHING_FITS)
    if written is not None:
        print_written(console, written)
    for number, (passage, around) in enumerate(
        zip(answer.passages, neighbours, strict=True), start=1
    ):
        print_passage(console, number, passage, answer.commit_sha)
        print_places(console, "used by", around.used_by)
        print_places(console, "uses", around.uses)


def print_written(console: Console, written: WrittenAnswer) -> None:
    console.print()
    for sentence in written.sentences:
        console.print(escape(f"{sentence.text} {mark_citations(sentence)}"))
    if written.problem:
        console.print(f"[yellow]{escape(written.problem)}[/yellow]")


def print_passage(console: Console, number: int, passage: Passage, commit_sha: str) -> None:
    place = escape(reveal(f"[{number}] {describe_passage(passage)}"))
    symbol = escape(reveal(passage.symbol or ""))
    console.print(
        f"\n[bold]{place}[/bold]  {symbol}  [dim]{commit_sha[:8]}  {passage.score:.2f}[/dim]"
    )
    lines = passage.text.splitlines()
    for line_number, line in enumerate(lines[:MOST_LINES], start=passage.start_line):
        console.print(f"[dim]{line_number:>5}[/dim]  {escape(reveal(line))}")
    if len(lines) > MOST_LINES:
        console.print(f"[dim]       {len(lines) - MOST_LINES} more lines[/dim]")


def print_places(console: Console, heading: str, places: Sequence[Place]) -> None:
    for place in places:
        symbol = f"  {escape(reveal(place.symbol))}" if place.symbol else ""
        told = f"{heading:>7}: {escape(reveal(describe_place(place)))}{symbol}"
        console.print(f"       [dim]{told}[/dim]")
