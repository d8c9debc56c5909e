"""One listing in a drawer: what it says, how old each fact is, why it fits, and the way out."""

from datetime import datetime

import streamlit as st

from dashboards.state import LISTING
from dashboards.widgets import (
    escape_html,
    escape_markdown,
    page_border,
    render_chips,
    render_terms,
    show_empty,
)
from dashboards.wording import count_of, describe_age, describe_clocks, describe_deadline
from internflow.listings.browsing import Listing, Match, Source
from internflow.listings.safety import find_web_url, sanitise_description
from internflow.listings.wording import (
    KIND_WORDS,
    TRUST_WORDS,
    describe_code,
    describe_pay,
    describe_place,
    list_eligibility,
)

# The names that facts of eligibility have in words -> the field of their quote.
QUOTED = {
    "Graduating in": "graduation_years",
    "Degree": "degrees",
    "Term": "terms",
    "Visa": "sponsorship",
    "Citizenship": "citizenship",
}


def forget_listing() -> None:
    st.query_params.pop(LISTING, None)


def open_listing(listing: Listing | None, sources: tuple[Source, ...], now: datetime) -> None:
    """The listing that the address asks for; None when there is none of that id."""
    title = escape_markdown(listing.title) if listing else "Unknown listing"

    @st.dialog(title, width="medium", position="right", on_dismiss=forget_listing)
    def show() -> None:
        with page_border("Listing"):
            if listing:
                show_listing(listing, sources, now)
            else:
                show_empty("This listing is not here", "It was never crawled on this machine.")

    show()


def show_listing(listing: Listing, sources: tuple[Source, ...], now: datetime) -> None:
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
    if listing.trust_flags:
        st.html(render_flags(listing))
    st.html(render_terms(list_facts(listing, now)))
    if len(sources) > 1:
        st.html(render_sources(sources, now))
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


def render_flags(listing: Listing) -> str:
    """What to be careful about, each rule with the words of the listing that it rests on."""
    tone = "high" if listing.trust_level == "avoid" else "medium"
    flags = "".join(
        f"<p>{escape_html(describe_code(flag.rule))}: <q>{escape_html(flag.quote)}</q></p>"
        for flag in listing.trust_flags
    )
    heading = escape_html(TRUST_WORDS[listing.trust_level])
    return f'<div class="if-finding if-border-{tone}"><b>{heading}</b>{flags}</div>'


def render_sources(sources: tuple[Source, ...], now: datetime) -> str:
    """Every board that shows the listing, with its own link."""
    items = "".join(f"<li>{_render_source(source, now)}</li>" for source in sources)
    return f"<p><b>On {count_of(len(sources), 'board')}</b></p><ul>{items}</ul>"


def _render_source(source: Source, now: datetime) -> str:
    name = escape_html(f"{source.company} on {source.platform}: {source.title}")
    url = find_web_url(source.url)
    state = "closed" if source.closed_at else f"last seen {describe_age(source.last_seen_at, now)}"
    if not url:
        return f"{name} ({state})"
    link = f'<a href="{escape_html(url)}" target="_blank" rel="noopener noreferrer">{name}</a>'
    return f"{link} ({state})"


def list_facts(listing: Listing, now: datetime) -> list[tuple[str, str]]:
    facts = [("Kind", describe_kind(listing)), *describe_clocks(listing, now)]
    apply_by = describe_deadline(listing.apply_by, now) if listing.apply_by else ""
    optional = [
        ("Deadline", apply_by[:1].upper() + apply_by[1:]),
        ("Pay", describe_pay(listing)),
        *list_quoted_eligibility(listing),
        ("Role", describe_code(listing.role_family) if listing.role_family else ""),
        ("Employment", listing.employment_type),
        ("Department", listing.department),
        ("Places", " / ".join(listing.places)),
        ("Board", f"{listing.board} on {listing.platform}"),
        ("Came again", count_of(listing.repost_count, "time") if listing.repost_count else ""),
    ]
    return facts + [(name, value) for name, value in optional if value]


def list_quoted_eligibility(listing: Listing) -> list[tuple[str, str]]:
    """Who may apply, each with the words of the listing that say it."""
    quotes = listing.eligibility_quotes
    stated = []
    for name, words in list_eligibility(listing):
        quote = quotes.get(QUOTED[name])
        stated.append((name, f"{words} (“{quote}”)" if quote else words))
    return stated


def describe_kind(listing: Listing) -> str:
    """The kind and the words that it was told by."""
    words = ", ".join(f"“{word}”" for word in listing.kind_words)
    kind = KIND_WORDS[listing.kind]
    return f"{kind} (the listing says {words})" if words else kind
