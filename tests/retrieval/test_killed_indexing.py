import inspect
import random
import signal
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from internflow.errors import StaleIndex
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import Mirror, update_mirror
from internflow.repos.vetting import vet_source
from internflow.retrieval import stores
from internflow.retrieval.embeddings import count_missing
from internflow.retrieval.search import Answer, ask
from internflow.retrieval.verification import verify_index
from internflow.settings import Settings
from internflow.warehouse.connections import connect
from tests.git_repositories import GitRepository
from tests.killable_indexing import (
    BATCH,
    KillPoint,
    context,
    read_counts,
    read_encoded,
    start_indexing,
)
from tests.word_encoder import WordEncoder

KILLS, KILLS_OF_A_COMMIT = 30, 3
WRITERS = ("stores.py", "embeddings.py")
SEED = 20260201


@dataclass
class Shop:
    """A repository that changes with every commit, and what its files are at each."""

    repository: GitRepository
    settings: Settings
    chosen: random.Random
    versions: dict[str, dict[str, str]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def change(self) -> Mirror:
        """Commit, mirror and load: some files get other functions, one goes, one comes."""
        number = len(self.versions)
        files = dict(self.versions[self.repository.head()]) if self.versions else {}
        gone = self.chosen.choice(sorted(files)) if files else None
        touched = [*self.chosen.sample(sorted(files), min(3, len(files))), f"new_{number}.py"]
        if not files:
            touched = [f"part_{n}.py" for n in range(8)]
        for path in touched:
            name = f"{path.removesuffix('.py')}_at_{number}"
            self.names.append(name)
            files[path] = (
                f"def {name}(item):\n    return item\n\n\ndef {name}_twice(item):\n    pass\n"
            )
        if gone:
            del files[gone]
        sha = self.repository.commit(
            f"commit {number}", {**files, **({gone: None} if gone else {})}
        )
        self.versions[sha] = files
        source = vet_source(str(self.repository.path), allow_local=True)
        mirror = update_mirror(source, self.settings.mirrors_dir)
        with connect(self.settings, "pipeline") as connection:
            load_repository(connection, source, mirror)
        return mirror

    def ask_about(self, mirror: Mirror, name: str) -> Answer:
        with connect(self.settings, "pipeline") as connection:
            return ask(
                self.settings, connection, mirror.repo_id, f"where is {name}", encoder=WordEncoder()
            )

    def check_answer(self, answer: Answer, name: str) -> None:
        """Every passage stands at the answer's commit, and the function that was asked for is first if it is there."""
        files = self.versions[answer.commit_sha]
        for p in answer.passages:
            lines = files[p.path].splitlines()
            assert p.text == "\n".join(lines[p.start_line - 1 : p.end_line])
        if any(f"def {name}(" in content for content in files.values()):
            assert answer.passages[0].symbol == name
        else:
            assert name not in [p.symbol for p in answer.passages]


@pytest.fixture
def shop(settings: Settings, tmp_path: Path) -> Shop:
    return Shop(GitRepository(tmp_path / "shop"), settings, random.Random(SEED))


def list_kill_points(shop: Shop, log: Path, folder: Path) -> dict[tuple[str, int], int]:
    """The lines that a first and a second run go through, and how often."""
    counts: dict[tuple[str, int], int] = {}
    for _commit in range(2):
        mirror = shop.change()
        run = start_indexing(shop.settings, mirror.repo_id, log, counts_to=folder / "counts")
        run.join()
        assert run.exitcode == 0
        for place, count in read_counts(folder / "counts").items():
            counts[place] = max(count, counts.get(place, 0))
    return counts


def choose_kill_point(lines: dict[tuple[str, int], int], chosen: random.Random) -> KillPoint:
    """A file first, then a line of it: else the few lines that write would be met too rarely."""
    files = sorted({file for file, _line in lines})
    weights = [5 if Path(file).name in WRITERS else 1 for file in files]
    (file,) = chosen.choices(files, weights)
    place = chosen.choice(sorted(place for place in lines if place[0] == file))
    return KillPoint(*place, chosen.randint(1, min(lines[place], 5)))


def test_thirty_kills_lose_nothing_and_never_give_a_wrong_answer(
    shop: Shop, settings: Settings, tmp_path: Path
) -> None:
    chosen, log = random.Random(SEED), tmp_path / "encoded"
    twin = Shop(GitRepository(tmp_path / "twin"), settings, random.Random(SEED + 1))
    lines = list_kill_points(twin, tmp_path / "encoded of the twin", tmp_path)
    kills = lost = 0
    while kills < KILLS:
        is_first = not shop.versions
        mirror = shop.change()
        names = [*shop.names[-3:], *chosen.sample(shop.names, 2)]
        old = {} if is_first else {n: shop.ask_about(mirror, n) for n in names}
        for _kill in range(min(KILLS_OF_A_COMMIT, KILLS - kills)):
            point = choose_kill_point(lines, chosen)
            run = start_indexing(settings, mirror.repo_id, log, killed_at=point)
            run.join()
            assert run.exitcode in (0, -signal.SIGKILL)
            if run.exitcode == 0:  # it never came to that line again
                break
            kills += 1
            lost += count_lost(settings, log)
            check_after_death(shop, mirror, names, old)
        run = start_indexing(settings, mirror.repo_id, log)
        run.join()
        assert run.exitcode == 0
        with connect(settings, "pipeline") as connection:
            verified = verify_index(settings, connection, mirror, WordEncoder())
        assert (verified.commit_sha, verified.behind) == (mirror.head_sha, 0)
        assert verified.tier == "dense"
        encoded = read_encoded(log)
        assert len(encoded) - len(set(encoded)) <= lost


def test_a_kill_at_any_line_of_the_switch_leaves_the_old_store_or_the_new(
    shop: Shop, settings: Settings, tmp_path: Path
) -> None:
    log = tmp_path / "encoded"
    lines = list_kill_points(shop, log, tmp_path)
    code, first = inspect.getsourcelines(stores._make_current)
    of_switch = range(first, first + len(code))
    places = sorted(p for p in lines if p[0] == stores.__file__ and p[1] in of_switch)
    assert len(places) > 8
    for place in places:
        names = shop.names[-3:]
        mirror = shop.change()
        old = {name: shop.ask_about(mirror, name) for name in names}
        run = start_indexing(settings, mirror.repo_id, log, killed_at=KillPoint(*place, 1))
        run.join()
        check_after_death(shop, mirror, names, old)
        run = start_indexing(settings, mirror.repo_id, log)
        run.join()
        assert run.exitcode == 0


def count_lost(settings: Settings, log: Path) -> int:
    """Texts that were encoded, but whose vectors went with the process: one batch at most."""
    with connect(settings, "pipeline") as connection:
        lost = count_missing(connection, read_encoded(log), WordEncoder())
    assert lost <= BATCH
    return lost


def check_after_death(shop: Shop, mirror: Mirror, names: list[str], old: dict[str, Answer]) -> None:
    """Search speaks from the store before, unchanged, or from the new one; both are whole."""
    for name in names:
        try:
            answer = shop.ask_about(mirror, name)
        except StaleIndex as error:
            assert not old
            assert "has no index yet" in str(error)
            return
        shop.check_answer(answer, name)
        if answer.commit_sha != mirror.head_sha:
            assert answer == old[name]
    with connect(shop.settings, "pipeline") as connection:
        try:
            verify_index(shop.settings, connection, mirror, WordEncoder())
        except StaleIndex as error:
            assert "on record" in str(error), (
                "killed between the store and its row, all else is well"
            )


def test_two_processes_at_once_make_one_store_and_encode_nothing_twice(
    shop: Shop, settings: Settings, tmp_path: Path
) -> None:
    log = tmp_path / "encoded"
    for _commit in range(2):
        mirror = shop.change()
        together = context.Barrier(2)
        runs = [
            start_indexing(settings, mirror.repo_id, log, together=together) for _run in range(2)
        ]
        for run in runs:
            run.join()
        assert [run.exitcode for run in runs] == [0, 0]
        with connect(settings, "pipeline") as connection:
            verified = verify_index(settings, connection, mirror, WordEncoder())
            rows = connection.execute("select commit_sha from ops.index_manifests").fetchall()
        assert (verified.commit_sha, verified.tier) == (mirror.head_sha, "dense")
        assert rows == [{"commit_sha": mirror.head_sha}]
    encoded = read_encoded(log)
    assert len(encoded) == len(set(encoded)) > 0
