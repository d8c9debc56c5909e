import pytest

from internflow.reviews.repository.rules import REMOVED, REMOVED_CALL
from tests.reviews.repository.trees import Files, Finding, Tree

KIT: Files = {
    "kit/__init__.py": "from .text import clean\n",
    "kit/text.py": "LIMIT = 3\n\n\ndef clean(text):\n    return text\n\n\ndef shout(text):\n    return text\n",
    "kit/app.py": "from kit.text import LIMIT, shout\n\nprint(shout('a'), LIMIT)\n",
    "tests/test_text.py": "from kit import text\n\n\ndef test_clean():\n    assert text.clean('a') == 'a'\n",
}
TEXT = str(KIT["kit/text.py"])
WITHOUT_CLEAN = TEXT.replace("def clean(text):\n    return text\n\n\n", "")
WITHOUT_SHOUT = TEXT.replace("\n\n\ndef shout(text):\n    return text\n", "\n")
STORE = "class Store:\n    def keep_row(self):\n        return 1\n\n"
STORE += "    def twice(self):\n        return self.keep_row()\n"
LOST_METHOD = STORE.replace("    def keep_row(self):\n        return 1\n\n", "")


@pytest.mark.parametrize(
    ("change", "users"),
    [
        ({"kit/text.py": WITHOUT_SHOUT}, ["kit/app.py"]),
        ({"kit/text.py": WITHOUT_CLEAN}, ["kit/__init__.py", "tests/test_text.py"]),
        ({"kit/text.py": TEXT.replace("LIMIT = 3", "MOST = 3")}, ["kit/app.py"]),
        ({"kit/text.py": TEXT.replace("shout", "cry")}, ["kit/app.py"]),
        ({"kit/text.py": None}, ["kit/__init__.py", "kit/app.py", "tests/test_text.py"]),
        (
            {
                "kit/text.py": None,
                "kit/words.py": TEXT,
                "kit/__init__.py": "from .words import clean\n",
            },
            ["kit/app.py", "tests/test_text.py"],
        ),
    ],
)
def test_name_that_is_gone_and_still_taken_is_told(
    tree: Tree, change: Files, users: list[str]
) -> None:
    tree.commit(KIT)
    found = [path for path, problem in tree.review(change) if problem.rule == REMOVED]
    assert sorted(found) == users


@pytest.mark.parametrize(
    ("before", "change"),
    [
        (KIT, {"kit/text.py": WITHOUT_SHOUT, "kit/app.py": "print(1)\n"}),
        (KIT, {"kit/text.py": WITHOUT_SHOUT + "\n\nfrom kit.loud import shout\n"}),
        (KIT, {"kit/text.py": WITHOUT_SHOUT + "\n\nfrom kit.loud import *\n"}),
        (KIT, {"kit/text.py": WITHOUT_SHOUT + "\n\nshout = str.upper\n"}),
        (KIT, {"kit/text.py": WITHOUT_SHOUT + "\n\ndef __getattr__(name):\n    return str\n"}),
        (
            KIT,
            {
                "kit/text.py": WITHOUT_SHOUT
                + "\n\ntry:\n    from x import shout\nexcept E:\n    shout = 1\n"
            },
        ),
        (KIT, {"kit/text.py": None, "kit/text/__init__.py": TEXT}),
        (
            {
                **KIT,
                "kit/app.py": "try:\n    from kit.text import shout\nexcept ImportError:\n    pass\n",
            },
            {"kit/text.py": WITHOUT_SHOUT},
        ),
        ({**KIT, "kit/app.py": "from other.text import shout\n"}, {"kit/text.py": WITHOUT_SHOUT}),
        (
            {
                **KIT,
                "kit/app.py": "import kit.text\nif hasattr(kit.text, 'shout'):\n    kit.text.shout('a')\n",
            },
            {"kit/text.py": WITHOUT_SHOUT},
        ),
        # the package from outside takes the place of a file of that name
        ({"six.py": "a = 1\n", "tests/t.py": "import six\n\nsix.a\n"}, {"six.py": None}),
        (
            {"app/redis.py": "A = 1\n", "app/__init__.py": "", "app/b.py": "from redis import A\n"},
            {"app/redis.py": "B = 1\n"},
        ),
    ],
)
def test_name_that_is_there_or_may_be_is_not_told(tree: Tree, before: Files, change: Files) -> None:
    tree.commit(before)
    assert REMOVED not in tree.rules(change)


@pytest.mark.parametrize(
    ("before", "change", "user"),
    [
        ({"store.py": STORE}, {"store.py": LOST_METHOD}, "store.py"),
        (
            {
                "store.py": STORE,
                "use.py": "from store import Store\n\n\ndef f(s: Store):\n    s.keep_row()\n",
            },
            {"store.py": LOST_METHOD.replace("self.keep_row()", "1")},
            "use.py",
        ),
        (
            {
                "a/a.go": "package a\n\nfunc Area() int { return 1 }\n",
                "a/b.go": "package a\n\nvar x = Area()\n",
            },
            {"a/a.go": "package a\n"},
            "a/b.go",
        ),
        (
            {
                "a.c": "int area(void)\n{\n  return 1;\n}\n",
                "b.c": "int main(void) { return area(); }\n",
            },
            {"a.c": "int size(void)\n{\n  return 1;\n}\n"},
            "b.c",
        ),
        (
            {
                "A.java": "class A {\n  int sizeOf() { return 1; }\n  int b() { return sizeOf(); }\n}\n"
            },
            {"A.java": "class A {\n  int b() { return sizeOf(); }\n}\n"},
            "A.java",
        ),
        (
            {
                "a.js": "exports.area = function () { return 1 }\n",
                "b.js": "const a = require('./a')\na.area()\n",
            },
            {"a.js": "exports.size = function () { return 1 }\n"},
            "b.js",
        ),
    ],
)
def test_call_of_what_is_gone_is_told(tree: Tree, before: Files, change: Files, user: str) -> None:
    tree.commit(before)
    assert [path for path, p in tree.review(change) if p.rule == REMOVED_CALL] == [user]


@pytest.mark.parametrize(
    ("before", "change"),
    [
        # a base from outside may have the method
        (
            {"s.py": STORE.replace("Store:", "Store(Outside):")},
            {"s.py": LOST_METHOD.replace("Store:", "Store(Outside):")},
        ),
        (
            {"s.py": STORE},
            {"s.py": LOST_METHOD + "\n    def __getattr__(self, name):\n        return 1\n"},
        ),
        ({"s.py": STORE}, {"s.py": LOST_METHOD + "\n    keep_row = len\n"}),
        (
            {"s.py": STORE},
            {"s.py": LOST_METHOD, "base.py": "class Base:\n    def keep_row(self): ...\n"},
        ),
        (
            {
                "a.c": "int area(void)\n{\n  return 1;\n}\n",
                "b.c": "int main(void) { return area(); }\n",
            },
            {"a.c": "int b;\n", "b.c": "#define area() 1\nint main(void) { return area(); }\n"},
        ),
        (
            {
                "a.js": "exports.area = function () { return 1 }\n",
                "b.js": "const a = require('./a')\na.area()\n",
            },
            {"a.js": "exports.area = require('./c').area\n"},
        ),
    ],
)
def test_call_of_what_may_be_elsewhere_is_not_told(
    tree: Tree, before: Files, change: Files
) -> None:
    tree.commit(before)
    assert tree.rules(change) == []


def test_method_of_another_class_that_has_the_same_name_is_not_told(tree: Tree) -> None:
    tree.commit(
        {
            "A.java": "class A {\n  boolean isMade() { return true; }\n}\n",
            "B.java": "class B {\n  A a;\n  boolean b(java.lang.reflect.Field f) { return f.isMade(); }\n}\n",
        }
    )
    assert tree.rules({"A.java": "class A {\n}\n"}) == []


def test_finding_stands_until_the_use_or_the_name_changes(tree: Tree) -> None:
    tree.commit(KIT)
    [(path, problem)] = tree.review({"kit/text.py": WITHOUT_SHOUT})
    finding = Finding(problem.rule, path, str(problem.subject))
    assert tree.reviewer.still_stands(tree.mirror(), finding) is True
    tree.commit({"kit/text.py": TEXT})
    assert tree.reviewer.still_stands(tree.mirror(), finding) is False
    tree.commit({"kit/text.py": WITHOUT_SHOUT})
    assert tree.reviewer.still_stands(tree.mirror(), finding) is True
    tree.commit({"kit/app.py": "print(1)\n"})
    assert tree.reviewer.still_stands(tree.mirror(), finding) is False


def test_import_of_a_module_that_is_gone_stands_until_it_is_mended(tree: Tree) -> None:
    tree.commit(KIT)
    found = tree.review({"kit/text.py": None})
    [finding] = [Finding(p.rule, path, str(p.subject)) for path, p in found if path == "kit/app.py"]
    assert tree.reviewer.still_stands(tree.mirror(), finding) is True
    tree.commit({"kit/app.py": ""})
    assert tree.reviewer.still_stands(tree.mirror(), finding) is False


def test_removed_call_stands_until_it_is_mended(tree: Tree) -> None:
    tree.commit({"store.py": STORE})
    [(path, problem)] = tree.review({"store.py": LOST_METHOD})
    finding = Finding(problem.rule, path, str(problem.subject))
    assert tree.reviewer.still_stands(tree.mirror(), finding) is True
    tree.commit({"store.py": LOST_METHOD.replace("self.keep_row()", "1")})
    assert tree.reviewer.still_stands(tree.mirror(), finding) is False
