"""Writes the files of a new job platform from templates: `python -m crawlers.new_platform NAME`.

They pass their own test at once, on a sample board of an invented company; the author then changes them to the
platform's real shape. docs/add_a_platform.md says how.
"""

import keyword
import sys
from pathlib import Path
from string import Template

from internflow.errors import UserInputError
from internflow.listings.boards import PLATFORM

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = Path(__file__).parent / "templates"
LONGEST_NAME = 30  # longer ones break lines that the formatter would then break otherwise
FILES = {
    "platform.py.txt": "crawlers/platforms/{name}.py",
    "spider.py.txt": "crawlers/spiders/{name}.py",
    "boards.csv.txt": "crawlers/boards/{name}.csv",
    "sample.json.txt": "crawlers/samples/{name}/examplecompany.json",
    "test.py.txt": "tests/crawlers/platforms/test_{name}.py",
}


def write_platform(name: str, root: Path = ROOT) -> tuple[Path, ...]:
    """Write a platform's files below a checkout; returns their paths.

    Raises UserInputError for a name that no module can have, and for one that is taken.
    """
    _require_name(name)
    targets = {root / path.format(name=name): TEMPLATES / file for file, path in FILES.items()}
    for target in targets:
        if target.exists():
            raise UserInputError(
                f"The platform {name!r} exists: {target.relative_to(root)} is there. Choose another name."
            )
    words = name.replace("_", " ").split()
    fields = {
        "name": name,
        "title": " ".join(word.capitalize() for word in words),
        "class_name": "".join(word.capitalize() for word in words),
        "domain": f"{name.replace('_', '-').strip('-')}.example",
    }
    for target, template in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        written = Template(template.read_text(encoding="utf-8")).substitute(fields)
        target.write_text(written, encoding="utf-8")
    return tuple(targets)


def _require_name(name: str) -> None:
    is_name = PLATFORM.fullmatch(name) and not keyword.iskeyword(name) and len(name) <= LONGEST_NAME
    if not is_name or name.endswith("_") or "__" in name:
        raise UserInputError(
            f"{name[:60]!r} is no name of a platform: write the vendor's in lower case letters, digits and single"
            f" underscores, {LONGEST_NAME} at most, beginning with a letter."
        )


def main() -> int:
    """Write the platform that the command line names, or say in a sentence why not."""
    try:
        paths = write_platform(" ".join(sys.argv[1:]))
    except UserInputError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.writelines(f"{path.relative_to(ROOT)}\n" for path in paths)
    return 0


if __name__ == "__main__":
    sys.exit(main())
