"""Our own patterns over the syntax tree, by ast-grep, for the languages that have some."""

from importlib.metadata import version

from internflow.repos.languages import find_language
from internflow.reviews.findings import Problem
from internflow.reviews.patterns.catalog import load_patterns
from internflow.reviews.patterns.finding import find_patterns


class StructureAnalyzer:
    """What a linter of each language would say of its worst slips, told alike in all of them."""

    name = "ast-grep"
    version = version("ast-grep-py")

    def wants(self, read_as: str) -> bool:
        language = find_language(read_as)
        return language is not None and bool(load_patterns(language))

    def analyze(self, text: str, read_as: str) -> list[Problem]:
        return find_patterns(str(find_language(read_as)), text)
