"""Tokens for private repositories, by host, from a file that its owner alone may read."""

import re
from base64 import b64encode
from pathlib import Path

from internflow.errors import ConfigError

# No quotes and no backslash: the token is written into a line of git's configuration.
TOKEN = re.compile(r"[A-Za-z0-9._~+/=:-]{1,500}")


def find_token(file: Path | None, host: str) -> str | None:
    """The host's token; None without one. Raises ConfigError, which never tells a token."""
    if file is None:
        return None
    try:
        mode = file.stat().st_mode
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise ConfigError(
            f"INTERNFLOW_GIT_TOKENS_FILE {file} cannot be read ({type(error).__name__}): correct it or unset it."
        ) from None
    if mode & 0o077:
        raise ConfigError(f"Others may read {file}, which holds tokens: run `chmod 600 {file}`.")
    return _parse_tokens(lines, file).get(host.lower())


def _parse_tokens(lines: list[str], file: Path) -> dict[str, str]:
    tokens = {}
    for number, line in enumerate(lines, start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) != 2 or not TOKEN.fullmatch(words[1]):
            raise ConfigError(f"Line {number} of {file} is no host and token: write `host token`.")
        tokens[words[0].lower()] = words[1]
    return tokens


def build_authorization(token: str) -> str:
    """The header's value as GitHub, GitLab and Gitea take a token: as the password of any user."""
    return "Basic " + b64encode(f"x-access-token:{token}".encode()).decode()
