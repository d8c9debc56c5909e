"""One listing once: which postings of several boards are the same job. Pure.

A false merge hides a job, a missed one shows it twice: postings that speak against each other stay apart.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Literal, NamedTuple

from internflow.listings.job_keys import (
    build_company_key,
    build_title_key,
    canonicalise_url,
    is_job_url,
)
from internflow.listings.title_likeness import are_related, compare_stems, read_stems

__all__ = [
    "RULES_VERSION",
    "Candidate",
    "Grouping",
    "build_company_key",
    "build_title_key",
    "canonicalise_url",
    "group_duplicates",
    "is_job_url",
]

RULES_VERSION = "duplicates-1"

Reason = Literal["itself", "same_url", "same_requisition", "same_title"]

MOST_TIME_APART = timedelta(days=60)
MOST_OF_ONE_JOB = (
    50  # an address or requisition id that more postings share belongs to no single job
)
NEAREST = 20  # in a crowd of like titles each is compared with so many neighbours
RAREST = 2  # titles are compared when they share one of their rarest words

_RULES: tuple[Reason, ...] = ("same_url", "same_requisition", "same_title")
_SEASONS = frozenset({"spring", "summer", "fall", "winter"})
_year = re.compile(r"20\d\d")
_no_code = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Candidate:
    """A posting by its keys. Cities and countries are those of its resolved places.

    `is_window`: the feed copies other boards or shows only its newest, so its words may be another's.
    """

    posting_id: str
    platform: str
    board: str
    canonical_url: str
    requisition_id: str | None
    title_key: str
    company_key: str
    cities: tuple[str, ...]
    countries: tuple[str, ...]
    first_seen_at: datetime
    is_window: bool


@dataclass(frozen=True)
class Grouping:
    """The listing that a posting belongs to, and by which rule; `itself` for the first posting of a listing."""

    posting_id: str
    listing_id: str
    reason: Reason


class _Link(NamedTuple):
    """Two rows that a rule holds for one job; the least link is the surest."""

    rule: int
    unlikeness: float
    seconds_apart: float
    one: int
    other: int


class _Row:
    """A candidate and what of it can speak for or against another one."""

    def __init__(self, candidate: Candidate) -> None:
        words = candidate.title_key.split()
        self.posting = candidate
        self.board = (candidate.platform, candidate.board)
        self.url = candidate.canonical_url if is_job_url(candidate.canonical_url) else ""
        self.host = self.url.split("/")[2] if self.url else ""
        self.requisition = _read_requisition(candidate.requisition_id)
        self.cities = frozenset(city.casefold() for city in candidate.cities)
        self.countries = frozenset(candidate.countries)
        self.seasons = _SEASONS.intersection(words)
        self.years = frozenset(filter(_year.fullmatch, words))

    @property
    def place(self) -> tuple[frozenset[str], frozenset[str]]:
        return self.cities, self.countries

    def is_beside(self, other: "_Row") -> bool:
        """Whether one board or job system has numbered both, so that other numbers mean other jobs."""
        return self.board == other.board or bool(self.host and self.host == other.host)


def group_duplicates(candidates: Iterable[Candidate]) -> list[Grouping]:
    """The listing of each posting, ordered by posting_id; the order of the candidates does not matter.

    A listing has the id of its posting that was seen first. Work grows with the postings, not with their pairs.
    """
    ordered = sorted(candidates, key=lambda c: (c.first_seen_at, c.posting_id))
    rows = [_Row(candidate) for candidate in ordered]
    links = sorted({*_link_urls(rows), *_link_requisitions(rows), *_link_titles(rows)})
    groups = _Groups(rows)
    for link in links:
        groups.join(link)
    reasons: dict[int, Reason] = {}
    for link in links:  # the surest first
        if groups.find(link.one) == groups.find(link.other):
            reasons.setdefault(link.one, _RULES[link.rule])
            reasons.setdefault(link.other, _RULES[link.rule])
    firsts = [groups.find(index) for index in range(len(rows))]
    found = [
        Grouping(
            ordered[index].posting_id,
            ordered[first].posting_id,
            "itself" if first == index else reasons[index],
        )
        for index, first in enumerate(firsts)
    ]
    return sorted(found, key=lambda grouping: grouping.posting_id)


class _Groups:
    """Disjoint sets over rows in order of first sighting; the root of a set is its first row."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        self._rows = rows
        self._parents = list(range(len(rows)))
        self._members: dict[int, list[int]] = {}

    def find(self, index: int) -> int:
        while self._parents[index] != index:
            self._parents[index] = self._parents[self._parents[index]]
            index = self._parents[index]
        return index

    def join(self, link: _Link) -> None:
        """Make one set of two, unless a posting of the one speaks against one of the other."""
        first, second = sorted((self.find(link.one), self.find(link.other)))
        if first == second:
            return
        ones, others = self._members.get(first, [first]), self._members.get(second, [second])
        if any(_contradict(self._rows[i], self._rows[j]) for i in ones for j in others):
            return
        self._parents[second] = first
        self._members[first] = ones + self._members.pop(second, others)


def _contradict(one: _Row, other: _Row) -> bool:
    """Other requisition, cities, season or year; or two numbers that one board gave."""
    if one.requisition and other.requisition and one.requisition != other.requisition:
        return True
    for ours, theirs in (
        (one.cities, other.cities),
        (one.seasons, other.seasons),
        (one.years, other.years),
    ):
        if ours and theirs and ours.isdisjoint(theirs):
            return True
    if not one.is_beside(other) or (one.url and one.url == other.url):
        return False
    return not one.requisition or one.requisition != other.requisition or one.place != other.place


def _read_requisition(text: str | None) -> str:
    """Letters and digits; empty for what numbers no job, such as `N/A` or `1`."""
    code = _no_code.sub("", (text or "").casefold())
    return code if len(code) > 2 and any(char.isdigit() for char in code) else ""


def _link_urls(rows: Sequence[_Row]) -> Iterator[_Link]:
    for block in _find_blocks(rows, [row.url or None for row in rows]):
        for one, other in combinations(block, 2):
            yield _link(rows, 0, one, other, likeness=100.0)


def _link_requisitions(rows: Sequence[_Row]) -> Iterator[_Link]:
    keys = [
        (row.posting.company_key, row.requisition)
        if row.posting.company_key and row.requisition
        else None
        for row in rows
    ]
    for block in _find_blocks(rows, keys):
        for one, other in combinations(block, 2):
            titles = rows[one].posting.title_key, rows[other].posting.title_key
            if are_related(*titles) and _may_share_place(rows[one], rows[other]):
                yield _link(rows, 1, one, other, likeness=100.0)


def _find_blocks(rows: Sequence[_Row], keys: Sequence[Hashable | None]) -> Iterator[list[int]]:
    """Indexes of the rows that share a key, where few enough do for it to mean one job."""
    blocks: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index in range(len(rows)):
        if keys[index] is not None:
            blocks[keys[index]].append(index)
    yield from (block for block in blocks.values() if 1 < len(block) <= MOST_OF_ONE_JOB)


def _link_titles(rows: Sequence[_Row]) -> Iterator[_Link]:
    """Postings of one company on different boards with one title, place and time."""
    companies: defaultdict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        if row.posting.company_key and row.posting.title_key:
            companies[row.posting.company_key].append(index)
    for block in companies.values():
        if len({rows[index].board for index in block}) > 1:
            yield from _link_company(rows, block)


def _link_company(rows: Sequence[_Row], block: Sequence[int]) -> Iterator[_Link]:
    stems = {index: read_stems(rows[index].posting.title_key) for index in block}
    links: set[_Link] = set()
    for one, other in _pair_by_rare_words(rows, stems):
        ours, theirs = rows[one], rows[other]
        likeness = compare_stems(stems[one], stems[other])
        # Two full boards are the company's own words: there only the very same ones make one job.
        is_copied = ours.posting.is_window or theirs.posting.is_window
        apart = abs(ours.posting.first_seen_at - theirs.posting.first_seen_at)
        if likeness >= (1.0 if is_copied else 100.0) and apart <= MOST_TIME_APART:
            if ours.place == theirs.place:
                links.add(_link(rows, 2, one, other, likeness))
            elif _may_share_place(ours, theirs):
                links.add(_link(rows, 2, one, other, likeness - 100.0))
    yield from _keep_unambiguous(rows, links)


def _keep_unambiguous(rows: Sequence[_Row], links: set[_Link]) -> Iterator[_Link]:
    """The links that are the one best of both ends; a posting that fits several of one board fits none of them."""
    fits: defaultdict[tuple[int, tuple[str, str]], list[_Link]] = defaultdict(list)
    for link in links:
        fits[link.one, rows[link.other].board].append(link)
        fits[link.other, rows[link.one].board].append(link)
    chosen: Counter[_Link] = Counter()
    for rivals in fits.values():
        least = min(link.unlikeness for link in rivals)
        nearest = [link for link in rivals if link.unlikeness == least]
        if len(nearest) == 1:
            chosen[nearest[0]] += 1
    yield from (link for link, ends in chosen.items() if ends == 2)


def _pair_by_rare_words(
    rows: Sequence[_Row], stems: dict[int, frozenset[str]]
) -> Iterator[tuple[int, int]]:
    """Pairs on different boards that share a rare word of their titles; their number grows with the rows."""
    counts = Counter(word for words in stems.values() for word in words)
    crowds: defaultdict[str, list[int]] = defaultdict(list)
    for index, words in stems.items():
        for word in sorted(words, key=lambda w: (counts[w], w))[:RAREST]:
            crowds[word].append(index)
    for crowd in crowds.values():
        crowd.sort(key=lambda i: (sorted(stems[i]), sorted(rows[i].cities), i))
        for place, one in enumerate(crowd):
            for other in crowd[place + 1 : place + 1 + NEAREST]:
                if not rows[one].is_beside(rows[other]):
                    yield min(one, other), max(one, other)


def _may_share_place(one: _Row, other: _Row) -> bool:
    """A city in common; without cities on one side, a country in common or none told."""
    for ours, theirs in ((one.cities, other.cities), (one.countries, other.countries)):
        if ours and theirs:
            return not ours.isdisjoint(theirs)
    return True


def _link(rows: Sequence[_Row], rule: int, one: int, other: int, likeness: float) -> _Link:
    apart = rows[one].posting.first_seen_at - rows[other].posting.first_seen_at
    return _Link(rule, 100.0 - likeness, abs(apart.total_seconds()), one, other)
