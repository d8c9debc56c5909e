"""Greenhouse job boards. Pure: an answer in, postings out.

Documented at developers.greenhouse.io/job-board.html; sample address
boards-api.greenhouse.io/v1/boards/TOKEN/jobs?content=true.
One answer is the whole board. `content` is HTML, escaped once more; `updated_at` moves
without the job being new.
"""

from urllib.parse import quote

from crawlers.parsing import (
    Job,
    ParsedBoard,
    parse_each,
    read_day,
    read_line,
    read_list,
    read_moment,
    read_text,
    require_id,
    require_jobs,
    require_text,
    require_url,
)
from internflow.listings.places import Whereabouts, parse_whereabouts
from internflow.listings.posting import Board, FeedKind, Posting
from internflow.listings.text import clean_line, html_to_text, sanitise_html

FEED_KIND: FeedKind = "full_board"
HOSTS: tuple[str, ...] = ("boards-api.greenhouse.io",)
UNKNOWN_BOARD: tuple[str, str] = ("application/json", '{"status":404,"error":"Job not found"}')


def board_url(token: str) -> str:
    """Address that answers with the whole board."""
    return f"https://{HOSTS[0]}/v1/boards/{quote(token, safe='')}/jobs?content=true"


def parse_postings(payload: object, board: Board) -> ParsedBoard:
    """Read a board's answer. Raises ContractViolation when it has no list of jobs."""
    jobs = require_jobs(payload)
    postings, dropped = parse_each(jobs, board, parse_posting)
    return ParsedBoard(postings, dropped, _read_total(payload, len(jobs)))


def parse_posting(job: Job, board: Board) -> Posting:
    """Read one job. Raises ContractViolation when id, title or address is missing."""
    whereabouts = _find_whereabouts(job)
    description = sanitise_html(read_text(job, "content"))
    posted_at = read_moment(job, "first_published")
    return Posting(
        platform=board.platform,
        board=board.token,
        external_id=require_id(job, "id"),
        url=require_url(job, "absolute_url"),
        title=require_text(job, "title"),
        company=read_line(job, "company_name") or board.company,
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type=_find_employment_type(job),
        description_html=description,
        description_text=html_to_text(description),
        posted_at=posted_at,
        date_kind="exact" if posted_at else "none",
        apply_by=read_day(job, "application_deadline"),
        pay_text=None,
        payload=dict(job),
    )


def _find_whereabouts(job: Job) -> Whereabouts:
    """The location; where it is only a work model, the offices say the places."""
    stated = parse_whereabouts([read_text(job.get("location"), "name")])
    if stated.places:
        return stated
    offices = [
        read_line(office, "location") or read_line(office, "name") or ""
        for office in read_list(job, "offices")
    ]
    return Whereabouts(parse_whereabouts(offices).places, stated.work_model)


def _find_employment_type(job: Job) -> str | None:
    """What the company's own field of that name says; its value may be a text or a list of texts."""
    for entry in read_list(job, "metadata"):
        if (read_line(entry, "name") or "").lower() == "employment type":
            values = read_list(entry, "value") or [read_text(entry, "value")]
            return clean_line(", ".join(v for v in values if isinstance(v, str))) or None
    return None


def _read_total(payload: object, listed: int) -> int:
    meta = payload.get("meta") if isinstance(payload, dict) else None
    total = meta.get("total") if isinstance(meta, dict) else None
    return total if isinstance(total, int) and not isinstance(total, bool) else listed
