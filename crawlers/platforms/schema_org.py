"""Any careers page whose jobs carry schema.org's JobPosting, as JSON-LD or microdata. Pure: an answer in, postings out.

Documented at schema.org/JobPosting and developers.google.com/search/docs/appearance/structured-data/job-posting. The
board's url is the page; the token is free, its host say. A page may list job pages of its own host as an ItemList:
those are read as well, and none further. What a page no longer has may still be open, so nothing closes by absence;
`validThrough` does.
"""

import hashlib
from urllib.parse import SplitResult, urlsplit

from crawlers.job_posting import read_job_posting
from crawlers.parsing import LONGEST_ID, build_posting, parse_each, require_text, require_url
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from crawlers.structured_data import find_job_postings, find_listed_urls, has_item_list
from internflow.errors import ContractViolation
from internflow.listings.posting import Posting

MOST_LISTED = 500  # job pages that are read of one list


def first_ask(visit: Visit) -> Ask:
    """The careers page."""
    return Ask(_require_page(visit))


def find_next(page: Page, visit: Visit) -> tuple[Ask, ...]:
    """The job pages that the careers page lists, on its own host."""
    start = _require_page(visit)
    if page.ask.url != start:
        return ()
    host = _read_host(start)
    own = [url for url in find_listed_urls(page) if _read_host(url) == host and url != start]
    return tuple(Ask(url.partition("#")[0]) for url in own[:MOST_LISTED])


def find_token(_address: SplitResult) -> str | None:
    """None: any host may have such pages, so no address tells."""
    return None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page. Raises ContractViolation for a careers page that has neither a JobPosting nor a list."""
    postings = find_job_postings(page)
    if not postings and page.ask.url == visit.board.url and not has_item_list(page):
        raise ContractViolation(
            "The page", page.ask.url, "it carries no JobPosting, so its jobs cannot be read."
        )
    jobs = [{**posting, "page_url": page.ask.url} for posting in postings]
    return ParsedPage(*parse_each(jobs, visit, parse_posting))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one JobPosting. Raises ContractViolation when title or address is missing.

    Its id is its identifier; without one, it is made of its address, title and places.
    """
    found = read_job_posting(job, visit.now)
    url = require_url({"url": found.url or job.get("page_url")}, "url")
    title = require_text({"title": found.title}, "title")
    own = found.identifier if found.identifier and len(found.identifier) <= LONGEST_ID else None
    told = "\n".join((url, title, *found.places))
    return build_posting(
        visit,
        job,
        external_id=own or hashlib.sha256(told.encode()).hexdigest()[:20],
        url=url,
        title=title,
        company=found.company or visit.board.company,
        places=found.places,
        work_model=found.work_model,
        employment_type=found.employment_type,
        description_html=found.description_html,
        posted_at=found.posted_at,
        date_kind="exact" if found.posted_at else "none",
        apply_by=found.apply_by,
        pay_text=found.pay_text,
        requisition_id=own,
        department=found.department,
        is_withdrawn=found.is_over,
    )


def _require_page(visit: Visit) -> str:
    """The board's address. Raises ContractViolation for a board without one."""
    return require_url({"url": visit.board.url}, "url")


def _read_host(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.hostname if parts.scheme == "https" else None


PLATFORM = Platform(
    name="schema_org",
    feed_kind="window",
    hosts=(),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    find_next=find_next,
    unknown_board=("text/html; charset=utf-8", "<!doctype html><title>Not found</title>"),
)
