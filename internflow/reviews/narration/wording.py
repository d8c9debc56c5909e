"""Has a model reword a narration, where one is set; what it writes stands only if every sentence keeps its facts.

The model is given the sentences of the template and nothing else of the repository or its history.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field

from internflow.errors import ConfigError, GenerationRejected, SourceUnavailable
from internflow.generation.drafting import ask_for_draft, parse_written
from internflow.generation.prompt import defuse
from internflow.reviews.narration.checking import keeps_facts, list_vocabulary
from internflow.reviews.narration.templates import Narration, Sentence
from internflow.settings import Settings

logger = structlog.get_logger("internflow.reviews")

MOST_SENTENCES = 8
LONGEST_SENTENCE = 2_000

Outcome = Literal["accepted", "refused", "unavailable"]


class _Reworded(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    number: int
    text: str = Field(min_length=1, max_length=LONGEST_SENTENCE)


class Rewording(BaseModel):
    """What the model is asked for."""

    model_config = ConfigDict(extra="forbid", strict=True)
    sentences: list[_Reworded] = Field(max_length=MOST_SENTENCES)


@dataclass(frozen=True)
class Worded:
    """`text` is there when the outcome is accepted; a server that is unavailable may answer another time."""

    outcome: Outcome
    text: str | None = None


def reword(settings: Settings, narration: Narration) -> Worded:
    """What a model makes of the narration. Raises nothing for what a server answers, or does not."""
    asked = [sentence for sentence in narration.sentences if not sentence.is_fixed]
    try:
        written = ask_for_draft(
            settings,
            "narration",
            lambda answer: parse_rewording(answer, len(asked)),
            words=" ".join(list_vocabulary()),
            sentences=_quote_sentences(asked),
        )
    except (ConfigError, SourceUnavailable) as error:
        logger.warning("narration_not_reworded", reason=type(error).__name__)
        return Worded("unavailable")
    except GenerationRejected:
        logger.info("narration_not_reworded", reason="wrong shape")
        return Worded("refused")
    if not all(map(keeps_facts, asked, written)):
        logger.info("narration_not_reworded", reason="not in the facts")
        return Worded("refused")
    left = iter(written)
    return Worded(
        "accepted", " ".join(s.text if s.is_fixed else next(left) for s in narration.sentences)
    )


def parse_rewording(written: str, count: int) -> list[str]:
    """The sentences from 1 to `count`. Raises GenerationRejected when it is not exactly these."""
    sentences = parse_written(Rewording, written).sentences
    if [sentence.number for sentence in sentences] != list(range(1, count + 1)):
        raise GenerationRejected(
            f"The language model's answer does not have the sentences 1 to {count} once each, in this order:"
            " ask again or choose another model."
        )
    return [" ".join(sentence.text.split()) for sentence in sentences]


def _quote_sentences(sentences: Sequence[Sentence]) -> str:
    quoted = [{"number": n, "text": defuse(s.text)} for n, s in enumerate(sentences, start=1)]
    return json.dumps({"sentences": quoted}, ensure_ascii=False)
