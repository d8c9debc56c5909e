"""Repositories: vetted sources, bare mirrors, history, diffs with line numbers, chunks. Never runs their code."""

import pygit2

# A registered folder or a shared mirror may belong to another account; libgit2 runs nothing of either.
pygit2.option(pygit2.enums.Option.SET_OWNER_VALIDATION, False)
