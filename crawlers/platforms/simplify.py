"""Lists of internships and first jobs as the SimplifyJobs repositories keep them. Pure: an answer in, postings out.

The board's url is the raw .github/scripts/listings.json of a repository: one array of every job it ever listed, so a
job that is missing was removed. `active` tells whether a job is still open, `is_visible` whether to show it; both
kinds of rows land. The list links to companies' own pages and holds no descriptions.
"""

from urllib.parse import SplitResult

from crawlers.company_sites import drop_fields
from crawlers.feeds import join_kinds, require_rows
from crawlers.parsing import (
    build_posting,
    decode_json,
    parse_each,
    read_line,
    read_list,
    require_id,
    require_text,
    require_url,
)
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from internflow.listings.dates import from_epoch
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import sanitise_html, text_to_html

RAW_FILES = "raw.githubusercontent.com"
LIST_PATH = ("dev", ".github", "scripts", "listings.json")
SPONSORSHIPS = {
    "Offers Sponsorship": "offered",
    "Does Not Offer Sponsorship": "not_offered",
    "U.S. Citizenship is Required": "not_offered",
}


def first_ask(visit: Visit) -> Ask:
    """The whole list."""
    return Ask(require_url({"url": visit.board.url}, "url"))


def find_token(address: SplitResult) -> str | None:
    """The repository, from the address of its raw list; the web page about it is no list."""
    steps = tuple(address.path.split("/")[1:])
    is_list = address.hostname == RAW_FILES and len(steps) == 6 and steps[2:] == LIST_PATH
    return steps[1] if is_list else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read the list. Raises ContractViolation when it is none."""
    rows = require_rows(decode_json(page))
    postings, dropped = parse_each(rows, visit, parse_posting)
    return ParsedPage(postings, dropped, len(rows))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one row. Raises ContractViolation when id, title or address is missing or broken."""
    places = [place for place in read_list(job, "locations") if isinstance(place, str)]
    whereabouts = parse_whereabouts(places)
    posted_at = from_epoch(job.get("date_posted"))
    stated = read_line(job, "sponsorship")
    told = stated if stated in SPONSORSHIPS else None
    description = sanitise_html(text_to_html(told or ""))
    is_withdrawn = job.get("active") is False
    # A list may take a closed job's link away: what is left to link to is the list.
    is_unlinked = is_withdrawn and not read_line(job, "url")
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=first_ask(visit).url if is_unlinked else require_url(job, "url"),
        title=require_text(job, "title"),
        company=read_line(job, "company_name") or visit.board.company,
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type="Internship" if "intern" in visit.board.token.lower() else None,
        description_html=description,
        posted_at=posted_at,
        payload=drop_fields(job, ("source",)),  # who added the row: a person's account name
        department=read_line(job, "category"),
        terms=_find_terms(job),
        sponsorship=SPONSORSHIPS.get(told or ""),
        is_withdrawn=is_withdrawn,
        is_hidden=job.get("is_visible") is False,
    )


def _find_terms(job: Job) -> tuple[str, ...]:
    terms = read_list(job, "terms") or [job.get("season")]
    return tuple(term for item in terms if (term := join_kinds([item])))


PLATFORM = Platform(
    name="simplify",
    feed_kind="full_board",
    hosts=(),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
)
