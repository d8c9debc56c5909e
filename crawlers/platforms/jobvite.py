"""Jobvite job boards. Pure: an answer in, postings out.

Not documented by its vendor; sample address jobs.jobvite.com/TOKEN/search?p=0&nl=1&fr=true, without whose last two
parameters a board may redirect to the company's own site. Rows have title, place and a link; a job's own page has the
description. Pages are counted from 0 and say "1-50 of 120".
"""

import re
from typing import Any
from urllib.parse import SplitResult, quote

from parsel import Selector

from crawlers.company_sites import read_query_number
from crawlers.job_posting import read_job_posting, write_html
from crawlers.parsing import (
    build_posting,
    parse_each,
    read_line,
    read_text,
    require_id,
    require_text,
    require_url,
)
from crawlers.platform import Ask, Detail, Job, Page, ParsedPage, Platform, Visit
from crawlers.structured_data import merge_job_page
from crawlers.web_pages import select_page
from internflow.errors import ContractViolation
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import clean_line

HOST = "jobs.jobvite.com"
DESCRIPTION = ".jv-job-detail-description"

_job_path = re.compile(r"/(?:careers/)?([A-Za-z0-9._-]{1,100})/job/([A-Za-z0-9]{1,40})")
_shown_of = re.compile(r"(\d{1,6})\s{0,5}-\s{0,5}(\d{1,6})\s{1,5}of\s{1,5}(\d{1,6})")
_only_count = re.compile(r"\d{1,4} locations?", re.IGNORECASE)


def first_ask(visit: Visit) -> Ask:
    """The first page."""
    return _ask_page(visit, 0)


def find_next(page: Page, visit: Visit) -> tuple[Ask, ...]:
    """The next page, as long as a page says that it shows less than all."""
    shown = _read_shown(select_page(page))
    number = read_query_number(page.ask.url, "p")
    return (_ask_page(visit, number + 1),) if shown and shown[0] < shown[1] else ()


def find_token(address: SplitResult) -> str | None:
    """jobs.jobvite.com/TOKEN, with or without "careers" before it."""
    steps = [step for step in address.path.split("/") if step not in ("", "careers", "api")]
    return steps[0] if address.hostname == HOST and steps else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page of rows. Raises ContractViolation for another page than a board's."""
    selector = select_page(page)
    links = [
        link
        for link in selector.xpath("//a[@href]")
        if _job_path.search(link.xpath("@href").get() or "")
    ]
    if not links and b"jv-" not in page.body:
        raise ContractViolation(
            "The answer", page.body[:40], "a Jobvite board shows a list of jobs, if an empty one."
        )
    rows: dict[str, dict[str, Any]] = {}
    for row in map(_read_row, links):
        if not rows.get(row["id"], {}).get("title"):  # a picture may link to the job, too
            rows[row["id"]] = row
    postings, dropped = parse_each(rows.values(), visit, parse_posting)
    shown = _read_shown(selector)
    return ParsedPage(postings, dropped, shown[1] if shown else None)


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job; its own page says more than its row. Raises ContractViolation when id, title or address lacks."""
    detail = job.get("detail")
    found = read_job_posting(detail.get("posting") if isinstance(detail, dict) else None, visit.now)
    place = read_text(job, "location")
    stated = parse_whereabouts([] if _only_count.fullmatch(place) else [place])
    description = found.description_html or write_html(read_text(detail, "description"))
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=require_url(job, "url"),
        title=require_text(job, "title"),
        places=stated.places or found.places,
        work_model=found.work_model or stated.work_model,
        employment_type=found.employment_type,
        description_html=description,
        posted_at=found.posted_at,
        date_kind="exact" if found.posted_at else "none",
        apply_by=found.apply_by,
        pay_text=found.pay_text,
        department=read_line(job, "department"),
        is_withdrawn=found.is_over,
    )


def _read_row(link: Selector) -> dict[str, Any]:
    """A row as plain fields; links are relative, and made absolute on Jobvite's own host."""
    found = _job_path.search(link.xpath("@href").get() or "")
    company, external_id = found.groups() if found else ("", "")
    row = link.xpath("(ancestor::tr | ancestor::li)[last()]") or [link]
    heading = link.xpath("ancestor::table[1]/preceding-sibling::*[1][self::h2 or self::h3]//text()")
    own = link.css(".jv-job-list-name")
    return {
        "id": external_id,
        "url": f"https://{HOST}/{company}/job/{external_id}",
        "title": _read_words(own[0] if own else link),
        "location": _read_words(row[0].css(".jv-job-list-location")),
        "department": clean_line(" ".join(heading.getall())),
    }


def _read_words(selector: Any) -> str:
    return clean_line(" ".join(selector.xpath(".//text()").getall()))


def _read_shown(selector: Selector) -> tuple[int, int] | None:
    """The number of the last job that a page shows, and of all."""
    text = _read_words(selector.css(".jv-pagination-text, .jv-pagination"))
    found = _shown_of.search(text[:1000])
    return (int(found.group(2)), int(found.group(3))) if found else None


def _ask_page(visit: Visit, number: int) -> Ask:
    token = quote(visit.board.token, safe="")
    return Ask(f"https://{HOST}/{token}/search?p={number}&nl=1&fr=true")


def _ask_detail(job: Job, visit: Visit) -> Ask | None:
    token = quote(visit.board.token, safe="")
    return Ask(f"https://{HOST}/{token}/job/{quote(require_id(job, 'id'), safe='')}?nl=1&fr=true")


def _merge_detail(job: Job, page: Page) -> Job:
    return merge_job_page(job, page, DESCRIPTION)


PLATFORM = Platform(
    name="jobvite",
    feed_kind="full_board",
    hosts=(HOST,),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    find_next=find_next,
    detail=Detail(_ask_detail, _merge_detail),
    pace_seconds=2.0,
    unknown_board=("text/html; charset=utf-8", "<!doctype html><title>Not found</title>"),
)
