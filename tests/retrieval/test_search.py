import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.retrieval.search import find_code_names, find_named
from internflow.retrieval.stores import StoredPassage


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("where is load_landing defined?", {"load_landing"}),
        ("What does Context.invoke do", {"Context.invoke", "invoke"}),
        ("where is readFile used", {"readFile"}),
        ("what calls `echo`", {"echo"}),
        ("who calls main()", {"main"}),
        ("how does Stock::get work", {"Stock::get", "get"}),
        ("how does the Option class parse", {"Option"}),
        ("Where are the prices computed", set()),
        ("how is the CSV read", set()),
    ],
)
def test_names_are_told_from_words(question: str, names: set[str]) -> None:
    assert find_code_names(question) == names


def test_a_symbol_is_found_by_its_whole_name_or_its_last_part() -> None:
    symbols = ["Store.load", "load", "shop.Stock::get", None, "loader"]
    passages = [StoredPassage("a", 1, 2, symbol, "0" * 40, n) for n, symbol in enumerate(symbols)]
    assert find_named(passages, "what does load() do") == [0, 1]
    assert find_named(passages, "where is Store.load") == [0, 1]
    assert find_named(passages, "where is Stock::get") == [2]


@given(st.text(max_size=200))
def test_any_question_can_be_read(question: str) -> None:
    assert "" not in find_code_names(question)
