"""Benchmarks: ratios side by side in one run, medians of five, beside a calibration loop."""
