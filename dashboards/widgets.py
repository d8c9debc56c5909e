"""Pieces of pages, safe for untrusted text: everything that goes in is escaped here."""

import html
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

import streamlit as st
import structlog

from internflow.errors import InternflowError
from internflow.listings.safety import reveal

logger = structlog.get_logger("internflow.dashboards")

# Where Streamlit's Markdown starts a directive, an emoji or a link even behind a backslash.
DIRECTIVES = re.compile(r"(?<=[:@])(?=\S)|(?<=www)(?=\.)", re.IGNORECASE)
WORD_JOINER = "\u2060"  # has no width
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


@contextmanager
def page_border(page: str) -> Iterator[None]:
    """Turn what goes wrong on a page into one sentence; the unexpected goes to the log whole."""
    try:
        yield
    except InternflowError as error:
        st.error(escape_markdown(str(error)))
    except Exception:  # per-page border
        error_id = uuid4().hex[:8]
        logger.exception("page_failed", page=page, error_id=error_id)
        st.error(f"This page failed; the log has the details (id {error_id}).")


def show_empty(title: str, advice: str) -> None:
    """What a page shows when there is nothing to show: why, and what to do."""
    st.html(
        f'<div class="if-empty"><p class="if-empty-title">{html.escape(title)}</p>'
        f"<p>{html.escape(advice)}</p></div>"
    )


def escape_html(text: str) -> str:
    """Text for an HTML element or a quoted attribute."""
    return html.escape(reveal(text))


def escape_markdown(text: str) -> str:
    """Text for a label that Streamlit reads as Markdown: no links, images, colours or formulas."""
    one_line = " ".join(reveal(text).split())
    return PUNCTUATION.sub(r"\\\1", DIRECTIVES.sub(WORD_JOINER, one_line))


def render_chips(words: Sequence[str], tone: str = "plain") -> str:
    """Small labels in a row; each tone has a class in styles.css."""
    chips = "".join(f'<span class="if-chip if-{tone}">{escape_html(word)}</span>' for word in words)
    return f'<span class="if-chips">{chips}</span>' if chips else ""


def render_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of text that scrolls sideways on a narrow screen."""
    head = "".join(f"<th>{escape_html(header)}</th>" for header in headers)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape_html(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return (
        f'<div class="if-scroll"><table class="if-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def render_terms(terms: Sequence[tuple[str, str]]) -> str:
    """Names and values below each other."""
    pairs = "".join(f"<dt>{escape_html(n)}</dt><dd>{escape_html(v)}</dd>" for n, v in terms)
    return f'<dl class="if-terms">{pairs}</dl>'
