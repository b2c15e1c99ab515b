"""What differs between two releases, and why: statements, a table, sentences."""

from graph.diff.compare import compare
from graph.diff.errors import DifferentBases, DiffError, InvalidPatch, TooManyDifferences
from graph.diff.model import CAUSES, Cause, Change, Comparison, PropertyChange
from graph.diff.patch import Patch, apply_patch, patch_between, read_patch, write_patch
from graph.diff.sentences import sentences

__all__ = [
    "CAUSES",
    "Cause",
    "Change",
    "Comparison",
    "DiffError",
    "DifferentBases",
    "InvalidPatch",
    "Patch",
    "PropertyChange",
    "TooManyDifferences",
    "apply_patch",
    "compare",
    "patch_between",
    "read_patch",
    "sentences",
    "write_patch",
]
