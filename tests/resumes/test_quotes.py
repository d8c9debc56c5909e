import pytest

from internflow.resumes.blame import Origin
from internflow.resumes.quotes import OwnFile, Symbol, quote_languages, quote_skills, quote_symbols

REPO, SHA = "a" * 16, "c" * 40


def build_file(path: str, language: str, text: str, *not_own: int) -> OwnFile:
    lines = text.split("\n")
    own = {n: Origin(SHA, path, n) for n in range(1, len(lines) + 1) if n not in not_own}
    return OwnFile(path, language, tuple(lines), own)


def find_symbols(
    file: OwnFile, *symbols: tuple[str, str, int, int]
) -> list[tuple[str, int | None]]:
    listed = [Symbol(file.path, kind, name, start, end) for kind, name, start, end in symbols]
    return [(e.name.rpartition(":")[2], e.start_line) for e in quote_symbols(REPO, [file], listed)]


@pytest.mark.parametrize(
    ("language", "text", "name", "line"),
    [
        (
            "python",
            '@cli.command()\n@option("--copy", help="copy over")\ndef copy(ctx):\n    pass',
            "copy",
            3,
        ),
        ("python", "@decorate(\n    cls=run_all,\n)\nasync def run_all():\n    pass", "run_all", 4),
        ("go", "// Handle handles.\nfunc (s *Server) Handle(w int) {\n}", "Handle", 2),
        ("rust", "#[derive(Debug)]\npub(crate) fn parse_it(x: u8) {\n}", "parse_it", 2),
        ("typescript", "export default async function loadCart() {\n}", "loadCart", 1),
        ("java", '@Table(name = "Order")\npublic final class Order<T> {\n}', "Order", 2),
        ("c", "static unsigned int *read_all(FILE *f)\n{\n}", "read_all", 1),
        ("python", "# run_all is gone\nprint('run_all')", "run_all", None),
    ],
)
def test_symbol_is_quoted_by_the_line_that_defines_it(
    language: str, text: str, name: str, line: int | None
) -> None:
    file = build_file("a/x.y", language, text)
    found = find_symbols(file, ("function", name, 1, text.count("\n") + 1))
    assert found == ([(name, line)] if line else [])


CODE = "def one():\n    pass\n\ndef two():\n    pass\n    pass"


def test_symbol_counts_when_its_definition_and_most_of_its_lines_are_own() -> None:
    symbols = ("function", "one", 1, 2), ("function", "two", 4, 6)
    assert find_symbols(build_file("a/x.py", "python", CODE), *symbols) == [("two", 4), ("one", 1)]
    assert find_symbols(build_file("a/x.py", "python", CODE, 4), *symbols) == [("one", 1)]
    assert find_symbols(build_file("a/x.py", "python", CODE, 5, 6), *symbols) == [("one", 1)]


@pytest.mark.parametrize("path", ["tests/x.py", "docs/conf.py", "examples/x.py"])
def test_symbols_beside_the_work_are_left_out(path: str) -> None:
    assert find_symbols(build_file(path, "python", CODE), ("function", "one", 1, 2)) == []


@pytest.mark.parametrize(
    "name", ["_one", "main", "__init__", "go", "Shop.sell", "x" * 50, "a b", "it`s"]
)
def test_private_short_and_odd_names_are_no_symbols(name: str) -> None:
    file = build_file("a/x.py", "python", f"def {name}():\n    pass")
    assert find_symbols(file, ("function", name, 1, 2)) == []


def test_class_is_as_long_as_its_methods_and_stands_before_short_functions() -> None:
    text = "def short():\n    pass\nclass Shop:\n    x = 1\n    def sell(self):\n        pass"
    symbols = ("function", "short", 1, 2), ("class", "Shop", 3, 4), ("method", "Shop.sell", 5, 6)
    found = find_symbols(build_file("a/x.py", "python", text), *symbols)
    assert found == [("Shop", 3), ("short", 1)]


def test_at_most_three_symbols_of_an_area_are_told() -> None:
    text = "\n".join(f"def name_{n}():\n    pass" for n in range(9))
    symbols = [("function", f"name_{n}", 2 * n + 1, 2 * n + 2) for n in range(9)]
    assert len(find_symbols(build_file("a/x.py", "python", text), *symbols)) == 3


def test_skill_is_quoted_once_from_the_first_own_line_and_most_used_first() -> None:
    files = [
        build_file("a.py", "python", "import flask\nimport numpy", 1),
        build_file("b.py", "python", "import os\nimport flask\nimport numpy"),
    ]
    found = [(e.name, e.path, e.start_line, e.quote) for e in quote_skills(REPO, files)]
    assert found == [("NumPy", "a.py", 2, "import numpy"), ("Flask", "b.py", 2, "import flask")]


def test_language_needs_five_own_lines_that_are_no_comments() -> None:
    text = "# one\n\n// two\nx = 1\ny = 2\nz = 3\nw = 4\nv = 5"
    (language,) = quote_languages(REPO, [build_file("a.py", "python", text)])
    assert (language.kind, language.name, language.start_line) == ("language", "Python", 4)
    assert quote_languages(REPO, [build_file("a.py", "python", text, 8)]) == []
    (tool,) = quote_languages(REPO, [build_file("Dockerfile", "dockerfile", text)])
    assert (tool.kind, tool.name) == ("skill", "Docker")
