"""Worked questions as data."""
