from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from internflow.reviews.reports.markdown import code_block, code_span, escape_text, render_markdown
from internflow.reviews.reports.report import DISMISSED, ReportedCommit
from internflow.reviews.reports.text import render_text
from internflow.reviews.reports.visible import show_controls, show_line
from internflow.reviews.rule import RelatedPlace
from tests.reviews.reported import FINDING, RULES, report_of, reported

HOSTILE = [
    "<script>alert(1)</script>",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "`` ` ``` ~~~",
    "# title\n\n- [ ] a list\n\n> quote\n\n---\n\n| a |\n|---|\n",
    "</summary><img src=x onerror=alert(1)>",
    "&lt;b&gt; &#64;everyone",
    "\\",
    "**bold** _it_ ~~gone~~",
    "[ref]: https://evil.example",
    "1. a list",
    "- a list",
    "title\n===",
    "a | b\n--|--\n1 | 2",
    "$x$ ^up^ <https://evil.example> www.evil.example",
]
COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def parse(markdown: str) -> list[Token]:
    """All tokens, those inside of lines as well."""
    found = []
    for token in COMMONMARK.parse(markdown):
        found += [token, *(token.children or [])]
    return found


def shown(markdown: str) -> str:
    """What a reader sees of a line of Markdown."""
    (inline,) = [t for t in COMMONMARK.parse(markdown) if t.type == "inline"]
    return "".join(t.content for t in inline.children or [])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_markdown(text: str) -> None:
    place = RelatedPlace(text, 1, 1, text, text)
    finding = replace(FINDING, message=text, path=text, quote=text, rule_url=None)
    commit = ReportedCommit("c" * 40, text, "failed", text)
    report = report_of(
        reported(finding, path=text, quote=text, related=(place,)), name=text, commits=(commit,)
    )
    tame = replace(finding, message="m")
    plain = report_of(
        reported(tame, related=(RelatedPlace("p", 1, 1, "q", "n"),)),
        commits=(replace(commit, reason="r"),),
    )
    rules = {"B006": replace(RULES["B006"], url=None)}
    tokens, expected = parse(render_markdown(report, rules)), parse(render_markdown(plain, rules))
    assert {t.type for t in tokens} <= {t.type for t in expected}
    assert "link_open" not in {t.type for t in tokens}
    assert [t.content for t in tokens if t.type == "fence"] == [f"{show_controls(text)}\n"] * 2


@given(st.text(min_size=1) | st.text("-+=1.)*_[]()!<>&#@:|`~$^\\ ab\nw", min_size=1))
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    seen = " ".join(show_controls(text).split())
    if seen:
        assert shown(escape_text(text)).replace("\u2060", "") == seen.replace("\u2060", "")


@given(st.text(alphabet="`ab \n\t\\", min_size=1))
def test_code_stays_within_its_fences(text: str) -> None:
    (fence,) = COMMONMARK.parse(code_block(text, None))
    assert (fence.type, fence.content) == ("fence", f"{show_controls(text)}\n")
    line = show_line(text)
    (span,) = [t for t in parse(code_span(text)) if t.type == "code_inline"]
    assert span.content.strip() == line.strip()


def test_nobody_is_mentioned_and_no_issue_is_linked() -> None:
    escaped = escape_text("thanks @octocat, fixes #12 and GH-12")
    for sign in ("@o", "#1", "GH-1"):
        assert sign not in escaped


def test_markdown_has_why_advice_place_and_related_code() -> None:
    place = RelatedPlace("other.py", 7, 7, "add(1)", "a caller")
    text = render_markdown(report_of(reported(related=(place,)), base_sha="a" * 40), RULES)
    assert "`aaaaaaaa..bbbbbbbb`, 1 commit: 1 reviewed. 1 finding stands: 1 medium." in text
    assert "## Medium: `app.py`, lines 3-4" in text
    assert f"```python\n{FINDING.quote}\n```" in text
    assert "The default is made once. Make it in the function." in text
    assert "`other.py:7`: a caller" in text
    assert f"(<{FINDING.rule_url}>)" in text


def test_markdown_with_a_limit_shows_the_most_severe_and_counts_the_rest() -> None:
    many: list[Any] = [
        reported(replace(FINDING, fingerprint=f"{n:064}", severity="low"), start_line=n + 1)
        for n in range(50)
    ]
    severe = reported(replace(FINDING, severity="high", path="worst.py"), path="worst.py")
    failed = tuple(ReportedCommit(f"{n:040}", "Break", "failed", "why " * 20) for n in range(30))
    report = report_of(*many, severe, commits=failed)
    text = render_markdown(report, RULES, most_characters=4000)
    assert len(text) <= 4000
    assert "20 more could not be reviewed." in text
    assert text.index("worst.py") < text.index("app.py")
    assert f"{51 - text.count('## ')} more are not shown here." in text


def test_a_dismissed_finding_is_counted_and_not_shown() -> None:
    report = report_of(reported(), reported(state=DISMISSED, path="other.py"))
    for text in (render_markdown(report, RULES), render_text(report, RULES).plain):
        assert "other.py" not in text
        assert "1 finding stands: 1 medium. 1 more was dismissed." in text


def test_text_numbers_the_lines_of_the_quote_and_shortens_a_long_one() -> None:
    quote = "\n".join(f"x{n} = {n}" for n in range(20))
    text = render_text(report_of(reported(quote=quote)), RULES).plain
    assert "app.py:3  medium  B006" in text
    assert "\n   14  x11 = 11\n       ... 8 more lines\n" in text
    assert "The default is made once. Make it in the function." in text


@pytest.mark.parametrize(
    "text", ["\x1b[2J\x1b]0;owned\x07", "a\rb", "\x9b31m", "\u202eevil", "\x00"]
)
def test_no_control_reaches_the_terminal(text: str) -> None:
    place = RelatedPlace(text, 1, 1, text, text)
    finding = replace(FINDING, message=text)
    report = report_of(
        reported(finding, path=text, quote=text, related=(place,)),
        name=text,
        commits=(ReportedCommit("c" * 40, text, "failed", text),),
    )
    for rendered in (render_text(report, RULES).plain, render_markdown(report, RULES)):
        assert {c for c in rendered if not c.isprintable()} <= {"\n", "\u2060"}


def test_text_of_other_scripts_stays_readable() -> None:
    for text in ("प्रश्‍न", "👩‍💻 ok", "naïve café", "a\u00a0b"):
        assert show_line(text) == text


def test_silence_is_not_praise() -> None:
    failed = ReportedCommit("c" * 40, "Break", "failed", "ruff took more than 60 s")
    report = report_of(commits=(failed,))
    for text in (render_markdown(report, RULES), render_text(report, RULES).plain):
        assert "could not be reviewed: ruff took more than 60 s" in text
        assert "1 commit: 1 failed. No finding stands." in text


def test_a_finding_about_a_whole_file_shows_no_line() -> None:
    large = replace(FINDING, path="model.bin", start_line=0, end_line=0, quote="")
    report = report_of(reported(large, end_line=None, quote=None))
    assert "`model.bin`, the whole file" in render_markdown(report, RULES)
    assert "```" not in render_markdown(report, RULES)
    assert render_text(report, RULES).plain.startswith("model.bin  medium")
