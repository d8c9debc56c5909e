from dataclasses import replace

from dashboards.finding_html import render_advice, render_quote
from dashboards.finding_queries import Finding

KEY = Finding(
    "f", "c", "a.py", 2, 2, "KEY = '<b>'", "secret-cloud-key", "high", "a key", None, "open", None
)
MODEL = replace(KEY, path="<i>.bin", start_line=0, end_line=0, quote="", rule="repo-large-file")


def test_a_secret_that_left_head_is_still_told_to_be_in_the_history() -> None:
    assert "still in the history" not in render_advice(KEY)
    assert "still in the history: replace this secret" in render_advice(replace(KEY, state="fixed"))
    assert "still in the history: every clone" in render_advice(replace(MODEL, state="fixed"))


def test_a_finding_without_a_line_shows_its_file() -> None:
    assert render_quote(MODEL) == '<p class="if-place">&lt;i&gt;.bin</p>'
    assert "a.py:2" in render_quote(KEY)
    assert "<b>" not in render_quote(KEY)
