"""Reads versioned prompts from prompts/*.md: a header (id, version, schema), then messages: system, user, repair."""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Template

from internflow.errors import ContractViolation

SHAPE = re.compile(
    r"---\nid: (?P<id>\w+)\nversion: (?P<version>\d+)\nschema: (?P<schema>\w+)\n---\n"
    r"# system\n(?P<system>.+)\n# user\n(?P<user>.+)\n# repair\n(?P<repair>.+)\n",
    re.DOTALL,
)

# Servers may read these as the end of a message, wherever they stand.
CONTROL_TOKENS = re.compile(
    r"(?<=<)(?=\||/?s>|(?:start|end)_of_turn>)|(?<=\[)(?=/?(?:INST|SYSTEM_PROMPT)\])"
)


@dataclass(frozen=True)
class Prompt:
    """`schema` names the pydantic model that reads the answer; `user` and `repair` have $places to fill."""

    id: str
    version: int
    schema: str
    system: str
    user: Template
    repair: Template


@cache
def read_prompt(name: str) -> Prompt:
    """Raises ContractViolation when the file lacks its header or a message."""
    file = resources.files("internflow.generation").joinpath("prompts", f"{name}.md")
    found = SHAPE.fullmatch(file.read_text(encoding="utf-8"))
    if found is None:
        raise ContractViolation(
            "The prompt", name, "give it id, version, schema and the three messages."
        )
    return Prompt(
        found["id"], int(found["version"]), found["schema"],
        found["system"], Template(found["user"]), Template(found["repair"]),
    )  # fmt: skip


def defuse(text: str) -> str:
    """Text of the repository without what a server may read as the end of a message."""
    return CONTROL_TOKENS.sub(" ", text)
