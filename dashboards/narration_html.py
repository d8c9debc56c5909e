"""The short review of a commit as HTML: names of code are set apart, the one link leads to a rule's page."""

import re

from dashboards.queries import Narration
from dashboards.widgets import escape_html
from internflow.listings.safety import find_web_url

CODE = re.compile(r"`([^`]+)`")


def render_narration(narration: Narration) -> str:
    """One paragraph, and a note where a model wrote it."""
    text = CODE.sub(r"<code>\1</code>", escape_html(narration.text))
    note = ""
    if narration.written_by == "model":
        note = (
            '<p class="if-note">Reworded by a language model; names and numbers were checked.</p>'
        )
    return (
        f'<div class="if-stack"><p class="if-message">{text}{_render_link(narration.lesson_url)}</p>'
        f"{note}</div>"
    )


def _render_link(lesson_url: str | None) -> str:
    url = find_web_url(lesson_url) if lesson_url else None
    if url is None:
        return ""
    return f' <a href="{escape_html(url)}" target="_blank" rel="noopener noreferrer">Learn more</a>'
