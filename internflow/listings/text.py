"""Untrusted text of listings made safe to store and to show. Pure; every cleaning here is idempotent."""

import html
import math
import re
import unicodedata
from html.parser import HTMLParser
from typing import Any

import nh3

TAGS = frozenset(
    {
        "a",
        "b",
        "blockquote",
        "br",
        "code",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "li",
        "ol",
        "p",
    }
    | {"pre", "strong", "sub", "sup", "u", "ul"}
)
# The content of these goes with them; nobody reads it.
DROPPED_WITH_CONTENT = frozenset({"script", "style", "iframe", "object", "svg", "math", "template"})
MOST_ROUNDS = 10  # markup that still changes after so many is shown as text

_tag = re.compile(r"<[a-zA-Z/!?]")
_escaped_tag = re.compile(
    r"&lt;/?(?:a|article|b|blockquote|body|br|center|div|em|font|form|h[1-6]|html|i|iframe|img|li|ol|p"
    r"|script|section|span|strong|style|svg|table|tbody|td|th|tr|u|ul)\b",
    re.IGNORECASE,
)
_entity_name = (
    r"(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos|nbsp|ndash|mdash|hellip|bull|middot"
    r"|[lr][sd]quo|copy|reg|trade|euro|pound|yen|times|rarr|deg|[aeiouAEIOU](?:acute|grave|uml|circ)"
    r"|[anoANO]tilde|[cC]cedil|szlig)"
)
_escaped_entity = re.compile(rf"&(?:amp;)+(?={_entity_name};)")
_entity = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31}\d{0,2});")
# Controls, and marks that turn the reading direction of what follows.
_unwanted = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_BLOCKS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "blockquote", "hr"}
)


def clean_json(value: Any) -> Any:
    """A copy of decoded JSON that Postgres can store: without NUL, lone surrogates and infinite numbers."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {clean_json(key): clean_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean_json(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def clean_line(text: str) -> str:
    """One line of text: entities resolved, no control characters, single spaces."""
    cleaned = _unwanted.sub(" ", clean_json(text))
    while (resolved := _entity.sub(lambda m: html.unescape(m.group()), cleaned)) != cleaned:
        cleaned = _unwanted.sub(" ", resolved)
    return " ".join(unicodedata.normalize("NFC", cleaned).split())


def sanitise_html(markup: str) -> str:
    """HTML with nothing in it but text and a few harmless tags, however often it was escaped before.

    Markup that shows as text because a platform escaped it once too often becomes markup first, so that it is
    cleaned as such.
    """
    cleaned = _unwanted.sub("", clean_json(markup))
    for _round in range(MOST_ROUNDS):
        again = _clean(_repair(cleaned)).strip()
        if again == cleaned:
            return cleaned
        cleaned = again
    return html.escape(cleaned, quote=False)


def html_to_text(markup: str) -> str:
    """The words of sanitised HTML: blocks on lines of their own, list items behind a hyphen."""
    writer = _TextWriter()
    writer.feed(markup)
    writer.close()
    lines = [" ".join(line.split()) for line in "".join(writer.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def text_to_html(text: str) -> str:
    """Plain text as HTML: blank lines part paragraphs."""
    paragraphs = [html.escape(p.strip(), quote=False) for p in re.split(r"\n\s*\n", text)]
    return "".join(f"<p>{p}</p>" for p in paragraphs if p).replace("\n", "<br>")


def _repair(markup: str) -> str:
    repaired = _escaped_entity.sub("&", markup)
    if not _tag.search(repaired) and _escaped_tag.search(repaired):
        return html.unescape(repaired)
    return repaired


def _clean(markup: str) -> str:
    cleaned = nh3.clean(
        markup,
        tags=set(TAGS),
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return _unwanted.sub("", cleaned)  # an entity may have stood for one


class _TextWriter(HTMLParser):
    """Collects the text of HTML that nh3 has made well-formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "li":
            self.parts.append("\n- ")
        elif tag == "br":
            self.parts.append("\n")
        elif tag in _BLOCKS:
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        # A line break in the source is a space on the page.
        self.parts.append(data.replace("\n", " "))
