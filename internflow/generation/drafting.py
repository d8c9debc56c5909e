"""Asks a model for JSON of a given shape, and once more when the first answer has another."""

import re
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from internflow.errors import GenerationRejected
from internflow.generation.client import Message, complete
from internflow.generation.prompt import read_prompt
from internflow.settings import Settings

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")

FENCE = re.compile(r"```(?:json)?\s*\n(.*)\n\s*```", re.DOTALL)


def ask_for_draft(
    settings: Settings, prompt_name: str, parse: Callable[[str], T], **places: str
) -> T:
    """What `parse` reads in the answer to a prompt, or in its repair. Raises as `complete` and `parse` do."""
    prompt = read_prompt(prompt_name)
    name = f"{prompt.id}-{prompt.version}"
    messages: list[Message] = [
        {"role": "system", "content": prompt.system},
        {"role": "user", "content": prompt.user.substitute(places)},
    ]
    written = complete(settings, messages, prompt=name)
    try:
        return parse(written)
    except GenerationRejected as error:
        repair = prompt.repair.substitute(problem=str(error))
    messages += [{"role": "assistant", "content": written}, {"role": "user", "content": repair}]
    return parse(complete(settings, messages, prompt=f"{name}-repair"))


def parse_written(schema: type[M], written: str) -> M:
    """Raises GenerationRejected, which says what is wrong without repeating what was written."""
    fenced = FENCE.fullmatch(written.strip())
    try:
        return schema.model_validate_json(fenced[1] if fenced else written)
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, wrong["loc"])) or "the whole"
        raise GenerationRejected(
            f"The language model's answer is not the JSON that it was asked for ({place}: {wrong['type']}):"
            " ask again or choose another model."
        ) from None
