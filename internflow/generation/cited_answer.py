"""Reads the sentences that a model wrote and keeps those that cite and fit the passages it was given. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from internflow.generation.drafting import parse_written
from internflow.generation.grounding import CitedPassage, is_grounded
from internflow.generation.prompt import defuse

MOST_SENTENCES = 12
LONGEST_SENTENCE = 500
LONGEST_LINE = 300
MARKS = re.compile(r"\s+\[\d+(?:,\s*\d+)*\]")


class _DraftSentence(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    text: str = Field(max_length=LONGEST_SENTENCE)
    citations: list[int] = Field(max_length=20)


class Draft(BaseModel):
    """What the model is asked for."""

    model_config = ConfigDict(extra="forbid", strict=True)
    sentences: list[_DraftSentence] = Field(max_length=MOST_SENTENCES)


@dataclass(frozen=True)
class CitedSentence:
    """`citations` are positions among the given passages, from 1 on; there is at least one."""

    text: str
    citations: tuple[int, ...]


def parse_draft(written: str) -> Draft:
    """Raises GenerationRejected, which says what is wrong without repeating what was written."""
    return parse_written(Draft, written)


def keep_cited(draft: Draft, passages: Sequence[CitedPassage]) -> tuple[CitedSentence, ...]:
    """The sentences that cite given passages alone and name nothing that is not in them."""
    kept = []
    for sentence in draft.sentences:
        numbers = tuple(dict.fromkeys(sentence.citations))
        text = " ".join(MARKS.sub("", sentence.text).split())
        if not text or not numbers or not all(1 <= n <= len(passages) for n in numbers):
            continue
        if is_grounded(text, [passages[n - 1] for n in numbers]):
            kept.append(CitedSentence(text, numbers))
    return tuple(kept)


def quote_passages(passages: Sequence[CitedPassage]) -> str:
    """The passages for the prompt: every line of theirs stands behind its number and a bar, so that none ends them."""
    return "\n\n".join(_quote(n, passage) for n, passage in enumerate(passages, start=1))


def _quote(number: int, passage: CitedPassage) -> str:
    symbol = f", {passage.symbol}" if passage.symbol else ""
    place = f"{passage.path}, lines {passage.start_line}-{passage.end_line}{symbol}"
    lines = [f"Passage {number}: {' '.join(defuse(place).split())}"]
    for line_number, line in enumerate(passage.text.splitlines(), start=passage.start_line):
        lines.append(f"{line_number:>5} | {defuse(line[:LONGEST_LINE])}")
    return "\n".join(lines)
