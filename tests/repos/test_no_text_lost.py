"""The law of chunks: no line lost, in order, no line twice but where an overlap is declared."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from internflow.repos.chunks import cut_file
from internflow.repos.languages import LANGUAGES
from tests.repos.test_chunks import PYTHON, SOURCES

ROOT = Path(__file__).parents[2]
FOLDERS = ("internflow", "dashboards", "docs", "crawlers", "deployments", "dbt")
REAL = sorted(p for f in FOLDERS for p in (ROOT / f).rglob("*") if p.suffix in LANGUAGES)
LINES = sorted({line for source in (*SOURCES.values(), PYTHON) for line in source.split("\n")})
HOSTILE = ["{" * 40, ")" * 9, "\t", "é", "```", "'''", '"""', "/*", "<<EOF", "====", "<script>"]
HOSTILE += ["\f", "\u2028", "{%", "#" * 5, "'", "`"]


def check_law(path: str, text: str) -> int:
    """Check the law for a file that is not left out; how many chunks it gave."""
    chunks = cut_file(path, text.encode()).chunks
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    covered: set[int] = set()
    last = start = 0
    for chunk in chunks:
        assert chunk.content == "\n".join(lines[chunk.start_line - 1 : chunk.end_line])
        assert chunk.end_line - chunk.start_line < 80
        assert chunk.start_line > start
        assert chunk.start_line + chunk.overlap_lines > last
        assert chunk.overlap_lines == max(0, last - chunk.start_line + 1) <= 3
        start, last = chunk.start_line, chunk.end_line
        covered |= set(range(start, last + 1))
    assert {n for n, line in enumerate(lines, start=1) if line.strip()} <= covered
    return len(chunks)


@pytest.mark.parametrize("suffix", sorted(set(LANGUAGES) - {".ipynb"}))
@hypothesis_settings(max_examples=12, deadline=None)
@given(
    lines=st.lists(st.sampled_from([*LINES, *HOSTILE]), max_size=300),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_every_written_line_of_generated_text_is_kept(
    suffix: str, lines: list[str], end: str
) -> None:
    check_law(f"a{suffix}", end.join(lines))


@pytest.mark.parametrize("path", SOURCES)
@hypothesis_settings(max_examples=15, deadline=None)
@given(times=st.integers(1, 12), share=st.floats(0, 1))
def test_every_written_line_of_long_and_broken_code_is_kept(
    path: str, times: int, share: float
) -> None:
    lines = (SOURCES[path] * times).split("\n")
    cut = int(len(lines) * share)
    check_law(path, "\n".join(lines[cut:] + lines[: cut // 2]))


def test_every_written_line_of_real_files_is_kept() -> None:
    chunked = {p.suffix for p in REAL if cut_file(p.name, p.read_bytes()).chunks}
    assert chunked >= {".py", ".md", ".sql", ".yaml"}
    for path in REAL:
        if cut_file(path.name, path.read_bytes()).chunks:
            assert check_law(path.name, path.read_bytes().decode())


@hypothesis_settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=400), suffix=st.sampled_from([*sorted(LANGUAGES), ""]))
def test_any_bytes_are_chunked_without_failing(data: bytes, suffix: str) -> None:
    for chunk in cut_file(f"a{suffix}", data).chunks:
        assert "\0" not in chunk.content
        assert chunk.content.strip()
