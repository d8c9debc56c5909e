import pytest

from internflow.reviews.repository.heavy import LARGEST, weighs
from internflow.reviews.repository.rules import LARGE, UNTESTED
from internflow.reviews.repository.snapshot import Library
from tests.reviews.repository.trees import Files, Finding, Tree

BEFORE = """def charge(items, rate):
    total = sum(items)
    fee = total * rate
    return total + fee
"""
AFTER = """def charge(items, rate):
    total = sum(items)
    if total > 100:
        rate = rate / 2
    fee = round(total * rate)
    log(fee)
    return total + fee
"""
TEST = "from shop.bill import charge\n\n\ndef test_charge():\n    assert charge([1], 1) == 2\n"


@pytest.fixture
def shop(tree: Tree) -> Tree:
    tree.commit({"shop/bill.py": BEFORE, "tests/test_bill.py": TEST})
    return tree


def test_a_changed_function_whose_test_was_left(shop: Tree) -> None:
    ((path, problem),) = shop.review({"shop/bill.py": AFTER})
    assert (path, problem.rule, problem.start_line) == ("shop/bill.py", UNTESTED, 1)
    (place,) = problem.related
    assert (place.path, place.start_line) == ("tests/test_bill.py", 1)
    finding = Finding(UNTESTED, path, str(problem.subject))
    assert shop.reviewer.still_stands(shop.mirror(), finding) is True
    shop.commit(
        {"tests/test_bill.py": TEST + "\n\ndef test_more():\n    assert charge([], 1) == 0\n"}
    )
    assert shop.reviewer.still_stands(shop.mirror(), finding) is False


@pytest.mark.parametrize(
    "files",
    [
        {"shop/bill.py": AFTER, "tests/test_bill.py": TEST + "\n# and more\n"},
        {"shop/bill.py": BEFORE.replace("fee", "charged")},
        {"shop/bill.py": f"# a comment\n{BEFORE}"},
        {"shop/other.py": AFTER.replace("charge", "refund")},
    ],
)
def test_a_change_that_needs_no_other_test(shop: Tree, files: Files) -> None:
    assert UNTESTED not in shop.rules(files)


def test_a_large_file_is_told_with_its_size_once(tree: Tree) -> None:
    tree.commit({"a.py": "x = 1\n"})
    data = b"\x00\x01" * (LARGEST // 2 + 1)
    ((path, problem),) = tree.review({"model.bin": data})
    assert (path, problem.rule, problem.quote) == ("model.bin", LARGE, "")
    library, sha = Library(tree.mirror()), tree.repository.head()
    assert weighs(library, sha, path, str(problem.subject))
    assert not weighs(library, sha, path, str(problem.subject).replace(":5", ":6"))
    assert not weighs(library, sha, "a.py", str(problem.subject))
    finding = Finding(LARGE, path, str(problem.subject))
    assert tree.reviewer.still_stands(tree.mirror(), finding) is True
    assert tree.rules({"model.bin": data + b"\x00"}) == []
    assert tree.rules({"model.bin": None}) == []
    assert tree.reviewer.still_stands(tree.mirror(), finding) is False
