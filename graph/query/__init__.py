"""Answering queries: what is refused, the dataset, the engine, and the bytes that come out."""

from graph.query.engine import Answer, EmbeddedEngine, Engine, Request
from graph.query.errors import (
    DatasetTooLarge,
    EngineFailure,
    NotAcceptable,
    NotExpressible,
    QueryError,
    QuerySyntaxError,
    QueryTooDeep,
    RemoteAccessRefused,
    UnsupportedFunction,
    UpdateRefused,
)
from graph.query.formats import MEDIA_TYPES, Formats

__all__ = [
    "MEDIA_TYPES",
    "Answer",
    "DatasetTooLarge",
    "EmbeddedEngine",
    "Engine",
    "EngineFailure",
    "Formats",
    "NotAcceptable",
    "NotExpressible",
    "QueryError",
    "QuerySyntaxError",
    "QueryTooDeep",
    "RemoteAccessRefused",
    "Request",
    "UnsupportedFunction",
    "UpdateRefused",
]
