"""Has a model write the answer to a question from passages; whatever goes wrong, the passages stand without it."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from internflow.errors import ConfigError, GenerationRejected, SourceUnavailable
from internflow.generation.cited_answer import (
    CitedSentence,
    keep_cited,
    parse_draft,
    quote_passages,
)
from internflow.generation.drafting import ask_for_draft
from internflow.generation.grounding import CitedPassage
from internflow.settings import Settings

logger = structlog.get_logger("internflow.generation")

NOTHING_LEFT = "Nothing that the language model wrote could be checked against the passages."


@dataclass(frozen=True)
class WrittenAnswer:
    """Checked sentences; without any, `problem` says in one sentence why."""

    sentences: tuple[CitedSentence, ...]
    problem: str | None = None


def write_answer(
    settings: Settings, question: str, passages: Sequence[CitedPassage]
) -> WrittenAnswer | None:
    """What a model writes and the passages hold; None where no model is set or there is nothing to write from."""
    if settings.llm_url is None or not passages:
        return None
    try:
        draft = ask_for_draft(
            settings,
            "answer",
            parse_draft,
            question=question,
            passages=quote_passages(passages),
        )
    except (ConfigError, SourceUnavailable, GenerationRejected) as error:
        logger.warning("answer_not_written", reason=type(error).__name__)
        return WrittenAnswer((), str(error))
    kept = keep_cited(draft, passages)
    logger.info("answer_checked", sentences=len(draft.sentences), kept=len(kept))
    return WrittenAnswer(kept, None if kept else NOTHING_LEFT)
