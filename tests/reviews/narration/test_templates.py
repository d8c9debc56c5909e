import re
from dataclasses import fields, is_dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from internflow.reviews.narration.facts import (
    CommitFacts,
    ComplexityFact,
    FileFact,
    FindingFact,
    FixedFact,
    Lesson,
    Listed,
    SymbolFact,
    build_facts,
    list_some,
    show_name,
)
from internflow.reviews.narration.templates import narrate
from tests.reviews.narration.made import ChangedFile, change, code, finding, function, klass

CODE = re.compile(r"`([^`]+)`")
NUMBER = re.compile(r"\d+")

raw_names = st.one_of(
    st.from_regex(r"[a-z_]{1,8}(/[a-z]{1,5})?\.py", fullmatch=True), st.text(min_size=1, max_size=100)
)  # fmt: skip
names = raw_names.map(show_name)
counts = st.integers(0, 5_000)


def some(items: st.SearchStrategy[object]) -> st.SearchStrategy[Listed[object]]:
    return st.lists(items, max_size=6).map(list_some)


kinds = st.sampled_from(["added", "modified", "deleted", "renamed", "copied", "type_changed"])
symbols = some(st.builds(SymbolFact, names, st.sampled_from(["function", "class"])))
complexities = some(st.builds(ComplexityFact, names, counts, counts))
rules = st.sampled_from(["S602", "E722", "complex-function"])
all_facts = st.builds(
    CommitFacts,
    files=some(st.builds(FileFact, names, st.none() | names, kinds)),
    additions=counts, deletions=counts, documents=some(names), code_files=counts, compared_files=counts,
    added=symbols, changed=symbols, moved=symbols, removed=symbols, tests_added=some(names),
    simpler=complexities, harder=complexities,
    findings=some(st.builds(FindingFact, rules, st.sampled_from(["high", "medium", "low"]), names, counts)),
    fixed=some(st.builds(FixedFact, rules, names)),
    lesson=st.none() | st.builds(Lesson, rules, st.just("The shell reads it."), st.just("https://rules.example/")),
)  # fmt: skip


def collect(facts: object) -> tuple[set[str], set[int]]:
    """Every text and every number in the facts."""
    if isinstance(facts, str):
        return {facts}, set()
    if isinstance(facts, int):
        return set(), {facts}
    parts: list[object] = []
    if is_dataclass(facts):
        parts += [getattr(facts, field.name) for field in fields(facts)]
    if isinstance(facts, Listed):
        parts.append(facts.count)
    if isinstance(facts, tuple):
        parts += facts
    found = [collect(part) for part in parts]
    return set().union(*(t for t, _ in found)), set().union(*(n for _, n in found))


@settings(max_examples=50)
@given(all_facts)
def test_every_name_and_number_is_in_the_facts(facts: CommitFacts) -> None:
    narration = narrate(facts)
    texts, numbers = collect(facts)
    texts |= {f"{f.path}:{f.line}" for f in facts.findings.named}
    assert {*CODE.findall(narration.text)} <= texts
    assert {int(n) for n in NUMBER.findall(CODE.sub("", narration.text))} <= numbers
    assert len(narration.sentences) <= 6
    assert "\n" not in narration.text
    assert narrate(facts) == narration


@settings(max_examples=50)
@given(all_facts)
def test_nothing_improved_unless_something_did(facts: CommitFacts) -> None:
    text = narrate(facts).text
    assert ("It fixes" in text) == bool(facts.fixed.count)
    assert ("brings the complexity down" in text) == bool(facts.simpler.count)
    assert ("Look at" in text) == bool(facts.findings.count or facts.harder.count)


def test_a_commit_of_everything_is_told_in_order() -> None:
    facts = build_facts(
        [
            code("shop/cart.py", [function("load", "1", 15), function("pay", "1", 4), function("old")],
                 [function("load", "2", 9), function("pay", "2", 12), function("Cart.add")]),
            code("tests/test_cart.py", [], [function("test_add")]),
            ChangedFile(change("README.md")),
        ],
        [finding("S602", "shop/cart.py", 9, "high"), finding("E722", "shop/io.py", 3)],
        [FixedFact("S105", "shop/cart.py")],
    )  # fmt: skip
    narration = narrate(facts)
    why = facts.lesson.why if facts.lesson else None
    assert [sentence.text for sentence in narration.sentences] == [
        "Changes 3 files (15 lines added, 6 removed): `shop/cart.py`, `README.md` and `tests/test_cart.py`.",
        "It adds the function `Cart.add`, changes the functions `load` and `pay`, removes the function `old`, and"
        " updates the documentation in `README.md`.",
        "It fixes 1 finding: `S105` in `shop/cart.py`.",
        "It adds 1 test, `test_add`, and brings the complexity down: `load` from 15 to 9.",
        "Look at `shop/cart.py:9` (`S602`, high) and `shop/io.py:3` (`E722`, medium); and at the complexity that"
        " went up: `pay` from 4 to 12.",
        f"About `S602`: {why}",
    ]  # fmt: skip
    assert narration.lesson_url == "https://rules.example/S602"


def test_what_happened_to_one_file_is_told_by_its_kind() -> None:
    def tell(path: str, additions: int, deletions: int, **more: str) -> str:
        return narrate(
            build_facts([ChangedFile(change(path, additions, deletions, **more))], [])
        ).text

    assert tell("a.py", 1, 0, kind="added") == "Adds `a.py`: 1 line added."
    assert tell("a.py", 0, 7, kind="deleted") == "Deletes `a.py`: 7 lines removed."
    assert tell("b.py", 0, 0, kind="renamed", old_path="a.py") == "Renames `a.py` to `b.py`."
    assert (
        tell("b.py", 3, 1, kind="copied", old_path="a.py")
        == "Copies `a.py` to `b.py`: 3 lines added, 1 removed."
    )
    assert tell("a.png", 0, 0) == "Changes `a.png`."


def test_files_of_one_kind_are_told_together_and_the_rest_is_counted() -> None:
    files = [
        ChangedFile(change(f"m{n}.py", 2, 0, kind="added"), is_code=True, is_unread=n > 1)
        for n in range(7)
    ]
    files[0] = ChangedFile(files[0].change, after=(function("f"),), is_code=True)
    assert narrate(build_facts(files, [])).text == (
        "Adds 7 files (14 lines added): `m0.py`, `m1.py`, `m2.py`, `m3.py` and 3 more."
        " In 2 of 7 code files it adds the function `f`."
    )


def test_an_empty_commit_is_told_nothing_about() -> None:
    assert narrate(build_facts([], [])).text == ""


def test_a_word_for_all_fits_those_that_are_not_named_too() -> None:
    files = [ChangedFile(change(f"{n}.txt", 9, kind="added")) for n in "abcd"]
    files += [ChangedFile(change(f"{n}.txt", 1)) for n in "efg"]
    assert narrate(build_facts(files, [])).text.startswith("Changes 7 files (")
    new = [klass(name) for name in ("A", "B", "C", "D")]
    mixed = code("shop.py", [], [*new, function("e"), function("f")])
    assert "It adds `A`, `B`, `C`, `D` and 2 more." in narrate(build_facts([mixed], [])).text
    alike = code("shop.py", [], [*new, klass("E"), klass("F")])
    assert (
        "It adds the classes `A`, `B`, `C`, `D` and 2 more."
        in narrate(build_facts([alike], [])).text
    )
