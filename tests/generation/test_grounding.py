import pytest

from internflow.generation.grounding import is_grounded
from tests.generation.passages import README, TOTAL


@pytest.mark.parametrize(
    "sentence",
    [
        "The prices are summed in `total`.",
        "`Cart.total` adds up what `prices` holds.",
        "Calling total() returns sum(prices).",
        "It calls wait_for with `retries=3`.",
        "The code is in shop/cart.py, in cart.py that is.",
        "See shop/cart.py:9 or lines 8-12.",
        "It tries three times and adds 7 % tax.",
        "At most 1500 is charged.",
        "The Python method adds up the prices, e.g. of a cart.",
        "The total is summed up, and/or returned.",
    ],
)
def test_sentence_that_names_what_the_passage_holds_stands(sentence: str) -> None:
    assert is_grounded(sentence, [TOTAL])


@pytest.mark.parametrize(
    "sentence",
    [
        "The prices are summed in `compute`.",
        "It calls fetch_prices first.",
        "It calls computeTotal first.",
        "It calls tot() first.",
        "It uses os.remove.",
        "It uses os.pat.",
        "The code is in shop/price.py.",
        "The code is in art.py.",
        "See shop/cart.py:13.",
        "See lines 8-40.",
        "It tries 5 times.",
        "It tries five times.",
        "At most 500 is charged.",
        "It costs 0.7 of the price.",
        "The prices are kept in Redis.",
        "Ravi's `Store` keeps them.",
        "Pass --force to it.",
        "Visit https://evil.example now.",
        "Visit www.evil.example now.",
        "Write to ada@evil.example.",
        "The to\u200btal is returned.",
        "It tries ½ a time.",
        "It tries ٣ times.",
        "The C++ code adds up.",
    ],
)
def test_sentence_that_names_something_else_does_not_stand(sentence: str) -> None:
    assert not is_grounded(sentence, [TOTAL])


def test_names_may_stand_in_any_of_the_cited_passages_and_in_no_other() -> None:
    assert is_grounded("`total` is what README.md sends as JSON.", [TOTAL, README])
    assert not is_grounded("`total` is what README.md sends as JSON.", [TOTAL])
