"""Cleaning of untrusted text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.listings.text import (
    clean_json,
    clean_line,
    html_to_text,
    sanitise_html,
    text_to_html,
)

TAGS = [
    "<p>",
    "</p>",
    "<script>",
    "</script>",
    "<b",
    ">",
    "<a href='",
    "'",
    "<table>",
    "<svg>",
    "<!--",
    "-->",
]
ENTITIES = ["&lt;", "&gt;", "&amp;", "amp;", "&amp;amp;lt;", "&#x202e;", "&lt;div&gt;"]
WORDS = ["javascript:", "https://x", "\x00", "text", " "]
PIECES = st.sampled_from([*TAGS, *ENTITIES, *WORDS])
MARKUP = st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join))


@given(MARKUP)
def test_sanitising_twice_is_sanitising_once(markup: str) -> None:
    once = sanitise_html(markup)
    assert sanitise_html(once) == once


@given(MARKUP)
def test_sanitised_html_has_no_active_part(markup: str) -> None:
    cleaned = sanitise_html(markup).lower()
    assert "<script" not in cleaned
    assert 'href="javascript' not in cleaned
    assert "\x00" not in cleaned


@given(MARKUP)
def test_a_line_is_cleaned_once_and_for_all(text: str) -> None:
    line = clean_line(text)
    assert clean_line(line) == line
    assert "\n" not in line and "\x1b" not in line and "\u202e" not in line


JSON = st.recursive(
    st.text() | st.floats() | st.none(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(JSON)
def test_cleaned_json_can_be_written_and_stays_as_it_is(value: object) -> None:
    cleaned = clean_json(value)
    assert clean_json(cleaned) == cleaned
    assert "\\u0000" not in json.dumps(cleaned, allow_nan=False)


def test_lone_surrogates_become_text_that_utf8_can_hold() -> None:
    assert clean_json(json.loads('{"a": ["\\ud800x"]}')) == {"a": ["?x"]}


@pytest.mark.parametrize(
    ("markup", "cleaned"),
    [
        ("<p>R&amp;amp;D &amp;amp;nbsp;lab</p>", "<p>R&amp;D &nbsp;lab</p>"),
        ("&lt;p&gt;Fish &amp;amp; chips&lt;/p&gt;", "<p>Fish &amp; chips</p>"),
        ("&amp;lt;p&amp;gt;twice&amp;lt;/p&amp;gt;", "<p>twice</p>"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", ""),
        ("a &lt; b &amp; c", "a &lt; b &amp; c"),
        (
            "<p>latency &lt; 5 ms, &lt;p99&gt; in code</p>",
            "<p>latency &lt; 5 ms, &lt;p99&gt; in code</p>",
        ),
        ("<div style='x'><h2 onclick=x>Hi</h2></div>", "<h2>Hi</h2>"),
        ("<a href='javascript:x'>a</a>", '<a rel="noopener noreferrer nofollow">a</a>'),
        ("plain & simple", "plain &amp; simple"),
    ],
)
def test_html_comes_out_clean_however_it_was_escaped(markup: str, cleaned: str) -> None:
    assert sanitise_html(markup) == cleaned


def test_deeply_escaped_text_is_repaired_in_time() -> None:
    assert sanitise_html("<p>&" + "amp;" * 200_000 + "lt;</p>") == "<p>&lt;</p>"


def test_text_keeps_blocks_and_lists_apart() -> None:
    markup = "<h3>You will</h3><ul><li>write <b>SQL</b></li><li>test\nit</li></ul><p>One<br>two &amp; three</p>"
    assert html_to_text(markup) == "You will\n\n- write SQL\n- test it\n\nOne\ntwo & three"


def test_plain_text_becomes_paragraphs_without_markup_of_its_own() -> None:
    assert (
        text_to_html("One <b>\n\n  Two\nlines\n\n\n") == "<p>One &lt;b&gt;</p><p>Two<br>lines</p>"
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  AT&amp;T \n Intern ", "AT&T Intern"),
        ("R&amp;amp;D", "R&D"),
        ("R&D < Q&A", "R&D < Q&A"),
        ("red \x1b[31malert\u202e", "red [31malert"),
        ("=1+1", "=1+1"),
    ],
)
def test_titles_become_one_clean_line(text: str, line: str) -> None:
    assert clean_line(text) == line


@pytest.mark.parametrize(
    ("broken", "repaired"),
    [
        (
            "We\u00e2\u20ac\u2122re hiring \u00e2\u20ac\u201c M\u00c3\u00bcnchen",
            "We\u2019re hiring \u2013 M\u00fcnchen",
        ),
        ("S\u00c3\u00a3o Paulo", "S\u00e3o Paulo"),
        ("\u201cfine\u201d \u2013 \ufb01le, na\u00efve, 100 \u00c5",) * 2,
        ("ÀÉÎÕÜ straße", "ÀÉÎÕÜ straße"),
    ],
)
def test_text_read_in_the_wrong_encoding_is_repaired_and_right_text_stays(
    broken: str, repaired: str
) -> None:
    assert clean_line(broken) == repaired
    assert html_to_text(sanitise_html(f"<p>{broken}</p>")) == repaired


@given(
    st.lists(
        st.sampled_from(["â€™", "Ã", "©", "Â", "\u00a0", "€", "&acirc;", "&#128;", "a", "é"]),
        max_size=12,
    )
)
def test_repairing_the_encoding_twice_is_repairing_it_once(pieces: list[str]) -> None:
    line = clean_line("".join(pieces))
    assert clean_line(line) == line
    markup = sanitise_html("".join(pieces))
    assert sanitise_html(markup) == markup


def test_a_line_escaped_without_end_is_cleaned_in_time() -> None:
    assert clean_line("&" + "amp;" * 200_000 + "lt;") == "<"
    assert "&" not in clean_line("&" + "#x000026;" * 50_000)


def test_text_of_markup_keeps_entities_and_addresses_out_of_the_way() -> None:
    markup = sanitise_html(
        '<p>a\u2003b&nbsp; c</p>\n\n\n<p>x<a href="https://x.example/?a=1&b=>2">link</a> 3 &lt; 5 &amp;amp; more</p>'
    )
    assert html_to_text(markup) == "a b c\n\nxlink 3 < 5 & more"
