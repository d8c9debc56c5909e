import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.reviews.repository.rules import COPY
from internflow.reviews.repository.shingles import build_shingles, measure_likeness, split_tokens
from tests.reviews.repository.trees import Finding, Tree

BODY = """
    total = 0
    for item in items:
        if item.price < 0:
            raise ValueError(item.name)
        total += item.price * item.count
    discount = total * rate if total > limit else 0
    return round(total - discount, 2)
"""
OTHER = """
    rows = read_rows(items)
    names = sorted({row.name.lower() for row in rows if row.is_open})
    with open(rate, "w") as file:
        for number, name in enumerate(names):
            file.write(f"{number}: {name}" + limit)
    return len(names)
"""


def function(name: str, body: str = BODY) -> str:
    return f"def {name}(items, rate, limit):{body}"


def test_an_added_copy_is_shown_beside_what_it_copies(tree: Tree) -> None:
    assert tree.rules({"shop/cart.py": function("sum_up")}) == []
    ((path, problem),) = tree.review({"shop/bill.py": function("total_of")})
    assert (path, problem.rule, problem.start_line) == ("shop/bill.py", COPY, 1)
    assert "`sum_up` in shop/cart.py" in problem.message
    (place,) = problem.related
    assert (place.path, place.start_line, place.end_line) == ("shop/cart.py", 1, 8)
    finding = Finding(COPY, path, str(problem.subject))
    assert tree.reviewer.still_stands(tree.mirror(), finding) is True
    tree.commit({"shop/cart.py": function("sum_up", OTHER)})
    assert tree.reviewer.still_stands(tree.mirror(), finding) is False


@pytest.mark.parametrize(
    "files",
    [
        {"shop/bill.py": function("total_of", OTHER)},
        {"shop/bill.py": "def total_of(items):\n    return sum(items)\n"},
        {"tests/test_cart.py": function("total_of")},
        {"shop/cart.py": None, "shop/bill.py": function("sum_up")},
        {"shop/cart.py": f"# moved down\n\n\n{function('sum_up')}"},
    ],
)
def test_what_is_no_copy_is_not_told(tree: Tree, files: dict[str, str | bytes | None]) -> None:
    tree.commit({"shop/cart.py": function("sum_up")})
    assert COPY not in tree.rules(files)


@given(st.lists(st.sampled_from(["a", "b", "(", ")", "=", "1", "+"]), min_size=5, max_size=60))
def test_a_text_is_like_itself_and_likeness_has_no_direction(tokens: list[str]) -> None:
    one = build_shingles(split_tokens([" ".join(tokens)]))
    other = build_shingles(split_tokens([BODY]))
    assert measure_likeness(one, one) == 1.0
    assert measure_likeness(one, other) == measure_likeness(other, one)
