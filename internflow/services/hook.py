"""Git's post-commit hook: adds our lines to a repository's hook, or takes them out; nothing else in it is touched."""

import os
import shlex
from pathlib import Path

import pygit2

from internflow.errors import UserInputError

BEGIN = "# >>> internflow >>>"
END = "# <<< internflow <<<"
SHELLS = {"sh", "bash", "dash", "ksh", "zsh"}
NEW = "#!/bin/sh\n"


def install_hook(repository: str, data_dir: Path, python: str) -> Path:
    """Have each commit of the repository reviewed in the background; return the hook. A second call renews the lines.

    Raises UserInputError where the hook is not ours to change.
    """
    hook = find_hook(repository)
    text = _read(hook)
    before = NEW if text is None else text
    _refuse_foreign(hook, before, is_new=text is None)
    first, newline, rest = remove_block(before).partition("\n")
    # Right after the first line, since the rest may end the script early.
    block = build_block(data_dir, python)
    _write(hook, f"{first}{newline or chr(10)}{block}{rest}")
    return hook


def uninstall_hook(repository: str) -> bool:
    """Take our lines out; False when there are none. A hook that was ours alone is removed."""
    hook = find_hook(repository)
    text = _read(hook)
    if text is None or BEGIN not in text:
        return False
    left = remove_block(text)
    if left == NEW:
        hook.unlink()
    else:
        _write(hook, left)
    return True


def build_block(data_dir: Path, python: str) -> str:
    """The lines of the hook. They end well whatever happens, and keep nothing of the commit's terminal open."""
    command = shlex.join([python, "-P", "-m", "internflow.services.post_commit", str(data_dir)])
    setting = f"INTERNFLOW_DATA_DIR={shlex.quote(str(data_dir))}"
    return (
        f"{BEGIN}\n"
        "# Reviews new commits in the background. `internflow hook uninstall` removes these lines.\n"
        f"({setting} nohup {command} </dev/null >/dev/null 2>&1 &) || :\n"
        f"{END}\n"
    )


def remove_block(text: str) -> str:
    """The text of a hook without our lines."""
    before, begin, rest = text.partition(f"{BEGIN}\n")
    _ours, end, after = rest.partition(f"{END}\n")
    return before + after if begin and end else text


def find_hook(repository: str) -> Path:
    """The post-commit hook of the repository that a path is in. Raises UserInputError without a working tree."""
    try:
        found = pygit2.discover_repository(str(Path(repository).expanduser().resolve(strict=True)))
        opened = pygit2.Repository(found) if found else None
    except (OSError, RuntimeError, ValueError, pygit2.GitError):
        opened = None
    worktree = opened.workdir if opened else None
    if opened is None or worktree is None:
        raise UserInputError(
            f"{repository[:200]!r} is in no working tree of Git: give the path of one."
        )
    return _find_hooks(opened, Path(worktree)) / "post-commit"


def _find_hooks(repository: pygit2.Repository, worktree: Path) -> Path:
    """Git's folder of hooks. One that core.hooksPath puts elsewhere may be that of every repository of this person."""
    common = _find_common(Path(repository.path))
    try:
        configured = repository.config["core.hooksPath"]
    except KeyError:
        configured = None
    if not configured:
        return common / "hooks"
    folder = (worktree / Path(configured).expanduser()).resolve()
    for own in (worktree.resolve(), common.resolve()):
        if folder.is_relative_to(own):
            return folder
    raise UserInputError(
        f"core.hooksPath is {str(folder)!r}, which other repositories may use, too:"
        " unset it in this repository, then install again."
    )


def _find_common(git_dir: Path) -> Path:
    """The folder that a linked working tree shares with the others."""
    named = git_dir / "commondir"
    return (git_dir / named.read_text().strip()).resolve() if named.exists() else git_dir


def _read(hook: Path) -> str | None:
    if hook.is_symlink():
        raise UserInputError(
            f"{hook} is a link to {str(hook.readlink())!r}: put a file in its place, then install again."
        )
    try:
        return hook.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None


def _refuse_foreign(hook: Path, text: str, *, is_new: bool) -> None:
    first = text.partition("\n")[0]
    shell = Path((first.removeprefix("#!").split() or [""])[-1]).name
    if not first.startswith("#!") or shell not in SHELLS:
        raise UserInputError(
            f"{hook} is no shell script ({first[:40]!r}): make it one that calls yours, then install again."
        )
    if not is_new and not os.access(hook, os.X_OK):
        raise UserInputError(
            f"{hook} is switched off, since it is not executable: remove it or switch it on first."
        )


def _write(hook: Path, text: str) -> None:
    """Aside, then renamed: a commit at this moment runs the old hook or the new one."""
    hook.parent.mkdir(parents=True, exist_ok=True)
    mode = hook.stat().st_mode & 0o777 if hook.exists() else 0o755
    aside = hook.with_name(f"{hook.name}.{os.getpid()}.part")
    aside.write_bytes(text.encode("utf-8", "surrogateescape"))
    aside.chmod(mode)
    aside.replace(hook)
