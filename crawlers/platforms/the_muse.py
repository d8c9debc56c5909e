"""The Muse's public job search. Pure: an answer in, postings out.

Documented at themuse.com/developers/api/v2: www.themuse.com/api/public/jobs?level=Internship&page=N, 20 a page from 1.
The token is the level: "internship", "entry-level". Without a key some 500 requests an hour are answered, and no page
after the hundredth.
"""

from urllib.parse import SplitResult, urlencode

from crawlers.feeds import is_on, join_kinds, read_page_number
from crawlers.parsing import (
    build_posting,
    decode_json,
    parse_each,
    read_count,
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
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import sanitise_html

HOST = "www.themuse.com"
MOST_PAGES = 100


def first_ask(visit: Visit) -> Ask:
    """The first page of the level that the token names."""
    return _ask(visit, 1)


def find_next(page: Page, visit: Visit) -> tuple[Ask, ...]:
    """The next page, up to the last one or the platform's limit."""
    payload = decode_json(page)
    number = read_page_number(page.ask.url)
    last = min(read_count(payload, "page_count") or 0, MOST_PAGES)
    return (_ask(visit, number + 1),) if require_jobs(payload, "results") and number < last else ()


def find_token(address: SplitResult) -> str | None:
    """The search for internships."""
    return "internship" if is_on(address, "themuse.com") else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page. Raises ContractViolation when it has no list of results."""
    payload = decode_json(page)
    postings, dropped = parse_each(require_jobs(payload, "results"), visit, parse_posting)
    count = read_count(payload, "page_count") or 0
    ceiling = f"The Muse shows {MOST_PAGES} of its {count} pages." if count > MOST_PAGES else None
    return ParsedPage(postings, dropped, read_count(payload, "total"), ceiling)


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job. Raises ContractViolation when id, title or address is missing."""
    places = [read_line(place, "name") or "" for place in read_list(job, "locations")]
    whereabouts = parse_whereabouts(places)
    description = sanitise_html(read_text(job, "contents"))
    posted_at = read_moment(job, "publication_date")
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=require_url({"url": read_text(job.get("refs"), "landing_page")}, "url"),
        title=require_text(job, "name"),
        company=read_line(job.get("company"), "name") or visit.board.company,
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type=join_kinds(read_line(level, "name") for level in read_list(job, "levels")),
        description_html=description,
        posted_at=posted_at,
        department=next((read_line(c, "name") for c in read_list(job, "categories")), None),
    )


def _ask(visit: Visit, number: int) -> Ask:
    level = visit.board.token.replace("-", " ").title()
    query = urlencode({"level": level, "page": number})
    return Ask(f"https://{HOST}/api/public/jobs?{query}")


PLATFORM = Platform(
    name="the_muse",
    feed_kind="window",
    hosts=(HOST,),
    first_ask=first_ask,
    find_next=find_next,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
)
