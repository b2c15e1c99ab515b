"""Reads seed folders into checked records; every problem names file and line."""
