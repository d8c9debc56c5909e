"""Page: how complete and how fresh the picture is, board by board, and a form to add a company."""

from collections import Counter
from datetime import UTC, datetime

import altair as alt
import streamlit as st

from dashboards.loading import load_board_health, load_platform_counts, load_student_name
from dashboards.queries import BoardHealth, PlatformCount
from dashboards.state import open_student, read_student_id
from dashboards.widgets import escape_markdown, render_table, show_empty
from dashboards.wording import (
    BOARD_STATUS_WORDS,
    count_of,
    describe_health,
    list_health_cells,
)
from internflow.errors import UserInputError
from internflow.listings.posting import Board
from internflow.listings.registry import add_board
from internflow.services.boards import name_company, recognise_address

MOST_ROWS = 200
HEADERS = ("Company", "Platform", "Crawl", "Listings", "Left out", "Finished", "Remarks")
SHOWN = ("In trouble", "All")
EARLY, OTHERS = "for students and new graduates", "others"
COLORS = {EARLY: "#169169", OTHERS: "#8d9590"}


def show_boards() -> None:
    student_id, now = read_student_id(), datetime.now(UTC)
    st.title("Boards", anchor=False)
    boards = load_board_health(student_id)
    if boards:
        st.caption(escape_markdown(describe_health(boards, now)))
        show_chart(load_platform_counts(student_id))
    else:
        show_empty("No board was crawled yet", "The daily run crawls every company of the lists.")
    show_form(student_id)
    if boards:
        show_table(boards, now)


def show_chart(counts: list[PlatformCount]) -> None:
    """Open listings by platform, those for students apart."""
    rows = [
        {"platform": count.platform, "for": group, "open listings": number}
        for count in counts
        for group, number in (
            (EARLY, count.early_count),
            (OTHERS, count.listing_count - count.early_count),
        )
    ]
    if not rows:
        return
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar()
        .encode(
            x=alt.X("open listings:Q", title="open listings"),
            y=alt.Y("platform:N", title=None, sort="-x"),
            color=alt.Color(
                "for:N",
                title=None,
                scale=alt.Scale(domain=list(COLORS), range=list(COLORS.values())),
                legend=alt.Legend(orient="top", labelLimit=400),
            ),
            tooltip=["platform:N", "for:N", "open listings:Q"],
        )
    )
    st.altair_chart(chart, alt="Open listings by platform", key="boards.chart")


def show_form(student_id: str | None) -> None:
    """Add a company by the address of its careers page; for students, whose additions are counted."""
    if student_id is None or load_student_name(student_id) is None:
        st.caption(
            "A registered student can add a company here by the address of its careers page."
        )
        return
    with st.form("boards.add"):
        address = st.text_input(
            "A company is missing? Paste the address of its careers page",
            key="boards.address",
            placeholder="https://jobs.lever.co/company",
            max_chars=2000,
        )
        company = st.text_input("Its name (optional)", key="boards.company", max_chars=200)
        is_sent = st.form_submit_button("Add the company")
    if is_sent and not address.strip():
        st.error("The address is empty: paste that of the company's careers page.")
    elif is_sent:
        add_company(student_id, address, company)


def add_company(student_id: str, address: str, company: str) -> None:
    try:
        found = recognise_address(address)
        name = " ".join(company.split()) or name_company(found.token)
        board = Board(found.platform, found.token, name, url=found.url)
        with open_student(student_id) as connection:
            is_new = add_board(connection, board, datetime.now(UTC), added_by="student")
    except UserInputError as error:
        st.error(escape_markdown(str(error)))
        return
    where = escape_markdown(f"{name} on {found.platform}")
    st.success(
        f"Added {where}: the next daily run crawls it."
        if is_new
        else f"{where} is on the list already."
    )


def show_table(boards: list[BoardHealth], now: datetime) -> None:
    in_trouble = [board for board in boards if board.status not in ("ok", "ok_empty")]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = st.segmented_control(
            "Boards", SHOWN, key="boards.view", default=SHOWN[0 if in_trouble else 1], required=True
        )
        words = st.text_input("Company or platform", key="boards.words", max_chars=100)
    wanted = [
        board
        for board in (in_trouble if view == SHOWN[0] else boards)
        if words.strip().lower() in f"{board.company} {board.platform}".lower()
    ]
    counts = Counter(BOARD_STATUS_WORDS[board.status] for board in boards)
    counted = "; ".join(f"{number} {status}" for status, number in counts.most_common())
    st.caption(escape_markdown(f"{count_of(len(boards), 'board')}: {counted}"))
    st.html(render_table(HEADERS, [list_health_cells(b, now) for b in wanted[:MOST_ROWS]]))
    if len(wanted) > MOST_ROWS:
        st.caption(f"{len(wanted) - MOST_ROWS} more: search for a company to see it.")


show_boards()
