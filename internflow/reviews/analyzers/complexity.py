"""Functions with too many branches, by lizard. Python has ruff's C901: it parses, where lizard only counts tokens,
and it takes a hundredth of the time."""

import re
from collections.abc import Iterator
from importlib.metadata import version

from lizard_core.extensions import get_extensions
from lizard_core.file_analyzer import FileAnalyzer

from internflow.repos.languages import find_language
from internflow.reviews.findings import Problem
from internflow.reviews.quoting import quote_problem

MAX_COMPLEXITY = 15
LANGUAGES = frozenset({
    "javascript", "typescript", "tsx", "java", "c", "cpp", "go", "rust", "csharp", "kotlin", "swift", "ruby", "php",
    "scala", "lua", "perl", "r", "vue", "erlang",
})  # fmt: skip
# Anything that lizard may count; a file with fewer has no function with more.
BRANCH = re.compile(
    r"\b(?:if|elif|elsif|elseif|unless|for|foreach|while|until|repeat|loop|case|when|catch|rescue|except|guard|match"
    r"|and|or|xor|select|switch|forEach|repeat-until)\b|&&|\|\||\?|=>|->"
)
ANONYMOUS = re.compile(r"^(\(?anonymous\)?|lambda|\*global\*|)$", re.IGNORECASE)


class ComplexityAnalyzer:
    """One problem for each function whose cyclomatic complexity is above the limit."""

    name = "lizard"
    version = version("lizard")

    def wants(self, read_as: str) -> bool:
        return read_as.startswith("module") and find_language(read_as) in LANGUAGES

    def analyze(self, text: str, read_as: str) -> Iterator[Problem]:
        if sum(1 for _ in BRANCH.finditer(text)) < MAX_COMPLEXITY:
            return
        lines = text.split("\n")
        read = FileAnalyzer(get_extensions([])).analyze_source_code(read_as, text)
        for function in read.function_list:
            complexity, start = function.cyclomatic_complexity, function.start_line
            # A function without a name has nothing by which it is known again.
            if complexity <= MAX_COMPLEXITY or ANONYMOUS.match(function.name):
                continue
            name = function.name[:200]
            message = f"`{name}` is too complex ({complexity} > {MAX_COMPLEXITY})"
            problem = quote_problem("complex-function", lines, start, start, message, subject=name)
            if problem:
                yield problem
