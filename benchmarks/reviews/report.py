"""The tables of the benchmark, and where they stand in docs/benchmarks.md."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.reviews.scoring import Score, Scores
from benchmarks.reviews.truth import Fate

START, END = "<!-- reviews: written by python -m benchmarks reviews -->", "<!-- reviews end -->"
NAMES = {
    "python": "Python", "javascript": "JavaScript, TypeScript", "java": "Java", "c": "C, C++", "go": "Go",
}  # fmt: skip


def write_tables(page: Path, lines: Sequence[str]) -> None:
    """Put the lines between the marks of the page, or at its end when it has none."""
    text = page.read_text(encoding="utf-8")
    before, start, rest = text.partition(START)
    after = rest.partition(END)[2] if start else "\n"
    told = "\n".join((START, "", *lines, "", END))
    aside = page.with_suffix(".new")
    aside.write_text(f"{before.rstrip()}\n\n{told}{after}", encoding="utf-8")
    aside.replace(page)


def tabulate(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table in Markdown."""
    yield f"| {' | '.join(header)} |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield f"| {' | '.join(row)} |"


def describe_scores(scores: Scores) -> Iterator[str]:
    """The tables by language, by kind and by rule."""
    families = [family for family in NAMES if scores.total(family, is_claimed=False).cases]
    rows = [
        (NAMES[f], *_cells(scores.total(f)), str(scores.total(f, is_claimed=False).cases))
        for f in families
    ]
    rows.append(
        (
            "all (bars: 0.80, 0.90)",
            *_cells(scores.total()),
            str(scores.total(is_claimed=False).cases),
        )
    )
    yield from tabulate(
        ("language", "cases", "recall", "precision", "cases with kinds that no rule claims"), rows
    )
    yield ""
    kinds = sorted({kind for kind, _family in scores.by_kind})
    yield from tabulate(("kind of defect", *(NAMES[f] for f in families)), [
        (kind, *(_found(scores, kind, family) for family in families)) for kind in kinds
    ])  # fmt: skip
    yield ""
    rules = sorted(scores.by_rule.items())
    yield from tabulate(
        ("rule", "cases", "recall", "precision"), [(r, *_cells(s)) for r, s in rules]
    )


def describe_fate(fates: Mapping[str, Fate]) -> Iterator[str]:
    """Of each rule, how many findings of old commits are repaired at HEAD."""
    for name, fate in fates.items():
        found, repaired = fate.found.total(), fate.repaired.total()
        lost = f"; of {fate.lost} more the file is gone" if fate.lost else ""
        yield f"{name}: {found} findings, {repaired} repaired ({_share(repaired, found)}){lost}."
        yield ""
    rules = sorted({rule for fate in fates.values() for rule in fate.found})
    yield from tabulate(("rule", *fates), [
        (rule, *(f"{fate.repaired[rule]} of {fate.found[rule]}" for fate in fates.values())) for rule in rules
    ])  # fmt: skip


def _found(scores: Scores, kind: str, family: str) -> str:
    score = scores.by_kind.get((kind, family))
    if score is None:
        return ""
    alarms = f", {score.false_alarms} false" if score.false_alarms else ""
    claimed = "" if scores.claimed[kind, family] else " (unclaimed)"
    return f"{score.found} of {score.cases}{alarms}{claimed}"


def _cells(score: Score) -> tuple[str, str, str]:
    return str(score.cases), f"{score.recall:.2f}", f"{score.precision:.2f}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "none"
