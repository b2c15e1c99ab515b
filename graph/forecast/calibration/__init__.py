"""Calibration: how forecasts did against what was left out, later editions, and made markets."""
