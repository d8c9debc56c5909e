"""Secrets in any text, by the detectors of detect-secrets whose shape says what they are, and what is only a sample.

Its detectors by entropy are left out: hashes, identifiers and encoded images are most of what they find.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

from detect_secrets.filters.allowlist import is_line_allowlisted
from detect_secrets.plugins.aws import AWSKeyDetector
from detect_secrets.plugins.azure_storage_key import AzureStorageKeyDetector
from detect_secrets.plugins.basic_auth import BasicAuthDetector
from detect_secrets.plugins.discord import DiscordBotTokenDetector
from detect_secrets.plugins.github_token import GitHubTokenDetector
from detect_secrets.plugins.gitlab_token import GitLabTokenDetector
from detect_secrets.plugins.jwt import JwtTokenDetector
from detect_secrets.plugins.keyword import CONFIG_DENYLIST_REGEX_TO_GROUP, KeywordDetector
from detect_secrets.plugins.mailchimp import MailchimpDetector
from detect_secrets.plugins.npm import NpmDetector
from detect_secrets.plugins.openai import OpenAIDetector
from detect_secrets.plugins.private_key import PrivateKeyDetector
from detect_secrets.plugins.pypi_token import PypiTokenDetector
from detect_secrets.plugins.sendgrid import SendGridDetector
from detect_secrets.plugins.slack import SlackDetector
from detect_secrets.plugins.square_oauth import SquareOAuthDetector
from detect_secrets.plugins.stripe import StripeDetector
from detect_secrets.plugins.telegram_token import TelegramBotTokenDetector
from detect_secrets.util.code_snippet import CodeSnippet

from internflow.reviews.analyzers.mocks import (
    is_key_body,
    is_mock_password,
    is_mock_token,
    is_private_host,
    names_no_secret,
)
from internflow.reviews.findings import Problem
from internflow.reviews.quoting import quote_problem
from internflow.reviews.reading import is_prose

SHORTEST_LINE = 12
LONGEST_LINE = 1000  # longer ones are data, and some patterns take quadratic time


@dataclass(frozen=True)
class Detector:
    """What one kind of secret looks like. A line without any of the `hints` (in small letters) has none."""

    rule: str
    what: str
    hints: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]

    def find(self, line: str) -> str | None:
        """The secret in a line, without what stands around it."""
        for pattern in self.patterns:
            if found := pattern.search(line):
                return found[0]
        return None


def _token(what: str, hints: tuple[str, ...], detector: object) -> Detector:
    return Detector("secret-service-token", what, hints, tuple(detector.denylist))  # type: ignore[attr-defined]


GITLAB = (
    *("glpat-", "gldt-", "glft-", "glsoat-", "glrt-", "gr1348941", "glcbt-", "glimt-"),
    *("glptt-", "glagent-", "gloas-"),
)
TOKENS = (
    Detector("secret-cloud-key", "an AWS key", ("akia", "asia", "a3t", "abia", "acca", "aws"),
             tuple(AWSKeyDetector.denylist)),
    Detector("secret-cloud-key", "an Azure storage key", ("accountkey=",), tuple(AzureStorageKeyDetector.denylist)),
    _token("a GitHub token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), GitHubTokenDetector),
    Detector("secret-service-token", "a GitHub token", ("github_pat_",), (re.compile(r"github_pat_\w{82}"),)),
    _token("a GitLab token", GITLAB, GitLabTokenDetector),
    _token("a Slack token", ("xox", "hooks.slack.com"), SlackDetector),
    _token("a Stripe key", ("k_live_",), StripeDetector),
    _token("a SendGrid key", ("sg.",), SendGridDetector),
    _token("an npm token", ("_authtoken",), NpmDetector),
    _token("a PyPI token", ("pypi-age",), PypiTokenDetector),
    _token("an OpenAI key", ("t3blbkfj",), OpenAIDetector),
    Detector("secret-service-token", "an Anthropic key", ("sk-ant-",), (re.compile(r"sk-ant-[\w-]{80,}"),)),
    Detector("secret-service-token", "a Hugging Face token", ("hf_",), (re.compile(r"\bhf_[A-Za-z]{34}\b"),)),
    _token("a Mailchimp key", ("-us",), MailchimpDetector),
    _token("a Square secret", ("sq0csp-",), SquareOAuthDetector),
    _token("a Telegram bot token", (":aa",), TelegramBotTokenDetector),
    _token("a Discord bot token", ("discord",), DiscordBotTokenDetector),
    Detector("secret-web-token", "a signed web token", ("eyj",), tuple(JwtTokenDetector.denylist)),
)  # fmt: skip
MARKERS = tuple(PrivateKeyDetector.denylist)
URLS = tuple(BasicAuthDetector.denylist)

CONFIG = (
    ".yml", ".yaml", ".ini", ".cfg", ".conf", ".toml", ".properties", ".env", ".json", ".tfvars", ".sh", ".bash",
)  # fmt: skip
KEYWORD = re.compile(r"pass|pwd|secret|key", re.IGNORECASE)
_keywords = KeywordDetector()

Found = tuple[str, str] | None  # rule, and what it is
Look = Callable[[Sequence[str], int], Found]


class SecretsAnalyzer:
    """Keys, tokens and passwords that are no samples."""

    name = "detect-secrets"
    version = version("detect-secrets")

    def wants(self, read_as: str) -> bool:
        return True

    def analyze(self, text: str, read_as: str) -> Iterator[Problem]:
        small = text.lower()
        looks = _choose_looks(small, read_as)
        if not looks:
            return
        lines = text.split("\n")
        for number, line in enumerate(lines, start=1):
            if not SHORTEST_LINE <= len(line) <= LONGEST_LINE:
                continue
            found = next((f for look in looks if (f := look(lines, number))), None)
            if found is None or _is_allowed(lines, number, read_as):
                continue
            rule, what = found
            problem = quote_problem(rule, lines, number, number, f"{what} in the repository")
            if problem:
                yield problem


def _choose_looks(small: str, read_as: str) -> list[Look]:
    """What is worth looking for in a text, given in small letters: most have no hint of most."""
    looks: list[Look] = []
    if "private key" in small or "putty-user-key" in small:
        looks.append(_find_private_key)
    live = [d for d in TOKENS if any(hint in small for hint in d.hints)]
    if is_prose(read_as):  # it shows samples of everything else
        live = [d for d in live if d.rule != "secret-web-token"]
    if live:
        looks.append(partial(_find_token, live))
    if is_prose(read_as):
        return looks
    if "://" in small and "@" in small:
        looks.append(_find_url)
    if read_as.endswith(CONFIG):
        looks.append(_find_setting)
    return looks


def _find_private_key(lines: Sequence[str], number: int) -> Found:
    line = lines[number - 1]
    is_marked = any(marker.search(line) for marker in MARKERS)
    if is_marked and is_key_body(line, lines[number : number + 4]):
        return "secret-private-key", "A private key"
    return None


def _find_token(live: Sequence[Detector], lines: Sequence[str], number: int) -> Found:
    line = lines[number - 1]
    small = line.lower()
    for detector in live:
        if any(hint in small for hint in detector.hints):
            secret = detector.find(line)
            if secret and not is_mock_token(secret, line) and _is_valid(detector, secret):
                return detector.rule, detector.what[0].upper() + detector.what[1:]
    return None


def _find_url(lines: Sequence[str], number: int) -> Found:
    line = lines[number - 1]
    if "://" in line and "@" in line and _has_password_in_url(line):
        return "secret-url-password", "A password in an address"
    return None


def _find_setting(lines: Sequence[str], number: int) -> Found:
    line = lines[number - 1]
    if KEYWORD.search(line) and _sets_password(line):
        return "secret-password", "A password or key"
    return None


def _is_valid(detector: Detector, secret: str) -> bool:
    return detector.rule != "secret-web-token" or JwtTokenDetector.is_formally_valid(secret)


def _has_password_in_url(line: str) -> bool:
    for pattern in URLS:
        for found in pattern.finditer(line):
            user = found[0].removeprefix("://").partition(":")[0]
            host = re.split(r"[/:?#\s\"'`]", line[found.end() :], maxsplit=1)[0]
            password = found[1]
            if password.lower() != user.lower() and not (
                is_mock_password(password) or is_private_host(host)
            ):
                return True
    return False


def _sets_password(line: str) -> bool:
    values = _keywords.analyze_string(line, CONFIG_DENYLIST_REGEX_TO_GROUP)
    return any(v and not is_mock_password(v) and not names_no_secret(line, v) for v in values)


def _is_allowed(lines: Sequence[str], number: int, read_as: str) -> bool:
    """Whether the author says that the line is meant, in the way of detect-secrets."""
    before = max(0, number - 2)
    snippet = CodeSnippet(list(lines[before:number]), before, number - 1 - before)
    return bool(is_line_allowlisted(read_as, lines[number - 1], snippet))
