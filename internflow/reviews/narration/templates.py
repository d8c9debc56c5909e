"""Writes the narration of a commit from its facts: the same facts give the same text. Pure.

What there is nothing to say about is left out, and praise stands only for what was measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from internflow.reviews.narration.facts import (
    CommitFacts,
    ComplexityFact,
    FileFact,
    FindingFact,
    FixedFact,
    Listed,
    SymbolFact,
)

WHOLE_VERBS = {"added": "Adds", "deleted": "Deletes"}


@dataclass(frozen=True)
class Place:
    """A file, and the line of it that is named."""

    path: str
    line: int


@dataclass(frozen=True)
class Sentence:
    """Names of files and code stand in backticks. A `fixed` one is our own words on a rule."""

    text: str
    places: tuple[Place, ...] = ()
    is_fixed: bool = False


@dataclass(frozen=True)
class Narration:
    """What changed, what improved, what to look at, why; `lesson_url` leads to more on the worst finding's rule."""

    sentences: tuple[Sentence, ...]
    lesson_url: str | None = None

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


def narrate(facts: CommitFacts) -> Narration:
    """Six sentences at most."""
    told = [
        _tell_files(facts),
        _tell_code(facts),
        _tell_fixed(facts.fixed),
        _tell_improved(facts),
        _tell_look(facts),
        _tell_why(facts),
    ]
    url = facts.lesson.url if facts.lesson else None
    return Narration(tuple(sentence for sentence in told if sentence), url)


def _tell_files(facts: CommitFacts) -> Sentence | None:
    files = facts.files
    if not files.count:
        return None
    if files.count == 1:
        return Sentence(_tell_file(files.named[0], facts))
    kinds = {file.kind for file in files.named} | files.kinds_of_more
    verb = WHOLE_VERBS.get(kinds.pop(), "Changes") if len(kinds) == 1 else "Changes"
    lines = _count_lines(facts)
    names = _join_listed(Listed(tuple(_code(f.path) for f in files.named), files.more))
    return Sentence(f"{verb} {files.count} files{f' ({lines})' if lines else ''}: {names}.")


def _tell_file(file: FileFact, facts: CommitFacts) -> str:
    if file.kind == "renamed" and file.old_path:
        what = f"Renames {_code(file.old_path)} to {_code(file.path)}"
    elif file.kind == "copied" and file.old_path:
        what = f"Copies {_code(file.old_path)} to {_code(file.path)}"
    else:
        what = f"{WHOLE_VERBS.get(file.kind, 'Changes')} {_code(file.path)}"
    lines = _count_lines(facts)
    return f"{what}: {lines}." if lines else f"{what}."


def _count_lines(facts: CommitFacts) -> str:
    """`3 lines added, 1 removed`; nothing where no line is told, as of pictures."""
    added, removed = facts.additions, facts.deletions
    if not added:
        return f"{_count(removed, 'line')} removed" if removed else ""
    return f"{_count(added, 'line')} added" + (f", {removed} removed" if removed else "")


def _tell_code(facts: CommitFacts) -> Sentence | None:
    told = (
        ("adds", facts.added),
        ("changes", facts.changed),
        ("moves", facts.moved),
        ("removes", facts.removed),
    )
    clauses = [f"{verb} {_name_symbols(symbols)}" for verb, symbols in told if symbols.count]
    if facts.documents.count and facts.documents.count < facts.files.count:
        names = Listed(tuple(_code(p) for p in facts.documents.named), facts.documents.more)
        clauses.append(f"updates the documentation in {_join_listed(names)}")
    if not clauses:
        return None
    compared, total = facts.compared_files, facts.code_files
    scope = f"In {compared} of {total} code files it" if compared < total else "It"
    return Sentence(f"{scope} {_join_clauses(clauses)}.")


def _name_symbols(symbols: Listed[SymbolFact]) -> str:
    """`the functions ...` where all of them are of one kind."""
    kinds = {symbol.kind for symbol in symbols.named} | symbols.kinds_of_more
    names = Listed(tuple(_code(s.symbol) for s in symbols.named), symbols.more)
    if len(kinds) > 1:
        return _join_listed(names)
    kind = kinds.pop()
    plural = {"function": "functions", "class": "classes"}[kind]
    return f"the {kind if symbols.count == 1 else plural} {_join_listed(names)}"


def _tell_fixed(fixed: Listed[FixedFact]) -> Sentence | None:
    if not fixed.count:
        return None
    names = Listed(tuple(f"{_code(f.rule)} in {_code(f.path)}" for f in fixed.named), fixed.more)
    return Sentence(f"It fixes {_count(fixed.count, 'finding')}: {_join_listed(names)}.")


def _tell_improved(facts: CommitFacts) -> Sentence | None:
    clauses = []
    tests = facts.tests_added
    if tests.count:
        names = _join_listed(Listed(tuple(map(_code, tests.named)), tests.more))
        clauses.append(f"adds {_count(tests.count, 'test')}, {names}")
    if facts.simpler.count:
        names = _join_listed(
            Listed(tuple(map(_tell_difference, facts.simpler.named)), facts.simpler.more)
        )
        clauses.append(f"brings the complexity down: {names}")
    return Sentence(f"It {_join_clauses(clauses, ', and ')}.") if clauses else None


def _tell_look(facts: CommitFacts) -> Sentence | None:
    clauses = []
    found = facts.findings
    if found.count:
        clauses.append(_join_listed(Listed(tuple(map(_tell_finding, found.named)), found.more)))
    if facts.harder.count:
        names = _join_listed(
            Listed(tuple(map(_tell_difference, facts.harder.named)), facts.harder.more)
        )
        clauses.append(f"the complexity that went up: {names}")
    if not clauses:
        return None
    places = tuple(Place(f.path, f.line) for f in found.named)
    return Sentence(f"Look at {_join_clauses(clauses, '; and at ')}.", places)


def _tell_finding(finding: FindingFact) -> str:
    return f"`{finding.path}:{finding.line}` ({_code(finding.rule)}, {finding.severity})"


def _tell_difference(change: ComplexityFact) -> str:
    return f"{_code(change.symbol)} from {change.before} to {change.after}"


def _tell_why(facts: CommitFacts) -> Sentence | None:
    lesson = facts.lesson
    if lesson is None or lesson.why is None:
        return None
    return Sentence(f"About {_code(lesson.rule)}: {lesson.why}", is_fixed=True)


def _join_listed(listed: Listed[str]) -> str:
    more = [f"{listed.more} more"] if listed.more else []
    return _join_words([*listed.named, *more])


def _join_words(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _join_clauses(clauses: Sequence[str], last: str = ", and ") -> str:
    return last.join(filter(None, (", ".join(clauses[:-1]), clauses[-1])))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _code(name: str) -> str:
    return f"`{name}`"
