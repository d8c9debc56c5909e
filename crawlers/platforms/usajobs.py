"""Jobs for students at the federal government of the United States. Pure: an answer in, postings out.

Documented at developer.usajobs.gov/api-reference/get-api-search: data.usajobs.gov/api/search?HiringPath=student, with a
free key in one header and its owner's e-mail address in another. A query ends at 10,000 results, whatever it found.
Addresses and telephone numbers of contact persons are left out.
"""

from typing import Any
from urllib.parse import SplitResult, urlencode

from crawlers.company_sites import drop_fields, require_object
from crawlers.feeds import is_on, join_kinds, read_page_number
from crawlers.parsing import (
    build_posting,
    decode_json,
    parse_each,
    read_count,
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
from crawlers.sections import write_sections
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting

HOST = "data.usajobs.gov"
PAGE_SIZE = 250
CEILING = 10_000
PERIODS = {
    "pa": "year", "per year": "year",
    "ph": "hour", "per hour": "hour",
    "pd": "day", "per day": "day",
    "pm": "month", "per month": "month",
    "pw": "piece", "piece work": "piece",
}  # fmt: skip
FORTNIGHT = ("bw", "bi-weekly")
WITHOUT_PAY = ("wc", "without compensation")
SECTIONS = {
    "JobSummary": "",
    "MajorDuties": "Duties",
    "QualificationSummary": "Qualifications",
    "Education": "Education",
    "Requirements": "Requirements",
    "OtherInformation": "Other information",
    "HowToApply": "How to apply",
}
CONTACTS = ("AgencyContactEmail", "AgencyContactPhone", "AgencyContactWebsite")


def first_ask(_visit: Visit) -> Ask:
    """The first page of the jobs that students may apply for."""
    return _ask(1)


def find_next(page: Page, _visit: Visit) -> tuple[Ask, ...]:
    """The next page, until all were shown or the platform's ceiling."""
    result = require_object(decode_json(page), "SearchResult")
    number = read_page_number(page.ask.url, "Page")
    count = min(read_count(result, "SearchResultCountAll") or 0, CEILING)
    more = require_jobs(result, "SearchResultItems") and number * PAGE_SIZE < count
    return (_ask(number + 1),) if more else ()


def find_token(address: SplitResult) -> str | None:
    """There is one search."""
    return "all" if is_on(address, "usajobs.gov", HOST) else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page. Raises ContractViolation when it has no list of results."""
    result = require_object(decode_json(page), "SearchResult")
    postings, dropped = parse_each(require_jobs(result, "SearchResultItems"), visit, parse_posting)
    count = read_count(result, "SearchResultCountAll")
    shortfall = f"USAJOBS shows {CEILING} of {count} results." if (count or 0) > CEILING else None
    return ParsedPage(postings, dropped, count, shortfall)


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one result. Raises ContractViolation when id, title or address is missing."""
    told = require_object(job, "MatchedObjectDescriptor")
    area = told.get("UserArea")
    details = area.get("Details") if isinstance(area, dict) else None
    places = [
        read_line(place, "LocationName") or "" for place in read_list(told, "PositionLocation")
    ]
    whereabouts = parse_whereabouts([*places, read_text(told, "PositionLocationDisplay")])
    description = write_sections(_list_sections(told, details))
    posted_at = read_moment(told, "PublicationStartDate") or read_moment(told, "PositionStartDate")
    is_remote = isinstance(details, dict) and details.get("RemoteIndicator") is True
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "MatchedObjectId"),
        url=require_url(told, "PositionURI"),
        title=require_text(told, "PositionTitle"),
        company=read_line(told, "OrganizationName") or visit.board.company,
        places=parse_whereabouts(places).places or whereabouts.places,
        work_model="remote" if is_remote else whereabouts.work_model,
        employment_type=_find_kinds(told),
        description_html=description,
        posted_at=posted_at,
        apply_by=read_day(told, "ApplicationCloseDate"),
        pay_text=_find_pay(told),
        payload=_leave_out_contacts(job, told, area, details),
        requisition_id=read_line(told, "PositionID"),
        department=read_line(told, "DepartmentName"),
    )


def _list_sections(told: Job, details: object) -> list[tuple[str, str]]:
    """The parts of the description, in the order of the page; duties come as a text or as a list of texts."""
    sections = []
    for name, heading in SECTIONS.items():
        parts = read_list(details, name) or [read_text(details, name) or read_text(told, name)]
        text = "\n\n".join(part for part in parts if isinstance(part, str))
        sections.append((heading, text))
    return sections


def _find_kinds(told: Job) -> str | None:
    kinds = [*read_list(told, "PositionSchedule"), *read_list(told, "PositionOfferingType")]
    return join_kinds(read_line(kind, "Name") for kind in kinds)


def _find_pay(told: Job) -> str | None:
    """The first rate, which names its period by a code or in words; a fortnight's is told as a week's."""
    first = next(iter(read_list(told, "PositionRemuneration")), None)
    rate = first if isinstance(first, dict) else {}
    code = (read_line(rate, "RateIntervalCode") or "").lower()
    if code in WITHOUT_PAY:
        return "Unpaid (without compensation)"
    amounts = [rate.get("MinimumRange"), rate.get("MaximumRange")]
    if code in FORTNIGHT:
        weekly = [_halve(amount) for amount in amounts]
        return write_pay(*weekly, currency="USD", period="week")
    return write_pay(*amounts, currency="USD", period=PERIODS.get(code))


def _halve(amount: object) -> float | None:
    try:
        return float(amount) / 2 if isinstance(amount, int | float | str) else None
    except (ValueError, OverflowError):
        return None


def _leave_out_contacts(job: Job, told: Job, area: object, details: object) -> dict[str, Any]:
    if not isinstance(area, dict) or not isinstance(details, dict):
        return dict(job)
    kept = {**area, "Details": drop_fields(details, CONTACTS)}
    return {**job, "MatchedObjectDescriptor": {**told, "UserArea": kept}}


def _ask(number: int) -> Ask:
    query = urlencode(
        {"HiringPath": "student", "Fields": "full", "ResultsPerPage": PAGE_SIZE, "Page": number}
    )
    return Ask(f"https://{HOST}/api/search?{query}")


PLATFORM = Platform(
    name="usajobs",
    feed_kind="window",
    hosts=(HOST,),
    first_ask=first_ask,
    find_next=find_next,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    key_headers={"Authorization-Key": "usajobs_key", "User-Agent": "usajobs_email"},
)
