"""A private repository opens with the token of its host, which is seen by that host and by nobody else."""

import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from internflow.errors import ConfigError, UserInputError
from internflow.repos.mirrors import update_mirror
from internflow.repos.vetting import Source
from internflow.settings import read_settings
from tests.git_https import HOST, GitHost, serving_git
from tests.git_repositories import GitRepository

TOKEN = "ghp_Xk2vQ9right"


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHost]:
    monkeypatch.setenv("GIT_SSL_CAINFO", str(tmp_path / "certificate.pem"))
    repository = GitRepository(tmp_path / "host" / "work")
    repository.commit("one", {"a.py": "a = 1\n"})
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "host" / "asha" / "shop.git"))
    with serving_git(tmp_path / "host") as serving:
        serving.password = TOKEN
        yield serving


@pytest.fixture
def tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "tokens"
    monkeypatch.setenv("INTERNFLOW_GIT_TOKENS_FILE", str(file))
    read_settings.cache_clear()
    return file


def write(file: Path, text: str, mode: int = 0o600) -> None:
    file.write_text(text)
    file.chmod(mode)


def source_at(host: GitHost) -> Source:
    return Source("0" * 16, host.url("/asha/shop"), "https", "shop", ("127.0.0.1",))


def spellings(token: str) -> list[str]:
    return [token, b64encode(f"x-access-token:{token}".encode()).decode()]


def test_the_right_token_opens_it_and_is_written_nowhere(
    host: GitHost, tokens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    write(tokens, f"# ours\n{HOST.upper()} {TOKEN}\n")
    commands: list[str] = []
    start = subprocess.Popen.__init__

    def note(self: object, args: list[str], **more: object) -> None:
        commands.append(f"{args} {more.get('env')}")
        start(self, args, **more)  # type: ignore[arg-type, call-overload]

    monkeypatch.setattr(subprocess.Popen, "__init__", note)
    mirrors = tmp_path / "mirrors"
    update_mirror(source_at(host), mirrors)
    update_mirror(source_at(host), mirrors)
    written = b"".join(p.read_bytes() for p in mirrors.rglob("*") if p.is_file()).decode("latin-1")
    logged = "".join(capfd.readouterr())
    for secret in spellings(TOKEN):
        assert secret not in written
        assert secret not in logged
        assert secret not in "".join(c for c in commands if "http-backend" not in c)
    assert list(tmp_path.glob("*.gitconfig")) == []


def test_a_wrong_token_is_one_sentence_without_it(
    host: GitHost, tokens: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write(tokens, f"{HOST} ghp_wrongwrong\n")
    with pytest.raises(UserInputError, match="token in INTERNFLOW_GIT_TOKENS_FILE") as caught:
        update_mirror(source_at(host), tmp_path / "mirrors")
    said = str(caught.value) + "".join(capfd.readouterr())
    assert not any(secret in said for secret in spellings("ghp_wrongwrong"))


def test_a_token_is_not_shown_to_another_host(host: GitHost, tokens: Path, tmp_path: Path) -> None:
    write(tokens, f"github.com {TOKEN}\nother.internflow.test {TOKEN}\n")
    with pytest.raises(UserInputError, match="no public repository at"):
        update_mirror(source_at(host), tmp_path / "mirrors")
    assert set(host.authorizations) == {""}


@pytest.mark.parametrize(
    ("text", "mode", "sentence"),
    [
        (f"{HOST} {TOKEN}\n", 0o640, "Others may read .*: run `chmod 600"),
        (f"{HOST}\n", 0o600, "Line 1 of .* is no host and token"),
        (f'{HOST} {TOKEN}"\n', 0o600, "Line 1 of"),
        (f"\n{HOST} {TOKEN} more\n", 0o600, "Line 2 of"),
        (None, 0, "cannot be read"),
    ],
)
def test_a_file_that_is_open_to_others_or_malformed_is_refused(
    host: GitHost, tokens: Path, tmp_path: Path, text: str | None, mode: int, sentence: str
) -> None:
    if text is not None:
        write(tokens, text, mode)
    with pytest.raises(ConfigError, match=sentence) as caught:
        update_mirror(source_at(host), tmp_path / "mirrors")
    assert TOKEN not in str(caught.value)
    assert host.requested == []
