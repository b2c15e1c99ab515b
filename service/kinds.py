"""The table of problems: which exception has which type, status, title and remedy.

Types never change their meaning; new ones may come.
"""

from dataclasses import dataclass

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
    UnsupportedFunction,
    UpdateRefused,
)
from graph.release import StatementRefused
from graph.release.finding import UnknownRelease
from graph.remote import CutShort, Maintenance, NotMerged, RemoteError
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


@dataclass(frozen=True, slots=True)
class Kind:
    """One row: what a problem is called, its status, and what to do about it.

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


INTERNAL = Kind(
    "internal-error",
    500,
    "The service failed",
    "This is a fault of the service, not of the request. Its log has the details; please report "
    "it with the query.",
)
NOT_FOUND = Kind(
    "not-found",
    404,
    "There is nothing here",
    "The first page lists what there is; queries go to /sparql.",
    advice="Addresses have small letters and no slash at their end.",
)
METHOD = Kind(
    "method-not-allowed",
    405,
    "This address does not take that method",
    "The Allow header lists the methods that it takes.",
)
KINDS: tuple[Kind, ...] = (
    Kind(
        "query-syntax",
        400,
        "The query or update is not valid SPARQL 1.1",
        "Reading stopped at the line and column given; both count from 1. The member token has "
        "what stands there.",
        (QuerySyntaxError,),
        "Reading stopped at the line and column given; both count from 1.",
    ),
    Kind(
        "unsupported-function",
        400,
        "The query calls a function that there is not",
        "Functions are those of SPARQL 1.1, and casts to the types of XML Schema.",
        (UnsupportedFunction,),
    ),
    Kind(
        "malformed-request",
        400,
        "The request does not follow the protocol",
        "Send exactly one query (a parameter of GET, a form by POST, or the body of a POST with "
        "Content-Type application/sparql-query) or one update (a form by POST, or a body with "
        "application/sparql-update). At /store, name one graph: ?graph=IRI, ?default, or "
        "/store/NAME. All text is UTF-8.",
        (MalformedRequest,),
    ),
    Kind(
        "invalid-parameter",
        400,
        "A parameter is missing, unknown, or has a value that it cannot have",
        "The member parameter names it, and the detail says what it takes. /api/v1/ lists the "
        "parameters of every question.",
        (InvalidParameter,),
        "Take it out of the address, or give it another value.",
    ),
    Kind(
        "query-too-deep",
        400,
        "The query is nested too deeply",
        "Write it with fewer brackets inside brackets.",
        (QueryTooDeep,),
    ),
    Kind(
        "update-refused",
        400,
        "An update was sent as a query",
        "Send updates by POST, as the parameter update of a form or as a body with Content-Type "
        "application/sparql-update, with a token that allows writes.",
        (UpdateRefused,),
    ),
    Kind(
        "using-conflict",
        400,
        "The dataset of the update is named twice",
        "Use the parameters using-graph-uri and using-named-graph-uri, or USING and WITH in the "
        "update, and not both.",
        (UsingConflict,),
    ),
    Kind(
        "invalid-body",
        400,
        "The body cannot be read as the statements of a graph",
        "The line and column given, if any, tell where in the body; both count from 1. Nothing "
        "was written.",
        (InvalidBody,),
    ),
    Kind(
        "statement-refused",
        400,
        "A statement cannot be kept",
        "What is written becomes part of a release, which is RDF 1.1: no triple terms, no base "
        "direction, and labels of blank nodes that can be written in N-Quads.",
        (StatementRefused,),
    ),
    Kind(
        "token-needed",
        401,
        "This needs a token",
        "Send the header Authorization: Bearer TOKEN. Clients that know Basic only may send the "
        "token as the password, with any name. Whoever runs the service gives tokens.",
        (TokenNeeded, TokenUnknown),
    ),
    Kind(
        "remote-access-refused",
        403,
        "Queries reach nothing outside this service",
        "SERVICE and LOAD are refused, SILENT or not. Query the other service by itself, and give "
        "its answer to this one with VALUES; send documents to /store.",
        (RemoteAccessRefused,),
    ),
    Kind(
        "writes-off",
        403,
        "This service takes no writes",
        "Whoever runs it can allow them: set THERASCAPE_WRITE_TOKEN, or --write-token-file.",
        (WritesOff,),
    ),
    Kind(
        "read-only",
        403,
        "This service takes no writes at the moment",
        "It was started with --read-only, answers from a store on the disk (see --store), or "
        "follows a publisher, which the detail names and which takes writes; the token makes no "
        "difference.",
        (ReadOnly,),
    ),
    Kind(
        "foreign-form",
        403,
        "The form was not sent from a page of this service",
        "Report a problem from the page of the fact. A program sends the header Origin with the "
        "address of this service.",
        (ForeignForm,),
    ),
    Kind(
        "administration-off",
        403,
        "This service shows nobody what runs on it",
        "Whoever runs it can allow that: set THERASCAPE_ADMIN_TOKEN, or --admin-token-file.",
        (AdministrationOff,),
    ),
    NOT_FOUND,
    Kind(
        "resource-not-found",
        404,
        "Nothing is said of this IRI",
        "The member near has addresses that are really there. /api/v1/search finds things by "
        "name, alias or code.",
        (ResourceNotFound,),
        "No report of this release has anything with this address.",
    ),
    Kind(
        "release-not-found",
        404,
        "There is no such release here",
        "The member known has the ids that there are, or that are meant; /releases tells more. Six "
        "or more digits of an id will do where no other id begins so.",
        (UnknownRelease,),
        "The page Releases lists those that are stored here; without a release in its address, a "
        "page says what the latest one says.",
    ),
    Kind(
        "graph-not-found",
        404,
        "There is no such graph",
        "/sparql without a query lists the named graphs; PUT or POST to /store makes new ones.",
        (GraphNotFound,),
    ),
    Kind(
        "unknown-entity",
        404,
        "Nothing is called so",
        "The member parameter names what was asked with, and near has names that are really "
        "there. /api/v1/search finds names, aliases and codes; an IRI always does.",
        (UnknownEntity, UnknownNode),
        "No report of this release names it so. The search finds names, other names and codes, "
        "also misspelt ones.",
    ),
    Kind(
        "query-not-found",
        404,
        "No query has this Query-Id",
        "It may have ended by itself. The id is that of the header Query-Id of the request that "
        "is to end.",
        (NoSuchQuery,),
    ),
    METHOD,
    Kind(
        "not-acceptable",
        406,
        "The answer cannot be written in any format that the client accepts",
        "The member offered lists the media types for this kind of query; use one in Accept, or "
        "leave Accept out.",
        (NotAcceptable,),
    ),
    Kind(
        "not-expressible",
        406,
        "This very answer cannot be written in the format that was asked for",
        "XML has no place for some characters, and RDF/XML for some properties; the member offered "
        "lists the media types that can hold the answer.",
        (NotExpressible,),
    ),
    Kind(
        "request-timeout",
        408,
        "The request did not arrive in time",
        "The settings header_seconds and body_seconds are the limits. Send it again, at once.",
        (RequestTimeout,),
    ),
    Kind(
        "curated-graph",
        409,
        "This graph is made from files",
        "Mend the files that the detail names and build, or write to a graph of your own.",
        (CuratedGraph,),
    ),
    Kind(
        "derived-graph",
        409,
        "This graph is computed from others",
        "Write to a graph of your own; what follows from it is computed with the next release.",
        (DerivedGraph,),
    ),
    Kind(
        "default-graph-is-view",
        409,
        "The default graph shows the others and cannot be written to",
        "Name the graph to write to: GRAPH <...> { ... } or WITH <...> in an update, ?graph=IRI "
        "at /store.",
        (DefaultGraphIsView,),
    ),
    Kind(
        "graph-exists",
        409,
        "There is such a graph already",
        "CREATE makes new graphs only; leave it out, or write CREATE SILENT.",
        (GraphExists,),
    ),
    Kind(
        "ambiguous-entity",
        409,
        "Several things are called so",
        "The member candidates has their IRIs; give one of them instead of the name.",
        (AmbiguousEntity,),
        "Choose one of them by its address.",
    ),
    Kind(
        "parameters-conflict",
        409,
        "The parameters do not go together, or not with this release",
        "Each could be so by itself. The member parameter names one of them, and the detail says "
        "what goes with it, or what there is.",
        (ParametersConflict, InvalidArgument),
        "Change one of them.",
    ),
    Kind(
        "not-answerable",
        409,
        "What is served lacks something that the question needs",
        "The detail says what is missing. Another release, or a service of another version, may "
        "have it.",
        (NotAnswerable,),
    ),
    Kind(
        "query-cancelled",
        409,
        "The query was ended on request",
        "Somebody who knows its Query-Id, or the client itself, ended it. There is no answer.",
        (QueryCancelled,),
    ),
    Kind(
        "query-id-in-use",
        409,
        "Another query has this Query-Id",
        "Send a new random Query-Id with every request, or none.",
        (QueryIdInUse,),
    ),
    Kind(
        "release-fixed",
        409,
        "A release never changes",
        "Writes go to the service: send them without `release` and without Therascape-Release.",
        (ReleaseFixed,),
    ),
    Kind(
        "releases-not-comparable",
        409,
        "The IRIs of these releases begin otherwise",
        "Nothing in the one is the same thing as in the other. As triples, the command "
        "`therascape diff --format triples` compares them.",
        (DifferentBases,),
    ),
    Kind(
        "resource-gone",
        410,
        "What this IRI stood for was withdrawn",
        "The detail says why. A release that was made before still has what was said of it.",
        (ResourceGone,),
    ),
    Kind(
        "precondition-failed",
        412,
        "The graph is not as the request expects it",
        "Read the graph again: somebody may have written to it. Its ETag belongs into If-Match.",
        (PreconditionFailed,),
    ),
    Kind(
        "dataset-too-large",
        413,
        "The graphs asked for are too large to merge for one query",
        "Leave FROM and default-graph-uri out (the default graph is the merge of all graphs "
        "already), name fewer graphs, or name them with FROM NAMED.",
        (DatasetTooLarge,),
    ),
    Kind(
        "body-too-large",
        413,
        "The request is larger than this service accepts",
        "The settings max_body_bytes, for queries and updates, and max_graph_bytes, for graphs at "
        "/store, are the limits.",
        (BodyTooLarge,),
    ),
    Kind(
        "unsupported-body",
        415,
        "This address does not read bodies of this type",
        "The member offered lists the types that it reads; in UTF-8, without a Content-Encoding.",
        (UnsupportedBody, UnsupportedBodyType),
    ),
    Kind(
        "too-many-problems",
        429,
        "Too many problems were reported of late",
        "Nothing of it is stored. Send it again when the header Retry-After says; what was written "
        "is still in the form when you go back.",
        (TooManyProblems,),
    ),
    Kind(
        "engine-failure",
        500,
        "The engine failed on this query",
        "The query was accepted and could not be answered. Please report it; written otherwise, "
        "it may work.",
        (EngineFailure,),
    ),
    Kind(
        "write-not-kept",
        500,
        "The write could not be put on disk",
        "Nothing was written. The detail names the file and what is wrong with it; whoever runs "
        "the service mends it.",
        (JournalFailure, JournalDamaged, JournalTooNew, JournalBehind),
    ),
    INTERNAL,
    Kind(
        "export-under-way",
        503,
        "The file is being made",
        "It is made once, and one file at a time. Ask again after the seconds that Retry-After "
        "gives.",
        (ExportUnderWay,),
    ),
    Kind(
        "queue-full",
        503,
        "Too many queries wait already",
        "Send it again after the seconds that Retry-After gives.",
        (QueueFull,),
    ),
    Kind(
        "engine-unavailable",
        503,
        "The engine is not there at the moment",
        "It is being started; send the request again after the seconds that Retry-After gives.",
        (EngineUnavailable, JournalAhead, JournalBusy, JournalGap),
    ),
    Kind(
        "maintenance",
        503,
        "The database behind the service is being loaded",
        "Send the request again after the seconds that Retry-After gives.",
        (Maintenance,),
    ),
    Kind(
        "database-failed",
        502,
        "The database behind the service failed, or does not take the query",
        "The detail has what it said. /health lists what this database does otherwise than SPARQL "
        "1.1 has it; write the query without that.",
        (RemoteError,),
    ),
    Kind(
        "not-merged",
        501,
        "The database behind the service does not merge several graphs",
        "Name one graph in FROM or default-graph-uri, or none: the default graph is the merge of "
        "all. GRAPH ?g asks several.",
        (NotMerged,),
    ),
    Kind(
        "answer-cut-short",
        507,
        "The database behind the service ends results too early for this answer",
        "Ask for it in parts with ORDER BY, LIMIT and OFFSET, or for counts. Whoever runs the "
        "database may raise its limit of rows.",
        (CutShort,),
    ),
    Kind(
        "deadline-exceeded",
        504,
        "The work took longer than it may",
        "Nothing of the answer was sent, and nothing was written. Ask for less: add LIMIT, name "
        "what you know, begin with the most selective pattern, write MINUS for FILTER NOT EXISTS "
        "where it means the same.",
        (DeadlineExceeded,),
    ),
    Kind(
        "export-failed",
        507,
        "The file could not be made",
        "Nothing of it was sent. The detail says what is wrong, such as a full disk; whoever runs "
        "the service mends it.",
        (ExportFailed,),
    ),
    Kind(
        "problem-not-kept",
        507,
        "The problem was not kept",
        "Nothing of it is stored. Tell whoever runs the service, with the address of the fact; the "
        "detail says what is in the way.",
        (ProblemNotKept,),
    ),
    Kind(
        "memory-exceeded",
        507,
        "The work needed more memory than it may have",
        "Nothing of the answer was sent, and nothing was written. Sort, group and join less at a "
        "time: filter first, and ask in parts.",
        (MemoryExceeded,),
    ),
    Kind(
        "result-too-large",
        507,
        "The answer is larger than this service sends",
        "Ask for it in parts with ORDER BY, LIMIT and OFFSET, or in a shorter format such as CSV.",
        (ResultTooLarge,),
    ),
    Kind(
        "no-room-for-release",
        507,
        "There is no memory for another release beside the one that is served",
        "Ask it on the command line, with `therascape query --release`; or whoever runs the "
        "service gives it more memory, or lowers --worker-memory.",
        (NoRoomForRelease,),
    ),
    Kind(
        "too-many-differences",
        507,
        "The releases differ in more than this service compares",
        "Compare them on the command line, with `therascape diff`.",
        (TooManyDifferences,),
    ),
)
