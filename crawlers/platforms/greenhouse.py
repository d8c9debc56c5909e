"""Greenhouse job boards. Pure: an answer in, postings out.

Documented at developers.greenhouse.io/job-board.html; sample address
boards-api.greenhouse.io/v1/boards/TOKEN/jobs?content=true.
One answer is the whole board. `content` is HTML, escaped once more; `updated_at` moves
without the job being new.
"""

from urllib.parse import SplitResult, parse_qs, quote

from crawlers.parsing import (
    build_posting,
    decode_json,
    parse_each,
    read_count,
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
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from internflow.listings.places import Whereabouts, parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import clean_line, sanitise_html

API = "boards-api.greenhouse.io"
PAGES = ("boards.greenhouse.io", "job-boards.greenhouse.io", "job-boards.eu.greenhouse.io")


def first_ask(visit: Visit) -> Ask:
    """The whole board."""
    return Ask(f"https://{API}/v1/boards/{quote(visit.board.token, safe='')}/jobs?content=true")


def find_token(address: SplitResult) -> str | None:
    """boards.greenhouse.io/TOKEN; an embedded board names it as `for`."""
    if address.hostname not in (*PAGES, API):
        return None
    if named := parse_qs(address.query).get("for"):
        return named[0]
    steps = [step for step in address.path.split("/") if step not in ("", "v1", "boards", "embed")]
    return steps[0] if steps else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a board's answer. Raises ContractViolation when it has no list of jobs."""
    payload = decode_json(page)
    jobs = require_jobs(payload)
    postings, dropped = parse_each(jobs, visit, parse_posting)
    meta = payload.get("meta") if isinstance(payload, dict) else None
    return ParsedPage(postings, dropped, read_count(meta, "total"))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job. Raises ContractViolation when id, title or address is missing."""
    whereabouts = _find_whereabouts(job)
    description = sanitise_html(read_text(job, "content"))
    posted_at = read_moment(job, "first_published")
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=require_url(job, "absolute_url"),
        title=require_text(job, "title"),
        company=read_line(job, "company_name") or visit.board.company,
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type=_find_employment_type(job),
        description_html=description,
        posted_at=posted_at,
        apply_by=read_day(job, "application_deadline"),
        requisition_id=read_line(job, "requisition_id"),
        department=next((read_line(d, "name") for d in read_list(job, "departments")), None),
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


PLATFORM = Platform(
    name="greenhouse",
    feed_kind="full_board",
    hosts=(API,),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    unknown_board=("application/json", '{"status":404,"error":"Job not found"}'),
)
