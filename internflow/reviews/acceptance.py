"""How often a student finds a rule's findings useful, and when the rule is off for that student. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

LEAST_VERDICTS = 5  # fewer say little
LEAST_RATE = 0.5


@dataclass(frozen=True)
class Acceptance:
    """The verdicts that count on one rule; `not now` is none."""

    rule: str
    useful: int
    wrong: int

    @property
    def total(self) -> int:
        return self.useful + self.wrong

    @property
    def rate(self) -> float | None:
        """The share of useful ones; None without a verdict."""
        return self.useful / self.total if self.total else None

    @property
    def is_off(self) -> bool:
        """Whether enough verdicts say that the rule is wrong more often than useful."""
        return self.total >= LEAST_VERDICTS and self.useful < LEAST_RATE * self.total


def find_off(acceptances: Iterable[Acceptance]) -> tuple[Acceptance, ...]:
    """The rules that are off, the least accepted first."""
    off = [a for a in acceptances if a.is_off]
    return tuple(sorted(off, key=lambda a: (a.useful / a.total, -a.total, a.rule)))
