"""Runs git against a source with no configuration but ours, and says in one sentence why it failed.

No hooks, helpers, redirects, templates or submodules; no transport but the one that the source was vetted for.
"""

import os
import re
import signal
import subprocess
import tempfile
from contextlib import suppress
from time import monotonic
from urllib.parse import urlsplit

from internflow.errors import ContractViolation, SourceUnavailable, UserInputError
from internflow.repos.limits import FolderLimit
from internflow.repos.tokens import build_authorization, find_token
from internflow.repos.vetting import Source
from internflow.settings import read_settings

TIMEOUT_SECONDS = 900
STALLED_SECONDS = 60  # slower than STALLED_BYTES a second for so long
STALLED_BYTES = 1000
WATCH_SECONDS = 0.2  # between two looks at a folder that grows
MOST_PACKS = 30  # a mirror with more is packed anew

PASSED_ON = (
    "PATH",
    "TMPDIR",
    "GIT_SSL_CAINFO",
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
)

MISSING = re.compile(
    r"repository '.*' not found|does not appear to be a git repository|could not read Username"
    r"|Authentication failed|returned error: 40[134]\b|remote error: .*not found"
)
MOVED = re.compile(r"returned error: 30[12378]\b")


def run_git(source: Source, *args: str, limit: FolderLimit | None = None) -> str:
    """What git prints. Raises UserInputError without such a repository or when the folder of `limit` grows beyond it,
    SourceUnavailable when the source does not answer."""
    if source.kind == "https" and not source.pinned_addresses:
        raise ContractViolation(
            "pinned_addresses of a source", source.location, "vet it again before it is mirrored"
        )
    token = _find_token(source)
    with tempfile.NamedTemporaryFile("w", suffix=".gitconfig") as config:  # readable by us alone
        config.write(build_config(source, token))
        config.flush()
        status, output, errors = _run(source, ["git", *args], _environment(config.name), limit)
    if status:
        raise explain_failure(source, errors, has_token=token is not None)
    return output


def _find_token(source: Source) -> str | None:
    host = urlsplit(source.location).hostname if source.kind == "https" else None
    return find_token(read_settings().git_tokens_file, host) if host else None


def build_config(source: Source, token: str | None = None) -> str:
    """The whole configuration that git sees. A file, since the serving side of a local source ignores `-c`."""
    lines = [
        "[core]\n\thooksPath = /dev/null",
        "[credential]\n\thelper =",
        f"[gc]\n\tautoDetach = false\n\tautoPackLimit = {MOST_PACKS}",
        "[fetch]\n\tunpackLimit = 1",  # a pack is written while it comes: its growth is seen, nothing is held in memory
        "[protocol]\n\tallow = never",
        f'[protocol "{"https" if source.kind == "https" else "file"}"]\n\tallow = always',
        f"[http]\n\tfollowRedirects = false\n\tlowSpeedLimit = {STALLED_BYTES}\n\tlowSpeedTime = {STALLED_SECONDS}",
        "[safe]\n\tdirectory = *",  # a registered folder may belong to another account
    ]
    if source.pinned_addresses:
        parts = urlsplit(source.location)
        pins = f"{parts.hostname}:{parts.port or 443}:{','.join(source.pinned_addresses)}"
        lines.append(f'[http]\n\tcurloptResolve = "{pins}"')
    if token is not None:
        place = f"https://{urlsplit(source.location).netloc}/"  # of this host alone
        header = f"Authorization: {build_authorization(token)}"
        lines.append(f'[http "{place}"]\n\textraHeader = "{header}"')
    return "\n".join(lines) + "\n"


def explain_failure(
    source: Source, errors: str, *, has_token: bool = False
) -> UserInputError | SourceUnavailable:
    """What git's complaints mean to the person who gave the address."""
    complaints = [line for line in errors.splitlines() if line.startswith(("fatal: ", "error: "))]
    said = "".join(c for c in (complaints or ["git said nothing"])[-1] if c.isprintable())[:200]
    for complaint in complaints:
        if MOVED.search(complaint):
            return UserInputError(
                f"{source.location} leads to another address: register that one instead."
            )
        if MISSING.search(complaint) and has_token:
            return UserInputError(
                f"The token for this host opens no repository at {source.location}: check the address,"
                " and the token in INTERNFLOW_GIT_TOKENS_FILE."
            )
        if MISSING.search(complaint):
            return UserInputError(
                f"There is no public repository at {source.location}: check the address, and that it is not private."
            )
    return SourceUnavailable(f"{source.location} cannot be read now ({said}): try again later.")


def _environment(config: str) -> dict[str, str]:
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {
        "HOME": "/nonexistent",
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": config,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
    }


def _run(
    source: Source, command: list[str], environment: dict[str, str], limit: FolderLimit | None
) -> tuple[int, str, str]:
    """Status, output and errors. A run that takes or brings too much is ended with every process it started."""
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        output, errors = _wait(source, process, limit)
    except BaseException:
        with suppress(ProcessLookupError):  # it may have ended by itself, too large
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return process.returncode, output, errors


def _wait(
    source: Source, process: subprocess.Popen[str], limit: FolderLimit | None
) -> tuple[str, str]:
    deadline = monotonic() + TIMEOUT_SECONDS
    while (left := deadline - monotonic()) > 0:
        try:
            said = process.communicate(timeout=min(left, WATCH_SECONDS) if limit else left)
        except subprocess.TimeoutExpired:
            said = None
        if limit:
            limit.check(source.location)
        if said:
            return said
    raise SourceUnavailable(
        f"{source.location} did not finish in {TIMEOUT_SECONDS} s: try again later."
    )
