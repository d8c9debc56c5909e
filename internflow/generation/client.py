"""One chat completion from an OpenAI-compatible server.

Logs counts and seconds, never the key nor what is sent and answered.
"""

from collections.abc import Sequence
from time import monotonic
from typing import Literal, TypedDict

import httpx
from pydantic import BaseModel, Field, ValidationError

from internflow.errors import ConfigError, GenerationRejected, SourceUnavailable
from internflow.logs import log_unit
from internflow.settings import Settings

MOST_BYTES = 256 * 1024
MOST_TOKENS = 1_000
RETRYABLE = {408, 425, 429}


class Message(TypedDict):
    role: Literal["system", "user", "assistant"]
    content: str


class _Said(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Said


class _Completion(BaseModel):
    choices: list[_Choice] = Field(min_length=1)


def complete(settings: Settings, messages: Sequence[Message], *, prompt: str) -> str:
    """What the model answers to the messages; `prompt` names them in the log.

    Raises ConfigError, SourceUnavailable, and GenerationRejected when the answer is too long or no completion.
    """
    if settings.llm_url is None or settings.llm_model is None:
        raise ConfigError(
            "No language model is named: set INTERNFLOW_LLM_URL and INTERNFLOW_LLM_MODEL."
        )
    asked = {
        "model": settings.llm_model,
        "messages": list(messages),
        "temperature": 0,
        "max_tokens": MOST_TOKENS,
        "response_format": {"type": "json_object"},
    }
    with log_unit("model_answered", model=settings.llm_model, prompt=prompt) as counts:
        body = _post(settings, f"{settings.llm_url.rstrip('/')}/chat/completions", asked)
        counts["answer_bytes"] = len(body)
    try:
        return _Completion.model_validate_json(body).choices[0].message.content
    except ValidationError:
        raise GenerationRejected(
            f"The server of {settings.llm_model} answered with no chat completion: INTERNFLOW_LLM_URL must"
            " end where the path chat/completions begins, as .../v1 does."
        ) from None


def _post(settings: Settings, url: str, asked: dict[str, object]) -> bytes:
    # Not compressed: so the limit counts what is really read.
    headers = {"Accept-Encoding": "identity"}
    if settings.llm_key is not None:
        headers["Authorization"] = f"Bearer {settings.llm_key.get_secret_value()}"
    seconds = settings.llm_timeout_seconds
    deadline = monotonic() + seconds
    try:
        with (
            httpx.Client(timeout=seconds, headers=headers) as client,
            client.stream("POST", url, json=asked) as response,
        ):
            _refuse_status(response.status_code)
            return _read_body(response, deadline, seconds)
    except httpx.TimeoutException:
        raise _too_slow(seconds) from None
    except (httpx.UnsupportedProtocol, httpx.InvalidURL, UnicodeError):
        raise ConfigError(
            "INTERNFLOW_LLM_URL is no address of a server: write it like http://127.0.0.1:11434/v1."
        ) from None
    except httpx.HTTPError as error:
        raise SourceUnavailable(
            f"The language model does not answer ({type(error).__name__}): check that the server of"
            " INTERNFLOW_LLM_URL runs."
        ) from None


def _read_body(response: httpx.Response, deadline: float, seconds: float) -> bytes:
    body = bytearray()
    for piece in response.iter_raw():
        body += piece
        if len(body) > MOST_BYTES:
            raise GenerationRejected(
                f"The language model's answer is longer than {MOST_BYTES // 1024} KiB: choose another model."
            )
        if (
            monotonic() > deadline
        ):  # a server that drips keeps the connection's own limit from coming
            raise _too_slow(seconds)
    return bytes(body)


def _refuse_status(status: int) -> None:
    if status in RETRYABLE or status >= 500:
        raise SourceUnavailable(
            f"The language model's server answers with status {status}: try again later."
        )
    if status != 200:
        raise ConfigError(
            f"The language model's server answers with status {status}: check INTERNFLOW_LLM_URL,"
            " INTERNFLOW_LLM_MODEL and INTERNFLOW_LLM_KEY."
        )


def _too_slow(seconds: float) -> SourceUnavailable:
    return SourceUnavailable(
        f"The language model took longer than {seconds:g} seconds: raise INTERNFLOW_LLM_TIMEOUT_SECONDS or"
        " choose a smaller model."
    )
