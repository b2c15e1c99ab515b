"""Exports for people and programs: the command, and files of a release over HTTP."""
