"""The table of problems: which exception has which type, status, title and remedy.

The words are in kinds.toml. Types never change their meaning; new ones may come.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from graph.diff import DifferentBases, TooManyDifferences
from graph.export.errors import ExportFailed
from graph.export.making import ExportUnderWay
from graph.journal import (
    JournalAhead,
    JournalBehind,
    JournalBusy,
    JournalDamaged,
    JournalFailure,
    JournalGap,
    JournalTooNew,
)
from graph.landscape import AmbiguousEntity, InvalidParameter, NotAnswerable, UnknownEntity
from graph.network import InvalidArgument, UnknownNode
from graph.query import (
    DatasetTooLarge,
    DeadlineExceeded,
    EngineFailure,
    EngineUnavailable,
    MemoryExceeded,
    NotAcceptable,
    NotExpressible,
    QueryCancelled,
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
from graph.release import StatementRefused
from graph.release.finding import UnknownRelease
from graph.remote import CutShort, DatabaseUnavailable, Maintenance, NotMerged, RemoteError
from graph.update import (
    CuratedGraph,
    DefaultGraphIsView,
    DerivedGraph,
    GraphExists,
    GraphNotFound,
    InvalidBody,
    UnsupportedBodyType,
    UsingConflict,
)
from service.archive import NoRoomForRelease
from service.refusals import (
    AdministrationOff,
    BodyTooLarge,
    ForeignForm,
    MalformedRequest,
    NoSuchQuery,
    ParametersConflict,
    PreconditionFailed,
    ProblemNotKept,
    ReadOnly,
    ReleaseFixed,
    RequestTimeout,
    ResourceGone,
    ResourceNotFound,
    TokenNeeded,
    TokenUnknown,
    TooManyProblems,
    UnsupportedBody,
    WritesOff,
)

TYPE_BASE = "https://w3id.org/therascape/problems#"

_EXCEPTIONS: Mapping[str, tuple[type[Exception], ...]] = {
    "query-syntax": (QuerySyntaxError,),
    "unsupported-function": (UnsupportedFunction,),
    "malformed-request": (MalformedRequest,),
    "invalid-parameter": (InvalidParameter,),
    "query-too-deep": (QueryTooDeep,),
    "update-refused": (UpdateRefused,),
    "using-conflict": (UsingConflict,),
    "invalid-body": (InvalidBody,),
    "statement-refused": (StatementRefused,),
    "token-needed": (
        TokenNeeded,
        TokenUnknown,
    ),
    "remote-access-refused": (RemoteAccessRefused,),
    "writes-off": (WritesOff,),
    "read-only": (ReadOnly,),
    "foreign-form": (ForeignForm,),
    "administration-off": (AdministrationOff,),
    "resource-not-found": (ResourceNotFound,),
    "release-not-found": (UnknownRelease,),
    "graph-not-found": (GraphNotFound,),
    "unknown-entity": (
        UnknownEntity,
        UnknownNode,
    ),
    "query-not-found": (NoSuchQuery,),
    "not-acceptable": (NotAcceptable,),
    "not-expressible": (NotExpressible,),
    "request-timeout": (RequestTimeout,),
    "curated-graph": (CuratedGraph,),
    "derived-graph": (DerivedGraph,),
    "default-graph-is-view": (DefaultGraphIsView,),
    "graph-exists": (GraphExists,),
    "ambiguous-entity": (AmbiguousEntity,),
    "parameters-conflict": (
        ParametersConflict,
        InvalidArgument,
    ),
    "not-answerable": (NotAnswerable,),
    "query-cancelled": (QueryCancelled,),
    "query-id-in-use": (QueryIdInUse,),
    "release-fixed": (ReleaseFixed,),
    "releases-not-comparable": (DifferentBases,),
    "resource-gone": (ResourceGone,),
    "precondition-failed": (PreconditionFailed,),
    "dataset-too-large": (DatasetTooLarge,),
    "body-too-large": (BodyTooLarge,),
    "unsupported-body": (
        UnsupportedBody,
        UnsupportedBodyType,
    ),
    "too-many-problems": (TooManyProblems,),
    "engine-failure": (EngineFailure,),
    "store-unreadable": (StoreUnreadable,),
    "write-not-kept": (
        JournalFailure,
        JournalDamaged,
        JournalTooNew,
        JournalBehind,
    ),
    "export-under-way": (ExportUnderWay,),
    "queue-full": (QueueFull,),
    "engine-unavailable": (
        EngineUnavailable,
        JournalAhead,
        JournalBusy,
        JournalGap,
    ),
    "database-unavailable": (DatabaseUnavailable,),
    "maintenance": (Maintenance,),
    "database-failed": (RemoteError,),
    "not-merged": (NotMerged,),
    "answer-cut-short": (CutShort,),
    "deadline-exceeded": (DeadlineExceeded,),
    "export-failed": (ExportFailed,),
    "problem-not-kept": (ProblemNotKept,),
    "memory-exceeded": (MemoryExceeded,),
    "result-too-large": (ResultTooLarge,),
    "no-room-for-release": (NoRoomForRelease,),
    "too-many-differences": (TooManyDifferences,),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a problem is called, its status, and what to do about it.

    `help` is for programs and whoever writes them; `advice` says it to readers of a page, where
    that is another thing. A problem without a name is one of HTTP alone (RFC 9457, 4.2.1).
    """

    name: str
    status: int
    title: str
    help: str
    exceptions: tuple[type[Exception], ...] = ()
    advice: str = ""

    @property
    def type(self) -> str:
        """The URI that programs compare; `/problems` of a running service explains it."""
        return TYPE_BASE + self.name if self.name else "about:blank"


def _read() -> tuple[Kind, ...]:
    text = files("service").joinpath("kinds.toml").read_text("utf-8")
    return tuple(
        Kind(**row, exceptions=_EXCEPTIONS.get(row["name"], ()))
        for row in tomllib.loads(text)["problem"]
    )


KINDS = _read()
"""Every problem with a name, in the order in which they are listed."""

_BY_NAME = {kind.name: kind for kind in KINDS}
INTERNAL, NOT_FOUND, METHOD = (
    _BY_NAME[name] for name in ("internal-error", "not-found", "method-not-allowed")
)
