"""Measure speed, as ratios of two things done in one run: `python -m tests.benchmarks` prints them all."""
