"""Internshala: cards field by field, in today's markup and an older one, paging, empty and foreign pages."""

import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import internshala
from crawlers.replay_server import SAMPLES
from internflow.errors import ContractViolation
from internflow.listings.posting import Board

TOKEN = "computer-science-internship"
LIST = f"https://internshala.com/internships/{TOKEN}/"
VISIT = Visit(Board("internshala", TOKEN, "Internshala"), datetime(2026, 11, 23, 6, tzinfo=UTC))
CARD = """<div class="individual_internship" internshipid="{0}" data-href="/internship/detail/x{0}">
<h3 class="job-internship-name">Web</h3><p class="company-name">Acme</p>{1}</div>"""


def build_page(html: str, number: int = 1) -> Page:
    url = LIST if number == 1 else f"{LIST}page-{number}/"
    return Page(Ask(url), f"<html><body>{html}</body></html>".encode())


def read(html: str, number: int = 1) -> ParsedPage:
    return internshala.parse_postings(build_page(html, number), VISIT)


def read_card(inside: str) -> Any:
    (posting,) = read(CARD.format(7, inside)).postings
    return posting


def test_the_sample_page_field_by_field() -> None:
    body = (SAMPLES / "internshala" / f"{TOKEN}.html").read_bytes()
    parsed = internshala.parse_postings(Page(Ask(LIST), body), VISIT)
    assert (parsed.reported_count, parsed.shortfall) == (3, None)
    python, web, data = parsed.postings
    assert (python.external_id, python.title) == ("3210441", "Python Development")
    assert python.url.startswith("https://internshala.com/internship/detail/python-development")
    assert python.company == "Banyan Grid"
    assert (python.places, python.work_model) == (("Chennai", "Coimbatore"), "hybrid")
    assert python.pay_text == "₹ 15,000 - 20,000 /month"
    assert (python.posted_at, python.date_kind) == (datetime(2026, 11, 19, tzinfo=UTC), "relative")
    assert "6 Months" in python.description_text
    assert "Python, FastAPI, SQL" in python.description_text
    assert (web.places, web.work_model, web.pay_text) == ((), "remote", "Unpaid")
    assert (web.company, web.employment_type) == ("Puddle & Co", "Internship, Part time")
    assert data.posted_at == datetime(2026, 11, 2, tzinfo=UTC)


def test_a_card_in_the_older_markup() -> None:
    html = """<div class="container-fluid individual_internship" id="individual_internship_900">
    <h3 class="heading_4_5 profile"><a href="/internship/detail/web-dev-900">Web Development</a></h3>
    <h4 class="heading_6 company_name"> Acme   Labs </h4>
    <p id="location_names"><a>Delhi</a>, <a>Noida</a></p><span class="stipend">₹ 8,000 /month</span>
    <div class="status status-small status-info"><i class="ic-16-reschedule"></i>7 days ago</div></div>"""
    (posting,) = read(html).postings
    assert (posting.external_id, posting.title, posting.company) == (
        "900",
        "Web Development",
        "Acme Labs",
    )
    assert posting.url == "https://internshala.com/internship/detail/web-dev-900"
    assert posting.places == ("Delhi", "Noida")
    assert posting.posted_at == datetime(2026, 11, 16, tzinfo=UTC)


def test_work_from_home_is_a_work_model_and_no_place() -> None:
    posting = read_card('<div class="locations"><i></i><span>Work from home</span></div>')
    assert (posting.places, posting.work_model) == ((), "remote")


def test_a_stipend_beside_its_icon_is_told_once_with_its_period() -> None:
    posting = read_card(
        '<i class="ic-16-money"></i><span class="desktop">₹ 3,00,000</span><span class="mobile">₹ 3,00,000 /year</span>'
    )
    assert posting.pay_text == "₹ 3,00,000 /year"


def test_the_id_may_stand_in_the_link_alone() -> None:
    html = CARD.format(55, "").replace('internshipid="55"', "")
    (posting,) = read(html).postings
    assert posting.external_id == "55"


@pytest.mark.parametrize(
    "html",
    [
        '<div class="individual_internship" internshipid="7"><h3 class="profile">X</h3></div>',
        '<div class="individual_internship" internshipid="7" data-href="//x.example/7"><h3>X</h3></div>',
        '<div class="individual_internship" internshipid="7" data-href="/internship/detail/7"></div>',
        '<div class="individual_internship" data-href="/internship/detail/x"><h3 class="profile">X</h3></div>',
    ],
)
def test_a_card_without_id_title_or_link_is_a_counted_drop(html: str) -> None:
    parsed = read(html + CARD.format(8, ""))
    assert (len(parsed.postings), len(parsed.dropped)) == (1, 1)


def test_an_advertisement_between_the_cards_is_none() -> None:
    parsed = read('<div class="individual_internship">Learn Python</div>' + CARD.format(8, ""))
    assert (len(parsed.postings), parsed.dropped) == (1, ())


@pytest.mark.parametrize(
    "html",
    ["<h1>Please verify you are human</h1>", "<p>internships</p>", '<div id="root"></div>'],
)
def test_a_first_page_without_cards_is_no_empty_board(html: str) -> None:
    with pytest.raises(ContractViolation):
        read(html)


@pytest.mark.parametrize(
    "html", ["<h1>0 Computer Science Internships</h1>", "<div>No internships found</div>"]
)
def test_a_page_that_says_that_there_is_none_is_empty(html: str) -> None:
    parsed = read(html)
    assert (parsed.postings, parsed.dropped) == ((), ())


def test_a_later_page_without_cards_is_the_end() -> None:
    page = build_page("<p>nothing more</p>", 4)
    assert internshala.parse_postings(page, VISIT).postings == ()
    assert internshala.find_next(page, VISIT) == ()


@pytest.mark.parametrize(
    ("head", "number", "following"),
    [
        ('<span id="total_pages">3</span>', 2, 3),
        ('<span id="total_pages">3</span>', 3, None),
        ("<h1>5 Total Internships</h1>", 2, 3),
        ("<h1>1,024 Computer Science Internships</h1>", 2, 3),
        ("<h1>4 Data Science &amp; AI Internships in India</h1>", 2, None),
        ("", 2, 3),
    ],
)
def test_pages_follow_until_the_reported_end(head: str, number: int, following: int | None) -> None:
    cards = CARD.format(1, "") + CARD.format(2, "")
    asks = internshala.find_next(build_page(head + cards, number), VISIT)
    assert [ask.url for ask in asks] == ([f"{LIST}page-{following}/"] if following else [])


def test_another_list_than_the_one_asked_for_is_a_shortfall() -> None:
    link = '<link rel="canonical" href="https://internshala.com/internships/">'
    parsed = read(link + CARD.format(1, ""))
    assert parsed.shortfall == f"Internshala shows the list internships instead of {TOKEN}."
    own = f'<link rel="canonical" href="{LIST}page-2/">'
    assert read(own + CARD.format(1, ""), 2).shortfall is None


@pytest.mark.parametrize("unit", ["<h1>9 ", "1 a ", "No internships ", "9,", "<div>", "&#49; "])
def test_a_hostile_page_takes_no_time(unit: str) -> None:
    page = build_page(unit * (100_000 // len(unit)) + CARD.format(1, ""))
    start = time.perf_counter()
    with suppress(ContractViolation):
        assert len(internshala.parse_postings(page, VISIT).postings) <= 1
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("address", "token"),
    [
        (LIST, TOKEN),
        (f"{LIST}page-3/", TOKEN),
        ("https://www.internshala.com/internships/page-2/", None),
        ("https://internshala.com/internships/", None),
        ("https://internshala.com/internship/detail/x1", None),
        ("https://example.com/internships/x/", None),
    ],
)
def test_the_list_is_the_token(address: str, token: str | None) -> None:
    assert internshala.find_token(urlsplit(address)) == token
