"""The questions that people ask of a competitive landscape by name, each with its evidence."""

from graph.landscape.answers import Answer, Column, Completeness, Evidence, Thing
from graph.landscape.asking import Asking, Iri, Traversal
from graph.landscape.errors import (
    AmbiguousEntity,
    InvalidParameter,
    LandscapeError,
    NotAnswerable,
    UnknownEntity,
)
from graph.landscape.named import Named, Parameter, Resolve, read_arguments

__all__ = [
    "AmbiguousEntity",
    "Answer",
    "Asking",
    "Column",
    "Completeness",
    "Evidence",
    "InvalidParameter",
    "Iri",
    "LandscapeError",
    "Named",
    "NotAnswerable",
    "Parameter",
    "Resolve",
    "Thing",
    "Traversal",
    "UnknownEntity",
    "read_arguments",
]
