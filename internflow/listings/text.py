"""Untrusted text of listings made safe to store and to show. Pure; every cleaning here is idempotent."""

import html
import math
import re
import unicodedata
from typing import Any

import nh3
from ftfy import TextFixerConfig, fix_encoding

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
_nested_ampersand = re.compile(r"&(?:amp;|#38;|#x26;)+", re.IGNORECASE)
# Controls, and marks that turn the reading direction of what follows.
_unwanted = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_list_item = re.compile(r"<li\b[^>]*>")
_line_break = re.compile(r"<br\b[^>]*>")
_block = re.compile(r"</?(?:p|h[1-6]|ul|ol|pre|blockquote|hr)\b[^>]*>")
# Quoted first: a link's address may hold ">".
_any_tag = re.compile(r"""</?[a-z](?:"[^"]*"|[^">])*>""")
_odd_space = re.compile(r"[\t\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
# UTF-8 read as Latin-1 or Windows-1252: a lead byte's letter before a continuation byte's sign.
_mojibake = re.compile(
    r"[\u00c2-\u00f4][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152"
    r"\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]"
)
_ENCODING_ONLY = TextFixerConfig(unescape_html=False, explain=False)
_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(DROPPED_WITH_CONTENT),
    attributes={"a": {"href"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer nofollow",
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


def repair_encoding(text: str) -> str:
    """Text with UTF-8 that was once read as another encoding ("â€™") put right; other text as it is."""
    return fix_encoding(text, _ENCODING_ONLY) if _mojibake.search(text) else text


def clean_line(text: str) -> str:
    """One line of text: entities resolved, encoding repaired, no control characters, single spaces."""
    cleaned: str = clean_json(text)
    for _round in range(MOST_ROUNDS):
        again = _clean_line_once(cleaned)
        if again == cleaned:
            return cleaned
        cleaned = again
    return _clean_line_once(cleaned.replace("&", " "))


def _clean_line_once(text: str) -> str:
    if "&" in text:
        unnested = _nested_ampersand.sub("&", text)
        text = _entity.sub(lambda m: html.unescape(m.group()), unnested)
    line = " ".join(_unwanted.sub(" ", repair_encoding(text)).split())
    return unicodedata.normalize("NFC", line)


def sanitise_html(markup: str) -> str:
    """HTML with nothing in it but text and a few harmless tags, however often it was escaped before.

    Markup that shows as text because a platform escaped it once too often becomes markup first, so that it is
    cleaned as such.
    """
    cleaned = _unwanted.sub("", repair_encoding(clean_json(markup)))
    for _round in range(MOST_ROUNDS):
        again = _clean(_repair(cleaned)).strip()
        if again == cleaned:
            return cleaned
        cleaned = again
    return html.escape(cleaned, quote=False)


def html_to_text(markup: str) -> str:
    """The words of sanitised HTML: blocks on lines of their own, list items behind a hyphen."""
    text = markup.replace("\n", " ")  # a line break in the source is a space on the page
    text = _list_item.sub("\n- ", text)
    text = _line_break.sub("\n", text)
    text = _any_tag.sub("", _block.sub("\n\n", text))
    text = _odd_space.sub(" ", text.replace("&nbsp;", " "))
    for written, meant in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):  # nh3 writes no others
        text = text.replace(written, meant)
    # Replacing in rounds is many times faster here than a regex.
    for wide, narrow in (("  ", " "), (" \n", "\n"), ("\n ", "\n"), ("\n\n\n", "\n\n")):
        while wide in text:
            text = text.replace(wide, narrow)
    return text.strip()


def text_to_html(text: str) -> str:
    """Plain text as HTML: blank lines part paragraphs."""
    paragraphs = [html.escape(p.strip(), quote=False) for p in re.split(r"\n\s*\n", text)]
    return "".join(f"<p>{p}</p>" for p in paragraphs if p).replace("\n", "<br>")


def _repair(markup: str) -> str:
    repaired = repair_encoding(markup)
    if "&" in repaired:
        repaired = _escaped_entity.sub("&", repaired)
        if not _tag.search(repaired) and _escaped_tag.search(repaired):
            return _unescape(repaired)
    return repaired


def _unescape(markup: str) -> str:
    """One level of escaping taken off; the usual entities fast."""
    for written, meant in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'")):
        markup = markup.replace(written, meant)
    markup = _entity.sub(
        lambda m: m.group() if m.group() == "&amp;" else html.unescape(m.group()), markup
    )
    return markup.replace("&amp;", "&")


def _clean(markup: str) -> str:
    cleaned: str = _cleaner.clean(markup)
    return _unwanted.sub("", cleaned)  # an entity may have stood for one
