"""Measurements, run by hand with `make bench`; no test is timed. Figures are kept in docs/benchmarks.md."""
