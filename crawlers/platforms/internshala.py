"""Internshala's lists of internships in India. Pure: a page in, postings out.

No documented API; sample address internshala.com/internships/TOKEN/page-2/, some 50 cards a page. Only the lists are
read: whether robots may walk the pages of single internships is not clear. A list shows what is open now, but
sponsored and older cards come and go, so absence closes nothing. An address that Internshala no longer knows shows
another list: that is told as a shortfall.
"""

import re
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from parsel import Selector

from crawlers.feeds import is_on, join_kinds
from crawlers.parsing import (
    build_posting,
    parse_each,
    read_count,
    read_line,
    read_list,
    read_text,
    require_id,
    require_text,
    require_url,
)
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from crawlers.sections import write_sections
from crawlers.web_pages import select_page
from internflow.errors import ContractViolation
from internflow.listings.dates import parse_age
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import clean_line

HOST = "internshala.com"
SITE = f"https://{HOST}"
CARD = ".individual_internship"
TITLE = ".job-internship-name, .job-title-href, .heading_4_5.profile, .profile"
COMPANY = ".company-name, .company_name"
PLACES = ".locations a, #location_names a"
PLACES_TEXT = ".locations, #location_names"
STIPEND = ".stipend"
DURATION = ".ic-16-calendar + span"
AGE = ".ic-16-reschedule + span, .status-success, .status-info, .status-inactive"
ABOUT = ".about_job .text, .about_job"
SKILLS = ".job_skill, .round_tabs"
LABELS = ".other_label_container .status, .gray-labels .status-li"

_page_step = re.compile(r"/page-(\d{1,6})/?$")
_id_at_end = re.compile(r"(\d{1,15})/?$")
_total = re.compile(
    r"(\d[\d,]{0,9})\s{1,5}(?:total\s{1,5})?(?:[\w&/+.#,()-]{1,40}\s{1,5}){0,8}internships?\b", re.I
)
_none_found = re.compile(
    r"\bno (?:matching |more |such )?(?:internships?|results?)(?: were| are)? (?:found|available|match)",
    re.I,
)


def first_ask(visit: Visit) -> Ask:
    """The first page of the list."""
    return Ask(f"{SITE}/internships/{quote(visit.board.token, safe='')}/")


def find_next(page: Page, visit: Visit) -> tuple[Ask, ...]:
    """The next page, until the last that the list names, its total, or a page without cards."""
    shown = select_page(page)
    number, cards = _read_number(page), len(shown.css(CARD))
    last, total = _read_last(shown), _read_total(shown)
    is_last = number >= last if last else total is not None and number * cards >= total
    if not cards or is_last:
        return ()
    return (Ask(f"{first_ask(visit).url}page-{number + 1}/"),)


def find_token(address: SplitResult) -> str | None:
    """internshala.com/internships/TOKEN/."""
    steps = [step for step in address.path.split("/") if step]
    if not is_on(address, HOST) or len(steps) < 2 or steps[0] != "internships":
        return None
    return None if steps[1].startswith("page-") else steps[1]


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page of cards. Raises ContractViolation for a first page that has none and does not say so."""
    shown = select_page(page)
    jobs = [_read_card(card) for card in shown.css(CARD)]
    cards = [job for job in jobs if job["id"] or job["link"] or job["title"]]
    total = _read_total(shown)
    if not cards and _read_number(page) == 1 and not _is_empty_list(shown, total):
        raise ContractViolation(
            "The page", " ".join(shown.css("title::text").getall())[:100],
            "it shows no internship and does not say that there is none.",
        )  # fmt: skip
    postings, dropped = parse_each(cards, visit, parse_posting)
    return ParsedPage(postings, dropped, total, _find_other_list(shown, visit))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one card. Raises ContractViolation when id, title or link is missing."""
    whereabouts = parse_whereabouts([p for p in read_list(job, "places") if isinstance(p, str)])
    posted_at, date_kind = parse_age(read_text(job, "age")[:100], visit.now)
    labels = [read_line({"label": label}, "label") for label in read_list(job, "labels")]
    description = write_sections(
        [
            ("", read_text(job, "about")),
            ("Duration", read_text(job, "duration")),
            ("Skills", join_kinds(read_list(job, "skills")) or ""),
        ]
    )
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=require_url(job, "link"),
        title=require_text(job, "title"),
        company=read_line(job, "company") or visit.board.company,
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type=join_kinds(["Internship", *(label for label in labels if label)]),
        description_html=description,
        posted_at=posted_at,
        date_kind=date_kind,
        pay_text=read_line(job, "stipend"),
    )


def _read_card(card: Selector) -> dict[str, Any]:
    """A card as plain JSON."""
    link = card.attrib.get("data-href") or card.css('a[href*="/detail/"]::attr(href)').get() or ""
    own = card.attrib.get("internshipid") or ""
    found = _id_at_end.search(own) or _id_at_end.search(card.attrib.get("id") or "")
    found = found or _id_at_end.search(link)
    places = _read_all(card, PLACES) or [text for text in [_read_first(card, PLACES_TEXT)] if text]
    return {
        "id": found[1] if found else None,
        "link": _complete(link),
        "title": _read_first(card, TITLE),
        "company": _read_first(card, COMPANY),
        "places": [place for name in places for place in _part(name)],
        "stipend": _read_stipend(card),
        "duration": _read_first(card, DURATION),
        "age": _read_first(card, AGE),
        "about": _read_first(card, ABOUT),
        "skills": _read_all(card, SKILLS),
        "labels": _read_all(card, LABELS),
    }


def _read_first(card: Selector, query: str) -> str | None:
    """The words of the first element that has any; the queries of a list are tried in their order."""
    for one in query.split(", "):
        for element in card.css(one):
            if text := clean_line(" ".join(element.css("*::text").getall())):
                return text
    return None


def _read_all(card: Selector, query: str) -> list[str]:
    texts = [clean_line(" ".join(element.css("*::text").getall())) for element in card.css(query)]
    return list(dict.fromkeys(text for text in texts if text))


def _read_stipend(card: Selector) -> str | None:
    """The stipend as written; beside the icon of money it stands twice, for the small screen with its period."""
    if text := _read_first(card, STIPEND):
        return text
    beside = _read_all(card, ".ic-16-money ~ span")
    return next((text for text in beside if "/" in text), None) or next(iter(beside), None)


def _part(name: str) -> list[str]:
    """One place, or several behind commas; "(Hybrid)" stays with its place."""
    return [part.strip() for part in name.split(",") if part.strip()]


def _complete(link: str) -> str | None:
    """The link in full; None for one to another host."""
    try:
        url = urljoin(SITE, link)
        return url if link and urlsplit(url).hostname == HOST else None
    except ValueError:
        return None


def _read_number(page: Page) -> int:
    found = _page_step.search(urlsplit(page.ask.url).path)
    return int(found[1]) if found else 1


def _read_last(shown: Selector) -> int | None:
    text = clean_line(" ".join(shown.css("#total_pages::text").getall()))
    return read_count({"pages": int(text)}, "pages") if text.isdecimal() and len(text) < 7 else None


def _read_total(shown: Selector) -> int | None:
    """How many internships the heading of the list counts."""
    for heading in shown.css("h1, .heading, #internship_seo_heading_container")[:5]:
        if found := _total.search(clean_line(" ".join(heading.css("*::text").getall()))[:300]):
            return int(found[1].replace(",", ""))
    return None


def _is_empty_list(shown: Selector, total: int | None) -> bool:
    if total == 0:
        return True
    words = " ".join(shown.css("body *:not(script):not(style)::text").getall())
    return bool(_none_found.search(" ".join(words[:100_000].split())))


def _find_other_list(shown: Selector, visit: Visit) -> str | None:
    """A sentence when the page names another list as its own address."""
    named = shown.css('link[rel="canonical"]::attr(href)').get() or ""
    try:
        steps = [step for step in urlsplit(named).path.split("/") if step]
    except ValueError:
        return None
    if not steps or visit.board.token in steps:
        return None
    return f"Internshala shows the list {'/'.join(steps)[:100]} instead of {visit.board.token}."


PLATFORM = Platform(
    name="internshala",
    feed_kind="window",
    hosts=(HOST,),
    first_ask=first_ask,
    find_next=find_next,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    pace_seconds=3.0,
    unknown_board=("text/html; charset=utf-8", "<!doctype html><title>Page not found</title>"),
)
