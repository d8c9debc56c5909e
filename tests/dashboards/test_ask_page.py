"""The page Ask under Streamlit's own test runner; search and model answer as each test says."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import asking
from internflow.errors import StaleIndex
from internflow.generation.answering import WrittenAnswer
from internflow.generation.cited_answer import CitedSentence
from internflow.retrieval import search
from internflow.retrieval.neighbours import Neighbours, Place
from internflow.retrieval.passages import Filters
from internflow.retrieval.search import Answer, Passage
from internflow.settings import ROOT, Settings
from internflow.students.current import write_current_student
from internflow.warehouse.connections import Connection, connect
from tests.dashboards.seeding import ADA, ADAS_REPOSITORY, BOB, BOBS_REPOSITORY, World

SHA = "abcdef1234" * 4
TRAP = "<script>window.pwned=1</script> [x](https://evil.example) :red[x] $x$"
TOTAL = Passage(
    "shop/cart.py", 9, 10, "total", "python", "function", 0.7, f"def total():\n    {TRAP}"
)


class Library:
    def __init__(self) -> None:
        self.answer = Answer((TOTAL,), "dense", SHA, 2)
        self.written: list[WrittenAnswer] = []
        self.asked: list[tuple[str, str, Filters]] = []
        self.error: Exception | None = None

    def ask(
        self,
        _settings: Settings,
        connection: Connection,
        repo_id: str,
        question: str,
        *,
        filters: Filters,
    ) -> Answer:
        row = connection.execute("select current_user::text as name").fetchone()
        assert row == {"name": "internflow_app"}
        self.asked.append((repo_id, question, filters))
        if self.error:
            raise self.error
        return self.answer

    def write(self, *_given: object) -> WrittenAnswer | None:
        return self.written.pop(0) if self.written else None


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    library = Library()
    monkeypatch.setattr(search, "ask", library.ask)
    monkeypatch.setattr(asking, "write_answer", library.write)
    return library


def open_ask(settings: Settings, student_id: str = ADA, **address: str) -> AppTest:
    write_current_student(settings, student_id)
    app = AppTest.from_file(ROOT / "dashboards" / "app.py", default_timeout=30)
    app.run().switch_page("views/ask.py")
    app.query_params.clear()
    app.query_params.update(address)
    return app.run()


def send(app: AppTest, question: str) -> AppTest:
    app.text_input(key="ask.question").set_value(question)
    return app.button(key="FormSubmitter:ask.form-Ask").click().run()


def read_html(app: AppTest) -> str:
    return "\n".join(str(element.value) for element in app.html)


def test_page_says_where_the_index_stands_before_anything_is_asked(
    pages: Settings, world: World, library: Library
) -> None:
    html = read_html(open_ask(pages))
    assert (
        f"Index at commit {world.shas[-1][:8]}, 0 commits behind; searched by words and meaning"
        in html
    )
    assert library.asked == []


def test_index_that_is_behind_counts_the_commits(
    own_pages: Settings, world: World, library: Library
) -> None:
    with connect(own_pages, "owner") as connection:
        connection.execute(
            "update ops.index_manifests set commit_sha = %s, tier = 'lexical'", (world.shas[1],)
        )
    html = read_html(open_ask(own_pages))
    assert f"Index at commit {world.shas[1][:8]}, 3 commits behind; searched by words only" in html


def test_answer_shows_place_symbol_commit_and_numbered_lines(
    pages: Settings, library: Library
) -> None:
    app = send(open_ask(pages), " Where is the total? ")
    assert not app.error
    html = read_html(app)
    assert "Index at commit abcdef12, 2 commits behind; searched by words and meaning" in html
    assert "shop/cart.py:9-10 · abcdef12" in html
    assert "<b>total</b>" in html
    assert '<td class="if-number">9</td><td class="if-code">def total():</td>' in html
    assert "1 passage, best first" in [caption.value for caption in app.caption]
    assert library.asked == [(ADAS_REPOSITORY, "Where is the total?", Filters())]


def test_code_of_a_repository_is_text_and_nothing_else(pages: Settings, library: Library) -> None:
    library.written = [WrittenAnswer((CitedSentence(TRAP, (1,)),))]
    app = send(open_ask(pages), "Where?")
    html = read_html(app)
    assert html.count("&lt;script&gt;") == 2
    assert "<script" not in html
    assert not any("evil.example" in element.value for element in [*app.markdown, *app.caption])


def test_neighbours_stand_below_their_passage_as_harmless_text(
    pages: Settings, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = Neighbours((Place("shop/page.py", 3, "show"),), (Place("<b>.py", 7, None),))
    monkeypatch.setattr(asking, "find_neighbours", lambda *_given: (around,))
    html = read_html(send(open_ask(pages), "Where is the total?"))
    assert html.index("def total()") < html.index("Used by")
    assert "<dd>shop/page.py:3 <b>show</b></dd>" in html
    assert "<dt>Uses</dt><dd>&lt;b&gt;.py:7</dd>" in html


def test_filters_are_applied(pages: Settings, library: Library) -> None:
    app = open_ask(pages)
    assert "python" in app.selectbox(key="ask.language").options
    app.selectbox(key="ask.language").set_value("python")
    app.selectbox(key="ask.kind").set_value("function")
    app.text_input(key="ask.path").set_value(" shop/*.py ")
    send(app, "Where?")
    assert library.asked[0][2] == Filters("shop/*.py", "python", "function")


@pytest.mark.parametrize("question", ["", "   "])
def test_empty_question_is_refused_and_the_form_stays(
    pages: Settings, library: Library, question: str
) -> None:
    app = send(open_ask(pages), question)
    assert "The question is empty" in app.error[0].value
    assert library.asked == []
    assert "Where is the total?" in send(app, "Where is the total?").text_input[0].value
    assert len(library.asked) == 1


def test_nothing_that_fits_says_so(pages: Settings, library: Library) -> None:
    library.answer = Answer((), "dense", SHA, 0)
    app = send(open_ask(pages), "Where is the moon?")
    assert "Nothing in this repository fits the question." in read_html(app)


def test_stale_index_says_how_to_build_it(pages: Settings, library: Library) -> None:
    library.error = StaleIndex(
        "The index is damaged: rebuild it with `internflow index rebuild REPO`."
    )
    app = send(open_ask(pages), "Where?")
    assert r"\`internflow index rebuild REPO\`" in app.error[0].value
    assert "Index at commit" in read_html(app)


def test_repository_without_an_index_says_how_to_build_one(
    pages: Settings, library: Library
) -> None:
    app = open_ask(pages, BOB)
    assert "This repository is not indexed yet" in read_html(app)
    assert "internflow index build /srv/git/bob-shop" in read_html(app)
    assert not app.text_input


def test_what_a_model_wrote_stands_above_the_passages(pages: Settings, library: Library) -> None:
    library.written = [WrittenAnswer((CitedSentence("`total` sums up.", (1,)),))]
    html = read_html(send(open_ask(pages), "Where?"))
    assert html.index('<code>total</code> sums up. <span class="if-mark">[1]</span>') < html.index(
        "shop/cart.py"
    )


def test_model_that_failed_is_said_and_asked_again_by_the_next_look(
    pages: Settings, library: Library
) -> None:
    library.written = [
        WrittenAnswer((), "The language model does not answer."),
        WrittenAnswer((CitedSentence("It sums up.", (1,)),)),
    ]
    app = send(open_ask(pages), "Where?")
    assert any("does not answer" in caption.value for caption in app.caption)
    assert "shop/cart.py:9-10" in read_html(app)
    assert "It sums up." in read_html(app.run())


def test_repository_of_another_student_is_refused(pages: Settings, library: Library) -> None:
    app = open_ask(pages, repository=BOBS_REPOSITORY)
    assert app.error[0].value.startswith("None of your repositories has")
    assert library.asked == []
