"""An option or environment variable that the documentation names and the code no longer knows. Pure but for reading."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from internflow.repos.languages import PROSE, find_language, is_generated_or_vendored
from internflow.reviews.catalog import is_apart
from internflow.reviews.findings import Problem
from internflow.reviews.repository.commits import Commit, Placed
from internflow.reviews.repository.nodes import LONGEST_LINE
from internflow.reviews.repository.rules import OPTION
from internflow.reviews.repository.snapshot import Snapshot, walk_files

MOST_OPTIONS = 50  # of one commit
MOST_LINES = 2  # told of one option
MOST_OTHER_FILES = 500
NEAR = 4  # lines from a definition's beginning to its name

_option = re.compile(r"(?<=[\"'/])--([a-z][a-z0-9]+(?:-[a-z0-9]+)*)(?![\w-])")
_go_flag = re.compile(r"(?:[Ff]lags?\(\)|\bflag)\.\w+\([^\"\n]{0,100}\"([a-z][a-z0-9-]+)\"")
_defines = re.compile(
    r"add_argument\(|[oO]ption\(|[aA]rgument\(|[fF]lags?\b|getopt|\.option\b|Parameter\("
)
_variable = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
_reads = re.compile(
    r"environ|getenv|[gG]et_?[eE]nv|LookupEnv|process\.env|ENV\[|env::var|envvar|config\(|setting",
    re.I,
)
_not_ours = re.compile(
    r"^[\s`>$%]*(sudo\s+)?(pip3?|pipx|git|npm|npx|yarn|pnpm|docker|podman|kubectl|curl|wget|pytest|go|cargo|mvn|gradle|brew"
    r"|apt|apt-get|make|conda|uv|poetry|tox|python3?\s+-m\s+(pip|venv|pytest|build))\s"
)
_past = re.compile(
    r"removed|deprecat|no longer|renamed|obsolete|used to|formerly|instead|replaced|was ", re.I
)
_history = re.compile(
    r"(^|/)(change(s|log)?|history|news|releases?(_?notes)?|upgrad\w*|migrat\w*|licen[cs]e|authors|contribut\w*)[^/]*$"
    r"|(^|/)(decisions|adr|changelogs?|releases?|blog|news|whatsnew)/",
    re.I,
)
_FAMILIAR = frozenset({"help", "version", "verbose", "quiet", "debug"})


def find_gone_options(commit: Commit) -> Iterator[Placed]:
    """The lines of documentation about options whose last mention in code the commit removed."""
    gone = [name for name in _find_removed(commit) if not _is_mentioned(commit.after, name)]
    if not gone:
        return
    docs = _read_documents(commit.after)
    for name in gone:
        told = list(_find_documented(docs, name))[:MOST_LINES]
        if told and not _is_elsewhere(commit.after, name):
            for path, number, line in told:
                message = f"`{name}` is documented here, and nothing in the code knows it any more"
                yield path, Problem(OPTION, number, number, message, line, subject=name)


def option_is_gone(snapshot: Snapshot, path: str, subject: str) -> bool | None:
    """Whether a document still names an option that no code mentions."""
    docs = {p: lines for p, lines in _read_documents(snapshot).items() if p == path}
    if next(_find_documented(docs, subject), None) is None:
        return False
    return not _is_mentioned(snapshot, subject) and not _is_elsewhere(snapshot, subject)


def _find_removed(commit: Commit) -> list[str]:
    """Options and variables on lines that the commit took out of code."""
    found: dict[str, None] = {}
    for change in commit.changes:
        old_path = change.old_path or change.path
        if (
            change.old_blob_sha is None
            or is_apart(old_path)
            or not commit.before.find_facts(old_path)
        ):
            continue
        old, new = commit.before.read_lines(old_path), commit.after.read_lines(change.path)
        kept = set(new)
        for number, line in enumerate(old):
            if line not in kept and len(line) <= LONGEST_LINE:
                found.update(
                    dict.fromkeys(_find_defined(line, old[max(0, number - NEAR) : number + 1]))
                )
    return [name for name in found if name.strip("-") not in _FAMILIAR][:MOST_OPTIONS]


def _find_defined(line: str, near: Sequence[str]) -> Iterator[str]:
    if any(_defines.search(one[:LONGEST_LINE]) for one in near):
        yield from (f"--{match[1]}" for match in _option.finditer(line))
    yield from (f"--{match[1]}" for match in _go_flag.finditer(line))
    if any(_reads.search(one[:LONGEST_LINE]) for one in near):
        yield from _variable.findall(line)


def _is_mentioned(snapshot: Snapshot, name: str) -> bool:
    """Whether some code has the name: as it is, as a name of a parameter, or put together from a prefix."""
    if not name.startswith("-"):
        return bool(snapshot.find_mentions(name)) or _may_be_built(snapshot, name)
    bare = name.lstrip("-")
    if snapshot.find_mentions(bare.replace("-", "_")):
        return True
    pattern = _spelled(name, bare)
    users = snapshot.find_mentions(bare.rpartition("-")[2])
    return any(pattern.search(line) for path in users for line in snapshot.read_lines(path))


def _spelled(name: str, bare: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])|[\"']{re.escape(bare)}[\"']")


def _may_be_built(snapshot: Snapshot, name: str) -> bool:
    """Whether a variable's beginning stands in code as a prefix, and its end as the name of a setting."""
    parts = name.split("_")
    for cut in range(1, len(parts)):
        prefix, field = "_".join(parts[:cut]), "_".join(parts[cut:]).lower()
        has_prefix = snapshot.find_mentions(prefix) or snapshot.find_mentions(f"{prefix}_")
        if has_prefix and snapshot.find_mentions(field):
            return True
    return False


def _is_elsewhere(snapshot: Snapshot, name: str) -> bool:
    """Whether a file that is neither code nor documentation has the name; also when there are too many to look."""
    pattern = _spelled(name, name.lstrip("-"))
    count = 0
    for path, blob_sha in walk_files(snapshot):
        if path in snapshot.files or find_language(path) in PROSE or is_generated_or_vendored(path):
            continue
        count += 1
        lines = snapshot.library.read_lines(find_language(path) or "text", blob_sha)
        if count > MOST_OTHER_FILES or any(
            pattern.search(line[:LONGEST_LINE]) for line in lines or ()
        ):
            return True
    return False


def _read_documents(snapshot: Snapshot) -> dict[str, Sequence[str]]:
    """The lines of the documentation at a commit, that of earlier versions apart."""
    found: dict[str, Sequence[str]] = {}
    for path, blob_sha in walk_files(snapshot):
        language = find_language(path)
        name = PurePosixPath(path).name.lower()
        if language not in PROSE or _history.search(path) or is_generated_or_vendored(path):
            continue
        if is_apart(path) or (language == "text" and not name.startswith("readme")):
            continue
        lines = snapshot.library.read_lines(str(language), blob_sha)
        if lines:
            found[path] = lines
    return found


def _find_documented(docs: dict[str, Sequence[str]], name: str) -> Iterator[tuple[str, int, str]]:
    """The lines that tell of an option as one of this program today."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    for path, lines in docs.items():
        about = [
            (n, line)
            for n, line in enumerate(lines, start=1)
            if name in line and pattern.search(line)
        ]
        if any(_defines.search(line) or len(line) > LONGEST_LINE for _n, line in about):
            continue  # an example in the documentation defines it
        for number, line in about:
            if not _not_ours.match(line) and not _past.search(line):
                yield path, number, line
