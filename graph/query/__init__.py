"""Answering queries: what is refused, the dataset, the engine, and the bytes that come out."""

from graph.query.engine import Answer, EmbeddedEngine, Engine, Request
from graph.query.errors import (
    DatasetTooLarge,
    DeadlineExceeded,
    EngineFailure,
    EngineUnavailable,
    MemoryExceeded,
    NotAcceptable,
    NotExpressible,
    QueryCancelled,
    QueryError,
    QueryIdInUse,
    QuerySyntaxError,
    QueryTooDeep,
    QueueFull,
    RemoteAccessRefused,
    ResultTooLarge,
    StoreUnreadable,
    UnsupportedFunction,
    UpdateRefused,
)
from graph.query.formats import MEDIA_TYPES, Formats
from graph.query.job import Cancellation, Job

__all__ = [
    "MEDIA_TYPES",
    "Answer",
    "Cancellation",
    "DatasetTooLarge",
    "DeadlineExceeded",
    "EmbeddedEngine",
    "Engine",
    "EngineFailure",
    "EngineUnavailable",
    "Formats",
    "Job",
    "MemoryExceeded",
    "NotAcceptable",
    "NotExpressible",
    "QueryCancelled",
    "QueryError",
    "QueryIdInUse",
    "QuerySyntaxError",
    "QueryTooDeep",
    "QueueFull",
    "RemoteAccessRefused",
    "Request",
    "ResultTooLarge",
    "StoreUnreadable",
    "UnsupportedFunction",
    "UpdateRefused",
]
