import pytest

from internflow.repos import syntax
from internflow.repos.chunks import Chunk, build_embedded_text, cut_file


def chunk_file(path: str, data: bytes) -> list[Chunk]:
    return list(cut_file(path, data).chunks)


PYTHON = '''"""Module."""
import os

LIMIT = 3


@cache
def load(path):
    """Load."""
    return os.stat(path)


class Store:
    """A store."""

    size = 1

    def add(self, row):
        self.size += 1

    async def drop(self):
        pass


print(LIMIT)
'''


def test_functions_methods_and_what_lies_between_are_chunks() -> None:
    chunks = [
        (c.kind, c.symbol, c.start_line, c.end_line) for c in chunk_file("a.py", PYTHON.encode())
    ]
    assert chunks == [
        ("module", None, 1, 4),
        ("function", "load", 7, 10),
        ("class", "Store", 13, 16),
        ("method", "Store.add", 18, 19),
        ("method", "Store.drop", 21, 22),
        ("module", None, 25, 25),
    ]


SOURCES = {
    "a.js": """// Licence

/** Adds. */
export const add = async (a) => {
  return a
}
exports.sub = function () {
}
export default class X {
  y = () => {
    return 2;
  };

  // gets z
  get z() { return 1 }
}
if (debug) {
  function trace() {}
}
""",
    "a.ts": """abstract class A {
  @Input()
  m(): void {}
}
namespace N {
  export function f(): void {}
}
type T = {
  a: number }
@injectable
export class Q {}
""",
    "a.java": """/** A stock. */
@Entity
public class Stock<T> {
  int size;
  /** Counts. */
  @Override
  public int count() {
    return 1;
  }
  Stock() {}
  enum Kind { A; int f() { return 1; } }
}
""",
    "a.c": """#ifndef A_H
#define A_H
typedef struct {
  int a;
} Pair;
// Reads.
static int (*reader(void))(int) { return 0; }
int *first(int *a) {
  return a;
}
#endif
""",
    "a.cpp": """namespace shop {
template <class T>
class Stock : public Base {
 public:
  ~Stock() {}
  int operator+(int a) { return 1; }
};
}
extern "C" {
int run(void) { return 1; }
}
template <class T>
T Stock<T>::get() { return 1; }
""",
    "a.go": """package p

// S is a stock.
type S struct { a int }

// M counts.
func (s *S) M() {}
func G[T any](x T) {}
""",
    "a.rs": """use a;

/// A stock.
#[derive(Debug)]
pub struct S<T> { a: T }
impl<T> Tr for S<T> {
    /// Counts.
    fn m(&self) {
    }
}
mod inner {
    pub fn f() {}
}
""",
    "a.py": """if X:
    def f(): pass
else:
    class K:
        x = 1
        # about g
        @property
        def g(self):
            pass
        y = 2
@d
async def h(): pass
""",
    "a.cs": """using System;
namespace Shop {
/// Counts.
[Serializable]
public class Stock : Base {
  public int Size { get; }
  public Stock(int a) { }
  int Count() {
    return 1;
  }
}
record P(int X);
}
""",
    "a.kt": """import x.Y

/** A stock. */
@A
class Stock(val a: Int) : Base() {
  fun count(): Int {
    return 1
  }
  companion object {
    fun make() = 1
  }
}
object One {
  val x = 1
}
fun String.free(): Int = 2
""",
    "a.swift": """import UIKit
/// A stock.
public class Stock: Base {
  var x = 1
  init(a: Int) { }
  func count() -> Int {
    return 1
  }
}
extension Stock {
  func more() { }
}
func free() { }
""",
    "a.rb": """require 'json'
# A shop.
module Shop
  class Stock < Base
    attr_reader :x
    # Counts.
    def count(a)
      a.b
    end
    def self.make; end
  end
end
def free
end
""",
    "a.php": """<?php
use A;
/** A user. */
#[Entity]
abstract class User extends Model {
  private $x = 1;
  public function name(): string {
    return 'a';
  }
}
function free() { }
""",
    "a.scala": """import k._
/** A. */
class A(x: Int) extends B {
  def m(a: Int): Int = {
    a
  }
}
object O {
  def z() = 1
}
trait T
""",
    "a.sql": """-- A table.
create table shop.stock (
  id int
);
create view v as select 1;
select 1;
""",
    "a.sh": """#!/bin/bash
set -e
# Runs.
run() {
  echo hi
}
run
""",
    "a.html": """<body>
<p id="x">hi</p>
</body>
""",
    "a.css": """.a {
  color: red;
}
""",
    "a.rst": """intro

=====
Title
=====
text

Part
----
more
""",
    "a.md": """intro
# One
text
```
# no heading
```
## Two
""",
}
FOUND = {
    "a.js": ["1-1 module", "3-6 add", "7-8 exports.sub", "9-9 X", "10-12 X.y", "14-16 X.z",
             "17-17 module", "18-19 trace"],
    "a.ts": ["1-1 A", "2-4 A.m", "5-5 module", "6-7 N.f", "8-9 T", "10-11 Q"],
    "a.java": ["1-4 Stock", "5-9 Stock.count", "10-10 Stock.Stock", "11-12 Stock.Kind.f"],
    "a.c": ["1-2 module", "3-5 Pair", "6-7 reader", "8-10 first", "11-11 module"],
    "a.cpp": ["1-1 module", "2-4 shop.Stock", "5-5 shop.Stock.~Stock", "6-7 shop.Stock.operator+", "8-9 module",
              "10-11 run", "12-13 Stock::get"],
    "a.go": ["1-1 module", "3-4 S", "6-7 S.M", "8-8 G"],
    "a.rs": ["1-1 module", "3-5 S", "6-6 S", "7-10 S.m", "11-11 module", "12-13 inner.f"],
    "a.py": ["1-1 module", "2-2 f", "3-3 module", "4-5 K", "6-9 K.g", "10-10 K", "11-12 h"],
    "a.cs": ["1-2 module", "3-6 Shop.Stock", "7-7 Shop.Stock.Stock", "8-11 Shop.Stock.Count", "12-13 Shop.P"],
    "a.kt": ["1-3 module", "4-5 Stock", "6-8 Stock.count", "9-9 Stock", "10-12 Stock.make", "13-15 One", "16-16 free"],
    "a.swift": ["1-1 module", "2-4 Stock", "5-5 Stock.init", "6-9 Stock.count", "10-10 Stock", "11-12 Stock.more",
                "13-13 free"],
    "a.rb": ["1-3 module", "4-5 Shop.Stock", "6-9 Shop.Stock.count", "10-12 Shop.Stock.make", "13-14 free"],
    "a.php": ["1-2 module", "3-6 User", "7-10 User.name", "11-11 free"],
    "a.scala": ["1-1 module", "2-3 A", "4-7 A.m", "8-8 O", "9-10 O.z", "11-11 T"],
    "a.sql": ["1-4 shop.stock", "5-5 v", "6-6 module"],
    "a.sh": ["1-2 module", "3-6 run", "7-7 module"],
    "a.html": ["1-3 module"],
    "a.css": ["1-3 module"],
    "a.rst": ["1-1 section", "3-6 Title", "8-10 Part"],
    "a.md": ["1-1 section", "2-6 One", "7-7 Two"],
}  # fmt: skip


@pytest.mark.parametrize("path", SOURCES)
def test_definitions_of_each_language_are_found_with_their_comments(path: str) -> None:
    chunks = chunk_file(path, SOURCES[path].encode())
    assert [f"{c.start_line}-{c.end_line} {c.symbol or c.kind}" for c in chunks] == FOUND[path]


def test_a_long_function_is_cut_into_chunks_of_its_name() -> None:
    text = "def long():\n" + "".join(f"    x{n} = {n}\n" for n in range(200))
    chunks = chunk_file("a.py", text.encode())
    assert [(c.symbol, c.start_line, c.end_line) for c in chunks] == [
        ("long", 1, 80),
        ("long", 78, 157),
        ("long", 155, 201),
    ]
    assert [(c.overlap_lines, c.header) for c in chunks] == [
        (0, None),
        (3, "def long():"),
        (3, "def long():"),
    ]


@pytest.mark.parametrize("nested", ["class A {\n", "if (a) {\n", "mod a {\n", "namespace a {\n"])
@pytest.mark.parametrize("path", ["a.js", "a.rs", "a.cpp"])
def test_code_nested_to_break_the_stack_is_chunked(path: str, nested: str) -> None:
    assert chunk_file(path, nested.encode() * 5000)


@pytest.mark.parametrize("path", ["a.py", "a.rb", "a.scala", "a.html", "a.css", "a.sql"])
@pytest.mark.parametrize(
    "data", [b"(" * 200_000, b"{[(\n" * 50_000, b"\xff\xfe\x80" * 999, b"'\n" * 9]
)
def test_hostile_bytes_are_chunked_or_left_out(path: str, data: bytes) -> None:
    assert all(chunk.content.strip() for chunk in chunk_file(path, data))


def test_a_line_of_ten_megabytes_is_left_out() -> None:
    assert chunk_file("a.md", b"word " * 2_000_000) == []


def test_a_file_of_countless_definitions_is_cut_by_lines() -> None:
    chunks = chunk_file("a.md", b"# a\n" * 6000)
    assert len(chunks) == 106
    assert {c.kind for c in chunks} == {"text"}


def test_prose_may_have_long_lines_and_code_may_not() -> None:
    line = b"word " * 200
    assert len(chunk_file("a.md", line)) == 1
    assert chunk_file("a.js", line) == []


def test_the_same_code_in_another_place_has_the_same_key() -> None:
    one, other = (chunk_file(path, b"def f():\n    pass\n") for path in ("a.py", "b/c.py"))
    assert [c.content_hash for c in one] == [c.content_hash for c in other]


def test_long_code_is_cut_before_the_outermost_statement_and_its_comment() -> None:
    loops = "".join(
        f"    # loop {n}\n    for a in b{n}:\n" + "        call(a)\n" * 14 for n in range(12)
    )
    text = "def long():\n" + loops
    chunks = chunk_file("a.py", text.encode())
    firsts = [text.split("\n")[c.start_line - 1 + c.overlap_lines] for c in chunks[1:]]
    assert len(firsts) >= 2
    assert all(first.startswith("    # loop") for first in firsts)


def test_chunks_say_what_encloses_them_and_which_imports_they_use() -> None:
    text = """import os
from a import b as c

class Store(Base):
    def add(self):
        return os.sep
    x = c()
"""
    found = [(c.symbol, c.header, c.imports) for c in chunk_file("a.py", text.encode())]
    assert found == [
        (None, None, ("c", "os")),
        ("Store", None, ()),
        ("Store.add", "class Store(Base):", ("os",)),
        ("Store", "class Store(Base):", ("c",)),
    ]


def test_the_encoder_sees_the_header_unless_the_content_begins_with_it() -> None:
    method = build_embedded_text("python", "A.f", "class A:", "def f(self):")
    assert method == "python A.f\nclass A:\ndef f(self):"
    whole = build_embedded_text("python", "A", "class A:", "class A:\n  x = 1")
    assert whole == "python A\nclass A:\n  x = 1"


@pytest.mark.parametrize("path", ["a.scala", "a.sh"])
def test_code_that_holds_a_grammar_up_is_cut_by_lines(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syntax, "MOST_SECONDS", 0.2)
    chunks = chunk_file(path, b"a<b(c[{\n" * 30_000)
    assert {c.kind for c in chunks} == {"text"}
    assert chunks[-1].end_line == 30_000


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.py", b"\0\0"), ("a.py", b"x = 1\n" * 200_000), ("a.min.js", b"x = 1"), ("a.js", b"x" * 5000),
        ("node_modules/a/b.js", b"x"),
        ("package-lock.json", b"{}"), ("a.unknown", b"x"), ("a.py", b""),
    ],
)  # fmt: skip
def test_files_that_are_not_somebodys_text_give_no_chunks(path: str, data: bytes) -> None:
    assert chunk_file(path, data) == []
