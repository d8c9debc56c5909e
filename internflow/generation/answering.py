"""Has a model write the answer to a question from passages; whatever goes wrong, the passages stand without it."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from internflow.errors import ConfigError, GenerationRejected, SourceUnavailable
from internflow.generation.cited_answer import (
    CitedSentence,
    Draft,
    keep_cited,
    parse_draft,
    quote_passages,
)
from internflow.generation.client import Message, complete
from internflow.generation.grounding import CitedPassage
from internflow.generation.prompt import read_prompt
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
        draft = _ask_for_draft(settings, question, passages)
    except (ConfigError, SourceUnavailable, GenerationRejected) as error:
        logger.warning("answer_not_written", reason=type(error).__name__)
        return WrittenAnswer((), str(error))
    kept = keep_cited(draft, passages)
    logger.info("answer_checked", sentences=len(draft.sentences), kept=len(kept))
    return WrittenAnswer(kept, None if kept else NOTHING_LEFT)


def _ask_for_draft(settings: Settings, question: str, passages: Sequence[CitedPassage]) -> Draft:
    """One answer, and one more when the first has the wrong shape. Raises as `complete` and `parse_draft` do."""
    prompt = read_prompt("answer")
    name = f"{prompt.id}-{prompt.version}"
    asked = prompt.user.substitute(question=question, passages=quote_passages(passages))
    messages: list[Message] = [
        {"role": "system", "content": prompt.system},
        {"role": "user", "content": asked},
    ]
    written = complete(settings, messages, prompt=name)
    try:
        return parse_draft(written)
    except GenerationRejected as error:
        repair = prompt.repair.substitute(problem=str(error))
    messages += [{"role": "assistant", "content": written}, {"role": "user", "content": repair}]
    return parse_draft(complete(settings, messages, prompt=f"{name}-repair"))
