"""Breezy HR job boards. Pure: an answer in, postings out.

Not documented by its vendor; sample address TOKEN.breezy.hr/json?verbose=true. One answer is the whole board, a bare
list; `verbose` adds the description. A remote job's location is where applicants must be.
"""

from urllib.parse import SplitResult

from crawlers.company_sites import find_subdomain
from crawlers.job_posting import write_html
from crawlers.parsing import (
    build_posting,
    decode_json,
    parse_each,
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
from internflow.listings.posting import Posting, WorkModel

DOMAIN = "breezy.hr"


def first_ask(visit: Visit) -> Ask:
    """The whole board."""
    return Ask(f"https://{visit.board.token}.{DOMAIN}/json?verbose=true")


def find_token(address: SplitResult) -> str | None:
    """TOKEN.breezy.hr."""
    return find_subdomain(address, DOMAIN)


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a board's answer. Raises ContractViolation when it is no list."""
    jobs = require_jobs({"list": decode_json(page)}, "list")
    return ParsedPage(*parse_each(jobs, visit, parse_posting))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one position. Raises ContractViolation when id, title or address is missing."""
    locations = read_list(job, "locations") or [job.get("location")]
    whereabouts = parse_whereabouts([_name_location(location) for location in locations])
    description = write_html(read_text(job, "description"))
    posted_at = read_moment(job, "published_date")
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=require_url(job, "url"),
        title=require_text(job, "name"),
        company=read_line(job.get("company"), "name") or visit.board.company,
        places=whereabouts.places,
        work_model=_find_work_model(locations) or whereabouts.work_model,
        employment_type=read_line(job.get("type"), "name") or read_line(job, "type"),
        description_html=description,
        posted_at=posted_at,
        pay_text=read_line(job, "salary"),
        department=read_line(job, "department") or read_line(job.get("department"), "name"),
    )


def _name_location(location: object) -> str:
    """A location's name, else its city, state and country."""
    if isinstance(location, str):
        return location
    if not isinstance(location, dict):
        return ""
    parts = [
        read_line(location, part) or read_line(location.get(part), "name")
        for part in ("city", "state", "country")
    ]
    return read_line(location, "name") or ", ".join(part for part in parts if part)


def _find_work_model(locations: list[object]) -> WorkModel | None:
    stated = [place for place in locations if isinstance(place, dict)]
    details = " ".join(
        read_line(place.get("remote_details"), "label") or read_line(place, "remote_details") or ""
        for place in stated
    )
    if "hybrid" in details.lower():
        return "hybrid"
    return "remote" if any(place.get("is_remote") is True for place in stated) else None


PLATFORM = Platform(
    name="breezy",
    feed_kind="full_board",
    hosts=(f"*.{DOMAIN}",),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    unknown_board=("text/html; charset=utf-8", "<!doctype html><title>Not found</title>"),
)
