import pytest

from internflow.reviews.repository.rules import CALLERS
from tests.reviews.repository.trees import Files, Tree

SHOP: Files = {
    "shop/__init__.py": "from .prices import total\n",
    "shop/prices.py": "def total(items, rate):\n    return sum(items) * rate\n",
    "shop/cart.py": "from shop.prices import total\n\n\ndef pay(items):\n    return total(items, 2)\n",
}
STORE = "class Store:\n    def __init__(self, path):\n        self.path = path\n\n"
STORE += "    def keep_row(self, row):\n        return row\n\n    def twice(self):\n        self.keep_row(1)\n"
JS: Files = {
    "lib/a.js": "function area(w, h) {\n  return w * h;\n}\nmodule.exports = { area };\n",
    "lib/b.js": "const { area } = require('./a');\nconsole.log(area(1, 2));\n",
}
GO: Files = {
    "geo/area.go": "package geo\n\nfunc Area(w, h int) int { return w * h }\n",
    "main.go": 'package main\n\nimport "x/geo"\n\nfunc main() { println(geo.Area(1, 2)) }\n',
}
JAVA: Files = {
    "src/Area.java": "class Area {\n  static int of(int w) { return w; }\n  int sizeOf(int w) { return w; }\n}\n",
    "src/Main.java": "class Main {\n  int run(Area area) { return area.sizeOf(1); }\n}\n",
}
C: Files = {
    "area.c": "int area(int w, int h)\n{\n  return w * h;\n}\n",
    "main.c": "int area(int, int);\nint main(void) { return area(1, 2); }\n",
}


def python(signature: str, body: str = "sum(items) * rate") -> Files:
    return {"shop/prices.py": f"def total({signature}):\n    return {body}\n"}


@pytest.mark.parametrize(
    ("before", "change", "caller"),
    [
        (SHOP, python("items, rate, currency"), "shop/cart.py"),
        (SHOP, python("items", "sum(items)"), "shop/cart.py"),
        (SHOP, python("items, *, rate"), "shop/cart.py"),
        (SHOP, python("rate, items"), "shop/cart.py"),
        (
            {**SHOP, "shop/cart.py": "import shop\n\nshop.total([1], rate=2)\n"},
            python("items, factor", "sum(items) * factor"),
            "shop/cart.py",
        ),
        (
            {
                **SHOP,
                "app.py": "from shop import prices as p\n\np.total([1], 2)\n",
                "shop/cart.py": "",
            },
            python("items", "sum(items)"),
            "app.py",
        ),
        (
            {"store.py": STORE, "use.py": "from store import Store\n\nStore('a')\n"},
            {"store.py": STORE.replace("self, path", "self, path, mode")},
            "use.py",
        ),
        (
            {"store.py": STORE, "use.py": "from store import Store\n\nStore('a').keep_row(1)\n"},
            {"store.py": STORE.replace("self, row", "self, row, key").replace("(1)", "(1, 2)")},
            "use.py",
        ),
        (
            {"store.py": STORE},
            {"store.py": STORE.replace("self, row", "self, row, key")},
            "store.py",
        ),
        (
            JS,
            {"lib/a.js": "function area(w) {\n  return w * w;\n}\nmodule.exports = { area };\n"},
            "lib/b.js",
        ),
        (
            JS,
            {
                "lib/a.js": "function area(w, h, unit) {\n  return w * h + unit.name;\n}\nmodule.exports = { area };\n"
            },
            "lib/b.js",
        ),
        (
            GO,
            {"geo/area.go": "package geo\n\nfunc Area(w, h, d int) int { return w * h * d }\n"},
            "main.go",
        ),
        (
            JAVA,
            {"src/Area.java": "class Area {\n  int sizeOf(int w, int h) { return w * h; }\n}\n"},
            "src/Main.java",
        ),
        (C, {"area.c": "int area(int w)\n{\n  return w * w;\n}\n"}, "main.c"),
    ],
)
def test_call_that_no_longer_fits_is_told(
    tree: Tree, before: Files, change: Files, caller: str
) -> None:
    tree.commit(before)
    [(path, problem)] = [p for p in tree.review(change) if p[1].rule == CALLERS]
    assert path in change
    assert [place.path for place in problem.related] == [caller]


@pytest.mark.parametrize(
    ("before", "change"),
    [
        (SHOP, python("items, rate, currency='INR'")),
        (SHOP, python("items, factor", "sum(items) * factor")),  # nobody passes it by keyword
        (SHOP, python("*items")),
        (
            SHOP,
            {**python("items"), "shop/cart.py": "from shop.prices import total\n\ntotal([1])\n"},
        ),
        (
            {**SHOP, "shop/cart.py": "from shop.prices import total\n\ntotal(*sys.argv)\n"},
            python("items"),
        ),
        (
            {**SHOP, "shop/cart.py": "from other.prices import total\n\ntotal(1, 2)\n"},
            python("items"),
        ),
        (
            {**SHOP, "shop/cart.py": "def total(a, b):\n    return a\n\n\ntotal(1, 2)\n"},
            python("items"),
        ),
        (
            {
                **SHOP,
                "shop/cart.py": "from shop.prices import total\n\n\ndef f(total):\n    total(1, 2)\n",
            },
            python("items"),
        ),
        (
            {
                **SHOP,
                "shop/cart.py": "",
                "tests/test_a.py": "import pytest\nfrom shop import total\n\n\ndef test_a():\n"
                "    with pytest.raises(TypeError):\n        total(1, 2)\n",
            },
            python("items"),
        ),
        (
            {
                **SHOP,
                "shop/prices.py": "import deco\n\n\n@deco.inject\ndef total(items, rate):\n    return rate\n",
            },
            {
                "shop/prices.py": "import deco\n\n\n@deco.inject\ndef total(items):\n    return items\n"
            },
        ),
        (  # which of two methods is meant nobody can tell
            {
                "a.py": STORE,
                "b.py": STORE.replace("Store", "Other"),
                "c.py": "from a import Store\nx.keep_row(1)\n",
            },
            {"a.py": STORE.replace("self, row", "self, row, key").replace("(1)", "(1, 2)")},
        ),
        (  # renamed, not reordered
            {**SHOP, "shop/prices.py": "def total(a, b):\n    return a - b\n"},
            {"shop/prices.py": "def total(b, a):\n    return b - a\n"},
        ),
        (
            JS,
            {
                "lib/a.js": "function area(w, h, done) {\n  if (done) done();\n}\nmodule.exports = { area };\n"
            },
        ),
        (
            {**GO, "main.go": 'package main\n\nimport "y/geo"\n\nfunc main() { geo.Area(f()) }\n'},
            {"geo/area.go": "package geo\n\nfunc Area(w, h, d int) int { return w * h * d }\n"},
        ),
        (
            {**C, "area.c": "static int area(int w, int h)\n{\n  return w * h;\n}\n"},
            {"area.c": "static int area(int w)\n{\n  return w * w;\n}\n"},
        ),
    ],
)
def test_call_that_fits_or_may_mean_something_else_is_not_told(
    tree: Tree, before: Files, change: Files
) -> None:
    tree.commit(before)
    assert CALLERS not in tree.rules(change)


def test_finding_stands_until_the_call_is_mended(tree: Tree) -> None:
    from tests.reviews.repository.trees import Finding

    tree.commit(SHOP)
    [(path, problem)] = tree.review(python("items", "sum(items)"))
    finding = Finding(problem.rule, path, str(problem.subject))
    assert tree.reviewer.still_stands(tree.mirror(), finding) is True
    tree.commit({"shop/cart.py": "from shop.prices import total\n\ntotal([1])\n"})
    assert tree.reviewer.still_stands(tree.mirror(), finding) is False
