import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.repos.chunks import chunk_file

PYTHON = '''"""Module."""
import os

LIMIT = 3


@cache
def load(path):
    """Load."""
    return os.stat(path)


class Store:
    """A store."""

    size = 1

    def add(self, row):
        self.size += 1

    async def drop(self):
        pass


print(LIMIT)
'''


def test_functions_methods_and_what_lies_between_are_chunks() -> None:
    chunks = [
        (c.kind, c.symbol, c.start_line, c.end_line) for c in chunk_file("a.py", PYTHON.encode())
    ]
    assert chunks == [
        ("module", None, 1, 4),
        ("function", "load", 7, 10),
        ("class", "Store", 13, 16),
        ("method", "Store.add", 18, 19),
        ("method", "Store.drop", 21, 22),
        ("module", None, 25, 25),
    ]


@pytest.mark.parametrize(
    ("path", "source", "symbols"),
    [
        (
            "a.ts",
            "export function f(a: number) { return a }\nclass K { m() { return 1 } }\n",
            {"f", "K.m"},
        ),
        ("a.java", "class K {\n  int x;\n  int m() { return 1; }\n}\n", {"K", "K.m"}),
        ("a.go", "package p\n\nfunc F() int { return 1 }\n", {"F"}),
        ("a.rs", "struct S;\nimpl S {\n    fn m(&self) {}\n}\nfn f() {}\n", {"S", "S.m", "f"}),
        ("a.c", "static int *f(int a) {\n  return 0;\n}\n", {"f"}),
        (
            "a.cpp",
            "class K {\n  int m() { return 1; }\n};\nint K::n() { return 2; }\n",
            {"K", "K.m", "K::n"},
        ),
        ("a.md", "intro\n# One\ntext\n```\n# no heading\n```\n## Two\n", {"One", "Two"}),
    ],
)
def test_symbols_of_each_language_are_found(path: str, source: str, symbols: set[str]) -> None:
    assert {c.symbol for c in chunk_file(path, source.encode())} - {None} == symbols


@pytest.mark.parametrize("path", ["a.py", "a.ts", "a.c", "a.md", "a.txt", "a.go"])
@given(
    lines=st.lists(
        st.sampled_from(
            [*PYTHON.split("\n"), "# Head", "class {", "}", "func f() {", "\t", "é", "```"]
        ),
        max_size=250,
    )
)
def test_every_line_that_is_not_blank_lies_in_exactly_one_chunk(
    path: str, lines: list[str]
) -> None:
    text = "\n".join(lines)
    covered: list[int] = []
    for chunk in chunk_file(path, text.encode()):
        assert chunk.content == "\n".join(lines[chunk.start_line - 1 : chunk.end_line])
        assert chunk.end_line - chunk.start_line < 80
        covered += range(chunk.start_line, chunk.end_line + 1)
    assert len(covered) == len(set(covered))
    assert {n for n, line in enumerate(lines, start=1) if line.strip()} <= set(covered)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.py", b"\0\0"), ("a.py", b"x = 1\n" * 200_000), ("a.js", b"x" * 5000), ("node_modules/a/b.js", b"x"),
        ("package-lock.json", b"{}"), ("a.unknown", b"x"), ("a.py", b""),
    ],
)  # fmt: skip
def test_files_that_are_not_somebodys_text_give_no_chunks(path: str, data: bytes) -> None:
    assert chunk_file(path, data) == []
