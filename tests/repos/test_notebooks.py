import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from internflow.repos.chunks import cut_file


def build_notebook(*cells: tuple[str, Any], language: str = "python") -> str:
    return json.dumps(
        {
            "cells": [
                {"cell_type": kind, "metadata": {}, "outputs": [{"text": "x"}], "source": source}
                for kind, source in cells
            ],
            "metadata": {"kernelspec": {"language": language}},
            "nbformat": 4,
        },
        indent=1,
        ensure_ascii=False,
    )


def split_source(text: str) -> list[str]:
    parts = text.split("\n")
    return [*(f"{part}\n" for part in parts[:-1]), *([parts[-1]] if parts[-1] else [])]


def test_cells_are_cut_in_their_language_at_the_lines_of_the_file() -> None:
    code = "import os\n\ndef load(path):\n    return os.stat(path)"
    notebook = build_notebook(
        ("markdown", split_source("# Plan\nWe load.")), ("code", split_source(code))
    )
    lines = notebook.split("\n")
    file = cut_file("a.ipynb", notebook.encode())
    assert [(c.language, c.symbol, c.content) for c in file.chunks] == [
        ("markdown", "Plan", "# Plan\nWe load."),
        ("python", None, "import os"),
        ("python", "load", "def load(path):\n    return os.stat(path)"),
    ]
    load = file.chunks[-1]
    assert "def load(path)" in lines[load.start_line - 1]
    assert "return os.stat" in lines[load.end_line - 1]
    assert [(s.name, s.start_line) for s in file.symbols] == [("load", load.start_line)]
    assert ("stat", load.end_line) in [(r.name, r.line) for r in file.references]


def test_imports_of_one_cell_are_known_in_the_others() -> None:
    notebook = build_notebook(("code", "import numpy as np"), ("code", "np.zeros(3)"))
    assert cut_file("a.ipynb", notebook.encode()).chunks[1].imports == ("np",)


def test_code_is_parsed_as_the_kernel_says() -> None:
    notebook = build_notebook(("code", "f <- function(x) x"), language="R")
    (chunk,) = cut_file("a.ipynb", notebook.encode()).chunks
    assert (chunk.language, chunk.kind) == ("r", "text")


@pytest.mark.parametrize("text", ["{}", "[1, 2]", '{"cells": [', "no json", '{"cells": [1, {}]}'])
def test_what_is_no_notebook_does_not_fail(text: str) -> None:
    assert all(c.content in text for c in cut_file("a.ipynb", text.encode()).chunks)


@hypothesis_settings(max_examples=40, deadline=None)
@given(
    sources=st.lists(
        st.lists(
            st.sampled_from(["x = 1", "def f():", "    pass", "é\t\"q\"", "", "%magic", "# A"]),
            min_size=1,
            max_size=120,
        ),
        max_size=4,
    ),
    kind=st.sampled_from(["code", "markdown", "raw"]),
)  # fmt: skip
def test_every_written_line_of_a_cell_is_kept_and_cited_where_it_stands(
    sources: list[list[str]], kind: str
) -> None:
    notebook = build_notebook(*((kind, split_source("\n".join(s))) for s in sources))
    rows = notebook.split("\n")
    kept: list[str] = []
    last = 0
    for chunk in cut_file("a.ipynb", notebook.encode()).chunks:
        assert chunk.end_line >= chunk.start_line
        assert chunk.start_line + chunk.overlap_lines > last
        last = chunk.end_line
        lines = chunk.content.split("\n")
        for line, row in zip(lines, rows[chunk.start_line - 1 : chunk.end_line], strict=True):
            assert json.dumps(line, ensure_ascii=False)[1:-1] in row
        kept += lines[chunk.overlap_lines :]
    written = [line for source in sources for line in source if line.strip()]
    assert [line for line in kept if line.strip()] == written
