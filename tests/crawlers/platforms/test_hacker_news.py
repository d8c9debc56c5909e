"""Hacker News: real comments field by field, from the stories to the thread, first lines in many forms."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.hacker_news_line import FirstLine, read_first_line
from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import hacker_news
from internflow.errors import ContractViolation
from internflow.listings.posting import Board

VISIT = Visit(Board("hacker_news", "all", "Hacker News"), datetime(2026, 11, 23, 6, tzinfo=UTC))


def build_page(content: object) -> Page:
    return Page(hacker_news.first_ask(VISIT), json.dumps(content).encode())


def read(children: list[Any]) -> ParsedPage:
    return hacker_news.parse_postings(build_page({"id": 1, "children": children}), VISIT)


def test_the_real_comments_are_read(shared_data: Path) -> None:
    content = json.loads((shared_data / "listings/feeds/hunt_hackernews.json").read_text())
    parsed = hacker_news.parse_postings(build_page(content), VISIT)
    assert parsed.dropped == ()
    for posting, raw in zip(parsed.postings, content["children"], strict=True):
        assert posting.external_id == str(raw["id"])
        assert posting.url == f"https://news.ycombinator.com/item?id={raw['id']}"
        assert posting.posted_at == datetime.fromisoformat(raw["created_at"])
        assert posting.payload == raw
        assert "&#x2F;" not in posting.description_text
    modash, quill, neon = parsed.postings
    assert (modash.company, modash.title) == ("Modash.io", "Senior Product Engineer")
    assert (modash.places, modash.work_model) == (("Remote (Europe)",), "remote")
    assert (modash.employment_type, modash.pay_text) == ("Full-time", "€75k\u2013110k")
    assert (quill.company, quill.title) == ("Quill", "Fullstack SWE")
    assert (quill.work_model, quill.pay_text) == ("remote", "$150 - 210K USD + equity")
    assert neon.company == "Open Education Applications / Neon"
    assert neon.title.startswith("Senior/Lead Platform & DevOps Engineer, Senior Frontend")
    assert (neon.places, neon.work_model) == (("Utrecht, The Netherlands",), "hybrid")


@pytest.mark.parametrize(
    ("line", "company", "title", "places", "kind", "pay"),
    [
        ("Acme (YC S09) | Software Engineering Intern | Pune | https:&#x2F;&#x2F;acme.example | $60/hr",
         "Acme (YC S09)", "Software Engineering Intern", ("Pune",), "Intern", "$60/hr"),
        ("Acme | Berlin, Germany | Onsite | Backend Developer (Go)",
         "Acme", "Backend Developer (Go)", ("Berlin, Germany", "Onsite"), None, None),
        ("Acme (https://acme.example) | REMOTE | Full-time, Contract | Rust",
         "Acme", "Rust", ("REMOTE",), "Full-time, Contract", None),
        ("Acme - Data Engineer - New York - ONSITE", "Acme", "Data Engineer", ("New York", "ONSITE"), None, None),
        ("Acme | INTERNS | Pune, India | 40k-60k INR/month",
         "Acme", "INTERNS", ("Pune, India",), "INTERNS", "40k-60k INR/month"),
        ("Acme | Engineer, $150k + equity | Oslo", "Acme", "Engineer, $150k + equity", ("Oslo",), None, None),
        ("Acme | Oslo, Norway", "Acme", "Acme | Oslo, Norway", ("Oslo, Norway",), None, None),
        ("Acme | Multiple roles | London | Visa support", "Acme", "Multiple roles", ("London",), None, None),
        ("We are hiring two engineers", None, "We are hiring two engineers", (), None, None),
    ],
)  # fmt: skip
def test_a_first_line_is_read_in_any_order(
    line: str,
    company: str | None,
    title: str,
    places: tuple[str, ...],
    kind: str | None,
    pay: str | None,
) -> None:
    assert read_first_line(f"{line}<p>More | words") == FirstLine(company, title, places, kind, pay)


@pytest.mark.parametrize("line", ["", "Please try my tool", "<p>", "|", "| |", "https://x.example"])
def test_a_comment_that_names_no_job_is_a_counted_drop(line: str) -> None:
    parsed = read([{"id": 5, "text": line}])
    assert (parsed.postings, len(parsed.dropped)) == ((), 1)


@pytest.mark.parametrize(
    "unit",
    ["<", "|", " ", "a.", "http://", "- ", "a-", "(https://", "x", "$1", "1k ", "&amp;", "<p"],
)
def test_a_hostile_line_takes_no_time(unit: str) -> None:
    line = f"Acme | {unit * (100_000 // len(unit))} | Engineer"
    start = time.perf_counter()
    parsed = read([{"id": 5, "text": line}])
    assert len(parsed.postings) + len(parsed.dropped) == 1
    assert time.perf_counter() - start < 5


def test_the_stories_lead_to_the_newest_thread() -> None:
    stories = [
        {"objectID": "503", "title": "Ask HN: Who wants to be hired? (November 2026)"},
        {"objectID": "502", "title": "Ask HN: Who is hiring? (November 2026)"},
        {"objectID": "401", "title": "Ask HN: Who is hiring? (October 2026)"},
    ]
    page = build_page({"hits": stories})
    assert hacker_news.parse_postings(page, VISIT) == ParsedPage(())
    (ask,) = hacker_news.find_next(page, VISIT)
    assert ask == Ask("https://hn.algolia.com/api/v1/items/502")
    assert hacker_news.find_next(build_page({"children": []}), VISIT) == ()


@pytest.mark.parametrize(
    "stories",
    [[], [{"objectID": "1", "title": "Ask HN: Freelancer?"}], [{"objectID": "../x", "title": "Who is hiring?"}], [7]],
)  # fmt: skip
def test_stories_without_a_thread_are_no_board(stories: list[Any]) -> None:
    page = build_page({"hits": stories})
    with pytest.raises(ContractViolation):
        hacker_news.parse_postings(page, VISIT)
    with pytest.raises(ContractViolation):
        hacker_news.find_next(page, VISIT)


def test_deleted_comments_authors_and_replies_are_left_out() -> None:
    reply = {"id": 9, "text": "Me | Engineer", "author": "reader"}
    job = {"id": 6, "text": "Acme | Intern", "author": "person", "children": [reply]}
    parsed = read([{"id": 5, "text": None, "author": None}, job])
    assert parsed.dropped == ()
    (posting,) = parsed.postings
    assert posting.payload == {"id": 6, "text": "Acme | Intern", "created_at": None}
    assert posting.date_kind == "none"


def test_there_is_one_thread_at_a_time() -> None:
    thread = urlsplit("https://news.ycombinator.com/submitted?id=whoishiring")
    assert hacker_news.find_token(thread) == "all"
    assert hacker_news.find_token(urlsplit("https://news.ycombinator.com/item?id=1")) is None
