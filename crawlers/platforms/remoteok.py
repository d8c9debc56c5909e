"""Remote OK's feed of the newest remote jobs. Pure: an answer in, postings out.

Documented at remoteok.com/api, whose first row holds the terms: link back to the job's page there and name Remote OK as
the source, so `url` is always that page. The list is a window of some 100 jobs. Salaries are US dollars a year; 0 is
none. Some texts arrive as UTF-8 read as Latin-1.
"""

from urllib.parse import SplitResult

from crawlers.feeds import is_on, require_rows
from crawlers.parsing import (
    build_posting,
    decode_json,
    parse_each,
    read_line,
    read_moment,
    read_text,
    require_id,
    require_text,
    require_url,
    write_pay,
)
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from internflow.listings.dates import from_epoch
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import sanitise_html

HOST = "remoteok.com"


def first_ask(_visit: Visit) -> Ask:
    """The whole feed."""
    return Ask(f"https://{HOST}/api")


def find_token(address: SplitResult) -> str | None:
    """There is one feed."""
    return "all" if is_on(address, HOST, "remoteok.io") else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read the feed. Raises ContractViolation when it is no list."""
    jobs = [row for row in require_rows(decode_json(page)) if not _is_notice(row)]
    return ParsedPage(*parse_each(jobs, visit, parse_posting))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job. Raises ContractViolation when id, title or address is missing."""
    whereabouts = parse_whereabouts([read_text(job, "location")])
    description = sanitise_html(read_text(job, "description"))
    posted_at = read_moment(job, "date") or from_epoch(job.get("epoch"))
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=require_url(job, "url"),
        title=require_text(job, "position"),
        company=read_line(job, "company") or visit.board.company,
        places=whereabouts.places,
        work_model="remote",
        description_html=description,
        posted_at=posted_at,
        pay_text=write_pay(
            job.get("salary_min"), job.get("salary_max"), currency="USD", period="year"
        ),
    )


def _is_notice(row: object) -> bool:
    return isinstance(row, dict) and "legal" in row and "id" not in row


PLATFORM = Platform(
    name="remoteok",
    feed_kind="window",
    hosts=(HOST,),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
)
