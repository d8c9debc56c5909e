"""Asks GitHub which repositories a user has. An answer that GitHub calls unchanged is read from ops.github_lists."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from psycopg.types.json import Jsonb

from internflow.errors import ConfigError, ContractViolation, SourceUnavailable, UserInputError
from internflow.repos.github_pages import ListedRepository, find_next_page, parse_repositories
from internflow.settings import Settings
from internflow.warehouse.connections import Connection

TIMEOUT_SECONDS = 20
MOST_PAGES = 50  # of 100 repositories each


@dataclass(frozen=True)
class Page:
    repositories: Any
    next_url: str | None


def list_repositories(
    settings: Settings, connection: Connection, login: str, now: datetime
) -> list[ListedRepository]:
    """The user's public repositories, forks among them.

    Raises UserInputError without such a user, SourceUnavailable when GitHub does not answer, ConfigError when it
    refuses the token.
    """
    base = settings.github_api_url.rstrip("/")
    url: str | None = f"{base}/users/{login}/repos?per_page=100&page=1"
    found: list[ListedRepository] = []
    with httpx.Client(headers=build_headers(settings), timeout=TIMEOUT_SECONDS) as client:
        for _page in range(MOST_PAGES):
            if url is None:
                return found
            if not url.startswith(f"{base}/"):  # the token goes nowhere else
                raise ContractViolation("GitHub's next page", url, f"one below {base} was expected")
            page = _read_page(client, connection, login, url, now)
            found += parse_repositories(page.repositories)
            url = page.next_url
    raise UserInputError(
        f"The GitHub user {login!r} has more than {100 * MOST_PAGES} repositories: register them one by one."
    )


def build_headers(settings: Settings) -> dict[str, str]:
    """The headers of every question; with the token when there is one."""
    headers = {"Accept": "application/vnd.github+json", "User-Agent": "InternFlow"}
    if settings.github_token is not None:
        headers["Authorization"] = f"Bearer {settings.github_token.get_secret_value()}"
    return headers


def _read_page(
    client: httpx.Client, connection: Connection, login: str, url: str, now: datetime
) -> Page:
    stored = connection.execute(
        "select etag, repositories, next_url from ops.github_lists where page_url = %s", (url,)
    ).fetchone()
    try:
        answer = client.get(url, headers={"If-None-Match": stored["etag"]} if stored else {})
    except httpx.HTTPError as error:
        raise SourceUnavailable(
            f"GitHub cannot be asked now ({type(error).__name__}): try again later."
        ) from None
    if answer.status_code == 304 and stored:
        return Page(stored["repositories"], stored["next_url"])
    if answer.status_code != 200:
        raise explain_refusal(login, answer.status_code, answer.headers)
    try:
        page = Page(answer.json(), find_next_page(answer.headers.get("Link", "")))
    except ValueError:
        raise SourceUnavailable("GitHub's answer is no JSON: try again later.") from None
    if etag := answer.headers.get("ETag"):
        connection.execute(
            "insert into ops.github_lists (page_url, etag, repositories, next_url, fetched_at)"
            " values (%s, %s, %s, %s, %s) on conflict (page_url) do update set etag = excluded.etag,"
            " repositories = excluded.repositories, next_url = excluded.next_url, fetched_at = excluded.fetched_at",
            (url, etag, Jsonb(page.repositories), page.next_url, now),
        )
    return page


def explain_refusal(
    login: str, status: int, headers: httpx.Headers
) -> UserInputError | SourceUnavailable | ConfigError:
    """What a status other than 200 means to the person who gave the login."""
    if status == 404:
        return UserInputError(f"GitHub has no user {login!r}: check the spelling.")
    if status == 401:
        return ConfigError("GitHub refuses the token: make a new one for INTERNFLOW_GITHUB_TOKEN.")
    if status in (403, 429) and headers.get("X-RateLimit-Remaining") == "0":
        return SourceUnavailable(
            f"GitHub answers no more questions until {read_reset(headers)}: wait, or set INTERNFLOW_GITHUB_TOKEN."
        )
    return SourceUnavailable(f"GitHub answered with status {status}: try again later.")


def read_reset(headers: httpx.Headers) -> str:
    """When GitHub answers again, as a person reads it."""
    try:
        reset = datetime.fromtimestamp(int(headers.get("X-RateLimit-Reset", "")), UTC)
    except (ValueError, OverflowError, OSError):
        return "some time later"
    return f"{reset:%Y-%m-%d %H:%M} UTC"
