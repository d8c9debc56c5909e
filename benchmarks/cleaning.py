"""How often the listings' rules read what a reader reads in postings: kind, countries, work model, pay, skills.

The labels and what they mean: tests/listings/labels. The postings lie beside some checkouts only.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np

from internflow.listings.facts import find_places
from internflow.listings.kind import find_kind
from internflow.listings.pay import find_pay
from internflow.listings.places import parse_whereabouts
from internflow.listings.skills import SKILLS, find_skills
from internflow.listings.work_model import find_work_model
from internflow.settings import ROOT

LABELS = ROOT / "tests" / "listings" / "labels" / "postings.csv"
UNSEEN = LABELS.with_name("unseen.csv")
POSTINGS = ROOT.parent / "shared" / "data" / "listings" / "lists" / "full_descriptions_390.json"
DRAWS = 2_000
SEED = 7
Z = 1.96  # both sides of a 95 % interval


@dataclass(frozen=True)
class Label:
    """What a reader noted of a posting; amounts are None where it states none, skills in lower case."""

    job_key: str
    kind: str
    countries: frozenset[str]
    work_model: str | None
    pay: tuple[Decimal | None, Decimal | None, str, str] | None
    skills: frozenset[str]


@dataclass(frozen=True)
class Reading:
    """What the rules find in a posting, in the form of a label."""

    kind: str
    countries: frozenset[str]
    work_model: str | None
    pay: tuple[Decimal | None, Decimal | None, str | None, str | None] | None
    skills: frozenset[str]


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval."""

    hits: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.hits / self.total if self.total else 0.0

    def __str__(self) -> str:
        return (
            f"{self.value:.3f}  ({self.hits}/{self.total}, 95 % {self.low:.3f} to {self.high:.3f})"
        )


@dataclass(frozen=True)
class CleaningScores:
    """Shares of the labelled postings read right; `errors` names each wrong reading."""

    kind: Share
    country: Share
    work_model: Share
    pay_presence: Share
    pay_amount: Share
    skill_precision: Share
    skill_recall: Share
    errors: tuple[str, ...]


def read_labels(path: Path = LABELS) -> tuple[Label, ...]:
    """The labels in their order. A skill is named as the taxonomy names it where it knows the name."""
    canonical = {
        form.lower(): skill.name.lower()
        for skill in SKILLS
        for form in (skill.name, *skill.aliases)
    }
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(_read_label(row, canonical) for row in csv.DictReader(lines))


def read_postings(path: Path = POSTINGS) -> dict[str, dict[str, Any]]:
    """The postings by their job_key."""
    return {row["job_key"]: row for row in json.loads(path.read_text(encoding="utf-8"))}


def score_cleaning(
    postings: Mapping[str, Mapping[str, Any]], labels: Sequence[Label]
) -> CleaningScores:
    """Read each labelled posting by the rules and compare. Raises KeyError for a label without its posting."""
    pairs = [(label, _read_posting(postings[label.job_key])) for label in labels]
    paid = [(label, found) for label, found in pairs if label.pay]
    hits = np.array([len(label.skills & found.skills) for label, found in pairs])
    found_counts = np.array([len(found.skills) for _label, found in pairs])
    named_counts = np.array([len(label.skills) for label, _found in pairs])
    return CleaningScores(
        kind=_count(pairs, lambda label, found: label.kind == found.kind),
        country=_count(pairs, lambda label, found: label.countries == found.countries),
        work_model=_count(pairs, lambda label, found: label.work_model == found.work_model),
        pay_presence=_count(pairs, lambda label, found: bool(label.pay) == bool(found.pay)),
        pay_amount=_count(paid, lambda label, found: label.pay == found.pay),
        skill_precision=_resample(hits, found_counts),
        skill_recall=_resample(hits, named_counts),
        errors=tuple(line for label, found in pairs for line in _list_errors(label, found)),
    )


def measure_cleaning() -> Iterator[tuple[str, str]]:
    """A line for each figure, of the postings that the rules were tuned on and of those that no rule has seen."""
    if not POSTINGS.is_file():
        yield "labelled postings", f"absent: {POSTINGS.name} does not lie beside this checkout"
        return
    postings = read_postings()
    for path in (LABELS, UNSEEN):
        labels = read_labels(path)
        scores = score_cleaning(postings, labels)
        yield f"labelled postings, {path.stem}", str(len(labels))
        yield "kind right", str(scores.kind)
        yield "countries right", str(scores.country)
        yield "work model right", str(scores.work_model)
        yield "pay present or absent right", str(scores.pay_presence)
        yield "amounts right where pay is stated", str(scores.pay_amount)
        yield "skills, precision", str(scores.skill_precision)
        yield "skills, recall", str(scores.skill_recall)


def _read_label(row: Mapping[str, str], canonical: Mapping[str, str]) -> Label:
    least, most = (Decimal(text) if text else None for text in (row["pay_least"], row["pay_most"]))
    named = [name.strip().lower() for name in row["skills"].split(";") if name.strip()]
    return Label(
        job_key=row["job_key"],
        kind=row["kind"],
        countries=frozenset(row["countries"].split()),
        work_model=row["work_model"] or None,
        pay=(least, most, row["pay_currency"], row["pay_period"])
        if row["pay_present"] == "1"
        else None,
        skills=frozenset(canonical.get(name, name) for name in named),
    )


def _read_posting(posting: Mapping[str, Any]) -> Reading:
    title, description = posting["title"], posting["description"]
    whereabouts = parse_whereabouts((posting["location"],))
    places = find_places(whereabouts.places, title, description)
    countries = tuple(dict.fromkeys(place.country for place in places if place.country))
    pay = find_pay(posting["salary"] or None, title, description, countries)
    model = find_work_model(
        whereabouts.work_model, title, whereabouts.places, description
    ).work_model
    skills = find_skills(f"{title}\n{description}", posting["company"])
    return Reading(
        kind=find_kind(title, posting["employment_type"] or None, description).kind,
        countries=frozenset(countries),
        work_model=model,
        pay=(pay.least, pay.most, pay.currency, pay.period) if pay and not pay.is_unpaid else None,
        skills=frozenset(skill.lower() for skill in skills),
    )


def _count(
    pairs: Sequence[tuple[Label, Reading]], is_right: Callable[[Label, Reading], bool]
) -> Share:
    """A share with Wilson's interval."""
    total = len(pairs)
    hits = sum(is_right(label, found) for label, found in pairs)
    if not total:
        return Share(0, 0, 0.0, 1.0)
    share = hits / total
    scale = 1 + Z**2 / total
    middle = (share + Z**2 / (2 * total)) / scale
    reach = Z * sqrt(share * (1 - share) / total + Z**2 / (4 * total**2)) / scale
    return Share(hits, total, max(0.0, middle - reach), min(1.0, middle + reach))


def _resample(hits: np.ndarray, counts: np.ndarray) -> Share:
    """A share over all mentions, its interval by drawing postings again: mentions of one posting go together."""
    generator = np.random.default_rng(SEED)
    draws = generator.integers(0, len(hits), size=(DRAWS, len(hits)))
    shares = hits[draws].sum(axis=1) / np.maximum(counts[draws].sum(axis=1), 1)
    low, high = np.percentile(shares, (2.5, 97.5))
    return Share(int(hits.sum()), int(counts.sum()), float(low), float(high))


def _list_errors(label: Label, found: Reading) -> Iterator[str]:
    for field in ("kind", "work_model", "pay"):
        ours, theirs = getattr(label, field), getattr(found, field)
        if ours != theirs:
            yield f"{label.job_key} {field}: {ours}, found {theirs}"
    for field in ("countries", "skills"):
        missed = sorted(getattr(label, field) - getattr(found, field))
        wrong = sorted(getattr(found, field) - getattr(label, field))
        if missed or wrong:
            yield f"{label.job_key} {field}: missed {missed}, wrong {wrong}"
