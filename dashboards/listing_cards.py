"""Listings as cards: what decides whether to open one, and nothing else."""

from datetime import datetime

import streamlit as st

from dashboards.state import LISTING
from dashboards.widgets import escape_html, escape_markdown, render_chips, show_empty
from dashboards.wording import count_of, describe_age, describe_deadline, describe_posted
from internflow.listings.browsing import Listing, ListingPage
from internflow.listings.wording import (
    KIND_WORDS,
    SPONSORSHIP_WORDS,
    TRUST_WORDS,
    describe_code,
    describe_pay,
    describe_place,
)

MOST_CHIPS = 8
TRUST_TONES = {"check": "medium", "avoid": "high"}


def show_cards(page: ListingPage, now: datetime) -> None:
    if not page.listings:
        show_empty(
            "No listing fits",
            "Remove a filter, or choose other kinds: not every board names its internships so.",
        )
    for listing in page.listings:
        show_card(listing, now)


def show_card(listing: Listing, now: datetime) -> None:
    with st.container(border=True, key=f"listings_card_{listing.posting_id}", gap="xsmall"):
        st.button(
            escape_markdown(listing.title),
            key=f"listings.open.{listing.posting_id}",
            type="tertiary",
            on_click=remember_listing,
            args=(listing.posting_id,),
        )
        pay = describe_pay(listing)
        st.html(
            f'<div class="if-stack"><p class="if-meta">{escape_html(describe_place(listing))}</p>'
            + (f'<p class="if-meta">{escape_html(pay)}</p>' if pay else "")
            + f'<div class="if-row">{render_facts(listing)}</div>'
            f'<p class="if-clocks">{escape_html(describe_dates(listing, now))}</p></div>'
        )


def render_facts(listing: Listing) -> str:
    """The match, what is to be careful about, the kind of work, whom it is for, and skills, as chips."""
    role = describe_code(listing.role_family) if listing.role_family else "Other"
    kinds = [
        KIND_WORDS[listing.kind],
        *([] if role == "Other" else [role]),
        *([] if listing.is_open else ["Closed"]),
        *(["Ghost"] if listing.is_ghost else []),
    ]
    more = len(listing.skills) - MOST_CHIPS
    skills = [*listing.skills[:MOST_CHIPS], *([f"{more} more"] if more > 0 else [])]
    match = [f"match {listing.match.score:.0%}"] if listing.match else []
    tone = TRUST_TONES.get(listing.trust_level)
    return "".join(
        (
            render_chips(match, "good"),
            render_chips([TRUST_WORDS[listing.trust_level]], tone) if tone else "",
            render_chips(kinds),
            render_chips(list_eligibility_chips(listing), "missing"),
            render_chips(skills),
        )
    )


def list_eligibility_chips(listing: Listing) -> list[str]:
    years = ", ".join(map(str, listing.graduation_years))
    degrees = " or ".join(map(describe_code, listing.degrees))
    chips = [
        f"graduating {years}" if years else "",
        degrees,
        SPONSORSHIP_WORDS.get(listing.sponsorship or "", ""),
        f"{listing.citizenship} citizens only" if listing.citizenship else "",
    ]
    return [chip for chip in chips if chip]


def describe_dates(listing: Listing, now: datetime) -> str:
    parts = [
        describe_posted(listing, now),
        f"first seen {describe_age(listing.first_seen_at, now)}",
        describe_deadline(listing.apply_by, now) if listing.apply_by else "",
        f"on {count_of(listing.source_count, 'board')}" if listing.source_count > 1 else "",
    ]
    return " · ".join(part for part in parts if part)


def remember_listing(posting_id: str) -> None:
    st.query_params[LISTING] = posting_id
