import sys
from hashlib import sha1
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from internflow.reviews.analyzers import process, readers
from internflow.reviews.analyzers.protocol import Analysis, BlobKey
from internflow.reviews.analyzers.running import analyze_texts
from internflow.reviews.findings import brought_in
from internflow.reviews.lines import quote_lines

MUTABLE = "def f(a=[]):\n    return a\n"


def key_of(text: str, read_as: str = "module.py") -> BlobKey:
    return BlobKey(sha1(text.encode(), usedforsecurity=False).hexdigest(), read_as)


def analyze(*texts: str) -> list[Analysis]:
    analyses = analyze_texts((key_of(text), text) for text in texts)
    return [analyses[key_of(text)] for text in texts]


def told(analysis: Analysis) -> list[tuple[str, int, int]]:
    return [(p.rule, p.start_line, p.end_line) for p in analysis.problems]


def test_nothing_to_analyze_gives_nothing() -> None:
    assert analyze_texts([]) == {}


def test_many_files_are_told_apart_in_one_run() -> None:
    clean, mutable, broken, empty = analyze("x = 1\n", MUTABLE, "def f(:\n", "")
    assert (clean, empty) == (Analysis(), Analysis())
    assert told(mutable) == [("B006", 1, 1)]
    assert told(broken) == [("invalid-syntax", 1, 1)]
    assert [a.is_whole for a in (clean, mutable, broken)] == [True, True, False]


def test_the_same_text_is_read_by_its_suffix() -> None:
    text = "def f(x: A): ...\nclass A: ...\n"
    keys = [key_of(text, suffix) for suffix in ("module.py", "module.pyi")]
    assert analyze_texts((key, text) for key in keys).keys() == set(keys)


def test_a_wrapped_call_is_quoted_whole_and_means_the_same() -> None:
    body = "import subprocess\nx = input()\n"
    wrapped, one_line = analyze(
        f"{body}subprocess.run(\n    'ls ' + x,\n    shell=True,\n)\n",
        f'{body}subprocess.run("ls " + x, shell=True)\n',
    )
    assert told(wrapped) == [("S602", 3, 6)]
    assert told(one_line) == [("S602", 3, 3)]
    assert brought_in(one_line.problems, wrapped.problems) == []


def test_a_function_stays_the_same_complex_one_under_another_signature() -> None:
    body = "".join(f"    if a == {n}:\n        a += 1\n" for n in range(20))
    before, after = analyze(f"def f(a):\n{body}", f"def f(a, b):\n{body}    if b:\n        a = 0\n")
    assert told(before) == told(after) == [("C901", 1, 1)]
    assert brought_in(before.problems, after.problems) == []


def test_long_quotes_are_cut() -> None:
    query = 'f"""' + "select\n" * 30 + 'from {x}"""'
    (analysis,) = analyze(f"x = input()\ny = {query}\n")
    assert told(analysis) == [("S608", 2, 13)]


def test_an_error_at_the_end_is_quoted_where_text_is() -> None:
    (unfinished,) = analyze("x = 1\ndef f(\n\n\n\n")
    assert told(unfinished) == [("invalid-syntax", 2, 2)]


def test_lines_too_long_to_quote_and_files_with_too_many_problems_are_not_told_of() -> None:
    minified, many = analyze(f"x = '{'-' * 5000}'; exec(x)\n", "exec(x)\n" * 3000)
    assert minified == Analysis()
    assert many == Analysis(left_out="more than 1000 problems")


def test_messages_are_one_printable_line() -> None:
    (analysis,) = analyze('open("/tmp/\x1b]0;owned\x07", "w")\n')
    assert [p.rule for p in analysis.problems] == ["S108"]
    assert analysis.problems[0].message.isprintable()


def test_deep_nesting_new_syntax_and_odd_line_ends_do_no_harm() -> None:
    deep = f"x = {'(' * 20_000}1{')' * 20_000}\n"
    new = "type X = int\nmatch [1]:\n    case [y]:\n        print(t'{y}')\n"
    ends = "import os\x0c\ndef g(a=[]):\x0c\r\n    return a\r\rdef h(b={}):\r    return b\n"
    analyses = analyze(deep, new, ends)
    assert [told(a) for a in analyses] == [[], [], [("B006", 2, 2), ("B006", 5, 5)]]


def test_a_file_that_the_analyzer_fails_on_takes_no_other_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "OUTPUT_BYTES", 50_000)
    texts = [f"{MUTABLE}x = {n}\n" for n in range(6)]
    texts[3] = "".join(f"exec(x{n})\n" for n in range(900))
    analyses = analyze(*texts)
    assert len(analyses[3].gaps) == 1
    assert analyses[3].gaps[0].startswith("ruff ")
    assert analyses[3].failure is None
    assert not analyses[3].is_whole
    assert [told(a) for a in analyses[:3] + analyses[4:]] == [[("B006", 1, 1)]] * 5


AWS = "AKIA" + "Q7RZ2PLMX4VBN8TD"
SLOW = f"// {AWS}\n" + "function f(a) { if (a) { return a; } }\n" * 20_000
COMPLEX = "function f(a) {\n" + "  if (a) { a(); }\n" * 20 + "}\n"


def test_an_analyzer_that_hangs_costs_its_own_step_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "STEP_SECONDS", 0.5)
    texts = {key_of(text, "module.js"): text for text in (COMPLEX, SLOW, f"{COMPLEX}\n")}
    first, slow, last = analyze_texts(texts.items()).values()
    assert told(first) == told(last) == [("complex-function", 1, 1)]
    assert "lizard took too long" in slow.gaps
    assert told(slow) == [("secret-cloud-key", 1, 1)]
    assert [a.is_whole for a in (first, slow, last)] == [True, False, True]


def test_files_that_are_made_to_hang_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "STEP_SECONDS", 0.05)
    monkeypatch.setattr(readers, "MOST_CRASHES", 1)
    texts = {key_of(f"{SLOW}// {n}\n", "module.js"): f"{SLOW}// {n}\n" for n in range(6)}
    analyses = list(analyze_texts(texts.items()).values())
    assert "lizard took too long" in analyses[0].gaps
    assert analyses[-1].failure == "not tried: too many others failed"


def test_an_analyzer_without_memory_costs_its_own_step_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "MEMORY_BYTES", 220 * 1024**2)
    deep = "x = [" + "[1, 2, 3, 4], " * 60_000 + "]\nimport torch\ntorch.load(x)\n"
    shallow = "import torch\ntorch.load(1)\n"
    texts = {key_of(text): text for text in (f"{deep}a = '{AWS}'\n", shallow)}
    large, small = analyze_texts(texts.items()).values()
    assert any(
        gap.startswith(("bandit failed", "bandit ended", "bandit crashed")) for gap in large.gaps
    )
    assert told(large)[-1][0] == "secret-cloud-key"
    assert told(small) == [("B614", 2, 2)]


def test_a_confined_process_has_no_network_where_the_system_allows_it(tmp_path: Path) -> None:
    code = "import socket; socket.create_connection(('127.0.0.1', 1), 1)"
    ended = process.run_confined("probe", [sys.executable, "-I", "-c", code], tmp_path, 10)
    assert ended.trouble is not None
    if not process.has_network():
        assert "unreachable" in ended.trouble


def test_one_line_with_a_password_is_told_of_once() -> None:
    (analysis,) = analyze(f"password = '{AWS}'\n")
    assert told(analysis) == [("secret-cloud-key", 1, 1)]


def test_the_authors_noqa_is_respected_and_inline_settings_are_not() -> None:
    script = '# /// script\n# [tool.ruff.lint]\n# ignore = ["ALL"]\n# ///\n'
    said, silenced, off = analyze(
        script + MUTABLE, MUTABLE.replace(":\n", ":  # noqa: B006\n", 1), f"# ruff: noqa\n{MUTABLE}"
    )
    assert told(said) == [("B006", 5, 5)]
    assert (silenced, off) == (Analysis(), Analysis())


def test_code_is_never_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    (analysis,) = analyze(f"open({str(marker)!r}, 'w').close()\nexec(x)\n")
    assert ("S102", 2, 2) in told(analysis)
    assert not marker.exists()


lines = st.sampled_from([
    "def f(a=[]):", "    try:", "    except:", "        pass", "eval(x)", "    return a", "",
    "x = 'é\x0c'", "if x == x:", "    f'{y}'", "(", ")", '"""', "# noqa", "class A:", "\tx = 1",
])  # fmt: skip


@hypothesis_settings(max_examples=12, deadline=None)
@given(
    st.lists(st.lists(lines, max_size=12), min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"])
)
def test_every_quote_is_the_text_of_its_lines(files: list[list[str]], end: str) -> None:
    texts = {key_of(text): text for text in (end.join(file) for file in files)}
    analyses = analyze_texts(texts.items())
    assert analyses.keys() == texts.keys()
    for key, analysis in analyses.items():
        assert analysis.failure is None
        for p in analysis.problems:
            assert quote_lines(texts[key], p.start_line, p.end_line) == p.quote != ""


def test_a_text_that_an_analyzer_refuses_is_not_whole_and_the_others_tell_of_it() -> None:
    deep = f"x = {'(' * 400}1{')' * 400};\nif (a = b) f();\nconst key = '{AWS}';\n"
    (analysis,) = analyze_texts([(key_of(deep, "module.js"), deep)]).values()
    assert analysis.gaps == ("ast-grep refused it (too long, or nested too deeply)",)
    assert told(analysis) == [("secret-cloud-key", 3, 3)]
    assert not analysis.is_whole
