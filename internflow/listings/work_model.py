"""Whether a job is remote, hybrid or on site, with the words that say so. Pure.

What the board states comes first, then the words of the location, of the title, and statements of the description.
There a job that can be done from home altogether is remote; one with days in the office, or at a company that calls its
way of work hybrid, is hybrid. Benefits, teams and technologies that only use these words say nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from internflow.listings.posting import WorkModel
from internflow.listings.statements import find_words, lower_in_place
from internflow.listings.work_rules import REFUSALS, STATEMENTS, Statement

RULES_VERSION = "work-model-1"
BEFORE, BEHIND = 100, 130  # characters around a word that a rule reads

_flags = re.IGNORECASE
_remote_place = re.compile(
    r"\b(?:remote(?:ly)?|work(?:ing)? from (?:home|anywhere)|wfh|telecommute|telework|home[- ]?office|home[- ]based"
    r"|distributed|virtual|t\u00e9l\u00e9travail|teletrabajo|remoto)\b",
    _flags,
)
_hybrid_place = re.compile(r"\bhybrid[eo]?\b", _flags)
_on_site_place = re.compile(
    r"\b(?:on[- ]?site|in[- ]office|in[- ]person|pr\u00e4senz|vor ort|presencial)\b", _flags
)
# In a title these may be the trade ("Remote Sensing Engineer"), so what follows counts.
_remote_title = re.compile(
    r"\bfully[- ]remote\b|\bwork from home\b|\bwfh\b|\bhome[- ]?office\b"
    r"|\bremote\b(?=[^\w]*$|\s*[)\],;/|\u2013-]|\s+(?:in|from|within|role|position|job|internship|opportunity"
    r"|or|eligible|us|usa"
    r"|uk|eu|india|europe|emea|apac|germany|canada|first|friendly|only|ok)\b)|[(\[]\s*remote\b",
    _flags,
)
_hybrid_title = re.compile(
    r"[(\[/|,\u2013-]\s*hybrid\b(?! cloud)|\bhybrid\b(?=[^\w]*$|\s*[)\]/|])", _flags
)
_on_site_title = re.compile(
    r"[(\[/|,\u2013-]\s*(?:on-?site|in[- ]office|in[- ]person)\b(?=[^\w]*$|\s*[)\]/|,-])"
    r"|\b(?:on-?site|in[- ]office|in[- ]person)(?=[^\w]*$)",
    _flags,
)
_TITLE_RULES: tuple[tuple[WorkModel, re.Pattern[str]], ...] = (
    ("hybrid", _hybrid_title),
    ("remote", _remote_title),
    ("on_site", _on_site_title),
)
_PLACE_RULES: tuple[tuple[WorkModel, re.Pattern[str]], ...] = (
    ("hybrid", _hybrid_place),
    ("remote", _remote_place),
    ("on_site", _on_site_place),
)
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "zwei": 2, "drei": 3, "vier": 4}
_count = re.compile(
    r"\b(one|two|three|four|five|zwei|drei|vier|[1-5])(?:\)|(?: ?[-\u2013/] ?| to | or | bis )(?:two|three|four"
    r"|five|[1-5]))?"
    r"\+? ?x?(?: full| flexible| set| \(\d\))? ?$"
)
_days = re.compile(
    r"(?:days?|tagen?)(?:(?:/| a | per | each | every | pro )(?:business |work |calendar )?(?:week|woche)"
    r"| (?:in|on|at|from|of) (?:the |our |an? |your )?[\w-]+|(?:-a|-per)-week| weekly| (?:on-?site|remote"
    r"|in-office|vor ort))"
)
_share = re.compile(r"\b(\d{1,3}) ?$")
_time = re.compile(
    r"% (?:of (?:(?:the|your|their|our) )?(?:work\w* )?(?:time|week)|remote|in[- ](?:the[- ])?office|on-?site"
    r"|home|from home"
    r"|in[- ]person|vor ort)"
)
_office = re.compile(r"\b(?:offices?|on-?site|on site|in[- ]person|hub|studio|hq)\b")
_away = re.compile(r"\b(?:from home|remote(?:ly)?|home[- ]?office)\b")
_not_work = re.compile(
    r"\b(?:vacation|holiday|leave|time off|pto|off\b|abroad|travel|retreat|per year|a year|workation|waiting)"
)
_VERDICTS: tuple[tuple[str, WorkModel], ...] = (
    ("refused", "on_site"),
    ("remote", "remote"),
    ("hybrid", "hybrid"),
    ("on_site", "on_site"),
)


def _index_statements() -> dict[str, list[tuple[str, Statement]]]:
    by_word: defaultdict[str, list[tuple[str, Statement]]] = defaultdict(list)
    for verdict, statement in (
        *(("refused", statement) for statement in REFUSALS),
        *((statement.model, statement) for statement in STATEMENTS),
    ):
        for word in statement.words:
            by_word[word].append((verdict, statement))
    return dict(by_word)


_STATEMENTS_BY_WORD = _index_statements()


@dataclass(frozen=True)
class WorkModelFacts:
    """The work model and the words that decided; no words where the board stated it."""

    work_model: WorkModel | None
    quote: str | None


def find_work_model(
    stated: WorkModel | None, title: str, places: Sequence[str], description: str
) -> WorkModelFacts:
    """The work model of a posting: what the board states, else what its own words tell, else None."""
    if stated:
        return WorkModelFacts(stated, None)
    for texts, rules in ((places, _PLACE_RULES), ((title,), _TITLE_RULES)):
        for model, rule in rules:
            for text in texts:
                if rule.search(text):
                    return WorkModelFacts(
                        model, text.strip() if texts is places else _quote(rule, text)
                    )
    return _read_description(description)


def _quote(rule: re.Pattern[str], text: str) -> str:
    found = rule.search(text)
    return found.group().strip(" ([/|,-\u2013") if found else text


def _read_description(description: str) -> WorkModelFacts:
    lowered = lower_in_place(description)
    found: dict[str, tuple[int, int]] = {}
    for word, statements in _STATEMENTS_BY_WORD.items():
        for position in find_words(lowered, (word,)):
            for verdict, statement in statements:
                span = None if verdict in found else _match(lowered, statement, position, len(word))
                if span:
                    found[verdict] = span
    for model, span in _find_shares(lowered):
        found.setdefault(model, span)
    for verdict, model in _VERDICTS:
        if verdict in found:
            return WorkModelFacts(model, " ".join(description[slice(*found[verdict])].split()))
    return WorkModelFacts(None, None)


def _match(lowered: str, statement: Statement, start: int, size: int) -> tuple[int, int] | None:
    end = start + size
    first, last = start, end
    if statement.behind:
        behind = statement.behind.match(lowered, end, end + BEHIND)
        if not behind:
            return None
        last = behind.end()
    if statement.before:
        before = statement.before.search(lowered, max(0, start - BEFORE), start)
        if not before:
            return None
        first = before.start()
    return first, last


def _find_shares(lowered: str) -> Iterable[tuple[WorkModel, tuple[int, int]]]:
    """Days of a week or shares of the time in the office: all five days are on site, fewer are hybrid."""
    for position in find_words(lowered, ("day", "tage", "%")):
        share = _read_share(lowered, position)
        if share is None:
            continue
        first, last = _find_sentence(lowered, position)
        sentence = lowered[first:last]
        if _not_work.search(sentence):
            continue
        if _office.search(sentence):
            yield ("on_site" if share >= 1 else "hybrid"), (first, last)
        elif _away.search(sentence) and 0.2 < share < 1:
            yield "hybrid", (first, last)


def _read_share(lowered: str, position: int) -> float | None:
    before = max(0, position - 25)
    if lowered[position] == "%":
        number = _share.search(lowered, before, position)
        is_time = _time.match(lowered, position)
        return int(number[1]) / 100 if number and is_time and int(number[1]) <= 100 else None
    count = _count.search(lowered, before, position)
    if not count or not _days.match(lowered, position):
        return None
    return (_COUNTS.get(count[1]) or int(count[1])) / 5


def _find_sentence(lowered: str, position: int) -> tuple[int, int]:
    earliest, latest = max(0, position - BEFORE), position + BEHIND
    first = (
        max(lowered.rfind("\n", earliest, position), lowered.rfind(". ", earliest, position)) + 1
    )
    ends = [
        at
        for at in (lowered.find("\n", position, latest), lowered.find(". ", position, latest))
        if at > 0
    ]
    return first or earliest, min(ends, default=min(latest, len(lowered)))
