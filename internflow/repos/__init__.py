"""Repositories: vetted sources, mirrors, history, diffs, chunks of code. Never runs their code."""
