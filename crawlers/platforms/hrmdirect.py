"""HRMDirect (ClearCompany) job boards. Pure: an answer in, postings out.

Not documented by its vendor; sample address TOKEN.hrmdirect.com/employment/job-openings.php?search=true. One page is
the whole board, one row for each location of a job; a job's own page has place and description.
"""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, quote, urljoin

from parsel import Selector

from crawlers.company_sites import find_subdomain
from crawlers.job_posting import read_job_posting, write_html
from crawlers.parsing import (
    build_posting,
    parse_each,
    read_line,
    read_list,
    read_text,
    require_id,
    require_text,
    require_url,
)
from crawlers.platform import Ask, Detail, Job, Page, ParsedPage, Platform, Visit
from crawlers.structured_data import merge_job_page
from crawlers.web_pages import select_page
from internflow.errors import ContractViolation
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import clean_line

DOMAIN = "hrmdirect.com"
DESCRIPTION = ".jobDesc"
# What the vendor's page has even when no job is open.
MARKS = (b"reqResult", b"hrmdirect", b"hrmSearch", b"ClearCompany")

_day = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def first_ask(visit: Visit) -> Ask:
    """The whole board."""
    return Ask(f"{_write_base(visit)}job-openings.php?search=true")


def find_token(address: SplitResult) -> str | None:
    """TOKEN.hrmdirect.com."""
    return find_subdomain(address, DOMAIN)


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a board's page, rows of one job made one. Raises ContractViolation for another page than a board's."""
    rows = select_page(page).xpath("//tr[@data-req-id]")
    if not rows and not any(mark in page.body for mark in MARKS):
        raise ContractViolation(
            "The answer",
            page.body[:40],
            "an HRMDirect board shows a table of jobs, if an empty one.",
        )
    jobs: dict[str, dict[str, Any]] = {}
    for row in rows:
        job = _read_row(row, _write_base(visit))
        known = jobs.setdefault(job["id"] or f"row {len(jobs)}", job)
        known["places"] = list(dict.fromkeys([*known["places"], *job["places"]]))
    return ParsedPage(*parse_each(jobs.values(), visit, parse_posting))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job. Raises ContractViolation when id, title or address is missing."""
    detail = job.get("detail")
    found = read_job_posting(detail.get("posting") if isinstance(detail, dict) else None, visit.now)
    places = [place for place in read_list(job, "places") if isinstance(place, str)]
    whereabouts = parse_whereabouts(places or [read_text(detail, "location")])
    description = write_html(read_text(detail, "description")) or found.description_html
    posted_at = _read_posted(job)
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=require_url(job, "url"),
        title=require_text(job, "title"),
        places=whereabouts.places or found.places,
        work_model=found.work_model or whereabouts.work_model,
        employment_type=found.employment_type,
        description_html=description,
        posted_at=posted_at,
        apply_by=found.apply_by,
        pay_text=found.pay_text,
        department=read_line(job, "department"),
        is_withdrawn=found.is_over,
    )


def _read_row(row: Selector, base: str) -> dict[str, Any]:
    """A row as plain fields. The title's link is never closed; columns are known by class or id."""
    link = row.xpath('.//a[contains(@href, "job-opening.php")]/@href').get() or ""
    try:
        url = urljoin(base, link.strip()) if link else ""
    except ValueError:
        url = ""
    cells = [_read_words(cell) for cell in row.xpath("./td")]
    place = ", ".join(p for p in (_read_cell(row, "cit"), _read_cell(row, "state")) if p)
    return {
        "id": clean_line(row.xpath("@data-req-id").get() or ""),
        "url": url,
        "title": _read_cell(row, "posTitle"),
        "department": _read_cell(row, "departments"),
        "places": [place] if place else [],
        "posted": next((cell for cell in cells if _day.fullmatch(cell)), None),
    }


def _read_cell(row: Selector, name: str) -> str:
    """The words of the column whose class or id begins with a name."""
    found = row.xpath(f'./td[starts-with(@class, "{name}") or starts-with(@id, "{name}")]')
    return _read_words(found[0]) if found else ""


def _read_words(cell: Selector) -> str:
    return clean_line(" ".join(cell.xpath(".//text()").getall()))


def _read_posted(job: Job) -> datetime | None:
    """The day, month first, as this American vendor writes it."""
    found = _day.fullmatch(read_line(job, "posted") or "")
    if found is None:
        return None
    month, day, year = (int(part) for part in found.groups())
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _write_base(visit: Visit) -> str:
    return f"https://{visit.board.token}.{DOMAIN}/employment/"


def _ask_detail(job: Job, visit: Visit) -> Ask | None:
    return Ask(f"{_write_base(visit)}job-opening.php?req={quote(require_id(job, 'id'), safe='')}")


def _merge_detail(job: Job, page: Page) -> Job:
    """The page's table of fields has the place."""
    merged = merge_job_page(job, page, DESCRIPTION)
    cells = select_page(page).xpath('//td[contains(., "Location:")]/following-sibling::td[1]')
    merged["detail"]["location"] = _read_words(cells[0]) if cells else ""
    return merged


PLATFORM = Platform(
    name="hrmdirect",
    feed_kind="full_board",
    hosts=(f"*.{DOMAIN}",),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    detail=Detail(_ask_detail, _merge_detail),
    unknown_board=("text/html; charset=utf-8", "<!doctype html><title>Not found</title>"),
)
