from email import message_from_bytes
from email.policy import default as default_policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.listings.digest import (
    MOST_ENTRIES,
    build_digest,
    build_message,
    render_html,
    render_markdown,
    render_text,
)
from internflow.listings.filters import ListingFilters
from tests.listings.examples import HOSTILE, NOW, PLAIN, build_listing

FILTERS = ListingFilters(kind=("internship",), country=("IN",), new_since=NOW)


def test_digest_says_what_is_new_and_what_was_asked() -> None:
    digest = build_digest(FILTERS, [PLAIN], NOW)
    text = render_text(digest)
    assert text.startswith("1 new listing, 01 Jun 2026\n\nFilter: kind internship; country IN\n")
    assert "Data Intern, Orbit\n  Where: Orbit · Bengaluru, India · Hybrid\n" in text
    assert "  Pay: ₹ 20,000 - 30,000 /month (about ₹20,000-30,000 or $240-360 a month)\n" in text
    assert "  Apply by: 20 Jun 2026\n" in text
    assert "  Check first: Asks for payment: “pay a fee”\n" in text
    assert f"  {PLAIN.url}\n" in text


def test_digest_tells_how_many_it_leaves_out() -> None:
    digest = build_digest(FILTERS, [PLAIN] * (MOST_ENTRIES + 7), NOW)
    assert len(digest.entries) == MOST_ENTRIES
    for text in (render_text(digest), render_markdown(digest), render_html(digest)):
        assert "57 new listings" in text
        assert "7 more are on the listings page." in text


def test_hostile_listing_is_inert_in_every_form() -> None:
    digest = build_digest(FILTERS, [HOSTILE], NOW)
    assert "<script" not in render_html(digest)
    markdown = render_markdown(digest)
    assert r"\<script\>" in markdown
    assert r"\]\(https\:" in markdown
    for text in (render_text(digest), markdown, render_html(digest)):
        assert "javascript:" not in text
        assert "\nBcc" not in text
        assert "\x00" not in text
        assert "\u202e" not in text


def test_message_has_text_and_html_and_is_marked_as_automatic() -> None:
    message = build_message(
        build_digest(FILTERS, [PLAIN], NOW), name="Data in India", sender="internflow@college.example",
        recipient="ada@example.org", now=NOW,
    )  # fmt: skip
    read = message_from_bytes(message.as_bytes(), policy=default_policy)
    assert read["Subject"] == "Data in India: 1 new listing, 01 Jun 2026"
    assert read["To"] == "ada@example.org"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Date"] == "Mon, 01 Jun 2026 12:00:00 +0000"
    plain, html = (read.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert "Data Intern, Orbit" in plain.get_content()
    assert "<h2>Data Intern, Orbit</h2>" in html.get_content()


@given(name=st.text(), title=st.text())
def test_no_name_and_no_title_adds_a_header(name: str, title: str) -> None:
    message = build_message(
        build_digest(FILTERS, [build_listing(title=title)], NOW), name=name + "\r\nBcc: all@evil.example",
        sender="internflow@college.example", recipient="ada@example.org", now=NOW,
    )  # fmt: skip
    read = message_from_bytes(message.as_bytes(), policy=default_policy)
    assert set(read.keys()) == {
        "Subject", "From", "To", "Date", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert len(list(read.iter_parts())) == 2


@pytest.mark.parametrize(
    "recipient", ["ada@example.org\r\nBcc: all@evil.example", "ada@example.org, all@evil.example"]
)
def test_an_address_that_is_more_than_one_is_refused(recipient: str) -> None:
    digest = build_digest(FILTERS, [PLAIN], NOW)
    with pytest.raises(ValueError, match=r"."):
        build_message(digest, name="x", sender="a@b.example", recipient=recipient, now=NOW)
