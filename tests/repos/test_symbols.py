from collections.abc import Callable

import pytest

from internflow.repos.chunks import cut_file, load_chunks
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import Mirror
from internflow.repos.symbols import find_definitions, find_references
from internflow.repos.uses import MOST_REFERENCES
from internflow.repos.vetting import vet_source
from internflow.settings import Settings
from internflow.warehouse.connections import connect
from tests.git_repositories import GitRepository

STORE = """import os


class Store(Base):
    size = 1

    # Adds.
    def add(self, row):
        return check(check(row))
"""
MAIN = "from store import Store\n\nStore().add(1)\nadd = Store\n"


def test_definitions_and_uses_of_a_name_are_found_at_head(
    settings: Settings, repository: GitRepository, mirror_of: Callable[[GitRepository], Mirror]
) -> None:
    files = {"store.py": STORE, "main.py": MAIN, "vendor/store.py": STORE}
    repository.commit("one", {**files, "bin/run": "#!/bin/sh\nbuild() {\n  true\n}\nbuild\n"})
    mirror = mirror_of(repository)
    with connect(settings, "pipeline") as connection:
        load_repository(connection, vet_source(str(repository.path), allow_local=True), mirror)
        load_chunks(connection, mirror)
        for name in ("add", "Store.add"):
            (found,) = find_definitions(connection, mirror.repo_id, name)
            assert (found.path, found.symbol.kind) == ("store.py", "method")
            assert found.symbol.signature == "def add(self, row):"
            assert (found.symbol.start_line, found.symbol.end_line) == (7, 9)
        assert [d.path for d in find_definitions(connection, mirror.repo_id, "build")] == [
            "bin/run"
        ]
        uses = [(r.path, r.line) for r in find_references(connection, mirror.repo_id, "Store")]
        assert uses == [("main.py", 1), ("main.py", 3)]
        uses = [(r.path, r.line) for r in find_references(connection, mirror.repo_id, "check")]
        assert uses == [("store.py", 9)]
        assert find_definitions(connection, "another", "add") == []


@pytest.mark.parametrize(
    ("path", "code", "symbols", "uses"),
    [
        ("a.go", 'import "a/fmt"\nfunc (s *S) M() { fmt.Print(g()) }', ["M=S.M"], {"Print", "S", "fmt", "g"}),
        ("a.cpp", "int Stock::get() { return a::f(b.g()); }", ["get=Stock::get"], {"f", "g"}),
        ("a.ts", "class A extends B { m(): C { return new D().e(f()) } }", ["A=A", "m=A.m"], {"B", "C", "D", "e", "f"}),
        ("a.java", "class A extends B { int m() { return new C().d(); } }", ["A=A", "m=A.m"], {"B", "C", "d"}),
        ("a.rs", "use a::B;\nfn f() -> B { c::d(e!()) }", ["f=f"], {"B", "d", "e"}),
        ("a.php", "<?php function f() { return A::b(new C()); }", ["f=f"], {"A", "b", "C"}),
        ("a.sql", "create view a.v as select f(1) from a.t;", ["v=a.v"], {"f", "t"}),
        ("a.css", ".a .b { c: d }", [".a .b=.a .b"], set()),
        ("a.html", "<main id='top'>x</main>", ["#top=#top"], set()),
    ],
)  # fmt: skip
def test_symbols_and_uses_of_each_language_are_read(
    path: str, code: str, symbols: list[str], uses: set[str]
) -> None:
    file = cut_file(path, code.encode())
    assert [f"{s.name}={s.symbol}" for s in file.symbols] == symbols
    assert {r.name for r in file.references} == uses


def test_uses_are_bounded_in_each_file() -> None:
    file = cut_file("a.py", b"".join(b"f%d()\n" % n for n in range(MOST_REFERENCES + 9)))
    assert len(file.references) == MOST_REFERENCES
