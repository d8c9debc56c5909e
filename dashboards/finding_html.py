"""One finding as HTML: what is wrong, why it matters, what to do, and the code that it speaks of.

Pure; all text of the repository is untrusted.
"""

from typing import Any

from dashboards.finding_queries import Finding
from dashboards.passage_html import render_code
from dashboards.widgets import escape_html, render_chips
from dashboards.wording import STATE_WORDS, VERDICT_WORDS
from internflow.listings.safety import find_web_url
from internflow.reviews.catalog import RULES
from internflow.reviews.repository.rules import note_when_fixed

STATE_TONES = {"new": "new", "regressed": "high", "fixed": "good", "dismissed": "missing"}


def render_head(finding: Finding) -> str:
    """Severity, state where it is not simply open, what is wrong, and the rule with its link."""
    rule = escape_html(finding.rule)
    url = find_web_url(finding.rule_url) if finding.rule_url else None
    if url:
        rule = f'<a href="{escape_html(url)}" target="_blank" rel="noopener">{rule}</a>'
    tone = STATE_TONES.get(finding.state)
    state = render_chips([STATE_WORDS[finding.state]], tone) if tone else ""
    verdict = render_chips([VERDICT_WORDS[finding.verdict]]) if finding.verdict else ""
    return (
        f'<div class="if-row">{render_chips([finding.severity], finding.severity)}{state}{verdict}'
        f'<span class="if-message">{escape_html(finding.message)}</span>'
        f'<span class="if-rule">{rule}</span></div>'
    )


def name_place(finding: Finding) -> str:
    """The file and the line at the commit; a large file has no line to show."""
    return f"{finding.path}:{finding.start_line}" if finding.start_line else finding.path


def render_advice(finding: Finding) -> str:
    """Why it matters and what to do, one sentence each; nothing for a rule that is no more."""
    rule = RULES.get(finding.rule)
    if rule is None:
        return ""
    left = note_when_fixed(finding.rule) if finding.state == "fixed" else None
    told = f"It is {left}." if left else rule.advice
    return (
        f'<p class="if-advice">{escape_html(rule.why)}</p>'
        f'<p class="if-advice"><b>What to do:</b> {escape_html(told)}</p>'
    )


def render_quote(finding: Finding) -> str:
    """The quoted lines, numbered as at the commit, and beside them each other place that the finding speaks of."""
    if not finding.start_line:
        return f'<p class="if-place">{escape_html(name_place(finding))}</p>'
    own = _render_side(name_place(finding), "", finding.quote, finding.start_line)
    if not finding.related:
        return own
    others = "".join(_render_related(place) for place in finding.related)
    return f'<div class="if-sides">{own}<div class="if-stack">{others}</div></div>'


def render_in_diff(finding: Finding, *, with_quote: bool) -> str:
    """A finding below its line of a diff; with its quote where the diff does not show the line."""
    shown = render_quote(finding) if with_quote else ""
    if not with_quote and finding.related:
        shown = "".join(_render_related(place) for place in finding.related)
    return (
        f'<div class="if-finding if-border-{finding.severity}">{render_head(finding)}'
        f"{render_advice(finding)}{shown}</div>"
    )


def _render_related(place: dict[str, Any]) -> str:
    where = f"{place['path']}:{place['start_line']}"
    return _render_side(where, str(place["note"]), str(place["quote"]), int(place["start_line"]))


def _render_side(where: str, note: str, quote: str, start_line: int) -> str:
    told = f" · {escape_html(note)}" if note else ""
    return (
        f'<div class="if-side"><p class="if-place">{escape_html(where)}{told}</p>'
        f"{render_code(quote, start_line)}</div>"
    )
