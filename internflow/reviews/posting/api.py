"""GitHub's REST API as far as posting needs it: asks once; what a refusal means is one sentence. Prefect retries.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx

from internflow.errors import (
    ConfigError,
    ContractViolation,
    InternflowError,
    SourceUnavailable,
    UserInputError,
)
from internflow.repos.github import build_headers, read_reset
from internflow.repos.vetting import Source
from internflow.settings import Settings

TIMEOUT_SECONDS = 20
MOST_PAGES = 10  # of 100 entries each
PUBLIC_API = "api.github.com"
FULL_NAME = re.compile(r"/([\w.-]+/[\w.-]+)")

Json = dict[str, Any]


class Gone(UserInputError):
    """GitHub has no such thing, or hides it from this token."""


class GitHubApi:
    """The API about one repository, whose `name` is OWNER/NAME."""

    def __init__(self, client: httpx.Client, name: str) -> None:
        self._client, self.name = client, name

    def ask(self, method: str, path: str, body: Json | None = None) -> Any:
        """The answer of a path below the repository's. Raises InternflowError: SourceUnavailable when asking again may
        help, Gone for a 404."""
        try:
            answer = self._client.request(method, f"repos/{self.name}{path}", json=body)
        except httpx.HTTPError as error:
            raise SourceUnavailable(
                f"GitHub cannot be asked now ({type(error).__name__}): try again later."
            ) from None
        if not answer.is_success:
            raise explain_refusal(self.name, answer)
        try:
            return answer.json()
        except ValueError:
            raise SourceUnavailable("GitHub's answer is no JSON: try again later.") from None

    def list(self, path: str) -> Iterator[Json]:
        """The entries of a list, page by page."""
        joint = "&" if "?" in path else "?"
        for page in range(1, MOST_PAGES + 1):
            entries = self.ask("GET", f"{path}{joint}per_page=100&page={page}")
            if not isinstance(entries, list):
                raise ContractViolation(f"GitHub's {path}", entries, "a list was expected")
            yield from entries
            if len(entries) < 100:
                return


@contextmanager
def open_api(settings: Settings, name: str) -> Iterator[GitHubApi]:
    """The API with the token of the settings. Raises ConfigError without one."""
    if settings.github_token is None:
        raise ConfigError("Posting to GitHub needs a token: set INTERNFLOW_GITHUB_TOKEN.")
    base = f"{settings.github_api_url.rstrip('/')}/"
    headers = build_headers(settings) | {"X-GitHub-Api-Version": "2022-11-28"}
    with httpx.Client(base_url=base, headers=headers, timeout=TIMEOUT_SECONDS) as client:
        yield GitHubApi(client, name)


def find_name(settings: Settings, source: Source) -> str | None:
    """OWNER/NAME of a source on the GitHub that is asked; None for any other."""
    api = urlsplit(settings.github_api_url).hostname
    place = urlsplit(source.location)
    match = FULL_NAME.fullmatch(place.path)
    is_there = place.hostname == ("github.com" if api == PUBLIC_API else api)
    return match[1] if match and is_there and source.kind == "https" else None


def explain_refusal(name: str, answer: httpx.Response) -> InternflowError:
    """What a status that is no success means to the operator."""
    status, said = answer.status_code, _read_message(answer)
    if status == 429 or (status == 403 and _is_limit(answer, said)):
        return SourceUnavailable(
            f"GitHub takes no more posts until {_read_wait(answer.headers)}: they are tried again."
        )
    if status >= 500:
        return SourceUnavailable(f"GitHub answered with status {status}: try again later.")
    if status in (404, 410):
        return Gone(
            f"GitHub shows this token no {name}, or not what is posted to: check the token's repositories."
        )
    known = {
        401: ConfigError("GitHub refuses the token: make a new one for INTERNFLOW_GITHUB_TOKEN."),
        403: ConfigError(
            f"The token may not post to {name} ({said}): check runs need a GitHub App's token with Checks: write,"
            " comments one that may write to the repository."
        ),
        **dict.fromkeys(
            (301, 302, 307, 308),
            UserInputError(f"{name} has moved on GitHub: register its new address."),
        ),
    }
    refused = ContractViolation(
        f"GitHub's answer to a post to {name}", f"{status} {said}", "report it"
    )
    return known.get(status, refused)


def _is_limit(answer: httpx.Response, said: str) -> bool:
    is_spent = answer.headers.get("X-RateLimit-Remaining") == "0"
    return is_spent or "Retry-After" in answer.headers or "rate limit" in said.lower()


def _read_message(answer: httpx.Response) -> str:
    """GitHub's own words, short and printable."""
    try:
        told = answer.json()
        parts = [told["message"], *(e.get("message", "") for e in told.get("errors", []))]
        said = "; ".join(part for part in parts if part)
    except (ValueError, KeyError, TypeError, AttributeError):
        said = ""
    return "".join(c for c in said if c.isprintable())[:200] or "it does not say why"


def _read_wait(headers: httpx.Headers) -> str:
    seconds = headers.get("Retry-After", "")
    return f"{seconds} s from now" if seconds.isdecimal() else read_reset(headers)
