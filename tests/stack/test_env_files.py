"""The script that makes the env files of the production stack."""

import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from internflow.settings import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of deployments/env as a new checkout has it."""
    source = ROOT / "deployments" / "env"
    target = tmp_path / "deployments" / "env"
    target.mkdir(parents=True)
    for path in (*source.glob("*.example"), source / "generate"):
        shutil.copy(path, target)
    return target


def generate(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(folder / "generate"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def read_values(folder: Path) -> dict[str, str]:
    text = "\n".join(path.read_text() for path in sorted(folder.glob("*.env")))
    return dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))


def test_every_example_becomes_a_private_file_without_placeholders(folder: Path) -> None:
    assert generate(folder).returncode == 0
    made = sorted(folder.glob("*.env"))
    assert [f"{p.name}.example" for p in made] == sorted(p.name for p in folder.glob("*.example"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}
    assert "<" not in "".join(path.read_text() for path in made)


def test_a_login_has_one_password_in_all_files_and_no_two_logins_share_one(folder: Path) -> None:
    generate(folder)
    worker, prefect = (folder / "worker.env").read_text(), (folder / "prefect.env").read_text()
    values = read_values(folder)
    assert f"internflow_owner:{values['OWNER_PASSWORD']}@" in worker
    assert f"prefect:{values['PREFECT_PASSWORD']}@" in prefect
    assert values["PREFECT_API_AUTH_STRING"] == values["PREFECT_SERVER_API_AUTH_STRING"]
    passwords = [value for name, value in values.items() if name.endswith("_PASSWORD")]
    assert len(set(passwords)) == len(passwords) == 3
    assert {len(password) for password in passwords} == {32}


def test_a_second_run_changes_nothing(folder: Path) -> None:
    generate(folder)
    with (folder / "worker.env").open("a") as file:
        file.write("INTERNFLOW_CONTACT=placement@college.example\n")
    before = {path: path.read_text() for path in folder.iterdir()}
    assert generate(folder).returncode == 0
    assert {path: path.read_text() for path in folder.iterdir()} == before


def test_a_file_that_is_missing_gets_the_passwords_of_the_others(folder: Path) -> None:
    generate(folder)
    before = (folder / "worker.env").read_text()
    (folder / "worker.env").unlink()
    assert generate(folder).returncode == 0
    assert (folder / "worker.env").read_text() == before


def test_a_line_of_another_form_is_named(folder: Path) -> None:
    generate(folder)
    written = (folder / "app.env").read_text().replace("@postgres:5432", "@db.example.org:5432")
    (folder / "app.env").write_text(written)
    refused = generate(folder)
    assert refused.returncode == 1
    assert "INTERNFLOW_DATABASE_URL_APP" in refused.stderr


def test_rotating_without_a_running_stack_changes_no_file(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(folder)
    before = {path: path.read_text() for path in folder.iterdir()}
    refusing = tmp_path / "bin" / "docker"
    refusing.parent.mkdir()
    refusing.write_text("#!/bin/sh\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", str(refusing.parent), prepend=":")
    assert generate(folder, "--rotate").returncode == 1
    assert {path: path.read_text() for path in folder.iterdir()} == before
