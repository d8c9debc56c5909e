"""Himalayas' search over remote jobs. Pure: an answer in, postings out.

Documented at himalayas.app/api: himalayas.app/jobs/api/search?q=intern&page=N, no key, 20 jobs a page at most. The
whole feed has nearly 100,000 jobs, so the search is asked for, and MOST_PAGES of it. Link back and name Himalayas. A
job has no number: its guid is its address. Dates are in seconds.
"""

from urllib.parse import SplitResult

from crawlers.feeds import is_on, join_kinds, read_page_number
from crawlers.job_posting import name_period
from crawlers.parsing import (
    LONGEST_ID,
    build_posting,
    decode_json,
    parse_each,
    read_count,
    read_line,
    read_list,
    read_moment,
    read_text,
    require_jobs,
    require_text,
    require_url,
    write_pay,
)
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from internflow.listings.dates import from_epoch
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import sanitise_html

HOST = "himalayas.app"
PAGE_SIZE = 20
MOST_PAGES = 100


def first_ask(_visit: Visit) -> Ask:
    """The first page of the search."""
    return _ask(1)


def find_next(page: Page, _visit: Visit) -> tuple[Ask, ...]:
    """The next page, until all that the search found were shown."""
    payload = decode_json(page)
    number = read_page_number(page.ask.url)
    more = require_jobs(payload) and number * PAGE_SIZE < (read_count(payload, "totalCount") or 0)
    return (_ask(number + 1),) if more and number < MOST_PAGES else ()


def find_token(address: SplitResult) -> str | None:
    """There is one search."""
    return "all" if is_on(address, HOST) else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page. Raises ContractViolation when it has no list of jobs."""
    payload = decode_json(page)
    postings, dropped = parse_each(require_jobs(payload), visit, parse_posting)
    count = read_count(payload, "totalCount")
    ceiling = PAGE_SIZE * MOST_PAGES
    shortfall = (
        f"Only {ceiling} of {count} jobs found are asked for." if (count or 0) > ceiling else None
    )
    return ParsedPage(postings, dropped, count, shortfall)


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job. Raises ContractViolation when guid, title or address is missing."""
    guid = require_text(job, "guid")
    address = read_line(job, "applicationLink") or guid
    description = sanitise_html(read_text(job, "description") or read_text(job, "excerpt"))
    posted_at = from_epoch(job.get("pubDate")) or read_moment(job, "pubDate")
    ends_at = from_epoch(job.get("expiryDate")) or read_moment(job, "expiryDate")
    return build_posting(
        visit,
        job,
        external_id=_shorten(guid),
        url=require_url({"url": address}, "url"),
        title=require_text(job, "title"),
        company=read_line(job, "companyName") or visit.board.company,
        places=_find_places(job),
        work_model="remote",
        employment_type=read_line(job, "employmentType"),
        description_html=description,
        posted_at=posted_at,
        pay_text=_find_pay(job),
        department=join_kinds(read_list(job, "parentCategories")[:1]),
        is_withdrawn=bool(ends_at and ends_at < visit.now),
    )


def _shorten(guid: str) -> str:
    """The part of a guid that tells jobs apart: its path, from its end where it is long."""
    return guid.removeprefix(f"https://{HOST}/")[-LONGEST_ID:]


def _find_places(job: Job) -> tuple[str, ...]:
    """Where one must live; each a name, or an object with one."""
    names = [
        place if isinstance(place, str) else read_text(place, "name")
        for place in read_list(job, "locationRestrictions")
    ]
    return parse_whereabouts(names).places


def _find_pay(job: Job) -> str | None:
    return write_pay(
        job.get("minSalary"),
        job.get("maxSalary"),
        currency=read_line(job, "currency"),
        period=name_period(read_line(job, "salaryPeriod") or "year"),
    )


def _ask(number: int) -> Ask:
    return Ask(f"https://{HOST}/jobs/api/search?q=intern&page={number}")


PLATFORM = Platform(
    name="himalayas",
    feed_kind="window",
    hosts=(HOST,),
    first_ask=first_ask,
    find_next=find_next,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    pace_seconds=3.0,
)
