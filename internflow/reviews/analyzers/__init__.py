"""Analyzers: versions of files in, problems out, in confined processes. The code is read, never run."""
