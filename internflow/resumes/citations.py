"""The guard of every bullet: what none of its evidence says is not printed. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from internflow.errors import UncitedStatement
from internflow.resumes.evidence import Evidence

_code = re.compile(r"`([^`]+)`")
_number = re.compile(r"[\d.,:/%+-]+")
_ends = ".,;:!?()[]{}<>\"'`*_"


@dataclass(frozen=True)
class Bullet:
    """A sentence under one project; `content` sets code in backticks."""

    bullet_id: str
    repo_id: str
    rule: str
    content: str
    evidence_ids: tuple[str, ...]


def check_bullet(bullet: Bullet, evidence: Iterable[Evidence]) -> None:
    """Raise UncitedStatement unless the cited evidence exists and says every number and every name.

    A number must be a measured value or stand in a quote; a word with digits, or code in backticks, must
    stand in the quote, the path or the name of something cited.
    """
    known = {e.evidence_id: e for e in evidence}
    cited = [known[i] for i in bullet.evidence_ids if i in known]
    if not cited or len(cited) < len(bullet.evidence_ids):
        raise UncitedStatement(
            f"Bullet {bullet.bullet_id} cites evidence that is not there: gather it again."
        )
    for statement in _find_uncited(bullet.content, cited):
        raise UncitedStatement(
            f"Bullet {bullet.bullet_id} says {statement[:80]!r}, which nothing it cites says:"
            " cite it or drop it."
        )


def _find_uncited(content: str, cited: list[Evidence]) -> Iterator[str]:
    quoted = [text for e in cited if e.quote is not None for text in (e.quote, e.name)]
    numbers = {str(e.measured_value) for e in cited if e.measured_value is not None}
    numbers.update(word for text in quoted for word in _find_words(text))
    texts = [text for e in cited for text in (e.name, e.path, e.quote) if text]
    words = {word for text in texts for word in _find_words(text)}
    for code in _code.findall(content):
        if not any(re.search(rf"(?<!\w){re.escape(code)}(?!\w)", text) for text in texts):
            yield code
    for word in _find_words(_code.sub(" ", content)):
        if word not in (numbers if _number.fullmatch(word) else words):
            yield word


def _find_words(text: str) -> Iterator[str]:
    """Words with anything numeric in them, in any script, without the punctuation around them."""
    for word in text.split():
        if any(c.isnumeric() for c in word):
            yield word.strip(_ends)
