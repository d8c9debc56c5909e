"""What every platform's parser is made of: strict reading of required fields, lenient reading of the rest. Pure."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from internflow.errors import ContractViolation
from internflow.listings.posting import Board, DroppedPosting, FeedKind, Posting
from internflow.listings.text import clean_json, clean_line

Job = Mapping[str, Any]

LONGEST_ID = 200
LONGEST_URL = 2000


@dataclass(frozen=True)
class ParsedBoard:
    """What a board shows: postings, those that could not be read, and how many the platform says there are."""

    postings: tuple[Posting, ...]
    dropped: tuple[DroppedPosting, ...]
    reported_count: int | None


class Platform(Protocol):
    """What a module of crawlers.platforms offers."""

    @property
    def FEED_KIND(self) -> FeedKind:  # noqa: N802  a constant of the module
        """Whether an answer is the whole board or its newest part."""

    @property
    def HOSTS(self) -> tuple[str, ...]:  # noqa: N802  a constant of the module
        """The only hosts that a crawl of this platform speaks to."""

    @property
    def UNKNOWN_BOARD(self) -> tuple[str, str]:  # noqa: N802  a constant of the module
        """Content type and body of the platform's 404."""

    def board_url(self, token: str) -> str:
        """Address that answers with the whole board."""

    def parse_postings(self, payload: object, board: Board) -> ParsedBoard:
        """Read a decoded answer. Raises ContractViolation when it is no board."""

    def parse_posting(self, job: Job, board: Board) -> Posting:
        """Read one job of an answer. Raises ContractViolation when a required field is missing."""


def decode_json(body: bytes) -> object:
    """Decode an answer into JSON that Postgres can store. Raises ContractViolation."""
    try:
        return clean_json(json.loads(body))
    except (ValueError, RecursionError):
        start = body[:40].decode("utf-8", "replace")
        raise ContractViolation(
            "The answer", start, "the platform sent something else than JSON."
        ) from None


def parse_each(
    jobs: Iterable[object], board: Board, parse_one: Callable[[Job, Board], Posting]
) -> tuple[tuple[Posting, ...], tuple[DroppedPosting, ...]]:
    """Parse jobs one by one; a broken or doubled one is dropped with the reason and stops no other."""
    postings: dict[str, Posting] = {}
    dropped: list[DroppedPosting] = []
    for job in jobs:
        try:
            posting = parse_one(_require_object(job), board)
        except ContractViolation as error:
            dropped.append(DroppedPosting(board=board.token, reason=str(error), payload=job))
            continue
        if postings.setdefault(posting.external_id, posting) is not posting:
            reason = f"The id {posting.external_id} is another job's too: the first one counts."
            dropped.append(DroppedPosting(board=board.token, reason=reason, payload=job))
    return tuple(postings.values()), tuple(dropped)


def _require_object(job: object) -> Job:
    if not isinstance(job, dict):
        raise ContractViolation("A job", job, "it must be an object.")
    return job


def require_jobs(payload: object) -> list[object]:
    """The `jobs` list of an answer. Raises ContractViolation."""
    jobs = payload.get("jobs") if isinstance(payload, dict) else None
    if not isinstance(jobs, list):
        raise ContractViolation(
            "The field jobs of the answer", jobs, "a board has a list there, if an empty one."
        )
    return jobs


def require_id(job: Job, field: str) -> str:
    """An id, as text. Raises ContractViolation."""
    value = job.get(field)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    text = require_text(job, field)
    if len(text) > LONGEST_ID:
        raise ContractViolation(
            f"The field {field}", text, f"an id has at most {LONGEST_ID} characters."
        )
    return text


def require_text(job: Job, field: str) -> str:
    """One line of text that is not empty. Raises ContractViolation."""
    text = read_line(job, field)
    if text is None:
        raise ContractViolation(f"The field {field}", job.get(field), "a posting needs text there.")
    return text


def require_url(job: Job, field: str) -> str:
    """A web address that is safe to link to. Raises ContractViolation."""
    url = require_text(job, field)
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in url
    except ValueError:
        is_web = False
    if not is_web or len(url) > LONGEST_URL:
        raise ContractViolation(f"The field {field}", url, "a posting needs a web address there.")
    return url


def read_line(fields: object, name: str) -> str | None:
    """One line of text from an object; None when there is none."""
    value = fields.get(name) if isinstance(fields, Mapping) else None
    return (clean_line(value) or None) if isinstance(value, str) else None


def read_text(fields: object, name: str) -> str:
    """A text as it is; empty when there is none."""
    value = fields.get(name) if isinstance(fields, Mapping) else None
    return value if isinstance(value, str) else ""


def read_list(fields: object, name: str) -> list[Any]:
    """A list from an object; empty when there is none."""
    value = fields.get(name) if isinstance(fields, Mapping) else None
    return value if isinstance(value, list) else []


def read_moment(fields: object, name: str) -> datetime | None:
    """A moment in UTC; one without a zone is taken for UTC. None when it cannot be read."""
    try:
        moment = datetime.fromisoformat(read_text(fields, name).strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_day(fields: object, name: str) -> date | None:
    """A day, as it is where it was written. None when it cannot be read."""
    try:
        return datetime.fromisoformat(read_text(fields, name).strip()).date()
    except ValueError:
        return None
