"""The filters of the listings page, in its sidebar. Each widget's key is `listings.` and the filter's name."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from dashboards.wording import (
    SPONSORSHIP_FILTER_WORDS,
    STATUS_WORDS,
    TRUST_FILTER_WORDS,
    count_of,
    describe_age,
    describe_country,
    describe_pay_floor,
)
from internflow.listings.browsing import Facets
from internflow.listings.wording import (
    KIND_WORDS,
    PAID_WORDS,
    WORK_MODEL_WORDS,
    describe_code,
)

DAY_CHOICES = (1, 3, 7, 14, 30, 90)
PAY_CHOICES = (
    "5000 INR", "10000 INR", "20000 INR", "40000 INR", "80000 INR",
    "500 USD", "1000 USD", "2000 USD", "4000 USD", "8000 USD",
)  # fmt: skip


def restart_pages() -> None:
    st.session_state["listings.page"] = 1


def show_filters(facets: Facets) -> None:
    with st.sidebar:
        st.subheader("Filters")
        pick_many("Kind", "kind", KIND_WORDS)
        choose_many("Role", "role_family", facets.role_families, describe_code)
        choose_many("Skills (all of them)", "skill", facets.skills)
        show_place_filters(facets)
        show_pay_filters()
        show_eligibility_filters(facets)
        show_source_filters(facets)
        show_date_filters()


def show_place_filters(facets: Facets) -> None:
    pick_many("Work model", "work_model", WORK_MODEL_WORDS)
    choose_many("Countries", "country", facets.countries, describe_country)
    choose_many("Cities", "city", facets.cities)
    st.text_input(
        "Place",
        key="listings.place",
        placeholder="City, state or country",
        help="In the board's own words. Short codes such as CA or US are looked for as whole words.",
        max_chars=200,
        on_change=restart_pages,
        persist_state="session",
    )


def show_pay_filters() -> None:
    pick_many("Pay", "paid", PAID_WORDS)
    choose_one("Pay from", "pay_at_least", PAY_CHOICES, describe_pay_floor)


def show_eligibility_filters(facets: Facets) -> None:
    choose_one("Your graduation year", "graduation_year", facets.graduation_years, str)
    choose_many("Your degree", "degree", facets.degrees, describe_code)
    choose_many("Terms", "term", facets.terms)
    choose_one(
        "Visa sponsorship",
        "sponsorship",
        tuple(SPONSORSHIP_FILTER_WORDS),
        SPONSORSHIP_FILTER_WORDS.__getitem__,
    )


def show_source_filters(facets: Facets) -> None:
    choose_many("Companies", "company", facets.companies)
    choose_many("Platforms", "platform", facets.platforms)
    require_one("Status", "status", STATUS_WORDS)
    require_one("Trust", "trust", TRUST_FILTER_WORDS)
    st.toggle(
        "Show ghosts",
        key="listings.include_ghosts",
        help="Listings that stay up for months or come again and again.",
        on_change=restart_pages,
        persist_state="session",
    )


def show_date_filters() -> None:
    choose_days("Deadline within", "deadline_within_days")
    choose_days("Posted within", "posted_within_days")
    choose_days("First seen within", "seen_within_days")


def show_new_since(last_visit: datetime | None, now: datetime) -> None:
    """A switch to what is new since the last visit; an address may ask for another moment."""
    asked_for: datetime | None = st.session_state.get("listings.new_since")
    moments = list(dict.fromkeys(filter(None, (last_visit, asked_for))))
    if not moments:
        return

    def describe(moment: datetime) -> str:
        if moment == last_visit:
            return "New since your last visit"
        return f"First seen since {moment:%d %b %Y, %H:%M} UTC, {describe_age(moment, now)}"

    st.pills(
        "New",
        moments,
        format_func=describe,
        key="listings.new_since",
        label_visibility="collapsed",
        on_change=restart_pages,
        persist_state="session",
    )


def pick_many(label: str, field: str, words: Mapping[str, str]) -> None:
    st.pills(
        label,
        list(words),
        selection_mode="multi",
        format_func=lambda value: words[value],
        key=f"listings.{field}",
        on_change=restart_pages,
        persist_state="session",
    )


def choose_many(
    label: str, field: str, options: tuple[str, ...], describe: Callable[[str], str] = str
) -> None:
    """An address may ask for a value that no listing has; it stays a choice, with no result."""
    key = f"listings.{field}"
    asked_for = st.session_state.get(key, [])
    st.multiselect(
        label,
        list(dict.fromkeys((*options, *asked_for))),
        format_func=describe,
        key=key,
        placeholder="Any",
        on_change=restart_pages,
        persist_state="session",
    )


def choose_one(
    label: str, field: str, options: Sequence[Any], describe: Callable[[Any], str]
) -> None:
    """One of the options, what the address asks for, or any."""
    key = f"listings.{field}"
    asked_for = st.session_state.get(key)
    choices = list(dict.fromkeys((*options, *([asked_for] if asked_for else []))))
    st.selectbox(
        label,
        [None, *choices],
        format_func=lambda value: "Any" if value is None else describe(value),
        key=key,
        placeholder="Any",
        on_change=restart_pages,
        persist_state="session",
    )


def choose_days(label: str, field: str) -> None:
    asked_for = st.session_state.get(f"listings.{field}")
    days = sorted({*DAY_CHOICES, *([asked_for] if asked_for else [])})
    choose_one(label, field, days, lambda number: count_of(number, "day"))


def require_one(label: str, field: str, words: Mapping[str, str]) -> None:
    st.selectbox(
        label,
        list(words),
        format_func=lambda value: words[value],
        key=f"listings.{field}",
        on_change=restart_pages,
        persist_state="session",
    )
