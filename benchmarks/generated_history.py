"""A bare repository with a long history: code in seven languages, a few lines of which each commit changes."""

import random
import subprocess
from pathlib import Path

FUNCTIONS = 20  # in a file
STYLES = {
    "py": ("def {name}(items, limit=10):\n", "    {var} = len(items) + {n}\n    if {var} > limit:\n"
           "        return sorted(items)[:limit]\n    print({var}, limit)\n", "    return items\n\n\n"),
    "js": ("function {name}(items, limit) {{\n", "  const {var} = items.length + {n};\n  if ({var} > limit) {{\n"
           "    return items.slice(0, limit);\n  }}\n  console.log({var}, limit);\n", "  return items;\n}}\n\n"),
    "ts": ("export function {name}(items: number[], limit = 10): number[] {{\n", "  const {var} = items.length + {n};\n"
           "  if ({var} > limit) {{\n    return items.slice(0, limit);\n  }}\n", "  return items;\n}}\n\n"),
    "java": ("class {name} {{\n  int run(int[] items, int limit) {{\n", "    int {var} = items.length + {n};\n"
             "    if ({var} > limit) {{\n      return limit;\n    }}\n", "    return items.length;\n  }}\n}}\n\n"),
    "c": ("int {name}(const int *items, int count, int limit) {{\n",
          "  int {var} = count + {n};\n  if ({var} > limit) {{\n"
          "    return items[0];\n  }}\n", "  return limit;\n}}\n\n"),
    "go": ("func {name}(items []int, limit int) int {{\n", "\t{var} := len(items) + {n}\n\tif {var} > limit {{\n"
           "\t\treturn limit\n\t}}\n", "\treturn len(items)\n}}\n\n"),
    "rs": ("fn {name}(items: &[i32], limit: usize) -> usize {{\n", "    let {var} = items.len() + {n};\n"
           "    if {var} > limit {{\n        return limit;\n    }}\n", "    items.len()\n}}\n\n"),
}  # fmt: skip
HEADS = {"go": "package main\n\n"}
DEFECTS = {
    "py": "def {name}_all(bag=[]):\n    try:\n        return bag\n    except:\n        return None\n\n\n",
    "js": "function {name}All(a) {{\n  return eval(a);\n}}\n\n",
}


def write_history(path: Path, files: int, commits: int, seed: int = 7) -> None:
    """Make the repository: one commit with all files, then commits that change one to four of them."""
    chance = random.Random(seed)
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", str(path)], check=True)
    kinds = ["py"] * 4 + list(STYLES)
    names = [f"src/part{n % 12}/file{n}.{kinds[n % len(kinds)]}" for n in range(files)]
    texts = {name: _write_file(name, chance) for name in names}
    with subprocess.Popen(
        ["git", "-C", str(path), "fast-import", "--quiet"], stdin=subprocess.PIPE
    ) as importer:
        assert importer.stdin is not None
        importer.stdin.write(_write_commit(0, {n: "".join(parts) for n, parts in texts.items()}))
        for number in range(1, commits):
            changed = chance.sample(names, chance.choice((1, 1, 1, 2, 2, 3, 4)))
            for name in changed:
                _change(name, texts[name], chance)
            importer.stdin.write(_write_commit(number, {n: "".join(texts[n]) for n in changed}))
    subprocess.run(["git", "-C", str(path), "repack", "-adq"], check=True)


def _write_file(name: str, chance: random.Random) -> list[str]:
    kind = name.rsplit(".", 1)[1]
    return [HEADS.get(kind, ""), *(_write_function(name, kind, chance) for _ in range(FUNCTIONS))]


def _write_function(name: str, kind: str, chance: random.Random) -> str:
    head, body, end = STYLES[kind]
    function = f"f{Path(name).stem}x{chance.randrange(10**9)}"
    lines = [
        body.format(var=f"v{n}", n=chance.randrange(1000)) for n in range(chance.randrange(1, 4))
    ]
    return head.format(name=function) + "".join(lines) + end.format()


def _change(name: str, parts: list[str], chance: random.Random) -> None:
    """Rewrite one function; at times write one with a mistake in it."""
    kind = name.rsplit(".", 1)[1]
    position = chance.randrange(1, len(parts))
    if chance.random() < 0.05 and kind in DEFECTS:
        parts[position] = DEFECTS[kind].format(name=f"d{chance.randrange(10**9)}")
    else:
        parts[position] = _write_function(name, kind, chance)


def _write_commit(number: int, files: dict[str, str]) -> bytes:
    who = f"Asha <asha@example.org> {1_700_000_000 + number * 600} +0000\n".encode()
    message = b"Change %d" % number
    changed = b"".join(
        b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data)
        for path, data in ((path, text.encode()) for path, text in files.items())
    )
    return b"commit refs/heads/main\nauthor %scommitter %sdata %d\n%s\n%s\n" % (
        who, who, len(message), message, changed
    )  # fmt: skip
