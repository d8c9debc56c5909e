"""Teamtailor careers sites. Pure: feeds in, postings out.

Every site serves a JSON Feed, TOKEN.teamtailor.com/jobs.json?per_page=100&page=1, whose items carry JobPosting data,
and jobs.rss. The JSON Feed is asked for: the RSS feed ends at 100 jobs, whatever page is asked. Both are read; only
RSS tells remote work and department. Companies in North America have a token NAME.na.
"""

import xml.etree.ElementTree as ET
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult

from crawlers.company_sites import find_subdomain, read_parts, read_query_number
from crawlers.parsing import (
    build_posting,
    decode_json,
    decode_xml,
    parse_each,
    read_day,
    read_line,
    read_list,
    read_moment,
    read_text,
    require_id,
    require_jobs,
    require_text,
    require_url,
    write_pay,
)
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from internflow.errors import ContractViolation
from internflow.listings.places import Whereabouts, parse_whereabouts
from internflow.listings.posting import Posting, WorkModel
from internflow.listings.text import sanitise_html

DOMAIN = "teamtailor.com"
PAGE_SIZE = 100
RSS_PAGE = 100
LOCATIONS = "{https://teamtailor.com/locations}"
REMOTE_STATUSES: dict[str, WorkModel] = {
    "fully": "remote",
    "hybrid": "hybrid",
    "onsite": "on_site",
}


def first_ask(visit: Visit) -> Ask:
    """The first hundred jobs of the JSON Feed."""
    return _ask(visit, 1)


def find_next(page: Page, visit: Visit) -> tuple[Ask, ...]:
    """The next page, after one that says there is more and is not empty."""
    if _is_xml(page):
        return ()
    payload = decode_json(page)
    if not require_jobs(payload, "items") or not read_line(payload, "next_url"):
        return ()
    return (_ask(visit, max(1, read_query_number(page.ask.url, "page")) + 1),)


def find_token(address: SplitResult) -> str | None:
    """TOKEN.teamtailor.com or NAME.na.teamtailor.com; a company's own domain does not tell."""
    if name := find_subdomain(address, f"na.{DOMAIN}"):
        return f"{name}.na"
    return find_subdomain(address, DOMAIN)


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page of either feed. Raises ContractViolation when it is none."""
    if not _is_xml(page):
        items = require_jobs(decode_json(page), "items")
        return ParsedPage(*parse_each(items, visit, parse_posting))
    channel = decode_xml(page).find("channel")
    if channel is None:
        raise ContractViolation("The feed", page.body[:40], "an RSS feed has a channel.")
    jobs = [_read_item(item) for item in channel.iterfind("item")]
    shortfall = f"The RSS feed ends at {RSS_PAGE} jobs." if len(jobs) >= RSS_PAGE else None
    return ParsedPage(*parse_each(jobs, visit, parse_posting), shortfall=shortfall)


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one item of either feed. Raises ContractViolation when id, title or address is missing."""
    told = job.get("_jobposting")
    whereabouts = _find_whereabouts(job)
    description = sanitise_html(
        read_text(told, "description")
        or read_text(job, "content_html")
        or read_text(job, "description")
    )
    posted_at = _find_moment(job)
    organisation = told.get("hiringOrganization") if isinstance(told, dict) else None
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=require_url(job, "url"),
        title=require_text(job, "title"),
        company=read_line(organisation, "name") or visit.board.company,
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type=_find_employment_type(told),
        description_html=description,
        posted_at=posted_at,
        apply_by=read_day(told, "validThrough"),
        pay_text=_find_pay(told),
        department=read_line(job, "department"),
    )


def _ask(visit: Visit, number: int) -> Ask:
    host = f"{visit.board.token.lower()}.{DOMAIN}"
    return Ask(f"https://{host}/jobs.json?per_page={PAGE_SIZE}&page={number}")


def _is_xml(page: Page) -> bool:
    return page.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _read_item(item: ET.Element) -> dict[str, Any]:
    """An item of the RSS feed under the names of the JSON Feed, as far as both have it."""
    return {
        "id": _read(item, "guid"),
        "title": _read(item, "title"),
        "url": _read(item, "link"),
        "pubDate": _read(item, "pubDate"),
        "description": _read(item, "description"),
        "remoteStatus": _read(item, "remoteStatus"),
        "department": _read(item, f"{LOCATIONS}department"),
        "role": _read(item, f"{LOCATIONS}role"),
        "locations": [
            {part: _read(place, LOCATIONS + part) for part in ("name", "city", "country")}
            for place in item.iterfind(f"{LOCATIONS}locations/{LOCATIONS}location")
        ],
    }


def _read(element: ET.Element, tag: str) -> str:
    return (element.findtext(tag) or "").strip()


def _find_whereabouts(job: Job) -> Whereabouts:
    """City and country of every location: a region is a company's own, such as "Europe", and counts without a city."""
    told = job.get("_jobposting")
    addresses = [_find_address(place) for place in _list_places(told)]
    names = [
        read_parts(address, ("addressLocality", "addressCountry"))
        if read_line(address, "addressLocality")
        else read_parts(address, ("addressRegion", "addressCountry"))
        for address in addresses
    ] + [
        read_parts(place, ("city", "country")) or read_text(place, "name")
        for place in read_list(job, "locations")
    ]
    stated = parse_whereabouts(names)
    is_remote = read_text(told, "jobLocationType").upper() == "TELECOMMUTE"
    flagged: WorkModel | None = "remote" if is_remote else None
    status = REMOTE_STATUSES.get(read_text(job, "remoteStatus").lower())
    return Whereabouts(stated.places, status or flagged or stated.work_model)


def _list_places(told: object) -> list[Any]:
    """schema.org allows one location where there may be a list."""
    single = told.get("jobLocation") if isinstance(told, dict) else None
    return [single] if isinstance(single, dict) else read_list(told, "jobLocation")


def _find_address(place: object) -> object:
    """An address; one whose country is an object is read by its name."""
    address = place.get("address") if isinstance(place, dict) else None
    if not isinstance(address, dict):
        return None
    country = read_line(address.get("addressCountry"), "name")
    return address | {"addressCountry": country} if country else address


def _find_moment(job: Job) -> datetime | None:
    told = job.get("_jobposting")
    stated = read_moment(job, "date_published") or read_moment(told, "datePosted")
    if stated or not read_text(job, "pubDate"):
        return stated
    try:
        return read_moment(
            {"at": parsedate_to_datetime(read_text(job, "pubDate")).isoformat()}, "at"
        )
    except (ValueError, OverflowError):
        return None


def _find_employment_type(told: object) -> str | None:
    """One of schema.org's types or several."""
    types = read_list(told, "employmentType") or [read_text(told, "employmentType")]
    return (
        ", ".join(kind.strip() for kind in types if isinstance(kind, str) and kind.strip()) or None
    )


def _find_pay(told: object) -> str | None:
    """schema.org's baseSalary: a span, or one amount."""
    pay = told.get("baseSalary") if isinstance(told, dict) else None
    value = pay.get("value") if isinstance(pay, dict) else None
    if not isinstance(value, dict):
        return None
    least = value.get("minValue")
    return write_pay(
        least if least is not None else value.get("value"),
        value.get("maxValue"),
        currency=read_line(pay, "currency"),
        period=read_line(value, "unitText"),
    )


PLATFORM = Platform(
    name="teamtailor",
    feed_kind="full_board",
    hosts=(f"*.{DOMAIN}", f"*.na.{DOMAIN}"),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    find_next=find_next,
)
