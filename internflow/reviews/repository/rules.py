"""The rules that need the whole tree, and which of them are told of tests and examples. Pure."""

from internflow.reviews.rule import Rule

CALLERS = "repo-signature-callers"
REMOVED = "repo-removed-still-used"
REMOVED_CALL = "repo-removed-still-called"
COPY = "repo-near-copy"
UNTESTED = "repo-test-untouched"
OPTION = "repo-option-gone"
LARGE = "repo-large-file"

RULES = (
    Rule(
        CALLERS, "bug", "medium", False,
        "A call that does not fit the parameters fails, or passes the wrong values, as soon as it is reached.",
        "Change the calls shown to the new parameters, or give the new parameters defaults.",
        "https://docs.python.org/3/glossary.html#term-parameter",
    ),
    Rule(
        REMOVED, "bug", "high", True,
        "The name does not exist any more, so this line fails when it is reached.",
        "Use what replaces the name, or put the name back.",
        "https://docs.python.org/3/reference/import.html",
    ),
    Rule(
        REMOVED_CALL, "bug", "medium", True,
        "Nothing in the repository defines what is called here any more, so the call fails when it is reached.",
        "Call what replaces the function, or put it back.",
        "https://docs.python.org/3/reference/executionmodel.html#resolution-of-names",
    ),
    Rule(
        COPY, "upkeep", "low", False,
        "Two copies of one piece of code drift apart: a bug mended in one stays in the other.",
        "Call the existing function, or move what the two share into one.",
        "https://refactoring.guru/smells/duplicate-code",
    ),
    Rule(
        UNTESTED, "upkeep", "low", False,
        "The behaviour of this function changed, and no test says that the change was meant.",
        "Add a case to the test shown that fails without this change.",
        "https://docs.pytest.org/en/stable/getting-started.html",
    ),
    Rule(
        OPTION, "upkeep", "medium", True,
        "Whoever follows this documentation sets an option that the code no longer reads.",
        "Remove the option from the documentation, or name what replaces it.",
        "https://12factor.net/config",
    ),
    Rule(
        LARGE, "upkeep", "medium", True,
        "Everybody who clones the repository downloads this file, even after it is deleted.",
        "Keep large files outside Git or in Git LFS, and take this one out of the history before others have it.",
        "https://docs.github.com/en/repositories/working-with-files/managing-large-files/about-large-files-on-github",
    ),
)  # fmt: skip

NOTES_WHEN_FIXED = {
    LARGE: "removed from HEAD, still in the history: every clone downloads it",
    "secret-": "removed from HEAD, still in the history: replace this secret where it is in use",
}


def note_when_fixed(rule: str) -> str | None:
    """What a fixed finding does not mend: a deleted secret or large file stays in the history."""
    return next((note for code, note in NOTES_WHEN_FIXED.items() if rule.startswith(code)), None)
