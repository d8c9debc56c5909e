"""Bullets: sentences about a student's work, made of evidence and of nothing else. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from internflow.listings.skills import find_skill_for_language
from internflow.repos.languages import find_language
from internflow.resumes.citations import Bullet, check_bullet
from internflow.resumes.evidence import Evidence

MOST_SKILLS = 8
MOST_LANGUAGES = 4
MOST_SYMBOLS = 4


@dataclass(frozen=True)
class Facts:
    """One repository's evidence, found by its kind."""

    repo_id: str
    evidence: Sequence[Evidence]

    def of_kind(self, kind: str) -> list[Evidence]:
        return [e for e in self.evidence if e.kind == kind]

    def number(self, kind: str, name: str = "all") -> tuple[int, list[Evidence]]:
        """A measured number and what to cite for it; zero and nothing where there is none."""
        for evidence in self.of_kind(kind):
            if evidence.name == name and evidence.measured_value:
                return evidence.measured_value, [evidence]
        return 0, []

    def bullet(self, rule: str, name: str, content: str, cited: Sequence[Evidence]) -> Bullet:
        ids = tuple(dict.fromkeys(e.evidence_id for e in cited))
        return Bullet(f"{self.repo_id}/{rule}/{name}", self.repo_id, rule, content, ids)


def build_bullets(repo_id: str, evidence: Sequence[Evidence]) -> list[Bullet]:
    """The bullets of one repository, weightiest first. Raises UncitedStatement if one says too much."""
    facts = Facts(repo_id, evidence)
    bullets = [
        *_build_history(facts),
        *_build_skills(facts),
        *_build_areas(facts),
        *_build_tests(facts),
    ]
    for bullet in bullets:
        check_bullet(bullet, evidence)
    return bullets


def _build_history(facts: Facts) -> Iterator[Bullet]:
    commits, of_commits = facts.number("commits")
    files, of_files = facts.number("files")
    months, of_months = facts.number("months")
    if not commits:
        return
    content, cited = f"Authored {_count(commits, 'commit')}", of_commits
    if files:
        content, cited = f"{content} across {_count(files, 'file')}", cited + of_files
    if months > 1:
        content, cited = f"{content}, active in {months} months", cited + of_months
    yield facts.bullet("history", "all", f"{content}.", cited)


def _build_skills(facts: Facts) -> Iterator[Bullet]:
    languages = facts.of_kind("language")[:MOST_LANGUAGES]
    skills = facts.of_kind("skill")[:MOST_SKILLS]
    wrote = f"Wrote {_join([e.name for e in languages])}" if languages else ""
    used = f"{', using' if wrote else 'Used'} {_join([e.name for e in skills])}" if skills else ""
    if wrote or used:
        yield facts.bullet("skills", "all", f"{wrote}{used}.", [*languages, *skills])


def _build_areas(facts: Facts) -> Iterator[Bullet]:
    """One bullet for each area with its symbols; those that lie in none get one of their own."""
    symbols = facts.of_kind("symbol")
    for area in facts.of_kind("own_area_files"):
        own, of_own = facts.number("own_area_files", area.name)
        everyone, of_everyone = facts.number("area_files", area.name)
        folder, _, language = area.name.rpartition(":")
        if not own or not everyone:
            continue
        inside = [s for s in symbols if _lies_in(s, folder, language)]
        symbols = [s for s in symbols if s not in inside]
        files = f"{find_skill_for_language(language) or language} {_plural('file', everyone)}"
        content = f"Added {_share(own, everyone)} {files} in `{folder.rstrip('/')}`"
        if inside:
            content = f"{content} and wrote {_list_symbols(inside)} there"
        yield facts.bullet("area", area.name, f"{content}.", [*of_own, *of_everyone, *inside])
    if symbols:
        chosen = symbols[:MOST_SYMBOLS]
        yield facts.bullet("symbols", "all", f"Implemented {_list_symbols(chosen)}.", chosen)


def _build_tests(facts: Facts) -> Iterator[Bullet]:
    commits, of_commits = facts.number("commits")
    test_commits, of_test_commits = facts.number("test_commits")
    test_files, of_test_files = facts.number("test_files")
    if not test_commits or not commits:
        return
    content = f"Changed tests in {test_commits} of {_count(commits, 'commit')}"
    cited = of_test_commits + of_commits
    if test_files:
        content, cited = (
            f"{content} and added {_count(test_files, 'test file')}",
            cited + of_test_files,
        )
    yield facts.bullet("tests", "all", f"{content}.", cited)


def _lies_in(symbol: Evidence, folder: str, language: str) -> bool:
    path = symbol.name.rpartition(":")[0]
    return path.startswith(folder) and find_language(path) == language


def _list_symbols(symbols: Sequence[Evidence]) -> str:
    return _join(list(dict.fromkeys(f"`{s.name.rpartition(':')[2]}`" for s in symbols)))


def _share(own: int, everyone: int) -> str:
    if own < everyone:
        return f"{own} of the {everyone}"
    return {1: "the 1", 2: "both"}.get(own, f"all {own}")


def _count(number: int, thing: str) -> str:
    return f"{number} {_plural(thing, number)}"


def _plural(thing: str, number: int) -> str:
    return thing if number == 1 else f"{thing}s"


def _join(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
