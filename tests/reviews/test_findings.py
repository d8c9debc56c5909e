from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from internflow.reviews.findings import (
    SYNTAX,
    Problem,
    anchor_of,
    brought_in,
    fingerprint,
    name_problems,
    normalise_quote,
)

# Few quotes and rules, so that equal problems are usual.
quotes = st.sampled_from(
    ["except:", "  except:", "x = eval(a)", "def f(a=[], b={}):", "f(1,\n  2)"]
)
rules = st.sampled_from(["E722", "S307", "B006"])
texts = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)


@st.composite
def versions(draw: st.DrawFn) -> list[Problem]:
    """The problems of one version of a file, each on a line of its own."""
    lines = draw(st.lists(st.integers(1, 60), unique=True, max_size=10))
    return [Problem(draw(rules), n, n, "a message", draw(quotes)) for n in lines]


def problem(line: int, quote: str = "except:", rule: str = "E722") -> Problem:
    return Problem(rule, line, line, "a message", quote)


@given(versions())
def test_a_version_brings_in_nothing_against_itself(version: list[Problem]) -> None:
    assert brought_in(version, version) == []


@given(versions())
def test_a_new_file_brings_in_all_of_its_problems(version: list[Problem]) -> None:
    assert brought_in([], version) == sorted(version, key=lambda p: p.start_line)


@given(versions(), st.randoms(use_true_random=False), st.sampled_from(["", "    ", "\t"]))
def test_moved_and_indented_lines_bring_in_nothing(
    version: list[Problem], random: object, indent: str
) -> None:
    lines = [p.start_line for p in version]
    random.shuffle(lines)  # type: ignore[attr-defined]
    moved = [
        replace(p, start_line=n, end_line=n, quote=indent + p.quote.replace(" ", "  "))
        for p, n in zip(version, lines, strict=True)
    ]
    assert brought_in(version, moved) == []
    old, new = ({name for name, _ in name_problems("a.py", v)} for v in (version, moved))
    assert old == new


@given(versions(), versions(), st.sets(st.integers(1, 60)))
def test_as_many_are_new_as_there_are_more_than_before(
    before: list[Problem], after: list[Problem], touched: set[int]
) -> None:
    new = brought_in(before, after, touched)
    assert set(new) <= set(after)
    for anchor in {anchor_of(p) for p in [*before, *after]}:
        count = [sum(anchor_of(p) == anchor for p in v) for v in (before, after, new)]
        assert count[2] == max(0, count[1] - count[0])


@given(st.lists(versions(), max_size=6))
def test_every_problem_at_head_was_brought_in_by_a_version(history: list[list[Problem]]) -> None:
    known: set[str] = set()
    before: list[Problem] = []
    for version in history:
        new = brought_in(before, version)
        known |= {name for name, _ in name_problems("a.py", new, before)}
        before = version
    assert {name for name, _ in name_problems("a.py", before)} <= known


@given(versions())
def test_fingerprints_of_one_file_differ(version: list[Problem]) -> None:
    names = [name for name, _ in name_problems("a.py", version)]
    assert len(set(names)) == len(version)


@given(texts)
def test_normalising_a_quote_twice_changes_nothing(quote: str) -> None:
    assert normalise_quote(normalise_quote(quote)) == normalise_quote(quote)


@given(texts, st.integers(0, 9))
def test_fingerprint_ignores_layout_and_nothing_else(quote: str, ordinal: int) -> None:
    own = fingerprint("E722", "a.py", quote, ordinal)
    assert own == fingerprint("E722", "a.py", f"\n  {quote} \t", ordinal)
    others = {
        fingerprint("S110", "a.py", quote, ordinal),
        fingerprint("E722", "b.py", quote, ordinal),
        fingerprint("E722", "a.py", quote + "x", ordinal),
        fingerprint("E722", "a.py", quote, ordinal + 1),
    }
    assert own not in others


def test_wrapping_a_call_keeps_its_fingerprint() -> None:
    wrapped = 'run(\n    "ls " + path,\n    shell=True,\n)'
    assert fingerprint("S602", "a.py", wrapped, 0) == fingerprint(
        "S602", "a.py", "run('ls ' + path, shell=True)", 0
    )


def test_of_equal_problems_the_one_on_an_added_line_is_new() -> None:
    assert brought_in([problem(10)], [problem(4), problem(12)], {3, 4, 5}) == [problem(4)]


def test_of_equal_problems_the_last_is_new_when_no_line_tells() -> None:
    assert brought_in([problem(10)], [problem(10), problem(20)]) == [problem(20)]


def test_a_file_that_goes_on_not_parsing_has_no_new_syntax_error() -> None:
    before, after = problem(3, "def f(:", SYNTAX), problem(9, "x = = 1", SYNTAX)
    assert brought_in([before], [after]) == []
    assert name_problems("a.py", [before])[0][0] == name_problems("a.py", [after])[0][0]


# Code in pieces that a formatter may set apart, with the quotation marks and trailing commas that it may change.
CALLS = (
    ("run", "(", '"ls"', ",", "shell", "=", "True", "{,}", ")"),
    ("f", "(", "[", "1", ",", '"a"', "{,}", "]", "{,}", ")"),
    ("yaml", ".", "load", "(", "text", "{,}", ")"),
)


def lay_out(draw: st.DrawFn, pieces: tuple[str, ...]) -> str:
    """The same code as some formatter might leave it."""
    mark = draw(st.sampled_from(["'", '"']))
    gaps = st.sampled_from(["", " ", "\n    ", "\t"])
    comma = draw(st.sampled_from(["", ","]))
    return "".join(piece.replace("{,}", comma).replace('"', mark) + draw(gaps) for piece in pieces)


@given(st.data(), st.lists(st.sampled_from(CALLS), min_size=1, max_size=6))
def test_a_file_laid_out_anew_and_renamed_keeps_the_names_of_its_problems(
    data: st.DataObject, calls: list[tuple[str, ...]]
) -> None:
    def write(first_line: int) -> list[Problem]:
        return [
            Problem("S602", line, line + 3, "a message", data.draw(st.composite(lay_out)(call)))
            for line, call in enumerate(calls, start=first_line)
        ]

    before, after = write(1), write(data.draw(st.integers(1, 500)))
    assert brought_in(before, after) == []
    # The ledger asks under the path that the file had when the finding came in, whatever it is called now.
    old, new = ([name for name, _ in name_problems("old.py", v)] for v in (before, after))
    assert old == new
