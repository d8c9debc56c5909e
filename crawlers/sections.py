"""Descriptions that come in parts, made one. Pure."""

from collections.abc import Iterable
from html import escape

from crawlers.job_posting import write_html
from internflow.listings.text import clean_line, html_to_text, sanitise_html


def write_sections(sections: Iterable[tuple[str, str]]) -> str:
    """Safe HTML of parts with their headings, in order; a part without words goes with its heading."""
    parts: list[str] = []
    for heading, text in sections:
        body = write_html(text)
        if html_to_text(body):
            title = escape(clean_line(heading), quote=False)
            parts.append(f"<h3>{title}</h3>{body}" if title else body)
    return sanitise_html("".join(dict.fromkeys(parts)))
