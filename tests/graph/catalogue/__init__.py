"""Counts and coverage of a release, and catalogues of it."""
