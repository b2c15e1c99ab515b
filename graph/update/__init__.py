"""Evaluating writes: a store and a change in, what the change does out. Nothing is kept here."""

from graph.update.change import Body, Change, Effect, GraphWrite, Update
from graph.update.errors import (
    CuratedGraph,
    DefaultGraphIsView,
    DerivedGraph,
    GraphExists,
    GraphNotFound,
    InvalidBody,
    UnsupportedBodyType,
    UpdateError,
    UsingConflict,
)
from graph.update.evaluate import evaluate_change
from graph.update.ownership import Kind, Ownership

__all__ = [
    "Body",
    "Change",
    "CuratedGraph",
    "DefaultGraphIsView",
    "DerivedGraph",
    "Effect",
    "GraphExists",
    "GraphNotFound",
    "GraphWrite",
    "InvalidBody",
    "Kind",
    "Ownership",
    "UnsupportedBodyType",
    "Update",
    "UpdateError",
    "UsingConflict",
    "evaluate_change",
]
