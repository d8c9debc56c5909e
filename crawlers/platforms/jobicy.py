"""Jobicy's feed of remote jobs. Pure: an answer in, postings out.

Documented at jobicy.com/jobs-rss-feed: jobicy.com/api/v2/remote-jobs?count=50, no key, the newest jobs in one answer,
for a few requests a day. Pay has been sent under two sets of names.
"""

from urllib.parse import SplitResult

from crawlers.feeds import is_on, join_kinds, split_places
from crawlers.job_posting import name_period
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
    write_pay,
)
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import sanitise_html

HOST = "jobicy.com"
MOST_JOBS = 50


def first_ask(_visit: Visit) -> Ask:
    """The whole feed."""
    return Ask(f"https://{HOST}/api/v2/remote-jobs?count={MOST_JOBS}")


def find_token(address: SplitResult) -> str | None:
    """There is one feed."""
    return "all" if is_on(address, HOST) else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read the feed. Raises ContractViolation when it has no list of jobs."""
    return ParsedPage(*parse_each(require_jobs(decode_json(page)), visit, parse_posting))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job. Raises ContractViolation when id, title or address is missing."""
    where = split_places(read_line(job, "jobGeo"))
    description = sanitise_html(read_text(job, "jobDescription") or read_text(job, "jobExcerpt"))
    posted_at = read_moment(job, "pubDate")
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=require_url(job, "url"),
        title=require_text(job, "jobTitle"),
        company=read_line(job, "companyName") or visit.board.company,
        places=parse_whereabouts(where).places,
        work_model="remote",
        employment_type=join_kinds(read_list(job, "jobType") or [job.get("jobType")]),
        description_html=description,
        posted_at=posted_at,
        pay_text=_find_pay(job),
        department=join_kinds(read_list(job, "jobIndustry")[:1]),
    )


def _find_pay(job: Job) -> str | None:
    currency = read_line(job, "salaryCurrency")
    yearly = write_pay(
        job.get("annualSalaryMin"), job.get("annualSalaryMax"), currency=currency, period="year"
    )
    period = name_period(read_line(job, "salaryPeriod"))
    return yearly or write_pay(
        job.get("salaryMin"), job.get("salaryMax"), currency=currency, period=period
    )


PLATFORM = Platform(
    name="jobicy",
    feed_kind="window",
    hosts=(HOST,),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
)
