"""A file's diff as HTML: line numbers, colours, and each finding right below its line. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.finding_html import render_in_diff
from dashboards.finding_queries import Finding
from dashboards.widgets import escape_html
from internflow.repos.diffs import DiffLine, FileDiff

MOST_LINES = 400
AROUND_FINDING = 3  # lines that stay visible beyond MOST_LINES
LONGEST_LINE = 600
CUT_OFF = "The rest of this file's diff is too long to show."

COLUMNS = (
    '<colgroup><col class="if-number"><col class="if-number"><col class="if-sign"><col></colgroup>'
)
LINE_CLASSES = {"+": "if-added", "-": "if-removed", " ": "if-context"}


@dataclass(frozen=True)
class _Row:
    """A line of the diff, or a hunk's header in `text`, and the findings that stand below it."""

    text: str
    line: DiffLine | None = None
    findings: tuple[Finding, ...] = ()


def render_file_diff(diff: FileDiff, findings: Sequence[Finding]) -> str:
    """The diff of one file; findings on lines that it does not contain come first, quoted."""
    if diff.is_binary:
        return '<p class="if-note">Binary file: nothing to show line by line.</p>' + "".join(
            render_in_diff(finding, with_quote=True) for finding in findings
        )
    rows = _place_findings(diff, findings)
    placed = {finding.fingerprint for row in rows for finding in row.findings}
    outside = [finding for finding in findings if finding.fingerprint not in placed]
    above = "".join(render_in_diff(finding, with_quote=True) for finding in outside)
    body = "".join(_render_rows(rows)) + (_render_note(CUT_OFF) if diff.is_truncated else "")
    return f'{above}<div class="if-diff"><table>{COLUMNS}<tbody>{body}</tbody></table></div>'


def _place_findings(diff: FileDiff, findings: Sequence[Finding]) -> list[_Row]:
    """Rows of the file; a finding goes below the last of its lines that the diff contains."""
    lines = [line for hunk in diff.hunks for line in hunk.lines if line.new_line is not None]
    below: dict[int, list[Finding]] = {}
    for finding in findings:
        numbers = [
            line.new_line
            for line in lines
            if line.new_line and finding.start_line <= line.new_line <= finding.end_line
        ]
        if numbers:
            below.setdefault(max(numbers), []).append(finding)
    rows = []
    for hunk in diff.hunks:
        rows.append(_Row(hunk.header))
        for line in hunk.lines:
            found = below.get(line.new_line, []) if line.new_line is not None else []
            rows.append(_Row(line.text, line, tuple(found)))
    return rows


def _render_rows(rows: Sequence[_Row]) -> list[str]:
    shown = set(range(min(MOST_LINES, len(rows))))
    for index, row in enumerate(rows):
        if row.findings:
            shown |= set(range(index - AROUND_FINDING, index + AROUND_FINDING + 1))
    pieces: list[str] = []
    hidden = 0
    for index, row in enumerate(rows):
        if index not in shown:
            hidden += 1
            continue
        pieces += [*_render_gap(hidden), _render_row(row)]
        hidden = 0
    return pieces + _render_gap(hidden)


def _render_gap(hidden: int) -> list[str]:
    if not hidden:
        return []
    words = f"{hidden:,} more line{'' if hidden == 1 else 's'} not shown"
    return [_render_note(words)]


def _render_note(words: str) -> str:
    return f'<tr class="if-hunk"><td colspan="4">{words}</td></tr>'


def _render_row(row: _Row) -> str:
    if row.line is None:
        return _render_note(escape_html(row.text))
    line = row.line
    code = (
        f'<tr class="{LINE_CLASSES[line.kind]}"><td class="if-number">{line.old_line or ""}</td>'
        f'<td class="if-number">{line.new_line or ""}</td><td class="if-sign">{line.kind}</td>'
        f'<td class="if-code">{_cut(line.text)}</td></tr>'
    )
    below = "".join(render_in_diff(finding, with_quote=False) for finding in row.findings)
    return code + (f'<tr><td colspan="4" class="if-below">{below}</td></tr>' if below else "")


def _cut(text: str) -> str:
    rest = len(text) - LONGEST_LINE
    if rest <= 0:
        return escape_html(text)
    return f"{escape_html(text[:LONGEST_LINE])}<i> ... {rest:,} more characters</i>"
