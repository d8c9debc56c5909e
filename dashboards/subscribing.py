"""Links that follow the listings of a filter, and the filters that a student saved under a name."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards.loading import load_saved_filters, load_student_name
from dashboards.state import ListingQuery, find_api_url, open_student, write_address
from dashboards.widgets import escape_html, escape_markdown
from internflow.errors import UserInputError
from internflow.listings.browsing import find_newest_sighting
from internflow.listings.filters import ListingFilters, restrict_filters
from internflow.listings.safety import find_web_url
from internflow.listings.wording import describe_filters
from internflow.students.saved_filters import (
    LONGEST_NAME,
    SavedFilter,
    delete_filter,
    save_filter,
    set_digest,
)

FORM_WORDS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed", "ics": "Deadlines (calendar)"}


def show_subscribing(place: DeltaGenerator, student_id: str | None, query: ListingQuery) -> None:
    """The links of the filters as they are now, to be opened at `place`; a student may save them."""
    with place.popover("Follow or save these filters", width="stretch"):
        filters = restrict_filters(query)
        st.html(f"<p>New listings of these filters:</p>{render_links(build_open_links(filters))}")
        if student_id is None or load_student_name(student_id) is None:
            return
        show_save_form(student_id, filters)
        for saved in load_saved_filters(student_id):
            show_saved(student_id, saved)


def show_save_form(student_id: str, filters: ListingFilters) -> None:
    with st.form("listings.save", border=False, clear_on_submit=True):
        name = st.text_input(
            "Save these filters as",
            key="listings.save_name",
            max_chars=LONGEST_NAME,
            placeholder="Data in Bengaluru",
        )
        is_sent = st.form_submit_button("Save")
    if not is_sent:
        return
    try:
        with open_student(student_id) as connection:
            newest_at = find_newest_sighting(connection)
            save_filter(
                connection, student_id, name, filters, now=datetime.now(UTC), newest_at=newest_at
            )
    except UserInputError as error:
        st.error(escape_markdown(str(error)))
    load_saved_filters.clear()


def show_saved(student_id: str, saved: SavedFilter) -> None:
    """One saved filter: what it says, its secret links, its digest, and how to be rid of it."""
    with st.container(border=True, gap="xsmall"):
        st.html(
            f'<p class="if-meta"><b>{escape_html(saved.name)}</b></p>'
            f'<p class="if-note">{escape_html(describe_filters(saved.filters))}</p>'
            f"{render_links(build_saved_links(saved))}"
        )
        st.toggle(
            "Daily e-mail of what is new",
            value=saved.digest_enabled,
            key=f"listings.digest.{saved.saved_id}",
            help="Sent at most once a day, and only when something is new, if this installation"
            " has a mail server.",
            on_change=change_digest,
            args=(student_id, saved),
        )
        with st.container(horizontal=True):
            st.button(
                "Show",
                key=f"listings.show.{saved.saved_id}",
                on_click=apply_saved,
                args=(saved.filters,),
            )
            st.button(
                "Delete",
                key=f"listings.delete.{saved.saved_id}",
                type="tertiary",
                on_click=forget_saved,
                args=(student_id, saved),
            )


def apply_saved(filters: ListingFilters) -> None:
    """Go to the address of the saved filters; the widgets follow it."""
    write_address(ListingQuery(**dict(filters)))
    st.session_state.pop("listings.address", None)


def change_digest(student_id: str, saved: SavedFilter) -> None:
    with open_student(student_id) as connection:
        set_digest(connection, saved.saved_id, is_enabled=not saved.digest_enabled)
    load_saved_filters.clear()


def forget_saved(student_id: str, saved: SavedFilter) -> None:
    with open_student(student_id) as connection:
        delete_filter(connection, saved.saved_id)
    load_saved_filters.clear()


def build_open_links(filters: ListingFilters) -> dict[str, str]:
    """Form -> address, with the filters as parameters."""
    chosen = filters.model_dump(mode="json", exclude_defaults=True)
    query = f"?{urlencode(chosen, doseq=True)}" if chosen else ""
    api = find_api_url()
    return {
        form: f"{api}/feeds/{'deadlines' if form == 'ics' else 'listings'}.{form}{query}"
        for form in FORM_WORDS
    }


def build_saved_links(saved: SavedFilter) -> dict[str, str]:
    """Form -> address behind the filter's secret."""
    return {form: f"{find_api_url()}/feeds/saved/{saved.token}.{form}" for form in FORM_WORDS}


def render_links(links: dict[str, str]) -> str:
    """The addresses as links, to be copied into a feed reader or a calendar."""
    anchors = [
        f'<a href="{escape_html(url)}" target="_blank" rel="noopener">{FORM_WORDS[form]}</a>'
        for form, url in links.items()
        if find_web_url(url)
    ]
    return f'<p class="if-row">{" · ".join(anchors)}</p>'
