"""A name that a commit removed and other code still uses: Python's imports, attributes and methods. Pure."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tree_sitter import Node

from internflow.reviews.findings import Problem
from internflow.reviews.repository.bindings import is_binding
from internflow.reviews.repository.commits import Commit, Placed
from internflow.reviews.repository.facts import FileFacts
from internflow.reviews.repository.imports import Import
from internflow.reviews.repository.nodes import (
    ancestors,
    find_names,
    is_same,
    last_line_of,
    line_of,
    text_of,
)
from internflow.reviews.repository.rules import REMOVED
from internflow.reviews.repository.snapshot import CodeFile, Snapshot

MOST_USES = 5  # of one name
MOST_NAMES = 200  # of one commit
LONGEST_QUOTE = 12
LONGEST_QUESTION = 200

_top_level = re.compile(r"([^\W\d]\w*)\s*(?::[^=]+)?=(?!=)")


@dataclass(frozen=True)
class Use:
    """A place that takes a name out of a module."""

    path: str
    line: int
    end_line: int


def find_removed(commit: Commit) -> Iterator[Placed]:
    """The uses of names and modules that the commit removed, each where it stands."""
    count = 0
    for change in commit.changes:
        old_path = change.old_path or change.path
        if change.change_kind in ("added", "copied") or not old_path.endswith(".py"):
            continue
        if commit.before.find_facts(old_path) is None:
            continue
        if old_path in commit.after.files and commit.after.find_facts(old_path) is None:
            continue
        for name in _find_lost(commit, old_path):
            count += 1
            if count > MOST_NAMES:
                return
            for use in find_dangling(commit.after, commit.before, old_path, name)[:MOST_USES]:
                yield use.path, _build_problem(commit, use, old_path, name)


def find_dangling(after: Snapshot, before: Snapshot, path: str, name: str) -> list[Use]:
    """The places of a tree that take a name out of a file which does not have it (an empty name: the file itself).

    `before` is a tree in which the file had it: there it shows what an import means.
    """
    users = after.find_mentions(name or _module_name(path))
    found: list[Use] = []
    for user in users:
        if user == path or after.files[user].language != "python":
            continue
        for one in after.read_imports(user):
            found += _find_uses(after, before, user, one, path, name)
    return sorted(set(found), key=lambda use: (use.path, use.line))


def use_stands(snapshot: Snapshot, path: str, subject: str) -> bool | None:
    """Whether a file still takes a name out of a module that does not have it."""
    origin, _, name = subject.partition("::")
    if path not in snapshot.files or origin == path:
        return False
    facts = snapshot.find_facts(origin)
    if facts is None and origin in snapshot.files:
        return None
    if facts is not None and (not name or _may_have(snapshot, origin, name)):
        return False
    before = _with_module(snapshot, origin)
    return any(use.path == path for use in find_dangling(snapshot, before, origin, name))


def _find_lost(commit: Commit, path: str) -> Iterator[str]:
    """The names at the top of a file that it had before; an empty one when the whole file is gone."""
    if path not in commit.after.files:
        if not _has_successor(commit.after, path):
            yield ""
        return
    for name in sorted(_find_top_names(commit.before, path)):
        if not _may_have(commit.after, path, name):
            yield name


def _find_top_names(snapshot: Snapshot, path: str) -> set[str]:
    """Functions, classes, values and imports at the left edge of a file."""
    facts = snapshot.find_facts(path)
    names = {s.name for s in facts.symbols if not s.owner} if facts is not None else set()
    for line in snapshot.read_lines(path):
        found = _top_level.match(line)
        if found:
            names.add(found[1])
    names |= {i.bound for i in snapshot.read_imports(path) if i.name and not i.is_guarded}
    return names - {"*", "_"}


def _may_have(snapshot: Snapshot, path: str, name: str) -> bool:
    """Whether a module may have a name: anything that binds it in the file counts, and so does what hides names."""
    facts = snapshot.find_facts(path)
    root, lines = snapshot.read_root(path), snapshot.read_lines(path)
    if facts is None or root is None or root.has_error:
        return True
    if (
        "__getattr__" in facts.words
        or {"globals", "import_module", "setattr", "exec"} & facts.words
    ):
        return True
    imports = snapshot.read_imports(path)
    if any(i.bound == "*" or i.bound.partition(".")[0] == name for i in imports):
        return True
    if name not in facts.words:
        return _is_submodule(snapshot, path, name)
    nodes = list(find_names(root, lines, name))
    return any(map(is_binding, nodes)) or _is_submodule(snapshot, path, name)


def _is_submodule(snapshot: Snapshot, path: str, name: str) -> bool:
    if not path.endswith("__init__.py"):
        return False
    folder = path.removesuffix("__init__.py")
    return any(p.startswith((f"{folder}{name}/", f"{folder}{name}.")) for p in snapshot.files)


def _has_successor(snapshot: Snapshot, path: str) -> bool:
    """Whether a file that is gone may still be imported: as a package, a compiled module, a folder."""
    stem = path.removesuffix("/__init__.py") if path.endswith("/__init__.py") else path[:-3]
    return any(p.startswith((f"{stem}/", f"{stem}.")) for p in snapshot.files)


def _find_uses(
    after: Snapshot, before: Snapshot, user: str, one: Import, path: str, name: str
) -> Iterator[Use]:
    if one.is_guarded or _is_foreign(after, user, one, path):
        return
    if not name:
        if _leads_to(before, user, one.module, path) and not after.modules.resolve(
            user, one.module
        ):
            yield Use(user, one.line, one.end_line)
        elif one.name and one.name != "*" and _leads_to(before, user, _join(one), path):
            holder = after.modules.resolve(user, one.module)
            if holder is None or not _may_have(after, holder, one.name):
                yield Use(user, one.line, one.end_line)
        return
    if one.name == name and _leads_to(before, user, one.module, path):
        if after.modules.resolve(user, one.module) == path:
            yield Use(user, one.line, one.end_line)
    elif _is_module(after, user, one, path):
        yield from _find_attributes(after, user, one.bound, name)


def _leads_to(snapshot: Snapshot, user: str, module: str, path: str) -> bool:
    return snapshot.modules.resolve(user, module) == path


def _join(one: Import) -> str:
    return f"{one.module}{'' if one.module.endswith('.') else '.'}{one.name}"


def _is_foreign(snapshot: Snapshot, user: str, one: Import, path: str) -> bool:
    """Whether an import that leads to no file may mean a package from outside.

    It does not when it is relative, when other modules of its package are there, or when the file that is gone lay
    beside the user.
    """
    if one.module.startswith("."):
        return False
    first, _, rest = one.module.partition(".")
    if first in sys.stdlib_module_names:
        return True
    if snapshot.modules.resolve(user, one.module) is not None:
        return False
    if not rest and path.endswith(f"{first}.py"):
        return path.rpartition("/")[0] != user.rpartition("/")[0]
    return f"/{first}/" not in f"/{path}" or not any(
        f"/{first}/" in f"/{p}" for p in snapshot.files
    )


def _is_module(snapshot: Snapshot, user: str, one: Import, path: str) -> bool:
    if one.name is None:
        return snapshot.modules.resolve(user, one.module) == path
    return one.name != "*" and snapshot.modules.resolve(user, _join(one)) == path


def _find_attributes(snapshot: Snapshot, user: str, bound: str, name: str) -> Iterator[Use]:
    """The places `bound.name` of a file in which `bound` is the module and nothing else."""
    root, lines = snapshot.read_root(user), snapshot.read_lines(user)
    if root is None:
        return
    first = bound.partition(".")[0]
    if any(is_binding(node) for node in find_names(root, lines, first)):
        return
    for node in find_names(root, lines, name):
        access = node.parent
        if access is None or access.type != "attribute":
            continue
        if not is_same(access.child_by_field_name("attribute"), node) or _is_set(access):
            continue
        if text_of(access.child_by_field_name("object")) == bound and not _is_tried(node):
            yield Use(user, line_of(node), last_line_of(node))


def _is_set(access: Node) -> bool:
    parent = access.parent
    return (
        parent is not None
        and parent.type == "assignment"
        and is_same(parent.child_by_field_name("left"), access)
    )


def _is_tried(node: Node) -> bool:
    """Whether a use stands where it may fail: in a `try`, or after a question such as `hasattr`."""
    for around in ancestors(node):
        if around.type == "try_statement":
            return True
        if around.type in ("if_statement", "conditional_expression"):
            asked = text_of(around)[:LONGEST_QUESTION]
            if any(word in asked for word in ("hasattr", "TYPE_CHECKING", "version")):
                return True
    return False


def _module_name(path: str) -> str:
    stem = path.removesuffix("/__init__.py").removesuffix(".py")
    return stem.rpartition("/")[2]


def _with_module(snapshot: Snapshot, path: str) -> Snapshot:
    """A tree in which there is some file at a path, to see what an import means."""
    if path in snapshot.files:
        return snapshot
    file = CodeFile(path, "python", "", 0, FileFacts("python", (), frozenset(), is_generated=False))
    return replace(snapshot, files={**snapshot.files, path: file})


def _build_problem(commit: Commit, use: Use, path: str, name: str) -> Problem:
    lines = commit.after.read_lines(use.path)
    end = min(use.end_line, use.line + LONGEST_QUOTE - 1)
    if name:
        message = f"`{name}` is used here, and {path} no longer has it"
    else:
        message = f"The module {path} is imported here, and it is not there any more"
    return Problem(
        REMOVED,
        use.line,
        end,
        message,
        "\n".join(lines[use.line - 1 : end]),
        subject=f"{path}::{name}",
    )
