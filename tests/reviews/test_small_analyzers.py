import pytest

from internflow.reviews.analyzers.complexity import ComplexityAnalyzer
from internflow.reviews.analyzers.manifests import ManifestAnalyzer
from internflow.reviews.analyzers.security import SecurityAnalyzer
from internflow.reviews.findings import Problem

SIGNATURES = {
    "module.js": "function sort(a) {",
    "module.ts": "function sort(a: number): number {",
    "module.java": "class A { int sort(int a) {",
    "module.c": "int sort(int a) {",
    "module.cpp": "int A::sort(int a) {",
    "module.go": "func sort(a int) int {",
    "module.rs": "fn sort(a: i32) -> i32 {",
    "module.cs": "class A { int sort(int a) {",
    "module.php": "<?php function sort($a) {",
    "module.swift": "func sort(a: Int) -> Int {",
    "module.kt": "fun sort(a: Int): Int {",
}


def branches(count: int) -> str:
    return "".join(f"  if (a == {n}) {{ a = {n + 1}; }}\n" for n in range(count))


@pytest.mark.parametrize(("read_as", "signature"), SIGNATURES.items())
def test_a_function_with_too_many_branches_is_named(read_as: str, signature: str) -> None:
    analyzer = ComplexityAnalyzer()
    assert analyzer.wants(read_as)
    end = "}}\n" if signature.startswith("class") else "}\n"
    (problem,) = analyzer.analyze(f"\n{signature}\n{branches(16)}{end}", read_as)
    assert (problem.rule, problem.start_line, problem.quote) == ("complex-function", 2, signature)
    assert str(problem.subject).endswith("sort")
    assert "17 > 15" in problem.message
    assert list(analyzer.analyze(f"{signature}\n{branches(14)}{end}", read_as)) == []


def test_python_is_left_to_ruff_and_text_to_nobody() -> None:
    analyzer = ComplexityAnalyzer()
    assert not any(map(analyzer.wants, ["module.py", "text.yml", "prose.txt", "package.json"]))


def test_models_are_loaded_safely() -> None:
    text = (
        "import torch\nfrom transformers import AutoModel\n"
        "a = torch.load('a.pt')\n"
        "b = torch.load('b.pt', weights_only=True)\n"
        "c = AutoModel.from_pretrained('org/model')\n"
        "d = AutoModel.from_pretrained('org/model', revision='5d0f2e8a7f1c')\n"
    )
    problems = list(SecurityAnalyzer().analyze(text, "module.py"))
    assert [(p.rule, p.start_line) for p in problems] == [("B614", 3), ("B615", 5)]
    assert problems[0].quote == "a = torch.load('a.pt')"


@pytest.mark.parametrize("text", ["import torch\ntorch.load(\n", "x = torch.load(1)\n" + "(" * 500])
def test_code_that_does_not_parse_is_left_to_ruff(text: str) -> None:
    assert list(SecurityAnalyzer().analyze(text, "module.py")) == []


def told(text: str, read_as: str) -> list[tuple[str, int, str | None]]:
    problems: list[Problem] = list(ManifestAnalyzer().analyze(text, read_as))
    return [(p.rule, p.start_line, p.subject) for p in problems]


def test_requirements_without_a_version_are_unpinned() -> None:
    text = (
        "# the web\nflask\nrequests[socks]\nnumpy==2.0\nhttpx>=0.28\ndjango~=5.0 ; python_version > '3'\n"
        "-r other.txt\n--hash=sha256:abc\ngit+https://example.org/a.git\nlocal @ file:///x\n./package\n\nattrs  # any\n"
    )
    assert told(text, "requirements.txt") == [
        ("manifest-unpinned", 2, "flask"),
        ("manifest-unpinned", 3, "requests"),
        ("manifest-unpinned", 13, "attrs"),
    ]


def test_a_package_may_be_asked_for_in_a_range_but_not_in_any_version() -> None:
    text = (
        '{\n  "name": "x",\n  "latest": "latest",\n  "dependencies": {\n    "a": "*",\n    "b": "^1.0.0",\n'
        '    "c": "latest"\n  },\n  "devDependencies": {"d": ""}\n}\n'
    )
    assert told(text, "package.json") == [
        ("manifest-unpinned", 5, "a"),
        ("manifest-unpinned", 7, "c"),
    ]


@pytest.mark.parametrize(
    ("read_as", "text", "rule"),
    [
        ("requirements.txt", "jeIlyfish==0.7.1\n", "manifest-malicious"),
        ("requirements.txt", "PyCrypto==2.6.1\n", "manifest-abandoned"),
        ("requirements.txt", "setup_tools\n", "manifest-malicious"),
        ("pyproject.toml", '[project]\ndependencies = ["urlib3>=1"]\n', "manifest-malicious"),
        ("package.json", '{"dependencies":\n{\n"crossenv": "1.0.0"}}', "manifest-malicious"),
        ("package.json", '{"dependencies":\n{\n"event-stream": "3.3.6"}}', "manifest-malicious"),
        ("go.mod", "require github.com/boltdb-go/bolt v1.3.1\n", "manifest-malicious"),
        ("build.gradle", "implementation 'log4j:log4j:1.2.17'\n", "manifest-abandoned"),
        (
            "pom.xml",
            "<dependency>\n<groupId>log4j</groupId>\n<artifactId>log4j</artifactId>\n"
            "<version>1.2.17</version></dependency>",
            "manifest-abandoned",
        ),
    ],
)
def test_known_bad_packages_are_told_of_with_a_source(read_as: str, text: str, rule: str) -> None:
    (problem,) = ManifestAnalyzer().analyze(text, read_as)
    assert problem.rule == rule
    assert str(problem.rule_url).startswith("https://")


@pytest.mark.parametrize(
    ("read_as", "text"),
    [
        ("requirements.txt", "jellyfish==0.7.1\nurllib3==2\nsetuptools==80\n"),
        ("package.json", '{"dependencies":\n{\n"event-stream": "^4.0.1", "cross-env": "7.0.3"}}'),
        ("package.json", "[]"),
        ("package.json", '{"dependencies": 1'),
        ("pyproject.toml", "project = 1\n"),
        ("pyproject.toml", '[project]\ndependencies = ["flask", 1]\n'),
        ("go.mod", "require github.com/boltdb/bolt v1.3.1\n"),
        ("pom.xml", "<dependency>" * 5000),
    ],
)
def test_good_and_broken_lists_are_told_nothing_of(read_as: str, text: str) -> None:
    assert told(text, read_as) == []
