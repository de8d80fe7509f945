"""Measurements: what `make bench` prints and BENCHMARKS.md keeps."""
