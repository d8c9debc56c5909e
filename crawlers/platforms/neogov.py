"""NEOGOV feeds of public agencies. Pure: an answer in, postings out.

An RSS feed for each agency at governmentjobs.com; sample address
www.governmentjobs.com/SearchEngine/JobsFeed?agency=TOKEN. One answer is the whole board. Pay, dates and duties are
elements of a namespace whose address differs from site to site, so elements are known by their own name.
"""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, parse_qs, quote

from crawlers.job_posting import name_period
from crawlers.parsing import (
    build_posting,
    decode_xml,
    parse_each,
    read_line,
    read_list,
    read_text,
    require_id,
    require_text,
    require_url,
    write_pay,
)
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from crawlers.sections import write_sections
from internflow.errors import ContractViolation
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import clean_json, clean_line

HOST = "www.governmentjobs.com"
SITES = (
    HOST,
    "governmentjobs.com",
    "agency.governmentjobs.com",
    "www.schooljobs.com",
    "schooljobs.com",
)
EXTENSION = "joblisting:"
FOREIGN = ("w3.org/2005/Atom", "purl.org")
SECTIONS = {
    "description": "",
    f"{EXTENSION}examplesofduties": "Examples of duties",
    f"{EXTENSION}qualifications": "Qualifications",
    f"{EXTENSION}supplementalinformation": "Supplemental information",
    f"{EXTENSION}benefits": "Benefits",
}

_day = re.compile(r"(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})")
_job_id = re.compile(r"/jobs/(?:newprint/)?(\d{1,20})")


def first_ask(visit: Visit) -> Ask:
    """The whole board."""
    return Ask(f"https://{HOST}/SearchEngine/JobsFeed?agency={quote(visit.board.token, safe='')}")


def find_token(address: SplitResult) -> str | None:
    """www.governmentjobs.com/careers/TOKEN, or a feed that names it as `agency`."""
    if address.hostname not in SITES:
        return None
    if named := parse_qs(address.query.lower()).get("agency"):
        return named[0]
    steps = [step for step in address.path.split("/") if step]
    return steps[1] if len(steps) > 1 and steps[0].lower() == "careers" else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read an agency's feed. Raises ContractViolation when it is no RSS."""
    root = decode_xml(page)
    channel = root.find("channel")
    if channel is None:
        raise ContractViolation("The answer", root.tag, "a feed has a channel, if an empty one.")
    jobs = [_read_item(item) for item in channel.findall("item")]
    return ParsedPage(*parse_each(jobs, visit, parse_posting))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one item. Raises ContractViolation when id, title or address is missing."""
    place = read_text(job, f"{EXTENSION}location") or read_text(job, f"{EXTENSION}state")
    whereabouts = parse_whereabouts([place])
    description = write_sections((heading, read_text(job, n)) for n, heading in SECTIONS.items())
    posted_at = _read_pub_date(job)
    return build_posting(
        visit,
        job,
        external_id=_require_id(job),
        url=require_url(job, "link" if job.get("link") else "guid"),
        title=require_text(job, "title"),
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type=read_line(job, f"{EXTENSION}jobType"),
        description_html=description,
        posted_at=posted_at,
        apply_by=_read_last_day(job),
        pay_text=write_pay(
            job.get(f"{EXTENSION}minimumSalary"),
            job.get(f"{EXTENSION}maximumSalary"),
            currency=read_line(job, f"{EXTENSION}salaryCurrency"),
            period=name_period(read_line(job, f"{EXTENSION}salaryInterval")),
        ),
        requisition_id=read_line(job, f"{EXTENSION}jobNumberSingle"),
        department=read_line(job, f"{EXTENSION}department") or _read_category(job),
    )


def _read_item(item: ET.Element) -> dict[str, Any]:
    """An item as plain fields; those of a namespace are named after the vendor's usual prefix."""
    fields: dict[str, Any] = {}
    for child in item:
        space, _, name = str(child.tag).rpartition("}")
        if any(foreign in space for foreign in FOREIGN):
            continue
        parts = [clean_json(part.text) for part in child if part.text]
        fields.setdefault(
            f"{EXTENSION}{name}" if space else name, parts or clean_json(child.text or "")
        )
    return fields


def _require_id(job: Job) -> str:
    """The job's number; where a feed leaves it out, that in its address."""
    if job.get(f"{EXTENSION}jobId"):
        return require_id(job, f"{EXTENSION}jobId")
    found = _job_id.search(read_text(job, "link") or read_text(job, "guid"))
    return found.group(1) if found else require_id(job, f"{EXTENSION}jobId")


def _read_pub_date(job: Job) -> datetime | None:
    """The moment of publication; where it is missing, the day from which the job is advertised."""
    try:
        moment = parsedate_to_datetime(read_text(job, "pubDate").strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, IndexError, TypeError, OverflowError):
        day = _read_day(job, "advertiseFromDate") or _read_day(job, "advertiseFromDateUTC")
        return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None


def _read_last_day(job: Job) -> date | None:
    """The last day to apply, on the agency's own clock where the feed has it; "Continuous" is none."""
    return _read_day(job, "advertiseToDateTime") or _read_day(job, "advertiseToDateTimeUTC")


def _read_day(job: Job, name: str) -> date | None:
    """A day as "Sun, 20 Sep 2026 04:59:00:0"; the time after it is no time that a library reads."""
    found = _day.search(clean_line(read_text(job, f"{EXTENSION}{name}"))[:60])
    try:
        return datetime.strptime(" ".join(found.groups()), "%d %b %Y").date() if found else None  # noqa: DTZ007  a day has no zone
    except ValueError:
        return None


def _read_category(job: Job) -> str | None:
    categories = [c for c in read_list(job, f"{EXTENSION}categories") if isinstance(c, str)]
    return clean_line(", ".join(categories)) or None


PLATFORM = Platform(
    name="neogov",
    feed_kind="full_board",
    hosts=(HOST,),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    unknown_board=("text/html; charset=utf-8", "<!doctype html><title>Not found</title>"),
)
