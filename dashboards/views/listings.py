"""Page: internships to filter, open and follow to their board."""

from datetime import UTC, datetime

import streamlit as st

from dashboards.listing_cards import show_cards
from dashboards.listing_detail import open_listing
from dashboards.listing_filters import restart_pages, show_filters, show_new_since
from dashboards.loading import (
    PAGE_SIZE,
    load_board_health,
    load_facets,
    load_has_matches,
    load_listing,
    load_listings,
    load_sources,
)
from dashboards.state import (
    LISTING,
    ListingQuery,
    collect_listing_query,
    find_last_visit,
    read_student_id,
    seed_listing_widgets,
    write_address,
)
from dashboards.subscribing import show_subscribing
from dashboards.widgets import escape_markdown, render_table
from dashboards.wording import ORDER_WORDS, count_of, describe_health, list_health_cells
from internflow.errors import UserInputError
from internflow.listings.browsing import ListingPage

MOST_IN_TROUBLE = 20
HEALTH_HEADERS = ("Company", "Platform", "Crawl", "Listings", "Left out", "Finished", "Remarks")


def show_listings() -> None:
    student_id, now = read_student_id(), datetime.now(UTC)
    has_matches = load_has_matches(student_id)
    try:
        seed_listing_widgets(has_matches=has_matches)
    except UserInputError as error:
        st.error(escape_markdown(str(error)))
        st.page_link("views/listings.py", label="Open the listings without these filters")
        return
    following = st.sidebar.container()
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
    show_new_since(find_last_visit(student_id), now)
    query = collect_listing_query()
    page = load_listings(student_id, query)
    last_page = max(1, -(-page.total_count // PAGE_SIZE))
    if query.page > last_page:
        st.session_state["listings.page"] = last_page
        query = collect_listing_query()
        page = load_listings(student_id, query)
    write_address(query)
    show_count(page, query, has_matches=has_matches)
    show_subscribing(following, student_id, query)
    hidden = describe_hidden(query)
    if hidden:
        st.caption(hidden)
    show_health(student_id, now)
    show_cards(page, now)
    if last_page > 1:
        st.pagination(last_page, key="listings.page", persist_state="session")
    if LISTING in st.query_params:
        posting_id = st.query_params[LISTING]
        listing = load_listing(student_id, posting_id)
        open_listing(listing, load_sources(student_id, posting_id) if listing else (), now)


def show_count(page: ListingPage, query: ListingQuery, *, has_matches: bool) -> None:
    orders = [
        order for order in ORDER_WORDS if has_matches or order != "match" or query.sort == "match"
    ]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{count_of(page.total_count, 'listing')}**")
        st.selectbox(
            "Order",
            orders,
            format_func=lambda order: ORDER_WORDS[order],
            key="listings.sort",
            label_visibility="collapsed",
            width=200,
            on_change=restart_pages,
            persist_state="session",
        )


def describe_hidden(query: ListingQuery) -> str:
    """What the filters hide unless they are told not to."""
    hidden = [
        "" if query.trust == "avoid" else "listings with signs of a fee or a fake",
        "" if query.include_ghosts else "ghosts that stay up or keep coming back",
    ]
    named = " and ".join(words for words in hidden if words)
    return f"Hidden: {named}. The filters Trust and Show ghosts show them." if named else ""


def show_health(student_id: str | None, now: datetime) -> None:
    """How complete and how fresh the picture is, with the boards in trouble."""
    boards = load_board_health(student_id)
    if not boards:
        return
    in_trouble = [board for board in boards if board.status not in ("ok", "ok_empty")]
    with st.expander(describe_health(boards, now), type="compact"):
        if in_trouble:
            cells = [list_health_cells(board, now) for board in in_trouble[:MOST_IN_TROUBLE]]
            st.html(render_table(HEALTH_HEADERS, cells))
        st.page_link("views/boards.py", label="All boards")


show_listings()
