import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.retrieval import lexical
from internflow.retrieval.lexical import K1, B, build_lexical
from internflow.retrieval.passages import Filters, PassageTable, StoredPassage, write_passages
from internflow.retrieval.ranking import find_code_names, rank_passages
from internflow.retrieval.stores import Store, load_store, plan_manifest, write_store
from internflow.retrieval.terms import (
    drop_language_names,
    find_question_terms,
    find_terms,
    write_as_function,
)
from tests.word_encoder import WordEncoder


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


def test_a_symbol_is_found_by_its_whole_name_or_its_last_part(tmp_path: Path) -> None:
    symbols = ["Store.load", "load", "shop.Stock::get", None, "loader"]
    write_passages(
        tmp_path,
        [
            StoredPassage("a", 1, 2, symbol, "python", "function", "0" * 40, n, "", False)
            for n, symbol in enumerate(symbols)
        ],
    )
    table = PassageTable(tmp_path)
    assert table.find_named(find_code_names("what does load() do"), 20) == [0, 1]
    assert table.find_named(find_code_names("where is Store.load"), 20) == [0, 1]
    assert table.find_named(find_code_names("where is Stock::get"), 20) == [2]


def test_filters_confine_rows_by_path_language_and_kind(tmp_path: Path) -> None:
    write_passages(
        tmp_path,
        [
            StoredPassage(path, 1, 2, None, language, kind, "0" * 40, n, "", True)
            for n, (path, language, kind) in enumerate(
                [
                    ("src/a.py", "python", "function"),
                    ("docs/a.md", "markdown", "section"),
                    ("src/b.go", "go", "function"),
                ]
            )
        ],
    )
    table = PassageTable(tmp_path)
    assert table.find_matching(Filters()) is None
    assert list(table.find_matching(Filters(path="src/*"))) == [0, 2]
    assert list(table.find_matching(Filters(path="src/*", language="go"))) == [2]
    assert list(table.find_matching(Filters(kind="section"))) == [1]
    assert list(table.find_matching(Filters(path="' or 1=1 --"))) == []


@pytest.mark.parametrize(
    ("count", "every", "share"),
    [(0, 1, 0.0), (4, 2, 0.5), (900, 3, 1 / 3), (901, 1, 1.0), (5000, 4, 0.25)],
)
def test_a_store_tells_how_much_of_it_is_documented(
    tmp_path: Path, count: int, every: int, share: float
) -> None:
    write_passages(
        tmp_path,
        [
            StoredPassage("a", 1, 2, None, "python", "function", "0" * 40, n, "", n % every == 0)
            for n in range(count)
        ],
    )
    assert PassageTable(tmp_path).rate_documented() == pytest.approx(share, abs=0.03)


def test_words_weigh_alike_for_passages_with_and_without_comments(
    tmp_path: Path, encoder: WordEncoder
) -> None:
    codes = ["def load():\n    # rows\n    return 1", "def load():\n    return 1\n    # rows"]
    store = store_passages(tmp_path, codes, [True, False], encoder)
    first, second = rank_passages(store, "load rows", encoder)
    assert first.score == pytest.approx(second.score)


def store_passages(
    folder: Path, codes: list[str], documented: list[bool], encoder: WordEncoder
) -> Store:
    passages = [
        StoredPassage(f"{n}.py", 1, 3, None, "python", "function", "0" * 40, n, "", is_documented)
        for n, is_documented in enumerate(documented)
    ]
    words = build_lexical(None, [None] * len(codes), [find_terms(code) for code in codes])
    write_store(
        folder, plan_manifest("r", "0" * 40, encoder), passages, words, encoder.encode(codes)
    )
    return load_store(folder, "r", encoder)


def test_terms_are_the_words_of_identifiers_in_their_stems() -> None:
    assert find_terms("loadStores(HTTPServer, x_count2)") == [
        "loadstores", "load", "store", "httpserver", "http", "server", "x_count2", "count",
    ]  # fmt: skip


def test_the_language_of_a_repository_says_nothing_unless_it_is_all_that_is_asked() -> None:
    assert find_question_terms("python check a list", ("python",)) == ["check", "list"]
    assert find_question_terms("python", ("python",)) == ["python"]
    assert drop_language_names("Python check a list", ("python",)) == "check a list"


@pytest.mark.parametrize(
    ("question", "head"),
    [
        ("How do I read CSV rows?", 'def read_csv_rows():\n    """How do I read CSV rows?"""'),
        ("what is it", "what is it"),
        ("", ""),
    ],
)
def test_a_question_is_asked_as_a_function_too(question: str, head: str) -> None:
    assert write_as_function(question) == head


@given(
    st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=12), min_size=1, max_size=12),
    st.data(),
)
def test_a_grown_word_index_is_the_one_that_is_built_at_once(
    texts: list[list[str]], data: st.DataObject
) -> None:
    known_count = data.draw(st.integers(0, len(texts)))
    known = build_lexical(None, [None] * known_count, texts[:known_count])
    kept = [row if row < known_count else None for row in range(len(texts))]
    grown = build_lexical(known, kept, texts[known_count:])
    whole = build_lexical(None, [None] * len(texts), texts)
    assert grown.terms == whole.terms
    for term in "abcdefgh":
        assert grown.find_best([term], len(texts)) == whole.find_best([term], len(texts))


@given(
    st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=12), min_size=1, max_size=30),
    st.sets(st.sampled_from("abcdefghz"), min_size=1),
    st.integers(1, 5),
    st.booleans(),
)
def test_the_best_by_words_are_those_of_a_full_count(
    texts: list[list[str]], asked: set[str], count: int, is_confined: bool
) -> None:
    index = build_lexical(None, [None] * len(texts), texts)
    expected = count_in_full(texts, asked)
    among = np.arange(0, len(texts), 2) if is_confined else None
    allowed = [row for row in (range(len(texts)) if among is None else among) if expected[row] > 0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexical, "CHEAP", 0)
        found = index.find_best(sorted(asked), count, among)
    best = sorted((expected[row] for row in allowed), reverse=True)[:count]
    assert set(found) <= set(allowed)
    assert list(found.values()) == pytest.approx(best, rel=1e-5)
    assert [expected[row] for row in found] == pytest.approx(best, rel=1e-5)
    assert index.score(sorted(asked), range(len(texts))) == pytest.approx(expected, rel=1e-5)


def count_in_full(texts: list[list[str]], asked: set[str]) -> list[float]:
    average = max(sum(map(len, texts)) / len(texts), 1)
    holders = {term: sum(term in text for text in texts) for term in asked}
    return [
        sum(
            math.log(1 + (len(texts) - holders[term] + 0.5) / (holders[term] + 0.5))
            * text.count(term)
            * (K1 + 1)
            / (text.count(term) + K1 * (1 - B + B * len(text) / average))
            for term in asked
        )
        for text in texts
    ]


@given(st.text(max_size=200))
def test_any_question_can_be_read(question: str) -> None:
    assert "" not in find_code_names(question)
