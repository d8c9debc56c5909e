"""One listing in a drawer: what it says, how old each fact is, why it fits, and the way out."""

from datetime import datetime

import streamlit as st

from dashboards.state import LISTING
from dashboards.widgets import (
    escape_html,
    escape_markdown,
    find_web_url,
    page_border,
    render_chips,
    render_terms,
    sanitise_description,
    show_empty,
)
from dashboards.wording import KIND_WORDS, describe_clocks, describe_place
from internflow.listings.browsing import Listing, Match


def forget_listing() -> None:
    st.query_params.pop(LISTING, None)


def open_listing(listing: Listing | None, now: datetime) -> None:
    """The listing that the address asks for; None when there is none of that id."""
    title = escape_markdown(listing.title) if listing else "Unknown listing"

    @st.dialog(title, width="medium", position="right", on_dismiss=forget_listing)
    def show() -> None:
        with page_border("Listing"):
            if listing:
                show_listing(listing, now)
            else:
                show_empty("This listing is not here", "It was never crawled on this machine.")

    show()


def show_listing(listing: Listing, now: datetime) -> None:
    st.html(f'<p class="if-meta">{escape_html(describe_place(listing))}</p>')
    url = find_web_url(listing.url)
    if url:
        st.link_button("Open on its board", url, type="primary", key="listings.board")
    else:
        st.caption("The board gave no web address that is safe to open.")
    if listing.match:
        show_match(listing.match)
    elif listing.skills:
        st.html(render_chips(listing.skills))
    st.html(render_terms(list_facts(listing, now)))
    st.divider()
    st.html(f'<div class="if-description">{sanitise_description(listing.description_html)}</div>')


def show_match(match: Match) -> None:
    st.html(
        f'<div class="if-stack"><div>{render_chips([f"match {match.score:.0%}"], "good")}</div>'
        f'<div class="if-row">{render_chips(match.skills_covered, "good")}'
        f"{render_chips([f'{skill}, not shown yet' for skill in match.skills_missing], 'missing')}"
        f"</div><ul>{''.join(f'<li>{escape_html(reason)}</li>' for reason in match.reasons)}</ul>"
        "</div>"
    )


def list_facts(listing: Listing, now: datetime) -> list[tuple[str, str]]:
    facts = [("Kind", describe_kind(listing)), *describe_clocks(listing, now)]
    optional = [
        ("Apply by", f"{listing.apply_by:%d %b %Y}" if listing.apply_by else None),
        ("Pay", listing.pay_text),
        ("Employment", listing.employment_type),
        ("Places", " / ".join(listing.places)),
        ("Board", f"{listing.board} on {listing.platform}"),
    ]
    return facts + [(name, value) for name, value in optional if value]


def describe_kind(listing: Listing) -> str:
    """The kind and the words that it was told by."""
    words = ", ".join(f"“{word}”" for word in listing.kind_words)
    kind = KIND_WORDS[listing.kind]
    return f"{kind} (the listing says {words})" if words else kind
