import json
import subprocess
import sys

import pytest

from internflow.repos.places import find_places, walk_places
from internflow.repos.syntax import parse_code
from internflow.reviews.narration.branches import measure_complexity

PYTHON = '''
def plain():
    return 1


@decorated
def branches(a, b):
    """if this and that"""
    for x in a:
        if x and b:
            continue
        elif x or b:
            break
    else:
        b = [y for y in a if y]
    while a:
        try:
            a = b if a else None
        except ValueError:
            pass
        except KeyError:
            pass
        else:
            b = 1
        finally:
            a = 2


def outer(kind):
    def inner():
        if kind:
            return 1

    match kind:
        case 1:
            return inner
        case _:
            return lambda x: x if x else None


class Shop:
    async def serve(self):
        async with self as s:
            async for x in s:
                if x:
                    yield x
'''


def measure(language: str, text: str) -> dict[str, int | None]:
    lines = text.split("\n")
    root = parse_code(language, text.encode())
    assert root is not None
    return {
        place.symbol or "": measure_complexity(language, root, lines, place.line, place.end)
        for place in walk_places(find_places(root, lines))
        if place.kind in ("function", "method")
    }


def test_python_is_counted_as_the_review_counts_it() -> None:
    command = [
        sys.executable, "-m", "ruff", "check", "--isolated", "--select", "C901", "--output-format", "json",
        "--config", "lint.mccabe.max-complexity=0", "-",
    ]  # fmt: skip
    told = subprocess.run(command, input=PYTHON, capture_output=True, text=True, check=False)
    by_ruff = {}
    for problem in json.loads(told.stdout):
        name, _, rest = problem["message"].partition("` is too complex (")
        by_ruff[name.strip("`")] = int(rest.split()[0])
    ours = {name.rpartition(".")[2]: count for name, count in measure("python", PYTHON).items()}
    assert by_ruff == ours | {"inner": 2}  # functions inside are counted with the one around them
    assert ours["branches"] == 8


@pytest.mark.parametrize(
    ("language", "text", "complexity"),
    [
        ("javascript", "const f = (a) => { if (a && a.b) { return a ? 1 : 2 } }\n", 4),
        ("typescript", "function f(a?: string) { switch (a) { case 'x': return a ?? '' } }\n", 3),
        ("java", "class A {\n int f(int a) { try { while (a > 0) a--; } catch (E e) {} return a; }\n}\n", 3),
        ("c", "int f(int a) {\n  for (;;) { if (a || 0) return a ? 1 : 0; }\n}\n", 5),
        ("cpp", "int f(int a) {\n  do { a--; } while (a && 1);\n  return a;\n}\n", 3),
        ("go", "func f(a int) int {\n\tswitch a {\n\tcase 1:\n\t\treturn 2\n\tdefault:\n\t\treturn 3\n\t}\n}\n", 2),
    ],
)  # fmt: skip
def test_other_languages_count_what_branches(language: str, text: str, complexity: int) -> None:
    (counted,) = measure(language, text).values()
    assert counted == complexity


def test_what_has_no_rule_or_no_end_is_not_counted() -> None:
    huge = "def f(a):\n" + "    if a: pass\n" * 1_002
    assert measure("python", huge) == {"f": None}
    wide = f"def f(a):\n    return [{'a, ' * 20_000}]\n"
    assert measure("python", wide) == {"f": None}
    assert measure("ruby", "def f(a)\n  a if a\nend\n") == {"f": None}
