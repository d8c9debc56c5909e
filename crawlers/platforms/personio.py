"""Personio careers sites. Pure: an XML feed in, postings out.

Documented at developer.personio.de (Retrieving open job positions); sample address
TOKEN.jobs.personio.de/xml?language=en. One answer is the whole site. Offices are what the company typed; the feed
names no address of a job: it follows from the id. A token is the company's name, or NAME.com for a site that is on
jobs.personio.com alone.
"""

import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import SplitResult, quote

from crawlers.company_sites import find_subdomain, join_sections
from crawlers.parsing import (
    build_posting,
    decode_xml,
    parse_each,
    read_line,
    read_list,
    read_moment,
    read_text,
    require_id,
    require_text,
    require_url,
    write_pay,
)
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from internflow.errors import ContractViolation
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import sanitise_html

DOMAINS = {".com": "jobs.personio.com", "": "jobs.personio.de"}
CONTACT = "CONTACT_PERSON"  # a section for Personio's own pages, with a recruiter's name
PERIODS = {"yearly": "year", "monthly": "month", "weekly": "week", "daily": "day", "hourly": "hour"}


def first_ask(visit: Visit) -> Ask:
    """The whole site, in English where the company wrote it so."""
    return Ask(f"https://{_find_host(visit)}/xml?language=en")


def find_token(address: SplitResult) -> str | None:
    """TOKEN.jobs.personio.de; for TOKEN.jobs.personio.com it is TOKEN.com."""
    for ending, domain in DOMAINS.items():
        if name := find_subdomain(address, domain):
            return name + ending
    return None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a feed. Raises ContractViolation when it is none."""
    root = decode_xml(page)
    if root.tag != "workzag-jobs":
        raise ContractViolation("The feed's root", root.tag, "a Personio feed is workzag-jobs.")
    return ParsedPage(*parse_each(_list_positions(root), visit, parse_posting))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one position. Raises ContractViolation when id or name is missing."""
    whereabouts = parse_whereabouts([read_text(job, "office"), *_list_others(job)])
    workplace = parse_whereabouts([read_text(job, "workplaceType")])
    description = sanitise_html(
        join_sections(
            (read_line(part, "name"), read_text(part, "value"))
            for part in read_list(job, "jobDescriptions")
        )
    )
    external_id = require_id(job, "id")
    posted_at = read_moment(job, "createdAt")
    url = f"https://{_find_host(visit)}/job/{quote(external_id, safe='')}"
    return build_posting(
        visit,
        job,
        external_id=external_id,
        url=require_url({"url": url}, "url"),
        title=require_text(job, "name"),
        company=read_line(job, "subcompany") or visit.board.company,
        places=whereabouts.places,
        work_model=workplace.work_model or whereabouts.work_model,
        employment_type=_find_employment_type(job),
        description_html=description,
        posted_at=posted_at,
        pay_text=_find_pay(job.get("salaryInformation")),
        department=read_line(job, "department") or read_line(job, "recruitingCategory"),
    )


def _find_host(visit: Visit) -> str:
    token = visit.board.token.lower()
    ending = ".com" if token.endswith(".com") else ""
    return f"{token.removesuffix(ending)}.{DOMAINS[ending]}"


def _list_positions(root: ET.Element) -> list[object]:
    """Positions as plain objects; one that the feed repeats is one position with all its offices."""
    merged: dict[str, dict[str, Any]] = {}
    others: list[object] = []
    for job in map(_read_position, root.iterfind("position")):
        if not job["id"]:
            others.append(job)
        elif job["id"] in merged:
            merged[job["id"]]["additionalOffices"] += [job["office"], *job["additionalOffices"]]
        else:
            merged[job["id"]] = job
    return [*merged.values(), *others]


def _read_position(position: ET.Element) -> dict[str, Any]:
    """A position's own texts, its offices and its sections; nobody reads the contact person."""
    job: dict[str, Any] = {"id": "", "office": ""}
    for child in position:
        if len(child) == 0:
            job[child.tag] = _read(child)
    job["additionalOffices"] = [_read(o) for o in position.iterfind("additionalOffices/office")]
    sections = [
        {"name": _read(part.find("name")), "value": _read(part.find("value"))}
        for part in position.iterfind("jobDescriptions/jobDescription")
    ]
    job["jobDescriptions"] = [part for part in sections if part["name"] != CONTACT]
    job["salaryInformation"] = {
        child.tag: _read(child) for child in position.iterfind("salaryInformation/*")
    }
    return job


def _read(element: ET.Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _list_others(job: Job) -> list[str]:
    return [office for office in read_list(job, "additionalOffices") if isinstance(office, str)]


def _find_employment_type(job: Job) -> str | None:
    """Type and schedule, as in "working student, part-time"; a student's post may be told by its seniority alone."""
    stated = [read_line(job, "employmentType"), read_line(job, "schedule")]
    if read_text(job, "seniority") == "student":
        stated.append("student")
    return ", ".join(part.replace("_", " ") for part in stated if part) or None


def _find_pay(salary: object) -> str | None:
    if not isinstance(salary, dict):
        return None
    period = read_line(salary, "type")
    return write_pay(
        salary.get("min"),
        salary.get("max"),
        currency=read_line(salary, "currencyCode") or read_line(salary, "currencySymbol"),
        period=PERIODS.get(period.lower(), period) if period else None,
    )


PLATFORM = Platform(
    name="personio",
    feed_kind="full_board",
    hosts=tuple(f"*.{domain}" for domain in DOMAINS.values()),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
)
