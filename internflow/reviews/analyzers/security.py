"""Bandit, for the few of its checks that ruff has no rule for. A file that does not import what they are about
is not parsed."""

import ast
import logging
import re
from collections.abc import Iterator
from importlib.metadata import version
from io import BytesIO

from bandit.core.config import BanditConfig
from bandit.core.issue import Issue
from bandit.core.manager import BanditManager
from bandit.core.metrics import Metrics
from bandit.core.node_visitor import BanditNodeVisitor

from internflow.reviews.analyzers.rules import BY_SOURCE
from internflow.reviews.findings import Problem
from internflow.reviews.quoting import quote_problem
from internflow.reviews.reading import PACKAGE

CODES = frozenset(rule.code for rule in BY_SOURCE["bandit"])
SUBJECTS = re.compile(r"\btorch\b|\btransformers\b|\bdatasets\b|\bhuggingface_hub\b")
CALLS = re.compile(
    r"\bload\s*\(|\bfrom_pretrained\b|\bload_dataset\b|\bhf_hub_download\b|\bsnapshot_download\b"
)


class SecurityAnalyzer:
    """Unsafe loading of models and data sets."""

    name = "bandit"
    version = version("bandit")

    def __init__(self) -> None:
        self._manager: BanditManager | None = None

    def wants(self, read_as: str) -> bool:
        return read_as in ("module.py", "module.pyw", PACKAGE)

    def analyze(self, text: str, read_as: str) -> Iterator[Problem]:
        if not (SUBJECTS.search(text) and CALLS.search(text)):
            return
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            return  # ruff says what is wrong with it
        lines = text.split("\n")
        for issue in self._find_issues(text.encode("utf-8"), read_as):
            problem = quote_problem(issue.test_id, lines, issue.lineno, issue.lineno, issue.text)
            if problem:
                yield problem

    def _find_issues(self, data: bytes, read_as: str) -> list[Issue]:
        logging.getLogger("bandit").setLevel(logging.CRITICAL)
        if self._manager is None:
            self._manager = BanditManager(BanditConfig(), "file", profile={"include": set(CODES)})
        visitor = BanditNodeVisitor(
            read_as, BytesIO(data), self._manager.b_ma, self._manager.b_ts, False, {}, Metrics()
        )
        visitor.process(data)
        return list(visitor.tester.results)
