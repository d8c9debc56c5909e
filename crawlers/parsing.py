"""What every platform's parser is made of: strict reading of required fields, lenient reading of the rest. Pure."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Required, TypedDict, Unpack
from urllib.parse import urlsplit

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from crawlers.platform import Job, Page, Visit
from internflow.errors import ContractViolation
from internflow.listings.posting import DateKind, DroppedPosting, Posting, WorkModel
from internflow.listings.text import clean_json, clean_line, html_to_text

LONGEST_ID = 200
LONGEST_URL = 2000
MOST_NUMBER = 2**63


def decode_json(page: Page) -> object:
    """Decode an answer into JSON that Postgres can store. Raises ContractViolation."""
    try:
        return clean_json(json.loads(page.body))
    except (ValueError, RecursionError):
        raise refuse_answer(page, "JSON") from None


def decode_xml(page: Page) -> ET.Element:
    """The root of an XML answer; one that declares entities is refused. Raises ContractViolation."""
    try:
        root: ET.Element = fromstring(page.body, forbid_dtd=True)
    except (ET.ParseError, DefusedXmlException, ValueError, LookupError):
        raise refuse_answer(page, "XML") from None
    return root


def refuse_answer(page: Page, wanted: str) -> ContractViolation:
    """The error for an answer that is not `wanted`."""
    start = page.body[:40].decode("utf-8", "replace")
    return ContractViolation(
        "The answer", start, f"the platform sent something else than {wanted}."
    )


def parse_each(
    jobs: Iterable[object], visit: Visit, parse_one: Callable[[Job, Visit], Posting]
) -> tuple[tuple[Posting, ...], tuple[DroppedPosting, ...]]:
    """Parse jobs one by one; a broken or doubled one is dropped with the reason and stops no other."""
    postings: dict[str, Posting] = {}
    dropped: list[DroppedPosting] = []
    for job in jobs:
        try:
            posting = parse_one(_require_object(job), visit)
        except ContractViolation as error:
            dropped.append(DroppedPosting(board=visit.board.token, reason=str(error), payload=job))
            continue
        if postings.setdefault(posting.external_id, posting) is not posting:
            reason = f"The id {posting.external_id} is another job's too: the first one counts."
            dropped.append(DroppedPosting(board=visit.board.token, reason=reason, payload=job))
    return tuple(postings.values()), tuple(dropped)


def _require_object(job: object) -> Job:
    if not isinstance(job, dict):
        raise ContractViolation("A job", job, "it must be an object.")
    return job


class Stated(TypedDict, total=False):
    """What a job states of itself; a posting needs the first three."""

    external_id: Required[str]
    url: Required[str]
    title: Required[str]
    company: str
    places: tuple[str, ...]
    work_model: WorkModel | None
    employment_type: str | None
    description_html: str
    posted_at: datetime | None
    date_kind: DateKind
    apply_by: date | None
    pay_text: str | None
    payload: dict[str, Any]
    requisition_id: str | None
    department: str | None
    terms: tuple[str, ...]
    sponsorship: str | None
    is_withdrawn: bool
    is_hidden: bool


def build_posting(visit: Visit, job: Job, **stated: Unpack[Stated]) -> Posting:
    """The posting of a job. Unless it states otherwise it is its board's company's, a date is exact, and the
    whole job is kept; the description's words are those of its HTML, which must be clean.
    """
    unstated: dict[str, Any] = {
        "company": visit.board.company,
        "places": (),
        "work_model": None,
        "employment_type": None,
        "description_html": "",
        "posted_at": None,
        "date_kind": "exact" if stated.get("posted_at") else "none",
        "apply_by": None,
        "pay_text": None,
        "payload": dict(job),
    }
    return Posting(
        platform=visit.board.platform,
        board=visit.board.token,
        description_text=html_to_text(stated.get("description_html", "")),
        **(unstated | dict(stated)),
    )


def require_jobs(payload: object, name: str = "jobs") -> list[object]:
    """The list of jobs of an answer. Raises ContractViolation."""
    jobs = payload.get(name) if isinstance(payload, dict) else None
    if not isinstance(jobs, list):
        raise ContractViolation(
            f"The field {name} of the answer", jobs, "a board has a list there, if an empty one."
        )
    return jobs


def require_id(job: Job, field: str) -> str:
    """An id, as text. Raises ContractViolation."""
    value = job.get(field)
    is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < MOST_NUMBER
    text = str(value) if is_number else require_text(job, field)
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


def read_count(fields: object, name: str) -> int | None:
    """A number of things from an object; None when there is none."""
    value = fields.get(name) if isinstance(fields, Mapping) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def write_pay(
    least: object, most: object, *, currency: str | None, period: str | None
) -> str | None:
    """Pay that a platform sends in fields, as one line such as "EUR 60000 - 75000 per year"; None without an amount."""
    amounts = [amount for amount in (_read_amount(least), _read_amount(most)) if amount]
    if not amounts:
        return None
    span = " - ".join(dict.fromkeys(amounts))
    return " ".join(filter(None, (currency, span, f"per {period.lower()}" if period else None)))


def _read_amount(value: object) -> str | None:
    try:
        amount = float(value) if isinstance(value, int | float | str) else 0.0
    except (ValueError, OverflowError):
        return None
    return f"{amount:.2f}".removesuffix(".00") if 0 < amount < 1e12 else None
