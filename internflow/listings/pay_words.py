"""The words around an amount of money that tell whether it is pay, and for how long a time.

Lower case throughout. pay_words.csv holds the words: of pay, of other money (`behind` only after the amount), of
purposes that make a stipend an allowance, of targets, and of each period.
"""

import csv
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal, get_args

PayPeriod = Literal["hour", "day", "week", "month", "year", "total"]

NEAR = 95  # characters before an amount in which a word of other money counts
# Too short or too usual to tell a period from before the amount.
_WEAK_PERIODS = frozenset(
    ("h", "m", "a", "an", "mo", "day", "tag", "week", "years", "mes", "hours", "months", "pm")
)


def _read_groups() -> dict[str, frozenset[str]]:
    with Path(__file__).with_name("pay_words.csv").open(encoding="utf-8", newline="") as file:
        return {row["group"]: frozenset(row["words"].split()) for row in csv.DictReader(file)}


_GROUPS = _read_groups()
_PAY, _OTHER, _OWN = _GROUPS["pay"], _GROUPS["other_money"], _GROUPS["own_purpose"]
_NOT_BEHIND = _OTHER | _OWN | _GROUPS["behind"]
_TARGET = _GROUPS["target"]
PERIODS: dict[str, PayPeriod] = {
    word: period for period in get_args(PayPeriod) for word in _GROUPS[period]
}
_BEFORE_PERIODS = {word: period for word, period in PERIODS.items() if word not in _WEAK_PERIODS}

_word = re.compile(r"[^\W_]+(?:-[^\W_]+)?")
_clause = re.compile(r"[^.,;+(\n|\u2022\u2013\u2014]*")
_period_behind = re.compile(
    r"[ \t,()*:.+\u2013-]{0,4}(?:(?:usd|eur|gbp|cad|inr|aud|sgd|chf|gross|brutto|bruto|brut|base|salary|stipend"
    r"|ctc|fixed|ote|per|rupees|dollars|euros?)\b"
    r"[ \t,()*:./-]{0,3}){0,3}(?:(?P<each>/|per\b|each\b|every\b|an?\b|pro\b|par\b|im\b"
    r"|al\b)\s?/?\s?)?(?P<unit>[^\W\d_]+|p\.\s?[am]\b)"
)


@dataclass(frozen=True)
class Surroundings:
    """What the words before an amount say; the offsets are characters, counted back from the amount."""

    pay_distance: int | None
    is_other: bool
    has_stipend: bool
    is_target: bool
    periods: tuple[PayPeriod, ...]  # the nearest first


def read_before(before: str) -> Surroundings:
    """What the words before an amount tell of it."""
    words = [(found.group(), len(before) - found.end()) for found in _word.finditer(before)]
    pay_distance: int | None = None
    other_distance: int | None = None
    periods: list[PayPeriod] = []
    is_target = is_base = has_stipend = False
    for index in range(len(words) - 1, -1, -1):
        word, distance = words[index]
        is_own = word in ("stipend", "stipends") and index > 0 and words[index - 1][0] in _OWN
        if pay_distance is None and word in _PAY and not is_own:
            pay_distance = distance
        if (
            other_distance is None
            and (is_own or word in _OTHER)
            and not _is_part_of_pay(words, index)
        ):
            other_distance = distance
        if word in _BEFORE_PERIODS:
            periods.append(_BEFORE_PERIODS[word])
        is_base = is_base or word == "base"
        is_target = is_target or (word in _TARGET and not is_base)
        has_stipend = has_stipend or (word == "stipend" and not is_own)
    is_other = (
        other_distance is not None
        and other_distance <= NEAR
        and (pay_distance is None or other_distance < pay_distance)
    )
    return Surroundings(pay_distance, is_other, has_stipend, is_target, tuple(periods))


def _is_part_of_pay(words: list[tuple[str, int]], index: int) -> bool:
    """Whether "market" and the like belong to pay: "premium markets", "sign up", "contract rate"."""
    following = words[index + 1][0] if index + 1 < len(words) else ""
    return following in _PAY or (words[index][0] == "sales" and following == "roles")


def is_other_money(behind: str) -> bool:
    """Whether the words right behind an amount make it something else than pay."""
    clause = _clause.match(behind)
    words = _word.findall(clause.group() if clause else "")[:6]
    for word, following in pairwise([*words, ""]):
        if word in _TARGET or (
            word in _PAY and word != "offer" and following not in ("for", "towards")
        ):
            return False
        if word in _NOT_BEHIND:
            return True
    return False


def find_period_behind(behind: str) -> PayPeriod | None:
    """The period right behind an amount: "/hr", "per month", "p.a.", "USD annually"."""
    found = _period_behind.match(behind)
    if not found:
        return None
    unit = found["unit"].replace(".", "").replace(" ", "")
    if found["each"] is None and unit in (
        "a",
        "an",
        "m",
        "h",
        "mes",
        "day",
        "week",
        "years",
        "hours",
        "months",
    ):
        return None
    if found["each"] in ("a", "an") and unit in ("lump", "a", "an", "m"):
        return None
    return PERIODS.get(unit)


def is_target_behind(behind: str) -> bool:
    """Whether the amount is a target: "OTE", "on-target earnings"."""
    return any(word in ("ote", "on-target", "tte") for word in _word.findall(behind[:25])[:2])
