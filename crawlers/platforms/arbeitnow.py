"""Arbeitnow's feed of jobs, most of them in Germany. Pure: an answer in, postings out.

Documented at arbeitnow.com/blog/job-board-api: www.arbeitnow.com/api/job-board-api?page=N, newest first, 100 a page.
`links.next` carries a search term that changes, so pages are counted here. Descriptions are HTML, escaped once more;
`created_at` is in seconds. The newest MOST_PAGES pages are read: a window.
"""

from urllib.parse import SplitResult

from crawlers.feeds import is_on, join_kinds, read_page_number
from crawlers.parsing import (
    build_posting,
    decode_json,
    parse_each,
    read_line,
    read_list,
    read_text,
    require_id,
    require_jobs,
    require_text,
    require_url,
)
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from internflow.listings.dates import from_epoch
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import sanitise_html

HOST = "www.arbeitnow.com"
PAGE_SIZE = 100
MOST_PAGES = 30


def first_ask(_visit: Visit) -> Ask:
    """The newest jobs."""
    return _ask(1)


def find_next(page: Page, _visit: Visit) -> tuple[Ask, ...]:
    """The next page, after one that is not the last."""
    payload = decode_json(page)
    jobs = require_jobs(payload, "data")
    links = payload.get("links") if isinstance(payload, dict) else None
    more = bool(read_line(links, "next")) if isinstance(links, dict) else len(jobs) >= PAGE_SIZE
    number = read_page_number(page.ask.url)
    return (_ask(number + 1),) if jobs and more and number < MOST_PAGES else ()


def find_token(address: SplitResult) -> str | None:
    """There is one feed."""
    return "all" if is_on(address, "arbeitnow.com") else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page. Raises ContractViolation when it has no list of jobs."""
    return ParsedPage(*parse_each(require_jobs(decode_json(page), "data"), visit, parse_posting))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job. Raises ContractViolation when slug, title or address is missing."""
    whereabouts = parse_whereabouts([read_text(job, "location")])
    description = sanitise_html(read_text(job, "description"))
    posted_at = from_epoch(job.get("created_at"))
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "slug"),
        url=require_url(job, "url"),
        title=require_text(job, "title"),
        company=read_line(job, "company_name") or visit.board.company,
        places=whereabouts.places,
        work_model="remote" if job.get("remote") is True else whereabouts.work_model,
        employment_type=join_kinds(read_list(job, "job_types")),
        description_html=description,
        posted_at=posted_at,
        department=join_kinds(read_list(job, "tags")[:1]),
    )


def _ask(number: int) -> Ask:
    return Ask(f"https://{HOST}/api/job-board-api?page={number}")


PLATFORM = Platform(
    name="arbeitnow",
    feed_kind="window",
    hosts=(HOST,),
    first_ask=first_ask,
    find_next=find_next,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
)
