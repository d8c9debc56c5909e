from dataclasses import replace

from internflow.reviews.narration.comparing import ChangedFile
from internflow.reviews.narration.facts import (
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
from tests.reviews.narration.made import change, code, finding, function, klass


def names(listed: Listed[SymbolFact]) -> list[str]:
    return [fact.symbol for fact in listed.named]


def test_functions_and_classes_are_told_by_what_became_of_them() -> None:
    facts = build_facts(
        [
            code(
                "shop.py",
                [function("load", "1"), function("old"), klass("Cart", "1"),
                 function("Cart.add", "1"), klass("Tax", "1")],
                [function("load", "2"), function("new"), klass("Cart", "2"),
                 function("Cart.add", "2"), klass("Tax", "2")],
            )
        ],
        [],
    )  # fmt: skip
    assert facts.added == Listed((SymbolFact("new", "function"),))
    assert facts.removed == Listed((SymbolFact("old", "function"),))
    assert facts.changed == Listed((
        SymbolFact("load", "function"), SymbolFact("Cart.add", "function"), SymbolFact("Tax", "class"),
    ))  # fmt: skip


def test_a_class_that_lost_or_got_a_method_is_told_by_the_method() -> None:
    lost = code("a.py", [klass("A", "1"), function("A.f")], [klass("A", "2")])
    got = code("b.py", [klass("B", "1")], [klass("B", "2"), function("B.f")])
    facts = build_facts([lost, got], [])
    assert (names(facts.removed), names(facts.added), names(facts.changed)) == (
        ["A.f"],
        ["B.f"],
        [],
    )


def test_a_new_class_is_told_without_its_methods_and_what_moved_is_not_new() -> None:
    cart = [klass("Cart", "1"), function("Cart.add", "1")]
    new = code("new.py", [], [*cart, klass("Tax"), function("Tax.rate")])
    facts = build_facts([code("old.py", [*cart, function("gone")], []), new], [])
    assert names(facts.moved) == ["Cart"]
    assert names(facts.added) == ["Tax"]
    assert names(facts.removed) == ["gone"]


def test_overloads_of_one_name_changed_when_one_of_them_did() -> None:
    before = [function("A.size", "get"), function("A.size", "set")]
    swapped = build_facts([code("a.py", before, before[::-1])], [])
    assert names(swapped.changed) == []
    changed = build_facts([code("a.py", before, [before[0], function("A.size", "new")])], [])
    assert names(changed.changed) == ["A.size"]


def test_new_tests_are_counted_apart_one_by_one() -> None:
    tests = [
        klass("TestCart", "1"),
        function("TestCart.test_add"),
        function("test_tax"),
        function("make"),
    ]
    facts = build_facts([code("tests/test_cart.py", [], tests)], [])
    assert facts.tests_added == Listed(("TestCart.test_add", "test_tax"))
    assert names(facts.added) == ["make"]


def test_complexity_is_told_only_when_it_is_news() -> None:
    pairs = {"falls": (15, 9), "small": (7, 3), "little": (15, 13), "rises": (9, 14), "low": (2, 9)}
    before = [function(name, "1", counts[0]) for name, counts in pairs.items()]
    after = [function(name, "2", counts[1]) for name, counts in pairs.items()]
    facts = build_facts([code("a.py", before, after)], [])
    assert facts.simpler.named == (ComplexityFact("falls", 15, 9),)
    assert facts.harder.named == (ComplexityFact("rises", 9, 14),)


def test_branches_that_only_moved_are_no_improvement() -> None:
    split = code("a.py", [function("f", "1", 20)], [function("f", "2", 4), function("g")])
    assert build_facts([split], []).simpler.count == 1
    assert build_facts([split], [finding("C901", "a.py", 9)]).simpler.count == 0


def test_own_code_is_named_before_documents_tests_and_generated_files() -> None:
    paths = ["package-lock.json", "tests/test_a.py", "README.md", "b.py", "a.py"]
    files = [ChangedFile(change(path)) for path in paths]
    files[3] = ChangedFile(change("b.py", additions=50))
    facts = build_facts(files, [])
    assert [file.path for file in facts.files.named] == [
        "b.py", "a.py", "README.md", "tests/test_a.py", "package-lock.json",
    ]  # fmt: skip
    assert (facts.additions, facts.deletions) == (70, 10)
    assert facts.documents == Listed(("README.md",))


def test_findings_come_worst_first_and_the_worst_has_the_lesson() -> None:
    found = [
        finding("E722", "b.py", 3),
        finding("S602", "a.py", 9, "high"),
        finding("B006", "a.py", 1),
    ]
    facts = build_facts([], found, [FixedFact("S105", "a.py")])
    assert [f.rule for f in facts.findings.named] == ["S602", "B006", "E722"]
    assert facts.findings.named[0] == FindingFact("S602", "high", "a.py", 9)
    assert facts.lesson is not None
    assert (facts.lesson.rule, facts.lesson.url) == ("S602", "https://rules.example/S602")
    assert "shell" in str(facts.lesson.why)
    assert facts.fixed == Listed((FixedFact("S105", "a.py"),))
    unknown = build_facts([], [replace(found[0], rule="gone-rule", rule_url=None)])
    assert unknown.lesson == Lesson("gone-rule", None, None)


def test_files_that_were_not_compared_are_counted() -> None:
    unread = ChangedFile(change("big.py"), is_code=True, is_unread=True)
    facts = build_facts([unread, code("a.py", [], []), ChangedFile(change("README.md"))], [])
    assert (facts.compared_files, facts.code_files, facts.files.count) == (1, 2, 3)


def test_many_are_bounded_and_counted() -> None:
    assert list_some("abcde") == Listed(tuple("abcde"))
    assert list_some("abcdefg") == Listed(tuple("abcd"), 3)
    assert list_some("abcdefg").count == 7


def test_names_are_one_line_without_hidden_characters_or_backticks() -> None:
    assert show_name("a`b\n c\u202e.py") == "a'b c\\u202e.py"
    assert show_name("x" * 200) == "x" * 80 + "..."
    facts = build_facts([ChangedFile(change("n`\t.py", kind="renamed", old_path="o\x1b.py"))], [])
    assert facts.files.named == (FileFact("n' .py", "o\\x1b.py", "renamed"),)
