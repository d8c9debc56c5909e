"""schema.org data in web pages, JSON-LD and microdata: which JobPostings a page has, and which it lists. Pure."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import extruct
from extruct.jsonld import JsonLdExtractor
from parsel import Selector

from crawlers.platform import Job, Page
from crawlers.web_pages import select_page
from internflow.listings.text import clean_json

DEEPEST = 12  # objects within objects that may be looked into
# Contact persons of a job; no reader needs them.
PERSONAL = ("applicationContact", "contactPoint", "author", "creator")


def find_job_postings(page: Page) -> list[dict[str, Any]]:
    """The JobPosting objects of a page, each with its own absolute `url` where it states one.

    Raises ContractViolation for what is no web page.
    """
    return [posting for posting in _list_postings(page) if not is_stub(posting)]


def find_listed_urls(page: Page) -> tuple[str, ...]:
    """Addresses of job pages that a page lists: an ItemList of them, or JobPostings that are but an address."""
    return tuple(
        dict.fromkeys(
            _join(page.ask.url, url)
            for entity in _list_entities(page)
            for url in _list_item_urls(entity)
        )
    )


def has_item_list(page: Page) -> bool:
    """Whether a page lists items, none perhaps."""
    return any(_is_of_type(entity, "ItemList") for entity in _list_entities(page))


def is_stub(posting: Mapping[str, Any]) -> bool:
    """Whether a JobPosting but names the page that has it."""
    return not posting.get("title") and not posting.get("description") and bool(posting.get("url"))


def merge_job_page(job: Job, page: Page, description: str) -> dict[str, Any]:
    """The job with what its own web page says of it under `detail`.

    That is the page's JobPosting, and the HTML that the CSS selector `description` finds.
    """
    selector = select_page(page)
    postings = find_job_postings(page)
    return {
        **job,
        "detail": {
            "posting": postings[0] if postings else None,
            "description": "".join(selector.css(description).getall()[:1]),
        },
    }


def _list_postings(page: Page) -> Iterator[dict[str, Any]]:
    for entity in _list_entities(page):
        if _is_of_type(entity, "JobPosting"):
            posting = {key: value for key, value in entity.items() if key not in PERSONAL}
            if isinstance(url := posting.get("url"), str) and url.strip():
                posting["url"] = _join(page.ask.url, url.strip())
            yield posting


def _list_item_urls(entity: Mapping[str, Any]) -> Iterator[str]:
    """Addresses in an ItemList whose items are JobPostings, or are addresses alone."""
    if not _is_of_type(entity, "ItemList"):
        return
    elements = entity.get("itemListElement")
    for element in elements if isinstance(elements, list) else [elements]:
        item = element.get("item", element) if isinstance(element, Mapping) else element
        if isinstance(item, Mapping):
            types = {"JobPosting"} if item is not element else {"JobPosting", "ListItem"}
            is_job = any(_is_of_type(item, name) for name in types) and not item.get("title")
            item = item.get("url") or item.get("@id") if is_job else None
        if isinstance(item, str) and item.strip():
            yield item.strip()


def _list_entities(page: Page) -> Iterator[Mapping[str, Any]]:
    """All objects of a page's JSON-LD and microdata, outer ones first."""
    selector = select_page(page)
    for found in [*_read_json_ld(selector), *_read_microdata(selector, page.ask.url)]:
        yield from _walk(clean_json(found), 0)


def _read_json_ld(selector: Selector) -> Iterator[Any]:
    """Script by script: one that is broken takes no other with it."""
    for script in selector.xpath('//script[contains(@type, "ld+json")]'):
        script.root.set("type", "application/ld+json")
        try:
            found = JsonLdExtractor().extract_items(script.root)
        except (ValueError, RecursionError):
            continue
        yield from (entity for entity in found if _is_decent(entity))


def _read_microdata(selector: Selector, url: str) -> list[Any]:
    if not selector.xpath("//*[@itemtype]"):
        return []
    try:
        found = extruct.extract(
            selector.root, base_url=url, syntaxes=["microdata"], errors="ignore", uniform=True
        )
    except KeyError:  # extruct's way to say that it could read none
        return []
    return list(found["microdata"])


def _is_decent(entity: object) -> bool:
    """Whether an object can be written again: nothing is nested without end."""
    try:
        json.dumps(entity)
    except (ValueError, RecursionError):
        return False
    return True


def _walk(value: object, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for entry in value:
            yield from _walk(entry, depth + 1)
    elif isinstance(value, Mapping):
        yield value
        if not _is_of_type(value, "JobPosting"):
            for entry in value.values():
                yield from _walk(entry, depth + 1)


def _is_of_type(entity: Mapping[str, Any], name: str) -> bool:
    stated = entity.get("@type")
    types = stated if isinstance(stated, list) else [stated]
    return any(
        isinstance(t, str) and t.rsplit("/", 1)[-1].rsplit(":", 1)[-1] == name for t in types
    )


def _join(base: str, url: str) -> str:
    try:
        joined = urljoin(base, url)
        return joined if urlsplit(joined).hostname else url
    except ValueError:
        return url
