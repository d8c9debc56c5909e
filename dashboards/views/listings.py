"""Page: internships to filter, open and follow to their board."""

from datetime import UTC, datetime

import streamlit as st

from dashboards.listing_detail import open_listing
from dashboards.loading import (
    PAGE_SIZE,
    load_board_health,
    load_facets,
    load_has_matches,
    load_listing,
    load_listings,
)
from dashboards.state import (
    LISTING,
    collect_listing_query,
    read_student_id,
    seed_listing_widgets,
    write_address,
)
from dashboards.widgets import (
    escape_html,
    escape_markdown,
    render_chips,
    render_table,
    show_empty,
)
from dashboards.wording import (
    BOARD_STATUS_WORDS,
    KIND_WORDS,
    ORDER_WORDS,
    STATUS_WORDS,
    WORK_MODEL_WORDS,
    count_of,
    describe_age,
    describe_health,
    describe_place,
    describe_posted,
)
from internflow.errors import UserInputError
from internflow.listings.browsing import STATUSES, Facets, Listing, ListingPage

DAY_CHOICES = (1, 3, 7, 14, 30, 90)
MOST_CHIPS = 8


def show_listings() -> None:
    student_id, now = read_student_id(), datetime.now(UTC)
    has_matches = load_has_matches(student_id)
    try:
        seed_listing_widgets(has_matches=has_matches)
    except UserInputError as error:
        st.error(escape_markdown(str(error)))
        st.page_link("views/listings.py", label="Open the listings without these filters")
        return
    show_filters(load_facets(student_id))
    st.title("Internships", anchor=False)
    st.text_input(
        "Search",
        key="listings.text",
        placeholder="Words in the title, company or description",
        max_chars=200,
        on_change=restart_pages,
        persist_state="session",
    )
    st.html('<p class="if-note if-phone">Filters and the other pages open with » above.</p>')
    query = collect_listing_query()
    page = load_listings(student_id, query)
    last_page = max(1, -(-page.total_count // PAGE_SIZE))
    if query.page > last_page:
        st.session_state["listings.page"] = last_page
        query = collect_listing_query()
        page = load_listings(student_id, query)
    write_address(query)
    show_count(page, has_matches=has_matches)
    show_health(student_id, now)
    show_cards(page, now)
    if last_page > 1:
        st.pagination(last_page, key="listings.page", persist_state="session")
    if LISTING in st.query_params:
        open_listing(load_listing(student_id, st.query_params[LISTING]), now)


def show_filters(facets: Facets) -> None:
    with st.sidebar:
        st.subheader("Filters")
        pick_many("Kind", "kind", KIND_WORDS)
        pick_many("Work model", "work_model", WORK_MODEL_WORDS)
        st.text_input(
            "Place",
            key="listings.place",
            placeholder="City, state or country",
            help="Short codes such as CA or US are looked for as whole words.",
            max_chars=200,
            on_change=restart_pages,
            persist_state="session",
        )
        choose_many("Skills (all of them)", "skill", facets.skills)
        choose_many("Companies", "company", facets.companies)
        choose_many("Platforms", "platform", facets.platforms)
        st.selectbox(
            "Status",
            STATUSES,
            format_func=lambda status: STATUS_WORDS[status],
            key="listings.status",
            on_change=restart_pages,
            persist_state="session",
        )
        choose_days("Posted within", "posted_within_days")
        choose_days("First seen within", "seen_within_days")


def pick_many(label: str, field: str, words: dict[str, str]) -> None:
    st.pills(
        label,
        list(words),
        selection_mode="multi",
        format_func=lambda value: words[value],
        key=f"listings.{field}",
        on_change=restart_pages,
        persist_state="session",
    )


def choose_many(label: str, field: str, options: tuple[str, ...]) -> None:
    """An address may ask for a value that no listing has; it stays a choice, with no result."""
    key = f"listings.{field}"
    asked_for = st.session_state.get(key, [])
    st.multiselect(
        label,
        list(dict.fromkeys((*options, *asked_for))),
        key=key,
        placeholder="Any",
        on_change=restart_pages,
        persist_state="session",
    )


def choose_days(label: str, field: str) -> None:
    key = f"listings.{field}"
    asked_for = st.session_state.get(key)
    choices = sorted({*DAY_CHOICES, *([asked_for] if asked_for else [])})
    st.selectbox(
        label,
        [None, *choices],
        format_func=lambda days: count_of(days, "day") if days else "Any time",
        key=key,
        placeholder="Any time",
        on_change=restart_pages,
        persist_state="session",
    )


def restart_pages() -> None:
    st.session_state["listings.page"] = 1


def show_count(page: ListingPage, *, has_matches: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{count_of(page.total_count, 'listing')}**")
        if has_matches:
            st.selectbox(
                "Order",
                list(ORDER_WORDS),
                format_func=lambda order: ORDER_WORDS[order],
                key="listings.sort",
                label_visibility="collapsed",
                width=200,
                on_change=restart_pages,
                persist_state="session",
            )


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
        match = f"match {listing.match.score:.0%}" if listing.match else ""
        facts = [KIND_WORDS[listing.kind], *([] if listing.is_open else ["Closed"])]
        more = len(listing.skills) - MOST_CHIPS
        skills = [*listing.skills[:MOST_CHIPS], *([f"{more} more"] if more > 0 else [])]
        st.html(
            f'<div class="if-stack"><p class="if-meta">{escape_html(describe_place(listing))}</p>'
            f'<div class="if-row">{render_chips([match], "good") if match else ""}'
            f"{render_chips(facts)}{render_chips(skills)}</div>"
            f'<p class="if-clocks">{escape_html(describe_posted(listing, now))}'
            f" · first seen {describe_age(listing.first_seen_at, now)}</p></div>"
        )


def remember_listing(posting_id: str) -> None:
    st.query_params[LISTING] = posting_id


def show_health(student_id: str | None, now: datetime) -> None:
    boards = load_board_health(student_id)
    if not boards:
        return
    with st.expander(describe_health(boards, now), type="compact"):
        st.html(
            render_table(
                ["Company", "Platform", "Crawl", "Listings", "Left out", "Finished", "Remarks"],
                [
                    [
                        board.company,
                        board.platform,
                        BOARD_STATUS_WORDS[board.status],
                        str(board.fetched_count)
                        if board.reported_count is None
                        else f"{board.fetched_count} of {board.reported_count}",
                        str(board.dropped_count),
                        describe_age(board.finished_at, now),
                        "; ".join(filter(None, (board.error, board.note))),
                    ]
                    for board in boards
                ],
            )
        )


show_listings()
