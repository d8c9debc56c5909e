import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.widgets import escape_html, escape_markdown, render_table
from internflow.listings.safety import find_web_url, reveal, sanitise_description


@given(st.text())
def test_escape_html_leaves_no_markup_and_loses_no_text(text: str) -> None:
    escaped = escape_html(text)
    assert not set(escaped) & set("<>\"'")
    assert unescape(escaped) == unescape(escape_html(unescape(escaped)))


@given(st.text())
def test_escape_markdown_escapes_every_mark(text: str) -> None:
    escaped = escape_markdown(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]()<>*_`:$#!|~]", escaped)
    assert "\n" not in escaped


@pytest.mark.parametrize(
    "text",
    [":material/home:", ":red[x]", "https://evil.example", "www.evil.example", "a@b.example"],
)
def test_escape_markdown_breaks_what_works_behind_a_backslash(text: str) -> None:
    plain = escape_markdown(text).replace("\\", "")
    assert text not in plain
    assert plain.replace("\u2060", "") == text


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<p style='position:fixed'>x</p>",
        "<svg onload=alert(1)>", "<iframe src='https://x'></iframe>", "<a href='javascript:alert(1)'>x</a>",
        "<a href='data:text/html,x'>x</a>", "<form action='https://x'><input></form>",
        "<math><mtext><style><img src=x onerror=alert(1)>", "<p class='if-finding' id='root'>x</p>",
        "<a href='https://x@evil.example'>x</a>", "<style>*{display:none}</style>",
    ],
)  # fmt: skip
def test_sanitise_description_keeps_nothing_that_acts(html: str) -> None:
    clean = sanitise_description(html)
    assert not re.search(
        r"<(script|img|svg|iframe|form|input|style|math)|\s(on\w+|style|class|id|href)=", clean
    )


def test_sanitise_description_keeps_structure_and_web_links() -> None:
    clean = sanitise_description('<ul><li><b>x</b> <a href="https://x.example/y">y</a></li></ul>')
    assert clean == (
        '<ul><li><b>x</b> <a href="https://x.example/y" target="_blank"'
        ' rel="noopener noreferrer nofollow">y</a></li></ul>'
    )


@given(st.text())
def test_sanitise_description_twice_is_once(text: str) -> None:
    once = sanitise_description(text)
    assert sanitise_description(once) == once


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "data:text/html,x", "//evil.example", "/reviews", "ftp://x.example", "https://",
        "https://user@evil.example", "https://x.example/\n", "https:\\\\evil.example", "http://[", "", " https://x",
    ],
)  # fmt: skip
def test_find_web_url_refuses(url: str) -> None:
    assert find_web_url(url) is None


@pytest.mark.parametrize(
    "url", ["https://x.example/a?b=c#d", "http://127.0.0.1:9/x", "https://ü.example"]
)
def test_find_web_url_keeps(url: str) -> None:
    assert find_web_url(url) == url


def test_reveal_spells_out_what_deceives() -> None:
    assert reveal("a\u202eb\x1b[31m\tc\n") == "a<U+202E>b<U+001B>[31m\tc\n"


def test_render_table_escapes_cells() -> None:
    assert "<td>&lt;b&gt;=1+1</td>" in render_table(["x"], [["<b>=1+1"]])
