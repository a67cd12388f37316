"""Measurements, never tests: each prints a table for docs/benchmarks.md."""
