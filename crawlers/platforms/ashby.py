"""Ashby job boards. Pure: an answer in, postings out.

Documented at developers.ashbyhq.com/docs/public-job-posting-api; sample address
api.ashbyhq.com/posting-api/job-board/TOKEN?includeCompensation=true.
One answer is the whole board, jobs included that the company does not list.
Tokens are case-sensitive; a board may take ten seconds to answer.
"""

from urllib.parse import quote

from crawlers.parsing import (
    Job,
    ParsedBoard,
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
from internflow.listings.places import Whereabouts, parse_whereabouts
from internflow.listings.posting import Board, FeedKind, Posting, WorkModel
from internflow.listings.text import html_to_text, sanitise_html, text_to_html

FEED_KIND: FeedKind = "full_board"
HOSTS: tuple[str, ...] = ("api.ashbyhq.com",)
UNKNOWN_BOARD: tuple[str, str] = ("text/plain; charset=utf-8", "Not Found")

WORK_MODELS: dict[str, WorkModel] = {"remote": "remote", "hybrid": "hybrid", "onsite": "on_site"}


def board_url(token: str) -> str:
    """Address that answers with the whole board."""
    return (
        f"https://{HOSTS[0]}/posting-api/job-board/{quote(token, safe='')}?includeCompensation=true"
    )


def parse_postings(payload: object, board: Board) -> ParsedBoard:
    """Read a board's answer. Raises ContractViolation when it has no list of jobs.

    A job that the company does not list is neither a posting nor a broken one.
    """
    listed = [
        job
        for job in require_jobs(payload)
        if not (isinstance(job, dict) and job.get("isListed") is False)
    ]
    postings, dropped = parse_each(listed, board, parse_posting)
    return ParsedBoard(postings, dropped, len(listed))


def parse_posting(job: Job, board: Board) -> Posting:
    """Read one job. Raises ContractViolation when id, title or address is missing."""
    whereabouts = _find_whereabouts(job)
    description = sanitise_html(read_text(job, "descriptionHtml")) or sanitise_html(
        text_to_html(read_text(job, "descriptionPlain"))
    )
    posted_at = read_moment(job, "publishedAt")
    return Posting(
        platform=board.platform,
        board=board.token,
        external_id=require_id(job, "id"),
        url=require_url(job, "jobUrl"),
        title=require_text(job, "title"),
        company=board.company,
        places=whereabouts.places,
        work_model=_find_work_model(job) or whereabouts.work_model,
        employment_type=read_line(job, "employmentType"),
        description_html=description,
        description_text=html_to_text(description),
        posted_at=posted_at,
        date_kind="exact" if posted_at else "none",
        apply_by=None,
        pay_text=_find_pay(job),
        payload=dict(job),
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
