from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from dashboards.diff_html import MOST_LINES, render_file_diff
from dashboards.finding_queries import Finding
from internflow.repos.diffs import DiffLine, FileDiff, Hunk

FINDING = Finding(
    "f", "c", "a.py", 2, 2, "line 2", "S307", "high", "<b>Bad</b>", "javascript:x", "open", None
)


def build_diff(count: int) -> FileDiff:
    """A new file whose lines say their numbers."""
    lines = tuple(DiffLine("+", None, number, f"line {number}") for number in range(1, count + 1))
    return FileDiff("a.py", None, "added", False, (Hunk(f"@@ -0,0 +1,{count} @@", lines),))


def test_finding_stands_right_below_its_line() -> None:
    html = render_file_diff(build_diff(3), [FINDING])
    assert html.index(">line 2<") < html.index("Bad") < html.index(">line 3<")


def test_finding_of_several_lines_stands_below_the_last_of_them() -> None:
    html = render_file_diff(build_diff(4), [replace(FINDING, end_line=3)])
    assert html.index(">line 3<") < html.index("Bad") < html.index(">line 4<")


def test_finding_outside_the_diff_comes_first_with_its_quote() -> None:
    html = render_file_diff(build_diff(3), [replace(FINDING, start_line=9, end_line=9)])
    assert html.index("a.py:9") < html.index(">line 2<") < html.index("if-added")


def test_long_diff_is_capped_but_the_line_of_a_finding_stays() -> None:
    far = MOST_LINES + 200
    html = render_file_diff(build_diff(far + 100), [replace(FINDING, start_line=far, end_line=far)])
    assert f">line {MOST_LINES + 50}<" not in html
    assert html.index(f">line {far}<") < html.index("Bad") < html.index(f">line {far + 3}<")
    assert f">line {far + 4}<" not in html
    assert html.count("not shown") == 2


def test_binary_file_still_shows_its_findings() -> None:
    binary = FileDiff("a.bin", None, "modified", True, ())
    assert "Bad" in render_file_diff(binary, [FINDING])


def test_cut_off_diff_says_so() -> None:
    assert "too long to show" in render_file_diff(replace(build_diff(3), is_truncated=True), [])


def test_text_of_findings_is_escaped_and_their_links_are_vetted() -> None:
    html = render_file_diff(build_diff(3), [FINDING])
    assert "&lt;b&gt;Bad&lt;/b&gt;" in html
    assert "javascript:" not in html


@given(st.lists(st.text(alphabet="<>&\"'/b \x1b\u202e"), min_size=1, max_size=5))
def test_code_never_becomes_markup(texts: list[str]) -> None:
    lines = tuple(DiffLine("+", None, i, text) for i, text in enumerate(texts, start=1))
    html = render_file_diff(FileDiff("a", None, "added", False, (Hunk("@@", lines),)), [])
    plain = FileDiff(
        "a", None, "added", False, (Hunk("@@", tuple(replace(x, text="") for x in lines)),)
    )
    assert html.count("<") == render_file_diff(plain, []).count("<")
