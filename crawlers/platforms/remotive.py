"""Remotive's feed of remote jobs. Pure: an answer in, postings out.

Documented at github.com/remotive-com/remote-jobs-api: remotive.com/api/remote-jobs, no key, to be asked at most four
times a day; link back and name Remotive. A job appears a day late and the list is cut, so absence closes nothing.
"""

from urllib.parse import SplitResult

from crawlers.feeds import is_on, join_kinds, split_places
from crawlers.parsing import (
    build_posting,
    decode_json,
    parse_each,
    read_count,
    read_line,
    read_moment,
    read_text,
    require_id,
    require_jobs,
    require_text,
    require_url,
)
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import sanitise_html

HOST = "remotive.com"


def first_ask(_visit: Visit) -> Ask:
    """The whole feed."""
    return Ask(f"https://{HOST}/api/remote-jobs")


def find_token(address: SplitResult) -> str | None:
    """There is one feed."""
    return "all" if is_on(address, HOST, "remotive.io") else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read the feed. Raises ContractViolation when it has no list of jobs."""
    payload = decode_json(page)
    postings, dropped = parse_each(require_jobs(payload), visit, parse_posting)
    return ParsedPage(postings, dropped, read_count(payload, "job-count"))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job. Raises ContractViolation when id, title or address is missing."""
    where = split_places(read_line(job, "candidate_required_location"))
    description = sanitise_html(read_text(job, "description"))
    posted_at = read_moment(job, "publication_date")
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=require_url(job, "url"),
        title=require_text(job, "title"),
        company=read_line(job, "company_name") or visit.board.company,
        places=parse_whereabouts(where).places,
        work_model="remote",
        employment_type=join_kinds([job.get("job_type")]),
        description_html=description,
        posted_at=posted_at,
        pay_text=read_line(job, "salary"),
        department=read_line(job, "category"),
    )


PLATFORM = Platform(
    name="remotive",
    feed_kind="window",
    hosts=(HOST,),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    pace_seconds=2.0,
)
