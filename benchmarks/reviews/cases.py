"""Chooses where to break what: pairs of a file before and after, each with a control at the same place."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from ast_grep_py import SgRoot

from benchmarks.reviews.edits import Change, change_text
from benchmarks.reviews.harmless import make_harmless
from benchmarks.reviews.injections import Spot, Way, find_function, find_spots, parses, read_ways
from benchmarks.reviews.sources import SourceFile

CASES = 14  # of one kind in one family of languages
FROM_FILE = 1  # of one kind
FILES = 2500  # of one family; the rest is not looked at


@dataclass(frozen=True)
class Case:
    """A defect that is put into a file. `control` is another change at the same place, which does no harm."""

    name: str
    kind: str
    family: str
    path: str
    before: str
    broken: Change
    control: Change
    control_name: str


def choose_cases(files: Iterable[SourceFile], seed: int) -> list[Case]:
    """Cases of every kind, until each has enough or the files are over."""
    taken: Counter[tuple[str, str]] = Counter()
    looked: Counter[str] = Counter()
    cases: list[Case] = []
    for file in files:
        open_ways = [
            w
            for w in read_ways(file.family)
            if taken[w.family, w.kind] < CASES and file.grammar in w.grammars
        ]
        if not open_ways or looked[file.family] >= FILES:
            continue
        looked[file.family] += 1
        for case in find_cases(file, open_ways, seed):
            if taken[case.family, case.kind] < CASES:
                taken[case.family, case.kind] += 1
                cases.append(case)
    return sorted(cases, key=lambda case: (case.kind, case.family, case.name))


def find_cases(file: SourceFile, ways: Sequence[Way], seed: int) -> Iterator[Case]:
    """The cases that a file gives: of each kind one, from whichever way comes first."""
    root = SgRoot(file.text, file.grammar).root()
    if root.find(kind="ERROR") is not None:
        return
    chance = random.Random(f"{seed} {file.path}")
    by_kind: dict[str, list[Way]] = defaultdict(list)
    for way in ways:
        by_kind[way.kind].append(way)
    for several in by_kind.values():
        chance.shuffle(several)
        made = (
            case
            for way in several
            for spot in islice(find_spots(way, file.text, root, chance), 4)
            if (case := _make_case(file, spot, chance)) is not None
        )
        yield from islice(made, FROM_FILE)


def _make_case(file: SourceFile, spot: Spot, chance: random.Random) -> Case | None:
    broken = change_text(file.text, spot.edits, spot.places)
    function = find_function(spot.node)
    harmless = None if function is None else make_harmless(spot, file.text, function, chance)
    if harmless is None or broken.text == file.text or not parses(file.grammar, broken.text):
        return None
    control = change_text(file.text, harmless[1])
    if not parses(file.grammar, control.text):
        return None
    kind = spot.way.kind
    name = sha256(f"{file.path} {kind} {spot.start}".encode()).hexdigest()[:12]
    return Case(name, kind, file.family, file.path, file.text, broken, control, harmless[0])
