"""`internflow ask`: what it says of the index, the passages and what a model wrote of them."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from internflow import cli
from internflow.errors import UserInputError
from internflow.generation.answering import WrittenAnswer
from internflow.generation.cited_answer import CitedSentence
from internflow.retrieval.choices import Choices
from internflow.retrieval.neighbours import Neighbours, Place
from internflow.retrieval.passages import Filters
from internflow.retrieval.search import Answer, Passage
from internflow.services.asking import describe_index, parse_filters, parse_question
from internflow.settings import Settings, read_settings
from tests.git_repositories import GitRepository

SHA = "abcdef1234" * 4
CODE = "def total(prices):\n    return sum(prices)  # [bold]\x1b[31m"
PASSAGE = Passage("shop/cart.py", 9, 10, "Cart.total", "python", "method", 0.71, CODE)
CHOICES = Choices(("python", "markdown"), ("method", "section"))
Ask = Callable[..., list[str]]


class Library:
    """Stands in for search and model: answers as the test says and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer = Answer((PASSAGE,), "dense", SHA, 3)
        self.written: WrittenAnswer | None = None
        self.neighbours = Neighbours()
        self.asked: list[tuple[str, Filters]] = []

    def ask(
        self,
        _settings: Settings,
        _connection: object,
        _repo: str,
        question: str,
        *,
        filters: Filters,
    ) -> Answer:
        self.asked.append((question, filters))
        return self.answer

    def find_neighbours(self, *_given: object) -> tuple[Neighbours, ...]:
        return tuple(self.neighbours for _ in self.answer.passages)

    def write(self, _settings: Settings, _question: str, _passages: object) -> WrittenAnswer | None:
        return self.written


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    library = Library()
    monkeypatch.setattr(cli, "ask_repository", library.ask)
    monkeypatch.setattr(cli, "write_answer", library.write)
    monkeypatch.setattr(cli, "find_neighbours", library.find_neighbours)
    monkeypatch.setattr(cli, "read_choices", lambda *_given: CHOICES)
    return library


@pytest.fixture
def ask(
    settings: Settings,
    library: Library,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Ask:
    repository = GitRepository(tmp_path / "shop")
    repository.commit("one", {"a.py": "a = 1\n"})

    def run(*args: str) -> list[str]:
        monkeypatch.setattr(sys, "argv", ["internflow", "ask", str(repository.path), *args])
        read_settings.cache_clear()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        errors = [line for line in err.splitlines() if line.startswith("Error: ")]
        assert bool(errors) == bool(ended.value.code)
        return errors or out.splitlines()

    return run


def test_answer_names_tier_commit_place_symbol_and_quotes_the_lines(ask: Ask) -> None:
    assert ask("where is the total?") == [
        "Index at commit abcdef12, 3 commits behind; searched by words and meaning",
        "",
        "[1] shop/cart.py:9-10  Cart.total  abcdef12  0.71",
        "    9  def total(prices):",
        "   10      return sum(prices)  # [bold]<U+001B>[31m",
    ]


def test_neighbours_are_places_below_the_passage(ask: Ask, library: Library) -> None:
    library.neighbours = Neighbours(
        (Place("shop/page.py", 3, "show"),), (Place("shop/\x1b[31m.py", 7, None),)
    )
    assert ask("where is the total?")[-2:] == [
        "       used by: shop/page.py:3  show",
        "          uses: shop/<U+001B>[31m.py:7",
    ]


def test_what_a_model_wrote_comes_first_with_its_citations(ask: Ask, library: Library) -> None:
    library.written = WrittenAnswer((CitedSentence("`total` sums up [x].", (1, 2)),))
    assert ask("where?")[1:4] == ["", "`total` sums up [x]. [1] [2]", ""]


def test_model_that_fails_is_said_and_the_passages_stand(ask: Ask, library: Library) -> None:
    library.written = WrittenAnswer((), "The language model does not answer.")
    said = ask("where?")
    assert "The language model does not answer." in said
    assert any("shop/cart.py:9-10" in line for line in said)


def test_nothing_that_fits_is_one_sentence(ask: Ask, library: Library) -> None:
    library.answer = Answer((), "lexical", SHA, 1)
    assert ask("where is the moon?") == [
        "Index at commit abcdef12, 1 commit behind; searched by words only, until the index knows meaning",
        "Nothing in this repository fits the question.",
    ]


def test_filters_reach_the_search(ask: Ask, library: Library) -> None:
    ask("where?", "--path", "src/*.py", "--language", "python", "--kind", "method")
    assert library.asked == [("where?", Filters("src/*.py", "python", "method"))]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("  ",), "The question is empty"),
        (("x" * 501,), "501 characters"),
        (
            ("where?", "--language", "klingon"),
            "the language 'klingon': choose among python, markdown",
        ),
        (("where?", "--kind", "poem"), "the kind 'poem': choose among method, section"),
        (("where?", "--path", "a\nb"), "is no pattern"),
    ],
)
def test_what_cannot_be_applied_is_refused_in_one_sentence(
    ask: Ask, library: Library, args: tuple[str, ...], sentence: str
) -> None:
    (said,) = ask(*args)
    assert sentence in said
    assert library.asked == []


def test_empty_filters_confine_nothing() -> None:
    assert parse_filters("", None, "", CHOICES) == Filters()


def test_question_is_read_on_one_line() -> None:
    assert parse_question(" where\n is\x00it? ") == "where is it?"
    with pytest.raises(UserInputError):
        parse_question("\x00")


def test_index_that_is_not_behind_says_so() -> None:
    assert describe_index(SHA, 0, "dense").endswith(
        "0 commits behind; searched by words and meaning"
    )
