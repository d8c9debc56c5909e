import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.resumes.readme import find_first_paragraph, parse_first_sentence

BADGES = "[![CI](https://x.org/b.svg)](https://x.org) ![logo](logo.png)"


@pytest.mark.parametrize(
    ("text", "lines", "sentence"),
    [
        ("# Shop\n\nSells books in two cities. And more.", (3, 3), "Sells books in two cities."),
        (
            f"# Shop\n{BADGES}\n\n{BADGES}\n\nSells books\nto readers!\n",
            (6, 7),
            "Sells books to readers!",
        ),
        (
            "Shop\n====\n\n.. image:: logo.png\n\nA shop for `books <https://x.org>`_.",
            (6, 6),
            "A shop for books.",
        ),
        (
            "<div>\n<h1>Shop</h1>\n</div>\n\n**Shop** is a [WSGI](https://x.org) shop",
            (5, 5),
            "Shop is a WSGI shop",
        ),
        (
            "```\npip install the shop now.\n```\n\nInstall it with pip first.",
            (5, 5),
            "Install it with pip first.",
        ),
        ("- one item of a list\n\n> a quote of somebody\n\n| a | table row |", None, None),
        ("# Shop\n\nshort", None, None),
        ("", None, None),
        (f"{'long ' * 40}.\n\nThe second paragraph fits.", (3, 3), "The second paragraph fits."),
        ("Use snake_case names in the code.", (1, 1), "Use snake_case names in the code."),
    ],
)
def test_first_sentence_of_a_readme(
    text: str, lines: tuple[int, int] | None, sentence: str | None
) -> None:
    split = text.split("\n")
    found = find_first_paragraph(split)
    assert found == lines
    if found:
        assert parse_first_sentence("\n".join(split[found[0] - 1 : found[1]])) == sentence


@given(st.lists(st.text()))
def test_any_readme_is_read_and_the_sentence_is_short_and_printable(lines: list[str]) -> None:
    found = find_first_paragraph(lines)
    if found:
        sentence = parse_first_sentence("\n".join(lines[found[0] - 1 : found[1]]))
        assert sentence is not None
        assert sentence.isprintable()
        assert len(sentence) <= 160
