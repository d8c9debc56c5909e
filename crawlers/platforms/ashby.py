"""Ashby job boards. Pure: an answer in, postings out.

Documented at developers.ashbyhq.com/docs/public-job-posting-api; sample address
api.ashbyhq.com/posting-api/job-board/TOKEN?includeCompensation=true.
One answer is the whole board, jobs included that the company does not list.
Tokens are case-sensitive; a board may take ten seconds to answer.
"""

from urllib.parse import SplitResult, quote, unquote

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
from internflow.listings.places import Whereabouts, parse_whereabouts
from internflow.listings.posting import Posting, WorkModel
from internflow.listings.text import sanitise_html, text_to_html

API = "api.ashbyhq.com"
PAGES = "jobs.ashbyhq.com"
WORK_MODELS: dict[str, WorkModel] = {"remote": "remote", "hybrid": "hybrid", "onsite": "on_site"}


def first_ask(visit: Visit) -> Ask:
    """The whole board."""
    token = quote(visit.board.token, safe="")
    return Ask(f"https://{API}/posting-api/job-board/{token}?includeCompensation=true")


def find_token(address: SplitResult) -> str | None:
    """jobs.ashbyhq.com/TOKEN, in its letter case."""
    steps = [unquote(step) for step in address.path.split("/") if step]
    if address.hostname == PAGES and steps:
        return steps[0]
    return steps[2] if address.hostname == API and len(steps) > 2 else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a board's answer. Raises ContractViolation when it has no list of jobs.

    A job that the company does not list is neither a posting nor a broken one.
    """
    listed = [
        job
        for job in require_jobs(decode_json(page))
        if not (isinstance(job, dict) and job.get("isListed") is False)
    ]
    postings, dropped = parse_each(listed, visit, parse_posting)
    return ParsedPage(postings, dropped)


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job. Raises ContractViolation when id, title or address is missing."""
    whereabouts = _find_whereabouts(job)
    description = sanitise_html(read_text(job, "descriptionHtml")) or sanitise_html(
        text_to_html(read_text(job, "descriptionPlain"))
    )
    posted_at = read_moment(job, "publishedAt")
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=require_url(job, "jobUrl"),
        title=require_text(job, "title"),
        places=whereabouts.places,
        work_model=_find_work_model(job) or whereabouts.work_model,
        employment_type=read_line(job, "employmentType"),
        description_html=description,
        posted_at=posted_at,
        pay_text=_find_pay(job),
        department=read_line(job, "department"),
    )


def _find_whereabouts(job: Job) -> Whereabouts:
    """All locations; where they name no place, the postal address does."""
    others = [
        other if isinstance(other, str) else read_text(other, "location")
        for other in read_list(job, "secondaryLocations")
    ]
    stated = parse_whereabouts([read_text(job, "location"), *others])
    if stated.places:
        return stated
    address = job.get("address")
    postal = address.get("postalAddress") if isinstance(address, dict) else None
    parts = [read_line(postal, f"address{part}") for part in ("Locality", "Region", "Country")]
    place = ", ".join(part for part in parts if part)
    return Whereabouts((place,) if place else (), stated.work_model)


def _find_work_model(job: Job) -> WorkModel | None:
    """The workplace type; `isRemote` is true of hybrid jobs too, so it counts only where that is missing."""
    stated = WORK_MODELS.get(read_text(job, "workplaceType").lower())
    return stated or ("remote" if job.get("isRemote") is True else None)


def _find_pay(job: Job) -> str | None:
    """The pay in the company's words, unless it asked not to show it."""
    if job.get("shouldDisplayCompensationOnJobPostings") is False:
        return None
    pay = job.get("compensation")
    return read_line(pay, "compensationTierSummary") or read_line(
        pay, "scrapeableCompensationSalarySummary"
    )


PLATFORM = Platform(
    name="ashby",
    feed_kind="full_board",
    hosts=(API,),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
)
