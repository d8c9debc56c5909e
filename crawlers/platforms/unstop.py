"""Unstop's search over internships and jobs in India. Pure: an answer in, postings out.

Undocumented; unstop.com/api/public/opportunity/search-result?opportunity=internships&oppstatus=open&per_page=30&page=N,
rows at data.data. The token is the kind of opportunity. What a row is stands in `subtype`, not in `type`. The search
also finds rows that ended years ago: they land as withdrawn.
"""

import re
from datetime import datetime
from urllib.parse import SplitResult, urlencode, urljoin

from crawlers.company_sites import read_parts, require_object
from crawlers.feeds import is_on, join_kinds, read_page_number
from crawlers.job_posting import name_period
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
from internflow.errors import ContractViolation
from internflow.listings.places import Whereabouts, parse_whereabouts
from internflow.listings.posting import Posting, WorkModel

HOST = "unstop.com"
SITE = f"https://{HOST}/"
PAGE_SIZE = 30
KINDS = {"internships": "Internship", "internship": "Internship", "jobs": None, "job": None}
WORK_MODELS: dict[str, WorkModel] = {
    "wfh": "remote",
    "work_from_home": "remote",
    "remote": "remote",
    "online": "remote",
    "hybrid": "hybrid",
    "in_office": "on_site",
    "on_field": "on_site",
}
CURRENCIES = {
    "fa-rupee": "INR",
    "fa-inr": "INR",
    "fa-dollar": "USD",
    "fa-usd": "USD",
    "fa-euro": "EUR",
    "fa-gbp": "GBP",
}
ADDRESS = ("city", "state", "country")
_zone_name = re.compile(r" (?:GMT|UTC)(?=[+-]\d)")


def first_ask(visit: Visit) -> Ask:
    """The first page of the search."""
    return _ask(visit, 1)


def find_next(page: Page, visit: Visit) -> tuple[Ask, ...]:
    """The next page, up to the last one."""
    found = require_object(decode_json(page), "data")
    number = read_page_number(page.ask.url)
    more = require_jobs(found, "data") and number < (read_count(found, "last_page") or 0)
    return (_ask(visit, number + 1),) if more else ()


def find_token(address: SplitResult) -> str | None:
    """The search for internships or jobs, from the page of either."""
    if not is_on(address, HOST):
        return None
    kind = address.path.strip("/").split("/")[0]
    return kind if kind in ("internships", "jobs") else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page. Raises ContractViolation when it has no list of rows."""
    found = require_object(decode_json(page), "data")
    postings, dropped = parse_each(require_jobs(found, "data"), visit, parse_posting)
    return ParsedPage(postings, dropped, read_count(found, "total"))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one row. Raises ContractViolation when id, title or address is missing, or it is no internship or job."""
    kind = _require_kind(job)
    detail = job.get("jobDetail")
    whereabouts = _find_whereabouts(job)
    description = write_sections(
        [("", read_text(job, "details")), ("Skills", ", ".join(_list_skills(job)))]
    )
    posted_at = _read_written(job, "approved_date")
    ends = _find_end(job)
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=_find_page(job),
        title=require_text(job, "title"),
        company=read_line(job.get("organisation"), "name") or visit.board.company,
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type=join_kinds([KINDS[kind], read_line(detail, "timing")]),
        description_html=description,
        posted_at=posted_at,
        apply_by=read_day(ends, "end"),
        pay_text=_find_pay(detail),
        is_withdrawn=_is_over(job, read_moment(ends, "end"), visit.now),
    )


def _require_kind(job: Job) -> str:
    kind = (read_line(job, "subtype") or read_line(job, "type") or "").lower()
    if kind not in KINDS:
        raise ContractViolation(
            "The field subtype", kind, "only internships and jobs are postings."
        )
    return kind


def _find_page(job: Job) -> str:
    """The row's page, from an address that may be relative."""
    address = read_line(job, "seo_url") or require_text(job, "public_url")
    try:
        return require_url({"seo_url": urljoin(SITE, address)}, "seo_url")
    except ValueError:
        raise ContractViolation("The field seo_url", address, "it is no address.") from None


def _find_whereabouts(job: Job) -> Whereabouts:
    """All places; the work model is a field of its own, or the region is online."""
    names = [
        place if isinstance(place, str) else read_parts(place, ADDRESS)
        for place in read_list(job, "locations")
    ]
    stated = parse_whereabouts([*names, read_text(job.get("jobDetail"), "type").replace("_", " ")])
    places = parse_whereabouts(names).places
    if not places:
        places = parse_whereabouts(
            [read_parts(job.get("address_with_country_logo"), ADDRESS)]
        ).places
    work_model = WORK_MODELS.get(read_text(job.get("jobDetail"), "type"))
    region = WORK_MODELS.get(read_text(job, "region").lower())
    return Whereabouts(places, work_model or stated.work_model or region)


def _list_skills(job: Job) -> list[str]:
    named = [
        read_line(skill, "skill_name") or read_line(skill, "skill") or read_line(skill, "name")
        for skill in read_list(job, "required_skills")
    ]
    return [name for name in named if name]


def _find_end(job: Job) -> dict[str, str]:
    """When applications end: the registration's end, or the row's own."""
    rules = job.get("regnRequirements")
    end = _write_moment(read_text(rules, "end_regn_dt") or read_text(job, "end_date"))
    return {"end": end}


def _is_over(job: Job, end: datetime | None, now: datetime) -> bool:
    status = read_text(job.get("regnRequirements"), "reg_status") or read_text(job, "reg_status")
    return status.upper() == "FINISHED" or (end is not None and end < now)


def _read_written(job: Job, name: str) -> datetime | None:
    return read_moment({name: _write_moment(read_text(job, name))}, name)


def _write_moment(text: str) -> str:
    """ "2026-09-30 14:36:12 GMT+0530" as ISO 8601."""
    return _zone_name.sub("", text.strip()[:40])


def _find_pay(detail: object) -> str | None:
    """The stipend in fields, unless it is not to be shown."""
    if not isinstance(detail, dict) or detail.get("not_disclosed") is True:
        return None
    if read_text(detail, "paid_unpaid").lower() == "unpaid":
        return "Unpaid"
    if detail.get("show_salary") in (0, False):
        return None
    written = read_line(detail, "currency") or ""
    return write_pay(
        detail.get("min_salary"),
        detail.get("max_salary"),
        currency=CURRENCIES.get(written, written if written.isalpha() else None),
        period=name_period(read_line(detail, "pay_in")),
    )


def _ask(visit: Visit, number: int) -> Ask:
    query = urlencode(
        {
            "opportunity": visit.board.token,
            "oppstatus": "open",
            "per_page": PAGE_SIZE,
            "page": number,
        }
    )
    return Ask(f"{SITE}api/public/opportunity/search-result?{query}")


PLATFORM = Platform(
    name="unstop",
    feed_kind="window",
    hosts=(HOST,),
    first_ask=first_ask,
    find_next=find_next,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    pace_seconds=2.0,
)
