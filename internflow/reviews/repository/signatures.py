"""A function's parameters changed, and calls elsewhere still pass what the old ones asked for. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from internflow.repos.languages import is_generated_or_vendored
from internflow.reviews.catalog import is_apart
from internflow.reviews.findings import Problem
from internflow.reviews.repository.callers import CallPlace, find_callers, shorten
from internflow.reviews.repository.commits import Commit, Placed
from internflow.reviews.repository.facts import CodeSymbol, find_function
from internflow.reviews.repository.nodes import last_line_of, text_of
from internflow.reviews.repository.parameters import (
    LANGUAGES,
    SCRIPTS,
    Parameters,
    fits,
    is_optional_in,
    read_parameters,
)
from internflow.reviews.repository.rules import CALLERS
from internflow.reviews.repository.shingles import split_tokens
from internflow.reviews.repository.snapshot import Snapshot
from internflow.reviews.rule import RelatedPlace

MOST_SHOWN = 5
MOST_LINES = 12
HARMLESS = (
    "@staticmethod", "@classmethod", "@override", "@typing.override", "@abstractmethod", "@abc.abstractmethod",
    "@contextmanager", "@contextlib.contextmanager", "@asynccontextmanager", "@contextlib.asynccontextmanager",
    "@cache", "@functools.cache", "@lru_cache", "@functools.lru_cache", "@final", "@t.final", "@Override",
)  # fmt: skip


@dataclass(frozen=True)
class _Function:
    symbol: CodeSymbol
    parameters: Parameters
    body: str
    last_line: int  # of the parameters


def find_misfits(commit: Commit) -> Iterator[Placed]:
    """The functions whose new parameters some calls do not fit that fitted the old ones."""
    for old_path, earlier, path, symbol in commit.walk_changed_functions():
        if earlier.parameters == symbol.parameters or is_apart(path):
            continue
        old = _read_function(commit.before, old_path, earlier)
        new = _read_function(commit.after, path, symbol)
        if old is None or new is None:
            continue
        language = commit.after.files[path].language
        callers = find_callers(commit.after, path, symbol)
        wrong = [c for c in callers if _was_broken(language, old, new, c)]
        if wrong:
            yield path, _build_problem(commit.after, path, new, wrong)


def callers_misfit(snapshot: Snapshot, path: str, subject: str) -> bool | None:
    """Whether some call still does not fit the function; None when that cannot be told any more."""
    facts = snapshot.find_facts(path)
    if facts is None:
        return None if path in snapshot.files else False
    symbol = facts.find_symbol(subject)
    function = _read_function(snapshot, path, symbol) if symbol is not None else None
    if symbol is None or function is None:
        return False
    language = snapshot.files[path].language
    callers = find_callers(snapshot, path, symbol)
    return any(_misfits(language, function, place) for place in callers)


def _read_function(snapshot: Snapshot, path: str, symbol: CodeSymbol) -> _Function | None:
    language = snapshot.files[path].language
    root, lines = snapshot.read_root(path), snapshot.read_lines(path)
    if language not in LANGUAGES or symbol.parameters is None or root is None:
        return None
    above = [line.strip() for line in lines[symbol.start - 1 : symbol.line - 1]]
    decorators = [line for line in above if line.startswith("@")]
    if language != "java" and any(not d.startswith(HARMLESS) for d in decorators):
        return None  # it may change what calls must pass
    node = find_function(root, lines, symbol.line, symbol.name)
    parameters = read_parameters(language, node) if node is not None else None
    if node is None or parameters is None:
        return None
    is_bound = language == "python" and symbol.kind == "method"
    if is_bound and not any(d.startswith("@staticmethod") for d in decorators):
        parameters = parameters.without_first()
    held = node.child_by_field_name("parameters")
    body = text_of(node.child_by_field_name("body"))
    return _Function(symbol, parameters, body, last_line_of(held) if held else symbol.line)


def _was_broken(language: str, old: _Function, new: _Function, place: CallPlace) -> bool:
    """Whether a call fitted before and does not now."""
    if place.call.is_open or not fits(old.parameters, place.call):
        return False
    if _misfits(language, new, place):
        missing = _find_missing(new.parameters, place)
        is_taken_anyway = language in ("javascript", "typescript", "tsx") and all(
            is_optional_in(name, new.body) for name in missing
        )
        return not (missing and is_taken_anyway)
    return _is_swapped(old, new, place)


def _misfits(language: str, function: _Function, place: CallPlace) -> bool:
    call = place.call
    if call.is_open or fits(function.parameters, call):
        return False
    if language == "go" and call.positional == 1 and call.arguments[0].endswith(")"):
        return False  # the one argument may stand for several
    return not (language in SCRIPTS and "arguments" in function.body)


def _find_missing(parameters: Parameters, place: CallPlace) -> list[str]:
    """The required parameters that a call has nothing for."""
    return [p.name for p in parameters.positional[place.call.positional :] if not p.has_default]


def _is_swapped(old: _Function, new: _Function, place: CallPlace) -> bool:
    """Whether the same parameters stand in another order, and a call passes some of those by position."""
    before = [p.name for p in old.parameters.positional]
    after = [p.name for p in new.parameters.positional]
    if before == after or sorted(before) != sorted(after):
        return False
    passed = place.call.positional
    if before[:passed] == after[:passed]:
        return False
    names = dict(zip(before, after, strict=True))
    swapped = [names.get(token, token) for token in split_tokens(old.body.split("\n"))]
    return swapped != split_tokens(new.body.split("\n"))  # else they were only named anew


def _build_problem(
    snapshot: Snapshot, path: str, function: _Function, wrong: Sequence[CallPlace]
) -> Problem:
    symbol = function.symbol
    end = min(function.last_line, symbol.line + MOST_LINES - 1)
    quote = "\n".join(snapshot.read_lines(path)[symbol.line - 1 : end])
    shown = [shorten(place, MOST_LINES) for place in wrong[:MOST_SHOWN]]
    count = "1 call" if len(wrong) == 1 else f"{len(wrong)} calls"
    does = "passes" if len(wrong) == 1 else "pass"
    return Problem(
        CALLERS,
        symbol.line,
        max(end, symbol.line),
        f"The parameters of `{symbol.symbol}` changed, and {count} still {does} what the old ones asked for",
        quote,
        subject=symbol.symbol,
        related=tuple(
            RelatedPlace(
                p.path, p.call.line, p.call.end_line, p.quote, "this call does not fit any more"
            )
            for p in shown
            if not is_generated_or_vendored(p.path)
        ),
    )
