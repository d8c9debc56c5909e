"""Pinpoint job boards. Pure: an answer in, postings out.

Documented at developers.pinpointhq.com (public postings feed); sample address TOKEN.pinpointhq.com/postings.json.
One answer is the whole board. It has no date of posting. Pay may be sent though the company does not want it shown:
`compensation_visible` says so.
"""

from urllib.parse import SplitResult, urljoin

from crawlers.company_sites import drop_fields, find_subdomain, read_parts
from crawlers.job_posting import name_period
from crawlers.parsing import (
    build_posting,
    decode_json,
    parse_each,
    read_day,
    read_line,
    read_text,
    require_id,
    require_jobs,
    require_text,
    require_url,
    write_pay,
)
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from crawlers.sections import write_sections
from internflow.listings.places import Whereabouts, parse_whereabouts
from internflow.listings.posting import Posting, WorkModel

DOMAIN = "pinpointhq.com"
PERSONAL = ("reporting_to", "recruiter", "hiring_manager")
WORK_MODELS: dict[str, WorkModel] = {
    "remote": "remote",
    "fully_remote": "remote",
    "hybrid": "hybrid",
    "onsite": "on_site",
    "on_site": "on_site",
}
SECTIONS = {
    "description": "",
    "key_responsibilities": "Key responsibilities",
    "skills_knowledge_expertise": "Skills, knowledge and expertise",
    "benefits": "Benefits",
}


def first_ask(visit: Visit) -> Ask:
    """The whole board."""
    return Ask(f"https://{visit.board.token}.{DOMAIN}/postings.json")


def find_token(address: SplitResult) -> str | None:
    """TOKEN.pinpointhq.com."""
    return find_subdomain(address, DOMAIN)


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a board's answer. Raises ContractViolation when it has no list of postings."""
    jobs = [
        drop_fields(job, PERSONAL) if isinstance(job, dict) else job
        for job in require_jobs(decode_json(page), "data")
    ]
    return ParsedPage(*parse_each(jobs, visit, parse_posting))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one posting. Raises ContractViolation when id, title or address is missing."""
    whereabouts = _find_whereabouts(job)
    description = write_sections(
        (read_text(job, f"{name}_header") or heading, read_text(job, name))
        for name, heading in SECTIONS.items()
    )
    requisition = job.get("job")
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=_require_address(job, visit),
        title=require_text(job, "title"),
        places=whereabouts.places,
        work_model=WORK_MODELS.get(read_text(job, "workplace_type")) or whereabouts.work_model,
        employment_type=read_line(job, "employment_type_text") or read_line(job, "employment_type"),
        description_html=description,
        apply_by=read_day(job, "deadline_at"),
        pay_text=_find_pay(job),
        requisition_id=read_line(requisition, "requisition_id"),
        department=_find_department(requisition) or _find_department(job),
    )


def _require_address(job: Job, visit: Visit) -> str:
    """The address, or the path below the board's host."""
    stated = "url" if read_line(job, "url") else "path"
    try:
        url = urljoin(f"https://{visit.board.token}.{DOMAIN}", require_text(job, stated))
    except ValueError:
        url = ""
    return require_url({stated: url or job.get(stated)}, stated)


def _find_whereabouts(job: Job) -> Whereabouts:
    """The location by its name, else its city and province."""
    location = job.get("location")
    names = [read_line(location, "name") or (location if isinstance(location, str) else "")]
    if not names[0]:
        names = [read_parts(location, ("city", "province", "country"))]
    return parse_whereabouts(names)


def _find_pay(job: Job) -> str | None:
    if job.get("compensation_visible") is not True:
        return None
    return write_pay(
        job.get("compensation_minimum"),
        job.get("compensation_maximum"),
        currency=read_line(job, "compensation_currency"),
        period=name_period(read_line(job, "compensation_frequency")),
    ) or read_line(job, "compensation")


def _find_department(holder: object) -> str | None:
    department = holder.get("department") if isinstance(holder, dict) else None
    return read_line(department, "name") or read_line(holder, "department")


PLATFORM = Platform(
    name="pinpoint",
    feed_kind="full_board",
    hosts=(f"*.{DOMAIN}",),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    unknown_board=("text/html; charset=utf-8", "<!doctype html><title>Not found</title>"),
)
