"""RSS and Atom feeds: entries field by field, companies, dates, ids, and feeds made to do harm."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import rss
from crawlers.replay_server import SAMPLES
from internflow.errors import ContractViolation
from internflow.listings.posting import Board

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
URL = "https://acme.example/jobs.rss"
VISIT = Visit(Board("rss", "acme.example", "Acme", url=URL), NOW)
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Jobs</title><entry>
<id>urn:uuid:1</id><title type="html">R&amp;amp;D &lt;b&gt;Intern&lt;/b&gt;</title>
<link rel="alternate" href="https://acme.example/jobs/1"/><updated>2026-11-20T10:00:00+05:30</updated>
<content type="html">&lt;p onclick="x()"&gt;SQL&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</content>
</entry></feed>"""


def read(feed: str | bytes, visit: Visit = VISIT, content_type: str = "") -> ParsedPage:
    body = feed.encode() if isinstance(feed, str) else feed
    return rss.parse_postings(Page(Ask(URL), body, content_type), visit)


def write_rss(item: str) -> str:
    return f'<rss version="2.0"><channel><title>Jobs</title><item>{item}</item></channel></rss>'


def test_the_sample_feed_field_by_field() -> None:
    body = (SAMPLES / "rss" / "thornybridge.example.xml").read_bytes()
    intern, manager = read(body).postings
    assert (intern.external_id, intern.title) == ("tb-301", "Robotics Intern & Tinkerer")
    assert intern.url == "https://thornybridge.example/careers/robotics-intern"
    assert intern.company == "Acme"
    assert (intern.places, intern.employment_type) == (("Delft, Netherlands",), "Internship")
    assert intern.posted_at == datetime(2026, 11, 19, 8, 30, tzinfo=UTC)
    assert intern.department == "Engineering"
    assert intern.description_text.startswith("Teach a crane to fold paper, with ROS 2")
    assert manager.external_id == manager.url
    assert manager.description_html == "<p>Keep the tea warm.</p>"


def test_an_atom_entry() -> None:
    (posting,) = read(ATOM).postings
    assert (posting.external_id, posting.url) == ("urn:uuid:1", "https://acme.example/jobs/1")
    assert posting.posted_at == datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
    assert posting.description_html == "<p>SQL</p>"


def test_the_feed_may_name_a_company_for_each_job() -> None:
    item = "<title>Intern</title><link>https://x.example/1</link><company>Brook Ltd</company>"
    (posting,) = read(write_rss(item)).postings
    assert posting.company == "Brook Ltd"


@pytest.mark.parametrize(
    ("url", "title", "company"),
    [
        ("https://weworkremotely.com/remote-jobs.rss", "Go Intern: Core", "Brook"),
        (URL, "Brook: Go Intern: Core", "Acme"),
    ],
)
def test_one_site_puts_the_company_before_the_title(url: str, title: str, company: str) -> None:
    visit = Visit(Board("rss", "x", "Acme", url=url), NOW)
    item = "<title>Brook: Go Intern: Core</title><link>https://x.example/1</link>"
    (posting,) = read(write_rss(item), visit).postings
    assert (posting.title, posting.company) == (title, company)


def test_a_long_id_is_told_by_its_hash() -> None:
    item = f"<title>Intern</title><link>https://x.example/1</link><guid>{'g' * 500}</guid>"
    (posting,) = read(write_rss(item)).postings
    assert len(posting.external_id) == 64


def test_a_feed_without_entries_is_an_empty_board() -> None:
    assert read('<rss version="2.0"><channel></channel></rss>') == ParsedPage(())


def test_the_header_may_tell_the_encoding() -> None:
    item = "<title>Intérim</title><link>https://x.example/1</link>"
    body = write_rss(item).encode("latin-1")
    (posting,) = read(body, content_type="application/rss+xml; charset=iso-8859-1").postings
    assert posting.title == "Intérim"


def test_a_feed_that_is_not_well_formed_is_read_all_the_same() -> None:
    item = "<title>Intern & more</title><link>https://x.example/1</link><description>a <b> c"
    (posting,) = read(write_rss(item).replace("</item></channel></rss>", "")).postings
    assert posting.title == "Intern & more"


def test_a_feed_that_names_a_file_opens_none(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(ATOM)
    with pytest.raises(ContractViolation):
        read(str(secret))


@pytest.mark.parametrize(
    "feed",
    [
        '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss version="2.0"><channel>&b;</channel></rss>',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel>&x;</channel></rss>',
        "<html><body>Down for maintenance</body></html>",
        write_rss("<title>a &#x110000; b</title>"),
    ],
)
def test_harmful_and_other_answers_are_refused(feed: str) -> None:
    with pytest.raises(ContractViolation):
        read(feed)


def test_a_board_is_asked_at_its_own_address() -> None:
    assert rss.first_ask(VISIT) == Ask(URL)
    with pytest.raises(ContractViolation):
        rss.first_ask(Visit(Board("rss", "x", "X"), NOW))


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://www.acme.example/careers/feed/", "acme.example"),
        ("https://jobs.acme.example/all.atom", "jobs.acme.example"),
        ("https://acme.example/feed.xml", "acme.example"),
        ("https://acme.example/sitemap.xml", None),
        ("https://acme.example/careers", None),
    ],
)
def test_addresses_that_end_as_feeds_do(address: str, token: str | None) -> None:
    assert rss.find_token(urlsplit(address)) == token
