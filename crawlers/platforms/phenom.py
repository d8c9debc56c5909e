"""Phenom career sites, on companies' own hosts. Pure: an answer in, postings out.

Not documented by its vendor; sample address careers.phenom.com/global/en/search-results?from=0&s=1. The board's url
is the site with its country and language (https://careers.phenom.com/global/en); the token is free, its host say. The
page's script assigns ten jobs, with the first words of their descriptions, to `phApp.ddo`.
"""

import re
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

from crawlers.company_sites import read_parts, read_query_number
from crawlers.job_posting import read_date, read_job_posting, write_html
from crawlers.parsing import (
    build_posting,
    parse_each,
    read_count,
    read_line,
    read_list,
    read_text,
    require_id,
    require_jobs,
    require_text,
    require_url,
)
from crawlers.platform import Ask, Detail, Job, Page, ParsedPage, Platform, Visit
from crawlers.script_values import find_script_value
from crawlers.structured_data import merge_job_page
from internflow.errors import ContractViolation
from internflow.listings.places import Whereabouts, parse_whereabouts
from internflow.listings.posting import Posting

SCRIPT = "phApp.ddo"
DEFAULT_SITE = "global/en"
DESCRIPTION = ".jd-info, .job-description"

_site = re.compile(r"/([a-z_-]{2,20})/([a-z]{2}(?:[-_][A-Za-z]{2,4})?)(?:/|$)")
_locale = re.compile(r"([a-z]{2})_([A-Za-z]{2,10})")


def first_ask(visit: Visit) -> Ask:
    """The first ten jobs."""
    return _ask_page(visit, 0)


def find_next(page: Page, visit: Visit) -> tuple[Ask, ...]:
    """The next jobs, as long as the total is not reached."""
    found = _read_found(page)
    rows = read_list(found.get("data"), "jobs")
    start = read_query_number(page.ask.url, "from") + len(rows)
    total = read_count(found, "totalHits") or 0
    return (_ask_page(visit, start),) if rows and start < total else ()


def find_token(address: SplitResult) -> str | None:
    """The host of an address such as careers.phenom.com/global/en/search-results."""
    is_search = address.path.rstrip("/").endswith("/search-results")
    return address.hostname if is_search and _site.match(address.path) else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page of jobs. Raises ContractViolation when it has no list of them."""
    found = _read_found(page)
    jobs = require_jobs(found.get("data"), "jobs")
    postings, dropped = parse_each(jobs, visit, parse_posting)
    return ParsedPage(postings, dropped, read_count(found, "totalHits"))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job. Raises ContractViolation when id, title or the site's address is missing."""
    detail = job.get("detail")
    found = read_job_posting(detail.get("posting") if isinstance(detail, dict) else None, visit.now)
    whereabouts = _find_whereabouts(job)
    description = (
        write_html(read_text(detail, "text"))
        or found.description_html
        or write_html(read_text(detail, "description"))
        or write_html(read_text(job, "description") or read_text(job, "descriptionTeaser"))
    )
    posted_at = read_date(job, "postedDate") or read_date(job, "dateCreated")
    return build_posting(
        visit,
        job,
        external_id=require_id(job, _choose_id(job)),
        url=require_url({"url": _write_address(job, visit)}, "url"),
        title=require_text(job, "title"),
        places=whereabouts.places or found.places,
        work_model=found.work_model or whereabouts.work_model,
        employment_type=read_line(job, "type") or found.employment_type,
        description_html=description,
        posted_at=posted_at,
        apply_by=found.apply_by,
        pay_text=found.pay_text,
        requisition_id=read_line(job, "reqId"),
        department=read_line(job, "department") or read_line(job, "category"),
        is_withdrawn=found.is_over,
    )


def _find_whereabouts(job: Job) -> Whereabouts:
    """All locations; the one, in whichever field it is; city, state and country."""
    listed = [*read_list(job, "multi_location"), *read_list(job, "multi_location_array")]
    names = [n if isinstance(n, str) else read_text(n, "location") for n in listed]
    one = next(
        (
            line
            for n in ("location", "cityStateCountry", "cityState")
            if (line := read_line(job, n))
        ),
        read_parts(job, ("city", "state", "country")),
    )
    several = [name for name in names if name]
    models = [read_text(job, name) for name in ("workplaceType", "remoteType", "jobLocationType")]
    return Whereabouts(
        parse_whereabouts(several or [one]).places,
        parse_whereabouts([*(several or [one]), *models]).work_model,
    )


def _read_found(page: Page) -> dict[str, Any]:
    """The search's part of what the page's script assigns. Raises ContractViolation."""
    ddo = find_script_value(page, SCRIPT)
    fields = ddo if isinstance(ddo, dict) else {}
    found = fields.get("eagerLoadRefineSearch") or fields.get("refineSearch")
    if not isinstance(found, dict):
        raise ContractViolation(
            f"The page's {SCRIPT}",
            sorted(fields),
            "a page of search results has eagerLoadRefineSearch.",
        )
    return found


def _choose_id(job: Job) -> str:
    return next((name for name in ("jobId", "reqId", "jobSeqNo") if job.get(name)), "jobId")


def _write_address(job: Job, visit: Visit) -> str:
    """The job's page on the company's site; the job says the site's country and language where the board does not."""
    host, site = _split_site(visit)
    if site is None:
        found = _locale.fullmatch(read_line(job, "locale") or "")
        site = f"{found.group(2).lower()}/{found.group(1)}" if found else DEFAULT_SITE
    number = read_line(job, "jobSeqNo") or require_id(job, _choose_id(job))
    return f"https://{host}/{site}/job/{quote(number, safe='')}"


def _split_site(visit: Visit) -> tuple[str, str | None]:
    """The host, and country with language where the board's address has them."""
    parts = urlsplit(visit.board.url or f"https://{visit.board.token}")
    found = _site.match(parts.path)
    return parts.netloc, "/".join(found.groups()) if found else None


def _ask_page(visit: Visit, start: int) -> Ask:
    host, site = _split_site(visit)
    return Ask(f"https://{host}/{site or DEFAULT_SITE}/search-results?from={start}&s=1")


def _ask_detail(job: Job, visit: Visit) -> Ask | None:
    return Ask(_write_address(job, visit))


def _merge_detail(job: Job, page: Page) -> Job:
    """The page's JobPosting, and the description that its script has."""
    merged = merge_job_page(job, page, DESCRIPTION)
    try:
        found: Any = find_script_value(page, SCRIPT)
    except ContractViolation:
        return merged
    for name in ("jobDetail", "data", "job"):
        found = found.get(name) if isinstance(found, dict) else None
    merged["detail"]["text"] = read_text(found, "description")
    return merged


PLATFORM = Platform(
    name="phenom",
    feed_kind="full_board",
    hosts=(),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    find_next=find_next,
    detail=Detail(_ask_detail, _merge_detail),
    unknown_board=("text/html; charset=utf-8", "<!doctype html><title>Not found</title>"),
)
