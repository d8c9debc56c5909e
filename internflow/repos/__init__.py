"""Repositories: vetted sources, bare mirrors, history, diffs with line numbers, chunks of code. Never runs their code."""
