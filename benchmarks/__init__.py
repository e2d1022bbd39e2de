"""Measurements as ratios to named references: `python -m benchmarks`."""
