"""Lever job sites. Pure: answers in, postings out.

Documented at github.com/lever/postings-api; sample address api.lever.co/v0/postings/TOKEN?mode=json&skip=0&limit=100.
The answer is a bare list, 100 jobs a page; a site that sends more than it was asked for has sent everything.
robots.txt wants one second between requests. A token `eu.TOKEN` is a site of the European host.
"""

import re
from urllib.parse import SplitResult, quote, unquote

from crawlers.company_sites import join_sections, read_query_number
from crawlers.parsing import (
    build_posting,
    decode_json,
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
from internflow.errors import ContractViolation
from internflow.listings.dates import from_epoch
from internflow.listings.places import Whereabouts, parse_whereabouts
from internflow.listings.posting import Posting, WorkModel
from internflow.listings.text import html_to_text, sanitise_html, text_to_html

API = "api.lever.co"
EUROPE_API = "api.eu.lever.co"
EUROPE = "eu."
PAGE_SIZE = 100
LONGEST_PAY = 500
WORK_MODELS: dict[str, WorkModel] = {
    "remote": "remote",
    "hybrid": "hybrid",
    "onsite": "on_site",
    "on-site": "on_site",
}
_around_period = re.compile(r"^per-|-(?:salary|wage)$")


def first_ask(visit: Visit) -> Ask:
    """The first hundred jobs."""
    return _ask(visit, 0)


def find_next(page: Page, visit: Visit) -> tuple[Ask, ...]:
    """The next hundred, after a page that is exactly full."""
    if len(_require_list(page)) != PAGE_SIZE:
        return ()
    return (_ask(visit, read_query_number(page.ask.url, "skip") + PAGE_SIZE),)


def find_token(address: SplitResult) -> str | None:
    """jobs.lever.co/TOKEN, or jobs.eu.lever.co/TOKEN, which becomes eu.TOKEN."""
    host = (address.hostname or "").lower()
    if not re.fullmatch(r"(?:jobs|api)\.(?:eu\.)?lever\.co", host):
        return None
    steps = [unquote(step) for step in address.path.split("/") if step]
    if host.startswith("api."):
        steps = steps[2:]
    return (EUROPE if ".eu." in host else "") + steps[0] if steps else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page of a site. Raises ContractViolation when it is no list of jobs."""
    return ParsedPage(*parse_each(_require_list(page), visit, parse_posting))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job. Raises ContractViolation when id, title or address is missing."""
    whereabouts = _find_whereabouts(job)
    categories = job.get("categories")
    description = sanitise_html(_write_description(job))
    posted_at = from_epoch(job.get("createdAt"))
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=require_url(job, "hostedUrl"),
        title=require_text(job, "text"),
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type=read_line(categories, "commitment"),
        description_html=description,
        posted_at=posted_at,
        pay_text=_find_pay(job),
        department=read_line(categories, "department") or read_line(categories, "team"),
    )


def _ask(visit: Visit, skip: int) -> Ask:
    token = visit.board.token
    host = EUROPE_API if token.startswith(EUROPE) else API
    site = quote(token.removeprefix(EUROPE), safe="")
    return Ask(f"https://{host}/v0/postings/{site}?mode=json&skip={skip}&limit={PAGE_SIZE}")


def _require_list(page: Page) -> list[object]:
    jobs = decode_json(page)
    if not isinstance(jobs, list):
        raise ContractViolation(
            "The answer", jobs, "a Lever site is a list of jobs, if an empty one."
        )
    return jobs


def _find_whereabouts(job: Job) -> Whereabouts:
    """All locations; the country's code where there is none."""
    categories = job.get("categories")
    others = [name for name in read_list(categories, "allLocations") if isinstance(name, str)]
    stated = parse_whereabouts([read_text(categories, "location"), *others])
    country = read_line(job, "country")
    return Whereabouts(
        stated.places or ((country,) if country else ()),
        WORK_MODELS.get(read_text(job, "workplaceType").lower()) or stated.work_model,
    )


def _write_description(job: Job) -> str:
    """The opening, the lists and the closing words, in the order of the job's page."""
    plain = text_to_html(read_text(job, "descriptionPlain"))
    closing = text_to_html(read_text(job, "additionalPlain"))
    return join_sections(
        [
            (None, read_text(job, "description") or plain),
            *(
                (read_line(part, "text"), f"<ul>{content}</ul>")
                for part in read_list(job, "lists")
                if (content := read_text(part, "content"))
            ),
            (None, read_text(job, "salaryDescription")),
            (None, read_text(job, "additional") or closing),
        ]
    )


def _find_pay(job: Job) -> str | None:
    """The range in fields, and what the company says about it."""
    span = job.get("salaryRange")
    amounts = (
        write_pay(
            span.get("min"),
            span.get("max"),
            currency=read_line(span, "currency"),
            period=_around_period.sub("", read_line(span, "interval") or "") or None,
        )
        if isinstance(span, dict)
        else None
    )
    words = read_line(job, "salaryDescriptionPlain") or " ".join(
        html_to_text(sanitise_html(read_text(job, "salaryDescription"))).split()
    )
    return "; ".join(part for part in (amounts, words) if part)[:LONGEST_PAY].strip() or None


PLATFORM = Platform(
    name="lever",
    feed_kind="full_board",
    hosts=(API, EUROPE_API),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    find_next=find_next,
    unknown_board=("application/json", '{"ok":false,"error":"Document not found"}'),
)
