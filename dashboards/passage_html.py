"""Answers as HTML: cited sentences, and passages of code with their line numbers. Pure; all text is untrusted."""

import re

from dashboards.widgets import escape_html, render_chips
from internflow.generation.cited_answer import CitedSentence
from internflow.retrieval.neighbours import Neighbours, Place
from internflow.retrieval.search import Passage
from internflow.services.asking import describe_passage, describe_place, mark_citations

MOST_LINES = 80
LONGEST_LINE = 600
COLUMNS = '<colgroup><col class="if-number"><col></colgroup>'
QUOTED = re.compile(r"`([^`]+)`")
LINE_ENDS = re.compile(r"\r\n|\r|\n")


def render_written(sentences: tuple[CitedSentence, ...]) -> str:
    """One paragraph; each sentence is followed by the numbers of the passages that it rests on."""
    said = " ".join(
        f'{_mark_code(sentence.text)} <span class="if-mark">{mark_citations(sentence)}</span>'
        for sentence in sentences
    )
    return f'<div class="if-written"><p>{said}</p></div>'


def render_passage(number: int, passage: Passage, commit_sha: str) -> str:
    """Place, symbol, kind and commit, then the code."""
    symbol = (
        f'<span class="if-message"><b>{escape_html(passage.symbol)}</b></span>'
        if passage.symbol
        else ""
    )
    place = f"{escape_html(describe_passage(passage))} · {escape_html(commit_sha[:8])}"
    return (
        f'<div class="if-stack"><div class="if-row"><span class="if-mark">[{number}]</span>'
        f"{symbol}{render_chips([passage.kind, passage.language])}</div>"
        f'<p class="if-place">{place}</p>{render_code(passage.text, passage.start_line)}</div>'
    )


def render_neighbours(around: Neighbours) -> str:
    """Where the passage's symbol is used and what it uses, as places below the code."""
    rows = _render_places("Used by", around.used_by) + _render_places("Uses", around.uses)
    return f'<dl class="if-neighbours">{rows}</dl>' if rows else ""


def render_code(text: str, start_line: int) -> str:
    """Lines of a file, numbered as in the file."""
    lines = LINE_ENDS.split(text)
    rows = "".join(
        f'<tr><td class="if-number">{line_number}</td><td class="if-code">{_cut(line)}</td></tr>'
        for line_number, line in enumerate(lines[:MOST_LINES], start=start_line)
    )
    rest = len(lines) - MOST_LINES
    if rest > 0:
        words = f"{rest:,} more line{'' if rest == 1 else 's'} not shown"
        rows += f'<tr class="if-hunk"><td colspan="2">{words}</td></tr>'
    return f'<div class="if-diff if-passage"><table>{COLUMNS}<tbody>{rows}</tbody></table></div>'


def _mark_code(text: str) -> str:
    """Names in backticks stand as code; the backticks are no part of them."""
    return QUOTED.sub(r"<code>\1</code>", escape_html(text))


def _render_places(heading: str, places: tuple[Place, ...]) -> str:
    if not places:
        return ""
    told = "".join(
        f"<dd>{escape_html(describe_place(place))}"
        f"{f' <b>{escape_html(place.symbol)}</b>' if place.symbol else ''}</dd>"
        for place in places
    )
    return f"<div><dt>{heading}</dt>{told}</div>"


def _cut(text: str) -> str:
    rest = len(text) - LONGEST_LINE
    if rest <= 0:
        return escape_html(text)
    return f"{escape_html(text[:LONGEST_LINE])}<i> ... {rest:,} more characters</i>"
