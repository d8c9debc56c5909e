"""Paylocity job boards. Pure: an answer in, postings out.

Not documented by its vendor; sample address recruiting.paylocity.com/recruiting/jobs/All/TOKEN, where the token is a
GUID. The page's script assigns the whole board to `window.pageData`; descriptions there are cut short, those of a
job's own page are whole.
"""

from urllib.parse import SplitResult, quote

from crawlers.job_posting import read_job_posting, write_html
from crawlers.parsing import (
    build_posting,
    parse_each,
    read_line,
    read_moment,
    read_text,
    require_id,
    require_jobs,
    require_text,
)
from crawlers.platform import Ask, Detail, Job, Page, ParsedPage, Platform, Visit
from crawlers.script_values import find_script_value
from crawlers.structured_data import merge_job_page
from internflow.listings.places import Whereabouts, parse_whereabouts
from internflow.listings.posting import Posting

HOST = "recruiting.paylocity.com"
DESCRIPTION = ".job-preview-details"


def first_ask(visit: Visit) -> Ask:
    """The whole board."""
    return Ask(f"https://{HOST}/recruiting/jobs/All/{quote(visit.board.token, safe='')}")


def find_token(address: SplitResult) -> str | None:
    """recruiting.paylocity.com/recruiting/jobs/All/TOKEN/COMPANY."""
    steps = [step for step in address.path.split("/") if step]
    lowered = [step.lower() for step in steps]
    if address.hostname != HOST or "all" not in lowered[:-1]:
        return None
    return steps[lowered.index("all") + 1]


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a board's page. Raises ContractViolation when it has no list of jobs."""
    jobs = require_jobs(find_script_value(page, "window.pageData"), "Jobs")
    return ParsedPage(*parse_each(jobs, visit, parse_posting))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job. Raises ContractViolation when id or title is missing."""
    detail = job.get("detail")
    found = read_job_posting(detail.get("posting") if isinstance(detail, dict) else None, visit.now)
    whereabouts = _find_whereabouts(job)
    description = (
        found.description_html
        or write_html(read_text(detail, "description"))
        or write_html(read_text(job, "Description"))
    )
    external_id = require_id(job, "JobId")
    posted_at = read_moment(job, "PublishedDate")
    return build_posting(
        visit,
        job,
        external_id=external_id,
        url=_write_address(external_id),
        title=require_text(job, "JobTitle"),
        places=whereabouts.places,
        work_model="remote" if job.get("IsRemote") is True else whereabouts.work_model,
        employment_type=found.employment_type or read_line(job, "EmploymentType"),
        description_html=description,
        posted_at=posted_at,
        apply_by=found.apply_by,
        pay_text=found.pay_text,
        department=read_line(job, "HiringDepartment"),
        is_withdrawn=found.is_over,
        is_hidden=job.get("IsInternal") is True,
    )


def _find_whereabouts(job: Job) -> Whereabouts:
    """City, state and country; the location's name where they are missing. It may be but a work model."""
    named = parse_whereabouts([read_text(job, "LocationName")])
    if job.get("ShouldDisplayLocation") is False:
        return Whereabouts((), named.work_model)
    location = job.get("JobLocation")
    parts = [read_line(location, part) for part in ("City", "State", "Country")]
    if not any(parts[:2]):
        parts = [read_line(location, "Metro")]
    place = parse_whereabouts([", ".join(part for part in parts if part)])
    return Whereabouts(place.places or named.places, named.work_model or place.work_model)


def _write_address(external_id: str) -> str:
    return f"https://{HOST}/recruiting/jobs/Details/{quote(external_id, safe='')}"


def _ask_detail(job: Job, visit: Visit) -> Ask | None:
    return Ask(_write_address(require_id(job, "JobId")))


def _merge_detail(job: Job, page: Page) -> Job:
    return merge_job_page(job, page, DESCRIPTION)


PLATFORM = Platform(
    name="paylocity",
    feed_kind="full_board",
    hosts=(HOST,),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    detail=Detail(_ask_detail, _merge_detail),
    unknown_board=("text/html; charset=utf-8", "<!doctype html><title>Not found</title>"),
)
